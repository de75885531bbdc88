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
from copy import copy
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat

from secshare import profiles
from secshare.batch.marks import SheetTags, TextTags, parse, parser, space
from secshare.batch.reading import refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from secshare.batch.marks import Marks

__all__ = ["Looked", "looked_through"]


class Looked(NamedTuple):
    """A workbook that was looked through.

    Attributes:
        sheets: what is to know of each, by its name.
        archive: the workbook, packed anew.
    """

    sheets: dict[str, Marks]
    archive: io.BytesIO


_CHUNK: Final = 1 << 20
_FOLDER: Final = "xl/"
_ROOT_LINKS: Final = "_rels/.rels"
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
# The library reads these where they usually are, whatever the links say.
_FIXED: Final = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_FLAGS: Final = frozenset(("0", "1", "false", "true"))
# What zipfile and expat say of an archive that is cut, altered, or encrypted.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, EOFError, OSError),
    *(LookupError, NotImplementedError, RuntimeError, ValueError),
)
_PARTS: Final = 16 << 20  # bytes of the list of sheets, and of where they are


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


def _is_for_library(name: str) -> bool:
    """Say whether it may read the part. With those of other formats, it would try these too."""
    return name.startswith((_FOLDER, "_rels/")) and not name.endswith(".bin")


def _packed(
    archive: zipfile.ZipFile,
    members: dict[str, zipfile.ZipInfo],
    sheets: set[str],
    packed: io.BytesIO,
    path: Path,
) -> dict[str, Marks]:
    """Unpack each part once, look through what is a sheet, and pack it again."""
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
            sheet = SheetTags(path) if name in sheets else None
            tags = TextTags() if name == _spelt(_FIXED["sharedStrings"]) else sheet
            if tags is None and not _is_for_library(name):
                continue
            with anew.open(_slashed(member.filename), "w") as copied:
                for chunk in unpacked(member):
                    copied.write(chunk)
                    if tags is not None:
                        tags.feed(chunk)
            if tags is not None:
                tags.feed(b"", last=True)
            if sheet is not None:
                found[name] = sheet.marks()
    return found


def _sheets(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Return which member each sheet is, by the sheet's name.

    Raises:
        LookupError, ValueError: two sheets of one name; a link to nothing; a link to what the
            library looks for elsewhere.
    """
    for link in _links(archive, members[_ROOT_LINKS], "").values():
        # Of several the library takes the last, and the folder of that one for the workbook's.
        if link.kind.endswith("officeDocument") and link.part != _BOOK:
            raise ValueError("another workbook")
    links = _links(archive, members[_spelt(_LINKS)], _FOLDER)
    for link in links.values():
        for kind, part in _FIXED.items():
            if link.kind.endswith(f"/{kind}") and link.part != _spelt(part):
                raise ValueError("texts or formats that the library does not read")
    tags = _tags(archive, members[_BOOK])
    for said in _placed([each for each in tags if "date1904" in each[1]], "workbook/workbookPr"):
        if said["date1904"] not in _FLAGS:  # which the library takes for no
            raise ValueError("no word for days that are counted from 1904")
    found: dict[str, str] = {}
    for said in _placed(tags, "workbook/sheets/sheet"):
        name = said.get("name", "")
        (number,) = (value for key, value in said.items() if key.endswith(" id"))
        part = links[number].part
        if part not in members:
            raise ValueError("a link to nothing")
        if name in found:
            raise ValueError("two sheets of one name")
        found[name] = part
    return found


class _Link(NamedTuple):
    kind: str
    part: str


def _links(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: str) -> dict[str, _Link]:
    """Return where the links of a part lead, as the library finds it, `..` and all."""
    found: dict[str, _Link] = {}
    for said in _placed(_tags(archive, member), "Relationships/Relationship"):
        target = said.get("Target", "").casefold()
        if folder and target.startswith(folder):
            raise ValueError("a link that the library begins at the top, and others in the folder")
        part = target[1:] if target.startswith("/") else f"{folder}{target}"
        if said.get("Id", "") in found:
            raise ValueError("two links of one name")
        found[said.get("Id", "")] = _Link(said.get("Type", ""), part)
    return found


def _placed(tags: list[tuple[str, dict[str, str]]], path: str) -> list[dict[str, str]]:
    """Return what is said by the tags in one place.

    Raises:
        ValueError: a tag of that name stands elsewhere. The library takes it; a spreadsheet passes
            over what is for other programs.
    """
    name = path.rpartition("/")[2]
    found = [(at, said) for at, said in tags if at.endswith((f"/{name}", f" {name}"))]
    if any(at != path for at, _ in found):
        raise ValueError("a tag that is out of its place")
    return [said for _, said in found]


def _tags(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> list[tuple[str, dict[str, str]]]:
    """Return the tags of a small part, each by its path, as `workbook/sheets/sheet`.

    One of another namespace than the part's has it before its name.
    """
    found: list[tuple[str, dict[str, str]]] = []
    inside: list[str] = []

    def begin(tag: str, said: dict[str, str]) -> None:
        inside.append(tag)
        found.append(("/".join(each.removeprefix(space(inside[0])) for each in inside), said))

    reader = parser(begin, lambda _: inside.pop())
    with archive.open(member) as file:
        parse(reader, file.read(_PARTS), last=True)
    return found
