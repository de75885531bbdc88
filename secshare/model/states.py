"""The two independent states of a share: how far the file went, and how far the secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["FileState", "SecretState", "States"]


class FileState(StrEnum):
    """How far the sealed file went on its road."""

    PREPARED = "prepared"
    SENT = "sent"
    BOUNCED = "bounced"
    DELIVERED = "delivered"
    OPENED = "opened"


class SecretState(StrEnum):
    """How far the words went on theirs."""

    HELD = "held"
    """Only in the register, sealed: nobody was shown them."""
    WRITTEN = "written"
    """Shown, or written to a file: possibly in somebody's hands."""
    RELEASED = "released"
    """Given to the recipient, as somebody said or as what followed shows."""
    DESTROYED = "destroyed"
    """Gone from the register and from `secrets/`. Known: nobody ever had them; assumed: nobody is
    known to."""


@dataclass(frozen=True, slots=True)
class States:
    """Where a share stands.

    Attributes:
        file_known, secret_known: whether it is known, from a person or from what secshare itself
            did, or only assumed.
        secret: None for a share sealed to keys, which has no words.
    """

    file: FileState = FileState.PREPARED
    file_known: bool = True
    secret: SecretState | None = None
    secret_known: bool = True
