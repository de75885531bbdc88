"""A workbook's archive, looked through before the library that reads its cells may open it.

The library takes what is inside for granted, makes room for all that lies between two cells, gives
an error of the spreadsheet's (`#N/A`) as an empty cell, and a row that nobody sees as any other.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import defaultdict, deque
from copy import copy
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree

from secshare import profiles
from secshare.batch.reading import refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
        ManifestInvalid: no workbook, damaged, or one that would not fit in memory; one whose parts
            or sheets cannot be told apart.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {each.filename.casefold(): each for each in archive.infolist()}
            if len(members) < len(archive.infolist()):
                raise refused("manifest.sheet_unreadable", path)
            sheets = _sheets(archive, members)
            marks = _parts(archive, members, set(sheets.values()), path)
            return {name: marks[part] for name, part in sheets.items()}
    except _DAMAGED as error:
        raise refused("manifest.sheet_unreadable", path) from error


def _parts(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    sheets: set[str],
    path: Path,
) -> dict[str, Marks]:
    """Unpack everything once, as the library may, and look through what is a sheet."""
    found: dict[str, Marks] = {}
    left = profiles.MANIFEST_SHEET_UNPACKED

    def unpacked(member: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal left
        # What an archive says of its own size binds nobody: the library goes on to the end of what
        # is packed. So do we, as far as there is room; what was said otherwise fails its checksum.
        whole = copy(member)
        whole.file_size = left + 2 * _CHUNK
        with archive.open(whole) as file:
            while chunk := file.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise refused("manifest.sheet_large", path, most=profiles.MANIFEST_SHEET_ROWS)
                yield chunk

    for name, member in members.items():
        if name in sheets:
            found[name] = _marks(unpacked(member), path)
        else:
            deque(unpacked(member), maxlen=0)
    return found


def _sheets(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Return which member each sheet is, by the sheet's name.

    Raises:
        LookupError, ValueError: two sheets of one name; a link to nothing.
    """
    links = {each.get("Id", ""): each.get("Target", "") for each in _tree(archive, _LINKS)}
    found: dict[str, str] = {}
    for each in _tree(archive, _BOOK).iter():
        if each.tag.rpartition("}")[2] == "sheet":
            name = each.get("name", "")
            (link,) = (value for key, value in each.attrib.items() if key.endswith("}id"))
            target = links[link].casefold()
            # As the library finds it, `..` and all: by whatever path else, it might be another.
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            if part not in members:
                raise ValueError("a link to nothing")
            if name in found:
                raise ValueError("two sheets of one name")
            found[name] = part
    return found


def _tree(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    with archive.open(member) as file:
        return ElementTree.fromstring(file.read(_PARTS))  # noqa: S314 - expat bounds entities


def _marks(chunks: Iterable[bytes], path: Path) -> Marks:
    """Look through one sheet, given piece by piece.

    Raises:
        ManifestInvalid: a cell lies where no manifest has one.
    """
    found = Marks(defaultdict(dict), set())
    rest = b""
    for chunk in chunks:
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
