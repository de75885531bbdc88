"""Both ends of the engine: binary files that others made, read and written without surprises."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Protocol

from secshare.errors import InputUnreadable, OutputRefused

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = 1 << 16
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


class Readable(Protocol):
    """The one method that reading needs."""

    def read(self, size: int, /) -> bytes | None:
        """Return at most `size` bytes, and none at the end."""


class Writable(Protocol):
    """The one method that writing needs."""

    def write(self, data: bytes, /) -> int | None:
        """Write some or all of `data`; return how much, where it may be less."""


class Intake:
    """A source read forwards, with a look ahead. Memory stays at what is looked at.

    Attributes:
        taken: how many bytes were taken so far.
    """

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._ahead = b""
        self.taken = 0

    def peek(self, size: int) -> bytes:
        """Return the next bytes and leave them; fewer than `size` only at the end."""
        parts = [self._ahead]
        missing = size - len(self._ahead)
        while missing > 0 and (part := self._read(max(missing, _BLOCK))):
            parts.append(part)
            missing -= len(part)
        self._ahead = b"".join(parts)
        return self._ahead[:size]

    def take(self, size: int) -> bytes:
        """Return the next bytes; fewer than `size` only at the end."""
        data = self.peek(size)
        self._ahead = self._ahead[len(data) :]
        self.taken += len(data)
        return data

    def line(self, most: int) -> bytes:
        """Return bytes up to and with a line feed; without one at the end, or after `most`."""
        looked = 0
        while True:
            seen = self.peek(min(most, max(2 * looked, 256)))
            if (end := seen.find(b"\n", looked)) >= 0:
                return self.take(end + 1)
            if len(seen) == most or len(seen) == looked:
                return self.take(len(seen))
            looked = len(seen)

    def _read(self, size: int) -> bytes:
        try:
            data = self._source.read(size)
        except OSError as error:
            raise InputUnreadable("age.read_failed", reason=error.strerror or "") from error
        if data is None:  # a source that does not wait
            raise InputUnreadable("age.read_failed", reason=os.strerror(errno.EAGAIN))
        return data


class Outlet:
    """A sink that takes everything it is given, or fails as one of ours."""

    def __init__(self, sink: Writable) -> None:
        self._sink = sink

    def write(self, data: bytes) -> None:
        """Write all of `data`."""
        rest = memoryview(data)
        with writing():
            while rest:
                written = self._sink.write(bytes(rest) if len(rest) < len(data) else data)
                if written is None or written >= len(rest):
                    return
                rest = rest[written:]


class writing:  # noqa: N801 - reads as a statement: `with writing():`
    """Turn what the platform says of a failed write into an error of ours."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, OSError):
            full = error.errno in _FULL
            key = "age.disk_full" if full else "age.write_failed"
            raise OutputRefused(key, reason=error.strerror or "") from error


def left(source: object) -> int | None:
    """Return how many bytes a source still holds, or None where it cannot be known."""
    tell: Callable[[], int] | None = getattr(source, "tell", None)
    seek: Callable[[int, int], int] | None = getattr(source, "seek", None)
    if tell is None or seek is None:
        return None
    try:
        at = tell()
        end = seek(0, os.SEEK_END)
        seek(at, os.SEEK_SET)
    except OSError:
        return None
    return max(end - at, 0)
