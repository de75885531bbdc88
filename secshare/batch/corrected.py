"""Whether a manifest whose run nobody named is another run's: corrected, or longer by now."""

from __future__ import annotations

from collections import Counter
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

__all__ = ["check_new", "is_part"]


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
            one; `row`, the first that another has; where this manifest is a part of that run,
            `found` and `held` as of `is_part`.
    """
    runs, key = Runs(desk.store), desk.practice.signer.mac_key
    if not runs.has_others(run):
        return
    first: dict[str, int] = {}  # row, by the run that has it
    found: Counter[str] = Counter()
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
            first.setdefault(other, wanted.number)
            found[other] += 1
    if not first:
        return
    fields = {"run": ", ".join(first), "own": run, "row": min(first.values())}
    if len(first) > 1:
        raise AnswerNeeded("running.elsewhere_several", **fields)
    held = runs.count_standing(other := next(iter(first)))
    unknown = max(0, unread - profiles.RUN_UNREAD)
    if is_part(found[other] + unknown, held):
        raise AnswerNeeded("running.elsewhere_part", **fields, found=found[other], held=held)
    raise AnswerNeeded("running.elsewhere", **fields)


def is_part(found: int, held: int) -> bool:
    """Return whether a manifest looks like a few rows that were taken out of a run's.

    That run cannot be gone on with by it: the others would count as asked for no more.

    Args:
        found: how many of the run's shares it asks for.
        held: how many of them stand.
    """
    return found < profiles.RUN_PART * held


def _digests(wanted: Wanted) -> list[str]:
    with ExitStack() as held:
        return [digest(source) for source in opened(wanted.files, held)]
