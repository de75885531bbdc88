"""Whether two ways to write a name are one person's: never by likeness, only by whole words.

What a directory has as "Camille Exemple" a document has as "EXEMPLE CAMILLE", as "EXEMPLE Camille
Marie Anne", as "DURAND ép. EXEMPLE Camille". A letter more or less is somebody else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold
from secshare.preflight.naming import BESIDE, PARTICLES, TITLES, is_upper
from secshare.preflight.spellings import APOSTROPHES, PIECES, glued_units, spellings, written
from secshare.preflight.standing import Forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from secshare.preflight.case import Person

__all__ = ["Bearer", "Likeness"]

_UNITS: Final = re.compile(r"[^\W\d_]+(?:[‐‑-][^\W\d_]+)*")
_CUT, _CUT_MOST = 20, 26  # characters of a name that programs of laboratories keep: 20 to 25
# `Thi` is said of a woman, and never alone: there are as many as there are sisters.
_NEVER_ALONE: Final = frozenset(("thi",))

# What may stand between a family name and a given name that a form or a layout has drawn apart.
_BETWEEN: Final = (
    "(?:(?:nom|prenoms?|s|de|du|d|usage|usuel|naissance|utilise|famille|jeune|fille|marital|premier"
    "|nee?|ep|epse|epouse|vve|veuve|patiente?|e|birth|first|given|last|name|surname|m|mme|mlle) )"
)
_NO_NAME: Final = "(?!(?:et|ou|ne|nee|le|par|dr|docteur|pour|avec|chez|mere|pere|fils|fille) )"


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


class Likeness(IntEnum):
    """How a name compares with somebody's."""

    OTHER = 0
    """It is a whole name, and somebody else's."""
    PART = 1
    """It may be theirs: the family name alone, initials, one given name of several."""
    SAME = 2


_REMEMBERED: Final = 256  # names that somebody was compared with


