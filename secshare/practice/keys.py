"""The practice's key: what unseals, and the words that may protect it.

`practice.key` is an age identity file; protected, it is that file sealed with words, which age
opens too. The newest identities come first and old ones stay, so that what was sealed to them
still opens.
"""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from secshare import age, profiles
from secshare.age.protocols import Guarded
from secshare.errors import FileDamaged, InputUnreadable, PassphraseWrong, SecshareError
from secshare.practice.public import PublicKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from secshare.model import Passphrase

__all__ = [
    "KeyDamaged",
    "Opened",
    "draw_identities",
    "is_sealed",
    "open_key",
    "seal_key",
]

# As for the patient's file: from this factor on a try takes more than a quarter of a second.
_SLOW_FACTOR: Final = 17
_LEAST_CANDIDATES: Final = 4

_MARKS: Final = (b"age-encryption.org/", b"-----BEGIN AGE")


class KeyDamaged(Exception):
    """`practice.key` is not what was written. It has no cause and no context.

    Both would hold the bytes that could not be read, which are the secret.
    """


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Opened(Guarded):
    """An open `practice.key`. It prints without its secrets, and is not pickled or copied.

    Attributes:
        text: the identity file. This is the secret.
        words: the words that opened it, None where it was not protected. This is a secret too.
        corrected: the positions, from 1, of the words that were read as others than were typed.
    """

    text: str
    words: str | None
    corrected: tuple[int, ...] = ()

    def identities(self) -> tuple[age.Identity, ...]:
        """Return what unseals, the newest first.

        Raises:
            KeyDamaged: the text is not an identity file.
        """
        with suppress(SecshareError):
            return tuple(age.parse_identities(self.text))
        raise KeyDamaged


def draw_identities(journal_key: bytes, *, today: date) -> tuple[str, PublicKeys]:
    """Draw a hybrid and an X25519 identity; return their lines, a secret, and the public keys.

    Raises:
        ValueError: `journal_key` is not one that signs.
    """
    hybrid, x25519 = age.HybridIdentity.generate(), age.X25519Identity.generate()
    lines = f"# {today.isoformat()}\n{hybrid.reveal()}\n{x25519.reveal()}\n"
    return lines, PublicKeys.signed(hybrid.recipient(), x25519.recipient(), journal_key)


def seal_key(text: str, words: Passphrase | str | None) -> bytes:
    """Return what `practice.key` holds: the identity file, sealed with words where there are any.

    Drawn words get the light work factor; the same words typed again by a person do not, since
    nothing proves any more that they were drawn.
    """
    clear = text.encode("utf-8")  # a person's comment may stand beside the identities
    if words is None:
        return clear
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(clear), sealed, [age.ScryptRecipient(words)], armor=True)
    return sealed.getvalue()


def is_sealed(data: bytes) -> bool:
    """Return whether `practice.key` opens only with words."""
    return data.removeprefix(BOM_UTF8).lstrip().startswith(_MARKS)


def open_key(data: bytes, kept: Sequence[str], ask: Callable[[], str]) -> Opened:
    """Open `practice.key`. A byte order mark, as Notepad writes one, is fine.

    Args:
        kept: the phrases of a keyring, tried first and in silence.
        ask: asks a person for the words; called again, `profiles.TRIES` times at most, while they
            do not open the key, and not at all where none are needed. A word with one wrong letter
            is understood; `Opened.corrected` says which, since the paper may be wrong too.

    Raises:
        PassphraseWrong: none of the words typed opens it.
        KeyDamaged: the file is damaged.
        WorkRefused: it asks for more work than is done without being asked.
    """
    data = data.removeprefix(BOM_UTF8)
    if not is_sealed(data):
        return Opened(_text(data), None)
    for phrase in kept:
        if opened := _try(data, phrase):
            return opened
    from secshare.passphrase import understand  # where words are typed, only

    tried, most = set(kept), _candidates(data)
    for _ in range(profiles.TRIES):
        understood = understand(ask())
        for number, candidate in enumerate(understood.candidates[:most]):
            if candidate in tried:
                continue  # the same text again gives the same answer
            tried.add(candidate)
            if opened := _try(data, candidate):
                read_as = understood.corrected_in(candidate) if number else ()
                return replace(opened, corrected=tuple(sorted({one.position for one in read_as})))
    raise PassphraseWrong("practice.key_words_wrong")


def _candidates(data: bytes) -> int:
    """Return how many readings of a typed phrase are worth their time at this work factor."""
    with suppress(FileDamaged, InputUnreadable):
        factor = age.inspect(io.BytesIO(data)).work_factor or 0
        return max(_LEAST_CANDIDATES, profiles.CANDIDATES >> max(0, factor - _SLOW_FACTOR + 2))
    raise KeyDamaged


def _try(data: bytes, words: str) -> Opened | None:
    clear, damaged = io.BytesIO(), False
    try:
        age.decrypt(io.BytesIO(data), clear, [age.ScryptIdentity(words)])
    except PassphraseWrong:
        return None
    except (FileDamaged, InputUnreadable):
        damaged = True
    if damaged:
        raise KeyDamaged
    return Opened(_text(clear.getvalue()), words)


def _text(data: bytes) -> str:
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig")
    raise KeyDamaged
