"""Whether a row and somebody of the directory are one person: surely, perhaps, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.recipients import fold
from secshare.recipients.matching import name_key, name_keys
from secshare.recipients.skeleton import lowered

if TYPE_CHECKING:
    from secshare.batch.wanted import Wanted
    from secshare.model import Recipient

__all__ = [
    "born_alike",
    "born_apart",
    "is_exact",
    "is_namesake",
    "is_same",
    "may_be",
    "refuses",
    "same_email",
    "same_phone",
    "shares_more",
]


def is_same(person: Recipient, wanted: Wanted) -> bool:
    """Return whether a row names this person: by the name, and something else that only they have.

    A birth date that differs tells two people apart whatever else they share.
    """
    return (
        is_exact(person, wanted) and not born_apart(person, wanted) and shares_more(person, wanted)
    )


def shares_more(person: Recipient, wanted: Wanted) -> bool:
    """Return whether a row has something of this person beside the name."""
    return born_alike(person, wanted) or same_email(person, wanted) or same_phone(person, wanted)


def may_be(person: Recipient, wanted: Wanted) -> bool:
    """Return whether a row may name this person, whom nothing tells for sure.

    By the name, with other contacts, or but for a title or a note in brackets; or by the address,
    and a part of the name.
    """
    if born_apart(person, wanted):
        return False
    if is_namesake(person, wanted):
        return True
    shared = set(fold(person.name).split()) & set(fold(wanted.name or "").split())
    return bool(shared) and same_email(person, wanted)


def is_exact(person: Recipient, wanted: Wanted) -> bool:
    """Return whether both have the very same name, in any order of its parts."""
    return name_key(person.name) == name_key(wanted.name or "")


def is_namesake(person: Recipient, wanted: Wanted) -> bool:
    """Return whether both have one name, whatever titles and notes in brackets they are given."""
    return not name_keys(person.name).isdisjoint(name_keys(wanted.name or ""))


def refuses(person: Recipient) -> bool:
    """Return whether somebody is revoked, or opposed to e-mail."""
    return person.revoked is not None or person.email_consent is False


def born_apart(person: Recipient, wanted: Wanted) -> bool:
    """Return whether both birth dates are known, and differ."""
    return None not in {person.birth_date, wanted.birth_date} and (
        person.birth_date != wanted.birth_date
    )


def born_alike(person: Recipient, wanted: Wanted) -> bool:
    """Return whether both birth dates are known, and the same."""
    return person.birth_date is not None and person.birth_date == wanted.birth_date


def same_email(person: Recipient, wanted: Wanted) -> bool:
    """Return whether both have an address, and the same."""
    return None not in {person.email, wanted.email} and (
        lowered(person.email or "") == lowered(wanted.email or "")
    )


def same_phone(person: Recipient, wanted: Wanted) -> bool:
    """Return whether both have a number, and the same."""
    return person.phone is not None and person.phone == wanted.phone