class Bearer:
    """Somebody's name, ready to be compared with many."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.birth_date = person.birth_date
        self.units = [
            fold(unit).split() for unit in _UNITS.findall(APOSTROPHES.sub("", person.name))
        ]
        self.units = [unit for unit in self.units if unit and " ".join(unit) not in TITLES - {"me"}]
        self.plain = [word for word in fold(person.name).split() if not word.isdigit()]
        self.spellings = spellings(person.name)
        self._likes: dict[str, Likeness] = {}  # each rule asks again, of the same few names

    def like(self, name: str) -> Likeness:
        """Return how a stated name compares with this person's."""
        if name not in self._likes:
            if len(self._likes) >= _REMEMBERED:  # of a colleague, who is compared all night
                self._likes.clear()
            self._likes[name] = self._compared(name)
        return self._likes[name]

    def _compared(self, name: str) -> Likeness:
        best, name = Likeness.OTHER, _composed(name)
        upper = [is_upper(word) for word in PIECES.findall(APOSTROPHES.sub("", name))]
        mixed = any(upper) and not all(upper)
        for theirs, is_family in written(name, mixed=mixed):
            for mine in self.spellings:
                best = max(best, self._like(mine, theirs, is_family))
        return best

    def likeness(self, names: Iterable[str]) -> Likeness:
        """Return how somebody with these names compares: by the likest one."""
        return max(map(self.like, names), default=Likeness.PART)

    def shares(self, name: str) -> bool:
        """Return whether a whole word of the name is one of theirs: a family, a namesake."""
        return bool(
            {word for word in fold(name).split() if len(word) > 2 and word not in PARTICLES}
            & set(self.plain)
        )

    def shares_given(self, name: str) -> bool:
        """Return whether the given name is theirs, where the family name surely is not."""
        pieces = PIECES.findall(APOSTROPHES.sub("", name))
        family = {fold(piece) for piece in pieces if is_upper(piece)}
        given = [fold(piece) for piece in pieces if not is_upper(piece)]
        return bool(family and given) and given[0] in self.plain and not family & set(self.plain)

    def turned(self) -> Iterator[list[str]]:
        """Yield the words of the name, beginning with each in turn."""
        yield from _turned(self.plain)

    def positions(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the name stands, its words side by side, in a folded text."""
        yield from self._side_by_side.spans(text)

    def cut_short(self, text: str, start: int, end: int) -> bool:
        """Return whether a name that stands there leaves out the middle of this one's, turned.

        `NULLEPART Linh` is Linh Marie Nullepart; with another word before it, it may be somebody
        else of two family names: `MODÉLOU NULLEPART Linh`.
        """
        if text[start:end] not in self._turned_ends:
            return False
        before = text[max(0, start - 60) : start].split()[-1:]
        return bool(before) and before[0].isalpha() and before[0] not in self._beside_name

    @cached_property
    def _turned_ends(self) -> set[str]:
        forms = {" ".join(turned) for form in self._forms for turned in _turned(form)}
        return {end for end in self._ends() if end.split()[-1] == self.plain[0]} - forms

    @cached_property
    def _beside_name(self) -> frozenset[str]:
        return frozenset(self.plain) | BESIDE

    def apart(self, text: str) -> tuple[int, int] | None:
        """Return where the name stands with other given names, or a form's labels, inside it."""
        if not any(first in text and last in text for first, last in self._pairs):
            return None  # no expression is made of most names
        found = self._apart.search(text) if self._apart is not None else None
        return None if found is None else found.span()

    @cached_property
    def _side_by_side(self) -> Forms:
        forms = {" ".join(turned) for form in self._forms for turned in _turned(form)}
        forms |= self._ends()
        return Forms(forms | {cut for form in self._forms for cut in _cuts(form)})

    @cached_property
    def _apart(self) -> re.Pattern[str] | None:
        pairs = self._pairs
        if not pairs:
            return None
        between = rf"(?:{_BETWEEN}{{0,7}}(?:{_NO_NAME}\w{{2,}} )?){{0,4}}{_BETWEEN}{{0,5}}"
        return re.compile(
            "|".join(
                rf"(?<!\w){re.escape(first)} {between}{re.escape(last)}(?!\w)"
                for first, last in sorted(pairs)
            )
        )

    @cached_property
    def _pairs(self) -> set[tuple[str, str]]:
        """Return the beginnings and ends of the name, either of which may stand first."""
        pairs = set()
        for form in self._forms:
            for cut in range(1, len(form)):
                first, last = " ".join(form[:cut]), " ".join(form[cut:])
                pairs |= {(first, last), (last, first)}
        return pairs

    @cached_property
    def _forms(self) -> list[list[str]]:
        forms = [self.plain, *self.spellings]
        return [form for at, form in enumerate(forms) if len(form) > 1 and form not in forms[:at]]

    def _ends(self) -> set[str]:
        """Return the first given name with the family name, where there are more between."""
        ends: set[str] = set()
        for name in (self.person.name, APOSTROPHES.sub("", self.person.name)):
            words = glued_units([fold(unit) for unit in _UNITS.findall(_composed(name))])
            if len(words) > 2 and words[0] not in _NEVER_ALONE:
                ends |= {f"{words[0]} {words[-1]}", f"{words[-1]} {words[0]}"}
        return ends

    def _like(self, mine: list[str], theirs: list[str], is_family: Sequence[bool]) -> Likeness:
        if not theirs:
            return Likeness.PART
        if Counter(mine) == Counter(theirs):
            return Likeness.SAME if len(mine) > 1 else Likeness.PART
        if len(theirs) > len(mine):
            return self._longer(mine, theirs, is_family)
        if self._shorter(theirs, is_family) or _is_cut(mine, theirs):
            return Likeness.SAME
        return Likeness.PART if _initials(mine, theirs) else Likeness.OTHER

    @staticmethod
    def _longer(mine: list[str], theirs: list[str], is_family: Sequence[bool]) -> Likeness:
        if len(mine) < 2:
            return Likeness.PART if mine and mine[0] in theirs else Likeness.OTHER
        family = [word for word, it_is in zip(theirs, is_family, strict=True) if it_is]
        given = [word for word, it_is in zip(theirs, is_family, strict=True) if not it_is]
        if family and given:
            for count in range(1, min(len(given), len(mine) - 1) + 1):
                rest = Counter(mine)
                rest.subtract(given[:count])
                left = +rest
                if min(rest.values()) >= 0 and left and not left - Counter(family):
                    return Likeness.SAME
            return Likeness.OTHER
        for turned in _turned(mine):
            size = len(turned)
            if any(theirs[at : at + size] == turned for at in range(len(theirs) - size + 1)):
                return Likeness.SAME
        for cut in range(1, len(mine)):
            for first, last in ((mine[:cut], mine[cut:]), (mine[cut:], mine[:cut])):
                if theirs[: len(first)] == first and theirs[-len(last) :] == last:
                    return Likeness.PART  # EXEMPLE PAUL MARIE: Marie Exemple, or her father?
        return Likeness.OTHER

    def _shorter(self, theirs: list[str], is_family: Sequence[bool]) -> bool:
        """Return whether only later given names of the directory are missing: `A B Family`.

        What is missing stands together, is not what comes first, and is no half of `Anne-Marie`.
        """
        left = Counter(theirs)
        kept = []
        for unit in self.units:
            for word in unit:
                kept.append(left[word] > 0)
                left[word] -= 1
        flags = "".join("k" if keep else "-" for keep in kept)
        if any(count > 0 for count in left.values()) or not re.fullmatch(r"k+-+k*", flags):
            return False
        if len(set(is_family)) < 2 and flags[-1] != "k":
            return False  # in capitals: a double family name may be all that is left
        at, whole = 0, []
        for unit in self.units:
            part = set(flags[at : at + len(unit)])
            at += len(unit)
            if len(part) > 1:
                return False
            if part == {"k"} and " ".join(unit) not in PARTICLES:
                whole.append(unit)
        return len(whole) > 1


def _turned(words: list[str]) -> Iterator[list[str]]:
    for at in range(len(words)):
        yield words[at:] + words[:at]


def _cuts(words: list[str]) -> Iterator[str]:
    """Yield what is left of a name where a program cuts it, turned in every way."""
    for turned in _turned(words):
        whole = " ".join(turned)
        for length in range(_CUT, min(len(whole), _CUT_MOST)):
            cut = whole[:length].split()
            # `exemplet fictivier a` may be "Mme Exemplet-Fictivier, à la demande de".
            if len(cut[-1]) > 2 and _is_cut(words, cut):
                yield whole[:length]


def _is_cut(mine: list[str], theirs: list[str]) -> bool:
    """Return whether a name is one of 20 letters at least that goes on in the other.

    One that ends where a word does has lost nothing but words: `BENSALEM EL FICTIVARI` is a family,
    and whoever has that name has a given name too.
    """
    joined = " ".join(theirs)
    return (
        len(joined) >= _CUT
        and any(" ".join(turned).startswith(joined) for turned in _turned(mine))
        and (theirs[-1] not in mine or {mine[0], mine[-1]} <= {*theirs})
    )


def _initials(mine: list[str], theirs: list[str]) -> bool:
    """Return whether every word is one of theirs or an initial of one, and one is whole."""
    left = Counter(mine)
    initials = []
    for word in theirs:
        if left[word]:
            left[word] -= 1
        elif len(word) == 1:
            initials.append(word)
        else:
            return False
    if len(initials) == len(theirs):
        return False
    for initial in initials:
        fitting = next((word for word in +left if word.startswith(initial)), None)
        if fitting is None:
            return False
        left[fitting] -= 1
    return True
