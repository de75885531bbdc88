"""Being asked to stop: once, what is begun is finished; twice, at once."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Stop"]

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C; the system, as systemd ends a service; the window that was closed."""


class Stop:
    """Takes the signals that end a command, for as long as the block runs.

    The first is noted, and whoever works asks between two shares; a second does what the first
    would have done elsewhere.

    Args:
        said: called once, from `asked`, when somebody wants an end: a handler of a signal that
            writes could come in the middle of a line.
    """

    def __init__(self, said: Callable[[], object]) -> None:
        self._said = said
        self._told = False
        self._number: int | None = None
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
            signal.signal(number, handler)

    def _take(self, number: int, frame: object) -> None:
        if self._number is None:
            self._number, self._wants = number, True
        elif callable(before := self._before[number]):
            before(number, frame)

    def ask(self) -> None:
        """Want an end for a reason of the command's own."""
        self._wants = True

    def asked(self) -> bool:
        """Return whether to begin nothing more."""
        if self._number is not None and not self._told:
            self._told = True
            self._said()
        return self._wants

    @property
    def status(self) -> int:
        """Return what a command ends with that a signal ended: 130 for Ctrl-C."""
        return 128 + (self._number or signal.SIGINT)
