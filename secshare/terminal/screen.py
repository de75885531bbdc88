"""The terminal as the rest of the program sees it, drawn on a console of any system."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol, Self

from secshare.errors import AnswerNeeded, Declined
from secshare.messages import text as message
from secshare.terminal.block import Block
from secshare.terminal.columns import asked, wrapped
from secshare.terminal.line import Key, Line
from secshare.terminal.pages import pages
from secshare.terminal.streams import system_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

_ALTERNATE: Final = "\x1b[?1049h\x1b[2J\x1b[H"
_ORDINARY: Final = "\x1b[2J\x1b[H\x1b[?1049l"
_PASTE_ON: Final = "\x1b[?2004h"
_PASTE_OFF: Final = "\x1b[?2004l"
_BACK: Final = frozenset({"b", "B", "\x1b[A", "\x1bOA", "\x1b[5~", "\x7f", "\x08"})
_ROOM: Final = 20  # columns for an answer, on a screen that has them
_LOOK: Final = 0.2  # seconds between two looks at the size of the window
_PASTE_PAUSE: Final = 0.03  # seconds; nobody types so soon after Enter, a pasted text does


class Terminal(Protocol):
    """A person at a screen and a keyboard."""

    @property
    def width(self) -> int:
        """Columns."""

    def say(self, text: str) -> None:
        """Show one or more lines."""

    def ask(self, question: str) -> str:
        """Return a line typed after the question. Raises Declined when none comes."""

    def ask_words(self, question: str, hint: str = "") -> str:
        """Return a secret line: visible while it is typed, erased on Enter, the hint too."""

    def unseen(self) -> AbstractContextManager[None]:
        """Show nothing of what is typed ahead, while words are being checked."""

    def show_secret(self, text: str, prompt: str) -> None:
        """Show a secret until a key is pressed, and leave nothing of it on the screen."""

    def close(self) -> None:
        """Let the terminal go."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...


class Console(Protocol):
    """What a system offers: keys one by one, lines, and writing.

    Attributes:
        can_draw: whether it understands the sequences that move and erase.
        pastes_as_typed: whether a pasted text comes without marks, as if it were typed, so that
            its line ends are known by what follows them at once.
    """

    can_draw: bool
    pastes_as_typed: bool

    def write(self, text: str) -> None:
        """Write everything, at once."""

    def read_line(self, *, echo: bool) -> str | None:
        """Return a line without its end; None when the input has ended."""

    def read_keys(self, timeout: float | None) -> str | None:
        """Return what was typed, at least a character; "" on time-out, None at the end."""

    def put_back(self, keys: str) -> None:
        """Keep what was typed ahead for the next reading."""

    def size(self) -> tuple[int, int]:
        """Return columns and rows."""

    def raw(self) -> AbstractContextManager[None]:
        """Give keys one by one and unseen; restore everything at the end, when killed too."""

    def unseen(self) -> AbstractContextManager[None]:
        """Show nothing that is typed while nobody reads; Ctrl-C stays a signal."""

    def close(self) -> None:
        """Let the console go."""


