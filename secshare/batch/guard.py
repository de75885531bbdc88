"""Whether a manifest fits its documents: a column that slipped stops the whole batch."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from secshare import profiles
from secshare.errors import PreflightStopped

__all__ = ["Guard", "Seen", "refuse"]

_TOLD: Final = 12  # rows that the sentence names
_BETWEEN: Final = 1  # rows that are right between two of a slip: somebody has several documents
_SHIFTED: Final = 0.8  # of the displaced rows by as much: then it is said to be a shift


@dataclass(frozen=True, slots=True)
class Seen:
    """What one share says about whose it is.

    Attributes:
        number: its first row.
        own: True where a document names the row's own subject, False where it is somebody else's,
            None where it says nothing: a scan, no name, a file that is missing.
        fits: the first rows of the shares whose subject it fits instead.
        address: True where the address spells the row's own name, False another row's, else None.
        address_fits: the first rows whose name it spells instead, and which have not their own.
        address_sure: whether the address there spells the name of a third.
    """

    number: int
    own: bool | None = None
    fits: tuple[int, ...] = ()
    address: bool | None = None
    address_fits: tuple[int, ...] = ()
    address_sure: bool = False

    @classmethod
    def sealed(cls, number: int) -> Seen:
        """Return what a share says that this run sealed before: it was known to be right then."""
        return cls(number, own=True, address=True)


def refuse(seen: Seen) -> None:
    """Refuse a share whose document is that of another row's person.

    Its own check may only ask, whether the subject is not named; here it is known who is.

    Raises:
        PreflightStopped: of this share alone. Fields: `row`, and `other` whose person it is.
    """
    if seen.own is False and seen.fits:
        raise PreflightStopped("guard.document", row=seen.number, other=seen.fits[0])


class Guard:
    """Told what each share says, it stops the batch when a column slipped; and when not to wait.

    A slip moves documents among rows: none that it displaces has its own. So a document that is
    another row's person's is an error of its row alone only where that person's row has its own
    document. Otherwise the batch stops, as it does where the other row says nothing
    (docs/decisions/104).

    What is told may come in any order, and the answer does not depend on it. It keeps one byte a
    row, and at most `profiles.GUARD_ROWS` rows that are not explained yet.
    """

    def __init__(self, shares: int) -> None:
        self._shares = shares
        self._early: dict[int, Seen] = {}
        self._front = 0  # the first position that was not told yet
        self._documents = _Documents()
        self._addresses = _Column()
        self._doubted: int | None = None  # the front when a slip was found

    def see(self, position: int, seen: Seen) -> None:
        """Take what the share at a position says; each position once, in any order.

        Args:
            position: 0 for the first share of the manifest.

        Raises:
            PreflightStopped: a column slipped. Fields: `rows`, as text; `pairs`, of a row and the
                row whose person it is about; `first`; `offset`, of shares, negative above.
        """
        self._early[position] = seen
        while (one := self._early.pop(self._front, None)) is not None:
            slipped = self._documents.take(one.number, one.own, one.fits)
            slipped |= self._addresses.take(
                one.number, one.address, one.address_fits, sure=one.address_sure
            )
            if slipped and self._doubted is None:
                self._doubted = self._front
            self._front += 1
            # A few rows more say how far a shift goes, and in which direction.
            if self._doubted is not None and self._front >= min(
                self._shares, self._doubted + profiles.GUARD_SAID
            ):
                self._stop()

    def knows(self, position: int) -> bool:
        """Return whether the share at this position may be sealed: enough after it were told.

        Raises:
            PreflightStopped: as `see`.
        """
        knows = self._front >= min(self._shares, position + 1 + profiles.GUARD_ROWS)
        if knows and self._doubted is not None:
            self._stop()
        return knows

    def _stop(self) -> None:
        if self._documents.slip is not None:
            how, fields = _told(self._documents, self._documents.slip)
            raise PreflightStopped(f"guard.documents_{how}", **fields)
        if self._addresses.slip is not None:
            how, fields = _told(self._addresses, self._addresses.slip)
            raise PreflightStopped(f"guard.addresses_{how}", **fields)


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


class _Column:
    """What is told of one column, row by row in the order of the manifest.

    Some rows that hold what is others', with hardly a row that is right between them, are a slip.
    """

    needed = 3
    """Rows of as many people: what one relative's address says, those of two in a row may say."""

    def __init__(self) -> None:
        self.slip: _Displaced | None = None
        self.displaced: deque[_Displaced] = deque(maxlen=profiles.GUARD_ROWS)
        self._states = bytearray()
        self._own = 0
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
            self._own += 1
        if own is False and fits:
            one = _Displaced(number, fits, self._own)
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
        count = max(1, len(between) - between.count(_State.UNTOLD))
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


class _Documents(_Column):
    """As documents say: here one displaced row is enough where the other row has not its own."""

    needed = 2

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[int, _Displaced] = {}
        self._waiting: dict[int, list[int]] = {}

    def take(
        self, number: int, own: bool | None, fits: tuple[int, ...], *, sure: bool = False
    ) -> bool:
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


def _told(column: _Column, slip: _Displaced) -> tuple[str, dict[str, object]]:
    """Return the end of the sentence's key, and its fields: the rows, and how far they moved."""
    cluster = _cluster(column, slip)
    offsets = Counter(column.offset(one) for one in cluster)
    offset, count = offsets.most_common(1)[0]
    shifted = len(cluster) > 1 and count >= _SHIFTED * len(cluster)
    rows = [str(one.number) for one in cluster]
    fields: dict[str, object] = {
        "rows": ", ".join(rows[:_TOLD]) + (", …" if len(rows) > _TOLD else ""),
        "pairs": tuple((one.number, row) for one in cluster for row in one.fits),
        "first": next(one.number for one in cluster if column.offset(one) == offset),
        "offset": offset if shifted else None,
        "other": cluster[0].fits[0],
        "count": abs(offset),
    }
    if not shifted:
        return ("apart" if len(cluster) > 1 else "one"), fields
    if abs(offset) > 1:
        return ("below_far" if offset > 0 else "above_far"), fields
    return ("below" if offset > 0 else "above"), fields


def _cluster(column: _Column, slip: _Displaced) -> list[_Displaced]:
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
