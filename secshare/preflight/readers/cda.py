"""Reading HL7 clinical documents (CDA R2): they say by themselves whom they are about.

Their fields are stated people; what is left, narrative and entries, is text; documents inside,
which are what people look at, are read as any other.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Part, Role, Stated, Unread, Why
from secshare.preflight.readers import inside
from secshare.preflight.readers.cda_kinds import declared
from secshare.preflight.readers.cda_people import INS, child, children, people
from secshare.preflight.readers.trees import is_text, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget
    from secshare.preflight.readers.cda_people import Named

__all__ = ["add", "add_wrapping", "documents"]

_HL7: Final = "{urn:hl7-org:v3}"
_STRUCTURE: Final = "1.2.250.1.71.4.2.2"
_FINESS: Final = re.compile(r"1(\d[\dAB]\d{7})")
# What a participant is called at the head of its line, so that whoever reads it knows the role.
_CALLED: Final = {
    Role.PATIENT: ("patient", "Patient"),
    Role.PARENT: ("relative", "Représentant légal"),
    Role.CHILD: ("relative", "Enfant"),
    Role.CONTACT: ("relative", "Personne à prévenir"),
    Role.INSURED: ("relative", "Assuré"),
    Role.PROFESSIONAL: ("professional", "Médecin"),
}
_ENDINGS: Final = {
    "application/pdf": "pdf",
    "text/html": "html",
    "text/plain": "txt",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/tiff": "tif",
}
_LINES: Final = frozenset(
    ["paragraph", "item", "caption", "tr", "list", "table", "title", "br", "footnote"]
)
_CELLS: Final = frozenset({"td", "th"})
# Attributes of entries that hold what somebody wrote; a code means the same in every document.
_SAID: Final = frozenset({"extension", "value"})
# A reference into the narrative says nothing that the narrative does not.
_SAYING: Final = re.compile(r"\s*[^\s#]")
_OWN: Final = frozenset({"id", "setId", "typeId", "templateId", "versionNumber"})
_ORGANISATIONS: Final = frozenset(
    ["representedOrganization", "scopingOrganization", "guardianOrganization"]
)
_TIMES: Final = re.compile("(?i)time$|^(low|high|center|width|period)$")
# What is kept of a style sheet that a document stands in: its labels are nobody's text.
_TELLING: Final = re.compile(r"@|\d(?:[ .]?\d){5}")


def documents(root: Element) -> list[Element]:
    """Return the clinical documents in a tree: its root, or what a wrapping holds."""
    return [element for element in root.iter() if _is_document(element)]


def add(document: Element, place: Place, budget: Budget, content: Content) -> None:
    """Add a clinical document: people, kind, narrative, entries, and the documents in it.

    Only a document that is not inside another makes the whole `structured`: the fields of one
    member of an archive say nothing of the others.
    """
    named = list(people(document))
    patients = 0
    for one in named:
        content.people.extend(_stated(one, place))
        patients += one.role is Role.PATIENT and bool(one.names)
    code = child(document, "code")
    if place.member is None:
        content.structured = content.structured or patients > 0
        if content.declared is None:
            content.declared = declared(code.get("code") if code is not None else None)
    title = " ".join(_flat(child(document, "title")).split())
    if title:
        content.parts.append(Part(replace(place, field="title"), title, title=True))
    for field, line in dict.fromkeys(_told(named)):  # a signature repeats its author
        content.parts.append(Part(replace(place, field=field), line))
    skipped = {one.element for one in named}
    for field, text in _texts(document, skipped):
        content.parts.append(Part(replace(place, field=field), text))
    _add_inside(document, place, budget, content)


def add_wrapping(root: Element, place: Place, content: Content) -> None:
    """Add what a clinical document stands in (a style sheet), where it holds anything personal."""
    found = [text for text in _outside(root) if _TELLING.search(text)]
    if found:
        content.parts.append(Part(replace(place, field="text", hidden=True), "\n".join(found)))


def _is_document(element: Element) -> bool:
    return element.tag in {f"{_HL7}ClinicalDocument", "ClinicalDocument"}


def _stated(one: Named, place: Place) -> Iterator[Stated]:
    where = replace(place, field="patient" if one.role is Role.PATIENT else "participant")
    for number in one.numbers or (None,):
        yield Stated(one.role, one.names, one.birth_date, number, where, certain=True)


def _told(named: list[Named]) -> Iterator[tuple[str, str]]:
    for one in named:
        field, called = _CALLED.get(one.role, _CALLED[Role.CONTACT])
        yield field, _line(one, called)


def _line(one: Named, called: str) -> str:
    """Return one line of all that a participant's fields say: whatever is found in it is theirs."""
    said = [f"{called} : {' / '.join(one.names)}"]
    if one.birth_date is not None:
        said.append(f"né(e) le {one.birth_date:%d/%m/%Y}")
    said += [f"matricule INS {number}" for number in _whole_numbers(one)]
    if one.credential is not None:
        said.append(f"RPPS {one.credential}")
    said += filter(None, _reached(one.element))
    return ", ".join(dict.fromkeys(said))


