"""Running a manifest: looked at ahead, guarded, sealed by many processes, recorded by one writer.

Of each share the order is that of one `seal` (`sharing.steps`): the intent is committed before
anything of it is written, and its end once everything is on the disk. Here that is done for several
shares at a time, each commit for all that wait for one.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from secshare.batch.asked import Asked
from secshare.batch.coordinating import Coordinator
from secshare.batch.corrected import check_goes_on, check_new
from secshare.batch.identity import manifest_name
from secshare.batch.pool import Pool
from secshare.batch.resting import alone, starting
from secshare.batch.results import Outcome
from secshare.batch.telling import Teller
from secshare.errors import ShareState
from secshare.register import Elsewhere, Runs
from secshare.sharing.filling import add_mail
from secshare.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from datetime import date
    from pathlib import Path

    from secshare.batch.manifest import Manifest
    from secshare.batch.results import Result
    from secshare.model import Reference
    from secshare.sharing import Desk

__all__ = ["Options", "run"]


@dataclass(frozen=True, slots=True)
class Options:
    """How a manifest is run.

    Attributes:
        run: its name: what was sealed under it is not sealed again.
        named: whether somebody named it. Else it may be another run's manifest, corrected: where
            any of it was sealed in another run, somebody has to say which it is. One that was named
            has to have one of these people if it has anybody.
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
    on_look: Callable[[int], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    executor: Executor | None = None,
) -> Outcome:
    """Seal what a manifest asks for, and return what became of it.

    Nothing is sealed before the guard knows that the manifest fits its documents. One share that
    fails stops no other.

    Args:
        manifest: as it was read into the spool, whose people were surveyed.
        on_result: is told of each share as soon as it is known what became of it, in no order.
        on_look: is told, now and then, of how many shares something is known: for a while nothing
            else is, since the guard looks ahead.
        stop: whether somebody wants it to end: what is in flight is finished, and no more begun.
        executor: another engine in the place of processes of this machine.

    Raises:
        AnswerNeeded: some of it was sealed in another run, and nobody named this one; or the run
            that was named is of another mailing. Nothing was sealed.
        ShareState: the same run is at work elsewhere; or, of one that nobody named, any other.
        PreflightStopped: documents fit other rows' people: what was sealed before stands.
        InputUnreadable: the processes come to nothing (`running.engine`).
        OutputRefused: the outbox cannot be written: no other share could be, either.
        RegisterUnwritable, JournalBroken: nothing more can be recorded; what is in flight is
            settled by the next command.
    """
    runs = Runs(desk.store)
    with ExitStack() as held:
        if not options.dry_run and not held.enter_context(alone(desk.practice, options.run)):
            raise ShareState("running.busy", run=options.run)
        if not _begin(desk, spool, manifest, options, stop=stop, on_look=on_look):
            return Outcome(stopped=True)
        spool.shrink()
        asked = Asked(held.enter_context(Spool.create(desk.practice.private)))
        teller = Teller(
            on_result,
            asked,
            desk.practice.outbox,
            None if options.dry_run else options.out,
            partial(_add_mail, desk, options),
        )
        pool = Pool(options.jobs, executor)
        running = Coordinator(desk, spool, manifest, options, pool=pool, teller=teller)
        try:
            running.until_its_end(stop, on_look)
        except BaseException:
            with desk.store.impatient():  # what a lock keeps it from, the next command settles
                running.drop()
            pool.close(wait=False)
            raise
        pool.close()
        outcome = teller.outcome
        if running.ended and not options.dry_run:
            outcome.unasked = runs.end(options.run, asked.others(runs.standing(options.run)))
            outcome.lone = runs.count_lone(options.run)
            _compare(outcome, Elsewhere(desk.store, options.run))
        if running.fault is not None:
            raise running.fault
        return outcome


def _begin(
    desk: Desk,
    spool: Spool,
    manifest: Manifest,
    options: Options,
    *,
    stop: Callable[[], bool],
    on_look: Callable[[int], None],
) -> bool:
    """Record that a run begins, once it is known that it may; False where it is to end instead."""
    name = manifest_name(desk.practice.signer.mac_key, manifest.digest)
    with ExitStack() as held:
        if options.named:
            check_goes_on(desk, spool, options.run)
        else:
            # Of two that are compared at one moment, neither would see the other.
            if not options.dry_run and not held.enter_context(starting(desk.practice)):
                raise ShareState("running.starting", own=options.run)
            check_new(desk, spool, options.run, name, stop=stop, on_look=on_look)
            if stop():
                return False
        if not options.dry_run:
            Runs(desk.store).begin(options.run, name, datetime.now(UTC))
    return True


def _compare(outcome: Outcome, elsewhere: Elsewhere) -> None:
    differing = []
    for each in elsewhere.doubled():
        outcome.twice += 1
        if each.twin.differs:
            differing.append(each)
    outcome.doubled = differing


def _add_mail(desk: Desk, options: Options, reference: Reference) -> None:
    """Write the draft of a mail for a share that this run sealed before anybody wanted one."""
    if options.drafts and not options.dry_run:
        language = Runs(desk.store).language(reference) or desk.practice.settings.language
        add_mail(desk, reference, language)
