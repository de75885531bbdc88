"""The processes that work for a batch, behind `concurrent.futures.Executor`.

Another `Executor` may take their place, as a distributed engine gives one; its workers must see the
same practice folder, and what is sent to them, the words among it, must travel encrypted.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.batch import working
from secshare.files import machine, processes

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor, Future
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    T = TypeVar("T")

__all__ = ["Pool", "default_jobs"]

_JOBS_ON_WINDOWS: Final = 61  # more handles than that cannot be waited for at once


def default_jobs() -> int:
    """Return how many processes work at a time: as many as there are cores, and memory for."""
    free = machine.free_memory()
    by_memory = machine.cores() if free is None else free // profiles.BATCH_JOB_MEMORY
    return max(1, min(machine.cores(), by_memory, _JOBS_ON_WINDOWS))


class Pool:
    """Processes that are begun anew when one of them dies.

    Args:
        jobs: how many.
        executor: another engine, which is its owner's to shut down.
    """

    def __init__(self, jobs: int, executor: Executor | None = None) -> None:
        self._jobs = jobs
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
            # `spawn`, as on Windows: `fork` beside the threads of a progress bar may hang.
            context = multiprocessing.get_context("spawn")
            self._own = ProcessPoolExecutor(
                self._jobs, mp_context=context, initializer=working.start
            )
            with processes.uninterrupted():  # until they say themselves that they are not to be
                return self._own.submit(act, *args, **kwargs)
        return self._own.submit(act, *args, **kwargs)

    def renew(self) -> None:
        """Leave processes that are broken; the next task begins others."""
        own, self._own = self._own, None
        if own is not None:
            own.shutdown(wait=False, cancel_futures=True)

    def close(self, *, wait: bool = True) -> None:
        """End the processes; what they do is finished first."""
        own, self._own = self._own, None
        if own is not None:
            own.shutdown(wait=wait, cancel_futures=True)
