"""Where names and days stand in a folded text: words side by side, found without an expression.

Making an expression of somebody's names takes longer than reading a letter, and each share has
another subject; a table of 13 MB is searched as fast as memory is read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

__all__ = ["Forms", "boxed", "dated"]

_ROOT: Final = 20
_BEFORE: Final = 24  # characters that hold a day and a month in letters
_MONTHS: Final = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre"),
    *("octobre", "novembre", "decembre"),
)
_ENGLISH: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)


class Forms:
    """Ways to write one name, folded: the longest that stands at a place is found there."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._by_root: dict[str, list[str]] = {}
        for form in sorted(filter(None, forms), key=len, reverse=True):
            self._by_root.setdefault(form[:_ROOT], []).append(form)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where one stands as whole words, in order and apart."""
        found: list[tuple[int, int]] = []
        for root, forms in self._by_root.items():
            for at in _all(text, root):
                form = next((form for form in forms if _stands(text, at, form)), None)
                if form is not None:
                    found.append((at, at + len(form)))
        found.sort(key=lambda span: (span[0], -span[1]))
        spans: list[tuple[int, int]] = []
        for span in found:
            if not spans or span[0] >= spans[-1][1]:
                spans.append(span)
        return spans


def boxed(text: str, letters: str) -> bool:
    """Return whether letters stand in a row of boxes, each a word of its own."""
    return bool(letters) and bool(Forms([" ".join(letters)]).spans(text))


def dated(text: str, day: date) -> bool:
    """Return whether a day stands in a text, however it is written."""
    year, before, after, glued = _written(day)
    for at in _all(text, year):
        end = at + len(year)
        if not _whole(text, at, end):
            starts = ((at - form.index(year), form) for form in glued)
            if any(start >= 0 and _stands(text, start, form) for start, form in starts):
                return True
        elif _stands(text, at, after) or (
            " ".join(text[max(0, at - _BEFORE) : at].split()[-2:]) in before
        ):
            return True
    return False


@lru_cache(256)
def _written(day: date) -> tuple[str, frozenset[str], str, tuple[str, str]]:
    """Return the year, what stands before it, the day after it, and the day in one word."""
    d, m, y = day.day, day.month, day.year
    days, months = {str(d), f"0{d}"}, {str(m), f"0{m}"}
    words = {_MONTHS[m - 1], _ENGLISH[m - 1], _ENGLISH[m - 1][:3], _MONTHS[m - 1][:4]}
    before = {f"{one} {month}" for one in days for month in months}
    for one in days:
        for end in ("", "th", "st", "nd", "rd"):
            before |= {f"{one}{end} {word}" for word in words}
            before |= {f"{word} {one}{end}" for word in words}
        before |= {f"{one}er {word}" for word in words}
    return str(y), frozenset(before), f"{y} {m:02} {d:02}", (f"{d:02}{m:02}{y}", f"{y}{m:02}{d:02}")


def _all(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)


def _stands(text: str, at: int, form: str) -> bool:
    return text.startswith(form, at) and _whole(text, at, at + len(form))


def _whole(text: str, start: int, end: int) -> bool:
    """Return whether no word goes on before the one place, nor behind the other."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return not (before.isalnum() or before == "_" or after.isalnum() or after == "_")
