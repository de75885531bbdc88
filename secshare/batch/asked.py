"""Which shares of a run its manifest still asks for: noted on the disk, as there may be many."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from secshare.model import Reference
    from secshare.store.spool import Spool

__all__ = ["Asked"]


class Asked:
    """The shares that rows ask for.

    Args:
        spool: one of its own: those who read the manifest's would wait for each note.
    """

    def __init__(self, spool: Spool) -> None:
        spool.shrink()
        self._connection = spool.connection
        self._connection.execute(
            "CREATE TABLE asked (reference TEXT PRIMARY KEY) STRICT, WITHOUT ROWID"
        )

    def note(self, reference: Reference) -> None:
        """Note that a row asks for a share."""
        self._connection.execute("INSERT OR IGNORE INTO asked VALUES (?)", (str(reference),))

    def others(self, references: Iterable[Reference]) -> Iterator[Reference]:
        """Yield those of `references` that no row asks for."""
        for reference in references:
            row = self._connection.execute(
                "SELECT 1 FROM asked WHERE reference = ?", (str(reference),)
            ).fetchone()
            if row is None:
                yield reference
