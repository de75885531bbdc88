"""The practice's public keys, and the journal's key, which signs them.

`keys/practice.pub` is outside `private/`, to be given away; the words of every share are sealed to
what it holds. So it is used only with the signature of `private/journal.key` over both recipients.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from secshare import age
from secshare.errors import SecshareError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

__all__ = [
    "PublicKeys",
    "account",
    "fingerprint",
    "journal_key_in",
    "journal_public",
    "loaded",
    "new_journal_key",
]

_HYBRID: Final = "# hybrid: "
_JOURNAL: Final = "# journal: "
_SIGNATURE: Final = "# signature: "
_SIGNED_AS: Final = b"secshare practice.pub 1\n"  # the same key signs the journal's lines
_KINDS: Final = {_HYBRID: "hybrid", _JOURNAL: "journal", _SIGNATURE: "signature"}


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What `keys/practice.pub` holds; anyone may have it.

    The X25519 recipient stands alone on its line, so that any age reads the file; the hybrid one,
    which older programs refuse, the journal's key and the signature are comments.

    Attributes:
        journal: the journal's public key, SubjectPublicKeyInfo in DER.
        signature: ECDSA with SHA-256 over both recipients, in DER; empty if there is none.
    """

    hybrid: age.HybridRecipient
    x25519: age.X25519Recipient
    journal: bytes
    signature: bytes = b""

    @classmethod
    def signed(
        cls, hybrid: age.HybridRecipient, x25519: age.X25519Recipient, journal_key: bytes
    ) -> Self:
        """Return the keys with the signature of `journal_key`, PKCS #8 in PEM.

        Raises:
            ValueError: it is not such a key.
        """
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256

        signature = loaded(journal_key).sign(_signed(hybrid, x25519), ec.ECDSA(SHA256()))
        return cls(hybrid, x25519, journal_public(journal_key), signature)

    def is_signed_by(self, journal: bytes) -> bool:
        """Return whether these keys are the ones that `journal`, a public key in DER, signed."""
        from secshare.practice.signing import is_signed

        signed = _signed(self.hybrid, self.x25519)
        return self.journal == journal and is_signed(journal, signed, self.signature)

    def dumps(self) -> str:
        """Return the text of the file."""
        journal, signature = (
            base64.b64encode(data).decode() for data in (self.journal, self.signature)
        )
        return (
            "# The public keys of this practice. Les clés publiques de ce cabinet.\n"
            f"{_HYBRID}{self.hybrid}\n{_JOURNAL}{journal}\n{_SIGNATURE}{signature}\n{self.x25519}\n"
        )

    @classmethod
    def loads(cls, text: str) -> Self:
        """Read the file; whose signature it has is for `is_signed_by` to say.

        Raises:
            ValueError, SecshareError: it is not such a file, or has two keys of a kind: age would
                seal to both of them.
        """
        found: dict[str, str] = {}
        for line in text.splitlines():
            mark = next((mark for mark in _KINDS if line.startswith(mark)), "")
            if not mark and (not line.strip() or line.startswith("#")):
                continue
            kind = _KINDS.get(mark, "x25519")
            if kind in found:
                raise ValueError(kind)
            found[kind] = line.removeprefix(mark)
        return cls(
            age.HybridRecipient.parse(found.get("hybrid", "")),
            age.X25519Recipient.parse(found.get("x25519", "")),
            base64.b64decode(found.get("journal", ""), validate=True),
            base64.b64decode(found.get("signature", ""), validate=True),
        )


def account(journal: bytes) -> str:
    """Return what the practice's words are filed under in a keyring: it outlives a rotation."""
    return hashlib.sha256(journal).hexdigest()[:32]


def fingerprint(journal: bytes) -> str:
    """Return what two people compare of a journal's public key: eight groups of four characters.

    The first half of the SHA-256 of the key in DER.
    """
    digest = hashlib.sha256(journal).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def journal_key_in(text: str) -> bytes:
    """Return the journal's key that a practice's `practice.pub` holds, as DER: it signed the file.

    Raises:
        ValueError: it is not such a file, or its keys are not those that were signed.
    """
    try:
        keys = PublicKeys.loads(text)
    except SecshareError as error:
        raise ValueError(error.key) from error
    if not keys.is_signed_by(keys.journal):
        raise ValueError("not signed")
    return keys.journal


def new_journal_key() -> bytes:
    """Return a new ECDSA P-256 key: PKCS #8 in PEM. This is a secret.

    Not protected: it signs at night, and unseals nothing. ECDSA is in CNIL's list of signatures.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def journal_public(journal_key: bytes) -> bytes:
    """Return the public half of a journal's key, SubjectPublicKeyInfo in DER.

    Raises:
        ValueError: it is not such a key.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = loaded(journal_key).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _signed(hybrid: age.HybridRecipient, x25519: age.X25519Recipient) -> bytes:
    return _SIGNED_AS + f"{hybrid}\n{x25519}\n".encode("ascii")


def loaded(journal_key: bytes) -> EllipticCurvePrivateKey:
    """Return the journal's key, open.

    Raises:
        ValueError: it is not such a key.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key: object = None
    try:
        key = load_pem_private_key(journal_key, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        why = type(error).__name__
    else:
        why = type(key).__name__
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(why)  # outside the block: what failed to parse goes nowhere
    return key
