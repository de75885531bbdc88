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

__all__ = ["Run", "Runs"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        manifest: the name of the manifest that it last went on with: a keyed digest, in
            hexadecimal.
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
                "INSERT INTO run VALUES (?, ?, ?, 1)"
                " ON CONFLICT DO UPDATE SET unfinished = 1, manifest = excluded.manifest",
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
            connection.execute(  # what was recalled meanwhile stays what nobody asked for
                "UPDATE run_row SET unasked = 0 WHERE run = ? AND unasked AND reference IN"
                " (SELECT reference FROM share WHERE secret IS NOT 'destroyed')",
                (name,),
            )
            connection.executemany("UPDATE run_row SET unasked = 1 WHERE reference = ?", unasked)
            rows = connection.execute(
                "SELECT reference FROM run_row JOIN share USING (reference)"
                " WHERE run = ? AND unasked AND secret IS NOT 'destroyed'"
                " ORDER BY number, reference",
                (name,),
            )
            return tuple(Reference(row["reference"]) for row in rows)

    def manifest(self, name: str) -> str | None:
        """Return the name of the manifest that a run last went on with; None of one that is new."""
        row = self._store.connection.execute(
            "SELECT manifest FROM run WHERE name = ?", (name,)
        ).fetchone()
        return row["manifest"] if row else None

    def unfinished(self) -> list[str]:
        """Return the runs that are going on, or did not come to their end."""
        rows = self._store.connection.execute("SELECT name FROM run WHERE unfinished")
        return [row["name"] for row in rows]

    def count(self, name: str) -> int:
        """Return how many shares a run made that the register still has."""
        return self._count("SELECT count(*) FROM run_row WHERE run = ?", name)

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
        return self._count(
            "SELECT count(*) FROM run_row JOIN share USING (reference) WHERE run = ?"
            " AND status = 'prepared' AND secret IS NOT 'destroyed'",
            name,
        )

    def count_unasked(self, name: str) -> int:
        """Return how many shares of a run stand that nobody asked for when it last ended."""
        return self._count(
            "SELECT count(*) FROM run_row JOIN share USING (reference)"
            " WHERE run = ? AND unasked AND status = 'prepared' AND secret IS NOT 'destroyed'",
            name,
        )

    def count_lone(self, name: str) -> int:
        """Return how many rows of a run nobody asks for, with no share in the place of theirs.

        In its place is one that is asked for, of the same row or of the same documents for the
        same person.
        """
        return self._count(
            """WITH asked AS (SELECT slot, reference FROM run_row WHERE run = ?1 AND NOT unasked)
            SELECT count(DISTINCT slot) FROM run_row JOIN share USING (reference)
            WHERE run = ?1 AND unasked AND status = 'prepared' AND secret IS NOT 'destroyed'
            AND slot NOT IN (SELECT slot FROM asked) AND reference NOT IN (
                SELECT reference FROM run_document WHERE content IN
                (SELECT content FROM run_document JOIN asked USING (reference))
            )""",
            name,
        )

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

    def people(self, name: str) -> Iterator[tuple[str, str | None, str | None]]:
        """Yield for whom a run's shares are: the name, the address and the number as they were."""
        rows = self._store.connection.execute(
            "SELECT share.name, email, phone FROM run_row JOIN share USING (reference)"
            " WHERE run = ?",
            (name,),
        )
        for row in rows:
            yield row["name"], row["email"], row["phone"]

    def _count(self, query: str, name: str) -> int:
        count: int = self._store.connection.execute(query, (name,)).fetchone()[0]
        return count

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
        contents: Iterable[bytes],
        number: int,
        language: Language,
    ) -> None:
        """Record, in the transaction of its intent, which share a run makes of a row.

        Args:
            contents: of each document; see `batch.identity.row_contents`.
            language: the recipient's, as the row has it: somebody whom the directory has not is to
                read the words in it, too.

        Raises:
            sqlite3.IntegrityError: the run has made one of a row like it.
        """
        connection.execute(
            "INSERT INTO run_row VALUES (?, ?, ?, ?, ?, 0, ?)",
            (name, identity, slot, number, language.value, str(reference)),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO run_document VALUES (?, ?)",  # one document twice in a group
            ((content, str(reference)) for content in contents),
        )
