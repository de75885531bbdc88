"""What the system does for a process that reads hostile documents: bounds of memory and time."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import multiprocessing.util
import os
import select
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from secshare.files.platform import WINDOWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NO_WINDOW: Final[int] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""For a process that is started beside a program with a window: on Windows it would get one."""


def pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return stdin and stdout as pipes of this process's own, and leave neither to anybody else.

    What a library prints would stand in the middle of an answer; stderr is closed to it too.
    """
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    return questions, answers


def widen(pipe: BinaryIO, size: int) -> None:
    """Have a pipe take so many bytes at once, where the system can: two processes turn less."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # more than this user may have: it stays as it was
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, size)


def waiting(pipe: BinaryIO) -> bool:
    """Return whether something can be read from a pipe by now; True where the system cannot say."""
    if WINDOWS:
        return True
    return bool(select.select([pipe], [], [], 0)[0])


def bound(memory: int) -> bool:
    """Bound this process's memory for good, and have no image of it written when it dies.

    Returns whether the system has such a bound and took it. Windows has none that a process can
    set for itself in so many words (a job object would be its parent's), and macOS takes it
    without keeping it: there the time limit is what ends a document that grows.

    Args:
        memory: bytes of address space: code, libraries and threads' stacks included.
    """
    if WINDOWS:
        return False
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ValueError, OSError):  # a lower one holds already, or the system has none
        return False
    return sys.platform != "darwin"


def without_image() -> None:
    """Have no image of this process written when it dies: there are words in its memory.

    Where the system writes none for the limit alone; a service's own settings may do more.
    """
    if WINDOWS:
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def end_after(seconds: float) -> None:
    """Have the system end this process then, whatever it does; 0 takes that back.

    For a process whose parent may be gone. On Windows nothing is done.
    """
    if WINDOWS:
        return
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def end_with_parent() -> None:
    """Have this process end as soon as the one that started it does, however that ends.

    One that is killed outright closes nothing, and whoever waits for its word would wait for ever.
    """
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def at_end(act: Callable[[], None]) -> None:
    """Have something done when a process that `multiprocessing` started comes to its end."""
    multiprocessing.util.Finalize(None, act, exitpriority=10)


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Have processes that are started in the block be deaf to Ctrl-C, and to the end of a service.

    Or of a window; for the moment that they need to say so themselves. This process hears it after
    the block. Windows has no such thing: there a process hears of it from its first instruction on.
    """
    if WINDOWS:
        yield
        return
    ends = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
