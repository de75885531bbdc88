"""Looking ahead: what is known of the next shares, in order, once the guard agrees."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.batch import rows, working
from secshare.batch.guard import Guard, Seen
from secshare.batch.pool import TaskLost, answer
from secshare.batch.tasks import Looked
from secshare.errors import InputUnreadable

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from concurrent.futures import Future

    from secshare.batch.pool import Pool
    from secshare.batch.tasks import Setup
    from secshare.store.spool import Spool

__all__ = ["Ahead"]

_AT_ONCE: Final = 1_000  # numbers of rows that are taken out of the spool at once


@dataclass(slots=True)
class _Share:
    """A share that is being looked at, or waits for the guard.

    Attributes:
        position: its place in the manifest, 0 for the first; the guard is told of it once.
        began: when it was first looked at, by a clock that only goes on.
        tries: how often.
    """

    number: int
    position: int
    began: float
    tries: int = 0
    looked: Looked | None = None


class Ahead:
    """The shares of a manifest, looked at by the processes of a pool, a bounded number ahead.

    Args:
        shares: how many there are.
        jobs: how many processes there are.
    """

    def __init__(self, pool: Pool, spool: Spool, setup: Setup, shares: int, jobs: int) -> None:
        self._pool, self._spool, self._setup = pool, spool, setup
        self._guard = Guard(shares)
        self._most = profiles.GUARD_ROWS + 2 * profiles.BATCH_WAITING * jobs
        self._at_once = 2 * jobs  # one for each process, and one that waits for it
        self._unread = deque[int]()
        self._last = 0
        self._fed = 0
        self._halted = False
        self.looked = 0  # how many shares something is known of
        self._alone = deque[_Share]()  # whose process died: one after the other, and nothing beside
        self._looking: dict[Future[list[Looked]], list[_Share]] = {}
        self._waiting = deque[_Share]()  # in the manifest's order, looked at or not

    @property
    def futures(self) -> list[Future[list[Looked]]]:
        """What the pool is doing for it."""
        return list(self._looking)

    @property
    def over(self) -> bool:
        """Whether nothing is left to be looked at, nor to be sealed."""
        if self._halted:
            return not self._looking
        return not (self._looking or self._waiting or self._alone or self._more())

    def halt(self) -> None:
        """Look at nothing more, and let nothing more be sealed."""
        # What the pool was given is not cancelled: where a process dies just then, Python 3.11
        # gives an error to tasks that were, and ends with a traceback of its own.
        self._halted = True
        self._waiting.clear()
        self._alone.clear()

    def feed(self) -> None:
        """Have the pool look at as many more as it may.

        Raises:
            BrokenExecutor: a process died; see `put_back`.
        """
        while not self._halted and len(self._looking) < self._at_once:
            if self._alone:
                if not self._looking:
                    self._look([self._alone.popleft()])
                return
            room = min(self._most - len(self._waiting), profiles.BATCH_TOGETHER)
            shares = [self._share() for _ in range(room) if self._more()]
            if not shares:
                return
            self._waiting.extend(shares)
            self._look(shares)

    def _share(self) -> _Share:
        share = _Share(self._unread.popleft(), self._fed, time.monotonic())
        self._fed += 1
        return share

    def _more(self) -> bool:
        if not self._unread:
            self._unread.extend(rows.numbers(self._spool, self._last, _AT_ONCE))
            if self._unread:
                self._last = self._unread[-1]
        return bool(self._unread)

    def _look(self, shares: list[_Share]) -> None:
        try:
            numbers = [share.number for share in shares]
            future = self._pool.submit(working.look, self._setup, numbers)
        except BrokenExecutor:
            self._alone.extend(shares)
            raise
        for share in shares:
            share.tries += 1
        self._looking[future] = shares

    def take(self, future: Future[list[Looked]]) -> None:
        """Take what is known of some shares, and tell the guard.

        Raises:
            BrokenExecutor: the process died in the middle of it; see `put_back`.
            TaskLost: it came to nothing in another way; it is done again, too.
            PreflightStopped: a column slipped, see `Guard.see`.
            PracticeInvalid: the practice cannot be opened there.
        """
        shares = self._looking.pop(future)
        try:
            found = answer(future)
        except (BrokenExecutor, TaskLost):
            self._died(shares)
            raise
        for share, looked in zip(shares, found, strict=True):
            share.looked = looked
            self.looked += 1
            if not self._halted:
                self._guard.see(share.position, looked.seen)

    def put_back(self) -> None:
        """Have everything that the pool was doing for it done again, one after the other.

        Raises:
            PreflightStopped: a column slipped.
        """
        lost, self._looking = self._looking, {}
        for shares in lost.values():
            self._died(shares)

    def _died(self, shares: list[_Share]) -> None:
        for share in shares if not self._halted else ():
            if share.tries < profiles.BATCH_AGAIN:
                self._alone.append(share)
            else:
                self._give_up(share)

    def _give_up(self, share: _Share) -> None:
        error = InputUnreadable("running.died")
        share.looked = Looked(share.number, share.number, Seen(share.number), error=error)
        self.looked += 1
        self._guard.see(share.position, share.looked.seen)

    def ready(self, most: int, busy: Container[bytes]) -> Iterator[tuple[Looked, float]]:
        """Yield what may be sealed by now, in the manifest's order, and when each began.

        What cannot be sealed anyway waits for its turn too, so that a batch which a slip ends said
        nothing about rows behind it.

        Args:
            most: how many that can be sealed.
            busy: identities that are being sealed: a row that is like one of them waits for what
                becomes of that one.

        Raises:
            PreflightStopped: a column slipped.
        """
        while self._waiting and most:
            share = self._waiting[0]
            if share.looked is None or not self._guard.knows(share.position):
                return
            if share.looked.identity in busy:
                return
            self._waiting.popleft()
            most -= share.looked.addressed is not None
            yield share.looked, share.began
