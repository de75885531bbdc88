"""Pages of two people in one file: printed together, scanned together, saved as one.

Layouts of a third hand's documents, in which a second person was not seen although they would have
been alone. A right document is one page, or two of the same person.
"""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from tests.corpus.document import Break, Columns, Doc, Heading, Rows, Text
from tests.corpus.people import unaccented
from tests.corpus.sample import Label
from tests.corpus.writers import sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.corpus.document import Block
    from tests.corpus.identity import Scene
    from tests.corpus.maker import Maker
    from tests.corpus.people import Somebody
    from tests.corpus.sample import Sample

_HOW = ("stranger", "sibling", "same given name", "near name")
_BOTH = (Label.RIGHT, Label.MISDIRECTED)
_FORMATS = ("docx", "txt", "odt", "html", "pdf")


def _upper(text: str) -> str:
    return unaccented(text).upper()


def prescription(s: Scene, p: Somebody) -> list[Block]:
    """Nothing but a title, a name and an age."""
    return [
        Text(f"{s.practice.name}\nDr {s.doctor()}\n{s.practice.street}\n{s.practice.town}"),
        Text(f"{p.title} {p.first} {p.family.upper()}\n{p.age} ans"),
        Text("AMOXICILLINE 1 g comprimé\n1 comprimé matin et soir pendant 6 jours"),
    ]


def appointment(s: Scene, p: Somebody) -> list[Block]:
    """A letter: the addressee is whom it is about."""
    return [
        Text(f"{s.practice.name}\nDr {s.doctor()}"),
        Text(f"{p.long_title} {p.first} {p.family.upper()}\n{p.street}\n{p.town}"),
        Text(f"Objet : votre rendez-vous\n\n{p.long_title},"),
        Text("Nous vous confirmons votre rendez-vous du 9 décembre 2026 à 14 h 30."),
    ]


def psychology(s: Scene, p: Somebody) -> list[Block]:
    """The age between the name and the birth date, in a sentence."""
    return [
        Heading("Compte rendu de bilan psychologique"),
        Text(f"{p.first} {p.family.upper()}, {p.age} ans (né{p.e} le {s.day(p.birth)}), a été "
             f"reçu{p.e} à trois reprises à la demande de son médecin traitant."),
        Text("Les épreuves montrent un fonctionnement homogène."),
    ]  # fmt: skip


def glasses(s: Scene, p: Somebody) -> list[Block]:
    return [
        Text(f"Dr {s.colleague()} - Ophtalmologiste"),
        Text(f"Pour : {p.title} {p.first} {p.family.upper()}\nDate naiss. : {s.day(p.birth)}"),
        Text("OD -1,25 (-0,50) 90° Add +1,50\nOG -1,00 (-0,75) 85° Add +1,50"),
    ]


def stickers(s: Scene, p: Somebody) -> list[Block]:
    one = (
        f"{_upper(p.family)} {_upper(p.first)}\nNN : {_upper(p.birth_family)}\n"
        f"DDN : {p.birth:%d/%m/%Y}   {p.letter}   {p.age} A\nIPP {p.file_number}\nCH DES ESSAIS"
    )
    return [Text("\n".join([one] * 4))]


def imaging(s: Scene, p: Somebody) -> list[Block]:
    """What the staff are stands above the patient's name."""
    return [
        Text(f"Dr {s.colleague()}\nDr {s.colleague()}\nRadiologues\n"
             f"{p.title} {p.family.upper()} {p.first}\n{p.street}\n{p.town}\n"
             f"DDN : {p.birth:%d.%m.%Y}"),
        Heading("IRM DU GENOU GAUCHE"),
        Text("Fissure horizontale du ménisque médial. Ligaments croisés continus."),
    ]  # fmt: skip


