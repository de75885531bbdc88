"""Finding who has a contact that is alike: for one person among all, and for all among all.

Candidates are found by what alike contacts must share, and judged by `likeness.alike` alone, so
that both searches give the same answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from itertools import combinations, product
from typing import TYPE_CHECKING, Final, NamedTuple

from secshare.recipients.likeness import NATIONAL, Contact, alike, email_likeness, flat, parts
from secshare.recipients.lines import Lines
from secshare.recipients.skeleton import lowered, rotations, skeleton, undigited

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

__all__ = ["RANKS", "Index", "Known", "by_contact", "pairs"]

RANKS: Final = ("script", "look", "edit", "ending", "provider")
"""Why two contacts are alike, the nearest first."""


class Known(NamedTuple):
    """What is compared of somebody."""

    uid: str
    name: str
    email: str | None
    phone: str | None

    def contact(self, contact: Contact) -> str | None:
        """Return one of their contacts."""
        return self.email if contact is Contact.EMAIL else self.phone


class Index:
    """Everybody's contacts, to be searched for those alike to one: 20,000 people in some 10 ms.

    Args:
        uids: of everybody, a line each.
        emails, phones: theirs, in the same order; an empty line where there is none.
    """

    def __init__(self, uids: str, emails: str, phones: str) -> None:
        self._all_uids = uids
        if emails.isascii() and "xn--" not in emails:
            emails = emails.lower()
        else:
            emails = "\n".join(lowered(each) if each else "" for each in emails.split("\n"))
        self._emails = Lines(emails)
        self._skeletons = Lines(_skeletons(emails))
        self._tagged = "+" in emails
        self._phones = Lines(phones)

    @cached_property
    def _uids(self) -> list[str]:
        return self._all_uids.split("\n")

    def equal(self, contact: Contact, value: str) -> list[str]:
        """Return the uids of those who have this very contact."""
        if contact is Contact.PHONE:
            return self._of(self._phones.equal(value))
        return self._of(self._emails.equal(lowered(value)))

    def near(self, contact: Contact, value: str) -> list[str]:
        """Return the uids of those whose contact may be alike; not every one of them is."""
        near = self._near_phone if contact is Contact.PHONE else self._near_email
        return self._of(near(value))

    def _of(self, lines: Iterable[int]) -> list[str]:
        return [self._uids[line] for line in sorted(lines)]

    def _near_phone(self, phone: str) -> set[int]:
        return {*self._phones.ending(phone[-NATIONAL:]), *_edited(phone, "", self._phones)}

    def _near_email(self, email: str) -> set[int]:
        one = parts(email)
        local, at, host = one.email.rpartition("@")
        beside = self._emails.beginning(f"{local}@")  # what differs is the host
        lines = {line for line in beside if _one_edit(one.email, self._emails[line])}
        lines |= _edited(local, f"{at}{host}", self._emails)
        names = {one.name} | rotations(one.name)
        if (shorter := undigited(one.local)) is not None:
            names.add(flat(shorter))
        for name in names:
            lines.update(self._skeletons.beginning(f"{name}@{one.core}"))
            if self._tagged:
                lines.update(self._skeletons.beginning(f"{name}+"))
        name, core = re.escape(one.name), re.escape(one.core)
        longer = re.compile(rf"{name}[0-9ol]*(?:[+][^@]*)?@{core}")
        for line in self._skeletons.beginning(one.name):
            if longer.match(self._skeletons[line]):
                lines.add(line)
        return {line for line in lines if email_likeness(one, parts(self._emails[line]))}


def pairs(people: Sequence[Known]) -> Iterator[tuple[int, int, Contact, str]]:
    """Yield every two people with contacts alike, by their places, which contact, and why.

    Two people with the very same contact are not among them. Memory and time grow with the number
    of people: 20,000 take seconds.
    """
    for contact in Contact:
        held = by_contact(people, contact)
        values = list(held)
        seen: set[tuple[int, int]] = set()
        for group in _groups(values, contact):
            for one, other in combinations(group, 2):
                if (one, other) in seen:
                    continue
                seen.add((one, other))
                for first, second in product(held[values[one]], held[values[other]]):
                    names = people[first].name, people[second].name
                    if why := alike(contact, values[one], values[other], names):
                        yield min(first, second), max(first, second), contact, why


def by_contact(people: Iterable[Known], contact: Contact) -> dict[str, list[int]]:
    """Return the places of those who have each address or number, as mail systems compare it."""
    held: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        if (value := person.contact(contact)) is not None:
            held[value if contact is Contact.PHONE else lowered(value)].append(place)
    return held


def _groups(values: Sequence[str], contact: Contact) -> Iterator[list[int]]:
    """Yield places of contacts that share something which alike contacts must share."""
    held: dict[Hashable, list[int]] = defaultdict(list)
    names: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, value in enumerate(values):
        for key in _shortened(value):
            held[key].append(place)
        if contact is Contact.PHONE:
            held["national", value[-NATIONAL:]].append(place)
        else:
            one = parts(value)
            names[one.name, one.core].append(place)
    yield from (group for group in held.values() if len(group) > 1)
    yield from (group for group in names.values() if len(group) > 1)
    for (name, core), places in names.items():
        for other in rotations(name):
            if name < other and (turned := names.get((other, core))):
                yield from ([min(pair), max(pair)] for pair in product(places, turned))
    for place, value in enumerate(values if names else ()):
        one = parts(value)
        if (shorter := undigited(one.local)) is not None:
            for other_place in names.get((flat(shorter), one.core), ()):
                if place != other_place:
                    yield sorted((place, other_place))


def _shortened(text: str) -> set[str]:
    """Return a text, and it less any one character: two texts one edit apart share one of these."""
    return {text} | {text[:cut] + text[cut + 1 :] for cut in range(len(text))}


def _skeletons(emails: str) -> str:
    """Return the skeletons of lower-case addresses, a line each, without dots."""
    if emails.isascii():
        return skeleton(emails).replace(".", "")
    return "\n".join(skeleton(line).replace(".", "") for line in emails.split("\n"))


def _one_edit(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    return abs(len(one) - len(other)) <= 1 and OSA.distance(one, other, score_cutoff=1) <= 1


def _edited(part: str, after: str, lines: Lines) -> set[int]:
    """Return the numbers of the lines that are one edit away from `part`, then say `after`.

    One edit leaves the first half of the part as it is, or the last; or it exchanges the two
    characters in the middle.
    """
    half = max(len(part) // 2, 1)
    middle = part[: half - 1] + part[half : half + 1] + part[half - 1 : half] + part[half + 1 :]
    near = {*lines.beginning(part[:half]), *lines.equal(middle + after)}
    if last := part[half:] + after:
        near.update(lines.ending(last))
    return {line for line in near if _one_edit(part + after, lines[line])}
