"""The controlling terminal of Linux and macOS."""

from __future__ import annotations

import codecs
import os
import select
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 4096
_WITHOUT_MARKS: Final = ("linux", "screen", "vt", "ansi", "cons")
_DEADLY: Final = ("SIGTERM", "SIGHUP")


class _Killed(BaseException):
    """A signal that ends the process, held back until the screen is restored."""


class PosixConsole:
    """`/dev/tty`, whatever the standard streams are.

    Attributes:
        can_draw: False on a terminal that says it is dumb, or says nothing.
        pastes_as_typed: True on the few that do not know bracketed paste.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = b""
        kind = os.environ.get("TERM", "dumb")
        self.can_draw = kind != "dumb"
        self.pastes_as_typed = kind.startswith(_WITHOUT_MARKS)

    @classmethod
    def open(cls) -> PosixConsole | None:
        """Open the controlling terminal; None for a process that has none."""
        try:
            return cls(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
        except OSError:
            return None

    def write(self, text: str) -> None:
        """Write everything."""
        data = text.encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(self._descriptor, data) :]

    def read_line(self, *, echo: bool) -> str | None:
        """Read a line in the terminal's own mode, with its own editing keys."""
        import termios

        before, wanted = self._present_modes(), self._present_modes()
        wanted[3] |= termios.ICANON | termios.ISIG
        wanted[3] = wanted[3] | termios.ECHO if echo else wanted[3] & ~termios.ECHO
        with self._modes(before, wanted):
            while b"\n" not in self._rest:
                piece = os.read(self._descriptor, _CHUNK)
                if not piece:
                    return None
                self._rest += piece
            line, _, self._rest = self._rest.partition(b"\n")
            return line.decode("utf-8", "replace")

    def read_keys(self, timeout: float | None) -> str | None:
        """Read what was typed; see `Console`."""
        if self._rest:
            ahead, self._rest = self._rest, b""
            return ahead.decode("utf-8", "replace")
        while True:
            if timeout is not None:
                ready, _, _ = select.select([self._descriptor], [], [], timeout)
                if not ready:
                    return ""
            piece = os.read(self._descriptor, _CHUNK)
            if not piece:
                return None
            if keys := self._decoder.decode(piece):
                return keys

    def put_back(self, keys: str) -> None:
        """Keep what was typed ahead for the next reading."""
        self._rest = keys.encode() + self._rest

    def size(self) -> tuple[int, int]:
        """Return columns and rows; 80 and 24 when the terminal does not know."""
        with suppress(OSError):
            columns, height = os.get_terminal_size(self._descriptor)
            if columns and height:
                return columns, height
        return 80, 24

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """Stop the terminal's own echo."""
        import termios

        before, wanted = self._present_modes(), self._present_modes()
        wanted[3] &= ~termios.ECHO
        with self._modes(before, wanted):
            yield

    @contextmanager
    def raw(self) -> Iterator[None]:
        """Give keys one by one, unseen and without signals."""
        import termios

        before, wanted = self._present_modes(), self._present_modes()
        wanted[0] &= ~termios.IXON
        wanted[0] |= termios.ICRNL
        wanted[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
        wanted[6][termios.VMIN], wanted[6][termios.VTIME] = 1, 0
        with self._modes(before, wanted):
            yield

    def _present_modes(self) -> list[Any]:
        import termios

        try:
            return list(termios.tcgetattr(self._descriptor))
        except termios.error as error:  # not an OSError, for historical reasons
            raise OSError(*error.args) from error

    @contextmanager
    def _modes(self, before: list[Any], wanted: list[Any]) -> Iterator[None]:
        import termios

        try:
            with _held_back():
                try:
                    termios.tcsetattr(self._descriptor, termios.TCSADRAIN, wanted)
                    yield
                finally:
                    with suppress(OSError, termios.error):  # the window may be gone
                        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, before)
        except termios.error as error:
            raise OSError(*error.args) from error

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._descriptor)


@contextmanager
def _held_back() -> Iterator[None]:
    """Let the block clean up before a signal ends the process. SIGKILL cannot be held back."""
    if threading.current_thread() is not threading.main_thread():
        yield  # Python lets no other thread set handlers
        return

    def raised(number: int, _: object) -> None:
        raise _Killed(number)

    numbers = [getattr(signal, name) for name in _DEADLY]
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        if before[number] not in {signal.SIG_IGN, None}:
            signal.signal(number, raised)
    killed: int | None = None
    try:
        yield
    except _Killed as stop:
        killed = stop.args[0]
    finally:
        for number, handler in before.items():
            if handler is not None:  # None: somebody's in C, which was left alone
                signal.signal(number, handler)
    if killed is not None:
        os.kill(os.getpid(), killed)
        sys.exit(128 + killed)  # only if somebody ignores the signal