class Screen:
    """A `Terminal` on a `Console`. Every failure of the console is a `Declined`."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def width(self) -> int:
        """Columns."""
        return self._console.size()[0]

    def say(self, text: str) -> None:
        """Show one or more lines, cut between words where the window is narrow.

        Raises:
            Declined: the terminal has gone.
        """
        with _present():
            self._console.write("".join(f"{line}\n" for line in self._wrapped(text.rstrip("\n"))))

    def _wrapped(self, text: str) -> list[str]:
        return wrapped(text, max(2, self.width - 1), after=" ")

    def ask(self, question: str) -> str:
        """Return a line typed after the question, blanks around it removed.

        Both are seen whole: an answer that would not end on the question's last row begins another.

        Raises:
            Declined: the input ended instead (Ctrl-D, a closed window).
            KeyboardInterrupt: Ctrl-C.
        """
        with _present():
            width = max(2, self.width - 1)
            self._console.write("\n".join(asked(question, width, min(_ROOM, width // 3))))
            answer = self._console.read_line(echo=True)
            if answer is None:
                self._console.write("\n")
                raise Declined("terminal.closed")
        return answer.strip()

    def ask_words(self, question: str, hint: str = "") -> str:
        """Return a line that is visible while it is typed and erased on Enter.

        Visible, since nobody types ten words blind; erased, with all the rows it took, since the
        screen is seen by the next person. A pasted text may hold line feeds: they become blanks.
        `hint` is shown above the question and erased with the answer: it may hold words. Where the
        screen cannot erase, neither is shown.

        Raises:
            Declined, KeyboardInterrupt: as `ask`; what was typed is erased all the same.
        """
        with _present():
            if not self._console.can_draw:
                return self._ask_hidden(question)
            *above, prompt = self._wrapped(question)
            self._console.write("".join(f"{line}\n" for line in above))
            with self._console.raw():
                return self._ask_visible(prompt, hint)

    def _ask_hidden(self, question: str) -> str:
        note = message("terminal.hidden", system_language(os.environ))
        with self._console.unseen():  # before the question shows: an answer may come at once
            self._console.write(f"{question}{note} ")
            answer = self._console.read_line(echo=False)
            self._console.write("\n")
        if answer is None:
            raise Declined("terminal.closed")
        return answer.strip()

    def _ask_visible(self, prompt: str, hint: str) -> str:
        line, block = Line(), Block(self._console, prompt, hint)
        try:
            self._console.write(_PASTE_ON)
            block.draw(line.text, line.cursor)
            key = self._typed(line, block)
        finally:
            block.erase()
            self._console.write(f"{_PASTE_OFF}{prompt}\n")
        if key is Key.CANCEL:
            raise KeyboardInterrupt
        if key is Key.END:
            raise Declined("terminal.closed")
        return line.text.strip()

    def _typed(self, line: Line, block: Block) -> Key:
        while True:
            keys = self._console.read_keys(None)
            if keys is None:
                return Key.END
            key, rest = line.feed(keys)
            while key is Key.ENTER and self._console.pastes_as_typed:
                more = rest or self._console.read_keys(_PASTE_PAUSE)
                if not more:
                    break
                line.join()
                key, rest = line.feed(more)
            if key is not None:
                self._console.put_back(rest)
                return key
            block.draw(line.text, line.cursor)

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """Show nothing of what is typed ahead, such as words pasted again while some are checked.

        Raises:
            Declined: the terminal has gone.
        """
        with _present(), self._console.unseen():
            yield

    def show_secret(self, text: str, prompt: str) -> None:
        """Show a secret on the alternate screen until a key is pressed, page by page if need be.

        A page that is not the last says so, and `b` or the arrow goes back. A drawing in half
        blocks is never cut: where the window is too small for it, a line says so until the window
        is made larger.

        The ordinary screen comes back as it was, and nothing stays in what can be scrolled back.

        Raises:
            AnswerNeeded: this terminal cannot erase, so nothing was shown.
            Declined: the terminal has gone.
            KeyboardInterrupt: Ctrl-C, after the screen was cleared.
        """
        if not self._console.can_draw:
            raise AnswerNeeded("terminal.no_screen")
        with _present(), self._console.raw():
            try:
                self._console.write(_ALTERNATE)
                self._show_pages(text, prompt)
            finally:
                self._console.write(_ORDINARY)

    def _show_pages(self, text: str, prompt: str) -> None:
        language = system_language(os.environ)
        at = count = 0
        while at <= count:
            size = self._console.size()
            made = pages(text, prompt, *size, language)
            at, count = min(at, len(made) - 1), len(made) - 1
            self._console.write("\x1b[2J\x1b[H" + "\r\n".join(made[at]))
            keys = self._keys_or_resized(size)
            if keys is None:
                raise Declined("terminal.closed")
            if "\x03" in keys:
                raise KeyboardInterrupt
            if keys in _BACK and count:
                at = max(0, at - 1)
            elif keys:
                at += 1

    def _keys_or_resized(self, size: tuple[int, int]) -> str | None:
        """Return what `read_keys` does, or "" once the window is no longer of this size."""
        while (keys := self._console.read_keys(_LOOK)) == "" and self._console.size() == size:
            pass
        return keys

    def close(self) -> None:
        """Let the terminal go."""
        self._console.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@contextmanager
def _present() -> Iterator[None]:
    try:
        yield
    except OSError as error:  # the window was closed, or the connection ended
        raise Declined("terminal.closed") from error
