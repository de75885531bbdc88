"""What somebody read on a page that no program can read: a birth date, a family name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from secshare.errors import RecipientDataInvalid

if TYPE_CHECKING:
    from datetime import date

_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)

# What stands before many names, and tells nobody from anybody else.
_PARTICLES: Final = frozenset(
    (
        *("de", "du", "des", "d", "la", "le", "les", "l", "saint", "sainte", "st", "ste"),
        *("von", "van", "der", "den", "di", "da", "do", "dos", "del", "della", "el", "al", "ben"),
        *("ep", "epouse", "nee", "ne", "m", "mr", "mme", "mlle", "monsieur", "madame"),
    )
)


def is_theirs(typed: str, name: str, born: date | None) -> bool:
    """Return whether somebody typed what the directory says of a person.

    The year of birth, or the whole date as `parse_date` reads it, where a birth date is on record;
    or the family name. A given name is not enough, and neither is a particle.
    """
    typed = typed.strip()
    if not any(character.isdigit() for character in typed):
        return _names(typed, name)
    if born is None:
        return False
    if _YEAR.fullmatch(typed):
        return int(typed) == born.year
    from secshare.recipients import parse_date

    try:
        return parse_date("birth_date", typed) == born
    except RecipientDataInvalid:
        return False


def _names(typed: str, name: str) -> bool:
    from secshare.recipients import fold

    words = set(fold(typed).split()) - _PARTICLES
    return words <= set(fold(name).split()) and bool(words & _family(name))


def _family(name: str) -> set[str]:
    """Return the words of a family name: those in capitals, else the last one, as it is recorded.

    A name with a hyphen is both of its halves: a page may hold one only.
    """
    from secshare.recipients import fold

    words = name.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    chosen = capitals if 0 < len(capitals) < len(words) else words[-1:]
    folded = set(fold(" ".join(chosen)).split())
    return (folded - _PARTICLES) or folded
