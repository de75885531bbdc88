"""Making words unreadable: gone from the table, from the free pages, and from the log beside it.

A commit alone leaves the former pages in the write-ahead log until every reader has moved on. So
what was destroyed is followed by a checkpoint that truncates that log; while somebody reads, it is
tried again, and what could not be done is written down for the next command.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import RegisterUnwritable

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from secshare.model import Reference, Share
    from secshare.store import Store

__all__ = ["SCRUB", "Recalled", "Worth", "destroy_words", "scrub", "scrub_pending"]

SCRUB: Final = "scrub"
"""Stands in the table `pending` while something destroyed may still stand in the log."""

_PAUSE: Final = 0.05  # seconds


class Worth(StrEnum):
    """What a recall is worth."""

    NEVER_RELEASED = "never-released"
    """Nobody was given the words: they were only here."""
    POSSIBLY_RELEASED = "possibly-released"
    """They had been written or shown; nobody said that they were given."""
    TOO_LATE = "too-late"
    """They had been given."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a recall found and did. The register holds no words of this share any more.

    Attributes:
        worth: what that is worth.
        since: when its secret came into the state that says so.
    """

    share: Share
    worth: Worth
    since: datetime | None


def destroy_words(connection: sqlite3.Connection, reference: Reference) -> bool:
    """Overwrite and remove a share's sealed words; `scrub` has to follow the commit.

    Return whether there were any.
    """
    connection.execute(
        "UPDATE sealed_words SET blob = zeroblob(length(blob)) WHERE reference = ?",
        (str(reference),),
    )
    gone = connection.execute("DELETE FROM sealed_words WHERE reference = ?", (str(reference),))
    if not gone.rowcount:
        return False
    connection.execute("INSERT OR IGNORE INTO pending VALUES (?)", (f"{SCRUB}:{reference}",))
    return True


def scrub(store: Store) -> None:
    """Leave nothing of what was destroyed in the database's files, its log included.

    Readers are waited for, `profiles.SCRUB_WAIT` seconds or so.

    Raises:
        RegisterUnwritable: another program went on reading; the next command tries again.
    """
    for _ in range(round(profiles.SCRUB_WAIT / _PAUSE)):
        if _truncated(store):
            return
        time.sleep(_PAUSE)
    raise RegisterUnwritable("register.busy_copies")


def scrub_pending(store: Store) -> None:
    """Do now, if nobody reads, what an earlier command could not do."""
    if notes(store):
        _truncated(store)


def notes(store: Store) -> list[tuple[str]]:
    """Return what is still to be scrubbed, one note a share."""
    rows = store.connection.execute(f"SELECT what FROM pending WHERE what LIKE '{SCRUB}%'")  # noqa: S608 - our own word
    return [(row["what"],) for row in rows]


def _truncated(store: Store) -> bool:
    # Only what was destroyed before the checkpoint: another command may destroy more meanwhile.
    before = notes(store)
    with store.impatient():
        busy = store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        return False
    with store.transaction() as connection:
        connection.executemany("DELETE FROM pending WHERE what = ?", before)
    return True
