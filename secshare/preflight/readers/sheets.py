"""Spreadsheets: every sheet, hidden ones too, and what stands outside the cells.

The cells are python-calamine's, which is fast and takes what is inside a file for granted: it is
handed an archive that was packed here, from members that were unpacked within the budget, and no
sheet whose cells lie so far apart that the room between them would fill the memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.preflight.content import Unread, Why
from secshare.preflight.readers import biff, ods, packages, sheetparts
from secshare.preflight.readers.budget import OverBudget
from secshare.preflight.readers.tables import add_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from python_calamine import CalamineSheet, CalamineWorkbook

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["read"]

# A cell's reference, as every program writes it, and however else XML allows to.
_PLAIN: Final = (re.compile(rb' r="([A-Za-z]+)\d'), re.compile(rb' r="[A-Za-z]+(\d+)'))
_ANY: Final = (
    re.compile(rb"[\s\"']r\s*=\s*[\"']([A-Za-z]+)\d"),
    re.compile(rb"[\s\"']r\s*=\s*[\"'][A-Za-z]+(\d+)"),
)
_UNUSUAL: Final = re.compile(rb"r(?:\s+=|=\s|=')")
_LAST_COLUMN: Final = 16_384  # ECMA-376, and Excel's specifications
_LAST_ROW: Final = 1_048_576
_LEFT: Final = 100  # empty columns on the left that are put back, so that B stays B
_PASSWORD: Final = ("password", "encrypt")


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add the sheets of an XLSX, XLSM, XLSB, XLS or ODS file, each as a table.

    Comments, headers and footers, names, properties, text boxes, formulas with texts, copies of
    data that pivot tables keep, hidden rows and columns are parts. Numbers are as Excel shows
    them in a cell without a format: `612345678`, not `612345678.0`; days are `YYYY-MM-DD`.

    Raises:
        OverBudget: more than the budget, or than `profiles.PREFLIGHT_CELLS`.
    """
    if not data.startswith(b"PK"):
        _read_old(data, place, budget, content)
        return
    members = packages.members(data, place, budget, content)
    if members is None:
        return
    if "content.xml" in members:
        ods.read(members, place, budget, content)
        return
    workbook = sheetparts.Workbook(members, place, budget, content)
    # Whatever the library may take for a sheet, by a path that it reads in its own way.
    far = {path for path, xml in members.items() if b"sheetData" in xml and not _near(xml)}
    for path in far:
        members[path] = b"<worksheet><sheetData/></worksheet>"
        content.unread.append(
            Unread(Why.TOO_LARGE, replace(place, sheet=workbook.names.get(path, path)))
        )
    _cells(_packed(members), place, budget, content, hidden=workbook)
    workbook.read()
    packages.read_inside(members, "xl/embeddings/", place, budget, content)
    packages.read_inside(members, "xl/media/", place, budget, content)


def _read_old(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add an XLS file. Its workbook is looked through before the library may make room for it."""
    found = biff.workbook(data)
    if found is None or found[1] or not biff.near(found[0]):
        why = Why.BROKEN if found is None else Why.ENCRYPTED if found[1] else Why.TOO_LARGE
        content.unread.append(Unread(why, place))
        return
    _cells(data, place, budget, content)
    biff.read(data, place, budget, content)


def _near(xml: bytes) -> bool:
    """Say whether the cells of a sheet, with the room between them, fit in memory."""
    end = xml.rfind(b"sheetData")
    plain = xml.count(b' r="', 0, end) == xml.count(b'r="', 0, end)
    columns, rows = _PLAIN if plain and not _UNUSUAL.search(xml) else _ANY
    letters = {letters.upper() for letters in set(columns.findall(xml))}
    digits = set(rows.findall(xml))
    if not letters:
        return True
    if max(map(len, letters)) > 3 or max(map(len, digits)) > 7:
        return False
    width = max(map(_number, letters))
    first, last = min(map(int, digits)), max(map(int, digits))
    fits = width * (last - first + 1) <= profiles.PREFLIGHT_CELLS * 2
    return fits and width <= _LAST_COLUMN and 0 < first <= last <= _LAST_ROW


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _packed(members: dict[str, bytes]) -> bytes:
    """Return an archive of what was unpacked: nothing in it is other than it says."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            if not name.startswith(("xl/media/", "xl/embeddings/")):
                archive.writestr(zipfile.ZipInfo(name), data)
    return packed.getvalue()


def _cells(
    data: bytes,
    place: Place,
    budget: Budget,
    content: Content,
    hidden: sheetparts.Workbook | None = None,
) -> None:
    """Add the tables of a workbook, and as hidden parts what its hidden rows and columns hold."""
    from python_calamine import SheetVisibleEnum

    book = _opened(data, place, content)
    if book is None:
        return
    left = profiles.PREFLIGHT_CELLS
    for index, known in enumerate(book.sheets_metadata):
        at = replace(place, sheet=known.name, hidden=known.visible != SheetVisibleEnum.Visible)
        sheet = _sheet(book, index, at, content)
        if sheet is None or sheet.start is None:
            continue
        left -= sheet.height * sheet.width
        if left < 0:
            raise OverBudget
        row, column = sheet.start
        margin = [""] * min(column, _LEFT)
        rows = [[*margin, *map(_text, cells)] for cells in sheet.to_python()]
        budget.spend_characters(sum(len("".join(cells)) for cells in rows))
        if hidden is not None:
            hidden.add_hidden(at, rows, row, column - len(margin))
        add_table(rows, at, content, first_row=row + 1)


def _opened(data: bytes, place: Place, content: Content) -> CalamineWorkbook | None:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:
        content.unread.append(Unread(_why(error), place))
        return None


def _sheet(book: CalamineWorkbook, index: int, at: Place, content: Content) -> CalamineSheet | None:
    try:
        return book.get_sheet_by_index(index)
    except BaseException as error:
        content.unread.append(Unread(_why(error), at))
        return None


def _why(error: BaseException) -> Why:
    """Return why a workbook could not be read. Whatever is not the library's fault is raised.

    A panic of the library's is no Exception, and would end the process with all that was read.
    """
    panic = type(error).__name__ == "PanicException"
    if not panic and (isinstance(error, MemoryError) or not isinstance(error, Exception)):
        raise error
    told = f"{type(error).__name__} {error}".lower()
    return Why.ENCRYPTED if any(word in told for word in _PASSWORD) else Why.BROKEN


def _from_float(value: float) -> str:
    """Return a number as digits. Excel hands every number over as a float: a NIR has 15 digits."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)


def _from_moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ")


_AS_TEXT: Final[dict[type, Callable[[Any], str]]] = {
    str: str.strip,
    bool: lambda value: str(value).lower(),
    int: str,
    float: _from_float,
    datetime: _from_moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}


def _text(value: object) -> str:
    return _AS_TEXT[type(value)](value)
