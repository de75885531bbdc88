"""Who each share is for: somebody of the directory, or somebody whom only the manifest names.

A row that may be somebody the directory knows otherwise is refused, not guessed: the one thing a
manifest must never do is to send what is somebody's to an address that was theirs once, or to
somebody who refused (docs/decisions/103).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.batch.alike import (
    born_apart,
    is_exact,
    is_namesake,
    is_same,
    may_be,
    refuses,
    same_email,
    same_phone,
)
from secshare.errors import RecipientDataInvalid, RecipientRefused, RecipientUnknown
from secshare.model import Kind, Recipient, Road, SealFormat
from secshare.recipients import fold
from secshare.recipients.matching import name_key
from secshare.recipients.skeleton import lowered
from secshare.sharing.addressing import address_recipient

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from secshare.batch.wanted import Wanted
    from secshare.sharing import Addressed, Desk

__all__ = ["known", "person_uid", "settle"]

_UID: Final = 32  # characters, as those that are drawn


def settle(desk: Desk, wanted: Wanted, *, today: date) -> Addressed:
    """Return whom a share is for and whom it is about, or refuse.

    Raises:
        RecipientUnknown: nobody of the directory, several, or perhaps somebody.
        RecipientRefused: revoked, opposed to e-mail, not for this purpose, not entitled; or
            perhaps somebody who is.
        RecipientDataInvalid: the row and the directory do not say the same of somebody.
    """
    found = _named(desk, wanted.to, "to") if wanted.to else known(desk, wanted)
    recipient = found or _stranger(desk, wanted)
    about = recipient if wanted.about is None else _named(desk, wanted.about, "about")
    addressed = address_recipient(
        desk,
        recipient,
        about,
        road=wanted.road,
        by_hand=wanted.format is SealFormat.HTML,  # no mail takes it: docs/decisions/071
        purpose=wanted.purpose,
        language=wanted.language,
        today=today,
    )
    if found is not None:
        _check_same(found, wanted)
    return addressed


def person_uid(
    mac_key: bytes, name: str, email: str, phone: str | None, birth_date: date | None
) -> str:
    """Return what the register calls somebody who is not in the directory.

    The same person is called the same every night, so that history finds what they were sent;
    without the practice's own key, nobody can tell from it who that is.
    """
    born = birth_date.isoformat() if birth_date else ""
    values = ("person", name_key(name), lowered(email), phone or "", born)
    return hmac.new(mac_key, "\0".join(values).encode(), hashlib.sha256).hexdigest()[:_UID]


def _named(desk: Desk, who: str, column: str) -> Recipient:
    """Return the one person of the directory whom a cell names.

    Raises:
        RecipientUnknown: nobody, or several; without what stands in the cell.
    """
    try:
        return desk.directory.find(who)
    except RecipientUnknown:
        named = desk.directory.same_name(who)
    if named:
        raise RecipientUnknown("manifest.several", ids=_ids(named))
    raise RecipientUnknown(f"manifest.unknown_{column}")


def _stranger(desk: Desk, wanted: Wanted) -> Recipient:
    """Return somebody who is in the manifest and not in the directory, and only in memory.

    What only the directory can tell of a person, nobody has told of this one.

    Raises:
        RecipientRefused: for another purpose than care, or about somebody else.
        RecipientDataInvalid: words by telephone, and no number.
    """
    if fold(wanted.purpose) != fold(profiles.PURPOSE):
        raise RecipientRefused("manifest.purpose")
    if wanted.about is not None:
        raise RecipientRefused("manifest.not_represented")
    assert wanted.name is not None  # noqa: S101 - the manifest was read: there is `to`, or both
    assert wanted.email is not None  # noqa: S101
    road = wanted.road or desk.practice.settings.road
    if road in {Road.SMS, Road.PHONE} and wanted.phone is None and not wanted.keys:
        raise RecipientDataInvalid("manifest.no_phone")
    return Recipient(
        uid=person_uid(
            desk.practice.signer.mac_key, wanted.name, wanted.email, wanted.phone, wanted.birth_date
        ),
        id=f"#{wanted.number}",  # what no id of the directory can be
        name=wanted.name,
        kind=Kind.PATIENT,
        email=wanted.email,
        phone=wanted.phone,
        birth_date=wanted.birth_date,
        keys=wanted.keys,
    )


def known(desk: Desk, wanted: Wanted) -> Recipient | None:
    """Return who of the directory a row names, None where it is surely nobody.

    Raises:
        RecipientUnknown, RecipientRefused: it may be somebody, and nothing tells.
        RecipientDataInvalid: it is somebody but for a title or a note, with another contact.
    """
    assert wanted.name is not None  # noqa: S101
    found = desk.directory.candidates(wanted.name, wanted.email, wanted.phone, titled=True)
    same = [each for each in found if is_same(each, wanted)]
    if len(same) == 1:
        return same[0]
    if same:
        raise RecipientUnknown("manifest.several", ids=_ids(same))
    doubtful = [each for each in found if may_be(each, wanted)]
    refusing = [each for each in doubtful if refuses(each)]
    if refusing:
        raise RecipientRefused("manifest.may_refuse", ids=_ids(refusing))
    namesakes = [each for each in doubtful if is_namesake(each, wanted)]
    if not namesakes:
        return None
    if all(is_exact(each, wanted) for each in namesakes):
        raise RecipientUnknown("manifest.may_be", ids=_ids(namesakes))
    if len(namesakes) == 1 and namesakes[0].birth_date and wanted.birth_date:
        _check_same(namesakes[0], wanted)
    # Never taken for the person: "Martin (Paul)" is not "Martin (Jeanne)", nor M. Mme Martin.
    raise RecipientUnknown("manifest.titled", ids=_ids(namesakes))


def _check_same(known: Recipient, wanted: Wanted) -> None:
    """Check that what a row says of somebody is what the directory says.

    Raises:
        RecipientDataInvalid: one of them is wrong, and nothing tells which.
    """
    if wanted.email is not None and not same_email(known, wanted):
        raise RecipientDataInvalid("manifest.other_email", id=known.id)
    if wanted.phone is not None and not same_phone(known, wanted):
        raise RecipientDataInvalid("manifest.other_phone", id=known.id)
    if born_apart(known, wanted):
        raise RecipientDataInvalid("manifest.other_birth_date", id=known.id)
    if wanted.keys and set(wanted.keys) != set(known.keys):
        raise RecipientDataInvalid("manifest.other_keys", id=known.id)


def _ids(people: Sequence[Recipient]) -> str:
    return ", ".join(sorted(each.id for each in people))
