"""What a process that works for a batch does with one share: look at it, then seal it.

Neither raises: what fails is the answer. What is loaded and opened once stays for the next share.
"""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from secshare import files, passphrase, profiles
from secshare.batch import rows
from secshare.batch.onelook import Look, opened, timed
from secshare.batch.tasks import Sealed
from secshare.errors import InputUnreadable, SecshareError
from secshare.files import processes
from secshare.model import SealedToKeys, SealedToWords
from secshare.practice import Practice
from secshare.preflight import Checker
from secshare.register import Runs
from secshare.sharing import Desk, fill
from secshare.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from secshare.batch.tasks import Looked, Setup, ToSeal
    from secshare.model import Secret

__all__ = ["end", "look", "seal", "start"]


def start() -> None:
    """Begin a process that works for a batch: it ends with the one that started it, and not before.

    Ctrl-C, the end of a service or of a window reaches every process of a group: what is in flight
    is to be finished, as the first process says. Killed outright, it says nothing: its end is seen.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, signal.SIG_IGN)
    processes.end_with_parent()
    processes.at_end(end)
    processes.without_image()


def look(setup: Setup, numbers: Sequence[int]) -> list[Looked]:
    """Say what is known of shares before they are sealed; never raises for what is wrong with one.

    Args:
        numbers: their first rows.
    """
    worker = _worker(setup)
    return [_looked(Look(worker, setup, rows.wanted(worker.spool, each))) for each in numbers]


def _looked(one: Look) -> Looked:
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
        with timed(sealed.stages, "sync"):
            files.sync(folder, all_of_it=True)
    except SecshareError as error:
        return replace(sealed, filled=None, error=error)
    return sealed


def _seal(worker: Worker, task: ToSeal) -> Sealed:
    stages: dict[str, float] = {}
    try:
        with ExitStack() as held, timed(stages, "seal"):
            sources = opened(task.files, held)
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


class Worker:
    """The practice, the spool and the reading process of one working process."""

    def __init__(self, setup: Setup) -> None:
        self.opened = opened = ExitStack()  # until `end`, or the end of the process
        self.spool = opened.enter_context(Spool.read(setup.spool))
        self.desk = opened.enter_context(Desk(Practice.open(setup.practice), settle=False))
        self.runs = Runs(self.desk.store)
        self.mac_key = self.desk.practice.signer.mac_key
        self.syncing = opened.enter_context(ThreadPoolExecutor(profiles.BATCH_SYNCS))
        self.checker = opened.enter_context(Checker())
        if setup.preflight:
            self.checker.start()


class _Mine(threading.local):
    """What is open here: SQLite and the reading process belong to one thread each."""

    setup: Setup | None = None
    worker: Worker | None = None


_mine = _Mine()


def _worker(setup: Setup) -> Worker:
    if _mine.worker is None or _mine.setup != setup:
        end()  # a process works for one run after the other
        _mine.worker, _mine.setup = Worker(setup), setup
    return _mine.worker


def end() -> None:
    """Close what this thread opened for its last run, where the process goes on without it."""
    worker, _mine.worker, _mine.setup = _mine.worker, None, None
    if worker is not None:
        worker.opened.close()
