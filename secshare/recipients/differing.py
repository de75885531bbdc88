"""The place where two contacts differ, shown so that neither can be read whole."""

from __future__ import annotations

import unicodedata
from typing import Final

from secshare.recipients.likeness import NATIONAL, Contact
from secshare.recipients.masking import is_patient_mssante, masked_email, masked_phone
from secshare.recipients.names import reads_as_nir
from secshare.recipients.skeleton import lowered

__all__ = ["told_difference"]

_MOST: Final = 4
"""Characters of one that may be shown as what differs: more would be most of a name."""
_AROUND: Final = 2
_HIDDEN: Final = 2
"""Characters of what stands before the @ that stay hidden."""
_MORE: Final = "…"


def told_difference(contact: Contact, one: str, other: str) -> str:
    """Return where two contacts differ, as `…xe[m|rn]pl…@example.org` or `…[0|1]1`.

    What the first has stands first. Of what stands before the @, at least two characters are
    hidden; of a number, all but what differs and the last two digits. A letter of another alphabet
    is shown by its number in Unicode. Where too much differs, or either may hold a
    social-security number, both are masked: `j***@orange.fr / m***@orange.fr`.
    """
    masked = masked_phone if contact is Contact.PHONE else masked_email
    both_masked = f"{masked(one)} / {masked(other)}"
    if is_patient_mssante(one) or is_patient_mssante(other):
        return both_masked
    if reads_as_nir(one.rpartition("@")[0] or one) or reads_as_nir(
        other.rpartition("@")[0] or other
    ):
        return both_masked
    told = _phones(one, other) if contact is Contact.PHONE else _emails(one, other)
    return told or both_masked


def _emails(one: str, other: str) -> str | None:
    one, other = lowered(one), lowered(other)
    local, _, host = one.rpartition("@")
    other_local, _, other_host = other.rpartition("@")
    if local == other_local and host != other_host:
        before, mine, theirs, after = _split(host, other_host)  # a host is no secret
        return f"{local[:1]}***@{before}{_choice(mine, theirs)}{after}"
    if host != other_host or local == other_local:
        return None
    before, mine, theirs, after = _split(local, other_local)
    if max(len(mine), len(theirs)) > _MOST:
        return None
    room = len(before) + len(after) - _HIDDEN
    if room < 0:  # too short to hide anything of: only what differs, and not where
        return f"{_MORE}{_choice(mine, theirs)}{_MORE}@{host}"
    left = before[max(len(before) - min(_AROUND, room), 0) :]
    right = after[: min(_AROUND, room - len(left))]
    head = "" if left == before else _MORE
    tail = "" if right == after else _MORE
    return f"{head}{left}{_choice(mine, theirs)}{right}{tail}@{host}"


def _phones(one: str, other: str) -> str | None:
    if one[-NATIONAL:] == other[-NATIONAL:]:  # the same to dial, in two countries
        return f"[{one[:-NATIONAL]}|{other[:-NATIONAL]}]{_MORE}{one[-2:]}"
    _, mine, theirs, after = _split(one, other)
    if max(len(mine), len(theirs)) > _MOST:
        return None
    hidden = "*" * max(len(after) - 2, 0) + after[-2:]
    start = len(hidden) % 2
    pairs = [hidden[place : place + 2] for place in range(start, len(hidden), 2)]
    return f"{_MORE}{_choice(mine, theirs)}{' '.join([hidden[:start], *pairs]).rstrip()}"


def _split(one: str, other: str) -> tuple[str, str, str, str]:
    """Return what two texts begin with, what each has of its own, and what they end with.

    Neither part of its own is empty: it takes in a character they share where it would be.
    """
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    end = next(
        (at for at in range(shorter - start) if one[-1 - at] != other[-1 - at]), shorter - start
    )
    if start + end == shorter and shorter:  # one has something more
        start, end = (start - 1, end) if start else (start, end - 1)
    return (
        one[:start],
        one[start : len(one) - end],
        other[start : len(other) - end],
        one[len(one) - end :],
    )


def _choice(mine: str, theirs: str) -> str:
    return f"[{_plain(mine)}|{_plain(theirs)}]"


def _plain(text: str) -> str:
    """Return a text in which no letter of another alphabet passes for one of ours."""
    return "".join(
        each
        if each.isascii() or unicodedata.name(each, "").startswith("LATIN ")
        else f"U+{ord(each):04X}"
        for each in text
    )
