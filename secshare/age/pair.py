"""Payloads from one real file to another on two threads, group by group.

The caller's thread is one of the two: it works, reports progress and takes Ctrl-C, so that nothing
has to be passed between threads but numbers.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidTag

from secshare.age import payload
from secshare.errors import OutputRefused, PayloadDamaged

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from secshare.age.positioned import Place
    from secshare.age.protocols import Progress

GROUP: Final = 16
"""Chunks in one read and one write: 1 MiB each way, which stays in the processor's cache."""

LEAST: Final = 4 << 20
"""Below so many bytes a second thread costs more than it brings."""


class _Buffers:
    """One thread's room: a group of clear chunks and a group of sealed ones."""

    def __init__(self) -> None:
        self.clear = memoryview(bytearray(GROUP * payload.CHUNK))
        self.sealed = memoryview(bytearray(GROUP * payload.SEALED))

    def pairs(self, count: int) -> list[tuple[memoryview, memoryview]]:
        """Return the first `count` whole chunks, clear and sealed."""
        return [
            (
                self.clear[at * payload.CHUNK : (at + 1) * payload.CHUNK],
                self.sealed[at * payload.SEALED : (at + 1) * payload.SEALED],
            )
            for at in range(count)
        ]


class _Task(Protocol):
    def __call__(self, group: int, buffers: _Buffers, /) -> int:
        """Do one group; return the bytes of clear text done."""


def seal(
    source: Place, sink: Place, key: ChaCha20Poly1305, progress: Progress | None = None
) -> None:
    """Seal a file's rest. On any exception the sink is cut where it stood.

    Raises:
        InputUnreadable: the file changed its length meanwhile, or cannot be read.
        OutputRefused: the disk is full, or cannot be written.
    """
    total = source.size
    chunks = max(1, -(-total // payload.CHUNK))

    def group(number: int, buffers: _Buffers) -> int:
        first = number * GROUP
        size = min(GROUP * payload.CHUNK, total - first * payload.CHUNK)
        source.read(buffers.clear[:size], first * payload.CHUNK)
        at = 0
        for chunk, (clear, sealed) in enumerate(buffers.pairs(-(-size // payload.CHUNK) or 1)):
            clear = clear[: size - chunk * payload.CHUNK]  # noqa: PLW2901 - the last is shorter
            nonce = payload.chunk_nonce(first + chunk, last=first + chunk == chunks - 1)
            at += key.encrypt_into(nonce, clear, None, sealed[: len(clear) + payload.TAG])
        sink.write(buffers.sealed[:at], first * payload.SEALED)
        return size

    try:
        _together(group, -(-chunks // GROUP), total, progress)
        source.check_size()
        source.stand(total)
        sink.stand(payload.sealed_size(total))
    except BaseException:
        with suppress(OutputRefused):  # what happened first is what matters
            sink.cut(0)
        raise


def unseal(
    source: Place, sink: Place, key: ChaCha20Poly1305, progress: Progress | None = None
) -> None:
    """Open a file's rest, sealed chunks from its position on.

    Where the payload is damaged the sink ends with the last genuine chunk before that place, as it
    would had it been opened forwards; on any other exception it is cut where it stood.

    Raises:
        PayloadTruncated, PayloadTrailing, PayloadDamaged: as `stream.unseal`.
        InputUnreadable: the file changed its length meanwhile, or cannot be read.
        OutputRefused: the disk is full, or cannot be written.
    """
    total = payload.clear_size(source.size)
    chunks = max(1, -(-source.size // payload.SEALED))
    faults: dict[int, PayloadDamaged] = {}  # by the bytes of clear text that stand before it

    def group(number: int, buffers: _Buffers) -> int:
        first = number * GROUP
        size = min(GROUP * payload.SEALED, source.size - first * payload.SEALED)
        source.read(buffers.sealed[:size], first * payload.SEALED)
        at = 0
        for chunk, (clear, sealed) in enumerate(buffers.pairs(-(-size // payload.SEALED) or 1)):
            if first + chunk == chunks - 1:
                opened = payload.open_last(
                    key, first + chunk, sealed[: size - chunk * payload.SEALED]
                )
            else:
                nonce = payload.chunk_nonce(first + chunk, last=False)
                try:
                    at += key.decrypt_into(nonce, sealed, None, clear)
                    continue
                except InvalidTag:  # once in a file's life: find out what is wrong
                    opened = payload.open_inner(key, first + chunk, sealed)
            buffers.clear[at : at + len(opened.clear)] = opened.clear
            at += len(opened.clear)
            if opened.fault is not None:
                faults[first * payload.CHUNK + at] = opened.fault
                break
        sink.write(buffers.clear[:at], first * payload.CHUNK)
        if faults:
            raise _Stop
        return at

    try:
        _together(group, -(-chunks // GROUP), total, progress)
        if not faults:
            source.check_size()
        source.stand(source.size)
        sink.stand(total)
    except BaseException:
        with suppress(OutputRefused):  # what happened first is what matters
            sink.cut(0)
        raise
    if faults:
        # Groups are handed out in order and none is left half-done, so the first fault is known.
        first = min(faults)
        sink.cut(first)
        raise faults[first]


class _Stop(Exception):
    """No more groups are wanted."""


class _Shift:
    """The groups still to do, and what the two threads tell each other."""

    def __init__(self, groups: int) -> None:
        self._groups = groups
        self._next = 0
        self._lock = threading.Lock()
        self.done = 0
        self.error: BaseException | None = None

    def take(self) -> int | None:
        """Return the next group, or None where there is none or no more are wanted."""
        with self._lock:
            if self._next >= self._groups:
                return None
            self._next += 1
            return self._next - 1

    def add(self, size: int) -> None:
        """Count clear text as done."""
        with self._lock:
            self.done += size

    def stop(self) -> None:
        """Hand out no more groups."""
        with self._lock:
            self._next = self._groups

    def work(self, task: _Task, report: Callable[[int], None] | None = None) -> None:
        """Do groups until there are none."""
        buffers = _Buffers()
        try:
            while (group := self.take()) is not None:
                self.add(task(group, buffers))
                if report is not None:
                    report(self.done)
        except _Stop:
            self.stop()


def _together(task: _Task, groups: int, total: int, progress: Progress | None) -> None:
    shift = _Shift(groups)

    def helper() -> None:
        try:
            shift.work(task)
        except BaseException as error:
            shift.error = error
            shift.stop()

    reported = -1

    def report(done: int) -> None:
        nonlocal reported
        if progress is not None and done != reported:
            progress(done, total)
            reported = done

    thread = threading.Thread(target=helper, name="secshare.age", daemon=True)
    try:
        if groups > 1:
            with suppress(RuntimeError):  # the system has no thread left to give: work alone
                thread.start()
        shift.work(task, report)
    finally:
        shift.stop()
        _joined(thread)
    if shift.error is not None:
        raise shift.error
    report(shift.done)


def _joined(thread: threading.Thread) -> None:
    """Wait until the helper is gone, Ctrl-C or not: it must never write to a file closed since."""
    interrupted: KeyboardInterrupt | None = None
    while thread.is_alive():
        try:
            thread.join()
        except KeyboardInterrupt as error:
            interrupted = error
    if interrupted is not None:
        raise interrupted
