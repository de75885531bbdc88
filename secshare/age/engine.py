"""Encrypting and decrypting: binary files in, binary files out."""

from __future__ import annotations

import secrets
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.age import header, pair, payload, positioned, stream, unlocking
from secshare.age.armor import ArmorWriter
from secshare.age.derive import FILE_KEY_BYTES
from secshare.age.intake import Intake, Outlet, left, writing
from secshare.age.opening import begin
from secshare.age.scrypt import ScryptRecipient
from secshare.errors import HeaderDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

    from secshare.age.protocols import Identity, Progress, Recipient


def encrypt(
    source: BinaryIO,
    sink: BinaryIO,
    recipients: Iterable[Recipient],
    *,
    armor: bool = False,
    progress: Progress | None = None,
) -> None:
    """Encrypt everything that `source` holds from its position on, for all of `recipients`.

    Memory is constant. Two real files are worked on by two threads; anything else streams on one.
    The sink is not to be trusted until this returns: `encrypt_file` leaves nothing half-written.

    Args:
        source: a binary file to read; it need not be seekable.
        sink: a binary file to write; it need not be seekable.
        recipients: who can open it. A recipient given twice counts once. A passphrase stands
            alone, and hybrid recipients only among themselves.
        armor: write text instead of bytes, a third larger, on one thread.
        progress: called with the bytes of clear text done; whatever it raises cancels.

    Raises:
        RecipientDataInvalid: nobody to encrypt for, or a key that is no key.
        WrongKind: recipients that may not stand together.
        WorkRefused: more recipients than a header may have, or no memory for scrypt.
        InputUnreadable: the source cannot be read, or changed its length meanwhile.
        OutputRefused: the sink cannot be written, or is the source.
    """
    positioned.check_apart(source, sink)
    file_key = secrets.token_bytes(FILE_KEY_BYTES)
    recipients = unlocking.distinct(recipients)
    if not armor and isinstance(recipients[0], ScryptRecipient) and _pays(source, sink):
        _encrypt_while_deriving(source, sink, recipients[0], file_key, progress)
        return
    nonce = secrets.token_bytes(payload.NONCE_BYTES)
    head = unlocking.lock(recipients, file_key) + nonce
    key = payload.cipher(file_key, nonce)
    outlet = Outlet(sink)
    if armor:
        writer = ArmorWriter(outlet)
        writer.write(head)
        stream.seal(Intake(source), writer, key, total=left(source), progress=progress)
        writer.close()
        return
    outlet.write(head)
    ends = positioned.places(source, sink)
    if ends is not None and ends[0].size >= pair.LEAST:
        pair.seal(*ends, key, progress)
    else:
        stream.seal(Intake(source), outlet, key, total=left(source), progress=progress)


def _pays(source: BinaryIO, sink: BinaryIO) -> bool:
    """Say whether these are two real files, and enough to share out among threads."""
    ends = positioned.places(source, sink)
    return ends is not None and ends[0].size >= pair.LEAST


class _Deriving:
    """A header being made in a thread of its own, because scrypt takes its time."""

    def __init__(self, recipient: ScryptRecipient, file_key: bytes) -> None:
        self._made: bytes | BaseException = b""
        self._thread = threading.Thread(
            target=self._make, args=(recipient, file_key), name="secshare.age.scrypt", daemon=True
        )
        self._thread.start()

    def _make(self, recipient: ScryptRecipient, file_key: bytes) -> None:
        try:
            self._made = unlocking.lock([recipient], file_key)
        except BaseException as error:
            self._made = error

    def join(self) -> None:
        """Wait until it is made, or cannot be."""
        self._thread.join()

    def head(self) -> bytes:
        """Return the header.

        Raises:
            What making it raised.
        """
        if isinstance(self._made, BaseException):
            raise self._made
        return self._made


def _encrypt_while_deriving(
    source: BinaryIO,
    sink: BinaryIO,
    recipient: ScryptRecipient,
    file_key: bytes,
    progress: Progress | None,
) -> None:
    """Encrypt a file's rest for a passphrase, scrypt and payload at the same time.

    The payload needs the file key, which is drawn, and not what scrypt gives, which only wraps it.
    So the header is left blank, as long as it will be, and written when the payload is there.
    """
    outlet, start = Outlet(sink), sink.tell()
    nonce = secrets.token_bytes(payload.NONCE_BYTES)
    try:
        outlet.write(bytes(len(header.build([recipient.blank()], file_key))) + nonce)
        ends = positioned.places(source, sink)
        assert ends is not None  # noqa: S101  # `_pays` looked
        deriving = _Deriving(recipient, file_key)
        try:
            pair.seal(*ends, payload.cipher(file_key, nonce), progress)
        finally:
            deriving.join()
        end = sink.tell()
        with writing():
            sink.seek(start)
        outlet.write(deriving.head())
        with writing():
            sink.seek(end)
    except BaseException:
        with suppress(OSError, ValueError):  # what happened first is what matters
            sink.seek(start)
            sink.truncate()
        raise


def decrypt(
    source: BinaryIO,
    sink: BinaryIO,
    identities: Sequence[Identity],
    *,
    max_work_factor: int = profiles.WORK_FACTOR_READ,
    progress: Progress | None = None,
) -> None:
    """Decrypt the age file that `source` holds from its position on, armored or not.

    The sink receives verified clear text only, in order, but before the end of the file is
    verified: **it is not to be trusted until this returns.** A file cut short or damaged near its
    end has by then given its beginning away. `decrypt_file` shows nothing until all is verified;
    `open_reader` verifies the end first.

    Args:
        source: a binary file to read; it need not be seekable.
        sink: a binary file to write; it need not be seekable.
        identities: what may open it, tried in order.
        max_work_factor: the heaviest scrypt work factor accepted, checked before any scrypt is
            computed; at most 22.
        progress: called with the bytes of clear text done; whatever it raises cancels.

    Raises:
        NotAgeFile: it is no age file; with a text of its own for an empty file and for one that
            PowerShell turned into UTF-16.
        ArmorDamaged, HeaderDamaged, HeaderMacWrong: as their names say.
        WrongKind: a passphrase file given keys only, or the reverse.
        PassphraseWrong: these words do not open it (or the scrypt stanza is damaged: the format
            cannot tell these apart).
        IdentityMismatch: it was encrypted for somebody else, or no identity was given.
        WorkRefused: a work factor, a header or a need of memory above the profile.
        PayloadTruncated, PayloadTrailing, PayloadDamaged: cut short, added to, or altered.
        InputUnreadable, OutputRefused: the platform refused to read or write.
    """
    positioned.check_apart(source, sink)
    start, size = _position(source), left(source)
    opened = begin(source)
    file_key = unlocking.unlock(opened.header, identities, max_work_factor=max_work_factor)
    nonce = opened.intake.take(payload.NONCE_BYTES)
    if len(nonce) < payload.NONCE_BYTES:
        raise HeaderDamaged("age.nonce_cut")
    key = payload.cipher(file_key, nonce)
    at = opened.header.size + payload.NONCE_BYTES
    total = None if size is None or opened.armored else payload.clear_size(size - at)
    if total is not None and start is not None and total >= pair.LEAST:
        ahead = source.tell()
        source.seek(start + at)
        if (ends := positioned.places(source, sink)) is not None:
            pair.unseal(*ends, key, progress)
            return
        source.seek(ahead)
    stream.unseal(opened.intake, Outlet(sink), key, total=total, progress=progress)


def _position(source: BinaryIO) -> int | None:
    try:
        return source.tell()
    except (AttributeError, OSError):
        return None
