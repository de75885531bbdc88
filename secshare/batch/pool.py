"""The processes that work for a batch, behind `concurrent.futures.Executor`.

Another `Executor` may take their place, with threads or with an engine's own processes, on this
machine: the workers open the practice's database, the spool and the outbox by their paths, and
SQLite's locks hold on no network drive. What is sent to them, the words among it, must travel
encrypted. It must run a task once at a time: the same one twice beside itself would write into one
hidden folder. `working.start` is not run for it: Ctrl-C is its own matter.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import connection
from typing import TYPE_CHECKING, Final, TypeVar

from secshare import profiles
from secshare.batch import working
from secshare.errors import SecshareError
from secshare.files import machine, platform, processes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor, Future
    from multiprocessing.process import BaseProcess
    from typing import ParamSpec

    P = ParamSpec("P")

T = TypeVar("T")

__all__ = ["Pool", "TaskLost", "answer", "default_jobs"]

_JOBS_ON_WINDOWS: Final = 61  # more handles than that cannot be waited for at once
_FAREWELL: Final = 10.0  # seconds that processes with nothing left to do may take to end


def default_jobs() -> int:
    """Return how many processes work at a time: as many as there are cores, and memory for."""
    free = machine.free_memory()
    by_memory = machine.cores() if free is None else free // profiles.BATCH_JOB_MEMORY
    return max(1, min(machine.cores(), by_memory, _JOBS_ON_WINDOWS))


class TaskLost(Exception):
    """A task came to no answer, though the engine goes on: it is to be done again."""


def answer(future: Future[T]) -> T:
    """Return what a task answered.

    Raises:
        BrokenExecutor: a process died; see `Pool.renew`.
        TaskLost: anything else that is not of this program: engines have errors of their own for a
            worker that is gone, and memory may be short.
        SecshareError: what the task raised: the practice cannot be opened there.
    """
    try:
        return future.result()
    except (BrokenExecutor, SecshareError):
        raise
    except Exception as error:
        raise TaskLost(type(error).__name__) from error


class Pool:
    """Processes that are begun anew when one of them dies.

    Args:
        jobs: how many; as many as the system can wait for, where that is less.
        executor: another engine, which is its owner's to shut down.
    """

    def __init__(self, jobs: int, executor: Executor | None = None) -> None:
        self._jobs = min(jobs, _JOBS_ON_WINDOWS) if platform.WINDOWS else jobs
        self._given = executor
        self._own: ProcessPoolExecutor | None = None

    def submit(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have one of the processes do something.

        Raises:
            concurrent.futures.BrokenExecutor: one died; see `renew`.
        """
        if self._given is not None:
            return self._given.submit(act, *args, **kwargs)
        if self._own is None:
            # Its first lock starts a process of Python's own, which sweeps locks: ended by SIGHUP
            # it is missed with a traceback a lock. A block by itself: once Python has started that
            # one it opens this process's ears again, before the workers are started.
            with processes.uninterrupted():
                # `spawn`, as on Windows: `fork` beside the threads of a progress bar may hang.
                context = multiprocessing.get_context("spawn")
                self._own = ProcessPoolExecutor(
                    self._jobs, mp_context=context, initializer=working.start
                )
        # Any task may start another process, which says only later what it is deaf to.
        with processes.uninterrupted():
            return self._own.submit(act, *args, **kwargs)

    def renew(self) -> None:
        """Kill processes of which one died; the next task begins others.

        None of them writes anything after this.
        """
        self.close(wait=False)

    def close(self, *, wait: bool = True) -> None:
        """End the processes.

        Args:
            wait: whether they may end by themselves, as they do at once with nothing left to do;
                else they are killed in the middle of what they do.
        """
        own, self._own = self._own, None
        if own is None:
            return
        # Where one died the executor sends the others SIGTERM, which ours are deaf to, and waits
        # for them; the dead one may have held the lock of their queue, and they wait for ever.
        # Which they are it says nowhere else; a Python without that waits as it always did.
        workers = list((getattr(own, "_processes", None) or {}).values())
        own.shutdown(wait=False, cancel_futures=True)
        left = _left(workers, _FAREWELL) if wait else workers
        for worker in left:
            worker.kill()
        _left(left, _FAREWELL)


def _left(workers: Sequence[BaseProcess], seconds: float) -> list[BaseProcess]:
    """Wait for processes to end; return those that have not."""
    until, left = time.monotonic() + seconds, list(workers)
    while left and (rest := until - time.monotonic()) > 0:
        ended = connection.wait([worker.sentinel for worker in left], rest)
        left = [worker for worker in left if worker.sentinel not in ended]
    return left
