"""Who of the directory somebody may be, whom a list names with an address and a number."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from secshare.model.folding import name_key
from secshare.recipients.lookup import Lookup
from secshare.recipients.skeleton import lowered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.model import Recipient

__all__ = ["Matching", "name_key"]


class Matching(Lookup):
    """The part of `Directory` that proposes who somebody may be."""

    _held: Mapping[str, list[str]] = {}
    _held_state = b""

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

    def _everybody(self) -> Mapping[str, list[str]]:
        """Return the uids by name, address and number, read again when one of them changed.

        The three cannot be taken for each other: an address has its `@`, a number its `+`.
        """
        if (state := self.state()) != self._held_state:
            held: dict[str, list[str]] = defaultdict(list)
            for row in self.store.connection.execute(
                "SELECT uid, folded, email, phone FROM recipient"
            ):
                held[" ".join(sorted(row["folded"].split()))].append(row["uid"])
                if row["email"]:
                    held[lowered(row["email"])].append(row["uid"])
                if row["phone"]:
                    held[row["phone"]].append(row["uid"])
            self._held, self._held_state = dict(held), state
        return self._held
