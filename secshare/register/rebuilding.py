"""The shares as their entries tell them, to be compared with the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.register.faults import Kind
from secshare.register.found import facts_of
from secshare.register.intents import Intents, parts
from secshare.register.told import BEFORE, DESTROYS, PREPARE, PREPARED, STATES, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from secshare.register.faults import Faults
    from secshare.register.intents import Parts
    from secshare.register.walking import Row

__all__ = ["ABANDONED", "Rebuilt"]

ABANDONED: Final = b""
"""Stands for the states of a share that came to nothing."""

_WORDS: Final = b',"words_sha256":"'
_KEPT: Final = b'"words_kept_sha256":['
_SHA256: Final = b'"sha256":"'
_SIZE: Final = b'"size":'


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
            of what stands in the register too, where that is at hand; see `intents`.
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
        self._intents = Intents(compares=self._compares)
        self._told = Told()

    def take(self, rows: Sequence[Row], begin: int, end: int) -> Iterator[int]:
        """Take entries from `begin` to before `end`, and yield the places of those left to `tell`.

        Each of these is told before the next is asked for. What is taken here are entries of whose
        bytes only the number, the reference and the time differ from an earlier one that made
        sense, and intents and their results that are as they should be: nearly all. An entry of
        which anything else is to be said or found is left to `tell`.
        """
        states, changes = self.states, self._told.changes
        for at, (number, reference, body, _) in enumerate(rows[begin:end], begin):
            if reference is None:
                yield at
                continue
            # As `parts` does: a call would take as long.
            head, _, tail = body.partition(b'"number":%d' % number)
            what, _, rest = tail.partition(b'"reference":"%b",' % reference)
            said, _, after = rest.partition(b',"time":"')
            alike = changes.get(what)
            if alike is not None:
                change = alike.get((head, said))
                if (
                    change is not None
                    and states.get(reference) == change[0]
                    and (b"_" not in after or _WORDS not in after)  # one byte is found sooner
                ):
                    states[reference] = change[1]
                    if change[2]:
                        self._destroy(reference)
                    continue
            elif what == PREPARED:
                if self._take_result(number, reference, head, said, after):
                    continue
            elif what.startswith(PREPARE) and self._take_intent(
                number, reference, (head, what, said, after)
            ):
                continue
            yield at
            self._told.learn(head, what, said)

    def _take_intent(self, number: int, reference: bytes, cut: Parts) -> bool:
        if reference in self.states or cut[0].startswith(BEFORE):
            return False
        try:
            now, frame, names, sha256 = self._intents.read(*cut)
        except ValueError:
            return False
        if not self._told.makes_sense((b"prepare", None, now)):
            return False
        self.states[reference] = now
        self.intents.add(reference)
        if self._compares:
            self.intended[reference] = number, hash((frame, names))
        if sha256:
            self._seal(reference, sha256)
        return True

    def _take_result(
        self, number: int, reference: bytes, head: bytes, said: bytes, after: bytes
    ) -> bool:
        facts, _, now = said.partition(STATES[1:])
        change = self._told.results.get((head, now))
        if (
            change is None
            or self.states.get(reference) != change[0]
            or reference not in self.intents
            or not (facts.startswith(_SHA256) or not facts)
            or _WORDS in after
        ):
            return False
        self.intents.discard(reference)
        if self._compares:
            self.sealed[reference] = number, hash(facts)
        self.states[reference] = change[1]
        return True

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
        at = body.find(STATES, start)
        if at < 0:
            self._tell_other(number, reference, operation)
            return
        now = body[at + len(STATES) - 1 : body.index(b"]", at) + 1]
        known = self.states.get(reference) or None
        if body.startswith(BEFORE):
            before = body[len(BEFORE) - 1 : body.index(b"]") + 1]
            if known is None:
                known = before
                if number > self._anchor and operation != b"prepared":
                    self.adopted[reference] = before
            elif known != before:
                self._faults.add(Kind.SENSELESS, number, reference=reference)
                known = before
        if operation == b"prepare":
            self.intents.add(reference)
            if self._compares:
                _, frame, names, _ = self._intents.read(*parts(number, reference, body))
                self.intended[reference] = number, hash((frame, names))
        elif operation == b"prepared":
            self._end_intent(number, reference)
            if self._compares:
                self.sealed[reference] = number, hash(_sealed_in(body, start, at))
        if not self._told.makes_sense((operation, known, now)):
            self._faults.add(Kind.SENSELESS, number, reference=reference)
        self.states[reference] = self._told.one(now)
        words = body.find(_WORDS, at)
        if words >= 0:
            self._seal(reference, body[words + len(_WORDS) : body.index(b'"', words + len(_WORDS))])
        elif operation in DESTROYS:
            self._destroy(reference)

    def _destroy(self, reference: bytes) -> None:
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

    def check_words(self) -> None:
        """Compare the sealed words that are there with what the entries say of them."""
        for reference, sha256 in self._blobs.items():
            if reference in self._destroyed or (self._told_of_all and reference not in self._words):
                self._faults.add(Kind.WORDS_BACK, reference=reference)
            elif self._words.get(reference, sha256) != sha256:
                self._faults.add(Kind.WORDS, reference=reference)
        for reference in sorted(self.unsaid):
            self._faults.add(Kind.WORDS_MISSING, reference=reference)


def _sealed_in(body: bytes, start: int, states: int) -> bytes:
    """Return what the entry `prepared` says that the row of its share holds too.

    Args:
        start: where its operation stands.
        states: where the comma before its states stands.
    """
    at = body.find(_SHA256, start, states)
    if at < 0:
        at = body.find(_SIZE, start, states)
    return body[at : states + 1] if at >= 0 else b""
