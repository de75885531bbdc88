"""How much of a screen a text takes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CLINGING: Final = re.compile("[:;?!»]+(?= |$)")
"""What stays on the row of the word before it."""


def columns(text: str) -> int:
    """Return how many columns a terminal gives to `text`: 2 for a wide character, 0 for a mark."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def rows(text: str, width: int) -> list[str]:
    """Cut `text` into rows of at most `width` columns, anywhere: nothing is added or lost."""
    cut, row, used = [], "", 0
    for character in text:
        needed = _columns(character)
        if used + needed > width:
            cut.append(row)
            row, used = "", 0
        row += character
        used += needed
    return [*cut, row]


def wrapped(text: str, width: int, after: str = " -") -> list[str]:
    """Cut each line of `text` after a blank, or a dash, where it can be, for reading.

    French sets a blank before some signs: none of them begins a row where that can be helped.
    """
    lines = []
    for line in text.split("\n"):
        rest = line
        while columns(rest) > width:
            first = rows(rest, width)[0]
            last = 1 + max(first.rfind(mark) for mark in after)
            at = last
            while at and _CLINGING.match(rest, at):
                at = 1 + max(first.rfind(mark, 0, at - 1) for mark in after)
            at = at or last or len(first) or 1
            lines.append(rest[:at].rstrip(" "))
            rest = rest[at:]
        lines.append(rest)
    return lines


def asked(question: str, width: int, room: int) -> list[str]:
    """Cut a question between words, so that so many columns are left for the answer on its row.

    What goes down to that row for it holds a letter: a question mark alone asks nothing.
    """
    *above, last = wrapped(question, width, after=" ")
    if columns(last) + room <= width:
        return [*above, last]
    at = last.rstrip(" ").rfind(" ")
    while at > 0 and not any(map(str.isalnum, last[at:])):
        at = last.rfind(" ", 0, at)
    if at > 0 and columns(last[at + 1 :]) + room <= width:
        return [*above, last[:at].rstrip(" "), last[at + 1 :]]
    return [*above, last.rstrip(" "), ""]
