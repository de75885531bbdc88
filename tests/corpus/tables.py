"""Tables: a patient's own, lists of several, exports with and without names, hidden sheets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from secshare.model import Kind
from secshare.preflight.case import Person
from tests.corpus import spelling
from tests.corpus.document import Doc, Heading, Rows, Text
from tests.corpus.maker import Maker
from tests.corpus.people import TODAY
from tests.corpus.sample import Label, Sample
from tests.corpus.special import BOTH, OTHERS, adult, far
from tests.corpus.writers import sheets, text
from tests.corpus.writers.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.corpus.people import Somebody
    from tests.corpus.writers.sheets import Cell

TABLES = ("csv", "xlsx", "ods")
LIST = ("several-people", "other-number", "other-person", "export")


def samples(make: Maker) -> Iterator[Sample]:
    """Yield all of them."""
    for kind in TABLES:
        yield from own_accounts(make, kind)
        yield from lists(make, kind)
        yield from exports(make, kind)
        yield from family(make, kind)
    yield from lists_as_documents(make)
    yield from workbooks(make)


def write(make: Maker, kind: str, header: list[str], rows: list[list[Cell]]) -> bytes:
    """Return a table in a format: numbers as numbers in some workbooks, as text in others."""
    if kind == "csv":
        shown = [[_shown(cell) for cell in row] for row in rows]
        return text.csv_file(header, shown, make.draw)
    as_numbers = make.draw.random() < 0.5
    table: list[list[Cell]] = [list(header), *rows] if header else rows
    if not as_numbers:
        table = [[_shown(cell) for cell in row] for row in table]
    sheet = Sheet(make.draw.choice(("Feuil1", "Export", "Patients")), table)
    if kind == "xlsx":
        return sheets.xlsx([sheet], shared=make.draw.random() < 0.5)
    return sheets.ods([sheet])


def _shown(cell: Cell) -> str:
    if hasattr(cell, "strftime"):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def own_accounts(make: Maker, kind: str) -> Iterator[Sample]:
    """Yield a table of one person's acts or measures: theirs, and somebody else's."""
    for columns in ("named rows", "title row", "key and value"):
        for label in BOTH:
            scene = adult(make)
            p = scene.patient
            other = make.town.sibling(p) if columns == "title row" else far(make, p)
            acts: list[list[Cell]] = [
                [TODAY - timedelta(days=30 * n), act, amount]
                for n, (act, amount) in enumerate((("CS", 31.5), ("DEQP003", 14.26), ("CS", 31.5)))
            ]
            if columns == "named rows":
                header = ["Nom", "Prénom", "Date de naissance", "N° SS", "Date", "Acte", "Montant"]
                rows: list[list[Cell]] = [
                    [p.family.upper(), p.first, p.birth, spelling.NUMBERS["together"](p.nir), *act]
                    for act in acts
                ]
            elif columns == "title row":
                header = []
                rows = [
                    [f"Relevé des actes de {p.title} {p.first} {p.family.upper()}", "", ""],
                    [f"né{p.e} le {p.birth:%d/%m/%Y}", "", ""],
                    ["Date", "Acte", "Montant"],
                    *acts,
                ]
            else:
                header = []
                rows = [
                    ["Nom", p.family.upper()],
                    ["Prénom", p.first],
                    ["Date de naissance", p.birth],
                    ["N° de sécurité sociale", p.nir],
                    ["Téléphone", f"{p.mobile}"],
                    ["Médecin traitant", f"Dr {scene.doctor()}"],
                ]
            subject = p if label is Label.RIGHT else other
            yield make.sample(
                kind,
                write(make, kind, header, rows),
                what=f"table of one person, {columns}",
                why="plain" if label is Label.RIGHT else "stranger",
                label=label,
                case=make.case(scene, subject),
                rules=()
                if label is Label.RIGHT
                else ("other-person", "not-named", "other-number", "name-absent"),
            )


def family(make: Maker, kind: str) -> Iterator[Sample]:
    """Yield a statement of a mother and her children, whom she represents."""
    scene = adult(make)
    mother = make.town.somebody(sex=2, age=(30, 45), married=False)
    scene.patient = mother
    children = [make.town.child(mother) for _ in range(2)]
    header = ["Bénéficiaire", "Né(e) le", "Date", "Acte", "Remboursé"]
    rows: list[list[Cell]] = [
        [f"{who.family.upper()} {who.first}", who.birth, TODAY - timedelta(days=9), "C", "17,50"]
        for who in (mother, *children)
    ]
    yield make.sample(
        kind,
        write(make, kind, header, rows),
        what="statement of a family",
        why="children she represents, on record",
        label=Label.RIGHT,
        case=make.case(scene, known=tuple(children), recipient=Person("")),
    )


def _people(make: Maker, count: int) -> list[Somebody]:
    return [make.town.somebody() for _ in range(count)]


def _identifying(make: Maker, people: list[Somebody]) -> tuple[list[str], list[list[Cell]]]:
    header = ["Nom", "Prénom", "Né(e) le", "NIR", "Téléphone", "Courriel", "Acte", "Montant"]
    rows: list[list[Cell]] = [
        [
            p.family.upper(),
            p.first,
            p.birth,
            spelling.NUMBERS["together"](p.nir),
            p.mobile,
            p.email,
            make.draw.choice(("C", "CS", "AMI 4")),
            "31,50",
        ]
        for p in people
    ]
    return header, rows


def _pseudonymous(make: Maker, count: int) -> tuple[list[str], list[list[Cell]]]:
    draw = make.draw
    header = ["id_patient", "sexe", "annee_naissance", "code_postal", "diagnostic", "date_sejour"]
    rows: list[list[Cell]] = [
        [
            f"P{draw.randint(0, count // 2):05d}",
            draw.choice("FM"),
            1930 + draw.randint(0, 80),
            f"99{draw.randint(100, 130)}",
            draw.choice(("E11", "I10", "J45", "C50")),
            TODAY - timedelta(days=draw.randint(1, 700)),
        ]
        for _ in range(count)
    ]
    return header, rows


def lists(make: Maker, kind: str) -> Iterator[Sample]:
    """Yield a list of patients: to one of them, and to a colleague who treats them."""
    for size in (3, 24):
        scene = adult(make)
        people = [scene.patient, *_people(make, size)]
        make.draw.shuffle(people)
        data = write(make, kind, *_identifying(make, people))
        yield make.sample(
            kind,
            data,
            what=f"list of {size + 1}",
            why="several people, to one of them",
            label=Label.MISDIRECTED,
            rules=LIST,
            case=make.case(scene),
        )
        for to in (Kind.PROFESSIONAL, Kind.ORGANISATION):
            yield make.sample(
                kind,
                data,
                what=f"list of {size + 1}",
                why="professional list",
                label=Label.ASKS,
                rules=("several-people", "export"),
                case=make.case(scene, kind=to, recipient=Person("Cabinet du Dr Inventée")),
            )
        itself = Person("Dr Inès Inventée")
        alone = make.case(scene, kind=Kind.PROFESSIONAL, recipient=itself)
        yield make.sample(
            kind,
            data,
            what=f"list of {size + 1}",
            why="professional list, about nobody in particular",
            label=Label.ASKS,
            rules=("several-people", "export"),
            case=replace(alone, subject=itself, recipient=None, known=()),
        )
        names_only: list[list[Cell]] = [
            [n, f"{p.family.upper()} {p.first}", f"{p.birth:%d/%m/%Y}"]
            for n, p in enumerate(people, start=1)
        ]
        yield make.sample(
            kind,
            write(make, kind, ["Chambre", "Résident", "Date de naissance"], names_only),
            what="list of residents",
            why="several people, to one of them",
            label=Label.MISDIRECTED,
            rules=LIST,
            case=make.case(scene),
        )


def exports(make: Maker, kind: str) -> Iterator[Sample]:
    """Yield exports: identifying and pseudonymous, to a patient and to an organisation."""
    scene = adult(make)
    coded = write(make, kind, *_pseudonymous(make, 60))
    yield make.sample(
        kind,
        coded,
        what="export, pseudonymous",
        why="of many, to a patient",
        label=Label.MISDIRECTED,
        rules=("export", "not-named"),
        case=make.case(scene),
    )
    yield make.sample(
        kind,
        coded,
        what="export, pseudonymous",
        why="to an organisation",
        label=Label.ASKS,
        rules=("export", "not-named"),
        case=make.case(scene, kind=Kind.ORGANISATION, recipient=Person("Institut des Essais")),
    )
    named = write(make, kind, *_identifying(make, _people(make, 30)))
    yield make.sample(
        kind,
        named,
        what="export, identifying",
        why="of many others, to a patient",
        label=Label.MISDIRECTED,
        rules=LIST,
        case=make.case(scene),
    )
    numbers: list[list[Cell]] = [
        [int(p.nir.replace("2A", "19").replace("2B", "18")), "C", 26.5] for p in _people(make, 15)
    ]
    yield make.sample(
        kind,
        write(make, kind, ["NIR", "Acte", "Montant"], numbers),
        what="export, numbers alone",
        why="of many others, to a patient",
        label=Label.MISDIRECTED,
        rules=LIST,
        case=make.case(scene),
    )


def lists_as_documents(make: Maker) -> Iterator[Sample]:
    """Yield a care home's list and a list of claims as documents, not tables."""
    for kind in ("pdf", "docx", "odt", "html", "txt", "eml", "xml"):
        scene = adult(make)
        residents = [scene.patient, *_people(make, 7)]
        home = Doc(
            [
                Heading("EHPAD Les Essais - renouvellement des traitements"),
                Rows(
                    ["Ch.", "Résident", "Né(e) le", "N° SS"],
                    [
                        [
                            str(100 + n),
                            f"{p.family.upper()} {p.first}",
                            f"{p.birth:%d/%m/%Y}",
                            spelling.NUMBERS["spaces"](p.nir),
                        ]
                        for n, p in enumerate(residents)
                    ],
                ),
            ],
            title="Liste des résidents",
        )
        data = make.write(kind, home, scene)
        yield make.sample(
            kind,
            data,
            what="care home list",
            why="several people, to one of them",
            label=Label.MISDIRECTED,
            rules=LIST,
            case=make.case(scene),
        )
        yield make.sample(
            kind,
            data,
            what="care home list",
            why="professional list",
            label=Label.ASKS,
            rules=("several-people",),
            case=make.case(scene, kind=Kind.ORGANISATION, recipient=Person("EHPAD Les Essais")),
        )
        prose = Doc(
            [
                Heading("Bordereau de télétransmission rejetée"),
                *(
                    Text(
                        f"Patient : {p.title} {p.family.upper()} {p.first}, né{p.e} le "
                        f"{p.birth:%d/%m/%Y}. Acte C du {scene.day(scene.recent())}, 26,50 €"
                    )
                    for p in residents[:4]
                ),
            ],
            title="Rejets",
        )
        yield make.sample(
            kind,
            make.write(kind, prose, scene),
            what="claims list",
            why="several people, to one of them",
            label=Label.MISDIRECTED,
            rules=LIST,
            case=make.case(scene),
        )


