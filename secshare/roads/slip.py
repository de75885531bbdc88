"""One person's slip of a sheet of codes: their name, what `--as qr` draws, the words to be typed.

A slip is drawn in a place of its own and knows of no other: it cannot run into the next one, nor
onto the next page. It bears the name of who gets it, as nothing else does that holds words:
somebody has to hand the right paper to the right person. Of the document, and of whom it is about,
it says nothing.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare.roads import qr
from secshare.roads.letters import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from secshare.model import Reference
    from secshare.roads.words import Handover

__all__ = ["HEIGHT", "WIDTH", "Slip", "draw"]

_MM: Final = 72 / 25.4
WIDTH: Final = 105 * _MM  # A6, ISO 216: a quarter of a sheet of A4, and fits an envelope C6
HEIGHT: Final = 148.5 * _MM

_EDGE: Final = 8 * _MM  # blank around it: what printers do not reach, and what scissors miss
_ROOM: Final = WIDTH - 2 * _EDGE
_CODE: Final = 64 * _MM
"""The code with its quiet zone: modules of 1.3 mm for ten words, of 1 mm with a page's address."""
_NAME: Final = 14.0  # points
_TYPED: Final = 14.0  # what is typed; the words of either list fit, thirty characters a line
_NAME_LEAST: Final = (
    10.0  # a name that is too long is drawn smaller, to this; then on several lines
)
_SMALL: Final = 9.5
_SMALL_LEAST: Final = 8.0
_LEADING: Final = 1.3
_GAP: Final = 3 * _MM


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's slip, drawn and packed.

    Attributes:
        content: the drawing, as zlib packs it. It holds the secret.
        legible: whether every character of the name could be drawn.
    """

    reference: Reference
    content: bytes = field(repr=False)
    legible: bool


_Line = tuple[str, float]  # what is written, its size in points


def draw(name: str, carried: Handover) -> Slip:
    """Return one person's slip.

    Args:
        name: of who gets it.

    Raises:
        PracticeInvalid: as `Handover.content`.
        ExtraMissing: the library that draws codes is not installed.
        OutputRefused: the words are too long for a code on paper.
    """
    caption, matrix = carried.caption(), qr.matrix(carried.code)
    above = [*_fitted(name, _NAME, _NAME_LEAST), *_all_fitted(caption.above)]
    typed = [line for part in qr.broken(carried.words) for line in _fitted(part, _TYPED, _SMALL)]
    below = _all_fitted(caption.below)
    # The code takes what a long name leaves, so that nothing is ever cut off at the edge.
    room = HEIGHT - 2 * _EDGE - _height(above) - _height(typed) - _height(below) - 2 * _GAP
    side = min(_CODE, room)
    top = HEIGHT - _EDGE - _height(above)
    end = top - side - _height(typed)
    content = [
        *_written(above, HEIGHT - _EDGE),
        *_code(matrix, side, top),
        *_written(typed, top - side),
        *_written(below, end - _GAP),
    ]
    packed = zlib.compress("\n".join(content).encode("ascii"))
    return Slip(carried.reference, packed, letters().draws(name))


def _code(matrix: qr.Matrix, side: float, top: float) -> Iterator[str]:
    """Yield the dark modules as one path: filled at once, no seam shows between them."""
    module = side / len(matrix)
    left = (WIDTH - side) / 2
    yield "0 g"
    for row, modules in enumerate(matrix):
        for start, length in qr.runs(modules):
            x, y = left + start * module, top - (row + 1) * module
            yield f"{x:.3f} {y:.3f} {length * module:.3f} {module:.3f} re"
    yield "f"


def _written(lines: Sequence[_Line], y: float) -> Iterator[str]:
    """Yield lines one under the other, each in the middle."""
    yield "BT"
    for line, size in lines:
        y -= size * _LEADING
        x = (WIDTH - letters().width(line, size)) / 2
        glyphs = "".join(f"{glyph:04x}" for glyph in letters().glyphs(line))
        yield f"/L {size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{glyphs}> Tj"
    yield "ET"


def _height(lines: Sequence[_Line]) -> float:
    return sum(size * _LEADING for _, size in lines)


def _all_fitted(lines: Sequence[str]) -> list[_Line]:
    return [fitted for line in lines for fitted in _fitted(line, _SMALL, _SMALL_LEAST)]


def _fitted(line: str, size: float, least: float) -> list[_Line]:
    """Return a line as small as it must be to fit, down to `least`; else as several lines.

    They are cut at blanks, and anywhere where there is none.
    """
    wide = letters().width(line, 1)
    if wide * least <= _ROOM:
        return [(line, min(size, _ROOM / wide) if wide else size)]
    rows, row = [], ""
    for word in line.split():
        tried = f"{row} {word}".strip()
        if _fits(tried, least):
            row = tried
            continue
        if row:
            rows.append(row)
        row = word
        while not _fits(row, least):
            end = next(end for end in range(len(row), 0, -1) if _fits(row[:end], least))
            rows.append(row[:end])
            row = row[end:]
    return [(each, least) for each in (*rows, row)]


def _fits(line: str, size: float) -> bool:
    return letters().width(line, size) <= _ROOM
