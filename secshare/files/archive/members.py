"""One document of a ZIP that came from outside: its content, held to what the archive claims."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from secshare.errors import FileDamaged
from secshare.files.archive import layout

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Member", "damaged", "exactly"]

_CHUNK: Final = 1 << 16


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
        return damaged(self._member.name)


def exactly(file: BinaryIO, length: int, place: object) -> bytes:
    """Return so many bytes, from where the file is.

    Args:
        place: what the error names.

    Raises:
        FileDamaged: it ends before.
    """
    data = bytearray()
    while len(data) < length:
        piece = file.read(length - len(data))  # a raw stream may give less than was asked
        if not piece:
            raise damaged(place)
        data += piece
    return bytes(data)


def damaged(place: object) -> FileDamaged:
    """Return the error that says where an archive is not what it claims."""
    return FileDamaged("files.archive_damaged", place=place)
