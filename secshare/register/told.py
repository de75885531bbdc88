"""What entries tell of a change, remembered: many are alike but for number, reference and time."""

from __future__ import annotations

import json
from typing import Final

from secshare.register.entries import states_of
from secshare.register.states import Operation, makes_sense

__all__ = ["BEFORE", "DESTROYS", "PREPARE", "PREPARED", "STATES", "Told"]

BEFORE: Final = b'{"before":['
STATES: Final = b',"states":['
DESTROYS: Final = frozenset({Operation.RECALL.encode(), Operation.FORGET.encode()})
_SAYS: Final = b',"operation":"'  # stands right after the number
PREPARE: Final = b'%b%b",' % (_SAYS, Operation.PREPARE.encode())
PREPARED: Final = b'%b%b",' % (_SAYS, Operation.PREPARED.encode())

_REMEMBERED: Final = 10_000

_Alike = dict[tuple[bytes, bytes], tuple[bytes, bytes, bool]]


class Told:
    """The changes that entries told and that made sense.

    Attributes:
        changes: by what stands between an entry's number and its reference, then by what stands
            before and behind these: the states before and after, and whether words are destroyed.
        results: those of intents, by what stands before the number and from the states on.
    """

    def __init__(self) -> None:
        self.changes: dict[bytes, _Alike] = {}
        self.results: _Alike = {}
        self._sense: dict[tuple[bytes, bytes | None, bytes], bool] = {}
        self._one: dict[bytes, bytes] = {}

    def one(self, states: bytes) -> bytes:
        """Return the same object for the same states: kept once, and compared at once."""
        return self._one.setdefault(states, states)

    def learn(self, head: bytes, what: bytes, said: bytes) -> None:
        """Remember the change that an entry of such `parts` tells, if it makes sense.

        Nothing but its states stands between its reference and its time, unless it is `prepared`.
        """
        operation, end, more = what.removeprefix(_SAYS).partition(b'",')
        facts, found, now = said.partition(STATES[1:])
        at = head.find(b"]")
        if not what.startswith(_SAYS) or not end or more:
            return
        if not found or at < 0 or now.find(b"]") != len(now) - 1:
            return
        if not head.startswith(BEFORE) or what == PREPARE or (facts and what != PREPARED):
            return
        before, after = head[len(BEFORE) - 1 : at + 1], b"[" + now
        if not self.makes_sense((operation, before, after)):
            return
        change = self.one(before), self.one(after), operation in DESTROYS
        alike = self.results
        if what != PREPARED:
            alike, now = self.changes.setdefault(what, {}), said
        if len(alike) >= _REMEMBERED:
            alike.clear()
        alike[head, now] = change

    def makes_sense(self, change: tuple[bytes, bytes | None, bytes]) -> bool:
        """Return whether an entry may tell it: its operation, the states before it, and after."""
        sense = self._sense.get(change)
        if sense is not None:
            return sense
        operation, before, now = change
        if len(self._sense) > _REMEMBERED:  # of a file that somebody made for that
            self._sense.clear()
            self._one.clear()
        try:
            found = None if before is None else states_of(json.loads(before))
            sense = makes_sense(
                Operation(operation.decode("ascii")), found, states_of(json.loads(now))
            )
        except (ValueError, TypeError, RecursionError):
            sense = False
        self._sense[change] = sense
        return sense
