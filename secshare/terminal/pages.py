"""A text on as many pages as a window needs: a drawing is never cut, and no page misleads."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from secshare.messages import text as message
from secshare.terminal.columns import columns, wrapped

if TYPE_CHECKING:
    from secshare.messages import Language

_DRAWN: Final = frozenset("█▀▄")
_MANY: Final = 99  # pages, to know how much room their numbers take


def pages(text: str, prompt: str, width: int, height: int, language: Language) -> list[list[str]]:
    """Return the rows of each page: the text, then what a key does.

    Only the last page ends with `prompt`. Consecutive lines with half blocks are a drawing, such
    as a QR code: it is on one page, or replaced by a line that says why it is not there.

    Args:
        width, height: of the window; a page is never larger, and never empty.
    """
    usable = max(2, width - 1)
    most = max(1, height // 2)  # rows at the foot of a window that is very small
    alone = wrapped(prompt, usable)[-most:]
    made = _filled(text, usable, [height - len(alone)], language)
    if len(made) == 1:
        return [_joined(made[0], alone, height)]

    def foot(page: int, count: int) -> list[str]:
        more = message("terminal.more", language, page=page, pages=count)
        said = prompt if page == count else more
        rows, back = wrapped(said, usable), f"   {message('terminal.back', language)}"
        if page > 1 and len(wrapped(said + back, usable)) == len(rows):  # where it costs no row
            rows = wrapped(said + back, usable)
        return rows[-most:]

    feet = [max(len(foot(page, _MANY)), len(foot(page, page))) for page in (1, 2)]
    made = _filled(text, usable, [height - rows for rows in feet], language)
    count = len(made)
    return [_joined(page, foot(at, count), height) for at, page in enumerate(made, 1)]


def _joined(page: list[str], foot: list[str], height: int) -> list[str]:
    between = [""] if len(page) + len(foot) < height else []
    return [*page, *between, *foot]


def _filled(text: str, usable: int, heights: list[int], language: Language) -> list[list[str]]:
    """Fill pages, the first of `heights[0]` rows, all after the last as high as the last."""
    made: list[list[str]] = [[]]

    def room() -> int:
        return max(1, heights[min(len(made), len(heights)) - 1])

    for is_drawing, group in groupby(text.split("\n"), key=lambda line: bool(_DRAWN & {*line})):
        lines = list(group)
        if is_drawing and max(map(columns, lines)) <= usable and len(lines) <= max(heights):
            if len(made[-1]) + len(lines) > room():
                made.append([])
            if len(lines) <= room():
                made[-1] += lines
                continue
        if is_drawing:
            lines = [message("terminal.window_small", language)]
        for row in wrapped("\n".join(lines), usable):
            if len(made[-1]) >= (room() - 1 if room() > 2 else room()):  # a blank before the foot
                made.append([])
            if row or made[-1]:
                made[-1].append(row)
    filled = [page for page in made if page]
    return filled or [[""]]
