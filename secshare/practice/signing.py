"""What `journal.key` does for the journal: it signs its head, and keys the digests of documents."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from secshare.practice import public

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

__all__ = ["Signer", "is_signed"]

_MAC_INFO: Final = b"secshare document mac 1"
_MAC_BYTES: Final = 32


class Signer:
    """An open `journal.key`. It prints without it.

    Args:
        journal_key: PKCS #8 in PEM.

    Raises:
        ValueError: it is not a key that signs.
    """

    def __init__(self, journal_key: bytes) -> None:
        self._key: EllipticCurvePrivateKey = public.loaded(journal_key)
        self.public = public.journal_public(journal_key)
        """SubjectPublicKeyInfo in DER."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature of `data`, which names by itself what it is: ECDSA, SHA-256, DER."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256

        return self._key.sign(data, ec.ECDSA(SHA256()))

    @cached_property
    def mac_key(self) -> bytes:
        """The register's key for digests of clear documents: 32 bytes. This is a secret.

        Drawn out of the signing key (HKDF, SHA-256), so that it is kept and backed up with it and
        never stands in the database whose rows it protects (docs/decisions/095).
        """
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        size = (self._key.key_size + 7) // 8
        scalar = self._key.private_numbers().private_value.to_bytes(size, "big")
        return HKDF(SHA256(), _MAC_BYTES, salt=None, info=_MAC_INFO).derive(scalar)


def is_signed(journal: bytes, data: bytes, signature: bytes) -> bool:
    """Return whether `signature` is over `data`, by the key whose public half is `journal` (DER).

    What is no such key or no signature signs nothing.
    """
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(journal)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(signature, data, ec.ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
