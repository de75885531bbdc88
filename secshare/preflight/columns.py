"""What a column of a table holds: by its header (`headers`) and by its values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.preflight.headers import Sort, Use, named

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Sort", "Use", "below_form", "fields_down", "named", "persons", "recognised", "use_of"]


_NUMBER: Final = re.compile(
    r"[1278]\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[1-9]\d|2[AB])\d{6}(?:\d\d)?", re.IGNORECASE
)
_DATE: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{4})|(\d{4})-\d\d-\d\d.*")
_PERSONS: Final = re.compile(
    r"(?:(?:M|Mme|Mlle|Mr|Mrs|Ms)\.? )?[A-ZÀ-Ý][\w'’-]+(?: (?:de |du |le |la |des |d')?"
    r"[A-ZÀ-Ý][^\W\d][\w'’-]*){1,3}"
)
_UPPER: Final = re.compile(
    r"[A-ZÀ-Ý][A-ZÀ-Ý'’-]+(?: [A-ZÀ-Ý'’-]{2,}){0,3} [A-ZÀ-Ý][a-zà-ÿ]+(?:[ -][A-ZÀ-Ý][a-zà-ÿ]+){0,3}"
)
_CIVIL: Final = re.compile(r"(?:M|Mme|Mlle|Mr|Mrs|Ms)\.? .+")
_WRITTEN: Final = re.compile(r"\D{2,}")
_BLANKS: Final = re.compile(r"[\s\u00a0\u202f./-]+")
_VALUES: Final[tuple[tuple[Sort, re.Pattern[str], float], ...]] = (
    (Sort.EMAIL, re.compile(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}"), 0.3),
    (Sort.PHONE, re.compile(r"(?:(?:\+|00)(?:33|26[29]|59[046]) ?|0)[1-9](?:[ .-]?\d\d){4}"), 0.5),
    (Sort.ACCOUNT, re.compile(r"[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?"), 0.5),
    (Sort.TOKEN, re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), 0.8),
    (
        Sort.TOKEN,
        re.compile(r"(?=.*[0-9])(?=.*[a-fA-F])(?:[0-9a-f]{16,128}|[0-9A-F]{16,128})"),
        0.8,
    ),
    (Sort.DRUG, re.compile(r"34009\d{8}|[A-Z]\d\d[A-Z]{2}\d\d"), 0.8),
    (Sort.ACT, re.compile(r"[A-Z]{4}\d{3}"), 0.8),
    (Sort.DIAGNOSIS, re.compile(r"[A-Z]\d\d(?:\.?\d{1,2})?"), 0.8),
    (Sort.SEX, re.compile(r"[MFH]|[Hh]omme|[Ff]emme|[Mm]ale|[Ff]emale|masculin|féminin"), 0.9),
)

_BORN: Final = re.compile(r"n(?:é|ée|é\(e\)) le .*\d|ddn\b.*\d", re.IGNORECASE)
_FORM: Final = 12  # rows above a table that may be a person's fields
_SAMPLE: Final = 200  # values of a column that are looked at, over its whole length
_LONGEST: Final = 100  # characters: what is longer is a text, and no pattern is tried on it


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the values of a column look like."""

    values: Sequence[str]

    def share(self, pattern: re.Pattern[str]) -> float:
        """Return which part of the values is wholly of a pattern."""
        fitting = sum(
            len(value) <= _LONGEST and pattern.fullmatch(value) is not None for value in self.values
        )
        return fitting / len(self.values)


def _looks(values: Sequence[str]) -> _Looks:
    return _Looks(values[:: max(len(values) // _SAMPLE, 1)][:_SAMPLE])


def recognised(cells: Sequence[str]) -> int:
    """Return how many cells are headers of known columns."""
    return sum(named(cell) is not None for cell in cells if cell)


def fields_down(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether it is one person's fields, one a row: `Nom;Dupont`, then `Né le;...`."""
    fields = [row for row in rows[:30] if row]
    if not fields or max(map(len, fields)) > 3:
        return False
    return recognised([row[0] for row in fields]) >= max(2, len(fields) // 2) and (
        recognised(fields[0]) < 2
    )


def below_form(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows are one person's fields above a table of something else, 0 for none.

    `Nom;Dupont`, `Né le;...`, then `Date;INR;Dose` and a row a day: the rows are that person's.
    """
    fields = 0
    for at, row in enumerate(rows[:_FORM]):
        cells = [cell for cell in row if cell]
        if len(cells) == 2 and row[0] and _is_field(cells):
            fields += 1
        elif len(cells) > 2 and fields:
            return at
        elif len(cells) > 1:
            return 0
    return 0


def _is_field(cells: Sequence[str]) -> bool:
    """Return whether two cells are a label and a value, or a name and `née le ...`."""
    return named(cells[1]) is None and (
        named(cells[0]) is not None or _BORN.match(cells[1]) is not None
    )


def use_of(header: str, values: Sequence[str]) -> Sort | None:
    """Return what a column holds, by its header and its values, none of them empty.

    What the values are beyond doubt overrules the header: a column of social-security numbers
    identifies, whatever it is called.
    """
    sort = named(header) if header else None
    if not values:
        return sort
    looks = _looks(values)
    if sort is not Sort.TIME and _numbers(looks) >= 0.3:
        return Sort.NUMBER
    if sort in {Sort.PROFESSIONAL, Sort.LISTED, Sort.TIME, Sort.AMOUNT, Sort.HEADCOUNT}:
        return sort
    if sort is Sort.SOMEBODY:
        return Sort.NAME if looks.share(_WRITTEN) >= 0.5 else Sort.PERSON_ID
    by_values = _by_values(looks)
    if by_values is not None and (sort is None or by_values.use in {Use.DIRECT, Use.LINKING}):
        return sort if sort is not None and sort.use is Use.DIRECT else by_values
    return sort


def persons(values: Sequence[str]) -> float:
    """Return which part of the values reads as given and family names together."""
    looks = _looks(values)
    return looks.share(_PERSONS) if looks.values else 0.0


def _numbers(looks: _Looks) -> float:
    compact = _Looks([_BLANKS.sub("", value) for value in looks.values])
    return compact.share(_NUMBER)


def _by_values(looks: _Looks) -> Sort | None:
    for sort, pattern, share in _VALUES:
        if looks.share(pattern) >= share:
            return sort
    years = [
        int(found[1] or found[2]) for value in looks.values if (found := _DATE.fullmatch(value))
    ]
    if len(years) >= 0.8 * len(looks.values):
        return Sort.BIRTH if max(years) - min(years) > 20 else Sort.TIME
    common = Counter(looks.values).most_common(1)[0][1] / len(looks.values)
    if common < 0.5 and looks.share(_UPPER) + looks.share(_CIVIL) >= 0.8:
        return Sort.NAME
    return None
