"""One document as it is judged: a file, or what is inside an archive or another document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold
from secshare.preflight import standing
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.matching import Likeness

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Role, Stated
    from secshare.preflight.facts import Facts, Found
    from secshare.preflight.matching import Bearer

__all__ = ["FILE_NAME", "Unit", "seen", "units"]

FILE_NAME: Final = "file name"
_HITS: Final = 2_000  # places of a name that are looked at: on each page of a long record, twice
_ASIDE: Final = {FILE_NAME, "author"}  # they say who wrote, or what somebody called it
_LETTERS: Final = 12  # fewer characters than this are a page number, and nothing to read
# What a program wrote about a document, and nobody reads on its pages.
_ABOUT_IT: Final = {FILE_NAME, "author", "title", "metadata"}


def _words(text: str) -> list[str]:
    return text.split()


_MONTHS: Final = _words(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
)
_BESIDE: Final = re.compile(
    r"(?: [^\W\d]{2,}){0,2} (?:(?:m|f|h|sexe) )?(?P<day>[0-3]?\d) (?P<month>[01]?\d"
    rf"|{'|'.join(_MONTHS)})"
    r" (?P<year>(?:19|20)\d\d|[3-9]\d)(?!\w)"
)
_VISITS: Final = 2  # years back from a document that the dates of visits reach
_LONG_AGO: Final = 2010  # nobody sends what was written about a visit before
_SEX: Final = re.compile(r"(?<!\w)sexe? (f|m|h|feminin|masculin|femme|homme|female|male)(?!\w)")
_YEAR: Final = re.compile(r"20(?<!\d20)\d\d(?!\d)")

_NOT_THE_SUBJECT: Final = re.compile(
    r"(?:^| )(?:dr|dre|docteur|pr|prof|professeur|personne a (?:prevenir|contacter)"
    r"(?: en cas d urgence)?|personne de confiance|emergency contact|next of kin|mere|pere|mari"
    r"|son epou(?:x|se)|sa femme|epou(?:x|se) de|conjointe?|assuree?(?: e)?|prescripteur"
    r"|medecin(?: traitant)?|tuteur|tutrice|mandataire|fils de|fille de|son fils|sa fille"
    r"|sa s(?:oe|o)ur|son frere|biologiste|valide par|signe par|accompagnee? (?:de|par)|sage femme"
    r"|infirmiere?|titulaire(?: du compte)?|gp|physician|consultant)"
    r"(?: (?:m|mr|mme|mlle|mrs|monsieur|madame|dr|e))* $"
)


@dataclass
class Unit:
    """What was read of one document.

    Attributes:
        text: all that a reader sees of it, folded, in the order it was read.
        place: of the document itself.
        letters: how many characters of the text are on its pages, and not about it.
    """

    place: Place
    text: str = field(repr=False)
    found: list[Found] = field(repr=False)
    people: list[Stated] = field(repr=False)
    letters: int = 0
    _dated: dict[date, bool] = field(default_factory=dict, repr=False)
    _hits: dict[Bearer, list[tuple[int, int]]] = field(default_factory=dict, repr=False)

    @property
    def readable(self) -> bool:
        """Return whether there is enough text that somebody named in it would be found.

        A title or a property of the file is none: a scan has them too.
        """
        return self.letters >= _LETTERS or any(
            one.place is None or one.place.field not in _ABOUT_IT for one in self.people
        )

    @cached_property
    def year(self) -> int | None:
        """Return the latest year in the text: about when it was written."""
        years = [int(year) for year in _YEAR.findall(self.text)]
        return max((year for year in years if year < 2100), default=None)

    @cached_property
    def sexes(self) -> frozenset[str]:
        """Return the sexes that it says in words: `f`, `m`."""
        return frozenset(found[0].replace("h", "m") for found in _SEX.findall(self.text))

    def numbers(self) -> dict[str, Found]:
        """Return the social-security numbers, each where it first stands."""
        out: dict[str, Found] = {}
        for found in self.found:
            if found.kind is IdentifierKind.NIR:
                out.setdefault(found.value, found)
        return out

    def dated(self, day: date | None) -> bool:
        """Return whether a reader sees a birth date in it, as one or as any date."""
        if day is None:
            return False
        if any(one.birth_date == day and seen(one.place) for one in self.people):
            return True
        iso = day.isoformat()
        if any(
            found.kind is IdentifierKind.BIRTH_DATE and found.value == iso and seen(found.place)
            for found in self.found
        ):
            return True
        if day not in self._dated:
            self._dated[day] = standing.dated(self.text, day) or standing.boxed(
                self.text, f"{day:%d%m%Y}"
            )
        return self._dated[day]

    def said(self, bearer: Bearer, roles: set[Role]) -> list[Stated]:
        """Return who a reader sees in one of the roles with the name, or maybe, by birth date."""
        return [
            one
            for one in self.people
            if one.role in roles
            and seen(one.place)
            and (
                (like := bearer.likeness(one.names)) is Likeness.SAME
                or (
                    like is Likeness.PART
                    and one.birth_date is not None
                    and one.birth_date == bearer.birth_date
                )
            )
        ]

    def date_beside(self, bearer: Bearer) -> date | None:
        """Return the date right after the name, as labels have it, years before the document's.

        `EXEMPLE Camille 12/04/1958` says when somebody was born; a date of the last two years may
        be that of a visit, and in a document that says no other year, one of the last fifteen.
        Further given names may stand between: `EXEMPLE Camille Marie (12/04/1958)`.
        """
        for _, end in self.hits(bearer):
            day = _beside(self.text, end)
            if day is None:
                continue
            if (self.year or 0) - day.year > _VISITS or day.year < _LONG_AGO:
                return day
        return None

    def hits(self, bearer: Bearer) -> list[tuple[int, int]]:
        """Return where the name stands in the text, and is not a part of somebody else's.

        "Aurélien Frédéric Exemple", the father, names no Frédéric Exemple; nor is "Nullepart Linh"
        named by "Modélou Nullepart Linh", where she is on record with another middle name.
        """
        if bearer not in self._hits:
            self._hits[bearer] = self._found(bearer)
        return self._hits[bearer]

    def _found(self, bearer: Bearer) -> list[tuple[int, int]]:
        hits = list(islice(bearer.positions(self.text), _HITS))
        if not hits:
            return hits
        names = {fold(name): name for one in self.people for name in one.names}
        longer = [
            folded
            for folded, name in names.items()
            if next(bearer.positions(folded), None) and bearer.like(name) is Likeness.OTHER
        ]
        covered = sorted(
            span for name in longer for span in standing.Forms([name]).spans(self.text)
        )
        starts = [start for start, _ in covered]
        ends = [0, *accumulate((end for _, end in covered), max)]
        return [
            (start, end)
            for start, end in hits
            if ends[bisect_right(starts, start)] < end
            and (self.dated(bearer.birth_date) or not bearer.cut_short(self.text, start, end))
        ]

    def written(self, bearer: Bearer) -> bool | None:
        """Return whether the name stands in the text; None where only as a physician's, a parent's.

        Other given names may stand inside it only where the birth date is there too: "Exemple Paul
        et Camille" names a Camille Exemple to a reader, and not to us.
        """
        hits = self.hits(bearer)
        for start, _ in hits:
            if _NOT_THE_SUBJECT.search(self.text[max(0, start - 60) : start]) is None:
                return True
        apart = bearer.apart(self.text) if self.dated(bearer.birth_date) else None
        if (
            apart is not None
            and _NOT_THE_SUBJECT.search(self.text[max(0, apart[0] - 60) : apart[0]]) is None
        ):
            return True
        compact = {"".join(words) for words in bearer.turned()}
        if any(standing.boxed(self.text, form) for form in compact if len(form) > 3):
            return True
        return None if hits else False


def _beside(text: str, at: int) -> date | None:
    seen = _BESIDE.match(text, at)
    if seen is None:
        return None
    month = seen["month"]
    number = int(month) if month.isdigit() else (*_MONTHS, month).index(month) + 1
    try:
        year = int(seen["year"])
        return date(year if year > 99 else 1900 + year, number, int(seen["day"]))
    except ValueError:
        return None


def seen(place: Place | None) -> bool:
    """Return whether a reader sees what stands there.

    A subject whom only hidden text names is not in what the recipient reads: their own document
    may have been written over with somebody else's results.
    """
    return place is None or not (place.hidden or place.field == FILE_NAME)


def units(facts: Facts) -> list[Unit]:
    """Return the documents that one file holds, itself first."""
    from secshare.model import Place

    texts: dict[str | None, list[str]] = {None: []}
    letters: Counter[str | None] = Counter()
    for place, text in facts.texts:
        seen = texts.setdefault(place.member, [])
        if not place.hidden and place.field not in _ASIDE:
            seen.append(text)
            letters[place.member] += 0 if place.field in _ABOUT_IT else len(text)
    found: dict[str | None, list[Found]] = {}
    for one in facts.found:
        found.setdefault(one.place.member, []).append(one)
    people: dict[str | None, list[Stated]] = {}
    for person in facts.people:
        where = person.place
        if where is None or where.field not in _ASIDE:
            people.setdefault(None if where is None else where.member, []).append(person)
    members = dict.fromkeys([*texts, *found, *people])
    return [
        Unit(
            Place(facts.file, member=member),
            " ".join(texts.get(member, ())),
            found.get(member, []),
            people.get(member, []),
            letters[member],
        )
        for member in members
    ]
