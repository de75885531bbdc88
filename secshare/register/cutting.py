"""Cutting the register: what reached its age leaves it, and the journal verifies from the cut.

The entry `cut` says through which number entries were removed, on which hash the next one hangs,
and which earlier ones stayed: those of shares with an incident. A later cut takes the place of an
earlier one. Entries go by their own age; a share goes by its age once no entry speaks of it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.errors import JournalBroken, ShareState
from secshare.model import Reference
from secshare.register.adopting import adopted
from secshare.register.chain import first_hash, next_hash
from secshare.register.forgetting import SCRUB, scrub
from secshare.register.found import facts_of, moment
from secshare.register.reading import folder_of
from secshare.register.rows import told
from secshare.register.states import Operation
from secshare.register.verifying import last_cut, verify

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from secshare.register.journal import Journal
    from secshare.store import Store

__all__ = ["Purged", "Retention", "months_before", "purge"]

_REMOVE: Final = """DELETE FROM entry WHERE number <= ?
    AND (reference IS NULL OR reference NOT IN (SELECT reference FROM incident))"""
# A share that is due, and of which no entry speaks but those that go now.
_DUE: Final = """SELECT reference FROM share
    WHERE status = 'prepared' AND created < :shares
    AND reference NOT IN (SELECT reference FROM incident)
    AND NOT EXISTS (SELECT 1 FROM entry
        WHERE entry.reference = share.reference AND number > :through)"""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each thing is kept, in months."""

    journal: int
    shares: int
    incidents: int


@dataclass(frozen=True, slots=True)
class Purged:
    """What left the register, or would.

    Attributes:
        before: entries older than this were cut.
        entries, shares, incidents: how many.
        spared: earlier entries that stay, of shares with an incident.
        number: of the entry that says so; None where nothing was due.
    """

    before: datetime
    entries: int
    shares: int
    incidents: int
    spared: int
    number: int | None


class _Undo(Exception):
    pass


def months_before(now: datetime, months: int) -> datetime:
    """Return the same day so many months ago, or the last of that month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def purge(
    store: Store,
    journal: Journal,
    outbox: Path,
    retention: Retention,
    *,
    before: datetime | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> Purged:
    """Remove what reached its age, write the signed cut, and leave nothing of it in the files.

    All in one transaction, after the journal was verified: what does not verify is not cut. The
    outbox folders of shares that go are removed first.

    Args:
        before: only what is older than this.
        dry_run: only say what would go.
        progress: called with how many entries were verified, of how many.

    Raises:
        ShareState: `before` is younger than what has to be kept.
        JournalBroken: the journal does not verify; nothing was removed.
        RegisterUnwritable: nothing was removed; or it was, and another program reads the database
            and keeps a copy of its former pages: the next command clears it.
        OutputRefused: a folder cannot be removed; nothing else was.
    """
    now = journal.now()
    limit = months_before(now, retention.journal)
    if before is not None and before > limit:
        raise ShareState(
            "purge.too_young", date=limit.astimezone().date(), months=retention.journal
        )
    limits = {
        "journal": min(limit, before or limit),
        "shares": min(months_before(now, retention.shares), before or now),
        "incidents": min(months_before(now, retention.incidents), before or now),
    }
    verify(store, journal.public, progress=progress).check()
    purged: Purged | None = None
    try:
        with store.transaction() as connection:
            purged = _cut(connection, journal, limits, retention, None if dry_run else outbox)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    assert purged is not None  # noqa: S101 - the transaction ended, or raised something else
    if purged.number is not None and not dry_run:
        scrub(store)
    return purged


def _cut(
    connection: sqlite3.Connection,
    journal: Journal,
    limits: dict[str, datetime],
    retention: Retention,
    outbox: Path | None,
) -> Purged:
    head = journal.head()
    through, through_hash = _through(connection, journal, limits["journal"])
    incidents = connection.execute(
        "DELETE FROM incident WHERE recorded < ? AND NOT EXISTS (SELECT 1 FROM entry"
        " WHERE entry.reference = incident.reference AND number > ?)",
        (told(limits["incidents"]), through),
    ).rowcount
    due = [
        row[0]
        for row in connection.execute(
            _DUE, {"shares": told(limits["shares"]), "through": through}
        ).fetchall()
    ]
    if outbox is not None:
        for reference in due:
            files.remove(folder_of(outbox, Reference(reference)))
    connection.executemany(
        "DELETE FROM share WHERE reference = ?", [(reference,) for reference in due]
    )
    connection.execute(  # a younger one may be about to have its first share
        "DELETE FROM run WHERE begun <= ? AND name NOT IN (SELECT run FROM run_row)",
        (told(limits["shares"]),),
    )
    entries = connection.execute(_REMOVE, (through,)).rowcount
    kept = [
        [number, next_hash(hashed, body).hex()]
        for number, body, hashed in connection.execute(
            "SELECT number, body, hash FROM entry WHERE number <= ? ORDER BY number", (through,)
        )
    ]
    number = None
    if entries or due or incidents:
        connection.execute("INSERT OR IGNORE INTO pending VALUES (?)", (SCRUB,))
        facts = {"through": through, "through_hash": through_hash.hex(), "kept": kept}
        facts |= {"count": entries, "purged_shares": len(due), "purged_incidents": incidents}
        facts |= {"limits": asdict(retention)} | adopted(connection)
        number = journal.hang(connection, head, Operation.CUT, facts).number
    return Purged(limits["journal"], entries, len(due), incidents, len(kept), number)


def _through(
    connection: sqlite3.Connection, journal: Journal, limit: datetime
) -> tuple[int, bytes]:
    """Return the last number before the first entry that is young enough to stay, and its hash.

    A clock that was wrong for a day makes entries stay longer, never go earlier.
    """
    cut = last_cut(connection)
    through, hashed = (cut.through, cut.through_hash) if cut else (0, first_hash(journal.public))
    for number, body, stored in connection.execute(
        "SELECT number, body, hash FROM entry WHERE number > ? ORDER BY number", (through,)
    ):
        when = moment(facts_of(body).get("time"))
        if when is None:
            raise JournalBroken("journal.fault_altered", number=number)
        if when >= limit:
            break
        through, hashed = number, stored
    return through, hashed
