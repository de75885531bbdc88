"""Whether a manifest is of another run: corrected, longer or a few rows of it; before it seals."""

from __future__ import annotations

import os
from array import array
from contextlib import ExitStack, suppress
from itertools import chain
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.batch import rows
from secshare.batch.identity import addressee, former_content, row_contents, row_identity, row_slot
from secshare.batch.listed import ListedByRun
from secshare.batch.onelook import digest, opened
from secshare.batch.resting import alone
from secshare.errors import AnswerNeeded, SecshareError, ShareState
from secshare.recipients.matching import name_keys
from secshare.recipients.skeleton import lowered
from secshare.register import Elsewhere, Runs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from secshare.batch.wanted import Wanted
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["check_goes_on", "check_new", "is_part"]


def check_new(
    desk: Desk,
    spool: Spool,
    run: str,
    manifest: str,
    *,
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
        manifest: its name, as of `identity.manifest_name`.
        stop: whether somebody wants it to end; then this does.
        on_look: is told of how many shares it is known.

    Raises:
        AnswerNeeded: one has, or several. Fields: `runs`, all of them with their rows; `own`, this
            one; where it is one only, `run`, and `found` and `held` as of `is_part`. Or another
            manifest went on with this run: who starts the former one again would undo what was
            corrected.
        ShareState: another run is at work, and may have any row of it in a moment.
    """
    runs, elsewhere = Runs(desk.store), Elsewhere(desk.store, run)
    if runs.manifest(run) not in {None, manifest}:
        raise AnswerNeeded("running.gone_on", run=run)
    _check_others_rest(desk, runs, run)
    if not elsewhere.has_any():
        return
    look = _Look(desk, elsewhere, run)
    count = 0
    for count, wanted in enumerate(rows.every(spool), 1):
        if stop():
            return
        look.at(wanted)
        on_look(count)
    _check_others_rest(desk, runs, run)  # one that began meanwhile: its last rows were not seen
    if found := look.all(spool):
        raise _question(runs, run, found, count, max(0, look.unread - profiles.RUN_UNREAD))


def _question(
    runs: Runs, run: str, found: Mapping[str, Sequence[int]], count: int, unknown: int
) -> AnswerNeeded:
    """Return what has to be said, with each way on that seals nothing twice.

    Args:
        found: the rows that other runs have.
        count: of all rows.
        unknown: how many of them could not be looked for.
    """
    by_run = ListedByRun({each: tuple(sorted(numbers)) for each, numbers in found.items()})
    fields: dict[str, object] = {"runs": by_run, "own": run}
    several = sum(map(len, found.values()))
    if runs.count_standing(run):  # going on with another run would seal again what this one has
        return AnswerNeeded("running.elsewhere_rows", **fields)
    if len(found) > 1:
        which = "elsewhere_all" if several == count else "elsewhere_several"
        return AnswerNeeded(f"running.{which}", **fields)
    (other,) = found
    held = runs.count_standing(other) - runs.count_unasked(other)
    fields |= {"run": other, "found": several, "held": held}
    few = is_part(several + unknown, held)
    if several == count or several + unknown >= held:
        return AnswerNeeded("running.elsewhere_part" if few else "running.elsewhere", **fields)
    return AnswerNeeded("running.elsewhere_several" if few else "running.elsewhere_mixed", **fields)


def _check_others_rest(desk: Desk, runs: Runs, run: str) -> None:
    for other in runs.unfinished():
        if other == run:
            continue
        with alone(desk.practice, other) as rests:
            if not rests:
                raise ShareState("running.other_at_work", run=other, own=run)


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
    known: set[str] = set()
    for person in runs.people(run):
        known |= _known_by(*person)
    if known.isdisjoint(chain.from_iterable(_known(desk, each) for each in rows.every(spool))):
        raise AnswerNeeded("running.other_mailing", run=run, held=held)


def _known(desk: Desk, wanted: Wanted) -> set[str]:
    if wanted.to is None:
        return _known_by(wanted.name or "", wanted.email, wanted.phone)
    with suppress(SecshareError):
        person = desk.directory.find(wanted.to)
        return _known_by(person.name, person.email, person.phone)
    return _known_by(wanted.to, wanted.email, wanted.phone)


def _known_by(name: str, email: str | None, phone: str | None) -> set[str]:
    return {*name_keys(name), lowered(email or ""), phone or ""} - {""}


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
        unread: of how many rows the documents could not be read.
    """

    def __init__(self, desk: Desk, elsewhere: Elsewhere, run: str) -> None:
        self._desk, self._runs, self._run = desk, Runs(desk.store), run
        self._key = desk.practice.signer.mac_key
        self._elsewhere = elsewhere
        self._found: dict[str, array[int]] = {}
        self._by_slot: dict[str, list[int]] = {}
        self.unread = 0

    def at(self, wanted: Wanted) -> None:
        """Look at one row."""
        try:
            digests = _digests(wanted)
        except SecshareError:  # as where a drive is not there: another run may have read it
            self.unread += 1
            if self.unread <= profiles.RUN_UNREAD:
                self._at_slot(wanted)
            return
        contents = row_contents(self._key, addressee(self._desk, wanted), digests)
        other = self._elsewhere.having(contents)
        if other is None:  # as it was noted of groups, titles and ids before
            other = self._elsewhere.having([former_content(self._key, wanted, digests)])
        if other is None:
            return
        if self._runs.sealed(self._run, row_identity(self._key, wanted, digests)) is None:
            self._found.setdefault(other, array("q")).append(wanted.number)

    def _at_slot(self, wanted: Wanted) -> None:
        slot = row_slot(self._key, wanted)
        if self._runs.earlier(self._run, slot) is None:
            other = self._elsewhere.having_slot(slot)
            if other is not None:
                self._by_slot.setdefault(other, []).append(wanted.number)

    def all(self, spool: Spool) -> Mapping[str, Sequence[int]]:
        """Return the numbers of rows, by the run that has them.

        Of a row that cannot be read the names of its files tell which run has it, unless others of
        the same names have other documents now: those of another day.
        """
        found = {run: list(numbers) for run, numbers in self._found.items()}
        for run, numbers in self._by_slot.items():
            if run in found or not self._is_another_day_of(run, spool):
                found.setdefault(run, []).extend(numbers)
        return found

    def _is_another_day_of(self, run: str, spool: Spool) -> bool:
        for wanted in rows.every(spool):
            known = self._runs.earlier(run, row_slot(self._key, wanted)) is not None
            if known and all(os.access(file, os.R_OK) for file in wanted.files):
                return True  # it was read, and is not what that run sealed
        return False


def _digests(wanted: Wanted) -> list[str]:
    with ExitStack() as held:
        return [digest(source) for source in opened(wanted.files, held)]
