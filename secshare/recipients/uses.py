"""What has changed of somebody since a share was last made for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from secshare.recipients import keys as key_files

if TYPE_CHECKING:
    import sqlite3

    from secshare.model import Recipient
    from secshare.store import Store

__all__ = ["Uses", "now"]

_DATED: Final = ("email", "phone")
"""What the database knows the age of. Keys that are what they were when used are the same keys."""


def now() -> str:
    """Return the moment as it is kept, in UTC: texts in order are moments in order."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Uses:
    """The part of `Directory` that remembers uses."""

    store: Store

    def changed_since_use(self, recipient: Recipient) -> tuple[str, ...]:
        """Return which of `email`, `phone`, `keys` are not what they were at the last share.

        An address or a number that was changed since, and changed back, is among them: in between
        it was somebody else's word. Somebody never used has nothing that changed.
        """
        row = self.store.connection.execute(
            "SELECT used, used_email, used_phone, used_keys, email_changed, phone_changed"
            " FROM recipient WHERE uid = ?",
            (recipient.uid,),
        ).fetchone()
        if row is None or row["used"] is None:
            return ()
        current = _contact(recipient)
        # What an earlier secshare kept of a use is a day, which comes before any moment of it.
        younger = {
            name
            for name in _DATED
            if current[name] and (row[f"{name}_changed"] or "") > row["used"]
        }
        return tuple(
            name for name in current if name in younger or current[name] != row[f"used_{name}"]
        )

    def record_use(self, connection: sqlite3.Connection, recipient: Recipient) -> None:
        """Record, in the caller's transaction, what a share for `recipient` is made with."""
        current = _contact(recipient)
        connection.execute(
            "UPDATE recipient SET used = ?, used_email = ?, used_phone = ?, used_keys = ?"
            " WHERE uid = ?",
            (now(), current["email"], current["phone"], current["keys"], recipient.uid),
        )

    def record_keys(self, connection: sqlite3.Connection, recipient: Recipient) -> None:
        """Record, in the caller's transaction, keys that the desk itself gave since the last share.

        Somebody never used has nothing that could have changed, and stays so.
        """
        connection.execute(
            "UPDATE recipient SET used_keys = ? WHERE uid = ? AND used IS NOT NULL",
            (key_files.fingerprint(recipient.keys), recipient.uid),
        )


def _contact(recipient: Recipient) -> dict[str, str | None]:
    """Return what is remembered of a use. Kept as it is: a digest of a number is that number."""
    return {
        "email": recipient.email,
        "phone": recipient.phone,
        "keys": key_files.fingerprint(recipient.keys),
    }
