"""A descriptor that remembers what was read through it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hashlib

    from _typeshed import WriteableBuffer

__all__ = ["WatchedFile"]


class WatchedFile(io.FileIO):
    """A file that keeps the SHA-256 of what was last read from its first byte on, once asked to.

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

    def _saw(self, start: int, data: bytes | memoryview) -> None:
        if self._digest is None:
            return
        if start == 0:
            self.watch()
        if start == self._seen:
            self._digest.update(data)
            self._seen += len(data)
