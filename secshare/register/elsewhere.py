"""What other runs of a batch made of the same documents, for the same people."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from secshare.model import Reference

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from secshare.store import Store

__all__ = ["Doubled", "Elsewhere", "Twin", "telling", "twins"]


@dataclass(frozen=True, slots=True)
class Twin:
    """Another run's share of the same documents for the same person.

    Attributes:
        run: the other's name.
        newer: whether its row was first sealed after that of the one that it is the twin of: sealed
            anew in its run, for an option, a former share is no newer than the correction.
        differs: whether it is for another address or number: one of the two may be wrong. None of
            both is no other one.
        likeness: how much of name, address and number both have in common, the name before all.
    """

    reference: Reference
    run: str
    newer: bool
    differs: bool
    likeness: int = 0


@dataclass(frozen=True, slots=True)
class Doubled:
    """A share of a run that another run has as well.

    Attributes:
        number: its row's.
        twin: see `telling`.
    """

    number: int
    reference: Reference
    twin: Twin


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

    def doubled(self) -> Iterator[Doubled]:
        """Yield what this run asks for and another has as well, by row."""
        rows = self._store.connection.execute(
            f"{_TWINS} AND own.run = ? AND NOT own.unasked AND {_BOTH_STAND} {_ALIKE}"
            " ORDER BY own.number, own.reference, theirs.rowid DESC",
            (self._run,),
        )
        for (number, reference), group in groupby(rows, itemgetter("number", "reference")):
            twin = telling([_twin(row) for row in group])
            yield Doubled(number, Reference(reference), twin)


def twins(store: Store, reference: Reference) -> list[Twin]:
    """Return what other runs have of a share's documents for its person, the newest first.

    Args:
        reference: of a share that stands, or of one that was recalled.
    """
    rows = store.connection.execute(
        f"{_TWINS} AND own.reference = ? AND {_STANDS} {_ALIKE} ORDER BY theirs.rowid DESC",
        (str(reference),),
    )
    return [_twin(row) for row in rows]


def telling(found: Sequence[Twin]) -> Twin:
    """Return the twin that says whether one of the two may be wrong: of the newest other run.

    Where that run has one for the same address and number, it is that: the others are of somebody
    of the same name, as M. and Mme of one house. Else it is the one that is most alike.

    Args:
        found: one or more, the newest first.
    """
    those = [twin for twin in found if twin.run == found[0].run]
    return max(those, key=lambda twin: (not twin.differs, twin.likeness))


_TWINS: Final = """
SELECT own.number, own.reference, other.run, other.reference AS twin,
(
    SELECT min(share.rowid) FROM run_row AS row INDEXED BY run_row_slot
    JOIN share USING (reference) WHERE row.run = other.run AND row.slot = other.slot
) > (
    SELECT min(share.rowid) FROM run_row AS row INDEXED BY run_row_slot
    JOIN share USING (reference) WHERE row.run = own.run AND row.slot = own.slot
) AS newer,
coalesce(lower(theirs.email) <> lower(mine.email), 0)
    OR coalesce(theirs.phone <> mine.phone, 0) AS differs,
4 * (theirs.name IS mine.name) + 2 * (lower(theirs.email) IS lower(mine.email))
    + (theirs.phone IS mine.phone) AS likeness
FROM run_row AS own JOIN share AS mine ON mine.reference = own.reference
JOIN run_document AS its ON its.reference = own.reference
JOIN run_document AS their ON their.content = its.content
JOIN run_row AS other ON other.reference = their.reference AND other.run <> own.run
JOIN share AS theirs ON theirs.reference = other.reference
WHERE NOT (
    theirs.recipient <> mine.recipient
    AND EXISTS (SELECT 1 FROM recipient WHERE uid = theirs.recipient)
    AND EXISTS (SELECT 1 FROM recipient WHERE uid = mine.recipient)
)
"""
"""Namesakes whom the directory knows apart are no twins."""

_STANDS: Final = "theirs.status = 'prepared' AND theirs.secret IS NOT 'destroyed'"
_BOTH_STAND: Final = f"mine.status = 'prepared' AND mine.secret IS NOT 'destroyed' AND {_STANDS}"
_ALIKE: Final = """
GROUP BY own.reference, other.reference HAVING count(*) IN (
    (SELECT count(*) FROM run_document WHERE reference = own.reference),
    (SELECT count(*) FROM run_document WHERE reference = other.reference)
)
"""
"""One of the two has no document that the other has not."""


def _twin(row: sqlite3.Row) -> Twin:
    return Twin(
        Reference(row["twin"]),
        row["run"],
        newer=bool(row["newer"]),
        differs=bool(row["differs"]),
        likeness=row["likeness"],
    )
