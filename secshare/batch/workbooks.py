"""A workbook's archive, looked through before the library that reads its cells may open it.

The library takes what is inside for granted, makes room for all that lies between two cells, and
gives an error of the spreadsheet's (`#N/A`) as an empty cell: here is seen where they stand.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from secshare import profiles
from secshare.batch.reading import refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Errors", "looked_through"]

Errors = dict[int, set[int]]
"""The cells of one sheet that hold an error: by row, from 1, their columns, from 0."""

_CHUNK: Final = 1 << 20
_TAG: Final = 1 << 10  # bytes of a chunk that are looked at again with the next: a cell's tag
_REFERENCE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4})([0-9]{1,8})[\"']")
_ERROR: Final = re.compile(rb"<(?:\w+:)?c\s[^>]*\bt\s*=\s*[\"']e[\"'][^>]*>")
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_PARTS: Final = 16 << 20  # bytes of the list of sheets, and of where they are


def looked_through(data: bytes, path: Path) -> dict[str, Errors]:
    """Return the errors in the cells of each sheet, by its name.

    Raises:
        ManifestInvalid: no workbook, damaged, or one that would not fit in memory.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = _parts(archive, path)
            return {name: found[part] for name, part in _sheets(archive) if part in found}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise refused("manifest.sheet_unreadable", path) from error
    except (ElementTree.ParseError, KeyError, OSError) as error:
        raise refused("manifest.sheet_unreadable", path) from error


def _parts(archive: zipfile.ZipFile, path: Path) -> dict[str, Errors]:
    """Return the errors of whatever the library may take for a sheet, by member."""
    members = archive.infolist()
    if sum(each.file_size for each in members) > profiles.MANIFEST_SHEET_UNPACKED:
        raise refused("manifest.sheet_large", path, most=profiles.MANIFEST_SHEET_ROWS)
    names = {each.filename for each in members}
    sheets = [name for name in names if name.startswith("xl/worksheets/") and ".rels" not in name]
    return {name: _errors(archive, name, path) for name in sheets}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet, and the member that it is."""
    links = {
        each.get("Id", ""): posixpath.normpath(posixpath.join("xl", each.get("Target", "")))
        for each in _tree(archive, _LINKS)
    }
    for each in _tree(archive, _BOOK).iter():
        if each.tag.rpartition("}")[2] == "sheet":
            link = next((v for k, v in each.attrib.items() if k.endswith("}id")), "")
            yield each.get("name", ""), links.get(link, "").lstrip("/")


def _tree(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    with archive.open(member) as file:
        return ElementTree.fromstring(file.read(_PARTS))  # noqa: S314 - expat bounds entities


def _errors(archive: zipfile.ZipFile, member: str, path: Path) -> Errors:
    """Return where a sheet holds errors.

    Raises:
        ManifestInvalid: a cell lies where no manifest has one.
    """
    found: Errors = defaultdict(set)
    rest = b""
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            looked = rest + chunk
            for place in set(_REFERENCE.findall(looked)):
                row, column = _place(place)
                if row > 2 * profiles.MANIFEST_SHEET_ROWS or column >= profiles.MANIFEST_COLUMNS:
                    raise refused("manifest.sheet_large", path, most=profiles.MANIFEST_SHEET_ROWS)
            for cell in _ERROR.findall(looked):
                if (reference := _REFERENCE.search(cell)) is not None:
                    row, column = _place((reference[1], reference[2]))
                    found[row].add(column)
            rest = looked[-_TAG:]
    return dict(found)


def _place(reference: tuple[bytes, bytes]) -> tuple[int, int]:
    letters, digits = reference
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return int(digits), column - 1
