"""A document and a sink, for a library in another language that reads and writes through them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from secshare import files, profiles

if TYPE_CHECKING:
    from io import FileIO
    from typing import BinaryIO, Self

    from secshare.errors import InputUnreadable
    from secshare.files import Source

__all__ = ["Clear", "Written"]


class Clear(io.RawIOBase):
    """The document's descriptor, for a library that forgives a failing read and we do not.

    Attributes:
        trouble: why it could not be read, if it could not.
    """

    def __init__(self, document: Source) -> None:
        self.document = document
        self.trouble: InputUnreadable | None = None
        self._file: FileIO | io.BytesIO = document.file

    @classmethod
    def held(cls, document: Source) -> Self:
        """Read the document once, in order, and hold it in memory if it is of ordinary size.

        What a library then reads here and there is what was read in order, whose digest the
        descriptor knows: nobody swaps the file for the moment in between.

        Raises:
            InputUnreadable: it cannot be read.
        """
        clear = cls(document)
        if document.size <= profiles.PREFLIGHT_BYTES:
            clear.seek(0)
            clear._file = io.BytesIO(clear.readall())
        return clear

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that every place can be reached."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of the document."""
        return self._file.seek(offset, whence)

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        """Read into a buffer; once it has failed, it fails always."""
        if self.trouble is None:
            try:
                return self._file.readinto(buffer) or 0
            except OSError as error:
                self.trouble = files.input_trouble(error, self.document.path)
        raise self.trouble

    def part(self, start: int, size: int) -> bytes:
        """Return at most `size` bytes from `start`."""
        self.seek(max(start, 0))
        return self.read(size) or b""


class Written(io.RawIOBase):
    """The sink, for a library that must not be interrupted: older ones would end the process.

    Attributes:
        trouble: what stopped the writing, Ctrl-C included, if anything did.
    """

    def __init__(self, sink: BinaryIO) -> None:
        self.sink = sink
        self.trouble: BaseException | None = None

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def seekable(self) -> bool:
        """Say that every place can be reached."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of the sink."""
        return self.sink.seek(offset, whence)

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Write all of `data`; once that has failed, nothing is written any more."""
        if self.trouble is None:
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[self.sink.write(rest) or 0 :]
            except BaseException as error:  # raised again once the library has returned
                self.trouble = error
        return len(data)
