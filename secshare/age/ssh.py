"""SSH public keys, looked at before pyrage sees them: it takes some that protect nothing."""

from __future__ import annotations

from typing import Final

from secshare.age.x25519 import X25519Recipient
from secshare.errors import RecipientDataInvalid

TYPES: Final = ("ssh-ed25519", "ssh-rsa")
_P: Final = 2**255 - 19


def canonical(text: str) -> str:
    """Return an SSH public key without its comment, if it is one that keeps a secret.

    A key must be exactly what `ssh-keygen` writes for it: nothing after the key inside the base64,
    no character that readers pass over, so that no two programs can read two keys in one text.

    Raises:
        RecipientDataInvalid: it is no such key, or a point that would give everybody the file.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_ssh_public_key,
    )

    key = " ".join(text.split()[:2])
    if not key.isascii() or not key.startswith(tuple(f"{type_} " for type_ in TYPES)):
        raise RecipientDataInvalid("age.recipient_invalid")
    try:
        public = load_ssh_public_key(key.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm):
        raise RecipientDataInvalid("age.recipient_invalid") from None
    if public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH) != key.encode("ascii"):
        raise RecipientDataInvalid("age.recipient_invalid")
    if isinstance(public, Ed25519PublicKey):
        _check_order(public.public_bytes_raw())
    return key


def _check_order(key: bytes) -> None:
    """Refuse a point of low order, with which the key agreement gives the same to everybody.

    age agrees on keys with the point's Montgomery form, u = (1 + y) / (1 - y). The top bit of a key
    is the sign of x, which u does not depend on, and y may be written above p.
    """
    y = (int.from_bytes(key, "little") & ((1 << 255) - 1)) % _P
    # Fermat's inverse of 0 is 0, so y = 1, which has no u, becomes u = 0: refused too.
    u = (1 + y) * pow(1 - y, _P - 2, _P) % _P
    X25519Recipient(u.to_bytes(32, "little"))
