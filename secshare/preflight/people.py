"""People as a text says them: in a form's fields, after a title, before a birth date."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.preflight.blocks import above, address, aged_below, in_column, letters, posted
from secshare.preflight.content import Role, Stated
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.fields import Seen, labelled
from secshare.preflight.labels import RELATION, titles
from secshare.preflight.lined import mark
from secshare.preflight.naming import Name, alone, read
from secshare.preflight.tabled import tabled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from secshare.preflight.content import Part, Table
    from secshare.preflight.identifiers import Match

__all__ = ["Seen", "stated"]

_BORN: Final = re.compile(
    r"[ \u00a0,(-]*(?:\n[ \t]*)?"
    r"(?<![^\W\d_])(?:n[ée]e?|n[ée]\(e\)|n[ée]\.e|born|dn|ddn|d\.n\.|dob|date of birth"
    r"|date (?:de )?nais(?:s(?:ance|\b\.?))?)"
    r"[ \u00a0]*(?:le|on|:)*[ \t\u00a0:]*$",
    re.IGNORECASE,
)
# The sign after the day comes first: most of a text is then passed over at once.
_AGED: Final = re.compile(
    r"[/.\-](?P<month>\d{1,2})[/.\-](?P<year>(?:19|20)\d\d)"
    r"[ \u00a0]*[-–,(][ \u00a0]*"
    r"(?:[MFH]\b|(?:masculin|f[ée]minin|homme|femme)|\d{1,3} ?(?:ans|mois|years))"
)
_DAY: Final = re.compile(r"\d{1,2}\Z")
# `Paul EXEMPLE, 82 ans (né le`
_AGE: Final = re.compile(r"[ \u00a0]*[,(-]?[ \u00a0]*\d{1,3} ?(?:ans|mois|years(?: old)?)\)?$")
_STREET: Final = re.compile(r"\s*\d{1,5}\b")
_NEAR: Final = 300  # characters between somebody and the date or number that is theirs


def stated(
    parts: Sequence[Part],
    found: Sequence[tuple[Part, Match, Role]],
    tables: Sequence[Table] = (),
) -> list[Stated]:
    """Return the people named in the texts, each with the birth date and number beside them.

    A sentence says who the patient is only where no field of the same document does: `Je vous
    adresse Mme X` counts in a letter, and not below a form. Names of one word are given too, since
    "Mme Exemple" may be who the document is about.

    Args:
        found: identifiers with the part in which they stand, as `identifiers.find` gave them.
        tables: whose columns name people: those are certain.
    """
    beside: dict[int, list[tuple[Match, Role]]] = {}
    for part, match, role in found:
        if match.kind in {IdentifierKind.NIR, IdentifierKind.BIRTH_DATE}:
            beside.setdefault(id(part), []).append((match, role))
    seen: list[tuple[Part, list[Seen]]] = []
    left = profiles.PREFLIGHT_NAMED
    for part in parts:
        if left <= 0:
            break
        here = _in_part(part, beside.get(id(part), []))[:left]
        left -= len(here)
        if here:
            seen.append((part, here))
    strong = {
        part.place.member
        for part, here in seen
        if any(one.strong and one.role in {Role.PATIENT, Role.CHILD} for one in here)
    }
    for member in {part.place.member for part, _ in seen} - strong:
        letters(one for part, here in seen if part.place.member == member for one in here)
    out: dict[Stated, None] = dict.fromkeys(tabled(tables))
    for part, here in seen:
        for one in here:
            role = one.role
            if role is Role.PATIENT and not one.strong and part.place.member in strong:
                role = Role.UNKNOWN
            out[
                Stated(
                    role=role,
                    names=one.spellings,
                    birth_date=one.born,
                    number=one.number,
                    place=part.place,
                )
            ] = None
    return list(out)


def _in_part(part: Part, beside: Sequence[tuple[Match, Role]]) -> list[Seen]:
    text = part.text[: profiles.PREFLIGHT_NAMED_IN]
    here = labelled(text)[: profiles.PREFLIGHT_NAMED]
    starts = [one.start for one in here]  # in their order; where all up to each end, beside it
    ends = [0, *accumulate((one.end for one in here), max)]
    last = 0
    for one in islice(_titled(text), profiles.PREFLIGHT_NAMED):
        if ends[bisect_left(starts, one.end)] <= one.start and last <= one.start:
            here.append(one)
            last = one.end
    for match, role in beside:
        if match.kind is IdentifierKind.BIRTH_DATE:
            _before_birth(text, match, role, here)
    _aged(text, here)
    here += [one for one in posted(text) if not any(_overlap(one, other) for other in here)]
    address(text, here)
    mark(text, here)
    here.sort(key=lambda one: one.start)
    here = [one for at, one in enumerate(here) if not (at and _is_of(one, here[at - 1]))]
    for match, role in sorted(beside, key=lambda pair: pair[0].start):
        _attach(text, match, role, here)
    return here


def _is_of(one: Seen, before: Seen) -> bool:
    """Return whether a field gives a birth name of who is named above: `Nom de jeune fille : X`."""
    return (
        one.partial
        and one.role is Role.PATIENT
        and before.role in {Role.PATIENT, Role.CHILD, Role.UNKNOWN}
        and one.start - before.end <= _NEAR
        and any(len(name.split()) > 1 for name in before.spellings)
    )


def _titled(text: str) -> Iterable[Seen]:
    for title in titles(text):
        name = read(text, title.end())
        if name is None:
            continue
        before = text[max(0, title.start() - 60) : title.start()]
        role, strong = Role.UNKNOWN, False
        word = title["title"].rstrip(".").lower()
        after = text[title.end() : title.end() + 5].lower()
        if word in {"dr", "dre", "docteur", "pr", "prof", "professeur"} or after.startswith(
            "le dr"
        ):
            role = Role.PROFESSIONAL
        else:
            flat = re.sub(r"\s+", " ", before)
            role = next((role for role, said in RELATION if said.search(flat)), Role.UNKNOWN)
            if role is Role.UNKNOWN and word.endswith(("enfant", "bébé", "bebe")):
                role = Role.CHILD
        if role is Role.UNKNOWN and aged_below(text, title.start(), name.end):
            role, strong = Role.PATIENT, True
        yield Seen(role, name.spellings, title.start(), name.end, strong)


def _overlap(one: Seen, other: Seen) -> bool:
    return one.start < other.end and other.start < one.end


def _before_birth(text: str, match: Match, role: Role, here: list[Seen]) -> None:
    """See who is named right before `né(e) le`, with no title and no label."""
    before = text[max(0, match.start - _NEAR) : match.start]
    said = _BORN.search(before)
    if said is None:
        return
    offset = match.start - len(before)
    if any(one.start < match.start and one.end >= offset + said.start() - 2 for one in here):
        return
    head = before[: said.start()].rstrip(" ,(-")
    if aged := _AGE.search(head, max(0, len(head) - 20)):
        head = head[: aged.start()]
    if re.search(r"[ \u00a0]{2}|\t", before[len(head) : said.end()]):
        label = match.start - len(said[0].lstrip(" \u00a0,(-\n\t"))
        name = in_column(text, label)  # what stands before the label is in another column
        if name is not None:
            one = Seen(Role.PATIENT, name.spellings, name.start, name.end, strong=True)
            here += [] if any(_overlap(one, other) for other in here) else [one]
        return
    below = "\n" in before[len(head) :]
    if not below and _STREET.match(head[head.rfind("\n") + 1 :]):
        return
    name = above(head) or _whole(head) if below else _ending(head)
    if name is None:
        return
    flat = re.sub(r"\s+", " ", head[: name.start])
    said_role = next((role for role, words in RELATION if words.search(flat)), None)
    actual = said_role or (role if role is not Role.UNKNOWN else Role.PATIENT)
    one = Seen(actual, name.spellings, offset + name.start, offset + name.end, strong=True)
    here += [] if any(_overlap(one, other) for other in here) else [one]


def _whole(head: str) -> Name | None:
    """Return the name that is all of the last line of a text, of two words at least."""
    start = head.rfind("\n") + 1
    name = alone(head[start:])
    if name is None or len(name.words) < 2:
        return None
    return Name(name.words, name.also, start + name.start, start + name.end)


def _aged(text: str, here: list[Seen]) -> None:
    """See who is named right above `12/03/1980 - F - 46 ans`, as on a label."""
    for aged in _AGED.finditer(text):
        day = _DAY.search(text, max(0, aged.start() - 2), aged.start())
        if day is None:
            continue
        line = text.rfind("\n", 0, day.start()) + 1
        line = max(line, day.start() - _NEAR)
        above = text[
            max(text.rfind("\n", 0, max(line - 1, 0)) + 1, line - _NEAR, 0) : max(line - 1, 0)
        ]
        same = text[line : day.start()].strip(" \u00a0,(-")
        try:
            born = date(int(aged["year"]), int(aged["month"]), int(day[0]))
        except ValueError:
            continue
        head = above.rfind(":") + 1
        name, at = (
            (_ending(same), line) if same else (alone(above[head:]), line - 1 - len(above) + head)
        )
        if name is None or len(name.words) < 2:
            continue
        start = at + name.start
        known = next(
            (one for one in here if one.start <= start + len(name.words[0]) <= one.end), None
        )
        if known is None:
            here.append(Seen(Role.PATIENT, name.spellings, start, at + name.end, True, born))
        elif known.born is None and known.role is not Role.PROFESSIONAL:
            known.born = born


def _ending(text: str) -> Name | None:
    """Return the name with which a text ends, of two words at least."""
    starts = [m.start() for m in re.finditer(r"(?<![\w'’-])[^\W\d_]", text[-80:])]
    base = max(0, len(text) - 80)
    for start in starts:
        for loose in (False, text[base + start].isupper()):
            name = read(text, base + start, loose=loose)
            if name is not None and len(name.words) > 1 and not text[name.end :].strip(" \t\n,("):
                return name
    return None


def _another_between(one: Seen, match: Match, here: list[Seen]) -> bool:
    return any(
        other.role is Role.PROFESSIONAL and one.end <= other.start < match.start for other in here
    )


def _attach(text: str, match: Match, role: Role, here: list[Seen]) -> None:
    """Give a birth date or a number to whoever stands before it, if it can be theirs."""
    value = date.fromisoformat(match.value) if match.kind is IdentifierKind.BIRTH_DATE else None
    near = [
        one
        for one in here
        if one.start < match.start
        and match.start - one.end <= _NEAR
        and one.role is not Role.PROFESSIONAL
    ]
    for one in reversed(near):
        # Right beside the name no word further up says more: `Assuré`, `Nom d'époux`.
        beside = value is not None and _BORN.match(text[one.end : match.start]) is not None
        said = Role.UNKNOWN if beside else role
        if said not in {Role.UNKNOWN, Role.PATIENT, one.role} and one.role is not Role.UNKNOWN:
            continue  # an insured parent's number below the child
        if said is Role.PATIENT and one.role not in {Role.PATIENT, Role.CHILD, Role.UNKNOWN}:
            continue
        if value is None and one.role is Role.UNKNOWN and _another_between(one, match, here):
            continue  # the ward's staff, then the physician it is for: nobody's number follows
        if value is not None:
            if one.born is None:
                one.born = value
                if one.role is Role.UNKNOWN and _BORN.search(
                    text[max(0, match.start - 60) : match.start]
                ):
                    one.role, one.strong = Role.PATIENT, True
            return
        if one.number is None:
            one.number = match.value
        return
