"""What stands in an old Excel file (XLS) outside its cells: comments, headers, who wrote it.

By its records (MS-XLS), inside the streams of a compound file (MS-CFB). Whatever does not follow
the format ends the reading of its stream, and is python-calamine's to refuse.
"""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.preflight.content import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["near", "read", "streams", "workbook"]

_END: Final = 0xFFFFFFFA  # and above: no sector (MS-CFB 2.1)
_NOTE: Final = 0x1C
_TEXT: Final = 0x1B6
_CONTINUE: Final = 0x3C
_EOF: Final = 0x0A
_FILEPASS: Final = 0x2F
_HEADERS: Final = (0x14, 0x15)
_WRITER: Final = 0x5C
_CACHED: Final = 0xCD  # a string in the copy of data that a pivot table keeps
_BEGIN: Final = 0x809
_DIMENSIONS: Final = 0x200
_SEVERAL: Final = frozenset((0xBD, 0xBE))  # numbers, or blanks, of several columns
# Blank, number, label, boolean, formula, short number, shared string, formatted string.
_CELLS: Final = _SEVERAL | {0x201, 0x203, 0x204, 0x205, 0x06, 0x206, 0x406, 0x27E, 0xFD, 0xD6}
_FAR: Final = profiles.PREFLIGHT_CELLS * 2
_RUNS: Final = re.compile(rb"[\x20-\x7e\x80-\xff]{3,}")


def workbook(data: bytes) -> tuple[bytes, bool] | None:
    """Return the records of a compound file's workbook, None where it has none.

    And whether they need a password, which they say before their first end: MS-XLS 2.4.117.
    """
    found = streams(data)
    stream = found.get("workbook") or found.get("book")
    if not stream:
        return None
    for kind, _ in _records(stream):
        if kind in {_FILEPASS, _EOF}:
            return stream, kind == _FILEPASS
    return stream, False


def near(stream: bytes) -> bool:
    """Say whether the cells of every sheet, with the room between them, fit in memory."""
    top = left = 0xFFFF
    bottom = right = 0
    for kind, body in _records(stream):
        if kind == _BEGIN:
            top = left = 0xFFFF
            bottom = right = 0
        elif kind == _DIMENSIONS and len(body) >= 8:
            form = "<IIHH" if len(body) >= 12 else "<HHHH"
            first, last, start, end = struct.unpack_from(form, body)
            if first > last or start > end or (last - first + 1) * (end - start + 1) > _FAR:
                return False
        elif kind in _CELLS and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            top, left = min(top, row), min(left, column)
            if kind in _SEVERAL:
                column = max(column, struct.unpack_from("<H", body, len(body) - 2)[0])
            bottom, right = max(bottom, row), max(right, column)
            if (bottom - top + 1) * (right - left + 1) > _FAR:
                return False
    return True


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add comments and text boxes, headers and footers, properties, and pivot tables' copies.

    Raises:
        OverBudget: more characters than the budget has.
    """
    for name, stream in streams(data).items():
        if name.endswith("summaryinformation"):
            found = [
                ("properties", run.decode("cp1252", "replace")) for run in _RUNS.findall(stream)
            ]
        else:
            found = list(_texts(stream, wide=name != "book"))
        by_field: dict[str, list[str]] = {}
        for field, text in found:
            budget.spend_characters(len(text))
            if text.strip():
                by_field.setdefault(field, []).append(text.strip())
        for field, texts in by_field.items():
            hidden = field in {"properties", "author", "pivot cache"}
            at = replace(place, field=field, hidden=hidden)
            content.parts.append(Part(at, "\n".join(dict.fromkeys(texts))))


def _texts(stream: bytes, *, wide: bool) -> Iterator[tuple[str, str]]:
    """Yield texts of a stream of records, and what they are. `wide`: Excel 97 and later."""
    records = list(_records(stream))
    for index, (kind, body) in enumerate(records):
        if kind in _HEADERS:
            yield "header", _string(body, wide=wide)
        elif kind == _WRITER:
            yield "author", _string(body, wide=wide)
        elif kind == _CACHED:
            yield "pivot cache", _string(body, wide=True)
        elif kind == _NOTE and len(body) > 8:
            yield "comment", _string(body[8:], wide=True) if wide else _narrow(body[6:])
        elif kind == _TEXT and len(body) >= 12:
            yield "comment", _continued(struct.unpack_from("<H", body, 10)[0], records, index)


def _continued(count: int, records: list[tuple[int, bytes]], index: int) -> str:
    """Return the text of a comment or a box, which follows its record in one piece or several."""
    said = ""
    for kind, body in records[index + 1 : index + 1 + 1000]:
        if kind != _CONTINUE or len(said) >= count or not body:
            break
        said += body[1:].decode("utf-16-le" if body[0] & 1 else "latin-1", "replace")
    return said[:count]


def _string(body: bytes, *, wide: bool) -> str:
    """Return a string that begins with its length: MS-XLS 2.5.294, or one of Excel 5."""
    if not wide:
        return _narrow(body[1:])
    if len(body) < 3:
        return ""
    (count,) = struct.unpack_from("<H", body)
    if body[2] & 1:
        return body[3 : 3 + 2 * count].decode("utf-16-le", "replace")
    return body[3 : 3 + count].decode("latin-1")


def _narrow(body: bytes) -> str:
    return body.decode("cp1252", "replace").replace("\0", "")


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def streams(data: bytes) -> dict[str, bytes]:
    """Return the streams of a compound file by name, in lower case, as far as it follows MS-CFB."""
    try:
        return _streams(data)
    except (struct.error, IndexError, ValueError, OverflowError):
        return {}


def _streams(data: bytes) -> dict[str, bytes]:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in {9, 12} or mini_shift != 6:
        return {}
    size = 1 << shift
    first, _, _, cutoff, first_mini, _, extra, _ = struct.unpack_from("<8I", data, 48)

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def longs(raw: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))

    tables = longs(data[76:512])
    seen: set[int] = set()
    while extra < _END and extra not in seen and (more := longs(sector(extra))):
        seen.add(extra)
        tables += more[:-1]
        extra = more[-1]
    table: list[int] = []
    for number in [number for number in tables if number < _END][: len(data) // size]:
        table += longs(sector(number))

    def chain(start: int, links: list[int], piece: int, source: bytes, skip: int) -> bytes:
        pieces, passed = [], set[int]()
        while start < len(links) and start not in passed:
            passed.add(start)
            pieces.append(source[(start + skip) * piece : (start + skip + 1) * piece])
            start = links[start]
        return b"".join(pieces)

    directory = chain(first, table, size, data, 1)
    small = longs(chain(first_mini, table, size, data, 1))
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    root = chain(struct.unpack_from("<I", entries[0], 116)[0], table, size, data, 1)
    found: dict[str, bytes] = {}
    for entry in entries:
        (length,) = struct.unpack_from("<H", entry, 64)
        start, total = struct.unpack_from("<II", entry, 116)
        if entry[66] != 2 or length > 64:
            continue
        name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace").strip("\x05").lower()
        whole = chain(start, small, 64, root, 0) if total < cutoff else b""
        found[name] = (whole or chain(start, table, size, data, 1))[:total]
    return found
