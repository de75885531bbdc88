"""Who it is for, settled before anything is read or drawn; or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.age import parse_recipient
from secshare.errors import RecipientDataInvalid, RecipientRefused
from secshare.model import Kind, Recipient, Road, Subject
from secshare.recipients import fold, takes_sms

if TYPE_CHECKING:
    from datetime import date

    from secshare.messages import Language
    from secshare.sharing.desk import Desk


@dataclass(frozen=True, slots=True)
class Addressed:
    """A recipient who may have this, settled before anything is read or drawn.

    Attributes:
        road: how the words travel; None when the recipient has keys, and no words exist.
        changed: what is not as it was at the last share: `email`, `phone`, `keys`.
        language: the language of what the recipient reads.
        purpose: what it is for.
        listed: whether the directory has them; a manifest names people whom it has not.
    """

    recipient: Recipient
    subject: Subject
    road: Road | None
    changed: tuple[str, ...]
    language: Language
    purpose: str = profiles.PURPOSE
    listed: bool = True


def address(
    desk: Desk,
    to: str,
    *,
    about: str | None = None,
    road: Road | None = None,
    by_hand: bool = False,
    purpose: str = profiles.PURPOSE,
    today: date,
) -> Addressed:
    """Return the one recipient that `to` names, or refuse.

    Args:
        to, about: an id or a whole name, of the recipient and of the person it is about.
        road: how the words travel; the recipient's own road, then the practice's, if None.
        purpose: what it is for: one of those the recipient gave this contact for.
        by_hand: the file does not go by e-mail, which somebody opposed to e-mail may accept.

    Raises:
        RecipientUnknown: nobody, or several.
        RecipientRefused: revoked, opposed to e-mail, not for this purpose, or not entitled to what
            is about `about`.
        RecipientDataInvalid: words by SMS or telephone for somebody without a number, a road
            asked for somebody who has keys.
    """
    recipient = desk.directory.find(to)
    about_whom = recipient if about is None else desk.directory.find(about)
    return address_recipient(
        desk, recipient, about_whom, road=road, by_hand=by_hand, purpose=purpose, today=today
    )


def address_recipient(
    desk: Desk,
    recipient: Recipient,
    about_whom: Recipient,
    *,
    road: Road | None = None,
    by_hand: bool = False,
    purpose: str = profiles.PURPOSE,
    language: Language | None = None,
    today: date,
) -> Addressed:
    """Return somebody as the recipient of what is about `about_whom`, or refuse.

    Neither need be in the directory: a manifest names people who are not.

    Args:
        language: of what the recipient reads; the recipient's own, then the practice's, if None.
        road, by_hand, purpose: as in `address`.

    Raises:
        RecipientRefused, RecipientDataInvalid: as `address`.
    """
    if recipient.revoked is not None:
        raise RecipientRefused("sharing.revoked", id=recipient.id, date=recipient.revoked)
    if recipient.email_consent is False and not by_hand:
        raise RecipientRefused("sharing.opposed", id=recipient.id)
    given = {fold(each): each for each in recipient.purposes}
    if fold(purpose) not in given:
        raise RecipientRefused("sharing.purpose", id=recipient.id, purpose=purpose)
    _refuse_stranger(recipient, about_whom, today)
    if recipient.keys and road is not None:
        raise RecipientDataInvalid("sharing.road_with_keys", id=recipient.id)
    for key in recipient.keys:
        parse_recipient(key)  # a broken key is said now, before anything is drawn or written
    return Addressed(
        recipient=recipient,
        subject=Subject(about_whom.uid, about_whom.id, about_whom.name, about_whom.birth_date),
        road=_road(desk, recipient, road),
        changed=desk.directory.changed_since_use(recipient),
        language=language or recipient.language or desk.practice.settings.language,
        purpose=given[fold(purpose)],  # as it stands in the directory, not as it was typed
        listed=desk.directory.somebody(recipient.uid) is not None,
    )


def _road(desk: Desk, recipient: Recipient, asked: Road | None) -> Road | None:
    """Return how the words travel to somebody; None for somebody who has keys."""
    if recipient.keys:
        return None
    road = asked or recipient.road or desk.practice.settings.road
    if road in {Road.SMS, Road.PHONE} and recipient.phone is None:
        raise RecipientDataInvalid("sharing.no_phone", id=recipient.id)
    if road is Road.SMS and recipient.phone is not None and not takes_sms(recipient.phone):
        raise RecipientDataInvalid("sharing.landline", id=recipient.id)
    return road


def _refuse_stranger(recipient: Recipient, subject: Recipient, today: date) -> None:
    """Refuse what is about somebody the recipient does not represent.

    A professional or an organisation receives what is about its patients; a person receives what
    is about somebody else on a recorded ground only.
    """
    if recipient.uid == subject.uid or recipient.kind is not Kind.PATIENT:
        return
    for representation in recipient.represents:
        if representation.subject == subject.uid:
            if representation.until is None or today <= representation.until:
                return
            raise RecipientRefused(
                "sharing.representation_ended",
                id=recipient.id,
                about=subject.id,
                date=representation.until,
            )
    raise RecipientRefused("sharing.not_represented", id=recipient.id, about=subject.id)
