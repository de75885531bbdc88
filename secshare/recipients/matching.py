"""Who of the directory somebody may be, whom a list names with an address and a number."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold, name_key
from secshare.model.titles import TITLES
from secshare.recipients.lookup import Lookup
from secshare.recipients.skeleton import lowered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.model import Recipient

__all__ = ["Matching", "name_key", "name_keys", "person_key"]

_TITLES: Final = TITLES - {"enfant", "bebe"} | {
    *("mx", "madam", "mesdames", "mesdemoiselles", "messieurs", "mmes", "mlles"),
    *("dre", "drs", "docteure", "docteurs", "doctoresse", "professeure"),
}
"""Not a child that is called by its mother's name: that is somebody else."""

_BETWEEN: Final = frozenset({"et", "ou", "le", "la"})
"""What joins two titles: `M. et Mme`, `Mme la Professeure`."""

_OPENS, _CLOSES = "([{（［", ")]}）］"
_BRACKETS: Final = frozenset(_OPENS + _CLOSES)

_LESS: Final = "~"
"""Stands before a name that lost a title or a note: no folded name has it."""

# M is a title where a name begins, and otherwise an initial. Neither is the M of M'Bala or M.-J.
_MISTER: Final = re.compile(
    r"(^|[,;]|\b(?:et|ou)\b)[\W_]*m\b(?!\.?\s?[-‐‑]|\s?['’ʼ`´])", re.IGNORECASE
)


def person_key(name: str) -> str:
    """Return `name_key` without titles, and without what stands in brackets; it if nothing else is.

    Two people may have the same one, "Martin (Paul)" and "Mme Martin": it tells who somebody may
    be, never who they are. Two spellings with one `name_key` may have two of these: `name_keys`.
    """
    words = fold(_MISTER.sub(r"\1 monsieur ", _without_brackets(name))).split()
    left = [word for at, word in enumerate(words) if not _is_title(words, at)]
    return " ".join(sorted(left)) or name_key(name)


def name_keys(name: str) -> frozenset[str]:
    """Return what a name is looked for under: two that have none in common are two people's."""
    return frozenset({name_key(name), person_key(name)})


def _without_brackets(name: str) -> str:
    """Return a name without what stands in brackets, or behind one that nobody closed."""
    outside = []
    depth = 0
    for character in name:
        if character in _OPENS:
            depth += 1
            outside.append(" ")
        elif character in _CLOSES:
            depth = max(depth - 1, 0)
            outside.append(" ")
        elif not depth:
            outside.append(character)
    return "".join(outside)


def _is_title(words: list[str], at: int) -> bool:
    if words[at] in _BETWEEN:
        return at > 0 and at + 1 < len(words) and {words[at - 1], words[at + 1]} <= _TITLES
    return words[at] in _TITLES - {"m"}


class Matching(Lookup):
    """The part of `Directory` that proposes who somebody may be."""

    _held: Mapping[str, list[str]] = {}
    _held_state = b""

    def candidates(
        self,
        name: str,
        email: str | None = None,
        phone: str | None = None,
        *,
        titled: bool = False,
    ) -> tuple[Recipient, ...]:
        """Return everybody who has this name, in any order of its parts, this address or number.

        As they are now, whoever is revoked among them.

        Args:
            titled: also who has this name but for titles and what stands in brackets.

        Raises:
            RecipientDataInvalid: somebody's file of keys is damaged.
        """
        held = self._everybody()
        wanted = [name_key(name)]
        if titled:
            wanted += [each for key in sorted(name_keys(name)) for each in (key, _LESS + key)]
        wanted += [lowered(email)] if email else []
        wanted += [phone] if phone else []
        uids = dict.fromkeys(uid for value in wanted for uid in held.get(value, ()))
        return tuple(found for uid in uids if (found := self.by_uid(uid)) is not None)

    def _everybody(self) -> Mapping[str, list[str]]:
        """Return the uids by name, address and number, read again when one of them changed.

        They cannot be taken for each other: an address has its `@`, a number its `+`, and a name
        that lost something its mark.
        """
        if (state := self.state()) != self._held_state:
            held: dict[str, list[str]] = defaultdict(list)
            for row in self.store.connection.execute(
                "SELECT uid, name, folded, email, phone FROM recipient"
            ):
                words = row["folded"].split()
                held[" ".join(sorted(words))].append(row["uid"])
                if not _TITLES.isdisjoint(words) or not _BRACKETS.isdisjoint(row["name"]):
                    held[_LESS + person_key(row["name"])].append(row["uid"])
                if row["email"]:
                    held[lowered(row["email"])].append(row["uid"])
                if row["phone"]:
                    held[row["phone"]].append(row["uid"])
            self._held, self._held_state = dict(held), state
        return self._held
