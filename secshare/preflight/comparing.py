"""Whom one document is about, against whom it is said to be about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.model import Finding, Place, Severity
from secshare.preflight.case import Person
from secshare.preflight.content import Role
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.matching import Bearer, Likeness
from secshare.preflight.numbers import other_numbers
from secshare.preflight.sides import agrees
from secshare.preflight.unit import FILE_NAME, seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from secshare.preflight.content import Stated
    from secshare.preflight.sides import Sides
    from secshare.preflight.unit import Unit

__all__ = ["MANY", "Compared", "compare", "distinct"]

_ABOUT: Final = (Role.PATIENT, Role.CHILD, Role.INSURED)
"""Who a document is about: its patient; else the child it names; else the insured person."""
_NEWBORN: Final = 1  # years between a birth and what is written about the birth
_COMPARISONS: Final = 5_000  # of a name with a name, among all who are said to be patients
MANY: Final = 50
"""Different people that are told apart in one document: there are as many, or more."""


class Compared:
    """What comparing one document gave.

    Attributes:
        named: whether it names the subject; None where only as a physician or a relative.
        dated: whether it has the subject's birth date.
        others: how many people it is about who are not the subject.
        personal: whether it names anybody, or has a number or a birth date: a leaflet has none.
    """

    def __init__(self, unit: Unit, sides: Sides) -> None:
        self.unit, self.sides = unit, sides
        subject = sides.subject
        self.dated = unit.dated(subject.birth_date) or (
            subject.birth_date is not None and unit.date_beside(subject) == subject.birth_date
        )
        self.findings: list[Finding] = []
        stated = [one for one in unit.people if not sides.is_own(one)]
        self.patients = _patients([one for one in stated if seen(one.place)])
        self.matched = [one for one in self.patients if self._same(one)]
        self.patients += _patients([one for one in stated if not seen(one.place)])
        self.child = bool(unit.said(subject, {Role.CHILD})) and self._is_newborn()
        self.named = self._named()
        self.sure = self.named is True and (
            bool(unit.said(subject, {*_ABOUT, Role.UNKNOWN})) or bool(unit.hits(subject))
        )
        self.different = distinct(one for one in self.patients if self._is_other(one))
        self.others = len(self.different)
        self.personal = bool(
            unit.numbers()
            or any(
                one.role in {*_ABOUT, Role.UNKNOWN}
                and any(len(name.split()) > 1 for name in one.names)
                for one in stated
            )
            or any(one.birth_date for one in stated)
        )

    def _same(self, one: Stated) -> bool:
        subject = self.sides.subject
        if one.birth_date is not None and subject.birth_date is not None:
            if one.birth_date != subject.birth_date:
                return False
            return not one.names or subject.likeness(one.names) > Likeness.OTHER
        if one.names and subject.likeness(one.names) is Likeness.SAME:
            return True
        return len(subject.plain) == 1 and any(
            subject.plain == name.lower().split() for name in one.names
        )

    def _is_other(self, one: Stated) -> bool:
        """Return whether a patient stated is surely somebody else."""
        subject = self.sides.subject
        if self._same(one):
            return False
        like = subject.likeness(one.names) if one.names else None
        if like is None:  # a birth date and no name
            return not self.dated and one.birth_date is not None and subject.birth_date is not None
        if like is not Likeness.OTHER:
            return False
        return any(len(name.split()) > 1 for name in one.names) or one.birth_date is not None

    def _named(self) -> bool | None:
        subject = self.sides.subject
        if self.matched or self.unit.said(subject, {*_ABOUT, Role.UNKNOWN}):
            return True
        written = self.unit.written(subject)
        if written is not False:
            return written
        roles = set(Role) - {*_ABOUT, Role.UNKNOWN}
        return None if self.unit.said(subject, roles) else False

    def _is_newborn(self) -> bool:
        born = self.sides.subject.birth_date
        if born is None or self.unit.year is None:
            return True
        return self.unit.year - born.year <= _NEWBORN


def _patients(some: list[Stated]) -> list[Stated]:
    return next(
        (found for role in _ABOUT if (found := [one for one in some if one.role is role])), []
    )


def distinct(some: Iterable[Stated]) -> list[Stated]:
    """Return one of each person, who is stated several times and in several ways.

    At most `MANY`, and fewer where names would have to be compared too often: whoever wrote so
    many alike names on purpose waits no longer than others, and one other person stops a document.
    """
    out: list[tuple[Stated, list[Bearer]]] = []
    left = _COMPARISONS
    for one in sorted(some, key=lambda s: (s.birth_date is None, s.number is None)):
        for other, bearers in out:
            if len({one.birth_date, other.birth_date} - {None}) == 2:
                continue
            if one.number and one.number == other.number:
                break
            left -= len(bearers) * len(one.names)
            if any(bearer.likeness(one.names) > Likeness.OTHER for bearer in bearers):
                break
        else:
            out.append((one, [Bearer(Person(name, one.birth_date)) for name in one.names]))
        if len(out) >= MANY or left <= 0:
            break
    return [one for one, _ in out]


def compare(unit: Unit, sides: Sides) -> Compared:
    """Return how a document compares, with the findings about who it is about."""
    it = Compared(unit, sides)
    findings = it.findings
    newborn = _mother_of_newborn(it)
    namesake = _namesake(it)
    if namesake is not None:
        findings.append(namesake)
    elif it.matched or it.child or newborn:
        if not newborn:
            findings += _also_about(it)
        if not findings and it.matched and not it.dated:
            findings += _loose_date(it)  # named without a date: one that is nobody's may be theirs
    else:
        findings += _about_another(it)
    there = it.named is True or bool(newborn)
    findings += other_numbers(unit, sides, there=there, family=it.child or newborn)
    return it


def _mother_of_newborn(it: Compared) -> bool:
    """Return whether the subject is the mother in what is about her newborn child."""
    subject, unit = it.sides.subject, it.unit
    if not it.patients or not unit.said(subject, {Role.PARENT}):
        return False
    if any(one.birth_date == subject.birth_date for one in it.patients if one.birth_date):
        return False  # nobody was born on the day of their child: a twin, with the father's name
    return it.patients[0].role is Role.CHILD and all(
        one.birth_date is not None
        and unit.year is not None
        and unit.year - one.birth_date.year <= _NEWBORN
        for one in it.patients
    )


def _also_about(it: Compared) -> list[Finding]:
    """Return what is said where the subject is a patient in it, and somebody else too."""
    sides, out = it.sides, []
    for one in it.different:
        if sides.is_known(one) or (it.child and one.role is Role.PATIENT and not it.matched):
            continue
        own_date = one.birth_date is not None and one.birth_date != sides.subject.birth_date
        sure = one.certain or own_date or _has_other_number(one, it)
        severity = Severity.BLOCK if sure else Severity.CONFIRM
        out.append(
            Finding(
                "several-people",
                severity,
                "preflight.several_people_named" if one.names else "preflight.several_people",
                {"name": one.names[0], "subject": sides.name}
                if one.names
                else {"count": 2, "subject": sides.name},
                one.place,
            )
        )
    return out


def _has_other_number(one: Stated, it: Compared) -> bool:
    return one.number is not None and agrees(one.number, it.sides.subject.person) is False


def _namesake(it: Compared) -> Finding | None:
    """Return what is said of the subject's name with another birth date, and not with theirs."""
    subject = it.sides.subject
    if it.dated or subject.birth_date is None:
        return None
    for one in it.unit.people:
        if one.birth_date is None or one.birth_date == subject.birth_date or not one.names:
            continue
        like = subject.likeness(one.names)
        if one.role in {*_ABOUT, Role.UNKNOWN} and (
            like is Likeness.SAME or (like is Likeness.PART and one in it.patients)
        ):
            return _other_date(one.birth_date.year, it.sides, one.place)
    return None


