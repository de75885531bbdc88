"""How a document says who its patient is: the block every template has, in ten shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.corpus import spelling
from tests.corpus.document import Fields, Text
from tests.corpus.people import TODAY, House, Somebody, Town

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from tests.corpus.document import Block


@dataclass
class Scene:
    """Who is in a document, and how its program writes.

    Attributes:
        patient: whom the document is about.
        practice: who sends; `other` is a laboratory, a hospital, a colleague.
        forms: how a kind of thing is written all through this document; drawn where absent.
        birth: whether the birth date is printed; `number` whether the social-security number is.
    """

    draw: Random
    town: Town
    practice: House
    patient: Somebody
    other: House
    relatives: dict[str, Somebody] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    birth: bool = True
    number: bool = True

    def day(self, when: date) -> str:
        return spelling.day(self.draw, when, self._form("date", spelling.COMMON_DATES))

    def nir(self, person: Somebody | None = None) -> str:
        person = person or self.patient
        form = self._form("number", spelling.COMMON_NUMBERS)
        return spelling.number(self.draw, person, form)

    def name(self, person: Somebody | None = None) -> str:
        person = person or self.patient
        return spelling.name(self.draw, person, self._form("name", spelling.COMMON_NAMES))

    def phone(self, digits: str) -> str:
        return spelling.phone(self.draw, digits)

    def recent(self, days: int = 60) -> date:
        return TODAY - timedelta(days=self.draw.randint(0, days))

    def doctor(self) -> str:
        """Return somebody of the practice."""
        return self.draw.choice(self.practice.people).name

    def colleague(self) -> str:
        """Return somebody of the other house."""
        return self.draw.choice(self.other.people).name

    def _form(self, kind: str, choices: tuple[str, ...]) -> str:
        return self.forms.setdefault(kind, self.draw.choice(choices))


def married(s: Scene, p: Somebody) -> str:
    return f" née {p.birth_family.upper()}" if p.married else ""


def block(s: Scene) -> list[Block]:
    """Return the patient's identity as some program prints it."""
    return s.draw.choice(SHAPES)(s)


def lines(s: Scene) -> list[str]:
    """Return the identity for the right column, beside the letterhead."""
    p = s.patient
    shape = s.draw.randrange(4)
    if shape == 0:
        out = [f"{p.title} {s.name()}{married(s, p)}", p.street, p.town]
        if s.birth:
            out.append(f"Né{p.e} le {s.day(p.birth)}")
        if s.number:
            out.append(f"N° SS {s.nir()}")
    elif shape == 1:
        out = [f"Patient : {s.name()}"]
        if s.birth:
            out.append(f"Date de naissance : {s.day(p.birth)}  Sexe : {p.letter}")
        if s.number:
            out.append(f"INS : {s.nir()}")
        out.append(f"Dossier n° {p.file_number}")
    elif shape == 2:
        out = [f"Nom : {p.family.upper()}", f"Prénom : {p.first}"]
        if s.birth:
            out.append(f"Né(e) le : {s.day(p.birth)}")
        if s.number:
            out.append(f"NIR : {s.nir()}")
    else:
        out = [f"{p.long_title} {p.first} {p.family.upper()}"]
        if s.birth:
            out.append(f"DDN {s.day(p.birth)} ({p.age} ans)")
        out += [p.street, p.town]
    return out


def _plain(s: Scene) -> list[Block]:
    p = s.patient
    pairs = [(s.draw.choice(("Patient", "Patient(e)", "Nom du patient")), s.name())]
    if s.birth:
        pairs.append((s.draw.choice(("Né(e) le", "Date de naissance", "DDN")), s.day(p.birth)))
    if s.number:
        pairs.append((s.draw.choice(("N° SS", "N° de sécurité sociale", "NIR", "NNI")), s.nir()))
    return [Fields(pairs)]


def _ins(s: Scene) -> list[Block]:
    p = s.patient
    pairs = [
        ("Nom de naissance", p.birth_family.upper()),
        ("Premier prénom de naissance", p.first.upper()),
    ]
    if p.married:
        pairs.append(("Nom utilisé", p.family.upper()))
    if s.birth:
        pairs += [("Date de naissance", s.day(p.birth)), ("Sexe", p.letter)]
    if s.number:
        pairs.append((s.draw.choice(("Matricule INS", "INS", "INS-NIR")), s.nir()))
    return [Fields(pairs)]


def _sentence(s: Scene) -> list[Block]:
    p = s.patient
    birth = f", né{p.e} le {s.day(p.birth)}" if s.birth else ""
    number = f" (n° de sécurité sociale {s.nir()})" if s.number else ""
    who = f"{p.title} {s.name()}{married(s, p)}{birth}{number}"
    return [
        Text(s.draw.choice((f"Concerne : {who}", f"Objet : {who}", f"Patient concerné : {who}")))
    ]


def _label(s: Scene) -> list[Block]:
    p = s.patient
    out = [s.name()]
    if s.birth:
        out.append(f"{s.day(p.birth)} - {p.letter} - {p.age} ans")
    out.append(f"IPP {p.file_number}")
    if s.number:
        out.append(s.nir())
    return [Text("\n".join(out))]


def _above(s: Scene) -> list[Block]:
    p = s.patient
    out = ["PATIENT", p.family.upper(), p.first]
    if s.birth:
        out += ["Date de naissance", s.day(p.birth)]
    if s.number:
        out += ["Immatriculation", s.nir()]
    return [Text("\n".join(out))]


def _row(s: Scene) -> list[Block]:
    p = s.patient
    pairs = [("Nom", p.family.upper()), ("Prénom", p.first)]
    if s.birth:
        pairs += [("Né(e) le", s.day(p.birth)), ("Sexe", p.letter)]
    out: list[Block] = [Fields(pairs, one_line=True)]
    if s.number:
        out.append(Fields([("N° d'assuré social", s.nir())]))
    return out


def _identity(s: Scene) -> list[Block]:
    p = s.patient
    birth = f" - DN : {s.day(p.birth)}" if s.birth else ""
    number = f" - NIR : {s.nir()}" if s.number else ""
    return [Text(f"Identité : {p.family.upper()}, {p.first} ({p.letter}){birth}{number}")]


def _civil(s: Scene) -> list[Block]:
    p = s.patient
    name = s.draw.choice((p.family, p.family.upper()))
    out = [f"{p.long_title} {p.first} {name}", p.street, p.town]
    if s.birth:
        out.append(f"né{p.e} le {s.day(p.birth)}")
    if s.number:
        out.append(f"N° sécu : {s.nir()}")
    return [Text("\n".join(out))]


SHAPES = (_plain, _plain, _ins, _sentence, _label, _above, _row, _identity, _civil)
