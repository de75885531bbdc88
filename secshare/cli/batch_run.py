"""A batch while it runs: each result told and reported, the end when somebody wants it, the sum."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn

import typer

from secshare import profiles
from secshare.batch import report as reported
from secshare.batch.results import Outcome
from secshare.batch.running import run
from secshare.cli.base import tr
from secshare.cli.batch_bar import Shown, shown
from secshare.cli.batch_next import Next
from secshare.cli.batch_stop import Stop, StoppedNow
from secshare.cli.batch_told import Failures, counted, summary_lines
from secshare.cli.pasting import pasted
from secshare.errors import (
    AnswerNeeded,
    ExitCode,
    OutputRefused,
    RegisterUnwritable,
    ResultLost,
    SecshareError,
)
from secshare.register import Runs
from secshare.terminal import is_screen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from secshare.batch.manifest import Manifest
    from secshare.batch.report import Report
    from secshare.batch.results import Result
    from secshare.batch.running import Options
    from secshare.cli.session import Session
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["Batch"]

_OF_MANY: Final = {
    "store.disk_full": "batch.disk_full",
    "store.locked": "batch.locked",
    "store.read_only": "batch.unrecorded",
    "store.failed": "batch.unrecorded",
}
"""What says of one command that nothing was recorded, and what says it where much was."""

_NAMES_A_RUN: Final = frozenset(
    (
        "running.elsewhere",
        "running.elsewhere_part",
        "running.elsewhere_mixed",
        "running.other_mailing",
    )
)
"""What has another run's name in a command."""

_GOES_ON: Final = frozenset(
    (
        ExitCode.INPUT_UNREADABLE,
        ExitCode.OUTPUT_REFUSED,
        ExitCode.REGISTER_UNWRITABLE,
        ExitCode.JOURNAL_BROKEN,
    )
)
"""What stops a batch and is no fault of its manifest: the same command goes on after it."""


