"""A practice at work: opened whole, settled, and swept before anything else is done."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from secshare import files, profiles
from secshare.errors import JournalBroken, OutputRefused, ShareUnknown
from secshare.model import Reference
from secshare.practice import create
from secshare.recipients import Directory
from secshare.register import Inbox, Journal, Operation, Register
from secshare.sharing.acting import acting
from secshare.store import Store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from secshare.model import Passphrase
    from secshare.practice import Practice, Settings

CARD: Final = "card-"
"""What the name of a card's file in `secrets/` begins with; the card's own drawn name follows."""

KINDS: Final = frozenset({"png", "sms.txt", "txt"})
"""What follows a share's reference and a point in the name of a file of `secrets/`."""

_SHEET: Final = re.compile(r"words-[^.]+\.(csv|xlsx|pdf)")

_CLOCKS_DIFFER: Final = 3600  # seconds


def create_practice(
    folder: Path, settings: Settings, *, protection: Passphrase | None, in_keyring: bool = False
) -> Practice:
    """Make a practice folder with its empty register, whole or not at all.

    Raises:
        PracticeInvalid, OutputRefused, RegisterUnwritable: as `secshare.practice.create`.
    """
    return create(
        folder,
        settings,
        protection=protection,
        in_keyring=in_keyring,
        populate=_begin,
    )


def _begin(practice: Practice) -> None:
    """Make the register, and begin its journal: a practice is never without one."""
    with Store.open(practice.database, create=True) as store:
        Journal(store, practice.signer, acting()).begin()


class Desk:
    """A practice at work: its database open, its directory and register on top of it.

    Entering it settles and removes what a killed command left, and sweeps what reached its age
    (`secrets/`, the outbox, sealed words), so that every command starts from a whole register. Use
    it as a context manager.

    Args:
        by: the person acting, where the account of the system is not enough.
        settle: leave it out where nothing may come between somebody and what they ask for: a full
            disk, or one damaged row, must not stop a recall.
        now: the clock, in seconds since 1970.

    Attributes:
        practice, store, directory, register, inbox, journal: the parts, for the verbs to use.
        actor: who the journal says was here.
    """

    def __init__(
        self,
        practice: Practice,
        *,
        by: str | None = None,
        settle: bool = True,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.practice = practice
        self.actor = acting(by)
        self._settles = settle
        self._now = now
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        signer = self.practice.signer  # before anything is written: without it nothing may be
        self.store = self._exit.enter_context(Store.open(self.practice.database))
        settings = self.practice.settings
        self.journal = Journal(self.store, signer, self.actor, now=self._moment)
        self.directory = Directory(
            self.store, self.practice.keys, region=settings.region, record=self._record
        )
        self.register = Register(self.store, self.practice.outbox, self.journal)
        self.inbox = Inbox(self.store, self.practice.inbox, self.register, self.journal)
        with self._exit.pop_all() as on_fault:
            self.journal.begin()
            if self._settles:
                self._settle()
            self._exit = on_fault.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def _settle(self) -> None:
        """Settle and sweep. A journal that is broken stops this, and not what only reads.

        Whatever writes says so by itself, and `secshare journal` helps.
        """
        moment, days = self._moment(), self.practice.settings.outbox_days
        for part in (
            self.register.settle,
            self.inbox.settle,
            lambda: files.sweep(self.practice.private),  # a killed batch's people
            self._sweep_secrets,
            lambda: self.register.forget(moment),
            lambda: self.register.clear(moment, days),
        ):
            with suppress(JournalBroken):
                part()

    def _record(
        self, connection: sqlite3.Connection, what: str, **facts: str | int | list[str]
    ) -> None:
        self.journal.append(connection, Operation.DIRECTORY, None, what=what, **facts)

    def _moment(self) -> datetime:
        return datetime.fromtimestamp(self._now(), UTC)

    def _sweep_secrets(self) -> None:
        """Remove what somebody asked to print or copy a day ago: it was there to be used.

        Only what bears a share's reference, a card's name or that of a sheet: a document that
        somebody put there by mistake is not ours to remove. Never through a link either. A file
        from the future (the clock was put back) is removed too: it would stay for ever.
        """
        if self.practice.secrets.is_symlink():
            return
        files.sweep(self.practice.secrets)
        now = self._now()
        due, ahead = now - profiles.SECRETS_HOURS * 3600, now + _CLOCKS_DIFFER
        with files.reading(self.practice.secrets):
            for entry in list(self.practice.secrets.iterdir()):
                # Another command sweeps at the same time, or a program holds the file open: no
                # reason to stop what somebody asked for, least of all a recall.
                with suppress(FileNotFoundError, OutputRefused):
                    if _is_ours(entry) and not due <= entry.lstat().st_mtime <= ahead:
                        files.remove(entry)


def is_sheet(name: str) -> bool:
    """Return whether a file of `secrets/` is named as one with the words of many shares is."""
    return _SHEET.fullmatch(name) is not None


def _is_ours(entry: Path) -> bool:
    if is_sheet(entry.name):
        return not entry.is_dir()
    name, _, kind = entry.name.partition(".")
    drawn = name.removeprefix(CARD)
    kinds = {"pdf"} if drawn != name else KINDS
    if kind not in kinds or entry.is_dir():
        return False
    try:
        return str(Reference.parse(drawn)) == drawn
    except ShareUnknown:
        return False
