"""Who acts: the account of the system, and the person who said so, as an entry holds them."""

from __future__ import annotations

from typing import Final

from secshare import profiles
from secshare.errors import RecipientDataInvalid
from secshare.recipients import one_line
from secshare.register.entries import Actor
from secshare.terminal import system_user

_DIGITS: Final = 4  # `poste 12`, `2026`; an RPPS has 11, an employee's number five and more


def acting(by: str | None = None) -> Actor:
    """Return who acts.

    Args:
        by: the person, where the account is not enough to tell: shared, or a service's.

    Raises:
        RecipientDataInvalid: `by` is not one line of text, at most `profiles.BY_CHARACTERS`, or
            holds a number that identifies somebody; the journal keeps none.
    """
    if by is not None:
        by = one_line("--by", by, profiles.BY_CHARACTERS)
        if sum(c.isdecimal() for c in by) > _DIGITS:
            raise RecipientDataInvalid("sharing.by_number")
    return Actor(system_user(), by)