class Batch:
    """One run of a manifest, as the command tells it.

    Args:
        report: that is written, where one is; at `path`.
        as_json: whether its lines are the result.
        practice: as it was named on the command line, for the commands that are suggested.
    """

    def __init__(
        self,
        session: Session,
        desk: Desk,
        options: Options,
        manifest: Manifest,
        report: Report | None,
        path: Path | None,
        *,
        as_json: bool,
        practice: Path | None = None,
    ) -> None:
        self._session = session
        self._desk = desk
        self._options = options
        self._manifest = manifest
        self._report = report
        self._path = path
        self._as_json = as_json
        self._next = Next(session, desk.store, options, manifest.shares, practice)
        self._failures = Failures(session.write, whole=is_screen(sys.stderr))
        self._tally = Outcome()
        self._began = time.monotonic()
        self._mute = False  # nobody reads the result any more
        self._lost: OutputRefused | None = None  # why the report or the result went no further

    def begin(self, header: Mapping[str, Any]) -> None:
        """Write the header as the result; the report has it.

        Raises:
            ResultLost: stdout cannot be written.
        """
        if self._as_json:
            with self._counting_lost():
                self._session.result_line_json(header)

    def run(self, spool: Spool) -> None:
        """Run it, and tell how it ended.

        Raises:
            BatchIncomplete: some shares failed; the report has the code of each.
            typer.Exit: it was stopped; 130 after Ctrl-C.
            OutputRefused: the report, or the result, can be written no longer: it was stopped.
            And what `running.run` raises, in words of `_worded`; what was sealed before stands.
        """
        desk = self._desk
        try:
            with (
                shown(
                    self._session,
                    _label(self._options),
                    self._manifest.shares,
                    alone=not self._as_json,
                ) as where,
                Stop(lambda: where.say(tr("batch.finishing"))) as stop,
                desk.store.patient(profiles.BATCH_STORE_WAIT, stop.hear),
            ):
                self._failures = Failures(
                    where.say, whole=is_screen(sys.stderr), called=lambda who: _called(desk, who)
                )
                self._tally = run(
                    desk,
                    spool,
                    self._manifest,
                    self._options,
                    on_result=lambda result: self._take(result, where, stop),
                    on_look=lambda count: _looked(where, stop, count),
                    stop=stop.asked,
                )
        except StoppedNow:
            self._stopped(stop, "batch.stopped_now")
        except SecshareError as error:
            self._tally.seconds = time.monotonic() - self._began
            with suppress(OutputRefused):  # what stopped it is worth more than what cannot be said
                self._end(error.code, reported.cause(error))
            self._next.say_stopped(self._failures)
            raise self._worded(error) from error
        if self._tally.stopped and self._lost is None:
            self._stopped(stop, "batch.stopped")
        code = ExitCode.BATCH_INCOMPLETE if self._tally.codes else 0
        with self._counting_lost():
            self._end(code if self._lost is None else self._lost.code)
            if self._lost is not None:
                if not isinstance(self._lost, ResultLost):
                    self._session.say("batch.stood", **self._counts)
                raise self._lost
        self._next.say(self._tally, self._failures)

    @property
    def _counts(self) -> dict[str, object]:
        return {
            "run": self._options.run,
            "standing": counted(self._standing()),
            "shares": counted(self._manifest.shares),
        }

    def _standing(self) -> int:
        """Return how many shares of the run stand: an earlier start of it may have sealed some."""
        with suppress(RegisterUnwritable):  # it may be what stopped it
            return Runs(self._desk.store).count_standing(self._options.run)
        return self._tally.standing

    @contextmanager
    def _counting_lost(self) -> Iterator[None]:
        """Have a result that is lost say how much is sealed: nowhere else does it stand.

        Raises:
            ResultLost: stdout cannot be written.
        """
        try:
            yield
        except ResultLost as error:
            raise ResultLost("batch.result_lost", **self._counts) from error

    def _worded(self, error: SecshareError) -> SecshareError:
        """Return what stopped it, as it is of many shares: what stands, and how to go on."""
        if isinstance(error, RegisterUnwritable) and error.key in _OF_MANY:
            return RegisterUnwritable(_OF_MANY[error.key], **self._counts)
        if error.key in _NAMES_A_RUN:
            fields = error.fields | {"run": pasted(str(error.fields["run"]))}
            for name in fields.keys() & {"found", "held"}:
                fields[name] = counted(int(str(fields[name])))
            return AnswerNeeded(error.key, **fields)
        if error.code in _GOES_ON and self._standing():
            self._session.say("batch.stood", **self._counts)
        return error

    def _stopped(self, stop: Stop, said: str) -> NoReturn:
        self._tally.stopped = True
        self._tally.seconds = time.monotonic() - self._began
        with suppress(OutputRefused):  # the window may be closed: the status says what it was
            self._end(stop.status)
        if self._standing():
            self._session.say(said, run=pasted(self._options.run))
        else:  # a name would keep what other runs have from being looked for
            self._session.say("batch.stopped_empty")
        self._session.said_stopped = True
        raise typer.Exit(stop.status)

    def _take(self, result: Result, where: Shown, stop: Stop) -> None:
        """Tell one result. It never raises: the share stands, and is not to be undone for it."""
        self._tally.add(result)
        if result.error is not None:  # of one that is sealed, that its copy is missing
            self._failures.tell(result)
        where.at(self._tally)
        document = reported.line(result)
        if self._report is not None:
            try:
                self._report.write(document)
            except OutputRefused as error:
                self._report, self._lost = None, error
        self._print(document)
        if self._lost is not None:
            stop.ask()

    def _print(self, document: dict[str, Any]) -> None:
        if self._as_json and not self._mute:
            try:
                self._session.result_line_json(document)
            except OutputRefused as error:
                self._mute, self._lost = True, error

    def _end(self, code: int, cause: Mapping[str, Any] | None = None) -> None:
        """Write the summary: into the report, and as the result.

        Args:
            cause: what it says besides, of a batch that an error stopped.

        Raises:
            OutputRefused: it cannot be written.
        """
        tally, name = self._tally, self._options.run
        shares, standing = self._manifest.shares, self._standing()
        summary = reported.summary(name, tally, shares, code, standing=standing)
        summary |= dict(cause or {})
        if self._report is not None:
            self._report.end(summary, whole=tally.done == shares)
        if self._as_json:
            self._print(summary)
            return
        folder = self._options.out or self._desk.practice.outbox
        dry_run = self._options.dry_run
        for line in summary_lines(
            name,
            tally,
            shares,
            standing=standing,
            folder=folder,
            report=self._path,
            dry_run=dry_run,
        ):
            self._session.result(line)


def _label(options: Options) -> str:
    """Return what is done, for the bar."""
    return tr("batch.checking" if options.dry_run else "batch.sealing")


def _looked(where: Shown, stop: Stop, count: int) -> None:
    """Show how far it is, at each turn: where it is left at once, too.

    Raises:
        StoppedNow: somebody asked twice; `run` ends its processes.
    """
    where.looked(count)
    stop.check()


def _called(desk: Desk, who: str) -> str:
    """Return the name of somebody of the directory before their id."""
    try:
        return f"{desk.directory.find(who).name} ({who})"
    except SecshareError:  # taken out this moment
        return who
