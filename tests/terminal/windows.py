"""A program in a window: a real pseudo-terminal, and what a person sees in it."""

from __future__ import annotations

import copy
import os
import sys
import termios
import time
import warnings
from collections.abc import Callable
from typing import Self

import pexpect
import pyte

ALTERNATE = 1049


class Window(pyte.HistoryScreen):
    """A screen with what scrolled out of it, and the alternate screen that pyte leaves out."""

    def __init__(self, columns: int, lines: int) -> None:
        self.alternate = False
        super().__init__(columns, lines, history=5_000, ratio=0.5)

    def set_mode(self, *modes: int, **options: bool) -> None:
        if ALTERNATE in modes and options.get("private") and not self.alternate:
            self.alternate = True
            self._ordinary = copy.deepcopy(self.buffer), copy.deepcopy(self.cursor)
            self._history = copy.deepcopy(self.history)
        super().set_mode(*modes, **options)

    def reset_mode(self, *modes: int, **options: bool) -> None:
        if ALTERNATE in modes and options.get("private") and self.alternate:
            self.alternate = False
            self.buffer, self.cursor = self._ordinary
            self.history = self._history
            self.dirty.update(range(self.lines))
        super().reset_mode(*modes, **options)

    @property
    def shown(self) -> str:
        """The lines on the screen, blanks at their ends removed."""
        return "\n".join(line.rstrip() for line in self.display).rstrip()

    @property
    def everything(self) -> str:
        """The screen and what can be scrolled back to."""
        above = [
            "".join(line[x].data for x in range(self.columns)).rstrip() for line in self.history.top
        ]
        return "\n".join([*above, self.shown])


class Session:
    """A running program with a controlling terminal of its own."""

    def __init__(
        self,
        command: list[str],
        *,
        columns: int = 80,
        lines: int = 24,
        env: dict[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
    ) -> None:
        self.window = Window(columns, lines)
        self._stream = pyte.ByteStream(self.window)
        self.raw = b""
        environ = os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | (env or {})
        with warnings.catch_warnings():
            # Python 3.12 warns of forkpty beside threads; the child only executes a program.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.child = pexpect.spawn(
                command[0],
                command[1:],
                dimensions=(lines, columns),
                env=environ,
                cwd=None if cwd is None else str(cwd),
                timeout=20,
            )
        self.child.delaybeforesend = None

    def _feed(self, wait: float) -> bool:
        try:
            data = self.child.read_nonblocking(65536, wait)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(data)
        return True

    def until(self, seen: str | Callable[[Window], bool], seconds: float = 20) -> None:
        """Read until a text is on the screen, or a condition holds."""
        end = time.monotonic() + seconds
        running = True
        while not (seen in self.window.shown if isinstance(seen, str) else seen(self.window)):
            if time.monotonic() > end or not running:
                raise AssertionError(f"not seen: {seen!r}\n--- screen\n{self.window.everything}")
            running = self._feed(0.2)  # what ends the program may be what was waited for

    def type(self, keys: str) -> None:
        """Press keys; `\\r` is Enter."""
        self.child.send(keys)

    def end(self, seconds: float = 20) -> int:
        """Read to the end; return the exit status, negative for a signal."""
        limit = time.monotonic() + seconds
        while self._feed(0.5):
            if time.monotonic() > limit:
                raise AssertionError(f"still running\n--- screen\n{self.window.everything}")
        self.echoed_at_end = self.echoing()
        self.child.close()
        if self.child.signalstatus is not None:
            return -self.child.signalstatus
        return self.child.exitstatus

    def echoing(self) -> bool:
        """Whether the terminal shows what is typed, as a shell left behind would want."""
        return bool(termios.tcgetattr(self.child.child_fd)[3] & termios.ECHO)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.child.close(force=True)


def python(code: str) -> list[str]:
    """The command that runs Python code as the tests' own interpreter does."""
    return [sys.executable, "-X", "dev", "-W", "error", "-c", code]
