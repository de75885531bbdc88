"""A share's words, sealed to the practice, so that they can be given again and nothing else.

What is sealed names the share, the recipient, the road and its expiry, and is checked when it is
unsealed: the sealed words of two shares exchanged in the database are found, and never give one
person another's words. Whoever can write to the database can do worse than exchange them (give a
recipient another telephone number, seal words of their own to the public key): that is for the
folder's owner to prevent, and for the journal to show.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.age import decrypt, encrypt
from secshare.errors import FileDamaged
from secshare.register.rows import told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from secshare.age import Identity, Recipient
    from secshare.model import Reference, Road

__all__ = ["Bound", "SealedWords", "seal_words", "unseal_words"]

# Every blob has one length, so that the database does not tell how long somebody's words are.
_PADDED_BYTES: Final = 512


@dataclass(frozen=True, slots=True)
class Bound:
    """What a share's words are bound to.

    Attributes:
        recipient: the random identifier of the person who gets them.
        expires: when the practice forgets its copy.
    """

    reference: Reference
    recipient: str
    road: Road
    expires: datetime

    def as_sealed(self) -> dict[str, object]:
        """Return what stands beside the words, sealed with them."""
        return {
            "reference": str(self.reference),
            "recipient": self.recipient,
            "road": self.road.value,
            "expires": told(self.expires),
        }


@dataclass(frozen=True, slots=True)
class SealedWords:
    """What the register keeps of a share's words: an age file that `practice.key` opens."""

    blob: bytes
    expires: datetime


def seal_words(words: str, bound: Bound, practice: Recipient) -> SealedWords:
    """Return the words sealed to the practice, bound to their share.

    Args:
        words: the canonical form, joined by `-`.
        practice: the practice's own age recipient, from `keys/practice.pub`.
    """
    clear = json.dumps(bound.as_sealed() | {"words": words}, sort_keys=True).encode()
    sealed = io.BytesIO()
    encrypt(io.BytesIO(clear.ljust(_PADDED_BYTES)), sealed, [practice])
    return SealedWords(sealed.getvalue(), bound.expires)


def unseal_words(blob: bytes, bound: Bound, identities: Sequence[Identity]) -> str:
    """Return the words in canonical form. They are the secret.

    Raises:
        IdentityMismatch: sealed to an identity the practice no longer has.
        FileDamaged: altered, or the words of another share.
    """
    clear = io.BytesIO()
    decrypt(io.BytesIO(blob), clear, identities)
    entry, expected = _entry(clear.getvalue()), bound.as_sealed()
    words = entry.pop("words", None)
    entry.setdefault("expires", expected["expires"])  # sealed before words had an expiry
    if entry != expected or not isinstance(words, str):
        raise FileDamaged("register.words_of_another", reference=bound.reference)
    return words


def _entry(clear: bytes) -> dict[str, object]:
    """Return what was sealed; empty where it is not of our making.

    The parser's own error would carry the words along, and is left behind here.
    """
    try:
        entry = json.loads(clear)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
