"""Making text that came from outside harmless on a screen."""

from __future__ import annotations

import unicodedata
from enum import Enum

# Cc: terminal escapes, new lines. Cf: right-to-left marks, zero-width. Cs: undecodable bytes.
# Zl, Zp: line and paragraph separators. Co, Cn: nothing a font would show.
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}


def printable(value: object) -> str:
    """Return one line that shows `value` and cannot act on a terminal.

    Control characters, line breaks, bidirectional marks, zero-width characters and undecodable
    bytes become a visible `\\x1b`, `\\u202e` ... An enumeration shows its value.
    """
    shown = str(value.value if isinstance(value, Enum) else value)
    return "".join(_escaped(c) if unicodedata.category(c) in _HIDDEN else c for c in shown)


def _escaped(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # a byte of a file name that is not UTF-8 (PEP 383)
        return f"\\x{number - 0xDC00:02x}"
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
