"""Being asked to stop: once, what is begun is finished; twice, at once."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Stop", "StoppedNow"]

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C; the system, as systemd ends a service; the window that was closed."""


class StoppedNow(BaseException):
    """Somebody asked twice: whatever is in flight is dropped. No fault, so no `Exception`."""


class Stop:
    """Takes the signals that end a command, for as long as the block runs.

    They are noted, and whoever works asks between two shares. Nothing is raised from a handler: it
    could come in the middle of a process being begun, which then nobody knows of, or in a place
    where Python prints what is raised and goes on. Once somebody asked, the signals stay ignored
    after the block: what is left takes moments, and another Ctrl-C would come while the interpreter
    ends, which then stays for its threads and shows their traceback.

    Args:
        said: called once, from `asked`, when somebody wants an end: a handler of a signal that
            writes could come in the middle of a line.
    """

    def __init__(self, said: Callable[[], object]) -> None:
        self._said = said
        self._told = False
        self._number: int | None = None
        self._twice = False
        self._wants = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for name in _SIGNALS:
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler if self._number is None else signal.SIG_IGN)

    def _take(self, number: int, _: object) -> None:
        if self._number is None:
            self._number, self._wants = number, True
        else:
            self._twice = True

    def ask(self) -> None:
        """Want an end for a reason of the command's own."""
        self._wants = True

    def asked(self) -> bool:
        """Return whether to begin nothing more."""
        if self._number is not None and not self._told:
            self._told = True
            self._said()
        return self._wants

    def check(self) -> None:
        """Say whether to go on with what is begun.

        Raises:
            StoppedNow: somebody asked twice.
        """
        if self._twice:
            raise StoppedNow

    def hear(self) -> None:
        """Say that an end is wanted, where it is, while nothing but waiting can be done.

        Raises:
            StoppedNow: somebody asked twice.
        """
        self.asked()
        self.check()

    @property
    def status(self) -> int:
        """Return what a command ends with that a signal ended: 130 for Ctrl-C."""
        return 128 + (self._number or signal.SIGINT)
