"""Verifying the journal in the database, and the register against it."""

from __future__ import annotations

import hashlib
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.errors import JournalBroken, RegisterUnwritable
from secshare.practice.signing import is_signed
from secshare.register.chain import Head, next_hash
from secshare.register.comparing import compare
from secshare.register.faults import Faults, Kind, Verified, compare_head
from secshare.register.found import IS_CUT, Cut, Removed, adopted_by, facts_of, former_of, moment
from secshare.register.rebuilding import Rebuilt
from secshare.register.walking import Walk

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from secshare.register.walking import Row
    from secshare.store import Store

__all__ = ["last_cut", "rows", "signed_head", "snapshot", "verify"]

# Rows: fewer than Python allocates before it looks for cycles, of which there are none here, and
# few enough to be still in the processor's cache when they are looked at.
_AT_ONCE: Final = 500
# No index: one that does not fit its table, which somebody can make, shows other entries.
_ENTRIES: Final = """SELECT number, CAST(reference AS BLOB), body, hash
    FROM entry NOT INDEXED ORDER BY number"""
_CUTS: Final = "SELECT number, body, hash FROM entry WHERE"
_A_CUT: Final = f"number <= ? AND instr(body, x'{IS_CUT.hex()}') ORDER BY number DESC LIMIT 1"


def verify(
    store: Store,
    public: bytes,
    *,
    expect: Head | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Verified:
    """Verify the journal in the database, and the register against it; return what was found.

    Of a consistent moment, whatever other commands write meanwhile. All that is wrong is listed.

    Args:
        public: the journal's key, as DER.
        expect: a head that somebody wrote down; the journal must have passed through it.
        progress: called with how many entries were read, of how many.

    Raises:
        JournalBroken: the file of the database is damaged, so that nothing in it can be trusted.
        RegisterUnwritable: it cannot be read.
    """
    try:
        with snapshot(store) as connection:
            if connection.execute(_check(connection)).fetchone()[0] != "ok":
                raise JournalBroken("journal.file_damaged")
            return _Verifying(connection, public, progress).run(expect)
    except RegisterUnwritable as error:
        if error.key != "store.damaged":
            raise
        raise JournalBroken("journal.file_damaged") from error


def _check(connection: sqlite3.Connection) -> str:
    """Return how to look at the file: its indexes too, where that takes no time to speak of."""
    size = 1
    for what in ("page_count", "page_size"):
        size *= connection.execute(f"PRAGMA {what}").fetchone()[0]
    how = "integrity_check" if size <= profiles.DATABASE_SMALL else "quick_check"
    return f"PRAGMA {how}(1)"


@contextmanager
def snapshot(store: Store) -> Iterator[sqlite3.Connection]:
    """Read one moment of the database in the block; a transaction that is open is one."""
    connection = store.connection
    if connection.in_transaction:
        yield connection
        return
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        if connection.in_transaction:
            connection.rollback()


def rows(connection: sqlite3.Connection) -> Iterator[list[Row]]:
    """Yield the entries in the order of their numbers, many at once."""
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute(_ENTRIES)
    while many := cursor.fetchmany(_AT_ONCE):
        yield many


def signed_head(connection: sqlite3.Connection, public: bytes) -> Head | None:
    """Return the head, None where there is none that `public` signed."""
    row = connection.execute("SELECT number, hash, signature FROM head").fetchone()
    if row is None:
        return None
    head = Head(row["number"], row["hash"])
    return head if is_signed(public, head.to_sign, row["signature"]) else None


def last_cut(
    connection: sqlite3.Connection, faults: Faults | None = None, head: Head | None = None
) -> Cut | None:
    """Return the cut that is in force, None where nothing was cut.

    Args:
        faults: is told what is wrong with it.
        head: what stands behind it is of nobody.
    """
    lowest = connection.execute("SELECT min(number) FROM entry").fetchone()[0]
    if lowest is None:
        return None
    # The entry of a cut is about no share; one that is found otherwise was altered.
    for where in ("reference IS NULL AND", "") if lowest != 1 else ("reference IS NULL AND",):
        row = connection.execute(
            f"{_CUTS} {where} {_A_CUT}", (head.number if head else sys.maxsize,)
        ).fetchone()
        if row is None:
            continue
        number, body, stored = tuple(row)
        cut = Cut.loads(body)
        own = cut.number if cut else number  # it may stand under another's number
        hanging = connection.execute(
            "SELECT hash FROM entry WHERE number = ?", (own - 1,)
        ).fetchone()
        if cut is not None:
            if hanging is None and cut.through != own - 1:
                return cut  # what it hangs on is missing: that is said, and no more can be
            if next_hash(hanging[0] if hanging else cut.through_hash, body) == stored:
                return cut
        if hanging is None and faults is not None:
            faults.add(Kind.ALTERED, number)
        return Cut(number, 0, b"", {}, {}, sound=False)
    return None


class _Verifying:
    """One verification, in one moment of the database."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        public: bytes,
        progress: Callable[[int, int | None], None] | None,
    ) -> None:
        self._connection = connection
        self._public = public
        self._progress = progress or (lambda _done, _all: None)
        self._faults = Faults()
        self._uncompared: int | None = None

    def run(self, expect: Head | None) -> Verified:
        connection, faults = self._connection, self._faults
        head = signed_head(connection, self._public)
        cut = last_cut(connection, faults, head)
        first = self._entry(1)
        anchor = cut.number if cut else 1
        rebuilt = Rebuilt(faults, anchor, self._blobs())
        walk = Walk(self._public, faults, cut, rebuilt)
        last = self._last(head, cut)
        for many in rows(connection):
            walk.take(many)
            self._progress(walk.count, last)
        walk.end(head)
        rebuilt.check_words()
        told = dict(cut.facts) if cut else first
        compare(
            connection,
            rebuilt,
            faults,
            told if cut is None or cut.sound else {},
            all_incidents=cut is None and former_of(first) is None,
        )
        if expect is not None:
            self._expected(expect, cut)
        return Verified(
            head=head,
            entries=walk.count,
            begun=moment(first.get("time")),
            former=former_of(first),
            cut=cut.number if cut else None,
            faults=faults.told(),
            more=faults.more,
            uncompared=self._uncompared,
            adopted=adopted_by(first),
            removed=Removed.read(cut.facts) if cut else None,
        )

    def _last(self, head: Head | None, cut: Cut | None) -> int:
        """Return how many entries there should be; how many there are takes longer to ask for."""
        if head is None:
            count: int = self._connection.execute("SELECT count(*) FROM entry").fetchone()[0]
            return count
        return head.number - cut.through + len(cut.kept) if cut else head.number

    def _entry(self, number: int) -> dict[str, Any]:
        row = self._connection.execute(
            "SELECT body FROM entry WHERE number = ?", (number,)
        ).fetchone()
        return facts_of(row[0]) if row else {}

    def _blobs(self) -> dict[bytes, bytes]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        cursor.execute("SELECT CAST(reference AS BLOB), blob FROM sealed_words")
        return {
            reference: hashlib.sha256(blob).hexdigest().encode()
            for many in iter(lambda: cursor.fetchmany(_AT_ONCE), [])
            for reference, blob in many
        }

    def _expected(self, expect: Head, cut: Cut | None) -> None:
        row = self._connection.execute(
            "SELECT hash FROM entry WHERE number = ?", (expect.number,)
        ).fetchone()
        self._uncompared = compare_head(self._faults, expect, row[0] if row else None, cut)
