"""What is being typed on a screen, on as many rows as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.terminal.columns import columns, rows, wrapped

if TYPE_CHECKING:
    from secshare.terminal.screen import Console

__all__ = ["Block"]

_ERASE_BELOW: Final = "\x1b[J"


class Block:
    """A hint, a prompt and a text on as many rows as they take, redrawn at each key.

    Rows are broken here and never by the terminal, so that how many there are is known. The block
    is never higher than the screen, so that none of it scrolls out of reach.
    """

    def __init__(self, console: Console, prompt: str, hint: str) -> None:
        self._console = console
        self._prompt = prompt
        self._hint = hint
        self._drawn: list[str] = []  # the rows down to the cursor's

    def draw(self, text: str, cursor: int) -> None:
        """Draw it again, with another text, the cursor before so many of its characters."""
        width, height = self._console.size()
        usable = max(2, width - 1)
        hint = wrapped(self._hint, usable) if self._hint else []
        before = [*hint, *rows(self._prompt + text[:cursor], usable)]
        cut = [*hint, *rows(self._prompt + text, usable)]
        first = max(0, len(before) - max(1, height - 1))
        shown = cut[first : first + max(1, height - 1)]
        row, column = len(before) - 1 - first, columns(before[-1])
        up = len(shown) - 1 - row
        home, drawn = self._home(width), [*shown[:row], before[-1]]
        # A signal may come at any point: until all is written, erase for whichever is higher.
        self._drawn = max(self._drawn, drawn, key=len)
        self._console.write(
            home
            + "\r\n".join(shown)
            + (f"\x1b[{up}A" if up else "")
            + "\r"
            + (f"\x1b[{column}C" if column else "")
        )
        self._drawn = drawn

    def erase(self) -> None:
        """Leave nothing of it."""
        self._console.write(self._home(self._console.size()[0]))
        self._drawn = []

    def _home(self, width: int) -> str:
        """Return what goes back to the block's first column and erases from there.

        A window made narrower since has broken the rows again, each by itself.
        """
        up = sum(max(1, -(-columns(row) // width)) for row in self._drawn) - 1
        return (f"\x1b[{up}A" if up > 0 else "") + "\r" + _ERASE_BELOW