def workbooks(make: Maker) -> Iterator[Sample]:
    """Yield a patient's own sheet with something behind it: theirs, or somebody else's."""
    for kind in ("xlsx", "ods"):
        for place in ("hidden sheet", "second sheet", "comment", "title", "far cell"):
            if place == "title" and kind == "ods":
                continue
            for label in BOTH:
                scene = adult(make)
                p = scene.patient
                whose = p if label is Label.RIGHT else far(make, p)
                words = (
                    f"{whose.family.upper()} {whose.first} {spelling.NUMBERS['spaces'](whose.nir)}"
                )
                front: list[list[Cell]] = [
                    [
                        f"Suivi de {p.title} {p.first} {p.family.upper()}, né{p.e} le "
                        f"{p.birth:%d/%m/%Y}"
                    ],
                    ["Date", "TA"],
                    *([TODAY - timedelta(days=n), "13/8"] for n in range(6)),
                ]
                book = [Sheet("Suivi", front)]
                if place in {"hidden sheet", "second sheet"}:
                    back: list[list[Cell]] = [
                        ["Nom", "Prénom", "NIR"],
                        [
                            whose.family,
                            whose.first,
                            int(whose.nir.replace("2A", "19").replace("2B", "18")),
                        ],
                    ]
                    book.append(Sheet("Modèle", back, hidden=place == "hidden sheet"))
                elif place == "comment":
                    book[0].comments["A3"] = words
                elif place == "far cell":
                    front.extend([[""] for _ in range(40)])
                    front.append(["", "", "", "", "", "", "", words])
                title = words if place == "title" else "Suivi"
                data = (
                    sheets.xlsx(book, title=title)
                    if kind == "xlsx"
                    else sheets.ods(book, title=title)
                )
                notes = (
                    ("hidden",) if place == "hidden sheet" and label is Label.MISDIRECTED else ()
                )
                yield make.sample(
                    kind,
                    data,
                    what=f"workbook, {place}",
                    why="own number" if label is Label.RIGHT else "somebody's number",
                    label=label,
                    case=make.case(scene),
                    rules=() if label is Label.RIGHT else OTHERS,
                    notes=notes,
                )
