"""What a process that works for a batch does with one share: look at it, then seal it.

Neither raises: what fails is the answer. What is loaded and opened once stays for the next share.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from secshare import files, passphrase, profiles
from secshare.batch import rows
from secshare.batch.addressing import settle
from secshare.batch.answering import unattended
from secshare.batch.fitting import seen
from secshare.batch.guard import Seen, refuse
from secshare.batch.tasks import Looked, Sealed
from secshare.errors import InputUnreadable, SecshareError
from secshare.files import processes
from secshare.model import SealedToKeys, SealedToWords
from secshare.practice import Practice
from secshare.preflight import Checker, Report
from secshare.register import Runs
from secshare.sharing import Desk, check_form, fill
from secshare.sharing.checking import Checked, case_for, checked, read
from secshare.sharing.contacts import contact_findings
from secshare.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from secshare.batch.tasks import Setup, ToSeal
    from secshare.batch.wanted import Wanted
    from secshare.files import Source
    from secshare.model import Secret
    from secshare.sharing import Addressed

__all__ = ["end", "look", "seal", "start"]

_IDENTITY: Final = b"secshare row identity 1\n"
_SLOT: Final = b"secshare row slot 1\n"


def start() -> None:
    """Begin a process that works for a batch: it ends with the one that started it, and not before.

    Ctrl-C, the end of a service or of a window reaches every process of a group: what is in flight
    is to be finished, as the first process says. Killed outright, it says nothing: its end is seen.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, signal.SIG_IGN)
    processes.end_with_parent()


def look(setup: Setup, numbers: Sequence[int]) -> list[Looked]:
    """Say what is known of shares before they are sealed; never raises for what is wrong with one.

    Args:
        numbers: their first rows.
    """
    worker = _worker(setup)
    return [_looked(_Look(worker, setup, rows.wanted(worker.spool, each))) for each in numbers]


def _looked(one: _Look) -> Looked:
    with ExitStack() as held:
        try:
            one.look(held)
        except SecshareError as error:
            one.found = replace(one.found, error=error)
        except Exception as error:
            one.found = replace(one.found, error=_unexpected(error))
    return replace(one.found, stages=one.stages)


def seal(setup: Setup, tasks: Sequence[ToSeal]) -> list[Sealed]:
    """Seal shares into their hidden folders, synced; never raises for what is wrong with one.

    A disk takes several syncs in the time of one, and the processor is free meanwhile.
    """
    worker, syncs = _worker(setup), []
    for task in tasks:
        sealed = _seal(worker, task)
        syncs.append(worker.syncing.submit(_synced, sealed, task.folder))
    return [sync.result() for sync in syncs]


def _synced(sealed: Sealed, folder: Path) -> Sealed:
    if sealed.error is not None:
        return sealed
    try:
        with _timed(sealed.stages, "sync"):
            files.sync(folder, all_of_it=True)
    except SecshareError as error:
        return replace(sealed, filled=None, error=error)
    return sealed


def _seal(worker: _Worker, task: ToSeal) -> Sealed:
    stages: dict[str, float] = {}
    try:
        with ExitStack() as held, _timed(stages, "seal"):
            sources = _opened(task.files, held)
            filled = fill(
                worker.desk.practice,
                task.share,
                sources,
                task.folder,
                _secret(task),
                language=task.language,
                digests=task.digests,
                mail=task.mail,
                card=task.card,
            )
    except SecshareError as error:
        return Sealed(None, error, stages)
    except Exception as error:
        return Sealed(None, _unexpected(error), stages)
    return Sealed(filled, None, stages)


def _secret(task: ToSeal) -> Secret:
    if task.words is None:
        return SealedToKeys(task.keys)
    assert task.share.road is not None  # noqa: S101 - words travel by a road
    return SealedToWords(passphrase.carried(task.words, task.words_language), task.share.road)


def _unexpected(error: Exception) -> SecshareError:
    """Return what failed, by its name only: its words may be out of a document."""
    return InputUnreadable("running.unexpected", kind=type(error).__name__)


