"""A cell of a manifest: what it says, or how a spreadsheet or a slip of the hand spoilt it.

An error never repeats the cell.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from secshare.batch.paths import beside
from secshare.errors import ManifestInvalid, RecipientDataInvalid
from secshare.files import csvtext
from secshare.model import SealFormat
from secshare.preflight.identifiers import nir as numbers
from secshare.preflight.identifiers.plain import plain
from secshare.recipients import fold, one_line, parse_email, parse_field, parse_keys, parse_phone
from secshare.recipients.headers import damage
from secshare.recipients.keys import split_keys
from secshare.recipients.names import reads_as_nir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Cell", "Place", "read_cell"]

Cell: TypeAlias = str | float | bool | date | time | timedelta
"""A cell as the file holds it: text in CSV, and a value of some type in a workbook."""


class Place(NamedTuple):
    """What a cell is read by.

    Attributes:
        folder: the manifest's, absolute.
        region: by which national telephone numbers are read.
        today: no birth date is after it.
    """

    folder: Path
    region: str
    today: date


_FORMATS: Final = {
    **dict.fromkeys(("age", "fichier age"), SealFormat.AGE),
    **dict.fromkeys(("html", "page", "web", "page web"), SealFormat.HTML),
    **dict.fromkeys(("pdf",), SealFormat.PDF),
}

_NUMBER: Final = re.compile(r"[+-]?\d+[.,]\d+|[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)
"""What a spreadsheet writes for a number, and nobody for a telephone or a social-security one."""

_YEAR: Final = re.compile(r"(?:(?:19|20)\d\d|2100)(?:[.,]0+)?", re.ASCII)
_YEARS_AS_DAYS: Final = ("1905-03-14", "1905-09-30")
"""What a spreadsheet makes of 1900 and of 2100 in a column of dates."""

_ORDINARY: Final = re.compile(r"([A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*)@([A-Za-z0-9.-]+)", re.ASCII)
_LOCAL_CHARACTERS: Final = 64  # RFC 5321 4.5.3.1.1
_ADDRESS_CHARACTERS: Final = 254  # 4.5.3.1.3, without the brackets
_BREAKS: Final = str.maketrans("", "", "\r\n\t")


def read_cell(field: str, cell: Cell, place: Place) -> Any:  # noqa: ANN401 - what the field holds
    """Return what a cell says; None where it is empty.

    Args:
        field: one of `columns.read_columns`.

    Raises:
        RecipientDataInvalid, ManifestInvalid: it cannot be taken.
    """
    text = csvtext.bare(cell) if isinstance(cell, str) else _typed(field, cell)
    if not text:
        return None
    if not text.isprintable() or text[0] == "=":
        _check_characters(field, text)
    if not text.isascii() or text[0] == "#":
        _check_damage(text)
    return _READERS[field](text, place)


def _typed(field: str, cell: float | date | time | timedelta) -> str:
    """Return the text of a cell that is none, where it lost nothing by that.

    Raises:
        RecipientDataInvalid, ManifestInvalid: it may have.
    """
    if isinstance(cell, date) and field == "birth_date":
        day = cell.isoformat()[:10]
        if _YEARS_AS_DAYS[0] <= day <= _YEARS_AS_DAYS[1]:
            raise ManifestInvalid("manifest.year_alone")
        return day if _is_day(cell) else cell.isoformat()
    if isinstance(cell, bool):
        raise ManifestInvalid("manifest.cell_boolean")
    if not isinstance(cell, int | float):
        raise ManifestInvalid("manifest.cell_date")
    if field == "group" and float(cell).is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if field == "phone":
        raise RecipientDataInvalid("recipients.phone_damaged", field=field)
    if field == "birth_date":
        _check_year(f"{cell:g}")
        raise RecipientDataInvalid("recipients.date_serial", field=field)
    raise ManifestInvalid("manifest.nir_number" if field == "nir" else "manifest.cell_number")


def _is_day(cell: date) -> bool:
    return not isinstance(cell, datetime) or cell.time() == time()


def _check_characters(field: str, text: str) -> None:
    if text[0] == "=":
        raise ManifestInvalid("manifest.cell_formula")
    if field == "key":  # several may stand in one cell, a line each
        text = text.translate(_BREAKS)
    if not all(character.isprintable() or character.isspace() for character in text):
        raise ManifestInvalid("manifest.cell_hidden")
    if field != "key" and any(character in "\r\n\t\v\f\x85\u2028\u2029" for character in text):
        raise ManifestInvalid("manifest.cell_lines")


def _check_damage(text: str) -> None:
    if (error := damage(text)) is not None:
        raise error


# --- each field ---------------------------------------------------------------------------------


def _who(text: str, _: Place) -> str:
    """Read an id or a name of the directory. What is none of them, the directory says later."""
    if reads_as_nir(text):
        raise RecipientDataInvalid("recipients.text_nir", field="to")
    _check_accents(text)
    return text


def _name(text: str, _: Place) -> str:
    _check_accents(text)
    return one_line("name", text)


def _check_accents(text: str) -> None:
    """Refuse a name with a question mark: programs of Windows write one for an accent they lose."""
    if "?" in text:
        raise RecipientDataInvalid("recipients.cell_accents")


def _email(text: str, _: Place) -> str:
    """Read an address. Millions have a few thousand hosts: what is plain before `@` is quick."""
    ordinary = _ORDINARY.fullmatch(text)
    if ordinary is None or len(text) > _ADDRESS_CHARACTERS or len(ordinary[1]) > _LOCAL_CHARACTERS:
        return parse_email("email", text)
    host = _host(ordinary[2])
    if host is None:
        return parse_email("email", text)
    return f"{ordinary[1]}@{host}"


@lru_cache(maxsize=10_000)
def _host(host: str) -> str | None:
    try:
        return parse_email("email", f"x@{host}").partition("@")[2]
    except RecipientDataInvalid:
        return None


def _phone(text: str, place: Place) -> str:
    if _NUMBER.fullmatch(text):
        raise RecipientDataInvalid("recipients.phone_damaged", field="phone")
    return parse_phone("phone", text, region=place.region)


def _birth_date(text: str, place: Place) -> date:
    _check_year(text)
    found: date = parse_field("birth_date", text, region=place.region, today=place.today)
    return found


def _check_year(text: str) -> None:
    """Refuse a year alone. Taken for a spreadsheet's day, 1958 would be the 11th of May of 1905."""
    if _YEAR.fullmatch(text):
        raise ManifestInvalid("manifest.year_alone")


