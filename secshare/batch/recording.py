"""The one writer of a batch: intents before anything is written, ends once it is on the disk."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from secshare import files
from secshare.batch import rows
from secshare.batch.addressing import known
from secshare.batch.tasks import ToSeal
from secshare.errors import (
    JournalBroken,
    RecipientRefused,
    RegisterUnwritable,
    SecshareError,
    ShareState,
)
from secshare.model import SealedToKeys, SealedToWords
from secshare.recipients import cards_of
from secshare.register import Runs
from secshare.sharing.steps import begin, complete, intend, undo

if TYPE_CHECKING:
    from collections import defaultdict
    from collections.abc import Iterator, Sequence

    from secshare.batch.tasks import Looked, Sealed
    from secshare.files import FolderInWork
    from secshare.model import Reference
    from secshare.sharing import Addressed, Desk
    from secshare.sharing.steps import Intent
    from secshare.store.spool import Spool

__all__ = ["InFlight", "Writer"]


@dataclass(slots=True)
class InFlight:
    """A share whose intent is about to be committed, or is, and whose end is not.

    Attributes:
        began: when it was first looked at, by a clock that only goes on.
        refused: why its intent was not committed.
        sealed: what came of it, once it is there.
    """

    looked: Looked
    addressed: Addressed
    began: float
    folder: FolderInWork
    intent: Intent
    refused: SecshareError | None = None
    sealed: Sealed | None = None

    @property
    def reference(self) -> Reference:
        """The share's reference."""
        return self.intent.share.reference


class Writer:
    """Records the shares of a run, as many as wait for it in one commit.

    Args:
        stages: gets seconds by the clock, by stage.
    """

    def __init__(self, desk: Desk, spool: Spool, run: str, stages: defaultdict[str, float]) -> None:
        self._desk, self._spool, self._run, self._stages = desk, spool, run, stages
        self._runs = Runs(desk.store)

    def sealed_before(self, looked: Looked) -> Reference | None:
        """Return the share that this run made of a row since it was looked at, if it did."""
        return self._runs.sealed(self._run, looked.identity)

    def intend(self, looked: Looked, began: float) -> InFlight:
        """Draw a share's words and make its hidden folder; nothing is recorded yet.

        Raises:
            OutputRefused: the outbox cannot be written.
        """
        assert looked.addressed is not None  # noqa: S101 - it may be sealed
        assert looked.checked is not None  # noqa: S101
        practice, wanted = self._desk.practice, looked.format
        with self._timed("words"):
            reference = self._desk.register.new_reference()
            folder = files.FolderInWork(practice.outbox / str(reference))
            intent = intend(
                practice,
                reference,
                looked.addressed,
                len(looked.files),
                seal_format=wanted,
                kind=looked.checked.report.kind,
                created=datetime.now(UTC),
            )
        with self._timed("sync"):
            folder.make()
        return InFlight(looked, looked.addressed, began, folder, intent)

    def commit(self, ended: Sequence[InFlight], beginning: Sequence[InFlight]) -> None:
        """Record ends and intents, all in one commit; a share that is refused is refused alone.

        Args:
            ended: sealed, each in its folder, which is synced.
            beginning: gets `refused` where the directory changed.

        Raises:
            OutputRefused: the outbox cannot be written. What has its name by then is completed by
                the next command, and the rest removed.
            RegisterUnwritable, JournalBroken: likewise.
        """
        if not (ended or beginning):
            return
        # Renamed while nobody else can write: another command would take a share whose folder
        # stands for one that a killed process left, and complete it with less than is known here.
        with self._timed("commit"), self._desk.store.transaction():
            self._name(ended)
            for share in ended:
                assert share.sealed is not None  # noqa: S101 - it ended
                assert share.sealed.filled is not None  # noqa: S101 - and well
                filled, checked = share.sealed.filled, share.looked.checked
                complete(self._desk, share.reference, filled, share.addressed, checked, hold=True)
            for share in beginning:
                self._begin(share)
        for share in ended:
            share.folder.close()

    def _name(self, ended: Sequence[InFlight]) -> None:
        with self._timed("sync"):
            for share in ended:
                share.folder.rename()
            if ended:
                files.sync(self._desk.practice.outbox)

    def _begin(self, share: InFlight) -> None:
        looked = share.looked
        row = partial(
            Runs.add,
            name=self._run,
            reference=share.reference,
            identity=looked.identity,
            slot=looked.slot,
            contents=looked.contents,
            number=looked.number,
            language=share.addressed.language,
        )
        draft, answered = share.folder.hidden.name, looked.answered
        try:
            self._check_unlisted(share)
            begin(self._desk, share.intent, share.addressed, draft, answered=answered, also=row)
        except (RegisterUnwritable, JournalBroken):
            raise
        except sqlite3.IntegrityError:  # the same run, started twice, is at the same row
            share.refused = ShareState("running.twice")
        except SecshareError as error:
            share.refused = error

    def _check_unlisted(self, share: InFlight) -> None:
        """Check that nobody entered somebody whom the directory had not, since they were looked up.

        Of somebody whom it has, `begin` checks that they are as they were.

        Raises:
            RecipientRefused: somebody did, or somebody whom it may be: perhaps as opposed.
        """
        if share.addressed.listed:
            return
        wanted = rows.wanted(self._spool, share.looked.number)
        try:
            found = known(self._desk, wanted)
        except SecshareError as error:
            raise RecipientRefused("sharing.changed_meanwhile", id=wanted.name) from error
        if found is not None:
            raise RecipientRefused("sharing.changed_meanwhile", id=found.id)

    def to_seal(self, share: InFlight, *, drafts: bool) -> ToSeal:
        """Return what goes to the process that seals a share whose intent is committed."""
        practice, secret = self._desk.practice, share.intent.secret
        return ToSeal(
            share=share.intent.share,
            words=secret.passphrase.reveal() if isinstance(secret, SealedToWords) else None,
            words_language=practice.settings.words_language,
            keys=secret.keys if isinstance(secret, SealedToKeys) else (),
            files=share.looked.files,
            digests=share.looked.digests,
            folder=share.folder.hidden,
            language=share.addressed.language,
            mail=drafts,
            card=drafts and bool(cards_of(self._desk.directory, share.addressed.recipient)),
        )

    def take_back(self, share: InFlight) -> None:
        """Remove what was begun. What cannot be removed now, the next command settles."""
        share.folder.close()
        undo(self._desk, share.reference)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._stages[stage] += time.perf_counter() - began