def invoice(s: Scene, p: Somebody) -> list[Block]:
    """A name without a title, and an address before the birth date."""
    return [
        Text(f"Facture n° {s.draw.randint(100, 999)}\n\nFacturé à :\n{p.first} "
             f"{p.family.upper()}\n{p.street}\n{p.town}\nDate de naissance : {s.day(p.birth)}"),
        Rows(["Acte", "Code", "Montant"], [["Consultation", "G", "30,00 EUR"]]),
    ]  # fmt: skip


def group(s: Scene, p: Somebody) -> list[Block]:
    """Values below their labels, with a second family name that is empty or not."""
    values = [_upper(p.birth_family), _upper(p.family) if p.married else "", _upper(p.first)]
    return [
        Heading("CARTE DE GROUPE SANGUIN"),
        Rows(
            ["Nom de naissance", "Nom marital", "Prénom", "Date de naissance", "Sexe"],
            [[*values, f"{p.birth:%d/%m/%Y}", p.letter]],
        ),
        Text(f"O Rh positif\nSignature du biologiste : Dr {s.colleague()}"),
    ]


def bizone(s: Scene, p: Somebody) -> list[Block]:
    """A birth name in brackets, inside the name."""
    inside = f" (née {p.birth_family.upper()})" if p.married else ""
    return [
        Columns(
            [f"Dr {s.doctor()}", s.practice.street, s.practice.town],
            ["Identification du patient", f"{p.family.upper()}{inside} {p.first}",
             f"né{p.e} le {s.day(p.birth)}"],
        ),
        Text("METFORMINE 500 mg : 1 comprimé matin et soir pendant 3 mois"),
    ]  # fmt: skip


MERGED: dict[str, Callable[[Scene, Somebody], list[Block]]] = {
    "prescription": prescription,
    "appointment": appointment,
    "psychology": psychology,
    "glasses": glasses,
    "stickers": stickers,
    "imaging": imaging,
    "invoice": invoice,
    "blood group": group,
    "bizone": bizone,
}


def plan(s: Scene, people: list[Somebody]) -> bytes:
    """Sheets whose labels and values stand side by side in a row."""
    return sheets.xlsx(
        [
            sheets.Sheet(
                f"Plan {number}",
                [
                    ["Plan de prise"],
                    ["Nom", p.family.upper(), "Prénom", p.first],
                    ["Date de naissance", p.birth, "Médecin", f"Dr {s.doctor()}"],
                    [],
                    ["Médicament", "Matin", "Midi", "Soir"],
                    ["METFORMINE 500", "1", "", "1"],
                    ["RAMIPRIL 5", "1", "", ""],
                ],
            )
            for number, p in enumerate(people, start=1)
        ]
    )


def samples(make: Maker) -> Iterator[Sample]:
    """Yield each layout in each format: of one person, and of two."""
    hows = cycle(_HOW)
    for template, page in MERGED.items():
        for kind in _FORMATS:
            for label in _BOTH:
                scene, people, why = _people(make, label, next(hows))
                blocks: list[Block] = []
                for number, p in enumerate(people):
                    blocks += [*([Break()] if number else []), *page(scene, p)]
                data = make.write(kind, Doc(blocks, title="Document"), scene)
                yield _sample(make, scene, kind, data, template, why, label)
    for _ in range(3):
        for label in _BOTH:
            scene, people, why = _people(make, label, next(hows))
            yield _sample(make, scene, "xlsx", plan(scene, people), "plan", why, label)


def _people(make: Maker, label: Label, how: str) -> tuple[Scene, list[Somebody], str]:
    scene = make.scene(patient=make.town.somebody(age=(22, 94)))
    p = scene.patient
    if label is Label.RIGHT:
        return scene, [p] * make.draw.choice((1, 1, 2)), "plain"
    people = [p, make.another(how, p)]
    make.draw.shuffle(people)
    return scene, people, how


def _sample(
    make: Maker, scene: Scene, kind: str, data: bytes, template: str, why: str, label: Label
) -> Sample:
    return make.sample(
        kind,
        data,
        what=f"merged, {template}",
        why=why,
        label=label,
        case=make.case(scene),
        rules=() if label is Label.RIGHT else ("several-people", "other-person"),
    )
