"""Whose a social-security number is: the subject's, somebody's who may stand there, or another's.

The thirteen characters begin with sex, year and month of birth (INSEE). They are compared with the
birth date on record, and never kept.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from secshare.model import Finding, Severity
from secshare.preflight.content import Role
from secshare.preflight.matching import Likeness
from secshare.preflight.sides import agrees

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Stated
    from secshare.preflight.facts import Found
    from secshare.preflight.sides import Sides
    from secshare.preflight.unit import Unit

__all__ = ["other_numbers"]

_BESIDE: Final = {
    Role.INSURED, Role.PARENT, Role.CONTACT, Role.PROFESSIONAL, Role.HOLDER, Role.CHILD,
}  # fmt: skip
_NUMBERED: Final = {Role.INSURED, Role.PARENT, Role.CHILD}
"""Whose number may stand in a document about somebody else: nobody prints that of a neighbour to
be called, of a physician, of the holder of an account."""
_NUMBERS: Final = 2_000  # that are compared: twice what a text or a column tells
_SINCE: Final = 2026  # a document that says no year was not written before this program
_DEPENDANT: Final = 20  # years: a child has a number of its own on its card from 16, or later
_PARENT: Final = range(14, 61)  # years between a parent, or who insures a child, and the child


def other_numbers(unit: Unit, sides: Sides, *, there: bool, family: bool) -> list[Finding]:
    """Return a finding for each number that is not the subject's, and has no reason to be there.

    Args:
        there: whether the subject's name stands in the document.
        family: whether the subject is stated in it as a child, beside the mother.
    """
    out = []
    owned: dict[str, list[Stated]] = {}
    for one in unit.people:
        if one.number is not None:
            owned.setdefault(one.number, []).append(one)
    for value, found in islice(unit.numbers().items(), _NUMBERS):
        owners = owned.get(value, [])
        told = _other(value, found, owners, unit, sides, there=there, family=family)
        if told is not None:
            out.append(_finding(told[0], value, found.place, sides, **told[1]))
    return out


def _other(  # noqa: PLR0911 - a return for each reason
    value: str,
    found: Found,
    owners: list[Stated],
    unit: Unit,
    sides: Sides,
    *,
    there: bool,
    family: bool,
) -> tuple[str, dict[str, object]] | None:
    subject = sides.subject
    given = subject.person.nir
    if given is not None and given[:13].upper() == value:
        return None
    fits = agrees(value, subject.person)
    for owner in owners:
        like = subject.likeness(owner.names) if owner.names else Likeness.PART
        if (
            owner.certain
            and owner.birth_date is not None
            and owner.birth_date == subject.birth_date
            and like is not Likeness.OTHER
        ):
            return None  # a field gives it with their own name and date, whatever it begins with
        if like is Likeness.OTHER and not _may_stand(owner, sides, there=there, family=family):
            if there and fits and owner.role is Role.UNKNOWN and not owner.certain:
                continue  # it may as well be the subject's, who is named too
            if _explained(value, unit, sides, there=there, family=family) and any(
                subject.shares(name) for name in owner.names
            ):
                continue
            return "other_number_of", {"name": owner.names[0]}
    if there and _stands_by_role(found, owners, unit, sides):
        return None
    if any(
        agrees(value, bearer.person) or (bearer.person.nir or "")[:13] == value
        for bearer in sides.known
    ):
        return None
    if given is not None and not _explained(value, unit, sides, there=there, family=family):
        return "other_number_given", {}
    if fits is None:
        return None
    if fits:
        return ("other_number_sex", {}) if _other_sex(value, unit) else None
    return (
        None if _explained(value, unit, sides, there=there, family=family) else ("other_number", {})
    )


def _stands_by_role(found: Found, owners: list[Stated], unit: Unit, sides: Sides) -> bool:
    """Return whether a number is given as a parent's, a child's, or who insures the subject.

    `Assuré social :` before a number, and nobody named there, is the adult patient's own line.
    """
    roles = {found.role, *(owner.role for owner in owners)}
    born = sides.subject.birth_date
    adult = born is not None and (unit.year or _SINCE) - born.year > _DEPENDANT
    if adult and not any(owner.role is Role.INSURED and owner.names for owner in owners):
        roles -= {Role.INSURED}
    return bool(roles & _NUMBERED)


def _may_stand(owner: Stated, sides: Sides, *, there: bool, family: bool) -> bool:
    if sides.is_known(owner):
        return True
    return there and (owner.role in _BESIDE or (family and owner.role is Role.PATIENT))


def _explained(value: str, unit: Unit, sides: Sides, *, there: bool, family: bool) -> bool:
    """Return whether a number of another birth month is a relative's, who insures or is a baby."""
    if not there:
        return False
    roles = _BESIDE | ({Role.PATIENT} if family else set())
    if any(agrees(value, one) for one in unit.people if one.role in roles):
        return True
    born = sides.subject.birth_date
    if born is None or unit.year is None or unit.year - born.year > _DEPENDANT:
        return False
    years = [century + int(value[1:3]) for century in (1900, 2000)]
    return unit.dated(born) and any(born.year - year in _PARENT for year in years)


def _other_sex(value: str, unit: Unit) -> bool:
    """Return whether the document says one sex throughout, and the number the other."""
    if any(one.role is Role.CHILD for one in unit.people):
        return False  # the sex of a newborn, beside the number of the mother
    if len(unit.sexes) != 1 or value[0] not in "12":
        return False
    return (unit.sexes == {"f"}) != (value[0] == "2")


def _finding(key: str, value: str, place: Place, sides: Sides, **fields: object) -> Finding:
    return Finding(
        "other-number",
        Severity.BLOCK,
        f"preflight.{key}",
        {"end": value[-3:], "subject": sides.name, **fields},
        place,
    )
