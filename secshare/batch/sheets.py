"""A manifest that is a workbook: the rows of its first sheet whose columns are a manifest's.

Of a sheet that people see, and not of a hidden one. A row that a filter hides is an error, and so
is a hidden column that is read: whoever filtered a table, saved it and sent it off meant what was
left to be seen. So is a second sheet of shares: whoever made one for each day means both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.batch.columns import field_of, names_line
from secshare.batch.marks import Marks
from secshare.batch.reading import Raw, Rows, digest_of, no_names, refused
from secshare.batch.workbooks import looked_through
from secshare.errors import ManifestInvalid

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

    from secshare.files import Source

__all__ = ["read"]

_NOTHING: Final = Marks({}, set(), set())


def read(source: Source) -> Rows:
    """Return the rows of a workbook's first sheet that begins with known columns.

    Raises:
        ManifestInvalid: no such sheet, or several that ask for shares; damaged, protected, or
            larger than a manifest may be.
    """
    if source.size > profiles.MANIFEST_SHEET_BYTES:
        raise refused("manifest.sheet_large", source.path, most=profiles.MANIFEST_SHEET_ROWS)
    source.file.seek(0)
    looked = looked_through(source.file.readall(), source.path)
    sheet = _only(_workbook(looked.archive, source.path), source.path)
    if sheet.name not in looked.sheets:  # what nobody looked through may hide rows, and errors
        raise refused("manifest.sheet_unreadable", source.path)
    marks = looked.sheets[sheet.name]
    rows = _rows(sheet, marks)
    header = next(rows)
    if hidden := _hidden_columns(header, marks):
        raise refused("manifest.columns_hidden", source.path, columns=hidden)
    return Rows(digest_of(source), sheet.total_height, profiles.MANIFEST_SHEET_ROWS, header, rows)


def _workbook(archive: io.BytesIO, path: Path) -> CalamineWorkbook:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_filelike(archive)
    except BaseException as error:
        raise _unreadable(error, path) from error


def _only(book: CalamineWorkbook, path: Path) -> CalamineSheet:
    """Return the first sheet that begins with known columns.

    Raises:
        ManifestInvalid: none does; the columns stand further down; or rows of another sheet would
            be left out without a word.
    """
    shown = _shown(book, path)
    found = next((each for each in shown if _begins(each, path)), None)
    if found is None:
        raise refused("manifest.headers", path)
    asking = [each.name for each in (found, *shown) if _asks(each)]
    if len(asking) > 1:
        raise refused("manifest.sheets_several", path, sheets=", ".join(asking))
    return found


def _shown(book: CalamineWorkbook, path: Path) -> Iterator[CalamineSheet]:
    """Yield the sheets with cells that people see."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    for index, known in enumerate(book.sheets_metadata):
        if (known.visible, known.typ) == (SheetVisibleEnum.Visible, SheetTypeEnum.WorkSheet):
            try:
                sheet = book.get_sheet_by_index(index)
            except BaseException as error:
                raise _unreadable(error, path) from error
            yield sheet


def _begins(sheet: CalamineSheet, path: Path) -> bool:
    """Return whether the first line of a sheet has a column of a manifest.

    Raises:
        ManifestInvalid: a line further down has them.
    """
    header = next(_rows(sheet, _NOTHING), None)
    if header is not None and any(field_of(str(cell)) for cell in header.cells):
        return True
    # Not passed over for a sheet behind it, which may be last month's.
    if row := names_line((raw.number, raw.cells) for raw in _rows(sheet, _NOTHING)):
        raise no_names(path, row)
    return False


def _asks(sheet: CalamineSheet) -> bool:
    """Return whether rows of a sheet name documents and people, under a title or not.

    Notes do not, nor do lists that cells are chosen from, nor a table that nobody filled in.
    """
    row = names_line((raw.number, raw.cells) for raw in _rows(sheet, _NOTHING))
    table = (raw for raw in _rows(sheet, _NOTHING) if row is not None and raw.number >= row)
    header = next(table, None)
    if header is None:
        return False
    fields = {field_of(str(cell)) for cell in header.cells}
    return "file" in fields and bool(fields & {"to", "name"}) and next(table, None) is not None


def _hidden_columns(header: Raw, marks: Marks) -> str:
    """Return the names of the columns that are read, and that nobody sees."""
    names = [str(cell) for cell in header.cells]
    hidden = [name for at, name in enumerate(names) if at in marks.hidden_columns]
    return ", ".join(name.strip() for name in hidden if field_of(name))


def _rows(sheet: CalamineSheet, marks: Marks) -> Iterator[Raw]:
    """Yield the rows that are not blank, each with its first column, empty or not."""
    if sheet.start is None:
        return
    margin: list[Any] = [""] * sheet.start[1]
    for number, found in enumerate(sheet.iter_rows(), start=1):
        cells = [*margin, *found]
        for column, stands in marks.spoilt.get(number, {}).items():
            cells += [""] * (column + 1 - len(cells))
            cells[column] = stands
        if any(cell not in {"", None} for cell in cells):
            hidden = number in marks.hidden
            error = ManifestInvalid("manifest.row_hidden") if hidden else None
            yield Raw(number, cells, number, error)


def _unreadable(error: BaseException, path: Path) -> BaseException:
    """Return the fault in our words; what is not the library's as it is.

    A panic of the library's is no Exception.
    """
    panic = type(error).__name__ == "PanicException"
    if not panic and (isinstance(error, MemoryError) or not isinstance(error, Exception)):
        return error
    told = f"{type(error).__name__} {error}".lower()
    locked = "password" in told or "encrypt" in told
    return refused("manifest.sheet_protected" if locked else "manifest.sheet_unreadable", path)
