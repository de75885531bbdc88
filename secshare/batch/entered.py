"""Whom the directory has by now, of those whom it did not have when their share was sealed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from secshare.batch.addressing import person_uid
from secshare.batch.alike import (
    born_alike,
    is_exact,
    is_namesake,
    may_be,
    refuses,
    same_email,
    same_phone,
    shares_more,
)
from secshare.batch.forms import Left
from secshare.batch.wanted import Wanted
from secshare.errors import RecipientDataInvalid
from secshare.model import SealFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.model import Recipient, Share
    from secshare.sharing import Desk

__all__ = ["met"]

_NO_DAY: Final = date.min
"""Stands for a birth date that nobody of the directory has."""


def met(desk: Desk, share: Share) -> Recipient | Left | None:
    """Return who of the directory a share is for by now, or why its words are left out.

    None for nobody: the row's own number holds. Somebody entered since may have an address or a
    number that the practice knows better than the manifest did. They are taken for each other by
    the very name, the birth date and the address only, since words go to the number of who is
    returned; otherwise what differs leaves the words out.
    """
    found = desk.directory.by_uid(share.recipient)
    if found is not None:
        return Left.REFUSED if _is_unwilling(found, share) else found
    try:
        people = desk.directory.candidates(share.name, share.email, share.phone, titled=True)
    except RecipientDataInvalid:  # a file of keys, of somebody whom nobody may ask for anything
        return Left.UNSURE
    row = _row_of(desk, share, people)
    people = tuple(each for each in people if may_be(each, row))
    if any(_is_unwilling(each, share) for each in people):
        return Left.REFUSED
    named = [each for each in people if is_namesake(each, row) and shares_more(each, row)]
    same = [
        each
        for each in named
        if is_exact(each, row) and born_alike(each, row) and same_email(each, row)
    ]
    if len(same) == 1:
        return same[0]
    agree = all(
        same_email(each, row) and (row.phone is None or same_phone(each, row)) for each in named
    )
    return None if agree else Left.UNSURE


def _row_of(desk: Desk, share: Share, people: Sequence[Recipient]) -> Wanted:
    """Return what the manifest said of whom a share is for.

    The register has no birth date; but what it calls this person was made with theirs.
    """
    mac_key = desk.practice.signer.mac_key
    days = {
        person_uid(mac_key, share.name, share.email or "", share.phone, day): day
        for day in (None, *(each.birth_date for each in people))
    }
    return Wanted(
        number=0,
        last=0,
        files=(),
        name=share.name,
        email=share.email,
        phone=share.phone,
        birth_date=days.get(share.recipient, _NO_DAY),
    )


def _is_unwilling(person: Recipient, share: Share) -> bool:
    """Return whether nothing is to go to somebody; a page by hand may, to who refused e-mail."""
    by_hand = share.format is SealFormat.HTML and person.revoked is None
    return refuses(person) and not by_hand
