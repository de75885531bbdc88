"""Whom a clinical document names, each in the role that the document's own structure gives.

HL7 CDA Release 2, as profiled by the French CI-SIS. `recordTarget` is whom the document is about;
everybody else is a professional, a relative or somebody to be called, and is never the patient.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Role
from secshare.preflight.readers.trees import is_text, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

__all__ = ["INS", "Named", "child", "children", "people"]

INS: Final = "1.2.250.1.213.1.4."
"""Below it, the national health identity: .8 is the NIR, .9 the NIA, .10 and .11 those of tests and
demonstrations (ANS, list of the object identifiers of the assigning authorities of the INS)."""
_PROFESSIONAL: Final = "1.2.250.1.71.4.2.1"
_NUMBER: Final = re.compile(r"[1-478]\d{4}(?:\d{2}|2[AB])\d{6}(?:\d{2})?")
_HL7_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")

# HL7 v3 RoleCode, personal relationships.
_PARENTS: Final = frozenset(
    [
        "PRN",
        "MTH",
        "FTH",
        "NMTH",
        "NFTH",
        "PRNFOST",
        "MTHFOST",
        "FTHFOST",
        "MTHINLAW",
        "FTHINLAW",
        "STPMTH",
        "STPFTH",
        "STPPRN",
        "ADOPTF",
        "ADOPTM",
        "GRPRN",
        "GRMTH",
        "GRFTH",
        "MGRMTH",
        "MGRFTH",
        "PGRMTH",
        "PGRFTH",
        "GUARD",
        "GRANTEE",
        "RESPRSN",
        "TUTEUR",
    ]
)
_CHILDREN: Final = frozenset(
    [
        "CHILD",
        "CHLDADOPT",
        "CHLDFOST",
        "NCHILD",
        "SON",
        "DAU",
        "SONC",
        "DAUC",
        "NSON",
        "DAUADOPT",
        "SONADOPT",
        "NB",
        "NEWBORN",
        "FETUS",
        "STPCHLD",
        "STPSON",
        "STPDAU",
        "GRNDCHILD",
        "GRNDSON",
        "GRNDDAU",
    ]
)
# Participations: who holds an insurance contract, and whom it covers.
_HOLDER: Final = "HLD"
_COVERED: Final = "COV"
# HL7 v3 RoleClass of those who are nobody's professional.
_PRIVATE: Final = frozenset(
    ["ECON", "NOK", "CON", "PRS", "AGNT", "GUARD", "CAREGIVER", "POLHOLD", "COVPTY", "PAT"]
)

_PERSONS: Final = frozenset(
    [
        "assignedPerson",
        "relatedPerson",
        "associatedPerson",
        "guardianPerson",
        "informationRecipient",
        "subject",
        "playingEntity",
        "patient",
    ]
)
_ENTITIES: Final = frozenset(
    [
        "patientRole",
        "guardian",
        "assignedAuthor",
        "assignedEntity",
        "relatedEntity",
        "associatedEntity",
        "intendedRecipient",
        "relatedSubject",
        "participantRole",
    ]
)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom the document names.

    Attributes:
        element: what says so; its ids, address and telephones are theirs.
        names: full names, given name first; used name, name of birth.
        numbers: 13 characters each, of the national health identity.
        credential: number in the directory of professionals, 11 digits.
    """

    element: Element
    role: Role
    names: tuple[str, ...]
    birth_date: date | None
    numbers: tuple[str, ...]
    credential: str | None


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant along a path of local names."""
    for step in path:
        if element is None:
            return None
        element = next(children(element, step), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of this local name."""
    if element is not None:
        for one in element:
            if is_text(one) and local(one) == name:
                yield one


def people(document: Element) -> Iterator[Named]:
    """Yield everybody whom a clinical document names by a field, in the order of the document."""
    yield from _below(document, "")


