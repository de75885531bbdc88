"""A CSV file as spreadsheets write it, read strictly: its columns by name, its cells by row."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare import files, profiles
from secshare.errors import InputUnreadable, RecipientDataInvalid
from secshare.files import csvtext
from secshare.recipients.headers import HEADERS, SEPARATORS, damage, is_nir
from secshare.recipients.names import fold

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.errors import SecshareError

__all__ = ["Problem", "Row", "Table", "read_table"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one place of a file.

    Attributes:
        row: as a spreadsheet numbers it, the line of column names being 1.
        column: as the file names it; None for the whole row.
        error: worded as any other, without the content of the cell.
    """

    row: int
    column: str | None
    error: SecshareError


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row that are not empty, by field."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns and rows, and what could not be read of it.

    Attributes:
        headers: the columns of known fields, by field, as the file names them.
    """

    headers: dict[str, str]
    rows: list[Row]
    problems: list[Problem]

    def wrong(self, row: int, column: str | None, error: SecshareError) -> None:
        """Add a problem; `column` is None for the whole row."""
        self.problems.append(Problem(row, column, error))


def read_table(path: Path) -> Table:
    """Read a file of recipients: UTF-8, cp1252 or UTF-16 with its mark; `;`, `,` or tab.

    Raises:
        InputUnreadable: missing, not regular, empty ...
        RecipientDataInvalid: too large, in no encoding we know, without a line of column names.
    """
    stated, text = csvtext.stated_separator(_text(path))
    first = 2 if stated else 1
    separator = stated or max(SEPARATORS, key=lambda s: len(_known(text, s)))
    names = _header(text, separator)
    if not _known(text, separator):
        raise RecipientDataInvalid("recipients.import_headers", path=path.name)
    table = Table({}, [], [])
    columns = _columns(names, table, first)
    _read_rows(text, separator, columns, table, first)
    return table


def _text(path: Path) -> str:
    with files.open_source(path) as source:
        if source.size > profiles.IMPORT_BYTES:
            raise RecipientDataInvalid("recipients.import_large", path=path.name)
        try:
            data = source.file.readall()
        except OSError as error:
            raise InputUnreadable("files.unreadable", path=path) from error
        source.check_unchanged()
    text = csvtext.decoded(data)
    if text is None:
        raise RecipientDataInvalid("recipients.import_encoding", path=path.name)
    return text


def _header(text: str, separator: str) -> list[str]:
    try:
        return next(csvtext.rows(text, separator), [])
    except csv.Error:
        return []


def _known(text: str, separator: str) -> list[str]:
    return [name for name in _header(text, separator) if fold(name) in HEADERS]


def _columns(names: list[str], table: Table, first: int) -> list[str | None]:
    """Return the field of each column, None for an empty name; unknown and repeated are said."""
    columns: list[str | None] = []
    for name in names:
        field = HEADERS.get(fold(name))
        if field is None and name.strip():
            nir = is_nir(name)
            key = "recipients.column_nir" if nir else "recipients.column_unknown"
            table.wrong(first, name, RecipientDataInvalid(key))
        elif field in table.headers:
            table.wrong(first, name, RecipientDataInvalid("recipients.column_twice"))
        elif field is not None:
            table.headers[field] = name.strip()
        columns.append(field)
    return columns


def _read_rows(
    text: str, separator: str, columns: list[str | None], table: Table, first: int
) -> None:
    number = first
    reader = csvtext.rows(text, separator)
    next(reader)
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # nothing after it can be trusted to begin where it seems to
            table.wrong(number, None, RecipientDataInvalid("recipients.row_quotes"))
            return
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            table.wrong(
                number,
                None,
                RecipientDataInvalid(
                    "recipients.row_cells", found=len(cells), expected=len(columns)
                ),
            )
            continue
        row = Row(number, {})
        for field, cell in zip(columns, cells, strict=True):
            if field is not None and (value := csvtext.bare(cell)):
                _check_cell(value, number, table.headers[field], table)
                row.cells[field] = value
        table.rows.append(row)


def _check_cell(value: str, number: int, column: str, table: Table) -> None:
    if (error := damage(value)) is not None:
        table.wrong(number, column, error)
