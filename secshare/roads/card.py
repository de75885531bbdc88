"""The card: a hybrid identity as a QR code and as text, on a PDF the size of a credit card.

It opens everything that is sealed to the person from then on, so it says nothing of them: the
practice's public name, the card's own drawn name, and what it is for.
"""

from __future__ import annotations

import io
import unicodedata
from typing import TYPE_CHECKING, Final

from secshare.errors import ExtraMissing
from secshare.messages import text
from secshare.roads import qr
from secshare.roads.lines import checked_public_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from secshare.messages import Language

__all__ = ["groups", "pdf"]

_MM: Final = 72 / 25.4
WIDTH: Final = 85.60 * _MM  # ISO/IEC 7810, ID-1
HEIGHT: Final = 53.98 * _MM
MODULE: Final = 1.2 * _MM
"""Of the code: 41 of them, with the quiet zone, leave 2.4 mm above and below for the scissors."""

_LEFT: Final = 1.4 * _MM
_GAP: Final = 0.6 * _MM  # beside the code, whose quiet zone is blank already
_EDGE: Final = 3.2 * _MM  # above and below the text
_BETWEEN: Final = 0.8 * _MM
_GROUP: Final = 4
_GROUPS: Final = 3  # a line

# Helvetica's widths, in thousandths of its size, of the characters from the blank to the tilde
# (Adobe's metrics of the standard fonts); a letter with an accent is as wide as the letter.
_WIDTHS: Final = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556,) * 10,
    *(278, 278, 584, 584, 584, 556, 1015),
    *(667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722),
    *(667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333),
    *(556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333),
    *(500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_FONTS: Final = {"/H": "/Helvetica", "/B": "/Helvetica-Bold", "/C": "/Courier-Bold"}
_BOLD: Final = 1.08  # as much wider, at most

_Line = tuple[str, str, float]  # what is written, its font, its size in points


def pdf(identity: str, *, public_name: str, drawn: str, language: Language) -> bytes:
    """Return a PDF of two pages, each a card; the second says that it is the copy.

    The code holds the identity and nothing else, in capitals; the text gives it in groups to be
    typed. The same input gives the same bytes; there is no date, no program and no name in them.

    Args:
        identity: `AGE-SECRET-KEY-PQ-1...`. What is returned is this secret.
        drawn: the card's own name, which tells it from another card, and says nothing of anybody.
        language: of the person who gets the card.

    Raises:
        PracticeInvalid: the public name is not one line of ASCII that fits.
        ExtraMissing: qrcode or pikepdf is not installed.
    """
    called = checked_public_name(public_name)
    code = _code(qr.matrix(identity))
    try:
        import pikepdf
    except ImportError as error:
        raise ExtraMissing("card.missing") from error

    with pikepdf.new() as made:
        fonts = pikepdf.Dictionary(
            {
                name: pikepdf.Dictionary(
                    Type=pikepdf.Name("/Font"),
                    Subtype=pikepdf.Name("/Type1"),
                    BaseFont=pikepdf.Name(font),
                    Encoding=pikepdf.Name("/WinAnsiEncoding"),
                )
                for name, font in _FONTS.items()
            }
        )
        for copy in ("", text("card.copy", language)):
            label = text("card.name", language, name=drawn)
            blocks = (
                _wrapped(called, "/B", 8.5),
                _wrapped(text("card.purpose", language), "/H", 7.5),
                _wrapped(f"{label}, {copy}" if copy else label, "/H", 7.5),
            )
            content = code + _lines(blocks, identity)
            page = pikepdf.Dictionary(
                Type=pikepdf.Name("/Page"),
                MediaBox=pikepdf.Array([0, 0, round(WIDTH, 2), round(HEIGHT, 2)]),
                Resources=pikepdf.Dictionary(Font=fonts),
                Contents=made.make_stream(content),
            )
            made.pages.append(pikepdf.Page(page))
        # At its size, not fitted to the paper: the code keeps its modules, the card its measure.
        made.Root.ViewerPreferences = pikepdf.Dictionary(PrintScaling=pikepdf.Name("/None"))
        made.Root.Lang = pikepdf.String(language.value)
        written = io.BytesIO()
        made.save(
            written,
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return written.getvalue()


def groups(identity: str) -> list[str]:
    """Return the lines in which an identity is printed to be typed: its kind, then groups."""
    kind, mark, rest = identity.rpartition("1")
    parts = [rest[at : at + _GROUP] for at in range(0, len(rest), _GROUP)]
    lines = [" ".join(parts[at : at + _GROUPS]) for at in range(0, len(parts), _GROUPS)]
    return [f"{kind}{mark}", *lines]


def _code(matrix: qr.Matrix) -> bytes:
    """Return the dark modules as one path: filled at once, no seam shows between them."""
    side = len(matrix) * MODULE
    top = (HEIGHT + side) / 2
    drawn = []
    for row, modules in enumerate(matrix):
        for start, length in qr.runs(modules):
            x, y = _LEFT + start * MODULE, top - (row + 1) * MODULE
            drawn.append(f"{x:.4f} {y:.4f} {length * MODULE:.4f} {MODULE:.4f} re")
    return "\n".join(["0 g", *drawn, "f", ""]).encode("ascii")


def _lines(blocks: Iterable[Iterable[_Line]], identity: str) -> bytes:
    """Return the text beside the code: what the card is from above, what can be typed below."""
    x = _LEFT + 41 * MODULE + _GAP
    drawn, y = [], HEIGHT - _EDGE
    for block in blocks:
        for line, font, size in block:
            y -= size * 1.15
            drawn.append(_shown(line, font, size, x, y))
        y -= _BETWEEN
    typed = groups(identity)
    for at, line in enumerate(typed):
        drawn.append(_shown(line, "/C", 10 if at else 8, x, _EDGE + (len(typed) - 1 - at) * 11))
    return "\n".join(["BT", *drawn, "ET", ""]).encode("ascii")


def _shown(line: str, font: str, size: float, x: float, y: float) -> str:
    codes = line.encode("cp1252").hex()  # which is WinAnsiEncoding
    return f"{font} {size} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm <{codes}> Tj"


def _wrapped(line: str, font: str, size: float) -> Iterator[_Line]:
    """Yield the lines that a text takes beside the code: broken at blanks, anywhere if it must."""
    room = WIDTH - (_LEFT + 41 * MODULE + _GAP) - _EDGE / 2
    kept = ""
    for word in line.split():
        if kept and _width(f"{kept} {word}", font, size) > room:
            yield kept, font, size
            kept = word
        else:
            kept = f"{kept} {word}".strip()
        while _width(kept, font, size) > room:
            fits = next(n for n in range(len(kept), 0, -1) if _width(kept[:n], font, size) <= room)
            yield kept[:fits], font, size
            kept = kept[fits:]
    yield kept, font, size


def _width(line: str, font: str, size: float) -> float:
    """Return how wide a text is, in points."""
    plain = (unicodedata.normalize("NFD", character)[0] for character in line)
    units = sum(_WIDTHS[ord(c) - 32] if " " <= c <= "~" else 1000 for c in plain)
    return units / 1000 * size * (_BOLD if font == "/B" else 1)
