"""What other runs of a batch made of the same documents, for the same people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare.model import Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.store import Store

__all__ = ["Doubled", "Elsewhere"]


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


class Elsewhere:
    """The runs beside one, whether it made a share yet or not.

    What was recalled counts nowhere: it may well be sealed anew.
    """

    def __init__(self, store: Store, run: str) -> None:
        self._store, self._run = store, run

    def has_any(self) -> bool:
        """Return whether any other run made a share that the register still has."""
        row = self._store.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM run_row WHERE run <> ?)", (self._run,)
        )
        return bool(row.fetchone()[0])

    def having(self, contents: Sequence[bytes]) -> str | None:
        """Return a run that sealed each of these documents for this person, the newest.

        Args:
            contents: one or more; see `batch.identity.row_contents`.
        """
        first, *others = map(self._having, contents)
        return next((run for run in first if all(run in each for each in others)), None)

    def _having(self, content: bytes) -> list[str]:
        rows = self._store.connection.execute(
            """SELECT DISTINCT run FROM run_document JOIN run_row USING (reference)
            JOIN run ON run.name = run JOIN share USING (reference)
            WHERE content = ? AND run <> ? AND secret IS NOT 'destroyed' ORDER BY begun DESC""",
            (content, self._run),
        )
        return [row["run"] for row in rows]

    def having_slot(self, slot: bytes) -> str | None:
        """Return a run that made a share of the same files' names for this person, the newest.

        It goes through all rows: to be asked of few.
        """
        row = self._store.connection.execute(
            """SELECT run FROM run_row JOIN run ON run.name = run JOIN share USING (reference)
            WHERE slot = ? AND run <> ? AND secret IS NOT 'destroyed'
            ORDER BY begun DESC LIMIT 1""",
            (slot, self._run),
        ).fetchone()
        return row["run"] if row else None

    def doubled(self) -> list[Doubled]:
        """Return what this run asks for and another has as well, by row.

        One of two such shares has no document that the other has not.
        """
        rows = self._store.connection.execute(
            """SELECT own.number, own.reference, other.run, other.reference AS twin
            FROM run_row AS own JOIN share AS mine ON mine.reference = own.reference
            JOIN run_document AS its ON its.reference = own.reference
            JOIN run_document AS their ON their.content = its.content
            JOIN run_row AS other ON other.reference = their.reference AND other.run <> own.run
            JOIN share AS theirs ON theirs.reference = other.reference
            WHERE own.run = ? AND NOT own.unasked
            AND mine.status = 'prepared' AND mine.secret IS NOT 'destroyed'
            AND theirs.status = 'prepared' AND theirs.secret IS NOT 'destroyed'
            GROUP BY own.number, own.reference, other.run, other.reference
            HAVING count(*) IN (
                (SELECT count(*) FROM run_document WHERE reference = own.reference),
                (SELECT count(*) FROM run_document WHERE reference = other.reference)
            )
            ORDER BY own.number, other.reference""",
            (self._run,),
        )
        return [
            Doubled(row["number"], Reference(row["reference"]), row["run"], Reference(row["twin"]))
            for row in rows
        ]
