"""Rows that hold what is others': an error of each, or a column that slipped."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from secshare import profiles
from secshare.batch.listed import Listed

__all__ = ["Column", "Documents", "told"]

_BETWEEN: Final = 1  # rows that are right between two of a slip: somebody has several documents
_SHIFTED: Final = 0.8  # of the displaced rows by as much: then it is said to be a shift


class _State(IntEnum):
    UNTOLD = 0
    SILENT = 1
    OWN = 2
    OTHER = 3


@dataclass(frozen=True, slots=True)
class _Displaced:
    """A row that holds what is another row's.

    Attributes:
        own_before: how many rows before it have their own.
    """

    number: int
    fits: tuple[int, ...]
    own_before: int


class Column:
    """What is told of one column, row by row in the order of the manifest.

    Some rows that hold what is others', with hardly a row that is right between them, are a slip.

    Attributes:
        slip: a row by which it is known that the column slipped.
        displaced: the last rows that hold what is others'.
        own: how many rows have their own.
    """

    needed = 3
    """Rows of as many people: what one relative's address says, those of two in a row may say."""

    def __init__(self) -> None:
        self.slip: _Displaced | None = None
        self.displaced: deque[_Displaced] = deque(maxlen=profiles.GUARD_ROWS)
        self.own = 0
        self._states = bytearray()
        self._run: list[_Displaced] = []

    def take(
        self, number: int, own: bool | None, fits: tuple[int, ...], *, sure: bool = False
    ) -> bool:
        """Take a row; return whether the column slipped.

        Args:
            sure: whether this row alone is enough to know.
        """
        states = self._states
        states.extend(bytes(max(0, number + 1 - len(states))))
        states[number] = {True: _State.OWN, False: _State.OTHER, None: _State.SILENT}[own]
        if own:
            self.own += 1
        if own is False and fits:
            one = _Displaced(number, fits, self.own)
            self.displaced.append(one)
            if sure:
                self._slipped(one)
            if self._doubtful(one):
                self._beside(one)
        return self.slip is not None

    def state(self, number: int) -> int:
        """Return what was told of a row."""
        return self._states[number] if number < len(self._states) else _State.UNTOLD

    def offset(self, one: _Displaced) -> int:
        """Return how many shares below its row the person's is; negative above."""
        nearest = min(one.fits, key=lambda row: abs(row - one.number))
        low, high = sorted((one.number, nearest))
        between = self._states[low + 1 : high + 1]
        # A share of several rows was told by its first one; of those to come, each counts.
        count = high - low - between.count(_State.UNTOLD)
        return count if nearest > one.number else -count

    def _doubtful(self, one: _Displaced) -> bool:
        return True

    def _beside(self, one: _Displaced) -> None:
        """Take one more of those that stand close to each other."""
        if self._run and one.own_before - self._run[-1].own_before > _BETWEEN:
            self._run.clear()
        if self._run and set(one.fits) & set(self._run[-1].fits):
            self._run.pop()  # somebody has several rows, and in each the same
        self._run = [*self._run, one][-self.needed :]
        if len(self._run) == self.needed:
            self._slipped(one)

    def _slipped(self, one: _Displaced) -> None:
        self.slip = self.slip or one


class Documents(Column):
    """As documents say: here one displaced row is enough where the other row has not its own."""

    needed = 2

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[int, _Displaced] = {}
        self._waiting: dict[int, list[int]] = {}

    def take(
        self, number: int, own: bool | None, fits: tuple[int, ...], *, sure: bool = False
    ) -> bool:
        """Take a row, as above; those that waited for what it says are settled, or stop."""
        super().take(number, own, fits, sure=sure)
        for waiting in self._waiting.pop(number, ()):
            one = self._open.get(waiting)
            if one is not None and self._settled(one):
                del self._open[waiting]
        return self.slip is not None

    def _doubtful(self, one: _Displaced) -> bool:
        """Return whether a displaced row is not explained, for all that is told yet."""
        if self._settled(one):
            return False
        self._open[one.number] = one
        for row in one.fits:
            if self.state(row) == _State.UNTOLD:
                self._waiting.setdefault(row, []).append(one.number)
        if len(self._open) >= profiles.GUARD_ROWS:
            self._slipped(one)
        return True

    def _settled(self, one: _Displaced) -> bool:
        """Return whether all rows of the person have their own documents; stop where one has not.

        Two rows of one name are both theirs: neither may be without.
        """
        states = {self.state(row) for row in one.fits}
        if states & {_State.SILENT, _State.OTHER}:
            self._slipped(one)
        return states == {_State.OWN}


def told(column: Column, slip: _Displaced) -> tuple[str, dict[str, object]]:
    """Return the end of the sentence's key, and its fields: the rows, and how far they moved."""
    cluster = _cluster(column, slip)
    offsets = Counter(column.offset(one) for one in cluster)
    offset, count = offsets.most_common(1)[0]
    shifted = len(cluster) > 1 and count >= _SHIFTED * len(cluster)
    fields: dict[str, object] = {
        "rows": Listed(tuple(one.number for one in cluster)),
        "pairs": tuple((one.number, row) for one in cluster for row in one.fits),
        "first": next(one.number for one in cluster if column.offset(one) == offset),
        "offset": offset if shifted else None,
        "other": cluster[0].fits[0],
        "count": abs(offset),
    }
    if not shifted and _swapped(cluster):
        return "swapped", fields
    if not shifted:
        return ("apart" if len(cluster) > 1 else "one"), fields
    if abs(offset) > 1:
        return ("below_far" if offset > 0 else "above_far"), fields
    return ("below" if offset > 0 else "above"), fields


def _swapped(cluster: list[_Displaced]) -> bool:
    """Return whether two rows have each other's, and no third is displaced."""
    numbers = {one.number for one in cluster}
    return len(cluster) == 2 and all(numbers == {one.number, *one.fits} for one in cluster)


def _cluster(column: Column, slip: _Displaced) -> list[_Displaced]:
    """Return the displaced rows that belong together, and no error far from them."""
    some = [*column.displaced]
    if slip not in some:  # it waited long for what told that it is none
        return [slip]
    first = last = some.index(slip)
    near = profiles.GUARD_SAID
    while first and some[first].own_before - some[first - 1].own_before <= near:
        first -= 1
    while last + 1 < len(some) and some[last + 1].own_before - some[last].own_before <= near:
        last += 1
    return some[first : last + 1]
