"""Who may be of one family, by their names: a first name in common makes nobody a relative."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from secshare import profiles
from secshare.batch.given import FIRST, FIRST_OR_FAMILY
from secshare.preflight.naming import PARTICLES, TITLES, is_upper
from secshare.recipients import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Order", "are_families", "are_relatives"]

_NOBODYS: Final = (
    PARTICLES
    | TITLES
    | {"fils", "pere", "junior", "jr", "senior", "sr", "dit", "dite"}
    | {"ne", "nee", "ep", "epse", "epouse", "veuve", "vve"}
)
_BESIDE: Final = re.compile(r"\([^)]*\)?")


class Order:
    """Learns on which side of a manifest's names the family name stands, where no capitals tell.

    Each name tells that has a known first name at one end, and none at the other. Which words
    repeat tells nothing: in a village of five families, family names do, and elsewhere first names.
    People at one address count once: a manifest may hold whole families.
    """

    def __init__(self) -> None:
        self._addresses: set[str] = set()
        self._told: Counter[bool] = Counter()

    def learn(self, name: str, address: str) -> None:
        """Take a name into account, of the first `profiles.MANIFEST_NAMES` addresses."""
        if len(self._addresses) >= profiles.MANIFEST_NAMES or address in self._addresses:
            return
        self._addresses.add(address)
        parts = _parts(name)
        if len(parts) < 2 or _capitals(parts) is not None:
            return
        if (family_first := _told_by_first_name(parts)) is not None:
            self._told[family_first] += 1

    @property
    def family_first(self) -> bool | None:
        """Whether names begin with the family name; None where too few tell, or not the same."""
        told = self._told.total()
        for family_first, count in self._told.items():
            if count >= max(profiles.MANIFEST_NAMES_TELL, profiles.MANIFEST_NAMES_AGREE * told):
                return family_first
        return None


def are_relatives(one: str, other: str, *, family_first: bool | None) -> bool:
    """Return whether two people may be of one family: whether they have a family name in common.

    It is for one of them what stands at the family's end of the name, beyond doubt; and for the
    other, anything that may be a family name. So a mother with a double name is of her child's
    family and of her husband's, whichever half theirs is; and two people with the same second
    first name, in the middle of both, are not of one, though it be on no list. A name of which
    nothing tells at which end the family's is excuses with one that tells it. In doubt they are
    asked about: a relative who is costs an answer, a stranger who is not costs a secret.

    Args:
        family_first: what `Order` learned.
    """
    first, second = (_family(name, family_first=family_first) for name in (one, other))
    return bool(first.sure & second.maybe or second.sure & first.maybe)


def are_families(names: Iterable[str]) -> bool:
    """Return whether names are of `profiles.MANIFEST_SHARED` families or more, beyond doubt.

    Of one family are those who have a word in common, whichever part of the name it is, where
    no capitals tell. What a family has in common narrows with each of its names, down to the
    family name.
    """
    families: list[frozenset[str]] = []
    for name in names:
        parts = _parts(name)
        parts = [part for part in parts if part.upper] or parts
        words = _words(parts) or frozenset(fold(name).split())
        for place, common in enumerate(families):
            if shared := common & words:
                families[place] = shared
                break
        else:
            families.append(words)
            if len(families) >= profiles.MANIFEST_SHARED:
                return True
    return False


class _Part(NamedTuple):
    """A word of a name, or several with hyphens.

    Attributes:
        words: folded, without particles where there are others.
        upper: in capitals, which an initial is not.
    """

    words: tuple[str, ...]
    upper: bool

    @property
    def is_initial(self) -> bool:
        return len(self.words[0]) == 1

    @property
    def is_first(self) -> bool:
        """Whether it is a first name, by its first word: as Marie-Ange is."""
        return self.words[0] in FIRST

    @property
    def may_be_first(self) -> bool:
        return self.is_first or self.words[0] in FIRST_OR_FAMILY


class _Family(NamedTuple):
    """The words of somebody's family name.

    Attributes:
        sure: at the family's end of the name; none where nothing tells which it is.
        maybe: those, and what else may be the family's.
    """

    sure: frozenset[str]
    maybe: frozenset[str]


def _family(name: str, *, family_first: bool | None) -> _Family:
    beside = _parts(" ".join(_BESIDE.findall(name)))  # (née Essai), (EHPAD): at no end of the name
    parts = _parts(_BESIDE.sub(" ", name)) or beside
    if len(parts) < 2:
        return _Family(_words(part for part in parts if not part.is_first), _words(parts + beside))
    capitals, by_first_name = _capitals(parts), _told_by_first_name(parts)
    by_others = family_first if capitals is None else capitals
    told = {by_others, by_first_name} - {None}
    if len(told) == 1:
        sure = _words([parts[0] if told == {True} else parts[-1]])
        others = [part for part in parts[1:-1] if capitals is None or part.upper]
        maybe = sure
    else:
        # ANDRÉ Zéphyrin is of a family whose name is a first name, and is excused with those of
        # whom that is sure; but two of whom it is not may both be called André.
        sure, others = frozenset(), parts
        maybe = _words([] if by_others is None else [parts[0] if by_others else parts[-1]])
    return _Family(sure, maybe | _words(each for each in others + beside if not each.may_be_first))


def _parts(name: str) -> list[_Part]:
    """Return the parts of a name, without particles, titles and the like where there are others.

    A particle stands before something: as the last word it is a name, or somebody's initial.
    """
    found = [(fold(part).split(), is_upper(part)) for part in name.split()]
    found = [(words, upper) for words, upper in found if any(map(str.isalpha, "".join(words)))]
    last = len(found) - 1
    kept = [
        _Part(tuple(word for word in words if word not in _NOBODYS) or tuple(words), upper)
        for at, (words, upper) in enumerate(found)
        if not _NOBODYS.issuperset(words) or (at == last and _is_name(words[-1]))
    ]
    return kept or [_Part(tuple(words), upper) for words, upper in found]


def _is_name(nobodys: str) -> bool:
    return nobodys in PARTICLES or len(nobodys) == 1


def _words(parts: Iterable[_Part]) -> frozenset[str]:
    return frozenset(word for part in parts for word in part.words if len(word) > 1)


def _capitals(parts: list[_Part]) -> bool | None:
    """Return whether the family name comes first, by capitals; None where they do not tell.

    They tell at one end: in the middle stands a second first name, or a family name that is
    followed by more.
    """
    first, last = parts[0].upper, parts[-1].upper
    return first if first != last else None


def _told_by_first_name(parts: list[_Part]) -> bool | None:
    """Return whether the family name comes first, by the first name; None where it is not known."""
    first, last = parts[0], parts[-1]
    if first.is_first != last.is_first:
        return last.is_first
    if first.is_initial and not (last.is_initial or last.may_be_first):
        return False  # J. Exemple; but Jo D. is no other way to write it
    return None
