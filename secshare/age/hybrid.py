"""mlkem768x25519: hybrid key agreement, ML-KEM-768 with X25519, through HPKE."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from typing import TYPE_CHECKING, Final, Self

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from secshare.age import b64, bech32, derive
from secshare.age.header import Stanza
from secshare.age.protocols import Guarded
from secshare.errors import ExtraMissing, HeaderDamaged, IdentityMismatch, RecipientDataInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence

STANZA: Final = "mlkem768x25519"
RECIPIENT_PREFIX: Final = "age1pq"
IDENTITY_PREFIX: Final = "age-secret-key-pq-"
SEED_BYTES: Final = 32
_MLKEM_SEED: Final = 64
_MLKEM_KEY: Final = 1184
_MLKEM_SHARE: Final = 1088
_X25519: Final = 32
_SHARE: Final = _MLKEM_SHARE + _X25519
_INFO: Final = b"age-encryption.org/mlkem768x25519"


class HybridRecipient:
    """A public key, `age1pq1...`. It stands only beside others of its kind."""

    __slots__ = ("_key", "_public")
    label = "postquantum"

    def __init__(self, key: bytes) -> None:
        """Take a public key of 1,216 bytes.

        Raises:
            RecipientDataInvalid: not 1,216 bytes, or not a key.
            ExtraMissing: the installed cryptography has no ML-KEM.
        """
        if len(key) != _MLKEM_KEY + _X25519:
            raise RecipientDataInvalid("age.recipient_invalid")
        try:
            self._public = hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(key[:_MLKEM_KEY]),
                X25519PublicKey.from_public_bytes(key[_MLKEM_KEY:]),
            )
        except ValueError:
            raise RecipientDataInvalid("age.recipient_invalid") from None
        except UnsupportedAlgorithm:
            raise ExtraMissing("age.hybrid_missing") from None
        self._key = key

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `age1pq1...`.

        Raises:
            RecipientDataInvalid: it is not a hybrid recipient, or a character is wrong.
        """
        try:
            prefix, key = bech32.decode(text.strip())
        except ValueError:
            raise RecipientDataInvalid("age.recipient_invalid") from None
        if prefix != RECIPIENT_PREFIX:
            raise RecipientDataInvalid("age.recipient_invalid")
        return cls(key)

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap a file key by HPKE, with a share made for this file alone.

        Raises:
            RecipientDataInvalid: the key is one that would give everybody the file key.
        """
        try:
            sealed = _suite().encrypt(file_key, self._public, _INFO)
        except ValueError:  # an X25519 part of low order
            raise RecipientDataInvalid("age.recipient_invalid") from None
        return Stanza(STANZA, (b64.encode(sealed[:_SHARE]),), sealed[_SHARE:])

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self._key)

    def __repr__(self) -> str:
        return f"<HybridRecipient {str(self)[:24]}...>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HybridRecipient) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


class HybridIdentity(Guarded):
    """A private key, `AGE-SECRET-KEY-PQ-1...`. Only `reveal()` shows it."""

    __slots__ = ("_private", "_public", "_seed", "_x25519")

    def __init__(self, seed: bytes) -> None:
        """Take a seed of 32 bytes, which expands with SHAKE-256 to both private keys.

        Raises:
            IdentityMismatch: not 32 bytes.
            ExtraMissing: the installed cryptography has no ML-KEM.
        """
        if len(seed) != SEED_BYTES:
            raise IdentityMismatch("age.identity_invalid")
        expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED + _X25519)
        try:
            mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED])
        except UnsupportedAlgorithm:
            raise ExtraMissing("age.hybrid_missing") from None
        self._x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:])
        self._private = hpke.MLKEM768X25519PrivateKey(mlkem, self._x25519)
        self._public = (
            mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw()
        )
        self._seed = seed

    @classmethod
    def generate(cls) -> Self:
        """Make a new identity from the system's randomness."""
        return cls(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `AGE-SECRET-KEY-PQ-1...`.

        Raises:
            IdentityMismatch: it is not a hybrid identity, or a character is wrong.
        """
        try:
            prefix, seed = bech32.decode(text.strip())
        except ValueError:
            raise IdentityMismatch("age.identity_invalid") from None
        if prefix != IDENTITY_PREFIX:
            raise IdentityMismatch("age.identity_invalid")
        return cls(seed)

    def recipient(self) -> HybridRecipient:
        """Return the public side."""
        return HybridRecipient(self._public)

    def reveal(self) -> str:
        """Return the age encoding. This is the secret."""
        return bech32.encode(IDENTITY_PREFIX, self._seed).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key from the first hybrid stanza this identity opens.

        Raises:
            HeaderDamaged: a hybrid stanza does not follow the format.
        """
        for stanza in stanzas:
            if stanza.type == STANZA and (file_key := self._unwrap(stanza)) is not None:
                return file_key
        return None

    def _unwrap(self, stanza: Stanza) -> bytes | None:
        share = b64.decode(stanza.args[0]) if len(stanza.args) == 1 else None
        if (
            share is None
            or len(share) != _SHARE
            or len(stanza.body) != derive.WRAPPED_BYTES
            or not self._agrees(share[_MLKEM_SHARE:])
        ):
            raise HeaderDamaged("age.stanza_damaged", type=STANZA)
        try:
            return _suite().decrypt(share + stanza.body, self._private, _INFO)
        except InvalidTag:
            return None

    def _agrees(self, share: bytes) -> bool:
        """Say whether the X25519 part gives a shared secret: HPKE tells it apart from nothing."""
        try:
            self._x25519.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            return False
        return True


@cache
def _suite() -> hpke.Suite:
    return hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
