"""The fields of one person, put together: two family names, given names one a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.preflight.labels import Slot
from secshare.preflight.naming import is_upper

if TYPE_CHECKING:
    from secshare.preflight.content import Role
    from secshare.preflight.naming import Name

__all__ = ["FAMILIES", "REACH", "Field", "joined", "spellings"]

REACH: Final = 250
"""Characters between two fields of one person."""
FAMILIES: Final = frozenset((Slot.FAMILY, Slot.BIRTH_FAMILY, Slot.USED_FAMILY))


@dataclass
class Field:
    """A label's value: a name, or a part of one."""

    slot: Slot
    role: Role | None
    name: Name
    start: int
    end: int


def joined(groups: list[list[Field]], text: str) -> list[list[Field]]:
    """Return the groups, a person's two names in one: at birth and in use, one below the other.

    They have one given name, and nothing with a digit stands between them: a date, a number.
    """
    out: list[list[Field]] = []
    for group in groups:
        last = out[-1] if out else None
        if (
            last is not None
            and _first_given(last) == _first_given(group) != ""
            and group[0].start - last[-1].end < REACH
            and re.search(r"\d", text[last[-1].end : group[0].start]) is None
        ):
            last += [one for one in group if one.slot is not Slot.GIVEN]
        else:
            out.append(group)
    return out


def _first_given(group: list[Field]) -> str:
    """Return the first given name of a group that is a family name and a given name."""
    if {one.slot for one in group} - {Slot.GIVEN} and all(
        one.slot in {*FAMILIES, Slot.GIVEN} for one in group
    ):
        return next((one.name.words[0].lower() for one in group if one.slot is Slot.GIVEN), "")
    return ""


def spellings(group: list[Field]) -> tuple[str, ...]:
    """Return the ways to write the name of somebody whose fields these are."""
    given = [word for one in group if one.slot is Slot.GIVEN for word in one.name.words]
    families = [one.name for one in group if one.slot in FAMILIES]
    whole = next((one.name for one in group if one.slot not in {*FAMILIES, Slot.GIVEN}), None)
    out: list[str] = list(whole.spellings) if whole else []
    names = " ".join(map(_given, given))
    if whole:
        if given and all(map(is_upper, whole.words)):
            if given[0].lower() not in {word.lower() for word in whole.words}:
                out.clear()  # `Nom du patient` is the family name, of two words maybe
            out[:0] = [f"{' '.join(whole.words)} {names}"]
        first = [word for word in whole.words if not word.isupper()] or [whole.words[-1]]
        names = names or " ".join(first)
    for family in families:
        out += [
            " ".join([*(word.upper() for word in words), names]).strip()
            for words in (family.words, family.also)
            if words
        ]
    if not families and given and not whole:
        out.append(names)
    return tuple(dict.fromkeys(out))


def _given(word: str) -> str:
    """Return a given name as it is written where families are in capitals."""
    return word.title() if word.isupper() and len(word) > 1 else word
