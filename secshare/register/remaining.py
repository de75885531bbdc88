"""What is still there past its time, and what somebody has to do about it: no command may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from secshare.model import Reference
from secshare.register.cutting import Retention, purge
from secshare.register.forgetting import notes
from secshare.register.rows import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from secshare.register.journal import Journal
    from secshare.store import Store

__all__ = ["Remaining", "What", "remaining"]

# What an incident is about has been taken in hand: it is told there, with its 72 hours.
_WAITING: Final = (
    "SELECT reference, sent IS NOT NULL AND file = 'bounced' AS back FROM share"
    " WHERE status = 'prepared' AND cleared IS NULL AND (sent IS NULL OR file = 'bounced')"
    " AND file_since < ? AND reference NOT IN (SELECT reference FROM incident) ORDER BY created"
)
_HELD: Final = (
    "SELECT reference FROM share WHERE status = 'prepared' AND secret = 'held'"
    " AND secret_since < ? ORDER BY created"
)


class What(StrEnum):
    """What remains, by what has to be done about it."""

    UNSENT = "unsent"
    """Folders of the outbox that nobody said were sent: they are never cleared by themselves."""
    BOUNCED = "bounced"
    """Folders that were sent and came back."""
    HELD = "held"
    """Words that are still held back."""
    TRACES = "traces"
    """Former pages of the database, in its log: another program reads it."""
    JOURNAL = "journal"
    SHARES = "shares"
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Remaining:
    """One thing that remains.

    Attributes:
        references: of the shares, the oldest first, where they can be named.
    """

    what: What
    count: int
    references: tuple[Reference, ...] = ()


def remaining(
    store: Store, journal: Journal, outbox: Path, retention: Retention, *, days: int
) -> Iterator[Remaining]:
    """Yield what remains past its time, most pressing first. Nothing is changed.

    Args:
        days: how long a folder of the outbox, or words that are held back, may wait for somebody.

    Raises:
        JournalBroken: it does not verify, so that what is due cannot be told; told last.
        RegisterUnwritable: another command holds the database.
    """
    before = told(journal.now() - timedelta(days=days))
    waiting = [
        (Reference(row["reference"]), bool(row["back"]))
        for row in store.connection.execute(_WAITING, (before,)).fetchall()
        if (outbox / row["reference"]).exists()
    ]
    yield from _some(What.UNSENT, [reference for reference, back in waiting if not back])
    yield from _some(What.BOUNCED, [reference for reference, back in waiting if back])
    yield from _some(What.HELD, _references(store, _HELD, before))
    if notes(store):
        yield Remaining(What.TRACES, 1)
    due = purge(store, journal, outbox, retention, dry_run=True)
    for what, count in (
        (What.JOURNAL, due.entries),
        (What.SHARES, due.shares),
        (What.INCIDENTS, due.incidents),
    ):
        if count:
            yield Remaining(what, count)


def _references(store: Store, query: str, before: str) -> list[Reference]:
    rows = store.connection.execute(query, (before,)).fetchall()
    return [Reference(row["reference"]) for row in rows]


def _some(what: What, references: Sequence[Reference]) -> Iterator[Remaining]:
    if references:
        yield Remaining(what, len(references), tuple(references))
