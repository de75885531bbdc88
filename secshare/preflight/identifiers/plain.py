"""A text with the digits, blanks and dashes of one keyboard, every character in its place."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["lower", "plain"]

# What stands between the digits of a number in print and on the web, and is not ASCII.
_BLANKS: Final = (
    "\u00a0\u00ad\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u202f\u205f\u2060\u3000\ufeff"
)
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_OTHERS: Final = {
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("\u00b7\u2024\uff0e", "."),
    **dict.fromkeys("\u2044\u2215\uff0f", "/"),
    **dict.fromkeys("\u2502\u2503\u00a6\uff5c", "|"),
    "\uff0b": "+",
    "\uff20": "@",
}

# Full-width, Arabic, Persian, Devanagari and mathematical digits.
_DIGITS: Final = re.compile(
    "[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\U0001d7ce-\U0001d7ff]"
)


def plain(text: str) -> str:
    """Return the text with ASCII digits and separators, as long as it was.

    Blanks of every width become a space, dashes `-`; nothing is taken away, so that what is found
    at a place stands at that place.
    """
    if text.isascii():
        return text
    for other, ours in _OTHERS.items():
        if other in text:
            text = text.replace(other, ours)
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _DIGITS.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return text


def lower(text: str) -> str:
    """Return the text in lower case, every character in its place."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)  # İ
