"""The journal: what was done, by whom and when, in a chain whose end is signed.

What it proves, to somebody who has the practice's public key: the entries are those that secshare
wrote with this practice's `journal.key`, in this order, none altered, exchanged, inserted or taken
out, and the states of the shares are those that the entries tell.

What it does not prove:

- Whoever holds `journal.key` can write a whole other journal. It is kept beside the database, since
  secshare signs at night with nobody there: the journal shows what was altered by accident, by
  another program, or by somebody who has the database alone.
- A copy of the practice folder from an earlier day, restored whole, verifies: it was once true.
  Only somebody who wrote down a head elsewhere (`journal head`, `journal verify --expect`) sees
  that something is missing.
- Who acts is what the system and `--by` say; when, what its clock says.
- What nobody told secshare is not in it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from secshare.errors import JournalBroken
from secshare.practice.signing import is_signed
from secshare.register.adopting import adopted
from secshare.register.chain import Head, first_hash, next_hash
from secshare.register.entries import Entry, cut_hash
from secshare.register.states import Operation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

    from secshare.model import Reference
    from secshare.register.entries import Actor
    from secshare.store import Store

__all__ = ["TO_BEGIN", "Journal", "Signs"]

TO_BEGIN: Final = "journal"
"""Stands in the table `pending` until the first entry is written: a journal that is empty without
it was emptied, and is never begun anew as if nothing had been there."""


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
        self.now = now
        self._sound: tuple[Head, bytes] | None = None

    @property
    def public(self) -> bytes:
        """The key that signs this journal, as DER."""
        return self._signer.public

    def begin(self) -> None:
        """Write the first entry, which adopts the shares of before, where there is none yet.

        Processes that begin at the same time write one. A journal that was emptied is left as it
        is: `append` says so, and reading goes on.

        Raises:
            RegisterUnwritable: nothing was written.
        """
        if not self._to_begin():
            return
        with self._store.transaction() as connection:
            if self._to_begin():
                self.first(connection)

    def first(self, connection: sqlite3.Connection, **facts: Any) -> None:  # noqa: ANN401 - see `entries.FACTS`
        """Write the entry that begins a chain, in a transaction that is open; none may be there."""
        connection.execute("DELETE FROM pending WHERE what = ?", (TO_BEGIN,))
        nothing = Head(0, first_hash(self._signer.public))
        self.hang(connection, nothing, Operation.BEGUN, adopted(connection) | facts)

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
            JournalBroken: its end is not what was signed, or it was emptied.
        """
        head = self.head()
        if head.number == 0:
            raise JournalBroken("journal.empty")
        return self.hang(connection, head, operation, facts, reference).number

    def hang(
        self,
        connection: sqlite3.Connection,
        head: Head,
        operation: Operation,
        facts: dict[str, Any],
        reference: Reference | None = None,
    ) -> Head:
        """Write an entry on a head that was read in the same transaction; `append` is for others.

        A cut removes what the head stands for before it hangs its own entry on it.
        """
        entry = Entry(head.number + 1, self.now(), self.actor, operation, reference, facts)
        body = entry.dumps()
        head = Head(entry.number, next_hash(head.hash, body))
        connection.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?)",
            (entry.number, str(reference) if reference else None, body, head.hash),
        )
        signature = self._signer.sign(head.to_sign)
        connection.execute(
            "INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?)", (head.number, head.hash, signature)
        )
        self._sound = head, signature
        return head

    def head(self) -> Head:
        """Return the end of the journal; number 0 before its first entry.

        The last entry's own bytes are checked against its hash and the one before it, and the
        signature against both: 0.2 ms, and nothing for a head that this process signed or checked.

        Raises:
            JournalBroken: its end is not what was signed.
        """
        read = self._store.connection.execute
        row = read("SELECT number, hash, signature FROM head").fetchone()
        last = read("SELECT number, body, hash FROM entry ORDER BY number DESC LIMIT 2").fetchall()
        if row is None and not last:
            return Head(0, first_hash(self._signer.public))
        if row is None or not last or last[0]["number"] != row["number"]:
            raise JournalBroken("journal.end")
        head, body = Head(row["number"], row["hash"]), last[0]["body"]
        before = self._before(last)
        if last[0]["hash"] != head.hash or before is None or next_hash(before, body) != head.hash:
            raise JournalBroken("journal.end")
        sound = head, row["signature"]
        if sound != self._sound and not is_signed(self.public, head.to_sign, row["signature"]):
            raise JournalBroken("journal.end")
        self._sound = sound
        return head

    def _before(self, last: Sequence[sqlite3.Row]) -> bytes | None:
        """Return the hash that the last entry hangs on; None where it is not there."""
        number = last[0]["number"] - 1
        if number == 0:
            return first_hash(self.public)
        if len(last) > 1 and last[1]["number"] == number:
            hanging: bytes = last[1]["hash"]
            return hanging
        return cut_hash(last[0]["body"], number)

    def _to_begin(self) -> bool:
        read = self._store.connection.execute
        if read("SELECT 1 FROM entry LIMIT 1").fetchone() or read("SELECT 1 FROM head").fetchone():
            return False
        return read("SELECT 1 FROM pending WHERE what = ?", (TO_BEGIN,)).fetchone() is not None

    def entries(self, reference: Reference | None = None) -> Iterator[Entry]:
        """Yield entries, the newest first; those of one share when it is given.

        Raises:
            JournalBroken: the bytes of one are no entry.
        """
        where, values = (
            ("", ()) if reference is None else ("WHERE reference = ?", (str(reference),))
        )
        query = f"SELECT number, body FROM entry {where} ORDER BY number DESC"  # noqa: S608 - our own words
        for row in self._store.connection.execute(query, values):
            try:
                yield Entry.loads(row["body"])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise JournalBroken("journal.fault_altered", number=row["number"]) from error
