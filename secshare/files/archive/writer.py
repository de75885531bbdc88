"""A stored ZIP of several documents, made while it is read."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.errors import InputUnreadable, WorkRefused
from secshare.files.archive import layout
from secshare.files.names import safe_name, unique_name
from secshare.files.trouble import reading
from secshare.profiles import ARCHIVE_DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _typeshed import WriteableBuffer

    from secshare.files.source import Source

_CHUNK: Final = 1 << 20
# 1 January 1980, 0:00, the first date of the format: when a document was last saved is nobody's
# business, and two archives of the same documents are the same bytes.
_TIME: Final = 0
_DATE: Final = 0x21


@dataclass(frozen=True, slots=True)
class _Entry:
    source: Source
    name: bytes
    crc: int
    offset: int

    @property
    def large(self) -> bool:
        return self.source.size >= layout.FULL32


class ArchiveSource(io.RawIOBase):
    """A readable binary stream: the ZIP of `documents`, neither compressed nor seekable.

    Each document is read twice: for its CRC, which the format wants before the content (a stream
    that puts it after is refused by Java's ZipInputStream), then for the content. The memory used
    does not depend on their sizes. Names are made safe and distinct. Archives and documents of
    4 GiB and more follow ZIP64.

    Attributes:
        size: of the whole archive, in bytes.

    Raises:
        InputUnreadable: a document changed since it was opened, when made and when read.
        WorkRefused: more documents than `profiles.ARCHIVE_DOCUMENTS`.
    """

    def __init__(self, documents: Sequence[Source]) -> None:
        super().__init__()
        if len(documents) > ARCHIVE_DOCUMENTS:
            raise WorkRefused("files.archive_documents", limit=ARCHIVE_DOCUMENTS)
        self._entries: list[_Entry] = []
        taken: set[str] = set()
        offset = 0
        for source in documents:
            name = unique_name(safe_name(source.name), taken).encode()
            entry = _Entry(source, name, _crc(source), offset)
            self._entries.append(entry)
            offset += len(_local(entry)) + source.size
        self._directory = offset
        self._tail = _tail(self._entries, offset)
        self.size = offset + len(self._tail)
        self._chunks = self._all()
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read the next bytes of the archive.

        Raises:
            InputUnreadable: a document changed since its CRC was computed.
        """
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _all(self) -> Iterator[bytes]:
        for entry in self._entries:
            yield _local(entry)
            crc = 0
            for chunk in _content(entry.source):
                crc = zlib.crc32(chunk, crc)
                yield chunk
            if crc != entry.crc:
                raise InputUnreadable("files.changed", path=entry.source.path)
            entry.source.check_unchanged()
        yield self._tail


def _content(source: Source) -> Iterator[bytes]:
    """Read exactly the size the document had when it was opened."""
    left = source.size
    with reading(source.path):
        source.file.seek(0)
        while left:
            chunk = source.file.read(min(left, _CHUNK))
            if not chunk:
                raise InputUnreadable("files.changed", path=source.path)
            left -= len(chunk)
            yield chunk


def _crc(source: Source) -> int:
    crc = 0
    for chunk in _content(source):
        crc = zlib.crc32(chunk, crc)
    source.check_unchanged()
    return crc


def _local(entry: _Entry) -> bytes:
    size = entry.source.size
    extra = b""
    if entry.large:
        extra = struct.pack("<2H2Q", layout.EXTRA64, 16, size, size)
        size = layout.FULL32
    return (
        layout.LOCAL.pack(
            layout.LOCAL_MARK,
            layout.VERSION64 if entry.large else layout.VERSION,
            layout.NAMES_UTF8,
            layout.STORED,
            _TIME,
            _DATE,
            entry.crc,
            size,
            size,
            len(entry.name),
            len(extra),
        )
        + entry.name
        + extra
    )


def _central(entry: _Entry) -> bytes:
    size = min(entry.source.size, layout.FULL32)
    offset = min(entry.offset, layout.FULL32)
    wide = [entry.source.size] * 2 if entry.large else []
    if offset == layout.FULL32:
        wide.append(entry.offset)
    extra = struct.pack(f"<2H{len(wide)}Q", layout.EXTRA64, 8 * len(wide), *wide) if wide else b""
    version = layout.VERSION64 if wide else layout.VERSION
    return (
        layout.CENTRAL.pack(
            layout.CENTRAL_MARK,
            version,
            version,
            layout.NAMES_UTF8,
            layout.STORED,
            _TIME,
            _DATE,
            entry.crc,
            size,
            size,
            len(entry.name),
            len(extra),
            0,
            0,
            0,
            0,
            offset,
        )
        + entry.name
        + extra
    )


def _tail(entries: Sequence[_Entry], start: int) -> bytes:
    """Return the central directory and what ends the file."""
    directory = b"".join(_central(entry) for entry in entries)
    count, size = len(entries), len(directory)
    wide = b""
    if start + size >= layout.FULL32:
        wide = layout.END64.pack(
            layout.END64_MARK,
            layout.END64.size - 12,
            layout.VERSION64,
            layout.VERSION64,
            0,
            0,
            count,
            count,
            size,
            start,
        ) + layout.LOCATOR64.pack(layout.LOCATOR64_MARK, 0, start + size, 1)
    end = layout.END.pack(
        layout.END_MARK,
        0,
        0,
        count,
        count,
        size,
        min(start, layout.FULL32),
        len(layout.COMMENT),
    )
    return directory + wide + end + layout.COMMENT
