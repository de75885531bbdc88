"""A bar on stderr for work that takes long enough to be wondered about."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from secshare.cli.numbers import counted
from secshare.messages import printable
from secshare.terminal import is_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from secshare.age import Progress

_WORTH_A_BAR: Final = 32 << 20
"""Bytes. Sealing takes a tenth of a second for less, and a bar that flashes by only worries."""

_WORTH_COUNTING: Final = 200  # some ten milliseconds each

READING: Final = 4 << 20
"""Bytes worth a bar while documents are read: some thirty times the work of sealing them."""


@contextmanager
def bar(
    label: str, size: int, *, worth: int = _WORTH_A_BAR, steps: int | None = None
) -> Iterator[Progress | None]:
    """Show a bar while the block runs, and give what advances it; None when none is shown.

    Args:
        worth: bytes from which on a bar is shown.
        steps: in how many steps it advances, where these are few: with one only, nothing is known
            until the end, and the bar beats instead of standing still.

    Nothing is shown for little work, nor where stderr is not a terminal: a log wants no bar.
    """
    if size < worth or not is_screen(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    what = TextColumn("{task.description}", markup=False)
    console = Console(stderr=True)
    if steps == 1:
        with Progress(
            what, BarColumn(), TimeElapsedColumn(), console=console, transient=True
        ) as shown:
            shown.add_task(printable(label), total=None)
            yield None
        return
    columns = (what, BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(printable(label), total=size)
        yield lambda done, total: shown.update(task, completed=done, total=total or size)


@contextmanager
def counting(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block runs, and give what is told how many are done.

    Nothing is shown for a few, nor where stderr is not a terminal.
    """
    if total < _WORTH_COUNTING or not is_screen(sys.stderr):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    what = TextColumn("{task.description}", markup=False)
    # rich's own column of this kind writes 10000 as it is.
    so_many = TextColumn("{task.fields[so_far]}/" + counted(total), markup=False)
    columns = (what, BarColumn(), so_many, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(printable(label), total=total, so_far=counted(0))
        yield lambda done: shown.update(task, completed=done, so_far=counted(done))


@contextmanager
def database_bar(label: str, database: Path) -> Iterator[Callable[[int, int | None], None] | None]:
    """Show a bar for rows that are read, as if they were the file they stand in."""
    size = database.stat().st_size
    with bar(label, size) as progress:
        if progress is None:
            yield None
        else:
            shown = progress
            yield lambda done, of: shown(size * done // max(of or 1, 1), size)