def _about_another(it: Compared) -> list[Finding]:
    """Return what is said where no patient stated is the subject."""
    sides, subject = it.sides, it.sides.subject
    out: list[Finding] = []
    for one in it.different:
        known = sides.is_known(one)
        dated = one.birth_date is not None and one.birth_date == subject.birth_date
        if dated and any(subject.shares_given(name) for name in one.names):
            if it.named is not True:
                fields = {"subject": sides.name, "name": one.names[0]}
                key = "preflight.name_absent_near"
                out.append(Finding("name-absent", Severity.CONFIRM, key, fields, one.place))
            continue
        if dated and it.sure:
            continue  # the date that stands below another name is the subject's, who is there too
        weak = one.birth_date is None and one.number is None and not one.certain
        if weak and it.named is True and it.dated:
            continue  # the subject's name and birth date weigh more than a name in a form
        fields = {"subject": sides.name}
        if one.names:
            key = _of_another(known, sides)
            fields["name"] = one.names[0]
        else:
            key = "preflight.other_person_born"
            fields["year"] = str(one.birth_date.year if one.birth_date else "")
        severity = Severity.CONFIRM if known else Severity.BLOCK
        out.append(Finding("other-person", severity, key, fields, one.place))
    if not out and not it.different and it.named is True and not it.dated:
        out += _loose_date(it)
    return out


def _of_another(known: Bearer | None, sides: Sides) -> str:
    """Return the sentence about somebody else: on record beside the subject, or receiving this."""
    if known is None:
        return "preflight.other_person"
    if known.person == sides.case.recipient:
        return "preflight.other_person_recipient"
    return "preflight.other_person_known"


def _loose_date(it: Compared) -> list[Finding]:
    """Return what is said of a birth date that nobody stands beside, where the subject is named."""
    subject, unit = it.sides.subject, it.unit
    if subject.birth_date is None:
        return []
    stated = {one.birth_date for one in unit.people}
    roles = {Role.PATIENT, Role.UNKNOWN}
    if not any(one.role is Role.CHILD for one in unit.people):
        roles.add(Role.CHILD)  # `l'enfant X, né le`: the patient, and nobody's child beside them
    for found in unit.found:
        if (
            found.kind is IdentifierKind.BIRTH_DATE
            and found.role in roles
            and found.place.field != FILE_NAME
            and found.value not in {day.isoformat() for day in stated if day is not None}
        ):
            return [_other_date(int(found.value[:4]), it.sides, found.place)]
    if (beside := unit.date_beside(subject)) is not None and beside not in stated:
        return [_other_date(beside.year, it.sides, unit.place)]
    return []


def _other_date(year: int, sides: Sides, place: Place | None) -> Finding:
    fields = {"subject": sides.name, "year": str(year)}
    key = "preflight.other_birth_date"
    return Finding("other-birth-date", Severity.BLOCK, key, fields, place)
