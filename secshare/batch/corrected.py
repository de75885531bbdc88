"""Whether a manifest is of another run: corrected, longer or a few rows of it; before it seals."""

from __future__ import annotations

from array import array
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.batch import rows
from secshare.batch.identity import row_content, row_identity, row_slot
from secshare.batch.listed import Listed, ListedByRun
from secshare.batch.onelook import digest, opened
from secshare.errors import AnswerNeeded, SecshareError
from secshare.recipients.matching import name_key
from secshare.register import Runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from secshare.batch.wanted import Wanted
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["check_goes_on", "check_new", "is_part"]


def check_new(
    desk: Desk,
    spool: Spool,
    run: str,
    stop: Callable[[], bool],
    on_look: Callable[[int], None] = lambda _: None,
) -> None:
    """Check that no other run has made a share of the same documents for the same person.

    Before anything is sealed both ways on are open: that run's name, or one of its own. Once a row
    is sealed in this run neither is: the other would seal that one again, and this one what the
    other has. So all rows are looked at, each document read once more (docs/decisions/102); where
    no other run has a share, none is.

    Args:
        run: which nobody named; it may have shares of its own, from an earlier start. What it has
            itself is not asked about.
        stop: whether somebody wants it to end; then this does.
        on_look: is told of how many shares it is known.

    Raises:
        AnswerNeeded: one has, or several. Fields: `run`, which it is, or `runs`, all of them with
            their rows; `own`, this one; `row`, the first that another has, or `rows`, all of them;
            where this manifest is a part of that run, `found` and `held` as of `is_part`.
    """
    runs = Runs(desk.store)
    if not runs.has_others(run):
        return
    look = _Look(desk, runs, run)
    count = 0
    for count, wanted in enumerate(rows.every(spool), 1):
        if stop():
            return
        look.at(wanted)
        on_look(count)
    found = look.found
    if not found:
        return
    told = Listed(tuple(sorted(number for each in found.values() for number in each)))
    if runs.count_standing(run):  # going on with another run would seal again what this one has
        by_run = ListedByRun({each: tuple(numbers) for each, numbers in found.items()})
        raise AnswerNeeded("running.elsewhere_rows", runs=by_run, own=run)
    if len(found) > 1:
        by_run = ListedByRun({each: tuple(numbers) for each, numbers in found.items()})
        which = "elsewhere_all" if len(told.numbers) == count else "elsewhere_several"
        raise AnswerNeeded(f"running.{which}", runs=by_run, own=run)
    ((other, numbers),) = found.items()
    fields = {"run": other, "own": run, "row": numbers[0]}
    held = runs.count_standing(other)
    if is_part(len(numbers) + max(0, look.unread - profiles.RUN_UNREAD), held):
        raise AnswerNeeded("running.elsewhere_part", **fields, found=len(numbers), held=held)
    raise AnswerNeeded("running.elsewhere", **fields)


def check_goes_on(desk: Desk, spool: Spool, run: str) -> None:
    """Check that a run that somebody named, and that has shares, has one for one of these people.

    Two mailings under one name would each say of the other that nobody asks for it any more. Rows
    that slipped are of the same people, and are the guard's.

    Raises:
        AnswerNeeded: it has none. Fields: `run`, and `held`, how many shares of it stand.
    """
    runs, key = Runs(desk.store), desk.practice.signer.mac_key
    held = runs.count_standing(run)
    if not held or any(runs.earlier(run, row_slot(key, each)) for each in rows.every(spool)):
        return
    known = {name_key(name) for name in runs.names(run)}
    if not any(_names(desk, each) & known for each in rows.every(spool)):
        raise AnswerNeeded("running.other_mailing", run=run, held=held)


def _names(desk: Desk, wanted: Wanted) -> set[str]:
    names = {name for name in (wanted.name, wanted.to) if name}
    if wanted.to:
        with suppress(SecshareError):
            names.add(desk.directory.find(wanted.to).name)
    return {name_key(name) for name in names}


def is_part(found: int, held: int) -> bool:
    """Return whether a manifest looks like a few rows that were taken out of a run's.

    That run cannot be gone on with by it: the others would count as asked for no more.

    Args:
        found: how many of the run's shares it asks for.
        held: how many of them stand.
    """
    return found < profiles.RUN_PART * held


class _Look:
    """Which rows are in which other run.

    Attributes:
        found: their numbers, in order.
        unread: of how many rows the documents could not be read.
    """

    def __init__(self, desk: Desk, runs: Runs, run: str) -> None:
        self._key, self._runs, self._run = desk.practice.signer.mac_key, runs, run
        self.found: dict[str, array[int]] = {}
        self.unread = 0

    def at(self, wanted: Wanted) -> None:
        """Look at one row."""
        other = self._other(wanted)
        if other is not None:
            self.found.setdefault(other, array("q")).append(wanted.number)

    def _other(self, wanted: Wanted) -> str | None:
        runs, run = self._runs, self._run
        try:
            digests = _digests(wanted)
        except SecshareError:  # as where a drive is not there: another run may have read it
            self.unread += 1
            slot = row_slot(self._key, wanted)
            if self.unread > profiles.RUN_UNREAD or runs.earlier(run, slot) is not None:
                return None
            return runs.slot_elsewhere(run, slot)
        other = runs.elsewhere(run, row_content(self._key, wanted, digests))
        if other is None or runs.sealed(run, row_identity(self._key, wanted, digests)) is not None:
            return None
        return other


def _digests(wanted: Wanted) -> list[str]:
    with ExitStack() as held:
        return [digest(source) for source in opened(wanted.files, held)]
