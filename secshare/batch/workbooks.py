"""A workbook's archive, looked through before the library that reads its cells may open it.

The library takes what is inside for granted, makes room for all that lies between two cells, gives
an error of the spreadsheet's (`#N/A`) as an empty cell, and a row that nobody sees as any other.

It gets an archive packed anew, of what was looked through and nothing else: of one that is made
for it (two ends, two names of a part), two programs may read two different workbooks.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import defaultdict
from copy import copy
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat

from secshare import profiles
from secshare.batch.reading import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Looked", "Marks", "looked_through"]


class Marks(NamedTuple):
    """What the cells of one sheet do not tell by themselves.

    Attributes:
        spoilt: by row, from 1, and by column, from 0: what stands for an error of the
            spreadsheet's, or for a formula that was never worked out.
        hidden: rows that a filter hides, or a person; those with cells.
        hidden_columns: from 0.
    """

    spoilt: dict[int, dict[int, str]]
    hidden: set[int]
    hidden_columns: set[int]


class Looked(NamedTuple):
    """A workbook that was looked through.

    Attributes:
        sheets: what is to know of each, by its name.
        archive: the workbook, packed anew.
    """

    sheets: dict[str, Marks]
    archive: io.BytesIO


_CHUNK: Final = 1 << 20
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
# What zipfile and expat say of an archive that is cut, altered, or encrypted.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, OSError),
    *(LookupError, NotImplementedError, RuntimeError, ValueError),
)
_PARTS: Final = 16 << 20  # bytes of the list of sheets, and of where they are
_SEEN: Final = 1.0  # points of a row, digits of a column: in less, nobody reads anything
_SHOWN: Final = frozenset(("", "0", "false"))


def looked_through(data: bytes, path: Path) -> Looked:
    """Return what is to know of each sheet, and the workbook to be read.

    Raises:
        ManifestInvalid: no workbook, damaged, or one that would not fit in memory; one whose parts
            or sheets cannot be told apart.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # As the library spells them.
            members = {_spelt(each.filename): each for each in archive.infolist()}
            if len(members) < len(archive.infolist()):
                raise ValueError("two parts of one name")
            if min(each.header_offset for each in members.values()):
                raise ValueError("something else stands before it: another workbook, it may be")
            sheets = _sheets(archive, members)
            packed = io.BytesIO()
            marks = _packed(archive, members, set(sheets.values()), packed, path)
            packed.seek(0)
            return Looked({name: marks[part] for name, part in sheets.items()}, packed)
    except _DAMAGED as error:
        raise refused("manifest.sheet_unreadable", path) from error


def _slashed(name: str) -> str:
    return name.replace("\\", "/")


def _spelt(name: str) -> str:
    return _slashed(name).casefold()


