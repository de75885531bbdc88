"""What is read of a document, remembered: by its descriptor, or through what it is sealed in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import hashlib

    from _typeshed import WriteableBuffer

__all__ = ["WatchedFile", "WatchedStream"]


class _Watch:
    """Keeps the SHA-256 of what was last read from the first byte on, once asked to.

    What was sealed is then known by the very reads that sealed it, and not by reading again.
    """

    _digest: hashlib._Hash | None = None
    _seen = 0

    @property
    def watched(self) -> bool:
        """Whether it was asked to keep a digest."""
        return self._digest is not None

    def watch(self) -> None:
        """Begin to keep the digest. Files that nobody watches cost nothing more."""
        import hashlib  # 3 ms, which the patient's command does without

        self._digest, self._seen = hashlib.sha256(), 0

    def seen(self, size: int) -> str | None:
        """Return the digest of `size` bytes in hexadecimal; None if they were not read in order."""
        if self._digest is None or self._seen != size:
            return None
        return self._digest.hexdigest()

    def _saw(self, start: int, data: bytes | memoryview) -> None:
        if self._digest is None:
            return
        if start == 0:
            self.watch()
        if start == self._seen:
            self._digest.update(data)
            self._seen += len(data)


class WatchedFile(_Watch, io.FileIO):
    """A file by its descriptor."""

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read into a buffer."""
        start = self.tell() if self._digest else 0
        count = super().readinto(buffer)
        self._saw(start, memoryview(buffer).cast("B")[: count or 0])
        return count

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most `size` bytes, all that is left by default."""
        start = self.tell() if self._digest else 0
        data = super().read(-1 if size is None else size)
        self._saw(start, data or b"")
        return data

    def readall(self) -> bytes:
        """Read all that is left."""
        start = self.tell() if self._digest else 0
        data = super().readall()
        self._saw(start, data or b"")
        return data


class WatchedStream(_Watch, io.RawIOBase):
    """Clear text that stands in no file: read through what it is sealed in.

    Args:
        stream: readable, and seekable to its start at least; the caller's own.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return whether every place of it can be reached."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of it.

        Raises:
            io.UnsupportedOperation: another place than its start, where that is all there is.
        """
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._stream.tell()

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read into a buffer; raises what its seal raises, too."""
        start, view = self.tell(), memoryview(buffer).cast("B")
        data = self._stream.read(len(view)) or b""
        view[: len(data)] = data
        self._saw(start, data)
        return len(data)
