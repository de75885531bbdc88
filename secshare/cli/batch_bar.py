"""How far a batch is: a bar on a terminal, a line a minute in a log."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol

from secshare import profiles
from secshare.batch.results import Outcome
from secshare.cli.base import LANGUAGE, tr
from secshare.cli.numbers import counted
from secshare.messages import Language, printable
from secshare.terminal import is_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, TaskID

    from secshare.cli.session import Session

__all__ = ["Minutes", "Pace", "Shown", "shown"]

_WIDE: Final = 70
"""Columns from which on there is room for a bar beside the figures."""

_BAR: Final = 10
"""Columns of the bar then; of a wider terminal it takes more, up to 40."""

_FEW: Final = 3
"""Shares before which there is no rate: the first that fail do so at once, and say nothing."""

_EVERY: Final = 60  # seconds between two lines of a log


class Pace:
    """How many shares a second, of late, and how long the rest takes at that rate.

    Args:
        total: how many there are.
        clock: seconds, from anywhere.
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque([(clock(), 0)])
        self._last = self._seen[0]

    def at(self, done: int) -> None:
        """Say how many are done by now."""
        self._last = (now, _) = self._clock(), done
        if now - self._seen[-1][0] >= 1:
            self._seen.append(self._last)
        # One that is old enough stays, or a slow share would leave nothing to compare with.
        while len(self._seen) > 1 and now - self._seen[1][0] >= profiles.BATCH_PACE:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """Return shares a second over the last `profiles.BATCH_PACE` seconds; None at first."""
        (then, before), (now, done) = self._seen[0], self._last
        if now <= then or done <= before or done < _FEW:
            return None
        return (done - before) / (now - then)

    @property
    def left(self) -> float | None:
        """Return how many seconds the rest takes, None where nobody can know."""
        return None if self.rate is None else (self.total - self._last[1]) / self.rate


class Shown(Protocol):
    """Where a batch says how far it is."""

    def at(self, tally: Outcome) -> None:
        """Show how many shares ended by now, and how many failed."""

    def looked(self, count: int) -> None:
        """Show how many were looked at, before the first of them ended."""

    def say(self, line: str) -> None:
        """Write a line that stays."""


class Minutes:
    """A line a minute, in plain text, where nobody looks on."""

    def __init__(
        self, session: Session, total: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._session = session
        self._pace = Pace(total, clock)
        self._clock = clock
        self._said = clock()

    def at(self, tally: Outcome) -> None:
        """Write a line if the last is a minute old."""
        self._pace.at(tally.done)
        if (now := self._clock()) - self._said >= _EVERY:
            self._said = now
            percent = 100 * tally.done // max(self._pace.total, 1)
            self.say(tr("batch.progress", percent=percent, **_figures(self._pace, tally)))

    def looked(self, count: int) -> None:
        """Say nothing: it takes seconds."""

    def say(self, line: str) -> None:
        """Write a line."""
        self._session.write(line)


class _Bar:
    """A bar at the foot of a terminal; what is said scrolls above it.

    Args:
        label: what is done, from the first share on that ends.
    """

    def __init__(self, progress: Progress, task: TaskID, pace: Pace, label: str) -> None:
        self._progress = progress
        self._task = task
        self._pace = pace
        self._label = label

    def at(self, tally: Outcome) -> None:
        """Move it."""
        self._pace.at(tally.done)
        told = tr("batch.bar", **_figures(self._pace, tally))
        self._progress.update(
            self._task, completed=tally.done, told=told, description=printable(self._label)
        )

    def looked(self, count: int) -> None:
        """Say how many were looked at, as long as there is nothing better to say."""
        if not self._progress.tasks[self._task].completed:
            told = tr("batch.bar_looked", done=counted(count), total=counted(self._pace.total))
            self._progress.update(self._task, told=told)

    def say(self, line: str) -> None:
        """Write a line above it."""
        with suppress(OSError):  # the window was closed: the batch ends what it began all the same
            self._progress.console.print(line, markup=False, highlight=False, emoji=False)


@contextmanager
def shown(session: Session, label: str, total: int, *, alone: bool = True) -> Iterator[Shown]:
    """Show how far a batch is for as long as the block runs.

    Args:
        alone: whether nothing else is written meanwhile; a result on the same screen is, and would
            be drawn over.
    """
    drawn = alone or not is_screen(sys.stdout)
    if not (drawn and is_screen(sys.stderr)) or os.environ.get("TERM") in {"dumb", "unknown"}:
        yield Minutes(session, total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
    from rich.table import Column

    figures = TextColumn("{task.fields[told]}", markup=False, table_column=Column())
    columns: list[ProgressColumn] = [figures]
    if (room := shutil.get_terminal_size().columns - _WIDE) >= 0:
        # Never to the last column: the `^C` that a terminal shows would begin another row.
        label_column = TextColumn("{task.description}", markup=False)
        columns = [label_column, BarColumn(min(_BAR + room, 40)), figures]
    # Words that the batch writes elsewhere, as a library's warning, are not caught: stdout is the
    # result, and goes where the person sent it.
    progress = Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with _started(progress):
        task = progress.add_task(printable(tr("batch.checking")), total=total, told="")
        bar = _Bar(progress, task, Pace(total), label)
        bar.looked(0)
        yield bar


@contextmanager
def _started(progress: Progress) -> Iterator[None]:
    progress.start()
    try:
        yield
    finally:
        with suppress(OSError):  # see `_Bar.say`
            progress.stop()


def _figures(pace: Pace, tally: Outcome) -> dict[str, str]:
    return {
        "done": counted(tally.done),
        "total": counted(pace.total),
        "rate": "?" if pace.rate is None else _rate(pace.rate),
        "left": _left(pace.left),
        "failed": counted(tally.failed),
    }


def _rate(rate: float) -> str:
    said = f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
    return said.replace(".", "," if LANGUAGE is Language.FR else ".")


def _left(seconds: float | None) -> str:
    if seconds is None:
        return "?"
    minutes = round(seconds / 60)
    if minutes < 1:
        return tr("batch.left_seconds", seconds=round(seconds))
    if minutes < 60:
        return tr("batch.left_minutes", minutes=minutes)
    return tr("batch.left_hours", hours=minutes // 60, minutes=f"{minutes % 60:02}")
