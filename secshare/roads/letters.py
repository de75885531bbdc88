"""The letters that names are printed in: one font, for Latin, Greek and Cyrillic.

The fonts that every PDF reader has are those of Western Europe; a name from Poland, Turkey or Viet
Nam would come out with holes.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Letters", "letters"]

_FILE: Final = Path(__file__).with_name("letters.ttf")
_UNKNOWN: Final = "\ufffd"  # a black diamond with a question mark: seen, and not taken for a letter


class Letters:
    """One TrueType font, read as far as writing a line takes.

    Attributes:
        data: the font, to be put into a PDF whole.
        widths: of each glyph, in thousandths of the size of the letters.
        characters: which character each glyph is drawn for.
        box: what every letter fits in: left, bottom, right, top, in thousandths.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        tables = _tables(data)
        units = struct.unpack_from(">H", tables["head"], 18)[0]
        left, bottom, right, top = struct.unpack_from(">4h", tables["head"], 36)
        self.box = tuple(round(each * 1000 / units) for each in (left, bottom, right, top))
        count, measured = _count(tables), struct.unpack_from(">H", tables["hhea"], 34)[0]
        advances = [struct.unpack_from(">H", tables["hmtx"], 4 * at)[0] for at in range(measured)]
        advances += advances[-1:] * (count - measured)  # the rest are as wide as the last
        self.widths: tuple[int, ...] = tuple(round(each * 1000 / units) for each in advances)
        self._glyphs = _glyphs(tables["cmap"])
        self.characters = {glyph: character for character, glyph in self._glyphs.items()}

    def draws(self, line: str) -> bool:
        """Return whether every character of a line is in the font."""
        return all(ord(each) in self._glyphs for each in _composed(line))

    def glyphs(self, line: str) -> tuple[int, ...]:
        """Return a line as glyphs; what the font does not have is drawn as a sign that says so."""
        missing = self._glyphs[ord(_UNKNOWN)]
        return tuple(self._glyphs.get(ord(each), missing) for each in _composed(line))

    def width(self, line: str, size: float) -> float:
        """Return how wide a line is, in the unit of `size`."""
        return sum(self.widths[glyph] for glyph in self.glyphs(line)) * size / 1000


@cache
def letters() -> Letters:
    """Return the font of this program."""
    return Letters(_FILE.read_bytes())


def _composed(line: str) -> str:
    """Return a line with each letter and its accents as one character, where there is one."""
    return unicodedata.normalize("NFC", line)


def _tables(data: bytes) -> dict[str, memoryview]:
    """Return the tables of a TrueType font (OpenType 1.9, "Font file")."""
    found = {}
    for at in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * at)
        found[tag.decode("ascii")] = memoryview(data)[offset : offset + length]
    return found


def _count(tables: Mapping[str, memoryview]) -> int:
    count: int = struct.unpack_from(">H", tables["maxp"], 4)[0]
    return count


def _glyphs(cmap: memoryview) -> dict[int, int]:
    """Return the glyph of each character, from the one table that is there (format 12)."""
    offset = struct.unpack_from(">I", cmap, 8)[0]
    groups = struct.unpack_from(">I", cmap, offset + 12)[0]
    found: dict[int, int] = {}
    for at in range(groups):
        first, last, glyph = struct.unpack_from(">III", cmap, offset + 16 + 12 * at)
        found |= {each: glyph + each - first for each in range(first, last + 1)}
    return found
