"""Whether documents are for whom they are said to be: what was read, judged by a case."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare.model import DocumentKind, Finding, Severity
from secshare.preflight.comparing import MANY, compare, distinct
from secshare.preflight.content import Role
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.intrinsic import by_itself, exports, mssante
from secshare.preflight.report import Report
from secshare.preflight.rules import RULES
from secshare.preflight.sides import Sides, agrees
from secshare.preflight.unit import seen, units
from secshare.preflight.vouching import voucher, vouches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from secshare.preflight.case import Case, Person
    from secshare.preflight.comparing import Compared
    from secshare.preflight.facts import Facts
    from secshare.preflight.unit import Unit

__all__ = ["judge"]

_LIST: Final = 3  # different people from which on a document is said to be a list, and not each
_LETTER: Final = 200  # characters: fewer are a note that goes with documents
_CARE: Final = re.compile(
    r"(?<!\w)(?:resultats?|patiente?s?|bilans?|ordonnances?|consultations?|diagnostics?|analyses?"
    r"|compte rendu|certificats?|examens?|traitements?|prescriptions?|positi[fv]e?s?|negati[fv]e?s?"
    r"|grossesse|cancer|vih|hiv|results?|tests?|diagnosis|treatment|\d+ (?:mg|ml|g l|mmol l))(?!\w)"
)
_TOLD: Final = 3  # documents inside one that are told by their names
_ABOUT_PEOPLE: Final = frozenset(
    ("other-number", "several-people", "other-person", "other-birth-date", "name-absent")
)


def judge(facts: Sequence[Facts], case: Case) -> Report:
    """Return the findings about documents that go to one person, heaviest first.

    Each document must be the subject's by itself: a second one that is somebody else's stops the
    share. With no subject in the case nothing is compared, and what remains is what a document says
    by itself. Nothing is read, and the same facts and case give the same report.

    A professional who is given as the subject too is nobody's patient there: documents are about
    people whom the case does not name, so that several are asked about, and nothing is compared.
    """
    sides = _sides(case)
    findings: list[Finding] = []
    for one in facts:
        findings += _judged(one, case, sides)
    if sides is None and len(facts) > 1:
        findings += _together(facts, case, findings)
    kinds = [one.kind for one in facts]
    kind = next((kind for kind in kinds if kind is not DocumentKind.OTHER), DocumentKind.OTHER)
    return Report(
        findings=tuple(_heaviest_first(findings)),
        kind=kind,
        kind_sure=bool(facts) and all(one.kind_sure and one.kind is kind for one in facts),
        exports=tuple(export for one in facts for export in one.exports),
        digests=tuple(one.sha256 for one in facts),
    )


def _sides(case: Case) -> Sides | None:
    subject = case.subject
    if subject is None:
        return None
    if not case.to_patient and (case.recipient is None or _one_person(subject, case.recipient)):
        return None
    return Sides(case, subject)


def _one_person(one: Person, other: Person) -> bool:
    return one.name == other.name and one.birth_date == other.birth_date


def _judged(facts: Facts, case: Case, sides: Sides | None) -> Iterator[Finding]:
    inside = units(facts)
    compared: list[Compared] = []
    if sides is not None:
        compared = [compare(unit, sides) for unit in inside]
        told = _compared(facts, inside, compared, sides)
    else:
        told = _several(facts, case, len({name for unit in inside for name in _people(unit)}), "")
    vouched = voucher(facts, compared)
    several = any(finding.rule == "several-people" for finding in told)
    alone = list(by_itself(facts, case, sides, several=several))
    for finding in (*alone, *told):
        lighter = vouched(finding)
        light = lighter is not None and lighter.weight < finding.severity.weight
        yield replace(finding, severity=lighter) if lighter and light else finding
    yield from exports(facts, several=several)
    if case.subject is not None:
        yield from mssante(facts, case)


def _compared(
    facts: Facts, inside: list[Unit], compared: list[Compared], sides: Sides
) -> list[Finding]:
    case = sides.case
    for it in compared:
        if facts.structured and vouches(it):
            # The document says itself whom it is about; the others are relatives and carers.
            it.findings.clear()
            it.different.clear()
    out = [finding for it in compared for finding in it.findings]
    nested = voucher(facts, compared)
    numbers = {f.fields["end"] for f in out if f.rule == "other-number" and not nested(f)}
    others = max(
        len(numbers),
        len(
            distinct(
                one for it in compared if not any(map(nested, it.findings)) for one in it.different
            )
        ),
    )
    if others >= _LIST or _tabled(facts) > 1 or (others > 1 and len(numbers) > 1):
        out = _several(facts, case, max(others, _tabled(facts)), sides.name) or out
    if not any(finding.rule in _ABOUT_PEOPLE and not nested(finding) for finding in out):
        out += _absent(facts, inside, compared, sides)
    return out


def _several(facts: Facts, case: Case, count: int, subject: str) -> list[Finding]:
    """Return what is said of a list of people: it stops for a patient, asks for a colleague."""
    from secshare.model import Place

    count = max(count, _tabled(facts))
    if count < 2 or case.subject is None:
        return []
    place = next((export.place for export in facts.exports), Place(facts.file))
    fields: dict[str, object] = {"count": f"≥ {count}" if count == MANY else count}
    if case.to_patient:
        key, severity = "preflight.several_people", Severity.BLOCK
        fields["subject"] = subject
    else:
        key, severity = "preflight.several_people_list", Severity.CONFIRM
    return [Finding("several-people", severity, key, fields, place)]


def _together(facts: Sequence[Facts], case: Case, told: list[Finding]) -> list[Finding]:
    """Return what is said of documents about different people that go to one professional."""
    if any(finding.rule == "several-people" for finding in told):
        return []
    people = distinct(
        person
        for one in facts
        for person in one.people
        if person.role is Role.PATIENT
        and seen(person.place)
        and (person.number or any(len(name.split()) > 1 for name in person.names))
    )
    return _several(facts[0], case, len(people), "") if len(people) > 1 else []


def _tabled(facts: Facts) -> int:
    return max(
        (export.people or 0 for export in facts.exports if export.verdict == "identifying"),
        default=0,
    )


def _people(unit: Unit) -> set[str]:
    people = {one.names[0] for one in unit.people if one.role is Role.PATIENT and one.names}
    return people if len(people) >= len(unit.numbers()) else set(unit.numbers())


def _absent(
    facts: Facts, inside: list[Unit], compared: list[Compared], sides: Sides
) -> Iterator[Finding]:
    """Yield what is said where nobody else is found: the subject may still not be there."""
    named = [it.named for it in compared]
    dated = any(it.dated for it in compared)
    ask = Severity.CONFIRM
    place = inside[0].place
    if not any(unit.readable for unit in inside):
        if not facts.unread:
            yield Finding("unchecked", ask, "preflight.unchecked_empty", {}, place)
        return
    fields = {"subject": sides.name}
    if True not in named:
        if None in named:
            yield Finding("not-named", ask, "preflight.not_named_role", fields, place)
        elif dated:
            yield Finding("name-absent", ask, "preflight.name_absent", fields, place)
        else:
            dateless = "_undated" if sides.subject.birth_date is None else ""
            yield Finding("not-named", ask, f"preflight.not_named{dateless}", fields, place)
        return
    if silent := _silent(facts, compared):
        members = [unit.place.member for unit in silent if unit.place.member is not None]
        some = ", ".join(members[:_TOLD]) + (", …" if len(members) > _TOLD else "")
        key = "preflight.not_named_members" if members else "preflight.not_named"
        told = {**fields, "members": some} if members else fields
        yield Finding("not-named", ask, key, told, silent[0].place)
    if sides.homonyms:
        if dated:
            key, severity = "preflight.homonym_told", Severity.NOTE
        else:
            key, severity = "preflight.homonym", ask
        born = [one.birth_date for one in sides.homonyms if one.birth_date is not None]
        other = next((day for day in born if any(unit.dated(day) for unit in inside)), None)
        if other is not None and not dated:
            yield Finding(
                "other-birth-date",
                Severity.BLOCK,
                "preflight.other_birth_date",
                {**fields, "year": str(other.year)},
                place,
            )
        else:
            yield Finding("homonym", severity, key, fields, place)


def _silent(facts: Facts, compared: list[Compared]) -> list[Unit]:
    """Return the documents inside one, or around others, that may be somebody else's.

    Alone, each would be asked about. A mail around others says nothing of anybody, nor does a note
    ("exported on") without a word of care; and the fields of a clinical document say whom the pages
    inside it are about.
    """
    if len(compared) < 2:
        return []
    paths = [it.unit.place.member for it in compared]
    out = []
    for it in compared:
        path = it.unit.place.member
        around = path is None or any(
            other is not None and other.startswith(f"{path}/") for other in paths
        )
        if (
            it.named is True
            or it.dated
            or not it.unit.readable
            or (facts.structured and path is not None and compared[0].matched)
            or _only_own_number(it)
        ):
            continue
        short = it.unit.letters < _LETTER and _CARE.search(it.unit.text) is None
        if it.personal or not (around or short):
            out.append(it.unit)
    return out


def _only_own_number(it: Compared) -> bool:
    """Return whether all that a part says of anybody is a number that agrees with the subject."""
    numbers = it.unit.numbers()
    return (
        bool(numbers)
        and not it.unit.people
        and not any(found.kind is IdentifierKind.BIRTH_DATE for found in it.unit.found)
        and all(agrees(number, it.sides.subject.person) for number in numbers)
    )


def _heaviest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return each finding once a rule, document and person; the heavier first, as in RULES."""
    order = {name: at for at, name in enumerate(RULES)}
    out: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        place = finding.place
        where = None if place is None else (place.file, place.member)
        what = (finding.rule, where, finding.key, *map(str, finding.fields.values()))
        if what not in out or out[what].severity.weight < finding.severity.weight:
            out[what] = finding
    return sorted(
        out.values(), key=lambda finding: (-finding.severity.weight, order.get(finding.rule, 99))
    )
