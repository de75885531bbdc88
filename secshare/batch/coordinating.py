"""Between two commits of a batch: what is looked at, what is being sealed, and what comes next."""

from __future__ import annotations

import time
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.batch import working
from secshare.batch.looking import Ahead
from secshare.batch.recording import Writer
from secshare.batch.tasks import Setup
from secshare.errors import AnswerNeeded, InputUnreadable, OutputRefused, SecshareError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from secshare.batch.manifest import Manifest
    from secshare.batch.pool import Pool
    from secshare.batch.recording import InFlight
    from secshare.batch.running import Options
    from secshare.batch.tasks import Sealed
    from secshare.batch.telling import Teller
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["Coordinator"]

_PATIENCE: Final = 0.5  # seconds between two looks at whether somebody wants it to end


class Coordinator:
    """A run: between two commits, what is looked at and what is being sealed.

    Attributes:
        fault: what ended the whole of it; what was in flight is finished all the same.
    """

    def __init__(
        self,
        desk: Desk,
        spool: Spool,
        manifest: Manifest,
        options: Options,
        *,
        fresh: bool,
        pool: Pool,
        teller: Teller,
    ) -> None:
        self.fault: SecshareError | None = None
        self._options, self._pool, self._teller = options, pool, teller
        self._setup = Setup(
            practice=desk.practice.folder,
            spool=spool.path,
            folder=manifest.folder,
            run=options.run,
            accept=options.accept,
            today=options.today,
            fresh=fresh,
            preflight=options.preflight,
        )
        self._ahead = Ahead(pool, spool, self._setup, manifest.shares, options.jobs)
        self._writer = Writer(desk, spool, options.run, teller.outcome.stages)
        self._most = profiles.BATCH_WAITING * options.jobs
        self._unasked = fresh
        self._sealing: dict[Future[list[Sealed]], list[InFlight]] = {}
        self._ended: list[InFlight] = []
        self._again: deque[InFlight] = deque()  # whose process died: one after the other
        self._died = Counter[bytes]()  # how often, by identity

    def until_its_end(self, stop: Callable[[], bool], on_look: Callable[[int], None]) -> None:
        """Do all of it, or as much as was begun when somebody wants it to end."""
        began, outcome = time.monotonic(), self._teller.outcome
        while self._sealing or self._ended or self._again or not self._ahead.over:
            if not outcome.stopped and stop():
                outcome.stopped = True
                self._halt()
            try:
                self._ahead.feed()
                self._commit()
                self._take()
            except BrokenExecutor:
                self._pool.renew()
                self._ahead.put_back()
                self._put_back(self._in_flight())
                self._sealing.clear()
            on_look(self._ahead.looked)
            outcome.seconds = time.monotonic() - began

    def drop(self) -> None:
        """Take back what is in flight, as far as it can be; the next command settles the rest."""
        for share in (*self._in_flight(), *self._ended):
            self._writer.take_back(share)

    def _in_flight(self) -> Iterator[InFlight]:
        """Yield what is being sealed."""
        return chain.from_iterable(self._sealing.values())

    def _halt(self) -> None:
        self._ahead.halt()
        self._again.clear()

    def _give_up(self, error: SecshareError) -> None:
        if self.fault is None:
            self.fault = error
        self._halt()

    # --- what the processes answer --------------------------------------------------------------

    def _take(self) -> None:
        """Wait for what the pool ends next, and take all that it ended.

        Raises:
            BrokenExecutor: one of its processes died.
        """
        futures: list[Future[Any]] = [*self._sealing, *self._ahead.futures]
        done, _ = wait(futures, timeout=_PATIENCE, return_when=FIRST_COMPLETED)
        broken: BrokenExecutor | None = None
        for future in done:
            try:
                if future in self._sealing:
                    self._take_sealed(future)
                else:
                    self._ahead.take(future)
            except BrokenExecutor as error:
                broken = error
            except SecshareError as error:
                self._give_up(error)
        if broken is not None:
            raise broken

    def _take_sealed(self, future: Future[list[Sealed]]) -> None:
        shares = self._sealing.pop(future)
        try:
            came = future.result()
        except BrokenExecutor:
            self._put_back(shares)
            raise
        for share, sealed in zip(shares, came, strict=True):
            self._teller.add_stages(sealed.stages)
            if sealed.error is None:
                share.sealed = sealed
                self._ended.append(share)
                continue
            self._refuse(share, sealed.error)
            if isinstance(sealed.error, OutputRefused):  # of the outbox: no other would do better
                self._give_up(sealed.error)

    def _put_back(self, shares: Iterable[InFlight]) -> None:
        """Have shares sealed again, with other words, whose process died; or not a third time."""
        for share in shares:
            identity = share.looked.identity
            self._died[identity] += 1
            if self._died[identity] >= profiles.BATCH_AGAIN:
                self._refuse(share, InputUnreadable("running.died"))
            else:
                self._writer.take_back(share)
                self._again.append(share)

    def _refuse(self, share: InFlight, error: SecshareError) -> None:
        self._writer.take_back(share)
        self._teller.failed(share.looked, share.began, error)

    # --- what is recorded, and given to them ----------------------------------------------------

    def _commit(self) -> None:
        """Record what ended and what begins, and have that sealed."""
        beginning = [] if self.fault is not None else self._beginning()
        ended, self._ended = self._ended, []
        try:
            self._writer.commit(ended, beginning)
        except BaseException:
            for share in beginning:
                share.folder.close()
            raise
        for share in ended:
            self._teller.prepared(share)
        for share in beginning:
            if share.refused is not None:
                self._refuse(share, share.refused)
        begun = [share for share in beginning if share.refused is None]
        for at in range(0, len(begun), profiles.BATCH_TOGETHER):
            self._seal(begun[at : at + profiles.BATCH_TOGETHER])

    def _seal(self, shares: list[InFlight]) -> None:
        tasks = [self._writer.to_seal(share, drafts=self._options.drafts) for share in shares]
        try:
            self._sealing[self._pool.submit(working.seal, self._setup, tasks)] = shares
        except BrokenExecutor:
            self._put_back(shares)

    def _beginning(self) -> list[InFlight]:
        """Return what may be sealed by now; tell of what cannot be, or was already."""
        in_flight = [*self._in_flight(), *self._ended]
        beginning: list[InFlight] = []
        try:
            if self._again:
                if not in_flight:
                    share = self._again.popleft()
                    beginning.append(self._writer.intend(share.looked, share.began))
                return beginning
            self._check_run()
            busy = {share.looked.identity for share in in_flight}
            for looked, began in self._ahead.ready(self._most - len(in_flight), busy):
                self._teller.add_stages(looked.stages)
                already = looked.already
                if looked.addressed is not None:  # by another row, since it was looked at
                    already = self._writer.sealed_before(looked)
                if looked.addressed is None or already or self._options.dry_run:
                    self._teller.looked(looked, began, already)
                    continue
                busy.add(looked.identity)
                beginning.append(self._writer.intend(looked, began))
        except SecshareError as error:  # a column slipped, or the outbox cannot be written
            self._give_up(error)
        return beginning

    def _check_run(self) -> None:
        """Ask which run this is, before its first share: a manifest is corrected, and run again.

        Raises:
            AnswerNeeded: most of it was sealed in another run.
        """
        if self._unasked and self._ahead.may_begin:
            self._unasked = False
            if (run := self._ahead.elsewhere) is not None:
                raise AnswerNeeded("running.elsewhere", run=run, own=self._options.run)
