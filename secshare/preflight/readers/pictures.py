"""Whether a picture inside a document may be a page of one: text in it would not be read."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["A4_AREA", "like_a_page", "size"]

A4_AREA: Final = 210.0 * 297.0
"""Square millimetres of a page."""

_SHORT: Final = 560
_LONG: Final = 780
"""A page of A4 with 68 points an inch, below which nobody reads it. A logo, a two-dimensional code,
a curve in a report are smaller on at least one side."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"
# Start of frame, in all its kinds: ITU-T T.81, table B.1. 0xC4, 0xC8 and 0xCC are no frames.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def like_a_page(data: bytes) -> bool:
    """Say whether it is anything but a picture too small to be a page that somebody scanned.

    What has no size that can be told is: TIFF is what scanners write.
    """
    found = size(data)
    return found is None or (min(found) >= _SHORT and max(found) >= _LONG)


def size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, of a PNG, GIF, JPEG or BMP; None of anything else."""
    try:
        if data.startswith(_PNG):
            width, height = struct.unpack_from(">II", data, 16)
        elif data.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack_from("<HH", data, 6)
        elif data.startswith(b"BM") and data[6:10] == bytes(4):  # `BMI 23` begins alike
            width, height = struct.unpack_from("<ii", data, 18)
        elif data.startswith(_JPEG):
            return next(_frames(data), None)
        else:
            return None
    except struct.error:
        return None
    return abs(width), abs(height)


def _frames(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the size that each frame of a JPEG states, going from marker to marker."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
            continue
        if marker in _BARE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            yield width, height
        at += 2 + max(length, 2)
