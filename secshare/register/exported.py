"""Verifying a journal that was exported: line by line, whatever the file is."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.errors import WorkRefused
from secshare.practice.signing import is_signed
from secshare.register.chain import HASH_BYTES, Head, first_hash
from secshare.register.exporting import FORMAT, SIGNED, line_of
from secshare.register.faults import Faults, Kind, Verified, compare_head
from secshare.register.found import (
    CUT_FACTS,
    IS_CUT,
    Cut,
    Removed,
    adopted_by,
    facts_of,
    former_of,
    moment,
    number_of,
)
from secshare.register.rebuilding import Rebuilt
from secshare.register.walking import Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from secshare.register.walking import Row

__all__ = ["Export", "verify_file"]

_ENTRY: Final = b'{"entry":'
_HASH: Final = b',"hash":"'
_HEX: Final = 2 * HASH_BYTES + len(b'"}\n')
_TAIL: Final = len(_HASH) + _HEX
_AT_ONCE: Final = 500  # lines
_SAY_EACH: Final = 1_000  # lines
_LAST: Final = re.compile(
    rb'(\{"head":"([0-9]{1,18})-([0-9a-f]{64})","header":"([0-9a-f]{64})","sha256":"([0-9a-f]{64})")'
    rb',"signature":"([A-Za-z0-9+/]{1,200}={0,2})"\}\n'
)
_NAMED: Final = b'"reference":"'


@dataclass(frozen=True, slots=True)
class Export:
    """What verifying a file found.

    Attributes:
        verified: as of a database; without the register, there is none to compare it with.
        public: the key that the file says it is signed with, as DER; None where it says none.
    """

    verified: Verified
    public: bytes | None


def verify_file(
    file: BinaryIO,
    public: bytes | None = None,
    *,
    expect: Head | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Export:
    """Verify an exported journal; return what was found. All that is wrong is listed.

    Args:
        file: at its beginning.
        public: the key that must have signed it, as DER. Without it the file's own key is used,
            which proves only that nobody altered the file who does not sign with that key.
        expect: a head that somebody wrote down.
        progress: called with how many bytes were read.

    Raises:
        WorkRefused: more entries than any practice has.
    """
    return _Verifying(file, public, expect, progress or (lambda _done, _all: None)).run()


class _Verifying:
    """One verification of one file."""

    def __init__(
        self,
        file: BinaryIO,
        public: bytes | None,
        expect: Head | None,
        progress: Callable[[int, int | None], None],
    ) -> None:
        self._file = file
        self._given = public
        self._expect = expect
        self._progress = progress
        self._faults = Faults()
        self._whole = hashlib.sha256()
        self._line = 0
        self._kept: list[int] = []  # the numbers before the cut that are still to come
        self._simple: list[Row] = []  # lines that simply follow, to be looked at together
        self._hash: bytes | None = None  # of the entry that somebody wrote down
        self._first: dict[str, Any] = {}
        self._uncompared: int | None = None
        self._cut: dict[str, Any] | None = None  # what the last entry of a cut says

    def run(self) -> Export:
        header = self._file.readline(profiles.JOURNAL_LINE)
        self._whole.update(header)
        own, cut = _header(header)
        public = self._given or own
        if own is None:
            self._faults.add(Kind.FILE_HEADER, line=1)
        elif public != own:
            self._faults.add(Kind.FILE_KEY, line=1)
        if public is None:
            return Export(self._verified(None, None, 0), None)
        self._kept = sorted(cut.kept, reverse=True) if cut else []
        rebuilt = Rebuilt(self._faults, cut.number if cut else 1)
        walk = Walk(public, self._faults, cut, rebuilt, lines=True)
        last = self._take_entries(walk)
        self._flush(walk)
        head = self._end(walk, cut, hashlib.sha256(header), public, last) if last else None
        if self._expect is not None:
            self._uncompared = compare_head(self._faults, self._expect, self._hash, cut)
        return Export(self._verified(head, cut, walk.count), own)

    def _verified(self, head: Head | None, cut: Cut | None, count: int) -> Verified:
        return Verified(
            head=head,
            entries=count,
            begun=moment(self._first.get("time")),
            former=former_of(self._first),
            cut=cut.number if cut else None,
            faults=self._faults.told(),
            more=self._faults.more,
            uncompared=self._uncompared,
            adopted=adopted_by(self._first),
            removed=Removed.read(self._cut) if self._cut else None,
            of_file=True,
        )

    # --- the lines ------------------------------------------------------------------------------

    def _take_entries(self, walk: Walk) -> re.Match[bytes] | None:
        """Take the lines of the entries; return the last line, None where it is not one."""
        line, read = self._file.readline(profiles.JOURNAL_LINE), 0
        self._line = 2
        while line:
            following = self._file.readline(profiles.JOURNAL_LINE)
            if last := _LAST.fullmatch(line):
                if following:
                    self._faults.add(Kind.FILE_TRAILING, line=self._line + 1)
                return last
            if not following and not line.startswith(_ENTRY):
                self._faults.add(Kind.FILE_SIGNATURE, line=self._line)
                return None
            self._take(walk, line, following)
            self._whole.update(line)
            read += len(line)
            if self._line % _SAY_EACH == 0:
                self._progress(read, None)
            if walk.count + len(self._simple) > profiles.JOURNAL_ENTRIES:
                raise WorkRefused("journal.too_many", count=profiles.JOURNAL_ENTRIES)
            line, self._line = following, self._line + 1
        self._faults.add(Kind.FILE_TRUNCATED, line=self._line - 1)
        return None

    def _take(self, walk: Walk, line: bytes, following: bytes) -> None:
        body = line[len(_ENTRY) : -_TAIL]
        expected = self._kept[-1] if self._kept else walk.next + len(self._simple)
        if b'"number":%d,"operation":"' % expected in body:
            number = expected
        elif (own := number_of(body)) is None:
            self._flush(walk)
            walk.skip()
            return
        else:  # lines are missing before it, or its own number was altered
            after = walk.next if self._kept else expected + 1
            if len(self._kept) > 1:
                after = self._kept[-2]
            number = expected if _number_in(following) == after else own
        hashed = _hash_in(line, body)
        if self._expect is not None and number == self._expect.number:
            self._hash = hashed
        if number == 1:
            self._first = facts_of(body)
        if IS_CUT in body:
            self._cut = facts_of(body)
        self._simple.append((number, _reference_in(body), body, hashed))
        if self._kept or number != expected or len(self._simple) == _AT_ONCE:
            self._flush(walk)
        if self._kept and number == expected:
            self._kept.pop()

    def _flush(self, walk: Walk) -> None:
        walk.take(self._simple)
        self._simple.clear()

    # --- the end --------------------------------------------------------------------------------

    def _end(
        self,
        walk: Walk,
        cut: Cut | None,
        header: hashlib._Hash,
        public: bytes,
        last: re.Match[bytes],
    ) -> Head | None:
        """Compare what was read with what the last line says, which must be signed."""
        said, number, hashed, stated_header, stated_whole, signature = last.groups()
        head = Head(int(number), bytes.fromhex(hashed.decode()))
        whole = self._whole.hexdigest().encode()
        if not _signed(public, said, signature):
            self._faults.add(Kind.FILE_SIGNATURE, line=self._line)
            return None
        found = len(self._faults.found)
        walk.end(head)
        stated = None if self._cut is None else {name: self._cut.get(name) for name in CUT_FACTS}
        if (
            stated_header != header.hexdigest().encode()
            or (not found and (cut.facts if cut else None) != stated)
            or (not found and stated_whole != whole)
        ):
            self._faults.add(Kind.FILE_HEADER, line=1)
        return head


def _header(line: bytes) -> tuple[bytes | None, Cut | None]:
    """Return the key and the cut that the first line says; no key where it is no first line."""
    facts = facts_of(line)
    try:
        public = base64.b64decode(facts["key"], validate=True)
        if facts["format"] != FORMAT or facts["first"] != first_hash(public).hex():
            return None, None
        cut = None
        if facts["cut"] is not None:
            cut = Cut.read(facts["cut"])
            if cut is None:
                return None, None
    except (KeyError, TypeError, ValueError):
        return None, None
    return public, cut


def _number_in(line: bytes) -> int | None:
    """Return the number that the entry in a line says it has; of the last line, the next one."""
    if last := _LAST.fullmatch(line):
        return int(last[2]) + 1
    return number_of(line[len(_ENTRY) : -_TAIL])


def _hash_in(line: bytes, body: bytes) -> bytes:
    """Return the hash in a line, nothing where the line is not what `line_of` writes."""
    try:
        hashed = bytes.fromhex(line[-_HEX:-3].decode("ascii"))
    except ValueError:
        return b""
    return hashed if line_of(body, hashed) == line else b""


def _reference_in(body: bytes) -> bytes | None:
    start = body.find(_NAMED)
    return None if start < 0 else body[start + len(_NAMED) : body.find(b'"', start + len(_NAMED))]


def _signed(public: bytes, said: bytes, signature: bytes) -> bool:
    try:
        decoded = base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    # One signature has one spelling: an edit of its last sign is an edit.
    return base64.b64encode(decoded) == signature and is_signed(public, SIGNED + said, decoded)
