"""One look at one share, before it is sealed: what it is, whose, and whether anything stops it."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from secshare import files
from secshare.batch.addressing import known, settle
from secshare.batch.answering import unattended
from secshare.batch.fitting import addressed as spelt_by
from secshare.batch.fitting import seen
from secshare.batch.guard import Seen, refuse
from secshare.batch.identity import row_contents, row_identity, row_slot
from secshare.batch.repeated import shared
from secshare.batch.tasks import Looked
from secshare.errors import InputUnreadable, RecipientDataInvalid, SecshareError, ShareState
from secshare.model import SecretState
from secshare.preflight import Report
from secshare.recipients.skeleton import lowered
from secshare.register import twins
from secshare.sharing import check_form
from secshare.sharing.checking import Checked, case_for, checked, read
from secshare.sharing.contacts import contact_findings
from secshare.sharing.forms import check_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import ExitStack

    from secshare.batch.tasks import Setup
    from secshare.batch.wanted import Wanted
    from secshare.batch.working import Worker
    from secshare.files import Source
    from secshare.model import Recipient, Reference, Share
    from secshare.sharing import Addressed

__all__ = ["Look", "digest", "opened", "timed"]


class Look:
    """One look at one share.

    Attributes:
        found: what is known so far, whatever stops it.
        stages: seconds by the clock, by stage.
    """

    def __init__(self, worker: Worker, setup: Setup, wanted: Wanted) -> None:
        self._worker = worker
        self._setup = setup
        self._wanted = wanted
        self.found = Looked(wanted.number, wanted.last, Seen(wanted.number))
        self.stages: dict[str, float] = {}

    def look(self, held: ExitStack) -> None:
        """Look, as far as nothing stops it.

        Args:
            held: closes the documents.

        Raises:
            SecshareError: why it cannot be sealed.
        """
        worker, wanted, run = self._worker, self._wanted, self._setup.run
        slot = row_slot(worker.mac_key, wanted)
        # Known first: the share of before stands, and is this row's, also where the row fails now;
        # and where it went is compared now, since only the first that is wrong with a row is told.
        earlier = worker.runs.earlier(run, slot)
        self._know(slot=slot, earlier=earlier, astray=self._is_astray(earlier))
        try:
            addressed = settle(worker.desk, wanted, today=self._setup.today)
        except RecipientDataInvalid:
            with suppress(SecshareError):
                self._tell_whose(held)
            raise
        sources, digests = self._opened(held)
        identity = row_identity(worker.mac_key, wanted, digests)
        self._know(files=wanted.files, format=wanted.format, digests=digests)
        self._know(identity=identity)
        name = addressed.recipient.name if wanted.to else wanted.name or ""
        self._know(contents=row_contents(worker.mac_key, name, digests))
        if (already := worker.runs.sealed(run, identity)) is not None:
            self._know(seen=Seen.sealed(wanted.number))
            self._check_stands(already, addressed)
            self._know(already=already)
            return
        check_form(wanted.format, addressed, sources)
        with timed(self.stages, "check"):
            it = self._compared(addressed, self._checked(addressed, sources, digests))
        self._know(findings=it.findings)
        answered = unattended(it.findings, self._setup.accept)
        refuse(self.found.seen)
        self._know(addressed=addressed, checked=it, answered=answered)

    def _opened(self, held: ExitStack) -> tuple[list[Source], tuple[str, ...]]:
        with timed(self.stages, "read"):
            sources = opened(self._wanted.files, held)
            self._check_places(sources)
            return sources, tuple(digest(source) for source in sources)

    def _tell_whose(self, held: ExitStack) -> None:
        """See whose the documents are, of a row that says of somebody what the directory does not.

        Ids that slipped beside birth dates: where a date is, the row fails; where none is and the
        document is a scan, only what the other rows tell the guard stops it.
        """
        if self._wanted.to is None:
            return
        only = replace(self._wanted, email=None, phone=None, birth_date=None, keys=())
        addressed = settle(self._worker.desk, only, today=self._setup.today)
        self._checked(addressed, *self._opened(held))

    def _know(self, **more: Any) -> None:  # noqa: ANN401 - fields of Looked
        self.found = replace(self.found, **more)

    def _check_places(self, sources: Sequence[Source]) -> None:
        """Refuse what a cell of a manifest must not reach: it may be a patient who wrote it.

        Raises:
            InputUnreadable: a secret of the practice, or a file that a link leads to from outside
                the manifest's folder.
        """
        check_places(self._worker.desk.practice, [source.path for source in sources])
        for source in sources:
            with files.reading(source.path):
                real = source.path.resolve(strict=True)
                same = os.path.samestat(real.stat(), os.fstat(source.file.fileno()))
            if not (same and real.is_relative_to(self._setup.folder)):
                raise InputUnreadable("running.outside", path=source.path)

    def _is_astray(self, reference: Reference | None) -> bool:
        """Return whether a share of before went elsewhere than the directory says today.

        It says so of whom the share was for, and of whom the row names now, who may be another.
        Where it knows neither of them, or cannot tell, nothing is known.
        """
        if reference is None:
            return False
        directory, wanted = self._worker.desk.directory, self._wanted
        share = self._worker.desk.register.share(reference)
        now: list[Recipient | None] = []
        with suppress(SecshareError):  # keys that cannot be read are no reason against the row
            now.append(directory.by_uid(share.recipient))
        with suppress(SecshareError):  # `settle` raises it, as the row's own
            named = directory.find(wanted.to) if wanted.to else known(self._worker.desk, wanted)
            now.append(named)
        return any(each is not None and self._is_other(share, each) for each in now)

    def _is_other(self, share: Share, now: Recipient) -> bool:
        """Return whether a share went to somebody else than this, or to another address."""
        other = self._wanted.to is not None and share.recipient != now.uid
        return other or lowered(share.email or "") != lowered(now.email or "")

    def _check_stands(self, reference: Reference, addressed: Addressed) -> None:
        """Check that the share which this run made of a row is still what the row asks for.

        Raises:
            ShareState: it was recalled.
            RecipientDataInvalid: it was for another address than the directory has by now.
        """
        share = self._worker.desk.register.share(reference)
        if share.states.secret is SecretState.DESTROYED:
            others = twins(self._worker.desk.store, reference)
            if others:  # sealed again, this person would have it twice
                twin, run = others[0].reference, others[0].run
                raise ShareState("running.recalled_stands", reference=reference, twin=twin, run=run)
            raise ShareState("running.recalled", reference=reference)
        if self._is_other(share, addressed.recipient):
            raise RecipientDataInvalid("running.other_address", reference=reference)

    def _checked(
        self, addressed: Addressed, sources: Sequence[Source], digests: tuple[str, ...]
    ) -> Checked:
        """Read the documents, judge them, and see whose they are.

        Raises:
            InputUnreadable: one changed meanwhile.
        """
        worker, wanted = self._worker, self._wanted
        if not self._setup.preflight:
            contacts = contact_findings(worker.desk.directory, addressed)
            spelt = spelt_by(worker.spool, wanted)
            self._know(seen=Seen(wanted.number, True, (), *spelt))
            report = Report(digests=digests)
            return Checked(report, contacts.findings, contacts.look_alikes, contacts.shared)
        case = case_for(worker.desk, addressed)
        if case.subject is not None and wanted.nir is not None:
            case = replace(case, subject=replace(case.subject, nir=wanted.nir))
        facts = read(worker.checker, sources, case)
        for source, one, digest in zip(sources, facts, digests, strict=True):
            if one.sha256 not in {None, digest}:
                raise InputUnreadable("files.changed", path=source.path)
        it = checked(worker.desk, addressed, case, facts)
        self._know(seen=seen(worker.spool, wanted, case, facts, it.report))
        return it

    def _compared(self, addressed: Addressed, it: Checked) -> Checked:
        """Add what other rows' contacts tell; what stops comes first, then what asks."""
        directory = self._worker.desk.directory
        more = shared(self._worker.spool, directory, self._wanted, addressed)
        found = sorted((*it.findings, *more), key=lambda each: -each.severity.weight)
        return replace(it, findings=tuple(found))


def opened(paths: Sequence[str], held: ExitStack) -> list[Source]:
    """Open documents until `held` closes."""
    return [held.enter_context(files.open_source(Path(path))) for path in paths]


def digest(source: Source) -> str:
    """Return the SHA-256 of a document, in hexadecimal."""
    with files.reading(source.path):
        return hashlib.file_digest(source.file, "sha256").hexdigest()


@contextmanager
def timed(stages: dict[str, float], stage: str) -> Iterator[None]:
    """Count the seconds of the block as those of a stage."""
    began = time.perf_counter()
    try:
        yield
    finally:
        stages[stage] = stages.get(stage, 0.0) + time.perf_counter() - began