def _whole_numbers(one: Named) -> Iterator[str]:
    """Yield the numbers as they are written, with their key."""
    for holder in (one.element, *one.element):
        for identity in children(holder, "id"):
            written = re.sub(r"\s", "", identity.get("extension") or "")
            if written[:13].upper() in one.numbers:
                yield written


def _reached(element: Element) -> Iterator[str]:
    """Yield addresses, telephones, mails and organisations of a participant, and of nobody else."""
    for one in element:
        if not is_text(one):
            continue
        name = local(one)
        if name == "telecom":
            yield re.sub("^(tel|mailto|fax):", "", one.get("value") or "")
        elif name == "addr":
            yield " ".join(" ".join(one.itertext()).split())
        elif name in _ORGANISATIONS:
            yield " ".join(_flat(child(one, "name")).split())
            for identity in children(one, "id"):
                found = _FINESS.fullmatch(identity.get("extension") or "")
                if identity.get("root") == _STRUCTURE and found:
                    yield f"FINESS {found[1]}"
            yield from _reached(one)


def _texts(document: Element, skipped: set[Element]) -> Iterator[tuple[str, str]]:
    """Yield the narrative of each section, then everything else that somebody wrote."""
    narratives: set[Element] = set()
    for section in document.iter():
        if not is_text(section) or local(section) != "section":
            continue
        title, text = child(section, "title"), child(section, "text")
        narratives.update(one for one in (title, text) if one is not None)
        written = "\n".join(filter(None, (_flat(title).strip(), _flat(text).strip())))
        if written:
            yield "text", written
    if child(document, "title") is not None:
        narratives.update(children(document, "title"))
    rest = "\n".join(_entries(document, skipped | narratives))
    if rest:
        yield "entry", rest


def _entries(element: Element, skipped: set[Element]) -> Iterator[str]:
    """Yield the texts and values of elements, but of those that are told elsewhere."""
    if element.get("representation") == "B64":
        return
    name = local(element)
    # An identifier of the document's own, or of a sample, may look like anybody's number.
    if name in _OWN and not (element.get("root") or "").startswith(INS):
        return
    if not _TIMES.search(name):
        yield from (
            value for key, value in element.attrib.items() if key in _SAID and _SAYING.match(value)
        )
    texts = [element.text or "", *(one.tail or "" for one in element)]
    text = " ".join(" ".join(texts).split())
    if text and not text.startswith("#") and not inside.seems_document(text):
        yield text
    for one in element:
        if is_text(one) and one not in skipped:
            yield from _entries(one, skipped)


def _flat(element: Element | None) -> str:
    """Return a narrative as it is read: rows are lines, cells stand apart, words stay whole."""
    if element is None:
        return ""
    pieces: list[str] = []
    _flatten(element, pieces)
    lines = (re.sub(r" *\t[ \t]*", "\t", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(filter(None, lines))


def _flatten(element: Element, pieces: list[str]) -> None:
    pieces.append(_one_line(element.text))
    for one in element:
        name = local(one)
        if name in _LINES:
            pieces.append("\n")
        if is_text(one):
            _flatten(one, pieces)
        if name in _LINES:
            pieces.append("\n")
        elif name in _CELLS:
            pieces.append("\t")
        pieces.append(_one_line(one.tail))


def _one_line(text: str | None) -> str:
    """Return a text without the line ends that only lay out its source."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _add_inside(document: Element, place: Place, budget: Budget, content: Content) -> None:
    """Read the documents that stand inside in base64, and say which could not be unpacked."""
    number = 0
    for element in document.iter():
        if not is_text(element):
            continue
        text = element.text or ""
        if element.get("representation") != "B64" and not inside.seems_document(text):
            continue
        if not text.strip():
            continue
        number += 1
        ending = _ENDINGS.get((element.get("mediaType") or "").lower(), "bin")
        where = inside.member(place, f"document-{number}.{ending}")
        data = inside.from_base64(text)
        if data is None or element.get("compression"):
            content.unread.append(Unread(Why.UNKNOWN if data else Why.BROKEN, where))
        else:
            inside.add(data, where, budget, content)


def _outside(element: Element) -> Iterator[str]:
    if is_text(element) and not _is_document(element):
        yield from element.attrib.values()
        yield (element.text or "").strip()
        for one in element:
            yield from _outside(one)
    yield (element.tail or "").strip()
