"""Scenes, cases and files: what the parts of the corpus are built with."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from secshare.model import Kind
from secshare.preflight.case import Case, Own, Person
from tests.corpus import spelling
from tests.corpus.document import Doc
from tests.corpus.english import ENGLISH
from tests.corpus.further import FURTHER
from tests.corpus.identity import Scene
from tests.corpus.people import House, Somebody, Town, ascii_only
from tests.corpus.sample import Label, Sample
from tests.corpus.templates import TEMPLATES
from tests.corpus.writers import cda as cda_writer
from tests.corpus.writers import office, pdf, text

if TYPE_CHECKING:
    from collections.abc import Callable

EVERYTHING = {**TEMPLATES, **ENGLISH, **FURTHER}
FORMATS = ("pdf", "docx", "odt", "txt", "html", "eml", "xml")

OF_CHILDREN = {"child", "care sheet of a child", "letter to a parent", "speech", "school"}
BETWEEN_COLLEAGUES = {"laboratory", "imaging", "operative", "discharge", "laboratory, English"}

# Which rule should answer when the subject is somebody else, and which may as well.
WRONG = {
    "stranger": ("other-person", "not-named", "other-number", "name-absent"),
    "near name": ("other-person", "not-named", "other-number", "name-absent"),
    "same given name": ("other-person", "not-named", "other-number", "name-absent"),
    "sibling": ("other-person", "not-named", "other-number", "name-absent"),
    "spouse": ("other-person", "not-named", "other-number", "name-absent"),
    "twin": ("other-person", "name-absent", "not-named", "other-number"),
    "same birth date": ("other-person", "name-absent", "not-named", "other-number"),
    "namesake": ("other-birth-date", "homonym", "other-number", "other-person"),
    "mentioned": ("other-person", "other-number", "other-birth-date", "name-absent"),
}


class Maker:
    """Draws scenes and makes samples of them, all from one seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.town = Town(self.draw)
        self.practices = [
            self.town.house("Cabinet médical", ("médecin généraliste", "cardiologue"), 3)
            for _ in range(4)
        ]
        self.others = [
            self.town.house(kind, (speciality,), 3)
            for kind, speciality in (
                ("Laboratoire de biologie", "biologiste"),
                ("Centre d'imagerie", "radiologue"),
                ("Centre hospitalier", "chirurgien"),
                ("Clinique", "anesthésiste"),
                ("Hôpital", "pneumologue"),
            )
        ]
        self.numbers: dict[str, int] = {}

    # --- people in their roles -----------------------------------------------------------------

    def scene(self, template: str = "", patient: Somebody | None = None) -> Scene:
        """Return a scene fit for a template, with its relatives."""
        draw, town = self.draw, self.town
        relatives: dict[str, Somebody] = {}
        if template in OF_CHILDREN:
            parent = town.somebody(age=(27, 48), married=False)
            relatives["parent"] = parent
            patient = patient or town.child(parent)
        elif template == "maternity":
            mother = town.somebody(sex=2, age=(20, 42))
            baby = town.child(mother, age=(0, 1))
            relatives.update(mother=mother, baby=baby)
            if draw.random() < 0.4:
                relatives["twin"] = town.sibling(baby, twin=True)
            patient = patient or draw.choice((mother, mother, baby))
        else:
            patient = patient or town.somebody()
            if template in {"emergency sheet", "summary, English"} or draw.random() < 0.3:
                relatives["contact"] = draw.choice(
                    (town.spouse(patient), town.somebody(), town.child(patient, age=(18, 24)))
                )
            if draw.random() < 0.3:
                relatives["spouse"] = town.spouse(patient)
            if template == "guardianship":
                relatives["guardian"] = town.somebody(age=(35, 60))
        return Scene(
            draw=draw,
            town=town,
            practice=draw.choice(self.practices),
            patient=patient,
            other=draw.choice(self.others),
            relatives=relatives,
            birth=template in {"record", "bizone", "sick leave"} or draw.random() < 0.85,
            number=draw.random() < 0.6,
        )

    def another(self, how: str, patient: Somebody) -> Somebody:
        """Return the person a document of this patient is wrongly said to be about."""
        town = self.town
        match how:
            case "sibling":
                return town.sibling(patient)
            case "twin":
                return town.sibling(patient, twin=True)
            case "namesake":
                return town.namesake(patient)
            case "spouse":
                return town.spouse(patient)
            case "same birth date":
                return self._unlike(patient, birth=patient.birth)
            case "same given name":
                return self._unlike(patient, sex=patient.sex, given=patient.given)
            case "near name":
                other = self._unlike(patient, sex=patient.sex, given=patient.given, married=False)
                near = _misspelt(patient.family, self.draw)
                return replace(other, family=near, birth_family=near)
            case _:
                return self._unlike(patient, age=(max(patient.age - 9, 1), patient.age + 9))

    def _unlike(self, patient: Somebody, **wanted: object) -> Somebody:
        while True:
            other = self.town.somebody(**wanted)  # type: ignore[arg-type]
            if other.birth != patient.birth or "birth" in wanted:
                return other

    def person(self, somebody: Somebody, *, how: str | None = None, dated: bool = True) -> Person:
        """Return somebody as the directory has them."""
        return Person(
            spelling.recorded(self.draw, somebody, how), somebody.birth if dated else None
        )

    def own(self, practice: House) -> Own:
        """Return what is the practice's own."""
        return Own(
            names=(practice.name, *(one.name for one in practice.people)),
            identifiers=frozenset(
                (practice.finess, practice.siret, practice.iban, *(p.rpps for p in practice.people))
            ),
            phones=frozenset(map(spelling.e164, (practice.phone, practice.fax))),
            emails=frozenset((practice.email,)),
        )

    def case(
        self,
        scene: Scene,
        subject: Somebody | None = None,
        *,
        template: str = "",
        known: tuple[Somebody, ...] = (),
        recipient: Person | None = None,
        kind: Kind | None = None,
        how: str | None = None,
        dated: bool = True,
        homonyms: tuple[Person, ...] = (),
    ) -> Case:
        """Return the case of a document: its own patient's, or that of another subject."""
        who = subject or scene.patient
        people = [self.person(one) for one in known]
        if template == "colleague letter" and kind is None:
            kind = Kind.PROFESSIONAL
            recipient = Person(f"Dr {scene.other.people[0].name}")
        if template in BETWEEN_COLLEAGUES and kind is None and self.draw.random() < 0.3:
            kind = self.draw.choice((Kind.PROFESSIONAL, Kind.ORGANISATION))
            recipient = Person(self.draw.choice(("Cabinet des Essais", "Dr Inès Fictive")))
        if recipient is None and people:
            recipient = people[0]
        if recipient is not None and recipient not in people:
            people.append(recipient)
        return Case(
            subject=self.person(who, how=how, dated=dated),
            recipient=recipient,
            known=tuple(people),
            homonyms=homonyms,
            own=self.own(scene.practice),
            kind=kind or Kind.PATIENT,
            emails=frozenset((who.email,)),
            phones=frozenset((spelling.e164(who.mobile), spelling.e164(who.landline))),
        )

    def rightly_known(self, scene: Scene, subject: Somebody) -> tuple[Somebody, ...]:
        """Return who is on record beside the subject, where their document calls for it."""
        for role in ("parent", "guardian"):
            if role in scene.relatives:
                return (scene.relatives[role],)
        mother = scene.relatives.get("mother")
        if mother is not None and subject is not mother and self.draw.random() < 0.5:
            return (mother,)  # else only the document says so
        return ()

    # --- files ---------------------------------------------------------------------------------

    def sample(
        self,
        kind: str,
        data: bytes,
        *,
        what: str,
        why: str,
        label: Label,
        case: Case,
        rules: tuple[str, ...] = (),
        notes: tuple[str, ...] = (),
        name: str | None = None,
        extension: str | None = None,
    ) -> Sample:
        """Return a sample; its name tells nothing unless it is given."""
        if name is None:
            base = ascii_only(what.partition(",")[0].replace(" ", "")) or "document"
            self.numbers[base] = self.numbers.get(base, 0) + 1
            name = f"{base}-{self.numbers[base]:03d}.{extension or kind}"
        return Sample(name, data, kind, what, why, label, case, rules, notes)

    def write(self, kind: str, doc: Doc, scene: Scene, template: str = "") -> bytes:
        """Return a document in a format."""
        draw = self.draw
        writers: dict[str, Callable[[], bytes]] = {
            "pdf": lambda: pdf.write(doc, draw),
            "docx": lambda: office.docx(doc, draw),
            "odt": lambda: office.odt(doc, draw),
            "txt": lambda: text.txt(doc, draw),
            "html": lambda: text.html(doc, draw),
            "xml": lambda: text.xml(doc, draw),
            "eml": lambda: self.mail(doc, scene),
            "cda": lambda: cda_writer.cda(
                doc,
                scene,
                template=template,
                pdf=pdf.write(doc, draw) if draw.random() < 0.5 else None,
                guardian=scene.relatives.get("parent"),
                contact=scene.relatives.get("contact"),
            ),
        }
        return writers[kind]()

    def mail(self, doc: Doc, scene: Scene) -> bytes:
        """Return a mail: the document is its text, its HTML, or attached as a PDF or a DOCX."""
        draw, house = self.draw, scene.practice
        envelope = {
            "subject": draw.choice(("Votre document", "Document médical", doc.title)),
            "sender": f'"{house.name}" <{house.email}>',
            "to": draw.choice((scene.patient.email, "destinataire@example.org")),
        }
        greeting = (
            f"Bonjour,\n\nVeuillez trouver le document joint.\n\nCordialement,\nLe secrétariat du "
            f"Dr {house.people[0].name}\nTél. {scene.phone(house.phone)}\n"
        )
        match draw.choice(("text", "html", "pdf", "docx")):
            case "text":
                return text.eml("\n".join(doc.lines()), **envelope)
            case "html":
                body = text.html_text(doc, draw)
                return text.eml("Message en HTML.", html_body=body, **envelope)
            case "pdf":
                files = (("document.pdf", pdf.write(doc, draw)),)
                return text.eml(greeting, attachments=files, **envelope)
            case _:
                files = (("courrier joint.docx", office.docx(doc, draw)),)
                return text.eml(greeting, attachments=files, **envelope)


def _misspelt(surname: str, draw: random.Random) -> str:
    """Return a surname one letter away, and another person's."""
    if len(surname) < 5:
        return surname + "né"
    at = draw.randrange(2, len(surname) - 1)
    letter = draw.choice([c for c in "aeiouylrnt" if c != surname[at].lower()])
    return surname[:at] + letter + surname[at + 1 :]
