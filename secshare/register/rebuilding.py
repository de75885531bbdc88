"""The shares as their entries tell them, to be compared with the register."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from secshare.register.entries import states_of
from secshare.register.faults import Kind
from secshare.register.found import facts_of
from secshare.register.states import Operation, makes_sense

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.register.faults import Faults

__all__ = ["ABANDONED", "Rebuilt"]

ABANDONED: Final = b""
"""Stands for the states of a share that came to nothing."""

_BEFORE: Final = b'{"before":['
_STATES: Final = b',"states":['
_WORDS: Final = b',"words_sha256":"'
_KEPT: Final = b'"words_kept_sha256":['
_SHA256: Final = b'"sha256":"'
_SIZE: Final = b'"size":'
_BEGINS: Final = frozenset({Operation.PREPARE.encode(), Operation.PREPARED.encode()})
_DESTROYS: Final = frozenset({Operation.RECALL.encode(), Operation.FORGET.encode()})
_CHANGES_REMEMBERED: Final = 10_000


class Rebuilt:
    """What the entries say of each share, so far.

    Args:
        anchor: the number of the entry that adopted the shares of before: the first, or a cut.
        blobs: reference and SHA-256, in hexadecimal, of each share's sealed words that are there.

    Attributes:
        states: of each share, the bytes of the states that its last entry left it in.
        adopted: of each share whose earlier entries are not there, the states that its first entry
            since the anchor found it in.
        intents: shares that are still to be prepared.
        intended, sealed: of each share, the number of its entry `prepare` or `prepared` and a hash
            of what stands in the register too, where that is at hand; see `comparing`.
        incidents: shares of which an entry says an incident.
        unsaid: shares whose words were sealed, that are not there, and of which no entry says why.
    """

    def __init__(
        self, faults: Faults, anchor: int = 1, blobs: Mapping[bytes, bytes] | None = None
    ) -> None:
        self.states: dict[bytes, bytes] = {}
        self.adopted: dict[bytes, bytes] = {}
        self.intents: set[bytes] = set()
        self.intended: dict[bytes, tuple[int, int]] = {}
        self.sealed: dict[bytes, tuple[int, int]] = {}
        self.incidents: set[bytes] = set()
        self.unsaid: set[bytes] = set()
        self._faults = faults
        self._anchor = anchor
        self._compares = blobs is not None
        self._blobs = blobs or {}
        self._words: dict[bytes, bytes] = {}
        self._destroyed: set[bytes] = set()
        self._told_of_all = False  # whether each share's words were told of
        self._sense: dict[tuple[bytes, bytes | None, bytes], bool] = {}
        self._one: dict[bytes, bytes] = {}

    def tell(self, number: int, reference: bytes | None, body: bytes, start: int) -> None:
        """Take an entry that is what was written.

        Args:
            start: where its operation stands.
        """
        if reference is None:
            if _KEPT in body:
                self._keep(number, body)
            return
        try:
            self._tell(number, reference, body, start)
        except ValueError:  # not how entries are written, though it hangs in its chain
            self._faults.add(Kind.SENSELESS, number, reference=reference)

    def _keep(self, number: int, body: bytes) -> None:
        """Take which sealed words were kept when the entries that told of them were not."""
        try:
            for reference, sha256 in facts_of(body)["words_kept_sha256"]:
                self._seal(reference.encode("utf-8", "replace"), sha256.encode())
        except (KeyError, ValueError, TypeError, AttributeError):
            self._faults.add(Kind.SENSELESS, number)
        self._told_of_all = True

    def _tell(self, number: int, reference: bytes, body: bytes, start: int) -> None:
        operation = body[start : body.index(b'"', start)]
        at = body.find(_STATES, start)
        if at < 0:
            self._tell_other(number, reference, operation)
            return
        now = body[at + len(_STATES) - 1 : body.index(b"]", at) + 1]
        known = self.states.get(reference) or None
        if body.startswith(_BEFORE):
            before = body[len(_BEFORE) - 1 : body.index(b"]") + 1]
            if known is None:
                known = before
                if number > self._anchor and operation != b"prepared":
                    self.adopted[reference] = before
            elif known != before:
                self._faults.add(Kind.SENSELESS, number, reference=reference)
                known = before
        if operation in _BEGINS:
            self._begin(number, reference, body, start, at)
        change = operation, known, now
        sense = self._sense.get(change)
        if sense is None:
            sense = self._judge(change)
        if not sense:
            self._faults.add(Kind.SENSELESS, number, reference=reference)
        self.states[reference] = self._one[now]
        words = body.find(_WORDS, at)
        if words >= 0:
            self._seal(reference, body[words + len(_WORDS) : body.index(b'"', words + len(_WORDS))])
        elif operation in _DESTROYS:
            self.unsaid.discard(reference)
            if reference in self._blobs:
                self._destroyed.add(reference)

    def _tell_other(self, number: int, reference: bytes, operation: bytes) -> None:
        """Take an entry that says no states."""
        if operation == b"abandoned":
            self._end_intent(number, reference)
            self.states[reference] = ABANDONED
            self.unsaid.discard(reference)
        elif operation == b"incident":
            self.incidents.add(reference)

    def _begin(self, number: int, reference: bytes, body: bytes, start: int, at: int) -> None:
        """Take what an intent, or its result, says besides states, which stand at `at`."""
        if body.startswith(b'prepare"', start):
            self.intents.add(reference)
            if self._compares:
                self.intended[reference] = number, hash(_intent_in(body, start, at))
        else:
            self._end_intent(number, reference)
            if self._compares:
                self.sealed[reference] = number, hash(_sealed_in(body, start, at))

    def _end_intent(self, number: int, reference: bytes) -> None:
        """Take that an intent came to something or to nothing: once, and only an intent does."""
        if reference in self.states and reference not in self.intents:
            self._faults.add(Kind.SENSELESS, number, reference=reference)
        self.intents.discard(reference)

    def _seal(self, reference: bytes, sha256: bytes) -> None:
        if reference in self._blobs:
            self._words[reference] = sha256
            self._destroyed.discard(reference)
        else:
            self.unsaid.add(reference)

    def _judge(self, change: tuple[bytes, bytes | None, bytes]) -> bool:
        operation, before, now = change
        if len(self._sense) > _CHANGES_REMEMBERED:  # of a file that somebody made for that
            self._sense.clear()
            self._one.clear()
        try:
            found = None if before is None else states_of(json.loads(before))
            sense = makes_sense(
                Operation(operation.decode("ascii")), found, states_of(json.loads(now))
            )
        except (ValueError, TypeError, RecursionError):
            sense = False
        self._one[now] = now
        self._sense[change] = sense
        return sense

    def check_words(self) -> None:
        """Compare the sealed words that are there with what the entries say of them."""
        for reference, sha256 in self._blobs.items():
            if reference in self._destroyed or (self._told_of_all and reference not in self._words):
                self._faults.add(Kind.WORDS_BACK, reference=reference)
            elif self._words.get(reference, sha256) != sha256:
                self._faults.add(Kind.WORDS, reference=reference)
        for reference in sorted(self.unsaid):
            self._faults.add(Kind.WORDS_MISSING, reference=reference)


def _intent_in(body: bytes, start: int, states: int) -> bytes:
    """Return what the entry `prepare` says that the row of its share holds too.

    Args:
        start: where its operation stands.
        states: where the comma before its states stands.
    """
    documents, findings = body.index(b'"documents":'), body.index(b'"findings":')
    end = body.find(b',"macs":', findings)
    if end < 0:
        end = body.index(b',"number":', findings)
    subject = body.index(b',"subject":', states)
    work_factor = body.rfind(b',"work_factor":', subject)
    return b"%b,%b|%b|%b|%b" % (
        body[documents : body.index(b",", documents)],
        body[findings:end],
        body[start + len(b'prepare",') : states],
        body[subject : body.index(b',"time":', subject)],
        body[work_factor:-1] if work_factor >= 0 else b"",
    )


def _sealed_in(body: bytes, start: int, states: int) -> bytes:
    """Return what the entry `prepared` says that the row of its share holds too."""
    at = body.find(_SHA256, start, states)
    if at < 0:
        at = body.find(_SIZE, start, states)
    return body[at:states] if at >= 0 else b""
