"""The practice's keys: what unseals, what signs the journal, and the public halves of both.

`practice.key` is an age identity file; protected, it is that file sealed with words, which age
opens too. The newest identities come first and old ones stay, so that what was sealed to them
still opens.
"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from secshare import age, profiles
from secshare.errors import PassphraseWrong

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from secshare.model import Passphrase

__all__ = [
    "Opened",
    "PublicKeys",
    "draw_identities",
    "is_sealed",
    "new_journal_key",
    "open_key",
    "seal_key",
]

_MARKS: Final = (b"age-encryption.org/", b"-----BEGIN AGE")
_HYBRID: Final = "# hybrid: "
_JOURNAL: Final = "# journal: "


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What `keys/practice.pub` holds; anyone may have it.

    The X25519 recipient stands alone on its line, so that any age reads the file; the hybrid one,
    which older programs refuse, and the journal's key are comments.

    Attributes:
        journal: the journal's public key, SubjectPublicKeyInfo in DER.
    """

    hybrid: age.HybridRecipient
    x25519: age.X25519Recipient
    journal: bytes

    def dumps(self) -> str:
        """Return the text of the file."""
        journal = base64.b64encode(self.journal).decode()
        return (
            "# The public keys of this practice. Les clés publiques de ce cabinet.\n"
            f"{_HYBRID}{self.hybrid}\n{_JOURNAL}{journal}\n{self.x25519}\n"
        )

    @classmethod
    def loads(cls, text: str) -> Self:
        """Read the file.

        Raises:
            ValueError, SecshareError: it is not such a file.
        """
        found = {"hybrid": "", "journal": "", "x25519": ""}
        for line in text.splitlines():
            if line.startswith(_HYBRID):
                found["hybrid"] = line.removeprefix(_HYBRID)
            elif line.startswith(_JOURNAL):
                found["journal"] = line.removeprefix(_JOURNAL)
            elif line.strip() and not line.startswith("#"):
                found["x25519"] = line
        return cls(
            age.HybridRecipient.parse(found["hybrid"]),
            age.X25519Recipient.parse(found["x25519"]),
            base64.b64decode(found["journal"], validate=True),
        )

    @property
    def account(self) -> str:
        """What the practice's words are filed under in a keyring: it outlives a rotation."""
        return hashlib.sha256(self.journal).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open `practice.key`.

    Attributes:
        text: the identity file. This is the secret.
        words: the words that opened it, None where it was not protected. This is a secret too.
    """

    text: str
    words: str | None

    def __repr__(self) -> str:
        return "<Opened>"

    def identities(self) -> tuple[age.Identity, ...]:
        """Return what unseals, the newest first.

        Raises:
            SecshareError: the text is not an identity file.
        """
        return tuple(age.parse_identities(self.text))


def draw_identities(journal: bytes, *, today: date) -> tuple[str, PublicKeys]:
    """Draw a hybrid and an X25519 identity; return their lines, a secret, and the public keys."""
    hybrid, x25519 = age.HybridIdentity.generate(), age.X25519Identity.generate()
    lines = f"# {today.isoformat()}\n{hybrid.reveal()}\n{x25519.reveal()}\n"
    return lines, PublicKeys(hybrid.recipient(), x25519.recipient(), journal)


def new_journal_key() -> tuple[bytes, bytes]:
    """Return a new ECDSA P-256 key: PKCS #8 in PEM, which is the secret, and its public DER.

    Not protected: it signs at night, and unseals nothing. ECDSA is in CNIL's list of signatures.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = ec.generate_private_key(ec.SECP256R1())
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    )


def seal_key(text: str, words: Passphrase | str | None) -> bytes:
    """Return what `practice.key` holds: the identity file, sealed with words where there are any.

    Drawn words get the light work factor; the same words typed again by a person do not, since
    nothing proves any more that they were drawn.
    """
    clear = text.encode("ascii")
    if words is None:
        return clear
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(clear), sealed, [age.ScryptRecipient(words)], armor=True)
    return sealed.getvalue()


def is_sealed(data: bytes) -> bool:
    """Return whether `practice.key` opens only with words."""
    return data.lstrip().startswith(_MARKS)


def open_key(data: bytes, kept: str | None, ask: Callable[[], str]) -> Opened:
    """Open `practice.key`.

    Args:
        kept: the words of a keyring, tried first and in silence.
        ask: asks a person for the words; called again, `profiles.TRIES` times at most, while they
            do not open the key, and not at all where none are needed.

    Raises:
        PassphraseWrong: none of the words typed opens it.
        SecshareError: the file is damaged.
    """
    if not is_sealed(data):
        return Opened(data.decode("ascii"), None)
    if kept is not None and (opened := _try(data, kept)):
        return opened
    from secshare.passphrase import understand  # where words are typed, only

    for _ in range(profiles.TRIES):
        for candidate in understand(ask()).candidates:
            if opened := _try(data, candidate):
                return opened
    raise PassphraseWrong("practice.key_words_wrong")


def _try(data: bytes, words: str) -> Opened | None:
    clear = io.BytesIO()
    try:
        age.decrypt(io.BytesIO(data), clear, [age.ScryptIdentity(words)])
    except PassphraseWrong:
        return None
    return Opened(clear.getvalue().decode("ascii"), words)
