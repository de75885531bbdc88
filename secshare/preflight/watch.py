"""A limit of time that is set for one document after another, by one thread for all of them."""

from __future__ import annotations

import threading
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Watch"]


class Watch:
    """Does something once a time is over, unless it was stopped before.

    A thread for each document (`threading.Timer`) costs a twentieth of what two pages take. This
    one is not even woken for the next: it sleeps until the first time that was set is over, and
    then looks what time is set by now.

    Args:
        expired: is called in that thread. `stop` waits for it.
    """

    def __init__(self, expired: Callable[[], None]) -> None:
        self._expired = expired
        self._changed = threading.Condition()
        self._due = inf
        self._wakes = inf
        self._ended = False
        self._thread: threading.Thread | None = None

    def start(self, seconds: float) -> None:
        """Set the time: so many seconds from now."""
        with self._changed:
            self._due = monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            elif self._due < self._wakes:
                self._changed.notify()

    def stop(self) -> None:
        """Take the time back: it was over before this returns, or never will be."""
        with self._changed:
            self._due = inf

    def end(self) -> None:
        """End the thread. No time is set after this."""
        with self._changed:
            self._due, self._ended = inf, True
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._ended:
                left = self._due - monotonic()
                if left <= 0:
                    self._due = inf
                    self._expired()
                else:
                    self._wakes = self._due
                    self._changed.wait(min(left, threading.TIMEOUT_MAX))