class _Worker:
    """The practice, the spool and the reading process of one working process."""

    def __init__(self, setup: Setup) -> None:
        self.opened = opened = ExitStack()  # until `end`, or the end of the process
        self.spool = opened.enter_context(Spool.read(setup.spool))
        self.desk = opened.enter_context(Desk(Practice.open(setup.practice), settle=False))
        self.runs = Runs(self.desk.store)
        self.syncing = opened.enter_context(ThreadPoolExecutor(profiles.BATCH_SYNCS))
        self.checker = opened.enter_context(Checker())
        if setup.preflight:
            self.checker.start()


_workers: dict[Setup, _Worker] = {}  # one: a process works for one run after the other


def _worker(setup: Setup) -> _Worker:
    if setup not in _workers:
        end()
        _workers[setup] = _Worker(setup)
    return _workers[setup]


def end() -> None:
    """Close what was opened for the last run, where the process goes on without it."""
    for worker in _workers.values():
        worker.opened.close()
    _workers.clear()


class _Look:
    """One look at one share; `found` is what is known so far, whatever stops it."""

    def __init__(self, worker: _Worker, setup: Setup, wanted: Wanted) -> None:
        self._worker = worker
        self._setup = setup
        self._wanted = wanted
        self.found = Looked(wanted.number, wanted.last, Seen(wanted.number))
        self.stages: dict[str, float] = {}

    def look(self, held: ExitStack) -> None:
        worker, wanted, run = self._worker, self._wanted, self._setup.run
        addressed = settle(worker.desk, wanted, today=self._setup.today)
        with _timed(self.stages, "read"):
            sources = _opened(wanted.files, held)
            digests = tuple(_digest(source) for source in sources)
        identity, slot = _names(worker.desk.practice.signer.mac_key, wanted, digests)
        self._know(files=wanted.files, format=wanted.format, digests=digests)
        self._know(identity=identity, slot=slot)
        if (already := worker.runs.sealed(run, identity)) is not None:
            self._know(already=already, seen=Seen.sealed(wanted.number))
            return
        self._know(earlier=worker.runs.earlier(run, slot))
        if self._setup.fresh:
            self._know(elsewhere=worker.runs.elsewhere(run, identity))
        check_form(wanted.format, addressed, sources)
        with _timed(self.stages, "check"):
            it = self._checked(addressed, sources, digests)
        self._know(findings=it.findings)
        answered = unattended(it.findings, self._setup.accept)
        refuse(self.found.seen)
        self._know(addressed=addressed, checked=it, answered=answered)

    def _know(self, **more: Any) -> None:  # noqa: ANN401 - fields of Looked
        self.found = replace(self.found, **more)

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
            self._know(seen=Seen(wanted.number, own=True, address=True))
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


def _opened(paths: Sequence[str], held: ExitStack) -> list[Source]:
    return [held.enter_context(files.open_source(Path(path))) for path in paths]


def _digest(source: Source) -> str:
    with files.reading(source.path):
        return hashlib.file_digest(source.file, "sha256").hexdigest()


def _names(key: bytes, wanted: Wanted, digests: Sequence[str]) -> tuple[bytes, bytes]:
    """Return what tells a row with its documents, and a row alone, from the others of a run.

    Under the journal's key, as digests of documents are in the journal (docs/decisions/095). What
    the row says counts, and not whom the directory finds by it: somebody who is added to it between
    two attempts is not sent everything twice.
    """
    asked = json.loads(wanted.dumps())
    for place in ("number", "last"):  # a row may be added above
        asked.pop(place)
    who = {
        name: asked.get(name) for name in ("to", "name", "email", "phone", "birth_date", "about")
    }
    slot = [asked.pop("files"), who]
    identity = [list(digests), asked]
    return _mac(key, _IDENTITY, identity), _mac(key, _SLOT, slot)


def _mac(key: bytes, what: bytes, said: object) -> bytes:
    text = json.dumps(said, ensure_ascii=True, sort_keys=True)
    return hmac.digest(key, what + text.encode("ascii"), "sha256")


@contextmanager
def _timed(stages: dict[str, float], stage: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        stages[stage] = stages.get(stage, 0.0) + time.perf_counter() - began
