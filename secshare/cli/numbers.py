"""Numbers as people read them."""

from __future__ import annotations

from secshare.cli.base import LANGUAGE
from secshare.messages import Language

__all__ = ["counted"]


def counted(number: int) -> str:
    """Return a number as people read it: 10 000, 10,000."""
    return f"{number:,}".replace(",", "\u00a0" if LANGUAGE is Language.FR else ",")
