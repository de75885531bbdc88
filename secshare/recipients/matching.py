"""Who of the directory somebody may be, whom a list names with an address and a number."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from secshare.model.folding import name_key
from secshare.recipients.lookup import Lookup
from secshare.recipients.skeleton import lowered

if TYPE_CHECKING:
    from secshare.model import Recipient

__all__ = ["Matching", "name_key"]

# Whoever was renamed since is missed under the new name, for as long as the process lasts.
_VERSION: Final = (
    "SELECT count(*), max(rowid), max(email_changed), max(phone_changed) FROM recipient"
)


class Matching(Lookup):
    """The part of `Directory` that proposes who somebody may be."""

    _held: dict[str, list[str]] | None = None
    _held_version: tuple[Any, ...] = ()
    _held_touched: tuple[Any, ...] = ()

    def candidates(
        self, name: str, email: str | None = None, phone: str | None = None
    ) -> tuple[Recipient, ...]:
        """Return everybody who has this name, in any order of its parts, this address or number.

        As they are now, whoever is revoked among them.

        Raises:
            RecipientDataInvalid: somebody's file of keys is damaged.
        """
        held = self._everybody()
        wanted = [name_key(name)]
        wanted += [lowered(email)] if email else []
        wanted += [phone] if phone else []
        uids = dict.fromkeys(uid for value in wanted for uid in held.get(value, ()))
        return tuple(found for uid in uids if (found := self.by_uid(uid)) is not None)

    def _everybody(self) -> dict[str, list[str]]:
        """Return the uids by name, address and number, read again when a contact changed.

        The three cannot be taken for each other: an address has its `@`, a number its `+`.
        """
        connection = self.store.connection
        touched = (
            connection.execute("PRAGMA data_version").fetchone()[0],
            connection.total_changes,
        )
        if self._held is not None and touched != self._held_touched:
            version = tuple(connection.execute(_VERSION).fetchone())
            if version != self._held_version:
                self._held = None
        self._held_touched = touched
        if self._held is None:
            self._held_version = tuple(connection.execute(_VERSION).fetchone())
            held: dict[str, list[str]] = defaultdict(list)
            for row in connection.execute("SELECT uid, folded, email, phone FROM recipient"):
                held[" ".join(sorted(row["folded"].split()))].append(row["uid"])
                if row["email"]:
                    held[lowered(row["email"])].append(row["uid"])
                if row["phone"]:
                    held[row["phone"]].append(row["uid"])
            self._held = dict(held)
        return self._held
