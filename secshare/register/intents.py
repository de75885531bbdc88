"""What an intent says of its share, taken apart where one differs from another.

The entry `prepare` names two people and has the digests of documents and words; the rest of it, its
frame, is that of many others, and is read once for all that have the same bytes there. The row of
the share is told in the same way: frame and names are equal where, and only where, both say the
same.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Intents", "Parts", "findings_told", "frame_of", "names", "parts", "sealed"]

_FACTS: Final = ("format", "kind", "purpose", "road", "seals_again", "work_factor")
_STATES: Final = b'"states":'
_FRAMES_REMEMBERED: Final = 5_000  # some megabytes

_TIME: Final = len("2026-11-22T08:00:00.000+00:00")
_SHA256: Final = 64  # hexadecimal digits

Parts = tuple[bytes, bytes, bytes, bytes]
_Key = tuple[bytes, bytes, bytes, bytes, bytes]


def parts(number: int, reference: bytes, body: bytes) -> Parts:
    """Return what stands before an entry's number, its reference, its time, and after that begins.

    They stand in this order in an entry of a share; where one is missing, what follows is empty.
    """
    head, _, tail = body.partition(b'"number":%d' % number)
    what, _, rest = tail.partition(b'"reference":"%b",' % reference)
    said, _, after = rest.partition(b',"time":"')
    return head, what, said, after


class Intents:
    """Reads intents.

    Args:
        compares: whether frames and names are to be compared with rows; they are empty otherwise.
    """

    def __init__(self, *, compares: bool) -> None:
        self._compares = compares
        self._frames: dict[_Key, tuple[bytes, bytes]] = {}

    def read(self, head: bytes, what: bytes, said: bytes, after: bytes) -> Parts:
        """Return the states, the frame and the names of an entry `prepare`, from its `parts`.

        And the SHA-256 of its sealed words, in hexadecimal; nothing where it says none.

        Raises:
            ValueError: it is not how such entries are written.
        """
        before, found, _ = head.rpartition(b'"macs":')
        what, _, recipient = what.partition(b'"recipient":')
        said, _, subject = said.partition(b',"subject":')
        time, _, words = after.partition(b',"words_sha256":"')
        key = before if found else head, what, said, time[_TIME:], words[_SHA256:]
        known = self._frames.get(key)
        if known is not None:
            return known[0], known[1], recipient + subject, words[:_SHA256]
        states, told, sha256 = self._learn(key, time, words)
        return states, told, recipient + subject, sha256

    def _learn(self, key: _Key, time: bytes, words: bytes) -> tuple[bytes, bytes, bytes]:
        """Read what stands around names and digests, and remember it if these are of usual length.

        Returns:
            States, frame and the SHA-256 of the words.
        """
        head, what, said, _, _ = key
        _, user_found, user = time.partition(b'","user":"')
        sha256, end_found, end = words.partition(b'"')
        at = said.index(_STATES) + len(_STATES)
        states = said[at : said.index(b"]", at) + 1]
        told = self._frame(head, what, said, user + end) if self._compares else b""
        if len(self._frames) >= _FRAMES_REMEMBERED:  # reasons that people typed, each another
            self._frames.clear()
        if key[3:] == (user_found + user, end_found + end):
            self._frames[key] = states, told
        return states, told, sha256

    def _frame(self, head: bytes, what: bytes, said: bytes, end: bytes) -> bytes:
        body = (
            b'%b"macs":[],"number":0%b"recipient":"","reference":"",'
            b'%b,"subject":"","time":"","user":"%b' % (head, what, said, end)
        )
        try:
            facts = json.loads(body)
            return frame_of(facts["documents"], facts["findings"], facts)
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("no intent") from error


def frame_of(documents: object, findings: object, facts: Mapping[str, Any]) -> bytes:
    """Return what the row of a share holds of its intent, but for the names."""
    told = [documents, findings, *(facts.get(name) for name in _FACTS)]
    return json.dumps(told, sort_keys=True).encode("ascii")


def findings_told(rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return findings as an intent holds them, from number, rule, severity, answer and reason."""
    return [
        {"rule": rule, "severity": severity, "answer": answer, "reason": reason}
        for _, rule, severity, answer, reason in sorted(rows, key=lambda row: row[0])
    ]


def names(recipient: str, subject: str) -> bytes:
    """Return what `Intents.read` returns as names, from a row."""
    return f"{quoted(recipient)},{quoted(subject)}".encode("utf-8", "surrogatepass")


def sealed(size: int | None, sha256: str | None) -> bytes:
    """Return what the entry `prepared` says of the sealed file, with its last comma, from a row."""
    if size is not None and sha256 is not None:
        return f'"sha256":{quoted(sha256)},"size":{size},'.encode("utf-8", "surrogatepass")
    if size is not None:
        return b'"size":%d,' % size
    return (
        b"" if sha256 is None else b'"sha256":%b,' % quoted(sha256).encode("utf-8", "surrogatepass")
    )
