"""A CSV file as spreadsheets write it, read strictly: its columns by name, its cells by row."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare import files, profiles
from secshare.errors import InputUnreadable, RecipientDataInvalid
from secshare.files import csvtext
from secshare.recipients.names import fold

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.errors import SecshareError

__all__ = ["Problem", "Row", "Table", "read_table"]

_SEPARATORS: Final = (";", ",", "\t")

_HEADERS: Final = {
    **dict.fromkeys(("nom", "name", "nom complet", "full name", "last name", "surname"), "name"),
    **dict.fromkeys(("nom de famille", "nom usuel", "raison sociale"), "name"),
    **dict.fromkeys(("prenom", "prenoms", "first name", "given name"), "first_name"),
    **dict.fromkeys(("type", "kind", "categorie"), "kind"),
    **dict.fromkeys(("id", "identifiant", "code"), "id"),
    **dict.fromkeys(
        ("email", "e mail", "mail", "courriel", "adresse email", "adresse e mail", "adresse mail"),
        "email",
    ),
    **dict.fromkeys(("email address", "e mail address", "adresse electronique"), "email"),
    **dict.fromkeys(
        ("telephone", "tel", "portable", "mobile", "phone", "phone number", "mobile phone"),
        "phone",
    ),
    **dict.fromkeys(("numero de telephone", "telephone portable", "tel portable"), "phone"),
    **dict.fromkeys(
        ("date de naissance", "naissance", "ne e le", "ne le", "nee le", "ddn"), "birth_date"
    ),
    **dict.fromkeys(("birth date", "birthdate", "date of birth", "dob"), "birth_date"),
    **dict.fromkeys(("road", "voie", "voie des mots"), "road"),
    **dict.fromkeys(("language", "langue"), "language"),
    **dict.fromkeys(
        ("accord email", "accord e mail", "consentement", "consentement email"), "email_consent"
    ),
    **dict.fromkeys(
        ("consent", "email consent", "e mail consent", "consentement e mail"), "email_consent"
    ),
    **dict.fromkeys(
        ("date accord", "date de l accord", "date du consentement", "date consentement"),
        "email_consent_date",
    ),
    **dict.fromkeys(("consent date", "email consent date"), "email_consent_date"),
    **dict.fromkeys(("finalite", "finalites", "usages", "purpose", "purposes"), "purposes"),
    **dict.fromkeys(("cle", "cles", "cle publique", "key", "keys", "public key"), "key"),
}

# An unknown column that can only hold a social-security number, by its folded name.
_NIR_COLUMN: Final = re.compile(
    r"securite sociale|social security|\b(?:secu|nir|nss|ssn|ins|insee|s ?s)\b"
)

_SPREADSHEET_ERROR: Final = re.compile(r"#[A-Z0-9/_ÉÈ]+[!?]?|#+")
_BROKEN_ACCENT: Final = re.compile(
    "[\u00c3\u00c5][\u0080-\u00bf\u0152-\u0192\u2013-\u2122]|\u00e2\u20ac"
)


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
    separator = stated or max(_SEPARATORS, key=lambda s: len(_known(text, s)))
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
    return [name for name in _header(text, separator) if fold(name) in _HEADERS]


def _columns(names: list[str], table: Table, first: int) -> list[str | None]:
    """Return the field of each column, None for an empty name; unknown and repeated are said."""
    columns: list[str | None] = []
    for name in names:
        field = _HEADERS.get(fold(name))
        if field is None and name.strip():
            nir = _NIR_COLUMN.search(fold(name)) is not None
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
    key = None
    if _SPREADSHEET_ERROR.fullmatch(value):
        key = "recipients.cell_spreadsheet"
    elif _BROKEN_ACCENT.search(value) or "\ufffd" in value:
        key = "recipients.cell_accents"
    if key is not None:
        table.wrong(number, column, RecipientDataInvalid(key))
