"""Whose contacts a list's own resemble: said row by row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

from secshare.errors import RecipientDataInvalid
from secshare.recipients.differing import told_difference
from secshare.recipients.likeness import Contact
from secshare.recipients.lookalikes import RANKS, Known, by_contact, pairs
from secshare.recipients.names import fold
from secshare.recipients.rows import described, to_row
from secshare.recipients.ties import LookAlike, Relation, SharedContact, provider_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from secshare.model import Recipient
    from secshare.recipients.directory import Directory
    from secshare.recipients.table import Problem, Table

__all__ = ["check_contacts", "options"]


def check_contacts(
    directory: Directory,
    recipients: Sequence[Recipient],
    numbers: Sequence[int],
    table: Table,
    accept: Collection[Relation],
) -> None:
    """Add to the problems what contacts of newcomers have to do with others'.

    One a contact, with the nearest other; what is in `accept` is none. An import accepts for
    everybody at once, so nothing is kept as answered: each pair still asks when it matters.

    Args:
        numbers: the rows of `recipients` in the file.
    """
    known = directory.known()
    people = [*known, *(Known(each.uid, each.name, each.email, each.phone) for each in recipients)]
    rows = {each.uid: number for each, number in zip(recipients, numbers, strict=True)}

    def person(place: int) -> Recipient | None:
        if place >= len(known):
            return recipients[place - len(known)]
        return directory.somebody(known[place].uid)

    looks: dict[int, list[LookAlike]] = defaultdict(list)
    for one, two, contact, why in pairs(people):
        mine = two - len(known)
        if mine >= 0 and (other := person(one)) and not _same_person(other, recipients[mine]):
            looks[mine].append(LookAlike(contact, other, None, why))
    shared: dict[int, list[SharedContact]] = defaultdict(list)
    for one, two, contact in _sharing(people):
        mine = two - len(known)
        if mine >= 0 and (other := person(one)) and not _same_person(other, recipients[mine]):
            shared[mine].append(SharedContact(contact, other))
    for place, each in enumerate(recipients):
        if each.email and (imitation := provider_of(each.email)):
            looks[place].append(imitation)
        looks[place].sort(key=lambda look: RANKS.index(look.why))

    for place, number in enumerate(numbers):
        for tie in _first(looks[place], shared[place], accept):
            error = _problem(recipients[place], tie, rows)
            table.wrong(number, table.headers[tie.contact.value], error)


def options(problems: Sequence[Problem]) -> str | None:
    """Return the options that accept all of these problems, None where one is to be corrected."""
    needed = set()
    for problem in problems:
        option = _OPTIONS.get(problem.error.key.removesuffix("_email").removesuffix("_phone"))
        if option is None:
            return None
        needed.add(f"--accept {option}")
    return " ".join(sorted(needed))


_OPTIONS: Final = {
    "lookalikes.row_like": "look-alike",
    "lookalikes.beside_like": "look-alike",
    "lookalikes.row_provider": "look-alike",
    "lookalikes.row_same": "shared-contact",
    "lookalikes.beside_same": "shared-contact",
}


def _sharing(people: Sequence[Known]) -> Iterator[tuple[int, int, Contact]]:
    """Yield every two people with the same contact, by their places, the first one first."""
    for contact in Contact:
        for places in by_contact(people, contact).values():
            for one, two in combinations(places, 2):
                yield one, two, contact


def _first(
    looks: Sequence[LookAlike], shared: Sequence[SharedContact], accept: Collection[Relation]
) -> Iterator[LookAlike | SharedContact]:
    """Yield what is to be said of a row: of each contact, the nearest other of each kind."""
    for contact in Contact:
        if Relation.LOOK_ALIKE not in accept:
            yield from [look for look in looks if look.contact is contact][:1]
        if Relation.SHARED not in accept:
            yield from [share for share in shared if share.contact is contact][:1]


def _problem(
    recipient: Recipient, tie: LookAlike | SharedContact, rows: Mapping[str, int]
) -> RecipientDataInvalid:
    """Return what is said of a contact; `rows` has the numbers of those who are in the file."""
    other, contact = tie.other, tie.contact
    if other is None:
        provider = getattr(tie, "provider", None)
        return RecipientDataInvalid("lookalikes.row_provider", provider=provider)
    named = described([to_row(replace(other, email=None, phone=None))])
    row = rows.get(other.uid)
    if not isinstance(tie, LookAlike):
        if row is not None:
            return RecipientDataInvalid(f"lookalikes.beside_same_{contact}", row=row)
        return RecipientDataInvalid(f"lookalikes.row_same_{contact}", other=named)
    mine, theirs = (getattr(each, contact.value) or "" for each in (recipient, other))
    apart = told_difference(contact, mine, theirs)
    if row is not None:
        return RecipientDataInvalid(f"lookalikes.beside_like_{contact}", row=row, difference=apart)
    return RecipientDataInvalid(f"lookalikes.row_like_{contact}", other=named, difference=apart)


def _same_person(one: Recipient, other: Recipient) -> bool:
    """Return whether these two are refused as one person already."""
    return one.birth_date == other.birth_date and fold(one.name) == fold(other.name)
