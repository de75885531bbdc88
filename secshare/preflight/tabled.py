"""People in the columns of a table: each row is somebody, or something of somebody's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold
from secshare.preflight.columns import Sort, below_form, fields_down, named, recognised
from secshare.preflight.content import Role, Stated
from secshare.preflight.fields import labelled
from secshare.preflight.naming import alone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.preflight.content import Table

__all__ = ["tabled"]

_GIVEN: Final = re.compile(r"\bprenoms?\b|\b(?:first|given) ?names?\b|\bforenames?\b")
_MORE: Final = re.compile(r"\bnoms?\b.*\bprenoms?\b|\bprenoms?\b.*\bnoms?\b|nomprenom")
_BIRTH: Final = re.compile(r"\bnaissance\b|\bnee?\b|\bddn\b|\bbirth\b|\bdob\b")
_CARER: Final = re.compile(r"\b(?:rpps|adeli|specialites?|finess)\b")
_NUMBER: Final = re.compile(r"[1-478]\d{4}(?:\d\d|2[AB])\d{6}")
_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")
_MOST: Final = 20  # different people: more change nothing, and one stop tells them all


def tabled(tables: Sequence[Table]) -> list[Stated]:
    """Return the different people that tables have in their columns, 20 of each at most.

    Columns are known by their headers. A table of physicians has no patients, and says so by a
    column of theirs.
    """
    out: dict[Stated, None] = {}
    for table in tables:
        out.update(dict.fromkeys(_people(table)))
    return list(out)


def _people(table: Table) -> list[Stated]:
    whole_rows = [list(table.header), *table.rows] if table.header else table.rows
    if fields_down(whole_rows):
        return _form(whole_rows, table)
    if form := below_form(whole_rows[:30]):
        return _form(whole_rows[:form], table)
    if recognised(table.header) < 2:
        table = _headed(table)
    columns = _columns(table.header)
    if not columns or not ({"whole", "family"} & columns.keys()):
        return []
    role = Role.PATIENT
    if any(_CARER.search(fold(header)) for header in table.header):
        role = Role.PROFESSIONAL
    seen: set[tuple[str, ...]] = set()
    out = []
    for row in table.rows:
        cells = tuple(
            row[at].strip() if at is not None and at < len(row) else ""
            for at in map(columns.get, ("whole", "family", "used", "given", "birth", "number"))
        )
        if cells in seen:
            continue
        seen.add(cells)
        whole, family, used, given, birth, number = cells
        names = _names(whole, family, used, given)
        if not names:
            continue
        out.append(Stated(role, names, _day(birth), _number(number), table.place, certain=True))
        if len(out) >= _MOST:
            break
    return out


def _form(rows: Sequence[Sequence[str]], table: Table) -> list[Stated]:
    """Return whom a form says, whose fields are one below the other: `Nom;Morel`."""
    lines = [
        f"{row[0].rstrip(' :')} : {next((cell for cell in row[1:] if cell), '')}"
        for row in rows[:200]
        if row and row[0]
    ]
    people = labelled("\n".join(lines))
    dates = [day for line in lines if _BIRTH.search(fold(line)) and (day := _day(_after(line)))]
    born = dates[0] if len(dates) == len(people) == 1 else None
    return [
        Stated(one.role, one.spellings, born, None, table.place, certain=True) for one in people
    ]


def _after(line: str) -> str:
    return line.partition(" : ")[2].strip()


def _headed(table: Table) -> Table:
    """Return the table from the row on that names its columns, where a title stands above it."""
    for at, row in enumerate(table.rows[:5]):
        if recognised(row) >= 2:
            return replace(
                table,
                header=tuple(row),
                rows=table.rows[at + 1 :],
                first_row=table.first_row + at + 1,
            )
    return table


def _columns(header: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, title in enumerate(header):
        sort, folded = named(title), fold(title)
        what = None
        if sort in {Sort.NAME, Sort.BARE_NAME, Sort.SOMEBODY}:
            if _MORE.search(folded) or sort is Sort.SOMEBODY or "identite" in folded:
                what = "whole"
            elif _GIVEN.search(folded):
                what = "given"
            elif re.search(r"\busage\b|\butilise\b|\bmarital\b|\busuel\b", folded):
                what = "used"
            else:
                what = "family" if sort is Sort.NAME or folded == "nom" else "whole"
        elif sort is Sort.BIRTH and "lieu" not in folded:
            what = "birth"
        elif sort is Sort.NUMBER:
            what = "number"
        if what is not None:
            columns.setdefault(what, at)
    if "family" in columns and "given" not in columns:
        # `Nom` alone: of a person where a birth date or a number stands beside it.
        if not {"birth", "number"} & columns.keys():
            return {}
        columns["whole"] = columns.pop("family")
    if "used" in columns and not {"family", "whole"} & columns.keys():
        columns["family"] = columns.pop("used")
    return columns


def _names(whole: str, family: str, used: str, given: str) -> tuple[str, ...]:
    if whole:
        name = alone(whole)
        return () if name is None or len(name.words) < 2 else name.spellings
    if not given:
        return ()
    given = given.title() if given.isupper() else given
    return tuple(dict.fromkeys(f"{part.upper()} {given}" for part in (family, used) if part))


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year = (
        (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _number(text: str) -> str | None:
    found = _NUMBER.match(re.sub(r"[\s\u00a0\u202f./-]+", "", text).upper())
    return None if found is None else found[0]
