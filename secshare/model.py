"""The words of the house as values: what the parts hand to each other. Nothing here does I/O."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self

from secshare.errors import ShareUnknown

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from secshare.messages import Language

__all__ = [
    "Kind",
    "Passphrase",
    "Recipient",
    "Reference",
    "Representation",
    "Road",
    "SealFormat",
    "SealedToKeys",
    "SealedToWords",
    "Secret",
    "Share",
    "ShareStatus",
    "Subject",
]


class Road(StrEnum):
    """How the words travel. The document's own road is the mail, and it is not in this list."""

    QR = "qr"
    SMS = "sms"
    PHONE = "phone"


class Kind(StrEnum):
    """What a recipient is."""

    PATIENT = "patient"
    PROFESSIONAL = "professional"
    ORGANISATION = "organisation"


class SealFormat(StrEnum):
    """What a sealed document is made as: an age file, the page with it inside, a password PDF."""

    AGE = "age"
    HTML = "html"
    PDF = "pdf"


class ShareStatus(StrEnum):
    """How far the preparation of a share went."""

    PREPARING = "preparing"
    PREPARED = "prepared"


class Passphrase:
    """Words that the machine drew: the only passphrase a document is ever sealed with.

    Only `secshare.passphrase.draw` makes one, which is what lets it be used with the light work
    factor. It never shows itself: `repr`, `str`, `format` and pickling give no word away.

    Attributes:
        language: the language of the word list, `fr` or `en`.
        bits: the entropy of the draw, in bits, after the stop list.
    """

    __slots__ = ("_words", "bits", "language")
    _words: tuple[str, ...]
    language: Language
    bits: float

    def __init__(self, *_: object, **__: object) -> None:
        msg = "a passphrase is drawn, not chosen: use secshare.passphrase.draw()"
        raise TypeError(msg)

    @classmethod
    def _drawn(cls, words: tuple[str, ...], language: Language, bits: float) -> Self:
        self = object.__new__(cls)
        self._words = words
        self.language = language
        self.bits = bits
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """The words, lower-case ASCII. Handle with care: this is the secret."""
        return self._words

    def reveal(self) -> str:
        """Return the canonical form, the words joined by `-`. This is the secret."""
        return "-".join(self._words)

    def __repr__(self) -> str:
        return f"<Passphrase of {len(self._words)} words>"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[object, ...]:
        msg = "a passphrase is not written anywhere by accident"
        raise TypeError(msg)


# Crockford's base 32: no I, L, O, U, so that nothing is mistaken for 1, 0 or V when read aloud.
_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_REFERENCE_SYMBOLS: Final = 8


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of a share, as in `K7Q2-M9PX-8`: 40 random bits and a check character.

    The check is a weighted sum in the field of 32 elements, so that one wrong symbol, or two
    neighbours exchanged, is always noticed.
    """

    value: str

    @classmethod
    def draw(cls, randbelow: Callable[[int], int] = secrets.randbelow) -> Self:
        """Draw a reference. Whether it is new is for the register's database to say."""
        body = [randbelow(len(_SYMBOLS)) for _ in range(_REFERENCE_SYMBOLS)]
        return cls(_written([*body, _check(body)]))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read a reference as people type it: any case, with or without dashes, O for 0.

        Raises:
            ShareUnknown: it is not a reference, or one symbol is wrong.
        """
        symbols = "".join(c for c in typed.upper() if c.isalnum()).translate(_MISREAD)
        numbers = [_SYMBOLS.find(symbol) for symbol in symbols]
        if (
            len(numbers) != _REFERENCE_SYMBOLS + 1
            or -1 in numbers
            or _check(numbers[:-1]) != numbers[-1]
        ):
            raise ShareUnknown("share.reference_invalid", reference=typed)
        return cls(_written(numbers))

    def __str__(self) -> str:
        return self.value


def _written(numbers: list[int]) -> str:
    symbols = "".join(_SYMBOLS[number] for number in numbers)
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}"


def _check(body: list[int]) -> int:
    """Return sum(body[i] * 2**(i+1)) in GF(32) with the polynomial x^5 + x^2 + 1."""
    total = 0
    for number in reversed(body):  # Horner's rule; doubling is a shift, reduced when it overflows
        total = _doubled(total ^ number)
    return total


def _doubled(number: int) -> int:
    number <<= 1
    return number ^ 0b100101 if number & 0b100000 else number


@dataclass(frozen=True, slots=True)
class Representation:
    """Why a recipient may open what is about somebody else.

    Attributes:
        subject: the random identifier (`Recipient.uid`) of the person it is about.
        ground: parent, guardian, care home ... as the practice wrote it.
        until: the last day it holds, if it ends.
    """

    subject: str
    ground: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person or an organisation that may open documents.

    Attributes:
        uid: random, never shown to people; what the register keeps.
        id: what a secretary types; unique, made from the name unless given.
        phone: in E.164, as `+33639980000`.
        road: the preferred road for words; the practice's own default where None.
        email_consent: True asked for e-mail, False opposed to it, None not recorded.
        purposes: what this contact point may be used for.
        keys: age recipients, from `keys/ID.pub`; empty for a person who gets words.
        revoked: since when nothing may be sealed for them.
    """

    uid: str
    id: str
    name: str
    kind: Kind
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None
    road: Road | None = None
    language: Language | None = None
    email_consent: bool | None = None
    email_consent_date: date | None = None
    purposes: tuple[str, ...] = ("soins",)
    represents: tuple[Representation, ...] = ()
    keys: tuple[str, ...] = ()
    revoked: date | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """The person a document is about."""

    uid: str
    id: str
    name: str
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class SealedToWords:
    """The document opens with drawn words, which travel by another road."""

    passphrase: Passphrase = field(repr=False)
    road: Road


@dataclass(frozen=True, slots=True)
class SealedToKeys:
    """The document opens with identities the recipient already has: nothing travels."""

    keys: tuple[str, ...]


Secret = SealedToWords | SealedToKeys
"""Words or keys, never both: the age format forbids them in one file."""


@dataclass(frozen=True, slots=True)
class Share:
    """One set of documents for one recipient, as the register knows it.

    Attributes:
        name, email, phone: the recipient's, as they were when the share was prepared.
        about: the name of the person it is about, as it was then.
        road: None for a share sealed to keys.
        work_factor: scrypt's, None for a share sealed to keys.
        documents: how many documents it holds.
        size, sha256: of the sealed file.
        words_kept: whether the register still holds its words.
    """

    reference: Reference
    status: ShareStatus
    created: datetime
    recipient: str
    subject: str
    name: str
    about: str
    email: str | None
    phone: str | None
    road: Road | None
    format: SealFormat
    work_factor: int | None
    documents: int
    size: int | None = None
    sha256: str | None = None
    words_kept: bool = False
