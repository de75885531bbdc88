"""What each run of a batch sealed, so that the same run goes on where it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare.messages import Language
from secshare.model import Reference, Road
from secshare.register.rows import moment, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from secshare.store import Store

__all__ = ["Run", "Runs"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        manifest: SHA-256 of the manifest that it was begun with, in hexadecimal.
        shares: how many it sealed, of those that the register still has.
        held: how many of them still have words that were given to nobody.
    """

    name: str
    manifest: str
    begun: datetime
    shares: int
    held: int


class Runs:
    """The runs of a practice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, name: str, manifest: str, now: datetime) -> None:
        """Record a run where it is not known yet.

        Raises:
            RegisterUnwritable: nothing was written.
        """
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO run VALUES (?, ?, ?)", (name, manifest, told(now))
            )

    def count(self, name: str) -> int:
        """Return how many shares a run made that the register still has."""
        row = self._store.connection.execute("SELECT count(*) FROM run_row WHERE run = ?", (name,))
        count: int = row.fetchone()[0]
        return count

    def all(self) -> Iterator[Run]:
        """Yield every run that made a share, the newest first."""
        rows = self._store.connection.execute(
            """SELECT run.name, manifest, begun, count(reference) AS shares,
            count(CASE WHEN secret = 'held' THEN 1 END) AS held
            FROM run JOIN run_row ON run = run.name JOIN share USING (reference)
            GROUP BY run.name ORDER BY begun DESC, run.name"""
        )
        for row in rows:
            begun = moment(row["begun"])
            assert begun is not None  # noqa: S101 - never null
            yield Run(row["name"], row["manifest"], begun, row["shares"], row["held"])

    def references(self, name: str) -> list[Reference]:
        """Return what a run sealed, in the order of its rows; a row that changed has several."""
        rows = self._store.connection.execute(
            "SELECT reference FROM run_row JOIN share USING (reference) WHERE run = ?"
            " ORDER BY run_row.number, created, share.rowid",
            (name,),
        )
        return [Reference(row["reference"]) for row in rows]

    def standing(self, name: str) -> Iterator[Reference]:
        """Yield the shares of a run that were not recalled, in no order: there may be many."""
        rows = self._store.connection.execute(
            "SELECT reference FROM run_row JOIN share USING (reference) WHERE run = ?"
            " AND secret IS NOT 'destroyed'",
            (name,),
        )
        for row in rows:
            yield Reference(row["reference"])

    def set_unasked(self, name: str, references: Iterable[Reference]) -> tuple[Reference, ...]:
        """Record which shares of a run, and no others, its manifest does not ask for any more.

        Returns:
            them, in the order of their rows.

        Raises:
            RegisterUnwritable: nothing was written.
        """
        unasked = [(str(reference),) for reference in references]
        with self._store.transaction() as connection:
            connection.execute("UPDATE run_row SET unasked = 0 WHERE run = ? AND unasked", (name,))
            connection.executemany("UPDATE run_row SET unasked = 1 WHERE reference = ?", unasked)
            rows = connection.execute(
                "SELECT reference FROM run_row WHERE run = ? AND unasked"
                " ORDER BY number, reference",
                (name,),
            )
            return tuple(Reference(row["reference"]) for row in rows)

    def is_unasked(self, reference: Reference) -> bool:
        """Return whether the manifest of a share's run did not ask for it when it last ended."""
        row = self._store.connection.execute(
            "SELECT unasked FROM run_row WHERE reference = ?", (str(reference),)
        ).fetchone()
        return bool(row and row["unasked"])

    def roads(self, name: str) -> frozenset[Road]:
        """Return by which roads the words of a run travel that nobody was given."""
        rows = self._store.connection.execute(
            "SELECT DISTINCT road FROM run_row JOIN share USING (reference)"
            " WHERE run = ? AND secret = 'held' AND road IS NOT NULL",
            (name,),
        )
        return frozenset(Road(row["road"]) for row in rows)

    def language(self, reference: Reference) -> Language | None:
        """Return in what language somebody reads what a batch prepared; None for another share."""
        row = self._store.connection.execute(
            "SELECT language FROM run_row WHERE reference = ?", (str(reference),)
        ).fetchone()
        return Language(row["language"]) if row else None

    def sealed(self, name: str, identity: bytes) -> Reference | None:
        """Return the share that a run made of a row with these very documents and options."""
        return self._found("run_row", "identity", name, identity)

    def earlier(self, name: str, slot: bytes) -> Reference | None:
        """Return the share that a run last made of a row, whatever its documents were then."""
        # Without being told, SQLite goes through the whole run: it takes any index for as good.
        return self._found("run_row INDEXED BY run_row_slot", "slot", name, slot)

    def elsewhere(self, name: str, identity: bytes) -> str | None:
        """Return another run that made a share of these very documents and options, the newest."""
        row = self._store.connection.execute(
            """SELECT run FROM run_row JOIN run ON run.name = run
            WHERE identity = ? AND run <> ? ORDER BY begun DESC LIMIT 1""",
            (identity, name),
        ).fetchone()
        return row["run"] if row else None

    def _found(self, table: str, column: str, name: str, digest: bytes) -> Reference | None:
        row = self._store.connection.execute(
            f"""SELECT reference FROM {table} JOIN share USING (reference)
            WHERE run = ? AND {column} = ? AND status = 'prepared'
            ORDER BY created DESC, share.rowid DESC LIMIT 1""",  # noqa: S608 - our own words
            (name, digest),
        ).fetchone()
        return Reference(row["reference"]) if row else None

    @staticmethod
    def add(
        connection: sqlite3.Connection,
        *,
        name: str,
        reference: Reference,
        identity: bytes,
        slot: bytes,
        number: int,
        language: Language,
    ) -> None:
        """Record, in the transaction of its intent, which share a run makes of a row.

        Args:
            language: the recipient's, as the row has it: somebody whom the directory has not is to
                read the words in it, too.

        Raises:
            sqlite3.IntegrityError: the run has made one of a row like it.
        """
        connection.execute(
            "INSERT INTO run_row VALUES (?, ?, ?, ?, ?, 0, ?)",
            (name, identity, slot, number, language.value, str(reference)),
        )
