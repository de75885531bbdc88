"""Whether a manifest whose run nobody named is another run's: corrected, or longer by now."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.batch import rows
from secshare.batch.identity import row_content, row_slot
from secshare.batch.onelook import digest, opened
from secshare.errors import AnswerNeeded, SecshareError
from secshare.register import Runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from secshare.batch.wanted import Wanted
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["check_new"]


def check_new(desk: Desk, spool: Spool, run: str, stop: Callable[[], bool]) -> None:
    """Check that no other run has made a share of the same documents for the same person.

    Before anything is sealed both ways on are open: that run's name, or one of its own. Once a row
    is sealed in this run neither is: the other would seal that one again, and this one what the
    other has. So all rows are looked at, each document read once more (docs/decisions/102); where
    no other run has a share, none is.

    Args:
        run: which nobody named; it may have shares of its own, from a start that was stopped.
        stop: whether somebody wants it to end; then this does.

    Raises:
        AnswerNeeded: one has, or several. Fields: `run`, which it is, or all of them; `own`, this
            one; `row`, the first that another has.
    """
    runs, key = Runs(desk.store), desk.practice.signer.mac_key
    if not runs.has_others(run):
        return
    found: dict[str, int] = {}  # the first row, by the run that has it
    unread = 0
    for wanted in rows.every(spool):
        if stop():
            return
        try:
            other = runs.elsewhere(run, row_content(key, wanted, _digests(wanted)))
        except SecshareError:  # as where a drive is not there: another run may have read it
            unread += 1
            few = unread <= profiles.RUN_UNREAD
            other = runs.slot_elsewhere(run, row_slot(key, wanted)) if few else None
        if other is not None:
            found.setdefault(other, wanted.number)
    if found:
        which = "elsewhere" if len(found) == 1 else "elsewhere_several"
        row = min(found.values())
        raise AnswerNeeded(f"running.{which}", run=", ".join(found), own=run, row=row)


def _digests(wanted: Wanted) -> list[str]:
    with ExitStack() as held:
        return [digest(source) for source in opened(wanted.files, held)]
