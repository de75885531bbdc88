"""Payloads from any source to any sink, on one thread, one chunk in memory and one ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from secshare.age import payload

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from secshare.age.intake import Intake
    from secshare.age.protocols import Progress


class Sink(Protocol):
    """Where bytes go: an outlet, or the armor around one."""

    def write(self, data: bytes) -> None:
        """Write all of `data`."""


def seal(
    intake: Intake,
    sink: Sink,
    key: ChaCha20Poly1305,
    *,
    total: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Seal everything that `intake` still holds."""
    number = done = 0
    chunk = intake.take(payload.CHUNK)
    while True:
        following = intake.take(payload.CHUNK)
        nonce = payload.chunk_nonce(number, last=not following)
        sink.write(key.encrypt(nonce, chunk, None))
        done += len(chunk)
        if progress is not None:
            progress(done, total)
        if not following:
            return
        number, chunk = number + 1, following


def unseal(
    intake: Intake,
    sink: Sink,
    key: ChaCha20Poly1305,
    *,
    total: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Open everything that `intake` still holds. The sink gets verified clear text only, in order.

    Raises:
        PayloadTruncated, PayloadTrailing, PayloadDamaged: see there. The sink then holds the
            chunks that were genuine up to that place, and is not to be trusted as a whole.
    """
    number = done = 0
    sealed = intake.take(payload.SEALED)
    while True:
        following = intake.take(payload.SEALED)
        opened = (payload.open_inner if following else payload.open_last)(key, number, sealed)
        if opened.clear:
            sink.write(opened.clear)
        if opened.fault is not None:
            raise opened.fault
        done += len(opened.clear)
        if progress is not None:
            progress(done, total)
        if not following:
            return
        number, sealed = number + 1, following
