"""One row of a manifest: its cells read together, and what no single cell tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from secshare.batch.cells import read_cell
from secshare.errors import ManifestInvalid, RecipientDataInvalid, SecshareError
from secshare.model import Road, SealFormat
from secshare.recipients import one_line, takes_sms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from secshare.batch.cells import Cell, Place
    from secshare.batch.columns import Columns

__all__ = ["Draft", "Fault", "draft"]

_INLINE: Final = ("name", "first_name", "email")


class Fault(NamedTuple):
    """What is wrong in a row: in one column, by its place, or in all of it (-1)."""

    place: int
    error: SecshareError


class Draft(NamedTuple):
    """What could be read of a row.

    Attributes:
        values: by field; what is empty or could not be read is not there.
        faults: what could not.
    """

    number: int
    values: dict[str, Any]
    faults: list[Fault]


def draft(number: int, cells: Sequence[Cell], columns: Columns, place: Place) -> Draft:
    """Read a row. Every fault of it is told, not the first only."""
    made = Draft(number, {}, [])
    expected = len(columns.fields)
    if len(cells) != expected and not _padded(cells, expected):
        error = RecipientDataInvalid("recipients.row_cells", found=len(cells), expected=expected)
        made.faults.append(Fault(-1, error))
        return made
    given: set[str] = set()
    for at, field in enumerate(columns.fields):
        cell = cells[at]
        if cell in {"", None}:
            continue
        if field is None:
            if at in columns.unnamed and not str(cell).isspace():
                made.faults.append(Fault(at, ManifestInvalid("manifest.cell_unnamed")))
            continue
        try:
            value = read_cell(field, cell, place)
        except SecshareError as error:
            made.faults.append(Fault(at, error))
            given.add(field)
        else:
            if value is not None:
                made.values[field] = value
                given.add(field)
    _check(made, given, columns)
    return made


def _padded(cells: Sequence[Cell], expected: int) -> bool:
    """Say whether what a row has too many of is empty, as some programs end every row."""
    return len(cells) > expected and not any(str(cell).strip() for cell in cells[expected:])


def _check(made: Draft, given: set[str], columns: Columns) -> None:
    """Check what cells tell together; what is missing is told where the file has a column for it.

    Args:
        given: the fields whose cells are not empty, also where they could not be read.
    """
    values = made.values

    def wrong(field: str, error: SecshareError) -> None:
        made.faults.append(Fault(columns.place(field), error))

    def needed(field: str) -> None:
        if field not in given and field in columns.fields:
            wrong(field, RecipientDataInvalid("recipients.cell_needed"))

    if "file" not in given and "file" in columns.fields:
        wrong("file", ManifestInvalid("manifest.file_needed"))
    inline = given.intersection(_INLINE)
    if "to" in given and inline:
        wrong("to", ManifestInvalid("manifest.to_and_name"))
    elif inline:
        needed("name")
        needed("email")
    elif "to" not in given and {"to", "name"} & set(columns.fields):
        wrong("to" if "to" in columns.fields else "name", ManifestInvalid("manifest.nobody"))
    _check_ways(made, given, wrong, inline=bool(inline))
    if first_name := values.pop("first_name", None):
        try:
            values["name"] = one_line("name", f"{first_name} {values.get('name', '')}")
        except RecipientDataInvalid as error:
            wrong("name", error)


def _check_ways(
    made: Draft, given: set[str], wrong: Callable[[str, SecshareError], None], *, inline: bool
) -> None:
    road, phone = made.values.get("road"), made.values.get("phone")
    if inline and road in {Road.SMS, Road.PHONE} and "phone" not in given:
        wrong("road", ManifestInvalid("manifest.road_without_phone"))
    if road is Road.SMS and phone is not None and not takes_sms(phone):
        wrong("phone", ManifestInvalid("manifest.landline"))
    if "key" in given and road is not None:
        wrong("road", ManifestInvalid("manifest.road_with_key"))
    if "key" in given and made.values.get("format") is SealFormat.PDF:
        wrong("format", ManifestInvalid("manifest.pdf_with_key"))
