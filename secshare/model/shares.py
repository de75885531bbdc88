"""What is prepared for somebody, what it is made as, and what opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from secshare.model.states import States

if TYPE_CHECKING:
    from datetime import datetime

    from secshare.model.findings import DocumentKind
    from secshare.model.passphrase import Passphrase
    from secshare.model.reference import Reference
    from secshare.model.roads import Road

__all__ = ["SealFormat", "SealedToKeys", "SealedToWords", "Secret", "Share", "ShareStatus"]


class SealFormat(StrEnum):
    """What a sealed document is made as: an age file, the page with it inside, a password PDF."""

    AGE = "age"
    HTML = "html"
    PDF = "pdf"


class ShareStatus(StrEnum):
    """How far the preparation of a share went."""

    PREPARING = "preparing"
    PREPARED = "prepared"


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
        kind: what they are, as somebody confirmed; None for a share of before kinds were kept.
        purpose: what it is for.
        size, sha256: of the sealed file.
        words_kept: whether the register still holds its words.
        states: how far its file and its secret went; `file_since` and `secret_since` say when.
        sent: when it was last marked as sent.
        cleared: when its folder left the outbox, after it was sent.
        seals_again: the share that this one seals again, with other words or by another road.
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
    kind: DocumentKind | None = None
    purpose: str | None = None
    states: States = field(default_factory=States)
    file_since: datetime | None = None
    secret_since: datetime | None = None
    sent: datetime | None = None
    cleared: datetime | None = None
    seals_again: Reference | None = None
