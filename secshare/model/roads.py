"""How the words travel. The document's own road is the mail, or a hand."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Road"]


class Road(StrEnum):
    """How the words travel. The document's own road is the mail, and it is not in this list."""

    QR = "qr"
    SMS = "sms"
    PHONE = "phone"
