"""A workbook's archive, looked through before the library that reads its cells may open it.

The library takes what is inside for granted, makes room for all that lies between two cells, gives
an error of the spreadsheet's (`#N/A`) as an empty cell, and a row that nobody sees as any other.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree

from secshare import profiles
from secshare.batch.reading import refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Marks", "looked_through"]


class Marks(NamedTuple):
    """What the cells of one sheet do not tell by themselves.

    Attributes:
        spoilt: by row, from 1, and by column, from 0: what stands for an error of the
            spreadsheet's, or for a formula that was never worked out.
        hidden: rows that a filter hides, or a person.
    """

    spoilt: dict[int, dict[int, str]]
    hidden: set[int]


_CHUNK: Final = 1 << 20
_CELL: Final = 16 << 10  # bytes that are looked at again with the next chunk: a long formula
_REFERENCE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,4})([0-9]{1,8})[\"']")
# What a tag says is short: without a bound, one that never ends would be looked at again and again.
_SPOILT: Final = {
    "#N/A": re.compile(rb"<(?:\w+:)?c\s[^>]{0,300}\bt\s*=\s*[\"']e[\"'][^>]{0,300}>"),
    "=": re.compile(
        rb"<(?:\w+:)?c\s[^>]{0,300}>\s*<(?:\w+:)?f(?:\s[^>]{0,300})?"
        rb"(?:/>|>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>"
    ),
}
_HIDDEN: Final = re.compile(
    rb"<(?:\w+:)?row\s([^>]{0,300}\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]{0,300})>"
)
_ROW: Final = re.compile(rb"\br\s*=\s*[\"']([0-9]{1,8})[\"']")
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
# What zipfile and expat say of an archive that is cut, altered, encrypted, or names an encoding
# that does not exist.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, ElementTree.ParseError, EOFError, OSError),
    *(LookupError, NotImplementedError, RuntimeError, ValueError),
)
_PARTS: Final = 16 << 20  # bytes of the list of sheets, and of where they are


def looked_through(data: bytes, path: Path) -> dict[str, Marks]:
    """Return what is to know of each sheet, by its name.

    Raises:
        ManifestInvalid: no workbook, damaged, or one that would not fit in memory.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = _parts(archive, path)
            return {name: found[part] for name, part in _sheets(archive) if part in found}
    except _DAMAGED as error:
        raise refused("manifest.sheet_unreadable", path) from error


def _parts(archive: zipfile.ZipFile, path: Path) -> dict[str, Marks]:
    """Look through whatever the library may take for a sheet, each by its member."""
    members = archive.infolist()
    if sum(each.file_size for each in members) > profiles.MANIFEST_SHEET_UNPACKED:
        raise refused("manifest.sheet_large", path, most=profiles.MANIFEST_SHEET_ROWS)
    names = {each.filename for each in members}
    sheets = [name for name in names if name.startswith("xl/worksheets/") and ".rels" not in name]
    return {name: _marks(archive, name, path) for name in sheets}


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


def _marks(archive: zipfile.ZipFile, member: str, path: Path) -> Marks:
    """Look through one sheet.

    Raises:
        ManifestInvalid: a cell lies where no manifest has one.
    """
    found = Marks(defaultdict(dict), set())
    rest = b""
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            looked = rest + chunk
            for place in set(_REFERENCE.findall(looked)):
                row, column = _place(place)
                if row > 2 * profiles.MANIFEST_SHEET_ROWS or column >= profiles.MANIFEST_COLUMNS:
                    raise refused("manifest.sheet_large", path, most=profiles.MANIFEST_SHEET_ROWS)
            for stands, pattern in _SPOILT.items():
                for cell in pattern.findall(looked):
                    if (reference := _REFERENCE.search(cell)) is not None:
                        row, column = _place((reference[1], reference[2]))
                        found.spoilt[row][column] = stands
            rows = map(_ROW.search, _HIDDEN.findall(looked))
            found.hidden.update(int(row[1]) for row in rows if row is not None)
            rest = looked[-_CELL:]
    return found


def _place(reference: tuple[bytes, bytes]) -> tuple[int, int]:
    letters, digits = reference
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return int(digits), column - 1
