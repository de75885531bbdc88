"""QR codes: an image to print with the text under it, and a drawing for a terminal.

The code holds the canonical text and nothing else: in capitals it would be shorter, and an age
reader that takes what it scans would not open the file.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import ExtraMissing, OutputRefused
from secshare.messages import text as worded
from secshare.roads.lines import checked_page, checked_public_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image, ImageDraw, ImageFont

    from secshare.messages import Language
    from secshare.model import Reference

__all__ = ["Caption", "broken", "caption", "matrix", "payload", "png", "runs", "terminal_lines"]

QUIET: Final = 4
"""Light modules around the code (ISO/IEC 18004); with fewer, some telephones see nothing."""

MODULE: Final = 16  # pixels; 2 mm when the image is printed 10 cm wide
_MARGIN: Final = 48
_LARGE: Final = 44  # pixels of the letters to be typed; 15 pt at 10 cm
_SMALL: Final = 34
_LEADING: Final = 1.35
_LINE: Final = 30  # characters, where there is no dash to break at

Matrix = list[list[bool]]  # rows of modules, True is dark, the quiet zone included


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around the code: whose it is, and what to do with the words."""

    above: tuple[str, ...]
    below: tuple[str, ...]


def caption(
    public_name: str,
    reference: Reference,
    language: Language,
    *,
    page: str | None = None,
    page_in_qr: bool = False,
    exact: bool = False,
    opens_itself: bool = False,
) -> Caption:
    """Return the lines around a code of words, in the recipient's language, ASCII.

    Args:
        page: the address where the document opens.
        page_in_qr: whether the code opens that page.
        exact: whether the words are a password to be typed exactly.
        opens_itself: whether the file is a page, with the document inside.

    Raises:
        PracticeInvalid: the public name is not one line of ASCII that fits, or the address is none
            of a page.
    """

    def say(key: str, **fields: object) -> str:
        return worded(f"roads.{key}", language, **fields)

    heading = "qr_password" if exact else "qr_reference"
    above = checked_public_name(public_name), say(heading, reference=reference)
    if exact:
        return Caption(above, (say("qr_exact_1"), say("qr_exact_2"), say("qr_exact_3")))
    if opens_itself:
        return Caption(above, (say("qr_inside_1"), say("qr_inside_2")))
    if page is None:
        return Caption(above, (say("qr_hint_1"), say("qr_hint_2")))
    address = checked_page(page)
    if page_in_qr:
        return Caption(above, (say("qr_scan_1"), say("qr_scan_2"), say("qr_scan_3"), address))
    return Caption(above, (say("qr_page_1"), address, say("qr_page_2"), say("qr_page_3")))


def payload(words: str, page: str) -> str:
    """Return what a code holds to open the page with the words: after a `#`, which no browser
    sends to a server.

    Raises:
        PracticeInvalid: the address is none of a page.
    """
    return f"{checked_page(page)}#{words}"


def png(
    text: str,
    above: Sequence[str] = (),
    below: Sequence[str] = (),
    *,
    code: str | None = None,
) -> bytes:
    """Return a black and white PNG: lines, the code, the text itself, lines.

    The image carries no metadata, and the same text gives the same bytes.

    Args:
        text: ASCII; the payload, and printed under the code, broken after dashes.
        code: ASCII; what the code holds, where it is not what is printed under it.
        above, below: ASCII, as the built-in font of Pillow has no accents.

    Raises:
        ExtraMissing: qrcode or Pillow is not installed.
        OutputRefused: the text is not ASCII, or too long for a code on paper.
    """
    modules = matrix(text if code is None else code)
    try:
        from PIL import Image, ImageDraw
    except ImportError as error:
        raise ExtraMissing("roads.qr_missing") from error

    drawn = _drawn(modules)
    large, small = _font(_LARGE), _font(_SMALL)
    lines = [(line, small) for line in above]
    typed = [(line, large) for line in broken(text)]
    under = [*typed, *((line, small) for line in ("", *below))]
    width = max([drawn.width, *(round(font.getlength(line)) for line, font in lines + under)])
    width += 2 * _MARGIN
    top = _height(lines)
    image = Image.new("1", (width, top + drawn.height + _height(under) + 2 * _MARGIN), 1)
    pen = ImageDraw.Draw(image)
    _write(pen, lines, _MARGIN, width)
    image.paste(drawn, ((width - drawn.width) // 2, _MARGIN + top))
    _write(pen, under, _MARGIN + top + drawn.height, width)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def terminal_lines(text: str) -> list[str]:
    """Return the code drawn in half blocks, two rows of modules a line, for a terminal.

    Light modules are the ones that are drawn, as most terminals write light on dark. Where dark
    is written on light the code comes out inverted, which the cameras of telephones read too.

    Raises:
        ExtraMissing: qrcode is not installed.
        OutputRefused: the text is not ASCII, or too long for a code.
    """
    rows = matrix(text)
    if len(rows) % 2:
        rows.append([False] * len(rows))
    shapes = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}
    return [
        "".join(shapes[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


def matrix(text: str) -> Matrix:
    """Return the modules of a QR code at level M, never a Micro QR code; the card draws them too.

    Raises:
        ExtraMissing: qrcode is not installed.
        OutputRefused: the text is not ASCII, or too long for a code on paper.
    """
    if not text.isascii():
        raise OutputRefused("roads.qr_ascii")
    try:
        from qrcode.constants import ERROR_CORRECT_M
        from qrcode.exceptions import DataOverflowError
        from qrcode.main import QRCode
    except ImportError as error:
        raise ExtraMissing("roads.qr_missing") from error
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:  # a library's message may quote the text
        raise OutputRefused("roads.qr_too_long") from error
    if code.version > profiles.QR_VERSION:
        raise OutputRefused("roads.qr_too_long")
    return [[bool(module) for module in row] for row in code.get_matrix()]


def runs(modules: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where each run of dark modules starts in a row, and its length."""
    start = None
    for at, dark in enumerate([*modules, False]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at - start
            start = None


def _drawn(matrix: Matrix) -> Image.Image:
    from PIL import Image

    side = len(matrix)
    image = Image.new("1", (side, side), 1)
    image.putdata([0 if dark else 1 for row in matrix for dark in row])
    return image.resize((side * MODULE, side * MODULE), Image.Resampling.NEAREST)


def _font(size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):  # a Pillow built without FreeType
        raise ExtraMissing("roads.qr_missing")
    # The basic layout: letters to be typed are drawn one by one, never joined as ligatures.
    return font.font_variant(layout_engine=ImageFont.Layout.BASIC)


def broken(text: str) -> Iterator[str]:
    """Give the lines of a text on the card: broken after a dash that stays, to read back whole."""
    line = ""
    for part in re.findall(r"[^-]*-|[^-]+", text):
        if line and len(line) + len(part) > _LINE:
            yield line
            line = ""
        line += part
        while len(line) > _LINE:
            yield line[:_LINE]
            line = line[_LINE:]
    if line:
        yield line


def _height(lines: Sequence[tuple[str, ImageFont.FreeTypeFont]]) -> int:
    return sum(round(font.size * _LEADING) for _, font in lines)


def _write(
    pen: ImageDraw.ImageDraw,
    lines: Sequence[tuple[str, ImageFont.FreeTypeFont]],
    top: int,
    width: int,
) -> None:
    for line, font in lines:
        pen.text((width / 2, top), line, fill=0, font=font, anchor="ma")
        top += round(font.size * _LEADING)
