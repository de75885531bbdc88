"""Armor: an age file as text, lenient about what stands around the block and strict inside."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Final

from secshare.errors import ArmorDamaged

if TYPE_CHECKING:
    from secshare.age.intake import Intake, Outlet

BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
END: Final = b"-----END AGE ENCRYPTED FILE-----"
AROUND: Final = 1024
"""White space read before and after the block, in bytes, as age does."""

_COLUMNS: Final = 64
_ROW: Final = 48
_ROWS: Final = 1024
_LONGEST_LINE: Final = 256
_WHITE: Final = b" \t\r\n\v\f"


class ArmorReader:
    """The binary file inside an armored one. Nothing altered, added or left out goes unnoticed."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._line = 0
        self._begun = self._ended = False
        self._ready = b""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, and none after the end of the block.

        Raises:
            ArmorDamaged: the text does not follow the format; the field `line` counts from 1.
        """
        if not self._begun:
            self._begin()
        while not self._ready and not self._ended:
            self._ready = self._block() or self._row()
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def _begin(self) -> None:
        room = AROUND
        while True:
            # Looked at as far as white space may go, so that no piece of a line passes for a line.
            line = self._take(AROUND + 1)
            if line.strip(_WHITE):
                break
            room -= len(line)
            if not line.endswith(b"\n") or room < 0:
                raise ArmorDamaged("age.armor_begin")
        if _text(line) != BEGIN:
            raise ArmorDamaged("age.armor_begin")
        self._begun = True

    def _block(self) -> bytes:
        """Return the bytes of many whole lines at once, or none where one needs a closer look."""
        for ending in (b"\n", b"\r\n"):
            stride = _COLUMNS + len(ending)
            seen = self._intake.peek(stride * _ROWS)
            rows = len(seen) // stride
            text = seen[: rows * stride]
            if not rows or any(
                text[_COLUMNS + at :: stride] != ending[at : at + 1] * rows
                for at in range(len(ending))
            ):
                continue
            joined = text.replace(ending, b"")
            data = _decoded(joined) if len(joined) == rows * _COLUMNS else None
            if data is not None and len(data) == rows * _ROW:
                self._intake.take(len(text))
                self._line += rows
                return data
        return b""

    def _row(self) -> bytes:
        text = _text(self._take())
        if text == END:
            self._end()
            return b""
        data = _decoded(text)
        if not text or data is None or len(text) > _COLUMNS:
            raise ArmorDamaged("age.armor_damaged", line=self._line)
        if len(data) < _ROW:  # only the last line is short or padded
            if _text(self._take()) != END:
                raise ArmorDamaged("age.armor_damaged", line=self._line)
            self._end()
        return data

    def _end(self) -> None:
        after = self._intake.take(AROUND + 1)
        if after.strip(_WHITE) or len(after) > AROUND:
            raise ArmorDamaged("age.armor_after")
        self._ended = True

    def _take(self, most: int = _LONGEST_LINE) -> bytes:
        self._line += 1
        return self._intake.line(most)


class ArmorWriter:
    """Writes a binary file as text. `close` ends the block and leaves the sink open."""

    def __init__(self, sink: Outlet) -> None:
        self._sink = sink
        self._held = BEGIN + b"\n"
        self._rest = b""

    def write(self, data: bytes) -> None:
        """Write some bytes of the binary file."""
        data = self._rest + data
        whole = len(data) - len(data) % _ROW
        self._rest = data[whole:]
        if whole:
            self._rows(data[:whole])

    def close(self) -> None:
        """Write what is left and the last line."""
        if self._rest:
            self._rows(self._rest)
        self._sink.write(self._held + END + b"\n")

    def _rows(self, data: bytes) -> None:
        text = binascii.b2a_base64(data, newline=False)
        rows = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
        self._sink.write(self._held + b"\n".join([*rows, b""]))
        self._held = b""


def _text(line: bytes) -> bytes:
    """Return a line without its ending, which is LF, CRLF or, at the very end, nothing."""
    return line.removesuffix(b"\n").removesuffix(b"\r") if line.endswith(b"\n") else line


def _decoded(text: bytes) -> bytes | None:
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        return None
    return data if binascii.b2a_base64(data, newline=False) == text else None
