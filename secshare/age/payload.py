"""The payload: chunks of 64 KiB, each sealed under a counter, the last one marked as the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from secshare.age import derive
from secshare.errors import PayloadDamaged, PayloadTrailing, PayloadTruncated

if TYPE_CHECKING:
    from typing import TypeAlias

    Buffer: TypeAlias = bytes | bytearray | memoryview

NONCE_BYTES: Final = 16
TAG: Final = 16
CHUNK: Final = 1 << 16
SEALED: Final = CHUNK + TAG

_COUNTER_BYTES: Final = 11


class Opened(NamedTuple):
    """What one sealed chunk gave: verified clear text, and what is wrong with the file, if it is.

    Both may be there: a chunk can be genuine, and stand where it must not.
    """

    clear: bytes
    fault: PayloadDamaged | None = None


def cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    """Return the cipher of the payload that starts with this 16-byte nonce."""
    return ChaCha20Poly1305(derive.payload_key(file_key, nonce))


def chunk_nonce(number: int, *, last: bool) -> bytes:
    """Return the nonce of chunk `number`, counted from 0."""
    return number.to_bytes(_COUNTER_BYTES, "big") + (b"\x01" if last else b"\x00")


def sealed_size(clear: int) -> int:
    """Return the size of the chunks that hold so much clear text."""
    return clear + TAG * max(1, -(-clear // CHUNK))


def clear_size(sealed: int) -> int:
    """Return the clear text that chunks of this size hold, if they are whole."""
    return max(0, sealed - TAG * -(-sealed // SEALED))


def open_inner(key: ChaCha20Poly1305, number: int, sealed: Buffer) -> Opened:
    """Open a chunk that something follows."""
    if (clear := _opened(key, chunk_nonce(number, last=False), sealed)) is not None:
        return Opened(clear)
    if (clear := _opened(key, chunk_nonce(number, last=True), sealed)) is not None:
        return Opened(clear, PayloadTrailing("age.payload_trailing"))
    return Opened(b"", PayloadDamaged("age.payload_altered", chunk=number + 1))


def open_last(key: ChaCha20Poly1305, number: int, sealed: memoryview | bytes) -> Opened:
    """Open the chunk that nothing follows.

    A file cut in the middle of a chunk and one altered in its last chunk look alike; only where
    the cut falls between chunks, or leaves less than a chunk can be, is it sure to be a cut.
    """
    if len(sealed) < TAG:
        return Opened(b"", PayloadTruncated("age.payload_truncated"))
    if (clear := _opened(key, chunk_nonce(number, last=True), sealed)) is not None:
        if not clear and number:
            return Opened(b"", PayloadDamaged("age.payload_empty_chunk"))
        return Opened(clear)
    if (clear := _opened(key, chunk_nonce(number, last=False), sealed)) is not None:
        # Genuine, and not the last: what followed it is gone. A short one is no writer's work.
        whole = clear if len(clear) == CHUNK else b""
        return Opened(whole, PayloadTruncated("age.payload_truncated"))
    return Opened(b"", PayloadDamaged("age.payload_end"))


def _opened(key: ChaCha20Poly1305, nonce: bytes, sealed: Buffer) -> bytes | None:
    try:
        return key.decrypt(nonce, sealed, None)
    except InvalidTag:
        return None
