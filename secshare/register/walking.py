"""Walking along a chain of entries, from the database or from a file: is each what was written?

An entry is looked at as bytes. In canonical JSON the keys stand in order, `"number"` right before
`"operation"`, and a quotation mark inside a string is escaped: what is looked for between quotation
marks is a key, never something that somebody typed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from secshare.register.chain import Head, first_hash, next_hash
from secshare.register.faults import Kind
from secshare.register.found import number_of, reference_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.register.faults import Faults
    from secshare.register.found import Cut
    from secshare.register.rebuilding import Rebuilt

__all__ = ["Row", "Walk"]

Row = tuple[int, bytes | None, bytes, bytes]
"""Number, reference, bytes and hash, as they stand beside each other."""

_REFERENCE: Final = b'"reference":"'
_SAID: Final = b'"number":%d,"operation":"'


class Walk:
    """The state of a walk: which entry comes next, and on which hash it hangs.

    Args:
        public: the journal's key, as DER.
        cut: the last one, if the journal was cut.
        rebuilt: is told each entry that is what was written.
        lines: whether faults name the line of a file: the first row stands in the second line.

    Attributes:
        count: how many rows were taken.
        next: the number that the next entry must have.
    """

    def __init__(
        self,
        public: bytes,
        faults: Faults,
        cut: Cut | None,
        rebuilt: Rebuilt,
        *,
        lines: bool = False,
    ) -> None:
        sound = cut if cut and cut.sound else None
        self.count = 0
        self.next = sound.through + 1 if sound else 1
        self._faults = faults
        self._rebuilt = rebuilt
        self._lines = lines
        self._through = sound.through if sound else 0
        self._kept = dict(sound.kept) if sound else {}
        # What an altered cut says is not used: before it, a gap may be what it removed.
        self._vague = cut.number if cut and not cut.sound else 0
        self._before: bytes | None = sound.through_hash if sound else first_hash(public)
        self._other: bytes | None = None  # what the last entry's hash should have been
        self._doubt = False  # whether the last entry's hash may be that of another
        self._unread = False  # whether the next entry stood in a line that could not be read

    def take(self, rows: Sequence[Row]) -> None:
        """Look at the next entries, in the order in which they stand."""
        sha256, begin = hashlib.sha256, 0
        expected, before = self._following()
        for at, row in enumerate(rows):
            number, _, body, stored = row
            if number == expected and sha256(before + body).digest() == stored:
                expected, before = number + 1, stored
                continue
            self._pass(rows, begin, at)
            begin = at + 1
            self._look(row, self.count + at)
            expected, before = self._following()
        self._pass(rows, begin, len(rows))
        self.count += len(rows)

    def _following(self) -> tuple[int | None, bytes]:
        """Return which entry simply follows, and on which hash; None where each is looked at."""
        if self._before is None or self._is_odd():
            return None, b""
        return self.next, self._before

    def _pass(self, rows: Sequence[Row], begin: int, end: int) -> None:
        """Tell the entries from `begin` to before `end`, which simply follow each other."""
        if begin == end:
            return
        last = rows[end - 1]
        self.next, self._before = last[0] + 1, last[3]
        for at in self._rebuilt.take(rows, begin, end):
            number, reference, body, _ = rows[at]
            said = _SAID % number
            start = body.find(said)
            named = b'"reference":"%b"' % reference if reference is not None else _REFERENCE
            if start < 0 or (named in body) != (reference is not None):
                self._tell(rows[at], self.count + at)
            else:
                self._rebuilt.tell(number, reference, body, start + len(said))

    def _is_odd(self) -> bool:
        return self._other is not None or self._doubt or self._unread

    def skip(self) -> None:
        """Note a line that is no entry."""
        self._faults.add(Kind.ALTERED, self.next, line=self._line(self.count))
        self._before, self._other, self._unread = None, None, True
        self.count += 1

    def _look(self, row: Row, at: int) -> None:
        """Look at an entry that does not simply follow, and say why."""
        number, reference, body, stored = row
        if number <= self._through:
            self._look_at_kept(row, at)
            return
        own = number_of(body)
        elsewhere = own != number and (number > self.next or self._faults.is_missing(own))
        if number < self.next or elsewhere:
            self._faults.add(
                Kind.MISPLACED, own or number, reference=reference, line=self._line(at)
            )
            return
        if number > self.next:
            self._gap(number)
        hangs = [hash_ for hash_ in (self._before, self._other) if hash_ is not None]
        computed = [next_hash(hash_, body) for hash_ in hangs]
        doubt, self._doubt, self._unread = self._doubt, False, False
        self.next, self._before, self._other = number + 1, stored, None
        if computed and stored not in computed and not doubt:
            self._faults.add(Kind.ALTERED, number, reference=reference, line=self._line(at))
            # Its bytes were altered, or its hash was: the next entry hangs on the right one.
            self._other, self._doubt = computed[0], own != number
            return
        self._tell(row, at)

    def _gap(self, number: int) -> None:
        """Note what should stand before an entry and does not."""
        first = self.next + self._unread  # what could not be read is said already
        if number > self._vague and first < number:
            self._faults.add(Kind.MISSING, first, last=number - 1)
        self._before = self._other = None

    def _look_at_kept(self, row: Row, at: int) -> None:
        number, reference, body, stored = row
        seal, own = self._kept.pop(number, None), number_of(body)
        if seal is None:
            kind = Kind.EXTRA if own == number else Kind.MISPLACED
            self._faults.add(kind, own or number, reference=reference, line=self._line(at))
        elif next_hash(stored, body) != seal:
            self._faults.add(Kind.ALTERED, number, reference=reference, line=self._line(at))
        else:
            self._tell(row, at)

    def _tell(self, row: Row, at: int) -> None:
        """Compare what an entry says with what finds it, and tell it to what is rebuilt."""
        number, reference, body, _ = row
        said, own = _SAID % number, reference_of(body)
        start = body.find(said)
        if start < 0:
            self._faults.add(Kind.MISPLACED, number_of(body) or number, line=self._line(at))
            return
        if own != reference:
            self._faults.add(Kind.REFERENCE, number, reference=own, line=self._line(at))
        self._rebuilt.tell(number, own, body, start + len(said))

    def _line(self, at: int) -> int | None:
        return at + 2 if self._lines else None

    def end(self, head: Head | None) -> None:
        """Compare the end of the walk with the head, which is signed; None where none is."""
        for number in self._kept:
            self._faults.add(Kind.MISSING, number)
        last = self.next - 1
        if head is None:
            self._faults.add(Kind.HEAD)
        elif head.number > last:
            self._faults.add(Kind.MISSING, self.next + self._unread, last=head.number)
        elif head.number < last:
            # What stands behind the end makes no gap before it: a number may be any.
            first = self._faults.end_at(head.number)
            self._faults.add(Kind.EXTRA, first, last=last)
        elif self._before is not None and head.hash not in {self._before, self._other}:
            self._faults.add(Kind.HEAD)
