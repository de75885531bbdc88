"""A practice's records, opened to be read: a broken journal has to be looked at, too."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.recipients import Directory, one_line
from secshare.register import Journal
from secshare.register.reading import Shares
from secshare.register.restarting import restart
from secshare.sharing.acting import acting
from secshare.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from secshare.model import Reference
    from secshare.practice import Practice
    from secshare.register.entries import Entry

__all__ = ["Records", "begin_anew", "entries_of", "records"]


@dataclass(frozen=True, slots=True)
class Records:
    """The open parts of a practice that say what was done."""

    practice: Practice
    store: Store
    journal: Journal
    directory: Directory


@contextmanager
def records(practice: Practice, *, by: str | None = None) -> Iterator[Records]:
    """Open a practice's records. Nothing is settled nor swept, as `Desk` does.

    A journal that is broken refuses what would be written in it: a desk that has something to
    sweep could not be opened, and nobody could see why.

    Raises:
        RecipientDataInvalid: see `acting`.
        PracticeInvalid, RegisterUnwritable: it cannot be opened.
    """
    actor, signer = acting(by), practice.signer
    with Store.open(practice.database) as store:
        journal = Journal(store, signer, actor)
        journal.begin()
        directory = Directory(store, practice.keys, region=practice.settings.region)
        yield Records(practice, store, journal, directory)


def entries_of(opened: Records, reference: Reference) -> list[Entry]:
    """Return the entries of one share, the newest first; none where they were all cut.

    Raises:
        ShareUnknown: there is neither an entry nor a share of this reference.
        JournalBroken: the bytes of one are no entry.
    """
    found = list(opened.journal.entries(reference))
    if not found:
        Shares(opened.store, opened.practice.outbox, opened.journal).share(reference)
    return found


def begin_anew(opened: Records, reason: str) -> Path:
    """Keep a broken journal as it was found, and begin another; return where it is kept.

    Raises:
        RecipientDataInvalid: the reason is no line of text, or holds a social-security number.
        ShareState, JournalBroken, OutputRefused, RegisterUnwritable: see `register.restarting`.
    """
    reason = one_line("--reason", reason, profiles.JOURNAL_REASON)
    return restart(opened.store, opened.journal, opened.practice.private, reason)
