"""What the command says, and where: results, messages, conversation, progress."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from secshare.messages import explain, printable, text
from secshare.terminal import open_terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from secshare.errors import SecshareError
    from secshare.messages import Language
    from secshare.terminal import Terminal

_QUIET: Final = 0.5  # seconds of work before progress shows
_PACE: Final = 0.1  # seconds between two lines of progress
_MEGABYTE: Final = 1_000_000


class Talk:
    """stdout for the result, stderr for messages and progress, the terminal for the person.

    Attributes:
        written: whether the document is there: from then on nothing may say that it is not.
    """

    def __init__(
        self, language: Language, find_terminal: Callable[[], Terminal | None] = open_terminal
    ) -> None:
        self.language = language
        self.written = False
        self._find = find_terminal
        self._terminal: Terminal | None = None
        self._looked = False

    @property
    def terminal(self) -> Terminal | None:
        """The person's terminal, found when it is first needed."""
        if not self._looked:
            self._terminal = self._find()
            self._looked = True
        return self._terminal

    def text(self, key: str, **fields: object) -> str:
        """Return a text of the opener's catalogue."""
        return text(f"opener.{key}", self.language, **fields)

    def say(self, key: str, **fields: object) -> None:
        """Write a message to stderr."""
        self._err(self.text(key, **fields))

    def converse(self, key: str, **fields: object) -> None:
        """Say something to the person at the terminal; without one, to stderr."""
        self.tell(self.text(key, **fields))

    def tell(self, lines: str) -> None:
        """Say lines that are worded already, as `converse` does."""
        if self.terminal is None:
            self._err(lines)
        else:
            self.terminal.say(lines)

    def two_lines(self, key: str, **fields: object) -> None:
        """Write an error's two lines to stderr."""
        self._err("\n".join(explain(key, self.language, **fields)))

    def fail(self, error: SecshareError) -> int:
        """Write what happened and what to do to stderr; return the exit status."""
        self.two_lines(error.key, **error.fields)
        return int(error.code)

    def result(self, path: Path) -> None:
        """Write the path of what was made to stdout: harmless on a screen, exact elsewhere."""
        with suppress(OSError):  # nobody listens: the document is there all the same
            if sys.stdout is not None:
                print(printable(path) if sys.stdout.isatty() else path, flush=True)

    def progress(self) -> Callable[[int, int | None], None]:
        """Return a function that shows how far a long work is, when stderr is a screen."""
        began = shown = time.monotonic()
        visible = sys.stderr is not None and sys.stderr.isatty()
        width = 0

        def show(done: int, total: int | None) -> None:
            nonlocal shown, width
            now = time.monotonic()
            if not visible or not total or now - began < _QUIET:
                return
            if now - shown < _PACE and done < total:
                return
            shown = now
            line = self.text(
                "progress",
                percent=100 * done // total,
                done=done // _MEGABYTE,
                total=total // _MEGABYTE,
            )
            width = max(width, len(line))
            end = "\r" + " " * width + "\r" if done >= total else ""
            print("\r" + line.ljust(width) + end, end="", file=sys.stderr, flush=True)

        return show

    def close(self) -> None:
        """Let the terminal go."""
        if self._terminal is not None:
            self._terminal.close()

    @staticmethod
    def _err(lines: str) -> None:
        with suppress(OSError):  # stderr is closed: there is nobody left to tell
            if sys.stderr is not None:
                print(lines, file=sys.stderr, flush=True)
