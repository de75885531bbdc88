"""Encrypting and decrypting in memory, for tests about what happens in between."""

from __future__ import annotations

import io
from collections.abc import Sequence

from secshare import age
from secshare.age.armor import ArmorWriter
from secshare.age.intake import Outlet


def sealed(data: bytes, *recipients: age.Recipient, armor: bool = False) -> bytes:
    """Return `data` encrypted."""
    sink = io.BytesIO()
    age.encrypt(io.BytesIO(data), sink, recipients, armor=armor)
    return sink.getvalue()


def opened(file: bytes, *identities: age.Identity) -> bytes:
    """Return what a file holds."""
    sink = io.BytesIO()
    age.decrypt(io.BytesIO(file), sink, identities)
    return sink.getvalue()


def armored(file: bytes) -> bytes:
    """Return a binary file as text."""
    sink = io.BytesIO()
    writer = ArmorWriter(Outlet(sink))
    writer.write(file)
    writer.close()
    return sink.getvalue()


def streamed(data: bytes, recipients: Sequence[age.Recipient]) -> bytes:
    """Return `data` encrypted from a source that cannot be sought."""
    sink = io.BytesIO()
    age.encrypt(Pipe(data), sink, recipients)
    return sink.getvalue()


class Pipe(io.RawIOBase):
    """A source that cannot be sought, and gives a few bytes at a time."""

    def __init__(self, data: bytes, most: int = 5000) -> None:
        super().__init__()
        self._data = io.BytesIO(data)
        self._most = most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(min(size, self._most) if size >= 0 else self._most)


class Drip(io.RawIOBase):
    """A sink that takes a few bytes at a time, as a full pipe does."""

    def __init__(self, most: int = 3000) -> None:
        super().__init__()
        self.data = b""
        self._most = most

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:
        self.data += bytes(data[: self._most])
        return min(len(data), self._most)
