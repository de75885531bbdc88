"""A manifest that is a workbook: the rows of its first sheet whose columns are a manifest's.

The library takes what is inside an archive for granted, and makes room for all that lies between
two cells: what an archive says of itself is looked at before it may.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.batch.columns import field_of
from secshare.batch.reading import Raw, Rows, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

    from secshare.files import Source

__all__ = ["read"]

_CHUNK: Final = 1 << 20
_REFERENCE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4})([0-9]{1,8})[\"']")
_OVERLAP: Final = 64  # bytes of a chunk that are looked at again with the next
_BOOK: Final = "xl/workbook.xml"


def read(source: Source) -> Rows:
    """Return the rows of a workbook's first sheet that begins with known columns.

    Raises:
        ManifestInvalid: no such sheet, damaged, protected, or larger than a manifest may be.
    """
    if source.size > profiles.MANIFEST_SHEET_BYTES:
        raise refused("manifest.sheet_large", source.path, most=profiles.MANIFEST_SHEET_ROWS)
    source.file.seek(0)
    data = source.file.readall()
    _check_size(data, source.path)
    sheet = _first(_workbook(data, source.path), source.path)
    rows = _rows(sheet)
    return Rows(
        hashlib.sha256(data).hexdigest(),
        sheet.total_height,
        profiles.MANIFEST_SHEET_ROWS,
        next(rows),
        rows,
    )


def _check_size(data: bytes, path: Path) -> None:
    """Check that a workbook fits in memory, by what its archive says and where its cells lie.

    Raises:
        ManifestInvalid: it does not, or is none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if _BOOK not in {each.filename for each in members}:
                raise refused("manifest.sheet_unreadable", path)
            unpacked = sum(each.file_size for each in members)
            if unpacked > profiles.MANIFEST_SHEET_UNPACKED:
                raise refused("manifest.sheet_large", path, most=profiles.MANIFEST_SHEET_ROWS)
            for each in members:
                if each.filename.startswith("xl/worksheets/") and not _near(archive, each):
                    raise refused("manifest.sheet_large", path, most=profiles.MANIFEST_SHEET_ROWS)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise refused("manifest.sheet_unreadable", path) from error


def _near(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Say whether no cell of a sheet lies outside what a manifest may have."""
    rest = b""
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            for letters, digits in set(_REFERENCE.findall(rest + chunk)):
                far = int(digits) > 2 * profiles.MANIFEST_SHEET_ROWS
                if far or _column(letters) > profiles.MANIFEST_COLUMNS:
                    return False
            rest = chunk[-_OVERLAP:]
    return True


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _workbook(data: bytes, path: Path) -> CalamineWorkbook:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:
        raise _unreadable(error, path) from error


def _first(book: CalamineWorkbook, path: Path) -> CalamineSheet:
    for index in range(len(book.sheet_names)):
        try:
            sheet = book.get_sheet_by_index(index)
        except BaseException as error:
            raise _unreadable(error, path) from error
        header = next(_rows(sheet), None)
        if header is not None and any(field_of(str(cell)) for cell in header.cells):
            return sheet
    raise refused("manifest.headers", path)


def _rows(sheet: CalamineSheet) -> Iterator[Raw]:
    """Yield the rows that are not blank. The library begins at the first row, empty or not."""
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell not in {"", None} for cell in cells):
            yield Raw(number, cells, number)


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
