"""Making text that came from outside harmless on a screen."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import Final

# Cc: terminal escapes, new lines. Cf: right-to-left marks, zero-width. Cs: undecodable bytes.
# Zl, Zp: line and paragraph separators. Co, Cn: nothing a font would show.
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}

# A French social-security number: sex, year, month, department, commune and order, then the key.
# A file, a sheet, a folder may be called by one, and is named to people: in an error, in a list.
_PARTS: Final = (
    *("[1-478]", "[0-9]", "[0-9]"),
    "(?:0{0}[1-9]|1{0}[0-2]|[2356789]{0}[0-9]|4{0}[0-2])",
    "(?:[013-9]{0}[0-9]|2{0}[0-9ABab])",
    *("[0-9]",) * 6,
)
_SOLID: Final = "".join(_PARTS).replace("{0}", "")
_APART: Final = r"[\W_]{0,3}".join(_PARTS).replace("{0}", r"[\W_]{0,3}")
# Groups of digits that stand among hexadecimal ones are a fingerprint.
_NUMBER: Final = re.compile(
    rf"(?<![0-9]){_SOLID}(?:[0-9]{{2}})?(?![0-9])"
    r"|(?<![0-9])(?<!\b[a-f])(?<!\b[0-9a-f][a-f])(?<!\b[0-9a-f]{2}[a-f])"
    rf"{_APART}(?:[\W_]{{0,3}}[0-9][\W_]{{0,3}}[0-9])?(?![0-9])(?![a-f][0-9a-f]{{0,2}}\b)"
)
_LONGER: Final = re.compile(rf"(?={_SOLID}[0-9]{{2}})[0-9]{{6}}[0-9ABab]{{2}}[0-9]{{7}}")
_FEWEST: Final = 12  # digits, of a number from Corsica
_CHARACTERS: Final = 13  # without the key
_END: Final = 3


def printable(value: object) -> str:
    """Return one line that shows `value`, cannot act on a terminal and holds no person's number.

    Control characters, line breaks, bidirectional marks, zero-width characters and undecodable
    bytes become a visible `\\x1b`, `\\u202e` ... An enumeration shows its value. What reads as a
    French social-security number becomes `…041`, the last three digits before its key.
    """
    shown = without_numbers(str(value.value if isinstance(value, Enum) else value))
    return "".join(_escaped(c) if unicodedata.category(c) in _HIDDEN else c for c in shown)


def _escaped(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # a byte of a file name that is not UTF-8 (PEP 383)
        return f"\\x{number - 0xDC00:02x}"
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def without_numbers(text: str) -> str:
    """Return `text` with each French social-security number cut to `…` and three digits.

    However its digits are cut up and in whatever script: what names a document is shown and
    recorded, and may hold a patient's number. Better one digit too few than one number too many:
    the key is not asked for.
    """
    if sum(character.isdigit() for character in text) < _FEWEST:
        return text
    plain = "".join(str(unicodedata.digit(character, character)) for character in text)
    spans = [found.span() for found in _NUMBER.finditer(plain)]
    spans += [found.span() for found in _LONGER.finditer(plain)]
    shown, at = "", 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        # Of the number itself, as findings say it: with its key's, five digits would be told.
        number = [character for character in plain[start:end] if character.isalnum()][:_CHARACTERS]
        shown += f"{text[at : max(at, start)]}…{''.join(number[-_END:])}"
        at = end
    return shown + text[at:]
