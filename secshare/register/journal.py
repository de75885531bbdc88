"""The journal: what was done, by whom and when, in a chain whose end is signed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from secshare.errors import JournalBroken
from secshare.practice.signing import is_signed
from secshare.register.chain import Head, first_hash, next_hash
from secshare.register.entries import Entry

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from secshare.model import Reference
    from secshare.register.entries import Actor
    from secshare.register.states import Operation
    from secshare.store import Store

__all__ = ["Journal", "Signs"]


class Signs(Protocol):
    """What signs a journal; `secshare.practice.signing.Signer` is one."""

    public: bytes

    def sign(self, data: bytes) -> bytes:
        """Return the signature of `data`."""
        ...


class Journal:
    """The journal of a practice. Use it from one thread; processes may be several.

    Args:
        store: the open database.
        signer: the practice's.
        actor: who this command works for.
        now: the clock, with its time zone.
    """

    def __init__(
        self,
        store: Store,
        signer: Signs,
        actor: Actor,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._signer = signer
        self.actor = actor
        self._now = now

    def append(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        reference: Reference | None = None,
        **facts: Any,  # noqa: ANN401 - what an entry may hold, see `entries.FACTS`
    ) -> int:
        """Write an entry in a transaction that is open, and return its number.

        It stands or falls with what the transaction does. Nothing is hung on a journal that does
        not end as it was signed.

        Raises:
            JournalBroken: its end is not what was signed.
        """
        head = self.head()
        entry = Entry(head.number + 1, self._now(), self.actor, operation, reference, facts)
        body = entry.dumps()
        head = Head(entry.number, next_hash(head.hash, body))
        connection.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?)",
            (entry.number, str(reference) if reference else None, body, head.hash),
        )
        connection.execute(
            "INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?)",
            (head.number, head.hash, self._signer.sign(head.to_sign)),
        )
        return entry.number

    def head(self) -> Head:
        """Return the end of the journal; number 0 before its first entry.

        Raises:
            JournalBroken: its end is not what was signed.
        """
        read = self._store.connection.execute
        row = read("SELECT number, hash, signature FROM head").fetchone()
        last = read("SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1").fetchone()
        if row is None and last is None:
            return Head(0, first_hash(self._signer.public))
        if row is None or last is None or tuple(last) != tuple(row)[:2]:
            raise JournalBroken("journal.end")
        head = Head(row["number"], row["hash"])
        if not is_signed(self._signer.public, head.to_sign, row["signature"]):
            raise JournalBroken("journal.end")
        return head

    def entries(self, reference: Reference | None = None) -> Iterator[Entry]:
        """Yield entries, the newest first; those of one share when it is given."""
        where, values = (
            ("", ()) if reference is None else ("WHERE reference = ?", (str(reference),))
        )
        query = f"SELECT number, body FROM entry {where} ORDER BY number DESC"  # noqa: S608 - our own words
        for row in self._store.connection.execute(query, values):
            yield Entry.loads(row["body"])