def _packed(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    sheets: set[str],
    packed: io.BytesIO,
    path: Path,
) -> dict[str, Marks]:
    """Unpack everything once, look through what is a sheet, and pack it again."""
    found: dict[str, Marks] = {}
    left = profiles.MANIFEST_SHEET_UNPACKED

    def unpacked(member: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal left
        # What an archive says of its own size binds nobody: as far as there is room, what is
        # packed is read to its end, and what was said otherwise fails its checksum.
        whole = copy(member)
        whole.file_size = left + 2 * _CHUNK
        with archive.open(whole) as file:
            while chunk := file.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise refused("manifest.sheet_large", path, most=profiles.MANIFEST_SHEET_ROWS)
                yield chunk

    # Packed and not only stored: half a gigabyte of blanks takes no memory.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as anew:
        for name, member in members.items():
            sheet = _Sheet(path) if name in sheets else None
            parser = None if sheet is None else _parser(sheet.begin, sheet.end)
            if parser is not None and sheet is not None:
                parser.CharacterDataHandler = sheet.said
            with anew.open(_slashed(member.filename), "w") as copied:
                for chunk in unpacked(member):
                    copied.write(chunk)
                    if parser is not None:
                        _parse(parser, chunk)
            if parser is not None and sheet is not None:
                _parse(parser, b"", last=True)
                found[name] = sheet.marks
    return found


def _sheets(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Return which member each sheet is, by the sheet's name.

    Raises:
        LookupError, ValueError: two sheets of one name; a link to nothing.
    """
    links = {
        said.get("Id", ""): said.get("Target", "")
        for tag, said in _tags(archive, members[_spelt(_LINKS)])
        if tag == "Relationship"
    }
    found: dict[str, str] = {}
    for tag, said in _tags(archive, members[_BOOK]):
        if tag == "sheet":
            name = said.get("name", "")
            (link,) = (value for key, value in said.items() if key.endswith(":id"))
            target = links[link].casefold()
            # As the library finds it, `..` and all: by whatever path else, it might be another.
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            if part not in members:
                raise ValueError("a link to nothing")
            if name in found:
                raise ValueError("two sheets of one name")
            found[name] = part
    return found


def _tags(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = _parser(lambda tag, said: found.append((_local(tag), said)))
    with archive.open(member) as file:
        _parse(parser, file.read(_PARTS), last=True)
    return found


def _parser(
    begin: Callable[[str, dict[str, str]], object], end: Callable[[str], object] | None = None
) -> expat.XMLParserType:
    """Return what reads XML as the library does: UTF-8, without entities of its own."""
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _doctype
    return parser


def _parse(parser: expat.XMLParserType, chunk: bytes, *, last: bool = False) -> None:
    if b"\0" in chunk:  # UTF-16, which expat would take whatever it was told, the library not
        raise ValueError("not in UTF-8")
    parser.Parse(chunk, last)


def _doctype(*_said: object) -> None:
    raise ValueError("a document type: no spreadsheet writes one")


def _local(tag: str) -> str:
    """Return a tag without its prefix, which the library does not look at either."""
    return tag[tag.rfind(":") + 1 :]


class _Sheet:
    """Marks what is to know of a sheet while its tags go by.

    Raises:
        ManifestInvalid: a cell lies where no manifest has one.
        ValueError: a place that is none, or a cell that is not in its row.
    """

    def __init__(self, path: Path) -> None:
        self.marks = Marks(defaultdict(dict), set(), set())
        self._path = path
        self._row, self._column = 0, -1
        self._row_hidden = self._formula = self._value = False
        self._in_value = self._text = False
        self._columns: dict[str, int] = {}

    def begin(self, tag: str, said: dict[str, str]) -> None:
        tag = _local(tag)
        if tag == "c":
            self._cell(said)
        elif tag in {"v", "is"}:
            # Programs that work nothing out write an empty value. Text may well be empty.
            self._in_value, self._value = True, self._value or self._text
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            # A row or a cell that does not say where it is follows the one before.
            self._row = _number(said["r"]) if "r" in said else self._row + 1
            self._column = -1
            # `zeroHeight` of the sheet is of no account: it hides the rows that are not there.
            self._row_hidden = _unseen(said, "ht")
        elif tag == "col" and _unseen(said, "width"):
            columns = range(_number(said["min"]) - 1, _number(said["max"]))
            self.marks.hidden_columns.update(columns[: profiles.MANIFEST_COLUMNS])

    def end(self, tag: str) -> None:
        tag = _local(tag)
        if tag == "c" and self._formula and not self._value:
            self._spoil("=")
        elif tag in {"v", "is"}:
            self._in_value = False

    def said(self, text: str) -> None:
        if self._in_value and text:
            self._value = True

    def _cell(self, said: dict[str, str]) -> None:
        row, self._column = self._row, self._column + 1
        if "r" in said:
            letters = said["r"].rstrip("0123456789")
            row = _number(said["r"][len(letters) :])
            if letters not in self._columns:
                self._columns[letters] = _column(letters)
            self._column = self._columns[letters]
        if row > 2 * profiles.MANIFEST_SHEET_ROWS or self._column >= profiles.MANIFEST_COLUMNS:
            raise refused("manifest.sheet_large", self._path, most=profiles.MANIFEST_SHEET_ROWS)
        if row != self._row:
            raise ValueError("a cell of another row")
        if self._row_hidden:
            self.marks.hidden.add(row)
        self._formula = self._value = self._in_value = False
        self._text = said.get("t") == "str"
        if said.get("t") == "e":
            self._spoil("#N/A")

    def _spoil(self, stands: str) -> None:
        self.marks.spoilt[self._row][self._column] = stands


def _unseen(said: dict[str, str], size: str) -> bool:
    hidden = said.get("hidden", "").strip() not in _SHOWN
    return hidden or (size in said and float(said[size]) < _SEEN)


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
        raise ValueError("no number of a row")
    return int(digits)


def _column(letters: str) -> int:
    if not (letters.isascii() and letters.isalpha() and len(letters) < 5):
        raise ValueError("no name of a column")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1
