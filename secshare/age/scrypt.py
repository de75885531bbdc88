"""scrypt: a file that opens with a passphrase, whatever program made it."""

from __future__ import annotations

import operator
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.age import b64, derive
from secshare.age.header import Stanza
from secshare.age.protocols import Guarded
from secshare.errors import HeaderDamaged, PassphraseWrong, WorkRefused
from secshare.model import Passphrase

if TYPE_CHECKING:
    from collections.abc import Sequence

STANZA: Final = "scrypt"
_SALT_BYTES: Final = 16
_SALT_LABEL: Final = b"age-encryption.org/v1/scrypt"
_FACTOR: Final = re.compile(r"[1-9][0-9]*")


class ScryptRecipient(Guarded):
    """Whoever knows a passphrase. It stands alone in a file, without any other recipient."""

    __slots__ = ("_label", "_secret", "_work_factor")

    def __init__(self, passphrase: str | Passphrase, *, work_factor: int | None = None) -> None:
        """Take a passphrase, exactly as it is: nothing is trimmed, folded or normalised.

        Args:
            passphrase: drawn words, or any text.
            work_factor: scrypt's N is 2 to this power. By default 14 for drawn words and 18 for
                any other text, and never less than that: a light factor is safe only where the
                machine chose the words. At most 20, the most that is read unasked, here and in
                browsers.

        Raises:
            PassphraseWrong: the passphrase is empty, or is not text.
            WorkRefused: the factor is lighter than allowed, or so heavy that others do not open
                it.
            TypeError: the factor is not an integer.
        """
        drawn = isinstance(passphrase, Passphrase)
        least = profiles.WORK_FACTOR_DRAWN if drawn else profiles.WORK_FACTOR_CHOSEN
        factor = least if work_factor is None else operator.index(work_factor)
        if factor < least:
            raise WorkRefused("age.work_factor_light", least=least)
        if factor > profiles.WORK_FACTOR_READ:  # what is written, others must open unasked
            raise WorkRefused("age.work_factor_heavy", most=profiles.WORK_FACTOR_READ)
        self._secret = _encoded(passphrase)
        self._work_factor = factor
        self._label = secrets.token_hex(16)

    @property
    def work_factor(self) -> int:
        """The factor that was checked; another one is another recipient's."""
        return self._work_factor

    @property
    def label(self) -> str:
        """A label like nobody else's: this recipient stands alone."""
        return self._label

    def blank(self) -> Stanza:
        """Return a stanza as long as what `wrap` returns, with nothing in it."""
        args = (b64.encode(bytes(_SALT_BYTES)), str(self._work_factor))
        return Stanza(STANZA, args, bytes(derive.WRAPPED_BYTES))

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap a file key under the passphrase, with a salt made for this file alone.

        Raises:
            WorkRefused: there is not enough memory for this work factor.
        """
        # A derived key is never kept for a second file: the nonce of the wrapping is fixed.
        salt = secrets.token_bytes(_SALT_BYTES)
        wrap_key = _derived(self._secret, salt, self._work_factor)
        args = (b64.encode(salt), str(self._work_factor))
        return Stanza(STANZA, args, derive.wrap(wrap_key, file_key))


class ScryptIdentity(Guarded):
    """A passphrase, to open with. It is tried exactly as it is."""

    __slots__ = ("_passphrase", "_secret")

    def __init__(self, passphrase: str | Passphrase) -> None:
        """Take a passphrase.

        Raises:
            PassphraseWrong: the passphrase is empty, or is not text.
        """
        self._secret = _encoded(passphrase)
        self._passphrase = passphrase

    def recipient(self) -> ScryptRecipient:
        """Return the side that seals, with the work factor of this passphrase's kind."""
        return ScryptRecipient(self._passphrase)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key, or None where these words do not open the file.

        A damaged body and wrong words look alike here; the format cannot tell them apart.

        Raises:
            HeaderDamaged: the scrypt stanza does not follow the format, or is not alone.
            WorkRefused: the work factor is above 22, or there is not enough memory for it.
        """
        factor = work_factor(stanzas)
        if factor is None:
            return None
        if factor > profiles.WORK_FACTOR_READ_MOST:
            raise WorkRefused(
                "age.work_factor_refused", factor=factor, most=profiles.WORK_FACTOR_READ_MOST
            )
        salt = b64.decode(stanzas[0].args[0]) or b""
        return derive.unwrap(_derived(self._secret, salt, factor), stanzas[0].body)


def work_factor(stanzas: Sequence[Stanza]) -> int | None:
    """Return the work factor that a header asks for, or None where it has no scrypt stanza.

    No scrypt is computed. A number of many digits is cut to a large one: it is refused anyway.

    Raises:
        HeaderDamaged: the scrypt stanza does not follow the format, or is not alone.
    """
    if all(stanza.type != STANZA for stanza in stanzas):
        return None
    if len(stanzas) != 1:
        raise HeaderDamaged("age.scrypt_not_alone")
    (stanza,) = stanzas
    salt = b64.decode(stanza.args[0]) if len(stanza.args) == 2 else None
    if (
        salt is None
        or len(salt) != _SALT_BYTES
        or not _FACTOR.fullmatch(stanza.args[1])
        or len(stanza.body) != derive.WRAPPED_BYTES
    ):
        raise HeaderDamaged("age.stanza_damaged", type=STANZA)
    return int(stanza.args[1][:4])


def _encoded(passphrase: str | Passphrase) -> bytes:
    text = passphrase.reveal() if isinstance(passphrase, Passphrase) else passphrase
    if not text:
        raise PassphraseWrong("age.passphrase_empty")
    encoded = b""
    with suppress(UnicodeEncodeError):  # it holds the whole text, so no error of ours may hold it
        # Bytes that a terminal or a file could not decode come back as they were (PEP 383).
        encoded = text.encode("utf-8", "surrogateescape")
    if not encoded:
        raise PassphraseWrong("age.passphrase_not_text")
    return encoded


def _derived(secret: bytes, salt: bytes, factor: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # for passphrases only

    try:
        return Scrypt(salt=_SALT_LABEL + salt, length=32, n=1 << factor, r=8, p=1).derive(secret)
    except MemoryError:
        raise WorkRefused("age.work_memory", memory=1 << max(factor - 10, 0)) from None
