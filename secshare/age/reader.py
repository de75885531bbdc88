"""Clear text as a seekable file: the end verified first, every chunk before it is shown."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.age import payload, unlocking
from secshare.age.intake import left
from secshare.age.opening import begin
from secshare.age.protocols import Guarded
from secshare.errors import HeaderDamaged, InputUnreadable, WorkRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    from secshare.age.protocols import Identity

_BLOCK: Final = 1 << 16


def open_reader(
    source: BinaryIO,
    identities: Sequence[Identity],
    *,
    max_work_factor: int = profiles.WORK_FACTOR_READ,
) -> io.RawIOBase:
    """Open an age file as a readable, seekable file of its clear text.

    The last chunk is verified before this returns, so that the length is sure and a file cut
    short is refused at once; every other chunk is verified when it is read. One chunk stands in
    memory. The source stays open and the caller's own: do not move it while reading.

    An armored file is first decoded in memory, up to `profiles.ARMOR_MEMORY`.

    Raises:
        InputUnreadable: the source is not seekable.
        WorkRefused: an armored file too large to be decoded in memory.
        Everything `decrypt` raises, its payload errors from `read` too.
    """
    if left(source) is None:
        raise InputUnreadable("age.not_seekable")
    start = source.tell()
    opened = begin(source)
    file_key = unlocking.unlock(opened.header, identities, max_work_factor=max_work_factor)
    nonce = opened.intake.take(payload.NONCE_BYTES)
    if len(nonce) < payload.NONCE_BYTES:
        raise HeaderDamaged("age.nonce_cut")
    key = payload.cipher(file_key, nonce)
    if not opened.armored:
        return _Reader(source, start + opened.header.size + payload.NONCE_BYTES, key)
    decoded = io.BytesIO()
    while part := opened.intake.take(_BLOCK):
        decoded.write(part)
        if decoded.tell() > profiles.ARMOR_MEMORY:
            raise WorkRefused("age.armor_memory", most=profiles.ARMOR_MEMORY >> 20)
    return _Reader(decoded, 0, key)


class _Reader(Guarded, io.RawIOBase):
    def __init__(self, source: BinaryIO, start: int, key: ChaCha20Poly1305) -> None:
        super().__init__()
        self._source = source
        self._start = start
        self._key = key
        self._sealed = max(source.seek(0, os.SEEK_END) - start, 0)
        self._chunks = max(1, -(-self._sealed // payload.SEALED))
        self._at = 0
        self._number = -1
        self._chunk = b""
        self._load(self._chunks - 1)
        self._size = (self._chunks - 1) * payload.CHUNK + len(self._chunk)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        self._check_open()
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self._check_open()
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("negative position")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        self._check_open()
        number, within = divmod(self._at, payload.CHUNK)
        if self._at >= self._size:
            return 0
        if number != self._number:
            self._load(number)
        view = memoryview(buffer).cast("B")
        part = self._chunk[within : within + len(view)]
        view[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._chunk = b""
        super().close()

    def _load(self, number: int) -> None:
        sealed = self._read(number * payload.SEALED)
        last = number == self._chunks - 1
        opened = (payload.open_last if last else payload.open_inner)(self._key, number, sealed)
        if opened.fault is not None:
            raise opened.fault
        self._number, self._chunk = number, opened.clear

    def _read(self, offset: int) -> bytes:
        wanted = min(payload.SEALED, self._sealed - offset)
        parts = []
        try:
            self._source.seek(self._start + offset)
            while wanted and (part := self._source.read(wanted)):
                parts.append(part)
                wanted -= len(part)
        except OSError as error:
            raise InputUnreadable("age.read_failed", reason=error.strerror or "") from error
        if wanted:
            raise InputUnreadable("age.source_changed")
        return b"".join(parts)

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file")