def _below(element: Element, kind: str) -> Iterator[Named]:
    for one in element:
        if not is_text(one):
            continue
        name = local(one)
        if name in _ENTITIES:
            if (found := _named(one, name, element, kind)) is not None:
                yield found
        elif name == "ClinicalDocument":
            continue
        yield from _below(one, one.get("typeCode") or "")


def _named(entity: Element, name: str, around: Element, participation: str) -> Named | None:
    person = next((one for one in entity if is_text(one) and local(one) in _PERSONS), None)
    names = tuple(dict.fromkeys(_names(person)))
    numbers = tuple(dict.fromkeys(_numbers(entity, person)))
    born = _date(child(person, "birthTime"))
    if not (names or numbers or born):
        return None
    credential = _credential(entity)
    # A place or a device is played too, and is nobody.
    played = name == "participantRole" and entity.get("classCode") not in {None, *_PRIVATE}
    if played and credential is None:
        return None
    typed = participation or around.get("typeCode") or ""
    role = _role(entity, name, typed, bool(numbers) and credential is None)
    return Named(entity, role, names, born, numbers, credential)


def _role(entity: Element, name: str, participation: str, numbered: bool) -> Role:
    """Return what somebody is.

    Who signs, writes or informs under a health identity is no professional: the patient, or whoever
    keeps the patient's record for them.
    """
    if name == "patientRole":
        return Role.PATIENT
    if name == "guardian":
        return Role.PARENT
    if participation == _HOLDER or entity.get("classCode") == "POLHOLD":
        return Role.INSURED
    if participation == _COVERED or entity.get("classCode") == "COVPTY":
        return Role.PATIENT
    if name in {"relatedEntity", "relatedSubject"} or entity.get("classCode") in _PRIVATE:
        return _relation(entity)
    return Role.PARENT if numbered else Role.PROFESSIONAL


def _relation(entity: Element) -> Role:
    code = child(entity, "code")
    relation = ((code.get("code") if code is not None else "") or "").upper()
    if relation in _CHILDREN:
        return Role.CHILD
    called = entity.get("classCode") in {"ECON", "NOK"}
    return Role.PARENT if relation in _PARENTS and not called else Role.CONTACT


def _names(person: Element | None) -> Iterator[str]:
    """Yield a person's full names, in every way that the fields write them.

    The family name of birth (`BR`) and the used one (`CL`, `SP`) go with each given name: the used
    one, the first of birth, the whole list. Which is whose differs among those who write them.
    """
    for name in children(person, "name"):
        families: list[str] = []
        givens: list[str] = []
        for one in name:
            if not is_text(one):
                continue
            text = " ".join("".join(one.itertext()).split())
            if not text or one.get("qualifier") == "IN":
                continue
            if local(one) == "family":
                families.append(text)
            elif local(one) == "given":
                givens.append(text)
        if not families and not givens:
            if plain := " ".join((name.text or "").split()):
                yield plain
            continue
        # `given` may also stand once for each given name, unqualified.
        if len(givens) > 1:
            every = " ".join(dict.fromkeys(word for given in givens for word in given.split()))
            givens.append(every)
        for family in dict.fromkeys(families or [""]):
            for given in dict.fromkeys(givens or [""]):
                yield f"{given} {family}".strip()


def _numbers(entity: Element, person: Element | None) -> Iterator[str]:
    for holder in (entity, person):
        for one in children(holder, "id"):
            written = re.sub(r"[\s.]", "", one.get("extension") or "").upper()
            if (one.get("root") or "").startswith(INS) and _NUMBER.fullmatch(written):
                yield written[:13]


def _credential(entity: Element) -> str | None:
    """Return an RPPS: it stands behind an `8`, which says which directory it is of."""
    for one in children(entity, "id"):
        if one.get("root") == _PROFESSIONAL:
            written = (one.get("extension") or "").strip()
            return written[1:] if re.fullmatch(r"8\d{11}", written) else written
    return None


def _date(element: Element | None) -> date | None:
    if element is None:
        return None
    found = _HL7_DATE.match(element.get("value") or "")
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
