"""Who may be of one family, by their names: a first name in common makes nobody a relative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.preflight.naming import PARTICLES, TITLES, is_upper
from secshare.recipients import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Order", "are_families", "family_words"]

_NOBODYS: Final = PARTICLES | TITLES


class Order:
    """Learns on which side of a manifest's names the family name stands, where no capitals tell.

    First names repeat more than family names do. People at one address count once: a manifest
    may hold whole families.
    """

    def __init__(self) -> None:
        self._addresses: set[str] = set()
        self._first: set[str] = set()
        self._last: set[str] = set()

    def learn(self, name: str, address: str) -> None:
        """Take a name into account, of the first `profiles.MANIFEST_NAMES` addresses."""
        if len(self._addresses) >= profiles.MANIFEST_NAMES or address in self._addresses:
            return
        self._addresses.add(address)
        parts = _parts(name)
        if len(parts) > 1 and not _capitals(parts):
            self._first.add(fold(parts[0]))
            self._last.add(fold(parts[-1]))

    @property
    def family_first(self) -> bool:
        """Whether names begin with the family name: not, where too few of them tell."""
        return len(self._first) >= profiles.MANIFEST_NAMES_TELL and (
            len(self._first) > len(self._last)
        )


def family_words(name: str, *, family_first: bool | None) -> frozenset[str]:
    """Return the folded words of a name that the family may have in common, at least one.

    Those in capitals, where others are not. Particles, titles and initials are none.

    Args:
        family_first: whether the first name is looked for at the end of the name, or at its
            beginning; None counts it among the words, wherever it is.
    """
    parts = _parts(name)
    if capitals := _capitals(parts):
        parts = capitals
    elif family_first is not None and len(parts) > 1:
        parts = parts[:-1] if family_first else parts[1:]
    words = frozenset(fold(" ".join(parts)).split())
    return frozenset(word for word in words - _NOBODYS if len(word) > 1) or words


def are_families(names: Iterable[str]) -> bool:
    """Return whether names are of `profiles.MANIFEST_SHARED` families or more, beyond doubt.

    Of one family are those who have a word in common, whichever part of the name it is, where
    no capitals tell. What a family has in common narrows with each of its names, down to the
    family name.
    """
    families: list[frozenset[str]] = []
    for name in names:
        words = family_words(name, family_first=None)
        for place, common in enumerate(families):
            if shared := common & words:
                families[place] = shared
                break
        else:
            families.append(words)
            if len(families) >= profiles.MANIFEST_SHARED:
                return True
    return False


def _parts(name: str) -> list[str]:
    parts = name.split()
    return [part for part in parts if fold(part) not in _NOBODYS] or parts


def _capitals(parts: list[str]) -> list[str]:
    found = [part for part in parts if is_upper(part)]
    return found if len(found) < len(parts) else []
