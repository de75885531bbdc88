"""Keys made from keys: HKDF and HMAC with SHA-256, and the wrapping that two stanza types share."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

FILE_KEY_BYTES: Final = 16
WRAPPED_BYTES: Final = FILE_KEY_BYTES + 16

# A wrap key is used for one file key only (a fresh salt or share each time), so its nonce is fixed.
_ZERO_NONCE: Final = bytes(12)


def hkdf(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Return 32 bytes by HKDF-SHA-256 (RFC 5869), where one block is all there is to expand."""
    extracted = hmac.digest(salt or bytes(32), secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


def header_mac(file_key: bytes, authenticated: bytes) -> bytes:
    """Return the MAC of a header."""
    return hmac.digest(hkdf(file_key, salt=b"", info=b"header"), authenticated, hashlib.sha256)


def payload_key(file_key: bytes, nonce: bytes) -> bytes:
    """Return the key of a payload that starts with this 16-byte nonce."""
    return hkdf(file_key, salt=nonce, info=b"payload")


def equal(one: bytes, other: bytes) -> bool:
    """Compare in time that does not depend on the contents."""
    return hmac.compare_digest(one, other)


def wrap(wrap_key: bytes, file_key: bytes) -> bytes:
    """Return a stanza body of 32 bytes."""
    return ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)


def unwrap(wrap_key: bytes, body: bytes) -> bytes | None:
    """Return the file key, or None where this is not the key of this 32-byte body."""
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None
