"""The columns of a manifest: what each means, by the name it has in French or in English."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from secshare.errors import ManifestInvalid, RecipientDataInvalid
from secshare.recipients import fold
from secshare.recipients.headers import HEADERS, is_nir
from secshare.recipients.table import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Columns", "field_of", "names_line", "read_columns"]

_BELOW: Final = 20  # lines at the top of a table in which its column names may stand
_SURE: Final = 2  # names of columns in one line: one alone may be a word of a title

# What a list of recipients has too bears the same names in both.
_SHARED: Final = {
    **{each: each for each in ("name", "first_name", "email", "phone", "birth_date")},
    **{each: each for each in ("road", "language", "key")},
    "purposes": "purpose",
}

_HEADERS: Final = {
    **{name: _SHARED[field] for name, field in HEADERS.items() if field in _SHARED},
    **dict.fromkeys(("file", "files", "document", "documents", "path", "pdf"), "file"),
    **dict.fromkeys(("fichier", "fichiers", "nom du fichier", "nom de fichier"), "file"),
    **dict.fromkeys(("file name", "filename", "chemin", "piece"), "file"),
    **dict.fromkeys(("nom fichier", "fichier pdf", "document pdf", "nom du document"), "file"),
    **dict.fromkeys(("to", "recipient", "destinataire", "pour", "a"), "to"),
    **dict.fromkeys(("about", "au sujet de", "concerne"), "about"),
    **dict.fromkeys(("personne concernee", "a propos de"), "about"),
    **dict.fromkeys(("format", "form", "forme"), "format"),
    **dict.fromkeys(("group", "groupe", "lot", "envelope", "pli"), "group"),
}

_NAMES: Final = {
    "file": "fichier / file",
    "to": "destinataire / to",
    "name": "nom / name",
    "email": "email",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one manifest, in its own order.

    Attributes:
        fields: what each column means; None for one without a name, and for one that is wrong.
        names: how the file names each; a letter for one without a name.
        unnamed: the places of those.
    """

    fields: tuple[str | None, ...]
    names: tuple[str, ...]
    unnamed: frozenset[int]

    def place(self, field: str) -> int:
        """Return where a field's column is, -1 where there is none."""
        return self.fields.index(field) if field in self.fields else -1

    def named(self, place: int) -> str | None:
        """Return how the file names a column; None for -1, the whole row."""
        return self.names[place] if place >= 0 else None


def field_of(name: str) -> str | None:
    """Return which field a column of this name holds, None where no column is called so."""
    return _HEADERS.get(fold(name)) or ("nir" if is_nir(name) else None)


def names_line(lines: Iterable[tuple[int, Sequence[object]]]) -> int | None:
    """Return the number of the line, of those at the top, that has the names of columns."""
    for number, cells in islice(lines, _BELOW):
        if len({field_of(str(cell)) for cell in cells} - {None}) >= _SURE:
            return number
    return None


def read_columns(header: Sequence[str], row: int, wrong: Callable[[Problem], None]) -> Columns:
    """Read the line of column names. What is unknown, there twice or missing is told to `wrong`.

    Args:
        row: its number.
    """
    fields: list[str | None] = []
    names = [name.strip() or _letters(place) for place, name in enumerate(header)]

    def tell(name: str, key: str) -> None:
        error = RecipientDataInvalid if key.startswith("recipients.") else ManifestInvalid
        wrong(Problem(row, name, error(key)))

    for name in map(str.strip, header):
        field = field_of(name)
        if field is None and name:
            tell(name, "manifest.column_unknown")
        elif field is not None and field in fields:
            tell(name, "recipients.column_twice")
            field = None
        fields.append(field)
    needed = ["file"]
    if {"name", "first_name", "email"} & set(fields):
        needed += ["name", "email"]
    elif "to" not in fields:
        needed.append("to")
    for each in needed:
        if each not in fields:
            tell(_NAMES[each], "recipients.column_missing")
    unnamed = frozenset(place for place, name in enumerate(header) if not name.strip())
    return Columns(tuple(fields), tuple(names), unnamed)


def _letters(place: int) -> str:
    """Return how a spreadsheet calls a column that has no name: A, B ... AA."""
    name, place = "", place + 1
    while place:
        place, digit = divmod(place - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
