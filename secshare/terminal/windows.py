"""The console of Windows: `CONIN$` and `CONOUT$`. Tried only in simulation so far."""

from __future__ import annotations

import os
import re
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_DRAWING: Final = 0x0004  # ENABLE_VIRTUAL_TERMINAL_PROCESSING
_PROCESSED: Final = 0x0001  # ENABLE_PROCESSED_OUTPUT
_POLL: Final = 0.01  # seconds
# Keys that come as two characters, as the sequences other systems send for them.
_SPECIAL: Final = {
    "K": "\x1b[D",
    "M": "\x1b[C",
    "G": "\x1b[H",
    "O": "\x1b[F",
    "S": "\x1b[3~",
    "H": "\x1b[A",
    "I": "\x1b[5~",
}
_SPECIAL_UNUSED: Final = "PQR"

_Library = Any  # msvcrt and kernel32 exist on Windows only; tests pass what stands for them


_OURS: Final = re.compile(r"(secshare(-open)?|pythonw?[0-9.]*|pyw?)\.exe")
_PROCESSES: Final = 64
_QUERY: Final = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_PATH_CHARACTERS: Final = 32_768


def alone_in_console(kernel32: _Library = None) -> bool:
    """Return whether only our own processes are attached to the console.

    A double click gives a new console to the launcher that pip makes and to the Python below it;
    started from a shell, the shell is attached too. When in doubt the answer is no: waiting for a
    key would hold up a script.
    """
    import ctypes

    kernel32 = kernel32 or ctypes.windll.kernel32  # type: ignore[attr-defined]
    numbers = (ctypes.c_ulong * _PROCESSES)()
    count = kernel32.GetConsoleProcessList(numbers, _PROCESSES)
    if not 0 < count <= _PROCESSES:
        return False
    return all(_is_ours(int(number), kernel32) for number in numbers[:count])


def _is_ours(number: int, kernel32: _Library) -> bool:
    import ctypes

    process = kernel32.OpenProcess(_QUERY, 0, number)
    if not process:
        return False
    try:
        path = ctypes.create_unicode_buffer(_PATH_CHARACTERS)
        size = ctypes.c_ulong(_PATH_CHARACTERS)
        if not kernel32.QueryFullProcessImageNameW(process, 0, path, ctypes.byref(size)):
            return False
        return bool(_OURS.fullmatch(path.value.rpartition("\\")[2].casefold()))
    finally:
        kernel32.CloseHandle(process)


class WindowsConsole:
    """The console the process is attached to, whatever the standard streams are.

    Attributes:
        can_draw: False before Windows 10, whose console knows no sequences.
        pastes_as_typed: `getwch` gives no marks.
    """

    pastes_as_typed = True

    def __init__(self, reader: Any, writer: Any, msvcrt: _Library, kernel32: _Library) -> None:  # noqa: ANN401
        self._reader = reader
        self._writer = writer
        self._msvcrt = msvcrt
        self._kernel32 = kernel32
        self._mode: int | None = None
        self._ahead = ""
        self.can_draw = self._start_drawing()

    @classmethod
    def open(cls) -> WindowsConsole | None:
        """Open the console; None for a process that has none."""
        import ctypes
        import msvcrt

        try:
            reader = open("CONIN$", encoding="utf-8", errors="replace")  # noqa: SIM115
        except OSError:
            return None
        try:
            writer = open("CONOUT$", "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
        except OSError:
            reader.close()
            return None
        return cls(reader, writer, msvcrt, ctypes.windll.kernel32)  # type: ignore[attr-defined]

    def _start_drawing(self) -> bool:
        import ctypes

        handle = self._msvcrt.get_osfhandle(self._writer.fileno())
        mode = ctypes.c_ulong()
        if not self._kernel32.GetConsoleMode(handle, ctypes.byref(mode)):
            return False
        if not self._kernel32.SetConsoleMode(handle, mode.value | _DRAWING | _PROCESSED):
            return False
        self._mode = mode.value
        return True

    def write(self, text: str) -> None:
        """Write everything at once."""
        self._writer.write(text)
        self._writer.flush()

    def read_line(self, *, echo: bool) -> str | None:
        """Read a line with the console's own editing, or key by key when it must not show."""
        if echo:
            line: str = self._reader.readline()
            return line.rstrip("\r\n") if line else None
        typed = ""
        while True:
            key = self._msvcrt.getwch()
            if key in "\r\n":
                return typed
            if key == "\x03":
                raise KeyboardInterrupt
            if key in "\x04\x1a":  # Ctrl-Z is how input ends on Windows
                return None
            typed = typed[:-1] if key == "\x08" else typed + key

    def read_keys(self, timeout: float | None) -> str | None:
        """Read what was typed; see `Console`."""
        if self._ahead:
            ahead, self._ahead = self._ahead, ""
            return ahead
        end = None if timeout is None else time.monotonic() + timeout
        while not self._msvcrt.kbhit():
            if end is not None and time.monotonic() >= end:
                return ""
            time.sleep(_POLL)
        keys = self._key()
        while self._msvcrt.kbhit():
            keys += self._key()
        return keys

    def put_back(self, keys: str) -> None:
        """Keep what was typed ahead for the next reading of keys."""
        self._ahead = keys + self._ahead

    def _key(self) -> str:
        key: str = self._msvcrt.getwch()
        if key == "\x1a":
            return "\x04"
        # An arrow comes as \xe0 and a capital; \xe0 alone is the letter à.
        if key in "\x00\xe0" and self._msvcrt.kbhit():
            second: str = self._msvcrt.getwch()
            if second in _SPECIAL:
                return _SPECIAL[second]
            if key == "\x00" or second in _SPECIAL_UNUSED:
                return ""
            return key + second
        return key

    def size(self) -> tuple[int, int]:
        """Return columns and rows; 80 and 24 when the console does not say."""
        with suppress(OSError, ValueError):
            columns, height = os.get_terminal_size(self._writer.fileno())
            return columns, height
        return 80, 24

    @contextmanager
    def raw(self) -> Iterator[None]:
        """Do nothing: `getwch` never shows what is typed, and gives Ctrl-C as a key."""
        yield

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """Do nothing: a console of Windows shows what is read, when it is read."""
        yield

    def close(self) -> None:
        """Give the console its own mode back, and close it."""
        if self._mode is not None:
            handle = self._msvcrt.get_osfhandle(self._writer.fileno())
            self._kernel32.SetConsoleMode(handle, self._mode)
        self._reader.close()
        self._writer.close()
