"""Lines of text, searched by how they begin and how they end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from secshare import profiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Lines"]


class Lines:
    """Lines that are searched a few times, as one command does, or thousands of times.

    At first the whole text is gone through for each search, which takes no preparation: 0.3 ms for
    20,000 lines. Once it was searched `profiles.LINES_SORTED` times they are sorted, from the front
    and from the back, and every search after that goes to its lines at once.

    Args:
        text: lines with a line break between them.
    """

    def __init__(self, text: str) -> None:
        self._text = f"\n{text}\n"
        self._searches = 0

    def __getitem__(self, number: int) -> str:
        """Return a line, 0 for the first."""
        return self._lines[number]

    def equal(self, line: str) -> Sequence[int]:
        """Return the numbers of the lines that are `line`."""
        if self._is_sorted():
            return self._forwards.range(line, whole=True)
        return list(self._found(f"\n{line}\n"))

    def beginning(self, start: str) -> Sequence[int]:
        """Return the numbers of the lines that begin with `start`, which is not empty."""
        if self._is_sorted():
            return self._forwards.range(start)
        return list(self._found(f"\n{start}"))

    def ending(self, end: str) -> Sequence[int]:
        """Return the numbers of the lines that end with `end`, which is not empty."""
        if self._is_sorted():
            return self._backwards.range(end[::-1])
        return [number - 1 for number in self._found(f"{end}\n")]

    def _is_sorted(self) -> bool:
        self._searches += 1
        return self._searches > profiles.LINES_SORTED

    def _found(self, wanted: str) -> Iterator[int]:
        """Yield how many line breaks stand before each place of `wanted`."""
        number, before, at = 0, 0, self._text.find(wanted)
        while at >= 0:
            number += self._text.count("\n", before, at)
            yield number
            before, at = at, self._text.find(wanted, at + 1)

    @cached_property
    def _lines(self) -> list[str]:
        return self._text[1:-1].split("\n")

    @cached_property
    def _forwards(self) -> _Sorted:
        return _Sorted(self._lines)

    @cached_property
    def _backwards(self) -> _Sorted:
        return _Sorted([line[::-1] for line in self._lines])


class _Sorted:
    """Lines in their order, with the numbers that they had."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._numbers = sorted(range(len(lines)), key=lines.__getitem__)
        self._lines = [lines[number] for number in self._numbers]

    def range(self, start: str, *, whole: bool = False) -> Sequence[int]:
        """Return the numbers of those that begin with `start`, or are it."""
        first = bisect_left(self._lines, start)
        size = len(start)
        end = (
            bisect_right(self._lines, start, first)
            if whole
            else bisect_right(self._lines, start, first, key=lambda line: line[:size])
        )
        return self._numbers[first:end]
