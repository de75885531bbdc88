"""A share's words, sealed to the practice, so that they can be given again and nothing else.

What is sealed names the share, the recipient and the road, and is checked when it is unsealed: the
sealed words of two shares exchanged in the database are found, and never give one person another's
words. Whoever can write to the database can do worse than exchange them (give a recipient another
telephone number, seal words of their own to the public key): that is for the folder's owner to
prevent, and for the journal to show.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Final

from secshare.age import decrypt, encrypt
from secshare.errors import FileDamaged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.age import Identity, Recipient
    from secshare.model import Reference, Road

# Every blob has one length, so that the database does not tell how long somebody's words are.
_PADDED_BYTES: Final = 512


def seal_words(
    words: str, reference: Reference, recipient: str, road: Road, practice: Recipient
) -> bytes:
    """Return the words sealed to the practice, bound to their share.

    Args:
        words: the canonical form, joined by `-`.
        recipient: the random identifier of the person who gets them.
        practice: the practice's own age recipient, from `keys/practice.pub`.
    """
    entry = {
        "reference": str(reference),
        "recipient": recipient,
        "road": road.value,
        "words": words,
    }
    clear = json.dumps(entry, sort_keys=True).encode().ljust(_PADDED_BYTES)
    sealed = io.BytesIO()
    encrypt(io.BytesIO(clear), sealed, [practice])
    return sealed.getvalue()


def unseal_words(
    blob: bytes,
    reference: Reference,
    recipient: str,
    road: Road,
    identities: Sequence[Identity],
) -> str:
    """Return the words in canonical form. They are the secret.

    Raises:
        IdentityMismatch: sealed to an identity the practice no longer has.
        FileDamaged: altered, or the words of another share.
    """
    clear = io.BytesIO()
    decrypt(io.BytesIO(blob), clear, identities)
    entry = _entry(clear.getvalue())
    expected = {"reference": str(reference), "recipient": recipient, "road": road.value}
    words = entry.pop("words", None)
    if entry != expected or not isinstance(words, str):
        raise FileDamaged("register.words_of_another", reference=reference)
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
