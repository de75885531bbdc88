"""Whether two contacts can be taken for one another, and why."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from secshare.recipients.names import fold
from secshare.recipients.skeleton import (
    core_and_ending,
    lowered,
    pretends,
    rotations,
    skeleton,
    undigited,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "NATIONAL",
    "Contact",
    "Parts",
    "alike",
    "email_likeness",
    "flat",
    "parts",
    "phone_likeness",
]

NATIONAL: Final = 9
"""Digits after the country code, or after the first zero, of a number in France, Belgium,
Switzerland and their territories: what two countries' numbers may have in common."""

_REMEMBERED: Final = 65_536


class Contact(StrEnum):
    """A contact of a recipient; the value is its field."""

    EMAIL = "email"
    PHONE = "phone"


class Parts(NamedTuple):
    """An address as it is compared.

    Attributes:
        email: as mail systems compare it; two equal ones are one mailbox.
        local: before the @, without what follows a `+`.
        name: the skeleton of `local`, without dots.
        core: the skeleton of the host without its ending and without dots.
        host, ending: as they are; the ending with its dot.
    """

    email: str
    local: str
    name: str
    core: str
    host: str
    ending: str


@lru_cache(maxsize=_REMEMBERED)
def parts(email: str) -> Parts:
    """Return the parts of an address."""
    email = lowered(email)
    local, _, host = email.rpartition("@")
    local = local.partition("+")[0] or local
    core, ending = _host(host)
    return Parts(email, local, flat(local), core, host, ending)


@lru_cache(maxsize=4096)
def _host(host: str) -> tuple[str, str]:
    core, ending = core_and_ending(host)
    return flat(core), ending


def flat(text: str) -> str:
    """Return the skeleton of part of an address, where dots, dashes, underscores do not count."""
    return skeleton(text).replace(".", "")


def alike(contact: Contact, one: str, other: str, names: tuple[str, str]) -> str | None:
    """Return why two people's contacts, which differ, may be taken for one another, or None.

    Args:
        names: of the two, in the same order.
    """
    if contact is Contact.PHONE:
        return phone_likeness(one, other)
    why = email_likeness(parts(one), parts(other))
    return None if why == "edit" and _own_given_names(one, other, names) else why


def email_likeness(one: Parts, other: Parts) -> str | None:
    """Return `script`, `look`, `edit` or `ending`, None where two addresses are not alike."""
    if one.email == other.email:
        return None
    named = _same_name(one, other)
    if named and one.core == other.core:
        if skeleton(one.ending) != skeleton(other.ending):
            return "ending"
        return "script" if pretends(one.host) != pretends(other.host) else "look"
    from rapidfuzz.distance import OSA

    return "edit" if OSA.distance(one.email, other.email, score_cutoff=1) <= 1 else None


def phone_likeness(one: str, other: str) -> str | None:
    """Return `edit` or `look` (the same to dial, in two countries) for E.164 numbers, or None."""
    if one == other:
        return None
    if one[-NATIONAL:] == other[-NATIONAL:]:
        return "look"
    from rapidfuzz.distance import OSA

    return "edit" if OSA.distance(one, other, score_cutoff=1) <= 1 else None


def _same_name(one: Parts, other: Parts) -> bool:
    """Return whether what stands before the @ is taken for the same: also with its parts turned
    round, and with digits that only one of them has.
    """
    if one.name == other.name:
        return True
    if len(one.name) == len(other.name):
        return other.name in rotations(one.name)
    return any(
        shorter is not None and flat(shorter) == whole
        for shorter, whole in (
            (undigited(one.local), other.name),
            (undigited(other.local), one.name),
        )
    )


def _own_given_names(one: str, other: str, names: tuple[str, str]) -> bool:
    """Return whether each address is its owner's whole name, and only their given names differ.

    `francois.martin@...` and `francoise.martin@...` of François and of Françoise Martin: each is
    what its owner's name says. A family name is not excused: a letter of it is what people mistype.
    See docs/decisions/091-look-alikes.md.
    """
    first, second = parts(one), parts(other)
    words = [fold(name).split() for name in names]
    if first.host != second.host or len(words[0]) != len(words[1]):
        return False
    *given, family = words[0]
    *other_given, other_family = words[1]
    if not given or family != other_family or given == other_given:
        return False
    spelt = [_letters(part.local) for part in (first, second)]
    ways = zip(_written(given, family), _written(other_given, family), strict=True)
    return any(
        spelt[0].startswith(own)
        and spelt[1].startswith(others)
        and spelt[0][len(own) :] == spelt[1][len(others) :]
        and _is_number(spelt[0][len(own) :])
        for own, others in ways
    )


def _letters(local: str) -> str:
    return local.replace(".", "").replace("-", "").replace("_", "")


def _is_number(rest: str) -> bool:
    return not rest or rest.isdigit()


def _written(given: list[str], family: str) -> Iterator[str]:
    """Yield the ways in which people write their name before an @, always in the same order."""
    whole, initials = "".join(given), "".join(word[0] for word in given)
    yield from (whole + family, family + whole, initials + family, family + initials, whole)
