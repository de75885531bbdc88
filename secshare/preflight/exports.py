"""What a table tells about the people in it: who is named, singled out, linked, inferred.

After opinion 05/2014 of the article 29 working party (WP216), which CNIL follows: a table is
anonymous only where nobody can be singled out, linked or told something about. Nothing here ever
says that it is: others may know what this program does not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.preflight.columns import Sort, Use, below_form, fields_down, persons, use_of
from secshare.preflight.facts import Export, Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from secshare.preflight.content import Table

__all__ = ["IDENTIFYING", "PSEUDONYMOUS", "UNKNOWN", "analyse"]

IDENTIFYING: Final = "identifying"
PSEUDONYMOUS: Final = "pseudonymous"
UNKNOWN: Final = "unknown"

_PERSONAL: Final = frozenset((Sort.BIRTH, Sort.SEX, Sort.PLACE, Sort.AGE, Sort.TRAIT))
_CONTACT: Final = frozenset((Sort.PHONE, Sort.EMAIL, Sort.ADDRESS, Sort.BARE_NAME, Sort.NAME))
_HEALTH: Final = frozenset((Sort.ACT, Sort.DIAGNOSIS, Sort.DRUG))
_PATIENTS_ONLY: Final = frozenset(
    (Sort.BIRTH, Sort.AGE, Sort.NUMBER, Sort.SOMEBODY, Sort.PERSON_ID, *_HEALTH, Sort.RESULT)
)
# A header that holds any of this is a value that was taken for one.
_VALUE: Final = re.compile(r"@|(?:\d[\s./-]?){5}")


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    sort: Sort | None
    cells: Sequence[str] = field(repr=False)
    distinct: int

    @property
    def use(self) -> Use | None:
        return self.sort.use if self.sort else None


def analyse(table: Table) -> Export | None:
    """Return what a table tells about the people in it, None where it is not of several people.

    Of several people is a table of `profiles.EXPORT_ROWS` rows and `profiles.EXPORT_PEOPLE`
    different people at least: one patient's own measures, results or reimbursements are not, nor
    a list of prices or of professionals. A column without a header bears a spreadsheet's letter.
    Adding a column that identifies people never makes the verdict milder.
    """
    form = below_form([table.header, *table.rows[:30]])
    if form:
        table = replace(table, header=tuple(table.rows[form - 1]), rows=table.rows[form:])
    rows = [row for row in table.rows if any(row)]
    if len(rows) < profiles.EXPORT_ROWS or fields_down([table.header, *rows[:30]]):
        return None
    columns = _columns(table.header, rows)
    if not _of_people(columns):
        return None
    telling = {use: [c for c in columns if c.use is use and c.distinct > 1] for use in Use}
    direct = [c for c in telling[Use.DIRECT] if c.distinct >= profiles.EXPORT_PEOPLE]
    linking = [c for c in telling[Use.LINKING] if not _row_number(c)]
    sensitive = [c for c in columns if c.use is Use.SENSITIVE]
    describing = telling[Use.DESCRIBING]
    groups = _groups(describing) if describing else Counter()
    unique = sum(size == 1 for size in groups.values())
    inferred = _inferred(describing, sensitive, groups)
    counted = next((c.name for c in columns if c.use is Use.COUNT), None)
    if direct:
        verdict = IDENTIFYING
    elif linking or (counted is None and (unique or inferred)):
        verdict = PSEUDONYMOUS
    else:
        verdict = UNKNOWN
    sizes = Counter(groups.values())
    sharpest, most = _sharpest(describing, unique)
    return Export(
        place=table.place,
        verdict=verdict,
        rows=len(rows),
        people=_people(direct, describing, linking),
        direct=_names(direct),
        linking=_names(linking),
        describing=_names(describing),
        sensitive=_names(sensitive),
        unique=unique,
        groups=tuple(Group(size, sizes[size]) for size in sorted(sizes)),
        inferred=_names(inferred),
        sharpest=_names(sharpest),
        sharpest_unique=most,
        linked=max((_repeating(column) for column in linking), default=0),
        counted=counted,
    )


def _names(columns: Iterable[_Column]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def _columns(header: Sequence[str], rows: list[list[str]]) -> list[_Column]:
    """Return the columns, as many as most rows have; what stands beyond is no column."""
    lengths = Counter(map(len, rows))
    width = min(max(len(header), lengths.most_common(1)[0][0]), profiles.EXPORT_COLUMNS)
    if len(lengths) > 1 or width not in lengths:
        rows = [(row + [""] * (width - len(row)))[:width] for row in rows]
    columns = []
    for index, cells in enumerate(zip(*rows, strict=True)):
        name = header[index].strip() if index < len(header) else ""
        values = [cell for cell in cells if cell]
        sort = use_of(name, values)
        distinct = set(cells)
        columns.append(_Column(_shown(name, index), sort, cells, len(distinct) - ("" in distinct)))
    return columns


def _shown(name: str, index: int) -> str:
    """Return a header, or the letter of its column where it is none or may be a value."""
    if name and len(name) <= profiles.EXPORT_HEADER and not _VALUE.search(name):
        return name
    letters = ""
    while index >= 0:
        letters, index = chr(ord("A") + index % 26) + letters, index // 26 - 1
    return letters


def _of_people(columns: Sequence[_Column]) -> bool:
    """Say whether the rows are about several people: what tells them apart has enough values."""
    most = profiles.EXPORT_PEOPLE
    direct = [c for c in columns if c.use is Use.DIRECT and c.distinct >= most]
    if _professionals(direct, columns):
        return False
    people = [c for c in columns if c.sort is Sort.PERSON_ID and c.distinct >= most]
    if people or any(c.sort is not Sort.BARE_NAME or _bears_people(c, columns) for c in direct):
        return True
    sorts = {column.sort for column in columns}
    personal = [c for c in columns if c.sort in _PERSONAL and c.distinct > 1]
    ids = [c for c in columns if c.sort is Sort.ANY_ID and c.distinct >= most]
    tokens = [c for c in columns if c.sort is Sort.TOKEN and c.distinct >= most]
    if (sorts & _HEALTH or personal) and (tokens or any(map(_repeating, ids))):
        return True
    if personal and (Sort.HEADCOUNT in sorts or any(not _row_number(c) for c in ids)):
        return True
    # An age alone may be one child's, growing; a place alone may be anything's.
    if len(personal) == 1:
        return personal[0].sort is Sort.BIRTH and personal[0].distinct >= most
    return len(personal) > 1 and len(_groups(personal)) >= most


def _professionals(direct: Sequence[_Column], columns: Sequence[_Column]) -> bool:
    """Say whether the people are doctors or pharmacies with their addresses, and no patients."""
    sorts = {column.sort for column in columns}
    if sorts & _PATIENTS_ONLY or not {c.sort for c in direct} <= _CONTACT:
        return False
    by_name = any(c.sort in {Sort.NAME, Sort.BARE_NAME} for c in direct)
    return Sort.LISTED in sorts or (Sort.PROFESSIONAL in sorts and not by_name)


def _bears_people(column: _Column, columns: Sequence[_Column]) -> bool:
    """Say whether `Nom` names people: an analysis, a drug and a product have names too."""
    things = {Sort.RESULT, Sort.DRUG, Sort.AMOUNT, Sort.ACT}
    others = {other.sort for other in columns}
    if others & (_PERSONAL | {Sort.NAME, Sort.NUMBER, Sort.EMAIL, Sort.PHONE, Sort.PERSON_ID}):
        return True
    return not others & things or persons([cell for cell in column.cells if cell]) >= 0.5


def _repeating(column: _Column) -> int:
    """Return how many rows share their value with another row."""
    if column.distinct == len(column.cells):
        return 0
    return sum(count for value, count in Counter(column.cells).items() if value and count > 1)


def _row_number(column: _Column) -> bool:
    """Say whether a column of ids only counts the rows: 1, 2, 3 ... link to nothing."""
    if column.sort is not Sort.ANY_ID or column.distinct != len(column.cells):
        return False
    if not all(len(cell) < 10 and cell.isascii() and cell.isdigit() for cell in column.cells):
        return False
    numbers = sorted(map(int, column.cells))
    return numbers[0] in {0, 1} and numbers[-1] - numbers[0] == len(numbers) - 1


def _groups(describing: Sequence[_Column]) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(column.cells for column in describing), strict=True))


def _unique(columns: Sequence[_Column]) -> int:
    return sum(count == 1 for count in _groups(columns).values())


def _people(
    direct: Sequence[_Column], describing: Sequence[_Column], linking: Sequence[_Column]
) -> int | None:
    """Return how many people are told apart: by number or contact, by whole name, or by a link."""
    names = [c for c in direct if c.sort in {Sort.NAME, Sort.BARE_NAME}]
    born = [c for c in describing if c.sort is Sort.BIRTH]
    counts = [c.distinct for c in direct if c.sort is Sort.NUMBER]
    if not counts and names:
        counts = [len(_groups([*names, *born]))]
    counts = counts or [c.distinct for c in linking if c.sort is Sort.PERSON_ID]
    counts = counts or [c.distinct for c in (*direct, *linking)]
    return max(counts, default=None)


def _inferred(
    describing: Sequence[_Column], sensitive: Sequence[_Column], groups: Counter[tuple[str, ...]]
) -> list[_Column]:
    """Return the sensitive columns that are all the same in a group of several rows."""
    if not describing:
        return []
    several = {key for key, size in groups.items() if size > 1}
    if not several:
        return []
    keys = list(zip(*(column.cells for column in describing), strict=True))
    most = max(profiles.EXPORT_WORK // len(keys), 1)
    found = []
    for column in sensitive[:most]:
        values = Counter(key for key, value in set(zip(keys, column.cells, strict=True)) if value)
        blank = {key for key, value in zip(keys, column.cells, strict=True) if not value}
        if any(count == 1 and key in several and key not in blank for key, count in values.items()):
            found.append(column)
    return found


def _sharpest(describing: Sequence[_Column], unique: int) -> tuple[tuple[_Column, ...], int]:
    """Return the two or three describing columns that single out most rows, and how many.

    Two where they single out at least half of what all do together. The pairs of the columns with
    most values are tried first, then the best pair with each other column, within
    `profiles.EXPORT_WORK` rows looked at.
    """
    if len(describing) < 3 or not unique:
        return (), 0
    left = profiles.EXPORT_WORK // len(describing[0].cells)
    columns = sorted(describing, key=lambda column: -column.distinct)
    best: tuple[tuple[_Column, ...], int] = ((), 0)
    for two in list(combinations(columns[:8], 2))[: max(left * 2 // 3, 1)]:
        left -= 1
        best = max(best, (two, _unique(two)), key=lambda found: found[1])
        if best[1] * 10 >= unique * 9:
            return best
    if best[1] * 2 >= unique or len(describing) < 4:
        return best
    pair = best[0] or tuple(columns[:2])
    others = [column for column in columns if all(column is not one for one in pair)]
    for column in others[: max(left, 1)]:
        three = (*pair, column)
        best = max(best, (three, _unique(three)), key=lambda found: found[1])
    return best
