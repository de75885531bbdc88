"""A file that takes what it is given whole."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class WholeFile(io.FileIO):
    """A raw file whose `write` writes everything, or raises.

    On a disk that is nearly full the system may take a part of what it is given, and say so only in
    a count that a caller easily leaves unread: what is then published would be cut short.
    """

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of `data`; return its length in bytes."""
        rest = memoryview(data).cast("B")
        length = len(rest)
        while rest:
            rest = rest[super().write(rest) or 0 :]
        return length
