"""Reading a ZIP that came from outside: hostile names, bombs, overlaps, damage.

Our own reader, and not the standard library's: that one keeps a directory of any size in memory,
reads formats with unbounded windows, and (before 3.11.8) files that lie on top of each other.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from secshare.errors import FileDamaged, InputUnreadable, WorkRefused
from secshare.files.archive import layout
from secshare.files.names import safe_name, unique_name
from secshare.profiles import ARCHIVE_BYTES, ARCHIVE_DOCUMENTS, ARCHIVE_RATIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK: Final = 1 << 16
# Names, extra fields and comments of 1,000 documents: 4 KiB each is ten times what is usual.
_DIRECTORY_BYTES: Final = ARCHIVE_DOCUMENTS * 4096
_SMALL: Final = 1 << 20  # no bomb: below this no ratio counts


@dataclass(frozen=True)
class Member:
    """One document of an archive.

    Attributes:
        name: safe, and unlike the other members' names even without case.
        size: in bytes, as the archive claims; `open` holds it to that.
    """

    name: str
    size: int
    _file: BinaryIO = field(repr=False)
    _packed: int = field(repr=False)
    _method: int = field(repr=False)
    _crc: int = field(repr=False)
    _start: int = field(repr=False)

    def open(self) -> BinaryIO:
        """Return the content as a readable stream; read one member of an archive at a time.

        Reading raises FileDamaged when the content is not what the archive says of it: its last
        bytes come only after size and CRC were checked.
        """
        return _Content(self)  # type: ignore[return-value]


def is_archive(file: BinaryIO) -> bool:
    """Return whether the file begins like a ZIP (a DOCX or an ODT does too)."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size >= 4 and _exactly(file, 4, "start") in {layout.LOCAL_MARK, layout.END_MARK}


def is_ours(file: BinaryIO) -> bool:
    """Return whether the file ends like an archive that `ArchiveSource` or the page made."""
    return mark(file) is not None


def answered(written: str | None) -> str | None:
    """Return the reference that a mark names, as it stands there.

    Empty for an answer that names none, None for what is no answer. Anybody can write it.
    """
    answer = layout.ANSWER.decode()
    if written is None or not written.startswith(answer):
        return None
    return written.removeprefix(answer).strip()


def mark(file: BinaryIO) -> str | None:
    """Return what one of our archives ends with: what it says that it is.

    `secshare documents`, `secshare answer` or `secshare answer K7Q2-M9PX-8`; None for any other
    file.
    """
    if not is_archive(file):
        return None
    size = file.seek(0, io.SEEK_END)
    length = min(size, layout.END.size + layout.MARK_BYTES)
    file.seek(size - length)
    tail = _exactly(file, length, "end")
    at = tail.rfind(layout.END_MARK)
    comment = tail[at + layout.END.size :]
    return comment.decode() if at >= 0 and layout.MARKS.fullmatch(comment) else None


def read_archive(file: BinaryIO) -> list[Member]:
    """Return the documents of a seekable ZIP file, folders left out, in their order.

    Only the directory is read here. Checked: at most `profiles.ARCHIVE_DOCUMENTS` documents, none
    unpacking to more than `ARCHIVE_RATIO` times its packed size, together at most `ARCHIVE_BYTES`
    or the size of the archive itself, none lying on another.

    Raises:
        FileDamaged: not a ZIP, or one whose records do not agree.
        InputUnreadable: encrypted, in several volumes, or packed in a way that is not accepted.
        WorkRefused: one of the limits.
    """
    size = file.seek(0, io.SEEK_END)
    start, length, count = _find_directory(file, size)
    if count > ARCHIVE_DOCUMENTS or length > _DIRECTORY_BYTES:
        raise WorkRefused("files.archive_documents", limit=ARCHIVE_DOCUMENTS)
    if start + length > size:
        raise _damaged("directory")
    file.seek(start)
    directory = _exactly(file, length, "directory")
    found: list[Member] = []
    taken: set[str] = set()
    at = 0
    for number in range(1, count + 1):
        at, member = _member(file, directory, at, number, taken)
        if member is not None:
            found.append(member)
    _check_room(found, start, size)
    return found


def _find_directory(file: BinaryIO, size: int) -> tuple[int, int, int]:
    """Return where the directory is, its length, and how many entries it has."""
    tail_start = max(0, size - layout.END.size - layout.FULL16 - layout.LOCATOR64.size)
    file.seek(tail_start)
    tail = _exactly(file, size - tail_start, "end")
    at = tail.rfind(layout.END_MARK)
    while at >= 0:  # a comment may hold the mark: the true one is followed by its comment's length
        if len(tail) - at >= layout.END.size:
            _, disk, first_disk, here, count, length, start, comment = layout.END.unpack_from(
                tail, at
            )
            if at + layout.END.size + comment == len(tail):
                break
        at = tail.rfind(layout.END_MARK, 0, at)
    else:
        raise _damaged("end")
    if disk or first_disk or here != count:
        raise _refused("volumes")
    before = at - layout.LOCATOR64.size
    if before >= 0 and tail.startswith(layout.LOCATOR64_MARK, before):
        _, _, where, _ = layout.LOCATOR64.unpack_from(tail, before)
        if where + layout.END64.size > size:
            raise _damaged("end")
        file.seek(where)
        record = _exactly(file, layout.END64.size, "end")
        mark, _, _, _, disk, first_disk, here, count, length, start = layout.END64.unpack(record)
        if mark != layout.END64_MARK:
            raise _damaged("end")
        if disk or first_disk or here != count:
            raise _refused("volumes")
    return start, length, count


