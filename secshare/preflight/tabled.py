"""People in the columns of a table: each row is somebody, or something of somebody's."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold
from secshare.preflight.columns import Sort, named
from secshare.preflight.content import Role, Stated
from secshare.preflight.naming import alone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.preflight.content import Table

__all__ = ["tabled"]

_GIVEN: Final = re.compile(r"\bprenoms?\b|\b(?:first|given) ?names?\b|\bforenames?\b")
_MORE: Final = re.compile(r"\bnoms?\b.*\bprenoms?\b|\bprenoms?\b.*\bnoms?\b|nomprenom")
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
        # `Nom` alone: of a person where a birth date or a number stands beside it, else of anything.
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
