"""CSV and TSV as spreadsheets and medical software write them, down to the last character.

Nothing is passed over: what stands above the header is a text, every other cell is in a table,
ragged rows as they are. A file whose quotes do not close is read line by line instead, so that no
quote swallows what follows it (`docs/decisions/089-tables.md`).
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.files import csvtext
from secshare.preflight.columns import Sort, fields_down, named, recognised
from secshare.preflight.content import Part, Table, Unread, Why
from secshare.preflight.readers.budget import OverBudget
from secshare.preflight.readers.pairs import forms
from secshare.preflight.readers.text import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["add_table", "read"]

_SEPARATORS: Final = (";", "\t", ",", "|")
_SAMPLE: Final = 65_536  # characters by which the separator is told
_ABOVE: Final = 30  # rows among which the header is looked for
_SHORTENED: Final = 9  # digits of a French number without what stands before them


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add the table that a file of text holds, and as a text what stands above its header.

    Bytes that are no text are read all the same, and said to be broken.

    Raises:
        OverBudget: more characters, or cells, than `profiles` allows.
    """
    text = decoded(data)
    if text is None:
        content.unread.append(Unread(Why.BROKEN, place))
        text = data.decode("cp1252", "replace").replace("\0", "")
    budget.spend_characters(len(text))
    stated, text = csvtext.stated_separator(text)
    separator = stated or _separator(text)
    if text.count(separator) + text.count("\n") + text.count("\r") > profiles.PREFLIGHT_CELLS:
        raise OverBudget
    rows = _rows(text, separator)
    add_table(rows, place, content, first_row=2 if stated else 1)


def add_table(rows: list[list[str]], place: Place, content: Content, *, first_row: int = 1) -> None:
    """Add rows of stripped cells as a table with its header, what stands above it as texts.

    A form whose labels and values stand side by side is a text too.
    """
    for begin, end, said in forms(rows):
        content.parts.append(Part(replace(place, line=first_row + begin), said))
        rows = [*rows[:begin], *([] for _ in range(begin, end)), *rows[end:]]
    at = _header(rows)
    header = rows[at] if at is not None else []
    begin = 0 if at is None else at + 1
    for number, row in enumerate(rows[: begin - 1] if begin else [], first_row):
        if written := "  ".join(filter(None, row)):
            content.parts.append(
                Part(replace(place, line=number), written, title=number == first_row)
            )
    below = rows[begin:]
    _repair_phones(header, below)
    content.tables.append(Table(place, tuple(header), below, first_row + begin))


def _repair_phones(header: Sequence[str], rows: Sequence[list[str]]) -> None:
    """Put back the first zero, or the +, that a spreadsheet took from telephone numbers."""
    for index in [at for at, name in enumerate(header) if named(name) is Sort.PHONE]:
        for row in rows:
            cell = row[index] if index < len(row) else ""
            if cell.isascii() and cell.isdigit() and cell[0] != "0":
                if len(cell) == _SHORTENED:
                    row[index] = f"0{cell}"
                elif len(cell) == _SHORTENED + 2 and cell.startswith("33"):
                    row[index] = f"+{cell}"


def _separator(text: str) -> str:
    """Return the separator that gives most of the first rows the same number of cells."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample.rpartition("\n")[0] or sample

    def fit(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _rows(sample, separator) if len(row) > 1)
        (width, count), *_ = widths.most_common(1) or [(0, 0)]
        return count, width

    return max(_SEPARATORS, key=fit)


def _rows(text: str, separator: str) -> list[list[str]]:
    """Return every row, its cells stripped."""
    if '"' not in text:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if not lines[-1]:
            lines.pop()
        return [[*map(str.strip, line.split(separator))] if line else [] for line in lines]
    try:
        rows = list(csvtext.rows(text, separator))
    except csv.Error:
        rows = _by_line(text, separator)
    else:
        if _swallowed(rows, separator):
            rows = _by_line(text, separator)
    if '="' in text:
        return [[*map(csvtext.bare, row)] for row in rows]
    return [[*map(str.strip, row)] for row in rows]


def _swallowed(rows: list[list[str]], separator: str) -> bool:
    """Say whether a stray quote joined whole rows into one cell, up to the next stray quote.

    A line inside a cell that has as many separators as a row needs is a row.
    """
    needed = Counter(len(row) for row in rows if row).most_common(1)
    width = needed[0][0] - 1 if needed else 0
    return width > 0 and any(
        line.count(separator) >= width
        for row in rows
        for cell in row
        if "\n" in cell
        for line in cell.split("\n")
    )


def _by_line(text: str, separator: str) -> list[list[str]]:
    """Return the rows of a text in which each line is one, whatever its quotes say."""
    rows = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        cells: list[str] | None = None
        if line.count('"') % 2 == 0 and '"' in line:
            try:
                cells = next(csvtext.rows(line, separator, strict=False), [])
            except csv.Error:
                cells = None
        rows.append(cells if cells is not None else line.replace('"', "").split(separator))
    if rows[-1] == [""]:
        rows.pop()
    return rows


def _header(rows: Sequence[list[str]]) -> int | None:
    """Return where the row of column names stands, None where there is none.

    It is as wide as most rows, no cell of it holds a value, and it has a word that names a column,
    or stands above columns of figures. Names alone make no header: they may be a first row.
    """
    top = rows[:_ABOVE]
    filled = [sum(map(bool, row)) for row in rows[:200]]
    common = Counter(count for count in filled if count > 1).most_common(1)
    if not common or fields_down(top):
        return None
    wide = max(2, round(common[0][0] * 0.6))
    for index, row in enumerate(top):
        if filled[index] < wide:
            continue
        if any(_is_value(cell) for cell in row):
            return None
        known = recognised(row)
        if (
            known >= 2
            or (known and known * 3 >= filled[index])
            or _above_figures(row, rows[index:])
        ):
            return index
        if index + 1 < len(top) and filled[index] < common[0][0]:
            continue
        return None
    return None


def _is_value(cell: str) -> bool:
    digits = sum(map(str.isdecimal, cell))
    return digits > 4 or "@" in cell or digits * 2 > len(cell) > 1 or cell.isdecimal()


def _above_figures(row: Sequence[str], below: Sequence[list[str]]) -> bool:
    """Say whether two columns, or the only one but one, hold figures under a word."""
    figures = 0
    for index, cell in enumerate(row):
        under = [r[index] for r in below[1:20] if index < len(r) and r[index]]
        if cell and under and all(any(map(str.isdecimal, value)) for value in under):
            figures += 1
    return figures > 0 and not any(any(map(str.isdecimal, cell)) for cell in row)
