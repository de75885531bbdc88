"""Identifiers in the cells of a table: column by column, and along the rows of a small one.

A column is searched as one text of its different cells, so that 100,000 rows cost a search and not
100,000; its title is the context of every cell. A form in a sheet has its titles at the left
instead, hence the rows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.preflight import contexts
from secshare.preflight.content import Role
from secshare.preflight.facts import Found, IdentifierKind
from secshare.preflight.identifiers import find, titled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from secshare.model import Place
    from secshare.preflight.content import Table
    from secshare.preflight.identifiers import Match

__all__ = ["in_table", "owned"]

_APART: Final = "\x1e"  # ASCII's record separator: no number goes on beyond it
_PIECE: Final = 2_000
"""Cells that are searched first: they tell what the column is."""
_ALIKE: Final = 0.9
_SHORTEST: Final = 9
"""Characters of what no title explains: a SIREN, a number of telephone has ten."""
_MOST: Final = profiles.PREFLIGHT_FOUND_EACH
_SMALL: Final = 3_000
"""Cells of a table that is searched along its rows too: a form, a page of a list."""
_SPACED: Final = str.maketrans("\t\n", "  ")
_PERSONAL: Final = frozenset((IdentifierKind.NIR, IdentifierKind.BIRTH_DATE))
_NOBODY: Final = frozenset((Role.PROFESSIONAL, Role.HOLDER))


def owned(kind: IdentifierKind, role: Role) -> Role:
    """Return a role that an identifier of this kind can have.

    No document gives a social-security number or a birth date as a doctor's or a bank's: the words
    near it then speak of somebody else.
    """
    return Role.UNKNOWN if kind in _PERSONAL and role in _NOBODY else role


def in_table(table: Table, *, region: str) -> list[Found]:
    """Return the identifiers in a table, each with the first cell of its column that holds it.

    At most `profiles.PREFLIGHT_FOUND_EACH` different ones of a kind for each column.
    """
    seen: dict[tuple[IdentifierKind, str, Place], Found] = {}
    width = max(map(len, table.rows), default=0)
    for index in range(width):
        title = table.header[index] if index < len(table.header) else ""
        for found in _in_column(table, index, title, width, region):
            seen.setdefault((found.kind, found.value, found.place), found)
    size = width * len(table.rows)
    if size <= _SMALL:
        for found in _along_rows(table, region, form=not table.header):
            key = (found.kind, found.value, found.place)
            if key not in seen or seen[key].role is Role.UNKNOWN:
                seen[key] = found
    return list(seen.values())


def _in_column(table: Table, index: int, title: str, width: int, region: str) -> Iterator[Found]:
    rows = table.rows
    if min(map(len, rows)) == width:
        cells = list(map(itemgetter(index), rows))
    else:
        cells = [row[index] if index < len(row) else "" for row in rows]
    first = dict(zip(reversed(cells), range(len(cells) - 1, -1, -1), strict=True))
    role = contexts.role_under(title)
    values: dict[IdentifierKind, set[str]] = {}
    shortest = 1 if titled(title) else _SHORTEST
    left = [cell for cell in reversed(first) if len(cell) >= shortest or "@" in cell]
    piece, left = left[:_PIECE], left[_PIECE:]
    while piece:
        text = _APART.join(piece)
        counts: Counter[IdentifierKind] = Counter()
        if "@" in text or any(map(text.__contains__, _DIGITS)):
            full = [kind for kind, known in values.items() if len(known) >= _MOST]
            for match in find(text, region=region, heading=title, but=full):
                known = values.setdefault(match.kind, set())
                counts[match.kind] += 1
                if match.value not in known and len(known) < _MOST:
                    known.add(match.value)
                    row = first.get(_cell(text, match), 0)
                    yield _found(table, match, row, index, owned(match.kind, role))
        left = _unlike(piece, left, values, counts)
        piece, left = left, []


def _unlike(
    piece: Sequence[str],
    left: list[str],
    values: Mapping[IdentifierKind, Collection[str]],
    counts: Mapping[IdentifierKind, int],
) -> list[str]:
    """Return the cells that remain to be searched once a column is known to be of one kind.

    Where a kind has been told often enough, a cell as long as its others (and with an `@` where
    they are addresses) is one more of it. Any other cell is searched.
    """
    for kind, count in counts.items():
        if len(values[kind]) >= _MOST and count >= _ALIKE * len(piece):
            lengths = set(map(len, piece))
            if kind is IdentifierKind.EMAIL:
                return [cell for cell in left if "@" not in cell]
            return [cell for cell in left if len(cell) not in lengths]
    return left


_DIGITS: Final = "1234567890"


def _cell(text: str, match: Match) -> str:
    start = text.rfind(_APART, 0, match.start) + 1
    end = text.find(_APART, match.start)
    return text[start:] if end < 0 else text[start:end]


def _along_rows(table: Table, region: str, *, form: bool) -> Iterator[Found]:
    """Yield what the rows hold when each is read as a line, its header too."""
    rows: list[Sequence[str]] = [table.header, *table.rows]
    lines = ["\t".join(cell.translate(_SPACED) for cell in row) for row in rows]
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    text = "\n".join(lines)
    for match in find(text, region=region):
        row = bisect_right(starts, match.start) - 1
        index = text.count("\t", starts[row], match.start)
        if form:
            role = contexts.role_of(text, match.start, match.end)
        else:
            title = table.header[index] if index < len(table.header) else ""
            role = contexts.role_under(title)
        yield _found(table, match, row - 1, index, owned(match.kind, role))


def _found(table: Table, match: Match, row: int, index: int, role: Role) -> Found:
    place = replace(table.place, cell=f"{_letters(index)}{table.first_row + row}")
    return Found(match.kind, match.value, place, role, match.key)


def _letters(index: int) -> str:
    """Return the name of a column: A to Z, AA, AB ..."""
    name = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        name = chr(ord("A") + letter) + name
        index -= 1
    return name
