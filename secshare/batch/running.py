"""Running a manifest: looked at ahead, guarded, sealed by many processes, recorded by one writer.

Of each share the order is that of one `seal` (`sharing.steps`): the intent is committed before
anything of it is written, and its end once everything is on the disk. Here that is done for several
shares at a time, each commit for all that wait for one.
"""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.batch import working
from secshare.batch.looking import Ahead
from secshare.batch.pool import Pool
from secshare.batch.recording import Writer
from secshare.batch.results import Outcome, Result, State
from secshare.batch.tasks import Setup
from secshare.errors import AnswerNeeded, InputUnreadable, OutputRefused, SecshareError
from secshare.register import Runs
from secshare.sharing.copying import copy_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor, Future
    from datetime import date
    from pathlib import Path

    from secshare.batch.manifest import Manifest
    from secshare.batch.recording import InFlight
    from secshare.batch.tasks import Looked, Sealed
    from secshare.model import Reference
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["Options", "run"]

_PATIENCE: Final = 0.5  # seconds between two looks at whether somebody wants it to end


@dataclass(frozen=True, slots=True)
class Options:
    """How a manifest is run.

    Attributes:
        run: its name: what was sealed under it is not sealed again.
        named: whether somebody named it. Else it may be another run's manifest, corrected: where
            most of it was sealed in another run, somebody has to say which it is.
        jobs: how many processes work.
        accept: rules that ask, answered with a yes beforehand.
        out: a folder that gets a copy of what may leave by mail.
        drafts: whether drafts of the mails are written.
        dry_run: only look, and record nothing.
        preflight: see `tasks.Setup`.
    """

    run: str
    jobs: int
    today: date
    named: bool = False
    accept: frozenset[str] = frozenset()
    out: Path | None = None
    drafts: bool = False
    dry_run: bool = False
    preflight: bool = True


def run(
    desk: Desk,
    spool: Spool,
    manifest: Manifest,
    options: Options,
    *,
    on_result: Callable[[Result], None],
    stop: Callable[[], bool] = lambda: False,
    executor: Executor | None = None,
) -> Outcome:
    """Seal what a manifest asks for, and return what became of it.

    Nothing is sealed before the guard knows that the manifest fits its documents. One share that
    fails stops no other.

    Args:
        manifest: as it was read into the spool, whose people were surveyed.
        on_result: is told of each share as soon as it is known what became of it, in no order.
        stop: whether somebody wants it to end: what is in flight is finished, and no more begun.
        executor: another engine in the place of processes of this machine.

    Raises:
        AnswerNeeded: most of it was sealed in another run, and nobody named this one.
        PreflightStopped: documents fit other rows' people: what was sealed before stands.
        OutputRefused: the outbox cannot be written: no other share could be, either.
        RegisterUnwritable, JournalBroken: nothing more can be recorded; what is in flight is
            settled by the next command.
    """
    runs = Runs(desk.store)
    fresh = not (options.named or runs.sealed_something(options.run))
    if not options.dry_run:
        runs.begin(options.run, manifest.digest, datetime.now(UTC))
    pool = Pool(options.jobs, executor)
    running = _Running(desk, spool, manifest, options, fresh=fresh, pool=pool, on_result=on_result)
    try:
        running.until_its_end(stop)
    except BaseException:
        running.drop()
        pool.close(wait=False)
        raise
    pool.close()
    if running.fault is not None:
        raise running.fault
    return running.outcome


