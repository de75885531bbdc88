"""What each run of a batch sealed, so that the same run goes on where it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare.messages import Language
from secshare.model import Reference, Road, SealFormat
from secshare.register.rows import moment, told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from secshare.store import Store

__all__ = ["Doubled", "Run", "Runs"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        manifest: the name of the manifest that it was begun with: a keyed digest, in hexadecimal.
        shares: how many it sealed, of those that the register still has.
        held: how many of them still have words that were given to nobody, and are asked for.
        unfinished: whether it was stopped, or is going on: a row that was corrected meanwhile may
            have its former share, which is not known to be one that nobody asks for any more.
    """

    name: str
    manifest: str
    begun: datetime
    shares: int
    held: int
    unfinished: bool


@dataclass(frozen=True, slots=True)
class Doubled:
    """A share of a run, and another run's of the same documents for the same person.

    Attributes:
        number: its row's.
        run: the other's name.
        other: the other share.
    """

    number: int
    reference: Reference
    run: str
    other: Reference


class Runs:
    """The runs of a practice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, name: str, manifest: str, now: datetime) -> None:
        """Record that a run begins, or goes on; `end` is to follow.

        Raises:
            RegisterUnwritable: nothing was written.
        """
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT INTO run VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET unfinished = 1",
                (name, manifest, told(now)),
            )

    def end(self, name: str, others: Iterable[Reference]) -> tuple[Reference, ...]:
        """Record that a run came to its end, and which of its shares its manifest asks for no more.

        Args:
            others: those, and no others.

        Returns:
            them, in the order of their rows.

        Raises:
            RegisterUnwritable: nothing was written.
        """
        unasked = [(str(reference),) for reference in others]
        with self._store.transaction() as connection:
            connection.execute("UPDATE run SET unfinished = 0 WHERE name = ?", (name,))
            connection.execute("UPDATE run_row SET unasked = 0 WHERE run = ? AND unasked", (name,))
            connection.executemany("UPDATE run_row SET unasked = 1 WHERE reference = ?", unasked)
            rows = connection.execute(
                "SELECT reference FROM run_row WHERE run = ? AND unasked"
                " ORDER BY number, reference",
                (name,),
            )
            return tuple(Reference(row["reference"]) for row in rows)

    def count(self, name: str) -> int:
        """Return how many shares a run made that the register still has."""
        row = self._store.connection.execute("SELECT count(*) FROM run_row WHERE run = ?", (name,))
        count: int = row.fetchone()[0]
        return count

    def has_others(self, name: str) -> bool:
        """Return whether any other run made a share that the register still has."""
        row = self._store.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM run_row WHERE run <> ?)", (name,)
        )
        return bool(row.fetchone()[0])

    def all(self) -> Iterator[Run]:
        """Yield every run that made a share, the newest first."""
        rows = self._store.connection.execute(
            """SELECT run.name, manifest, begun, unfinished, count(reference) AS shares,
            count(CASE WHEN secret = 'held' AND NOT unasked THEN 1 END) AS held
            FROM run JOIN run_row ON run = run.name JOIN share USING (reference)
            GROUP BY run.name ORDER BY begun DESC, run.name"""
        )
        for row in rows:
            begun = moment(row["begun"])
            assert begun is not None  # noqa: S101 - never null
            yield Run(
                row["name"],
                row["manifest"],
                begun,
                row["shares"],
                row["held"],
                unfinished=bool(row["unfinished"]),
            )

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

    def is_unfinished(self, name: str) -> bool:
        """Return whether a run did not come to its end; see `Run.unfinished`."""
        row = self._store.connection.execute(
            "SELECT unfinished FROM run WHERE name = ?", (name,)
        ).fetchone()
        return bool(row and row["unfinished"])

    def count_standing(self, name: str) -> int:
        """Return how many shares of a run are whole and were not recalled."""
        row = self._store.connection.execute(
            "SELECT count(*) FROM run_row JOIN share USING (reference) WHERE run = ?"
            " AND status = 'prepared' AND secret IS NOT 'destroyed'",
            (name,),
        ).fetchone()
        count: int = row[0]
        return count

    def is_unasked(self, reference: Reference) -> bool:
        """Return whether the manifest of a share's run did not ask for it when it last ended."""
        row = self._store.connection.execute(
            "SELECT unasked FROM run_row WHERE reference = ?", (str(reference),)
        ).fetchone()
        return bool(row and row["unasked"])

    def has_unasked_keys(self, name: str) -> bool:
        """Return whether one of the shares that a run asks for no more is sealed to keys.

        Such a share has no words that could be stopped.
        """
        row = self._store.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM run_row JOIN share USING (reference)"
            " WHERE run = ? AND unasked AND secret IS NULL)",
            (name,),
        ).fetchone()
        return bool(row[0])

    def roads(self, name: str) -> frozenset[Road]:
        """Return by which roads the words travel that a run asks for and nobody was given."""
        rows = self._store.connection.execute(
            "SELECT DISTINCT road FROM run_row JOIN share USING (reference)"
            " WHERE run = ? AND secret = 'held' AND NOT unasked AND road IS NOT NULL",
            (name,),
        )
        return frozenset(Road(row["road"]) for row in rows)

    def forms(self, name: str) -> frozenset[SealFormat]:
        """Return what the shares of a run are made as, those apart that were recalled."""
        rows = self._store.connection.execute(
            "SELECT DISTINCT format FROM run_row JOIN share USING (reference)"
            " WHERE run = ? AND status = 'prepared' AND secret IS NOT 'destroyed'",
            (name,),
        )
        return frozenset(SealFormat(row["format"]) for row in rows)

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

    def elsewhere(self, name: str, content: bytes) -> str | None:
        """Return another run that made a share of these documents for this person, the newest.

        What was recalled is none: it may well be sealed anew.
        """
        return self._newest("content", name, content)

    def names(self, name: str) -> Iterator[str]:
        """Yield for whom a run's shares are, as they were called."""
        rows = self._store.connection.execute(
            "SELECT DISTINCT share.name FROM run_row JOIN share USING (reference) WHERE run = ?",
            (name,),
        )
        for row in rows:
            yield row["name"]

    def doubled(self, name: str) -> list[Doubled]:
        """Return what a run asks for and another has as well, by row; none that was recalled."""
        rows = self._store.connection.execute(
            """SELECT own.number, own.reference, other.run, other.reference AS twin
            FROM run_row AS own JOIN share AS mine ON mine.reference = own.reference
            JOIN run_row AS other ON other.content = own.content AND other.run <> own.run
            JOIN share AS theirs ON theirs.reference = other.reference
            WHERE own.run = ? AND NOT own.unasked
            AND mine.status = 'prepared' AND mine.secret IS NOT 'destroyed'
            AND theirs.status = 'prepared' AND theirs.secret IS NOT 'destroyed'
            ORDER BY own.number, other.reference""",
            (name,),
        )
        return [
            Doubled(row["number"], Reference(row["reference"]), row["run"], Reference(row["twin"]))
            for row in rows
        ]

    def slot_elsewhere(self, name: str, slot: bytes) -> str | None:
        """Return another run that made a share of the same files' names for this person.

        It goes through all rows: to be asked of few.
        """
        return self._newest("slot", name, slot)

    def _newest(self, column: str, name: str, digest: bytes) -> str | None:
        row = self._store.connection.execute(
            f"""SELECT run FROM run_row JOIN run ON run.name = run JOIN share USING (reference)
            WHERE {column} = ? AND run <> ? AND secret IS NOT 'destroyed'
            ORDER BY begun DESC LIMIT 1""",  # noqa: S608 - our own words
            (digest, name),
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
        content: bytes,
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
            "INSERT INTO run_row VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
            (name, identity, slot, content, number, language.value, str(reference)),
        )
