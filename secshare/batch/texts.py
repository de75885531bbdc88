"""What a text of a workbook is made of: one piece, or runs in several fonts; and how it is spoken.

The library joins all the pieces that it meets, wherever they stand; a spreadsheet shows those that
stand where a text has them. So a text is only read where each piece has its place.
"""

from __future__ import annotations

from typing import Final

__all__ = ["Texts"]

# Where one is, and the tag that begins there: where one is then, once it has ended; and within it.
_STEPS: Final = {
    ("part", "sst"): ("part", "texts"),
    ("texts", "si"): ("texts", "text"),
    # One piece or runs, never both: what shows then is not the same everywhere.
    ("text", "t"): ("whole", "piece"),
    ("text", "r"): ("runs", "run"),
    ("runs", "r"): ("runs", "run"),
    ("run", "rPr"): ("run", "font"),
    ("run", "t"): ("whole run", "piece"),
    # How it is spoken, which a spreadsheet shows on request, and the library passes over.
    **{(at, "rPh"): (at, "spoken") for at in ("text", "whole", "runs")},
    **{(at, "phoneticPr"): (at, "nothing") for at in ("text", "whole", "runs")},
    ("spoken", "t"): ("spoken", "piece"),
}
_PIECES: Final = frozenset(name for _, name in _STEPS)


class Texts:
    """Follows the tags through texts: those that cells share, or the one in a cell.

    Args:
        space: the namespace of the part, as it stands before a name.
    """

    def __init__(self, space: str) -> None:
        self._space = space
        self._steps = {(at, space + name): step for (at, name), step in _STEPS.items()}
        self._inside = ["part"]

    def begin_one(self) -> None:
        """Begin the text in a cell."""
        self._inside = ["text"]

    def begin(self, tag: str, _said: dict[str, str]) -> None:
        """Go into a tag.

        Raises:
            ValueError: it is out of its place, or another program's.
        """
        at = self._inside[-1]
        step = self._steps.get((at, tag)) or self._of_font(at, tag)
        self._inside[-1], within = step
        self._inside.append(within)

    def end(self, _tag: str) -> None:
        """Go out of it."""
        self._inside.pop()

    def _of_font(self, at: str, tag: str) -> tuple[str, str]:
        """Return the step to what a font has: by whatever name, but none that a text has."""
        name = tag.removeprefix(self._space)
        if at != "font" or " " in name or name in _PIECES:
            raise ValueError("a text that another program may show otherwise")
        return at, "nothing"