class _Running:
    """A run: between two commits, what is looked at and what is being sealed.

    Attributes:
        fault: what ended the whole of it; what was in flight is finished all the same.
    """

    def __init__(
        self,
        desk: Desk,
        spool: Spool,
        manifest: Manifest,
        options: Options,
        *,
        fresh: bool,
        pool: Pool,
        on_result: Callable[[Result], None],
    ) -> None:
        self.outcome = Outcome()
        self.fault: SecshareError | None = None
        self._desk, self._options, self._pool = desk, options, pool
        self._on_result = on_result
        self._setup = Setup(
            practice=desk.practice.folder,
            spool=spool.path,
            run=options.run,
            accept=options.accept,
            today=options.today,
            fresh=fresh,
            preflight=options.preflight,
        )
        self._ahead = Ahead(pool, spool, self._setup, manifest.shares, options.jobs)
        self._writer = Writer(desk, options.run, self.outcome.stages)
        self._most = profiles.BATCH_WAITING * options.jobs
        self._unasked = fresh
        self._sealing: dict[Future[Sealed], InFlight] = {}
        self._ended: list[InFlight] = []

    def until_its_end(self, stop: Callable[[], bool]) -> None:
        """Do all of it, or as much as was begun when somebody wants it to end."""
        began = time.monotonic()
        while self._sealing or self._ended or not self._ahead.over:
            if not self.outcome.stopped and stop():
                self.outcome.stopped = True
                self._ahead.halt()
            try:
                self._ahead.feed()
                self._commit()
                self._take()
            except BrokenExecutor:
                self._begin_anew()
            self.outcome.seconds = time.monotonic() - began

    def drop(self) -> None:
        """Take back what is in flight, as far as it can be; the next command settles the rest."""
        for share in (*self._sealing.values(), *self._ended):
            self._writer.take_back(share)

    def _take(self) -> None:
        """Wait for what the pool ends next, and take all that it ended."""
        futures: list[Future[Any]] = [*self._sealing, *self._ahead.futures]
        done, _ = wait(futures, timeout=_PATIENCE, return_when=FIRST_COMPLETED)
        broken: BrokenExecutor | None = None
        for future in done:
            try:
                if future in self._sealing:
                    self._take_sealed(future)
                else:
                    self._ahead.take(future)
            except BrokenExecutor as error:
                broken = error
            except SecshareError as error:
                self._give_up(error)
        if broken is not None:
            raise broken

    def _take_sealed(self, future: Future[Sealed]) -> None:
        share = self._sealing.pop(future)
        try:
            share.sealed = future.result()
        except BrokenExecutor:
            self._refuse(share, InputUnreadable("running.died"))
            raise
        self._add_stages(share.sealed.stages)
        error = share.sealed.error
        if error is None:
            self._ended.append(share)
            return
        self._refuse(share, error)
        if isinstance(error, OutputRefused):  # it concerns the outbox: no other would do better
            self._give_up(error)

    def _give_up(self, error: SecshareError) -> None:
        if self.fault is None:
            self.fault = error
        self._ahead.halt()

    def _begin_anew(self) -> None:
        """Leave processes of which one died; what they were at is done again, or given up."""
        self._pool.renew()
        self._ahead.put_back()
        for share in self._sealing.values():
            self._refuse(share, InputUnreadable("running.died"))
        self._sealing.clear()

    def _commit(self) -> None:
        """Record what ended and what begins, and have that sealed."""
        beginning = [] if self.fault is not None else self._beginning()
        ended, self._ended = self._ended, []
        try:
            self._writer.commit(ended, beginning)
        except BaseException:
            for share in beginning:
                share.folder.close()
            raise
        for share in ended:
            self._tell(share, State.PREPARED)
        for share in beginning:
            if share.refused is not None:
                self._refuse(share, share.refused)
                continue
            task = self._writer.to_seal(share, drafts=self._options.drafts)
            try:
                self._sealing[self._pool.submit(working.seal, self._setup, task)] = share
            except BrokenExecutor:
                self._refuse(share, InputUnreadable("running.died"))

    def _beginning(self) -> list[InFlight]:
        """Return what may be sealed by now; tell of what cannot be, or was already."""
        beginning: list[InFlight] = []
        busy = {share.looked.identity for share in (*self._sealing.values(), *self._ended)}
        try:
            self._check_run()
            for looked, began in self._ahead.ready(self._most - len(self._sealing), busy):
                self._add_stages(looked.stages)
                already = looked.already
                if looked.addressed is not None:  # by another row, since it was looked at
                    already = self._writer.sealed_before(looked)
                if looked.addressed is None or already or self._options.dry_run:
                    self._tell_looked(looked, began, already)
                    continue
                busy.add(looked.identity)
                beginning.append(self._writer.intend(looked, began))
        except SecshareError as error:  # a column slipped, or the outbox cannot be written
            self._give_up(error)
        return beginning

    def _check_run(self) -> None:
        """Ask which run this is, before its first share: a manifest is corrected, and run again.

        Raises:
            AnswerNeeded: most of it was sealed in another run.
        """
        if self._unasked and self._ahead.may_begin:
            self._unasked = False
            if (run := self._ahead.elsewhere) is not None:
                raise AnswerNeeded("running.elsewhere", run=run, own=self._options.run)

    def _tell_looked(self, looked: Looked, began: float, already: Reference | None) -> None:
        state = State.FAILED if looked.error is not None else State.CHECKED
        error = looked.error
        if already is not None:
            state, error = State.ALREADY, self._copied(already)
        self._result(
            Result(
                number=looked.number,
                last=looked.last,
                state=state,
                reference=already,
                error=error,
                findings=looked.findings,
                answered=looked.answered,
                changed=looked.earlier,
                seconds=time.monotonic() - began,
            )
        )

    def _tell(self, share: InFlight, state: State, error: SecshareError | None = None) -> None:
        looked = share.looked
        prepared = state is State.PREPARED
        self._result(
            Result(
                number=looked.number,
                last=looked.last,
                state=state,
                reference=share.reference if prepared else None,
                error=self._copied(share.reference) if prepared else error,
                findings=looked.findings,
                answered=looked.answered,
                changed=looked.earlier,
                seconds=time.monotonic() - share.began,
            )
        )

    def _refuse(self, share: InFlight, error: SecshareError) -> None:
        self._writer.take_back(share)
        self._tell(share, State.FAILED, error)

    def _copied(self, reference: Reference) -> SecshareError | None:
        """Copy a share that stands to where somebody wants a copy; return why it is not there."""
        out, folder = self._options.out, self._desk.practice.outbox / str(reference)
        if out is None or (out / str(reference)).exists() or not folder.is_dir():
            return None
        try:
            copy_out(reference, sorted(folder.iterdir()), out)
        except SecshareError as error:
            return error
        return None

    def _result(self, result: Result) -> None:
        self.outcome.add(result)
        self._on_result(result)

    def _add_stages(self, stages: dict[str, float]) -> None:
        for stage, seconds in stages.items():
            self.outcome.stages[stage] += seconds  # type: ignore[assignment]  # seconds
