"""X25519: the keys that every age program reads."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from secshare.age import b64, bech32, derive
from secshare.age.header import Stanza
from secshare.age.protocols import Guarded
from secshare.errors import HeaderDamaged, IdentityMismatch, RecipientDataInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence

STANZA: Final = "X25519"
RECIPIENT_PREFIX: Final = "age"
IDENTITY_PREFIX: Final = "age-secret-key-"
KEY_BYTES: Final = 32
_INFO: Final = b"age-encryption.org/v1/X25519"


class X25519Recipient:
    """A public key, `age1...`. Equal to another with the same key, whatever the case it was in."""

    __slots__ = ("_key",)
    label = ""

    def __init__(self, key: bytes) -> None:
        """Take a public key of 32 bytes.

        Raises:
            RecipientDataInvalid: not 32 bytes, or a point that would give everybody the key.
        """
        if len(key) != KEY_BYTES or _shared(X25519PrivateKey.generate(), key) is None:
            raise RecipientDataInvalid("age.recipient_invalid")
        self._key = key

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `age1...`.

        Raises:
            RecipientDataInvalid: it is not an X25519 recipient, or a character is wrong.
        """
        try:
            prefix, key = bech32.decode(text.strip())
        except ValueError:
            raise RecipientDataInvalid("age.recipient_invalid") from None
        if prefix != RECIPIENT_PREFIX:
            raise RecipientDataInvalid("age.recipient_invalid")
        return cls(key)

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap a file key under a key agreement with a share made for this file alone."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self._key))
        wrap_key = derive.hkdf(shared, salt=share + self._key, info=_INFO)
        return Stanza(STANZA, (b64.encode(share),), derive.wrap(wrap_key, file_key))

    def __str__(self) -> str:
        return bech32.encode(RECIPIENT_PREFIX, self._key)

    def __repr__(self) -> str:
        return f"<X25519Recipient {self}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, X25519Recipient) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


class X25519Identity(Guarded):
    """A private key, `AGE-SECRET-KEY-1...`. Only `reveal()` shows it."""

    __slots__ = ("_private", "_public")

    def __init__(self, key: bytes) -> None:
        """Take a private key of 32 bytes.

        Raises:
            IdentityMismatch: not 32 bytes.
        """
        if len(key) != KEY_BYTES:
            raise IdentityMismatch("age.identity_invalid")
        self._private = X25519PrivateKey.from_private_bytes(key)
        self._public = self._private.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """Make a new identity from the system's randomness."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `AGE-SECRET-KEY-1...`.

        Raises:
            IdentityMismatch: it is not an X25519 identity, or a character is wrong.
        """
        try:
            prefix, key = bech32.decode(text.strip())
        except ValueError:
            raise IdentityMismatch("age.identity_invalid") from None
        if prefix != IDENTITY_PREFIX:
            raise IdentityMismatch("age.identity_invalid")
        return cls(key)

    def recipient(self) -> X25519Recipient:
        """Return the public side."""
        return X25519Recipient(self._public)

    def reveal(self) -> str:
        """Return the age encoding. This is the secret."""
        return bech32.encode(IDENTITY_PREFIX, self._private.private_bytes_raw()).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key from the first X25519 stanza this identity opens.

        Raises:
            HeaderDamaged: an X25519 stanza does not follow the format.
        """
        for stanza in stanzas:
            if stanza.type == STANZA and (file_key := self._unwrap(stanza)) is not None:
                return file_key
        return None

    def _unwrap(self, stanza: Stanza) -> bytes | None:
        share = b64.decode(stanza.args[0]) if len(stanza.args) == 1 else None
        # The body's length is checked before its key is tried, so that no body fits several keys.
        if share is None or len(share) != KEY_BYTES or len(stanza.body) != derive.WRAPPED_BYTES:
            raise HeaderDamaged("age.stanza_damaged", type=STANZA)
        shared = _shared(self._private, share)
        if shared is None:
            raise HeaderDamaged("age.stanza_damaged", type=STANZA)
        wrap_key = derive.hkdf(shared, salt=share + self._public, info=_INFO)
        return derive.unwrap(wrap_key, stanza.body)


def _shared(private: X25519PrivateKey, public: bytes) -> bytes | None:
    """Return the shared secret, or None for a point of low order, where it is all zeros."""
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return None
