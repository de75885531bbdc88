"""Rows of a manifest as a sentence names them: `2 à 16, 18 et 20`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.messages import Language, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Listed", "ListedByRun"]

_RUNS: Final = 4  # that a sentence names
_TOLD: Final = 12  # rows, or ranges of them, that a sentence names
_RANGE: Final = 3  # rows one below the other, from which on only the first and the last are named
_DIGITS: Final = 11  # one after the other: of more, `printable` would make a person's number


@dataclass(frozen=True, slots=True)
class Listed:
    """The numbers of rows, in order, as the field of a sentence."""

    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return self.said(Language.EN)

    def said(self, language: Language) -> str:
        """Return the first of them, in words that no list of numbers is taken for one number."""
        ranges = list(self._ranges())
        told, digits = "", 0
        for at, (first, last) in enumerate(ranges[:_TOLD]):
            shown = str(first)
            if first < last:
                shown = text("guard.rows_range", language, first=first, last=last)
            digits += len(str(first))
            if at and (digits > _DIGITS or at + 1 == len(ranges)):
                told = text("guard.rows_and", language, rows=told, more=shown)
                digits = len(str(first))
            else:
                told += ", " * bool(at) + shown
            if first < last:  # a word stands before the last
                digits = len(str(last))
        return told + ", …" * (len(ranges) > _TOLD)

    def _ranges(self) -> Iterator[tuple[int, int]]:
        """Yield the first and the last row of each range; one row is both."""
        run: list[int] = []
        for number in (*self.numbers, None):
            if run and number != run[-1] + 1:
                if len(run) < _RANGE:
                    yield from ((one, one) for one in run)
                else:
                    yield run[0], run[-1]
                run = []
            if number is not None:
                run.append(number)


@dataclass(frozen=True, slots=True)
class ListedByRun:
    """Rows that other runs have, by the name of the run, as the field of a sentence."""

    rows: Mapping[str, tuple[int, ...]]

    def __str__(self) -> str:
        return self.said(Language.EN)

    def said(self, language: Language) -> str:
        """Return the first runs, each with its rows.

        Words stand between all numbers: of many in a row, a person's number would be made.
        """
        told = [
            text("running.rows_of_run", language, run=run, rows=Listed(numbers).said(language))
            for run, numbers in list(self.rows.items())[:_RUNS]
        ]
        return ", ".join([*told, "…"] if len(self.rows) > _RUNS else told)