def _nir(text: str, _: Place) -> str:
    """Return the thirteen characters of a social-security number, its key checked if it is there.

    Raises:
        ManifestInvalid: it is none, its key is wrong, or a spreadsheet made a number of it.
    """
    if _NUMBER.fullmatch(text):
        raise ManifestInvalid("manifest.nir_number")
    found = list(numbers.search(plain(text), labelled=True))
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
        raise ManifestInvalid("manifest.nir")
    if found[0].key is False:
        raise ManifestInvalid("manifest.nir_key")
    return found[0].value


def _format(text: str, _: Place) -> SealFormat:
    found = _FORMATS.get(fold(text))
    if found is None:
        raise ManifestInvalid("manifest.format")
    return found


def _field(name: str) -> Callable[[str, Place], Any]:
    return lambda text, place: parse_field(name, text, region=place.region, today=place.today)


_READERS: Final[dict[str, Callable[[str, Place], Any]]] = {
    "file": lambda text, place: beside(place.folder, text),
    "to": _who,
    "about": _who,
    "name": _name,
    "first_name": _name,
    "email": _email,
    "phone": _phone,
    "birth_date": _birth_date,
    "nir": _nir,
    "road": _field("road"),
    "language": _field("language"),
    "format": _format,
    "purpose": lambda text, place: one_line("purposes", text),
    "key": lambda text, place: parse_keys(split_keys(text)),
    "group": lambda text, place: text,
}
