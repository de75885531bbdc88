"""What a change of the directory tells whoever keeps a record: which, whose, and which fields."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from secshare.recipients.rows import COLUMNS, to_row

if TYPE_CHECKING:
    import sqlite3

    from secshare.model import Recipient

__all__ = ["Change", "Records", "changed_fields", "nowhere"]

_MADE = frozenset(("folded",))  # from the name


class Change(StrEnum):
    """What was done to the directory."""

    ADDED = "added"
    IMPORTED = "imported"
    CHANGED = "changed"
    REVOKED = "revoked"
    RESTORED = "restored"
    KEYS = "keys"
    CARD = "card"
    CARD_REVOKED = "card-revoked"
    REPRESENTS = "represents"
    REPRESENTS_NO_MORE = "represents-no-more"
    REMOVED = "removed"


class Records(Protocol):
    """Writes, in the transaction that makes a change, that it was made: both stand, or neither."""

    def __call__(
        self, connection: sqlite3.Connection, what: Change, **facts: str | int | list[str]
    ) -> object:
        """Record one change.

        Args:
            facts: `recipient` and `subject` (their `uid`), `changed` (names of fields, never a
                value), `count` (how many people, or keys).
        """
        ...


def nowhere(connection: sqlite3.Connection, what: Change, **facts: str | int | list[str]) -> None:
    """Record nothing: for a directory that is no practice's."""
    del connection, what, facts


def changed_fields(before: sqlite3.Row, after: Recipient) -> list[str]:
    """Return the names of the fields that an edit changes, and none of their values."""
    row = to_row(after)
    return [name for name in COLUMNS if name not in _MADE and before[name] != row[name]]
