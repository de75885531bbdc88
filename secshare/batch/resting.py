"""A run is one process's at a time, and gives its words once it came to its end."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from secshare import files
from secshare.errors import ShareState
from secshare.register import Runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from secshare.practice import Practice
    from secshare.sharing import Desk

__all__ = ["alone", "at_rest", "check_ended", "starting"]


def alone(practice: Practice, run: str) -> AbstractContextManager[bool]:
    """Hold a run, so that nobody goes on with it; False where somebody holds it."""
    return files.alone(practice.private, f"run {run}")


def starting(practice: Practice) -> AbstractContextManager[bool]:
    """Hold the start of runs that nobody named; False where another one is about to start."""
    return files.alone(practice.private, "a run starts")


@contextmanager
def at_rest(desk: Desk, run: str, *, unfinished: bool) -> Iterator[None]:
    """Keep a run where it is while its words are given.

    Before its end they are not sorted yet: a row that was corrected in it leaves a share for the
    wrong address or number behind, and which shares nobody asks for any more is known once every
    row had its turn.

    Args:
        unfinished: whether its words are given wherever it is.

    Raises:
        ShareState: it is going on, or was stopped.
    """
    with nullcontext(True) if unfinished else alone(desk.practice, run) as rests:
        if not rests:
            raise ShareState("batch_secrets.busy", run=run)
        if not unfinished and Runs(desk.store).is_unfinished(run):
            raise ShareState("batch_secrets.unfinished", run=run)
        yield


def check_ended(desk: Desk, run: str, *, unfinished: bool) -> None:
    """Look before somebody is asked for the practice's words whether `at_rest` would refuse.

    It is asked again when they are given: in that minute the run may have gone on, with a corrected
    manifest.

    Raises:
        ShareState: as `at_rest`.
    """
    with at_rest(desk, run, unfinished=unfinished):
        pass