def _member(
    file: BinaryIO, directory: bytes, at: int, number: int, taken: set[str]
) -> tuple[int, Member | None]:
    """Read one entry; return where the next one starts, and None for a folder."""
    if at + layout.CENTRAL.size > len(directory):
        raise _damaged(number)
    record = layout.CENTRAL.unpack_from(directory, at)
    mark, _, _, flags, method, _, _, crc, packed, size, names, extras, comment, *_, offset = record
    name_at = at + layout.CENTRAL.size
    extra_at, following = name_at + names, name_at + names + extras + comment
    if mark != layout.CENTRAL_MARK or following > len(directory):
        raise _damaged(number)
    name = _decoded(directory[name_at:extra_at], flags)
    size, packed, offset = _widened(
        directory[extra_at : extra_at + extras], [size, packed, offset], number
    )
    if name.endswith(("/", "\\")):
        return following, None
    if flags & layout.ENCRYPTED or method not in {layout.STORED, layout.DEFLATED}:
        raise _refused(number)
    if method == layout.STORED and size != packed:
        raise _damaged(number)
    if size > max(packed * ARCHIVE_RATIO, _SMALL):
        raise WorkRefused("files.archive_bomb", place=number)
    start = _content_start(file, offset, number)
    safe = unique_name(safe_name(name), taken)
    return following, Member(safe, size, file, packed, method, crc, start)


def _content_start(file: BinaryIO, offset: int, number: int) -> int:
    file.seek(offset)
    mark, *_, names, extras = layout.LOCAL.unpack(_exactly(file, layout.LOCAL.size, number))
    if mark != layout.LOCAL_MARK:
        raise _damaged(number)
    return offset + layout.LOCAL.size + int(names) + int(extras)


def _decoded(name: bytes, flags: int) -> str:
    if flags & layout.NAMES_UTF8:
        return name.decode("utf-8", "replace")
    try:  # many programs write UTF-8 and forget to say so
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp437")  # APPNOTE D.1


def _widened(extra: bytes, values: list[int], number: int) -> list[int]:
    """Replace the values that are too large for 32 bits by those of the ZIP64 extra field."""
    if layout.FULL32 not in values:
        return values
    at = 0
    while at + 4 <= len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        length = int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == layout.EXTRA64:
            wide = extra[at + 4 : at + 4 + length]
            for index, value in enumerate(values):
                if value == layout.FULL32 and len(wide) >= 8:
                    values[index], wide = int.from_bytes(wide[:8], "little"), wide[8:]
            return values
        at += 4 + length
    raise _damaged(number)


def _check_room(members: list[Member], directory: int, size: int) -> None:
    if sum(member.size for member in members) > max(ARCHIVE_BYTES, size):
        raise WorkRefused("files.archive_bomb", place=len(members))
    end = 0
    ordered = sorted(enumerate(members, 1), key=lambda item: item[1]._start)
    for number, member in ordered:
        # A content that begins before the last one ended would be unpacked many times over.
        if member._start < end:
            raise WorkRefused("files.archive_bomb", place=number)
        end = member._start + member._packed
    if end > directory:
        raise _damaged("directory")


class _Content(io.RawIOBase):
    """The unpacked content of a member, never more than the archive claims."""

    def __init__(self, member: Member) -> None:
        super().__init__()
        self._member = member
        self._at = member._start
        self._packed_left = member._packed
        self._left = member.size
        self._crc = 0
        self._ready = b""
        deflated = member._method == layout.DEFLATED
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS) if deflated else None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if not self._ready:
            self._ready = self._next()
        count = min(len(view), len(self._ready))
        view[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _next(self) -> bytes:
        """Return the next unpacked bytes, b"" at the end, once size and CRC are right."""
        if not self._left:
            if self._member.size == 0 and self._member._crc != 0:
                raise self._wrong()
            return b""
        out = b""
        while not out:
            out = self._inflated() if self._inflater else self._packed()
        if len(out) > self._left:
            raise self._wrong()
        self._left -= len(out)
        self._crc = zlib.crc32(out, self._crc)
        if not self._left and (self._crc != self._member._crc or self._goes_on()):
            raise self._wrong()
        return out

    def _packed(self) -> bytes:
        if not self._packed_left:
            raise self._wrong()
        file = self._member._file
        file.seek(self._at)
        chunk = file.read(min(_CHUNK, self._packed_left))
        if not chunk:
            raise self._wrong()
        self._at += len(chunk)
        self._packed_left -= len(chunk)
        return chunk

    def _inflated(self) -> bytes:
        inflater = self._inflater
        assert inflater is not None  # noqa: S101
        if inflater.eof:
            raise self._wrong()
        packed = inflater.unconsumed_tail or self._packed()
        try:
            return inflater.decompress(packed, _CHUNK)
        except zlib.error as error:
            raise self._wrong() from error

    def _goes_on(self) -> bool:
        """Return whether more comes out after the size that the archive claims."""
        while self._inflater is not None and not self._inflater.eof:
            if not (self._inflater.unconsumed_tail or self._packed_left):
                return False
            if self._inflated():
                return True
        return False

    def _wrong(self) -> FileDamaged:
        return _damaged(self._member.name)


def _exactly(file: BinaryIO, length: int, place: object) -> bytes:
    data = bytearray()
    while len(data) < length:
        piece = file.read(length - len(data))  # a raw stream may give less than was asked
        if not piece:
            raise _damaged(place)
        data += piece
    return bytes(data)


def _damaged(place: object) -> FileDamaged:
    return FileDamaged("files.archive_damaged", place=place)


def _refused(place: object) -> InputUnreadable:
    return InputUnreadable("files.archive_kind", place=place)
