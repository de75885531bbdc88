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
from secshare.batch.pool import TaskLost, answer
from secshare.batch.recording import Writer
from secshare.batch.tasks import Setup
from secshare.errors import (
    InputUnreadable,
    OutputRefused,
    PreflightStopped,
    SecshareError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from concurrent.futures import Future

    from secshare.batch.manifest import Manifest
    from secshare.batch.pool import Pool
    from secshare.batch.recording import InFlight
    from secshare.batch.running import Options
    from secshare.batch.tasks import Looked, Sealed
    from secshare.batch.telling import Teller
    from secshare.model import Reference
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["Coordinator"]

_PATIENCE: Final = 0.5  # seconds between two looks at whether somebody wants it to end


class Coordinator:
    """A run: between two commits, what is looked at and what is being sealed.

    Attributes:
        fault: what ended the whole of it; what was in flight is finished all the same.
        ended: whether every row had its turn.
    """

    def __init__(
        self,
        desk: Desk,
        spool: Spool,
        manifest: Manifest,
        options: Options,
        *,
        pool: Pool,
        teller: Teller,
    ) -> None:
        self.fault: SecshareError | None = None
        self.ended = False
        self._options, self._pool, self._teller = options, pool, teller
        self._shares = manifest.shares
        self._outbox = desk.practice.outbox
        self._setup = Setup(
            practice=desk.practice.folder,
            spool=spool.path,
            folder=manifest.folder,
            run=options.run,
            accept=options.accept,
            today=options.today,
            preflight=options.preflight,
        )
        self._ahead = Ahead(pool, spool, self._setup, manifest.shares, options.jobs)
        self._writer = Writer(desk, spool, options.run, teller.outcome.stages)
        self._most = profiles.BATCH_WAITING * options.jobs
        # Everything that was begun, until its end is recorded or it is taken back: nothing that is
        # raised between two lines leaves a share that nobody knows of.
        self._flight: dict[Reference, InFlight] = {}
        self._sealing: dict[Future[list[Sealed]], list[InFlight]] = {}
        self._ended: list[InFlight] = []
        self._again: deque[InFlight] = deque()  # whose process died: one after the other
        self._died = Counter[bytes]()  # how often, by identity
        self._lost = 0  # tasks that came to nothing, since one came to something

    def until_its_end(self, stop: Callable[[], bool], on_look: Callable[[int], None]) -> None:
        """Do all of it, or as much as was begun when somebody wants it to end.

        Raises:
            RegisterUnwritable, JournalBroken: nothing more can be recorded; see `drop`.
        """
        began, outcome = time.monotonic(), self._teller.outcome
        while self._flight or self._again or not self._ahead.over:
            if not outcome.stopped and stop():
                outcome.stopped = True
                self._halt()
            try:
                self._ahead.feed()
                self._commit()
                self._take()
            except BrokenExecutor as error:
                self._renew(error)
            on_look(self._ahead.looked)
            outcome.seconds = time.monotonic() - began
        # Somebody may have wanted an end when everything was begun.
        self.ended = self.fault is None and outcome.done == self._shares

    def drop(self) -> None:
        """Take back what is in flight, as far as it can be; the next command settles the rest.

        What has its name already is left to that: its end may be recorded, whatever was raised.
        """
        self._pool.close(wait=False)  # nobody writes into what is removed
        for share in list(self._flight.values()):
            if share.sealed is not None and (self._outbox / str(share.reference)).exists():
                share.folder.close()
            else:
                self._take_back(share)

    def _take_back(self, share: InFlight) -> None:
        self._writer.take_back(share)
        self._flight.pop(share.reference, None)

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
                    self._take_looked(future)
                self._lost = 0
            except BrokenExecutor as error:
                broken = error
            except TaskLost as error:
                self._count_lost(str(error))
        if broken is not None:
            raise broken

    def _take_looked(self, future: Future[list[Looked]]) -> None:
        try:
            self._ahead.take(future)
        except SecshareError as error:  # a column slipped, or the practice cannot be opened
            self._give_up(error)

    def _take_sealed(self, future: Future[list[Sealed]]) -> None:
        """Take shares that were sealed.

        Raises:
            BrokenExecutor: the process died; they stay with what is being sealed, see `_renew`.
            TaskLost: it came to nothing in another way; they are sealed again.
        """
        try:
            came = answer(future)
        except TaskLost:
            self._put_back(self._sealing.pop(future))
            raise
        except SecshareError as error:  # the practice cannot be opened there: nor for any other
            for share in self._sealing.pop(future):
                self._take_back(share)
            self._give_up(error)
            return
        for share, sealed in zip(self._sealing.pop(future), came, strict=True):
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
                self._seal_again(share)

    def _seal_again(self, share: InFlight) -> None:
        self._take_back(share)
        if self.fault is None:
            self._again.append(share)

    def _renew(self, error: BrokenExecutor) -> None:
        """Begin other processes, and give them everything that these had."""
        self._pool.renew()
        sealing, self._sealing = self._sealing, {}
        self._put_back(chain.from_iterable(sealing.values()))
        for share in [share for share in self._flight.values() if share.sealed is None]:
            self._seal_again(share)  # begun, and no process had it yet
        try:
            self._ahead.put_back()
        except PreflightStopped as slipped:
            self._give_up(slipped)
        self._count_lost(type(error).__name__)

    def _count_lost(self, kind: str) -> None:
        """End it where nothing comes of anything: the engine is broken, and not a row."""
        self._lost += 1
        if self._lost >= profiles.BATCH_BROKEN:
            self._give_up(InputUnreadable("running.engine", kind=kind))

    def _refuse(self, share: InFlight, error: SecshareError) -> None:
        self._take_back(share)
        self._teller.failed(share.looked, share.began, error)

    # --- what is recorded, and given to them ----------------------------------------------------

    def _commit(self) -> None:
        """Record what ended and what begins, and have that sealed."""
        beginning = [] if self.fault is not None else self._beginning()
        self._writer.commit(self._ended, beginning)
        ended, self._ended = self._ended, []
        for share in ended:
            del self._flight[share.reference]  # it stands, whatever becomes of telling it
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
        self._sealing[self._pool.submit(working.seal, self._setup, tasks)] = shares

    def _beginning(self) -> list[InFlight]:
        """Return what may be sealed by now; tell of what cannot be, or was already."""
        if self._again:
            if self._flight:
                return []
            share = self._again.popleft()
            return self._intend(share.looked, share.began)
        busy = {share.looked.identity for share in self._flight.values()}
        beginning: list[InFlight] = []
        for looked, began in self._ready(busy):
            self._teller.add_stages(looked.stages)
            if not self._is_told(looked, began):
                busy.add(looked.identity)
                beginning += self._intend(looked, began)
        return beginning

    def _ready(self, busy: Container[bytes]) -> Iterator[tuple[Looked, float]]:
        """Yield what it is known by now what is to become of; see `Ahead.ready`."""
        try:
            yield from self._ahead.ready(self._most - len(self._flight), busy)
        except PreflightStopped as error:
            self._give_up(error)

    def _is_told(self, looked: Looked, began: float) -> bool:
        """Tell of a share that is not to be sealed, or is already; return whether it is one."""
        already = looked.already
        if looked.addressed is not None:  # by another row, since it was looked at
            already = self._writer.sealed_before(looked)
        if looked.addressed is not None and already is None and not self._options.dry_run:
            return False
        self._teller.looked(looked, began, already)
        return True

    def _intend(self, looked: Looked, began: float) -> list[InFlight]:
        """Begin a share; nothing where the outbox cannot be written: nor can it for any other."""
        try:
            share = self._writer.intend(looked, began)
        except OutputRefused as error:
            self._give_up(error)
            return []
        self._flight[share.reference] = share
        return [share]
