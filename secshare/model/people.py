"""Who opens a document, and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from secshare.model.roads import Road

if TYPE_CHECKING:
    from datetime import date

    from secshare.messages import Language

__all__ = ["Kind", "Recipient", "Representation", "Subject"]


class Kind(StrEnum):
    """What a recipient is."""

    PATIENT = "patient"
    PROFESSIONAL = "professional"
    ORGANISATION = "organisation"


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
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
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
