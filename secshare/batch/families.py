"""Who may be of one family, by their names: a first name in common makes nobody a relative."""

from __future__ import annotations

import re
from collections import Counter
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from secshare import profiles
from secshare.batch.given import FIRST, FIRST_OR_FAMILY
from secshare.preflight.naming import BESIDE, PARTICLES, TITLES, is_upper
from secshare.recipients import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Order", "are_families", "are_relatives"]


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOTES: Final = _listed(
    """
    ehpad usld ssr smr had udaf residence resident residente foyer chambre lit etage unite pavillon
    batiment appartement appt domicile service patient patiente mineur mineure majeur majeure
    protege protegee tutelle curatelle sauvegarde tuteur curateur dcd decede decedee urgent urgence
    urgences sous ans dossier sejour ipp nip medecin ins ald cmu css ame hospitalise hospitalisee
    ambulatoire externe homonyme doublon bis ii iii iv vi vii viii
    """
)
"""What else is written in the field of a name, behind it. Nobody is called so, and what follows one
of them is the name of a house, or a number."""

_NOBODYS: Final = (
    PARTICLES
    | TITLES
    | _NOTES
    | {"fils", "pere", "junior", "jr", "senior", "sr", "dit", "dite", "et"}
    | {"disant", "sans", "sansprenom"}  # X se disant Paul; EXEMPLE sans prénom
    | {"ne", "nee", "ep", "epse", "epouse", "veuve", "vve"}
)
_BRACKETS: Final = re.compile(r"\([^)]*\)?")


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
    first name, in the middle of both, are not of one, though it be on no list. Nor are two with
    the same last word behind two other names: it may be of their town, or their ward. A name of
    which nothing tells at which end the family's is excuses with one that tells it. In doubt they
    are asked about: a relative who is costs an answer, a stranger who is not costs a secret.

    Args:
        family_first: what `Order` learned.
    """
    first, second = (_family(name, family_first=family_first) for name in (one, other))
    shared = first.sure & second.maybe | second.sure & first.maybe
    if first.between and second.between and not first.between & second.between:
        shared -= first.sure & second.sure
    return bool(shared)


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
        between: what else is no known first name, where it stands in the middle or beside one.
    """

    sure: frozenset[str]
    maybe: frozenset[str]
    between: frozenset[str] = frozenset()


def _family(name: str, *, family_first: bool | None) -> _Family:
    name, beside = _apart(name)
    parts = _parts(name) or beside
    if len(parts) < 2:
        return _Family(_words(part for part in parts if not part.is_first), _words(parts + beside))
    also = _words(part for part in beside if not part.may_be_first)
    if upper := _in_capitals_between(parts):
        return _Family(_words(upper), _words(upper) | also)
    capitals, by_first_name = _capitals(parts), _told_by_first_name(parts)
    by_others = family_first if capitals is None else capitals
    told = {by_others, by_first_name} - {None}
    if len(told) == 1:
        sure = _words([parts[0] if told == {True} else parts[-1]])
        middle = [part for part in parts[1:-1] if not part.may_be_first]
        maybe = _words(part for part in middle if capitals is None or part.upper)
        if any(part.is_first for part in parts[1:-1]):  # Exemple Jeanne LYON: no first name before
            middle = [part for part in parts if not part.may_be_first]
        return _Family(sure, sure | maybe | also, _words(middle) - sure)
    # ANDRÉ Zéphyrin is of a family whose name is a first name, and is excused with those of whom
    # that is sure; but two of whom it is not may both be called André.
    maybe = _words([] if by_others is None else [parts[0] if by_others else parts[-1]])
    others = [part for part in parts if not part.may_be_first]
    return _Family(frozenset(), maybe | _words(others) | also)


def _apart(name: str) -> tuple[str, list[_Part]]:
    """Return a name without what stands beside it, (née Essai) or a town, and the parts of that.

    A comma that stands behind the family name only parts a name in two.
    """
    beside = _BRACKETS.findall(name)
    name = _BRACKETS.sub(" ", name)
    before, _, behind = name.partition(",")
    parts = _parts(before)
    if len(parts) > 1 and {_capitals(parts), _told_by_first_name(parts)} != {None}:
        name, beside = before, [*beside, behind]
    return name, _parts(" ".join(beside))


def _parts(name: str) -> list[_Part]:
    """Return the parts of a name, without particles, titles, notes and the like.

    Where there is nothing else, these. A particle stands before something: as the last word it is
    a name, or somebody's initial. Some words of forms are family names too, beside a first name.
    """
    found = [(fold(part).split(), is_upper(part)) for part in name.split()]
    found = [(words, upper) for words, upper in found if any(map(str.isalpha, "".join(words)))]
    noted = dropwhile(_is_note, found)
    written = list(takewhile(lambda part: not _is_note(part), noted))
    last = len(written) - 1
    kept = [
        _Part(tuple(word for word in words if word not in _NOBODYS) or tuple(words), upper)
        for at, (words, upper) in enumerate(written)
        if not _NOBODYS.issuperset(words) or (at == last and _is_name(words[-1]))
    ]
    names = [part for part in kept if not BESIDE.issuperset(part.words) or _is_name(part.words[-1])]
    if len(names) > 1 and not all(part.is_first for part in names):
        return names
    return kept or [_Part(tuple(words), upper) for words, upper in found]


def _is_note(part: tuple[list[str], bool]) -> bool:
    return _NOBODYS.issuperset(part[0]) and not _NOTES.isdisjoint(part[0])


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


def _in_capitals_between(parts: list[_Part]) -> list[_Part]:
    """Return what stands between in capitals where neither end does: Jeanne EXEMPLE Lyon.

    But of a first name there are some who write it so.
    """
    if parts[0].upper or parts[-1].upper:
        return []
    return [part for part in parts if part.upper and not part.is_first]


def _told_by_first_name(parts: list[_Part]) -> bool | None:
    """Return whether the family name comes first, by the first name; None where it is not known."""
    first, last = parts[0], parts[-1]
    if first.is_first != last.is_first:
        return last.is_first
    if first.is_initial and not (last.is_initial or last.may_be_first):
        return False  # J. Exemple; but Jo D. is no other way to write it
    return None
