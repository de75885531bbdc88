"""What one rule stands or falls with: numbers, names, lists, hidden places, accounts, homonyms."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

from secshare.model import Kind
from secshare.preflight.case import Person
from tests.corpus import spelling
from tests.corpus.document import Doc, Fields, Heading, Rows, Text
from tests.corpus.identity import block
from tests.corpus.maker import WRONG, Maker
from tests.corpus.people import Somebody, nir_key, unaccented
from tests.corpus.sample import Label, Sample
from tests.corpus.templates import TEMPLATES, letterhead
from tests.corpus.writers import cda as cda_writer
from tests.corpus.writers import office, pdf, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.corpus.identity import Scene

BOTH = (Label.RIGHT, Label.MISDIRECTED)
OTHERS = ("other-number", "several-people", "other-person", "other-birth-date")


def far(make: Maker, person: Somebody) -> Somebody:
    """Return an adult whose number cannot be the person's: born in another year."""
    while True:
        other = make.town.somebody(age=(20, 94))
        if other.birth.year % 100 != person.birth.year % 100:
            return other


def adult(make: Maker) -> Scene:
    """Return a scene about somebody too old to bear a parent's number."""
    scene = make.scene(patient=make.town.somebody(age=(28, 92)))
    scene.birth = True
    return scene


# --- other-number ---------------------------------------------------------------------------------


def numbers(make: Maker) -> Iterator[Sample]:
    """Yield a certificate of care with a number in every spelling: own, and somebody else's."""
    kinds = cycle(("txt", "pdf", "docx", "html", "odt", "xml", "eml"))
    for style in spelling.NUMBERS:
        for label in BOTH:
            scene = adult(make)
            scene.number = False
            if style == "lower case":  # only Corsica has letters
                scene.patient = _corsican(scene.patient)
            whose = scene.patient if label is Label.RIGHT else far(make, scene.patient)
            if style == "lower case":
                whose = _corsican(whose)
            doc = _with_number(scene, spelling.NUMBERS[style](whose.nir), make)
            kind = next(kinds)
            yield make.sample(
                kind,
                make.write(kind, doc, scene),
                what=f"number, {style}",
                why="own number" if label is Label.RIGHT else "somebody's number",
                label=label,
                case=make.case(scene),
                rules=() if label is Label.RIGHT else OTHERS,
                notes=("number-key",) if style == "wrong key" else (),
            )


def _corsican(person: Somebody) -> Somebody:
    return replace(person, nir=f"{person.nir[:5]}2A{person.nir[7:]}")


def _with_number(scene: Scene, number: str, make: Maker) -> Doc:
    label = make.draw.choice(("N° de sécurité sociale", "NIR", "N° SS", "Immatriculation", "INS"))
    return Doc(
        [
            Text("\n".join(letterhead(scene, scene.practice))),
            *block(scene),
            Heading("ATTESTATION DE SOINS"),
            Fields([(label, number), ("Séances", "12"), ("Dossier", scene.patient.file_number)]),
            Text(f"Fait le {scene.day(scene.recent(5))}, Dr {scene.doctor()}"),
        ],
        title="Attestation",
    )


# --- names ----------------------------------------------------------------------------------------


def names(make: Maker) -> Iterator[Sample]:
    """Yield documents that write a name otherwise than the directory, and their mirrors."""
    kinds = cycle(("pdf", "docx", "txt", "html"))
    town = make.town

    def woman(**wanted: object) -> Somebody:
        return town.somebody(sex=2, age=(30, 80), **wanted)  # type: ignore[arg-type]

    married = woman(married=True)
    variants: list[tuple[str, Somebody, str, str]] = [
        # what, who, as the document has it, as the directory has it
        (
            "married name on record",
            p := woman(married=True),
            f"Mme {p.family.upper()} {p.first} née {p.birth_family.upper()}",
            f"{p.first} {p.family}",
        ),
        (
            "birth name on record",
            p := woman(married=True),
            f"Mme {p.family.upper()} {p.first} née {p.birth_family.upper()}",
            f"{p.first} {p.birth_family}",
        ),
        (
            "both names on record",
            married,
            f"{married.family.upper()} {married.first} (née {married.birth_family.upper()})",
            f"{married.first} {married.birth_family}-{married.family}",
        ),
        (
            "spouse's name first",
            p := woman(married=True),
            f"Madame {p.first} {p.family.upper()}-{p.birth_family.upper()}",
            f"{p.first} {p.birth_family} {p.family}",
        ),
        (
            "épouse",
            p := woman(married=True),
            f"Mme {p.birth_family.upper()} épouse {p.family.upper()} {p.first}",
            f"{p.first} {p.family}",
        ),
        (
            "ép.",
            p := woman(married=True),
            f"{p.birth_family.upper()} {p.first} ép. {p.family.upper()}",
            f"{p.family} {p.first}",
        ),
        (
            "hyphen lost",
            p := woman(given=("Marie-Louise",)),
            f"{p.family.upper()} MARIE LOUISE",
            f"Marie-Louise {p.family}",
        ),
        (
            "hyphen lost on record",
            p := woman(given=("Anne-Sophie",)),
            f"{p.family.upper()} Anne-Sophie",
            f"Anne Sophie {p.family}",
        ),
        (
            "all given names",
            p := woman(given=("Inès", "Marie", "Solène")),
            f"{p.family.upper()} Inès, Marie, Solène",
            f"Inès {p.family}",
        ),
        (
            "one of the given names",
            p := woman(given=("Chloé", "Agnès")),
            f"Mme {p.family.upper()} Chloé",
            f"Chloé Agnès {p.family}",
        ),
        (
            "accents lost",
            p := woman(given=("Élisabeth",), family="Façadier"),
            unaccented("FACADIER ELISABETH"),
            "Élisabeth Façadier",
        ),
        (
            "accents lost on record",
            p := woman(given=("Thérèse",), family="Légendou"),
            "LÉGENDOU Thérèse",
            "Therese Legendou",
        ),
        (
            "ligature",
            p := woman(given=("Joëlle",), family="Œuvrefictive"),
            "OEUVREFICTIVE Joëlle",
            "Joëlle Œuvrefictive",
        ),
        (
            "particle apart",
            p := woman(family="d'Essaivres"),
            f"D ESSAIVRES {p.first.upper()}",
            f"{p.first} d’Essaivres",
        ),
        (
            "particle",
            p := woman(family="de la Maquette"),
            f"{p.first} de la MAQUETTE",
            f"{p.first} DE LA MAQUETTE",
        ),
        (
            "initial",
            p := woman(given=("Noémie",)),
            f"Mme N. {p.family.upper()}",
            f"Noémie {p.family}",
        ),
        (
            "initials",
            p := woman(given=("Marie-Louise",)),
            f"Mme M.-L. {p.family.upper()}",
            f"Marie-Louise {p.family}",
        ),
        ("surname and title", p := woman(), f"Mme {p.family.upper()}", f"{p.first} {p.family}"),
        ("short surname", p := woman(family="Zô"), f"Mme ZO {p.first}", f"{p.first} Zô"),
        (
            "two surnames",
            p := woman(family="Modélou Nullepart"),
            f"MODELOU-NULLEPART {p.first}",
            f"{p.first} Modélou Nullepart",
        ),
        (
            "one of two surnames",
            p := woman(family="Modélou Chimérac"),
            f"MODELOU CHIMERAC {p.first}",
            f"{p.first} Modélou",
        ),
        (
            "M. and Mme",
            p := woman(),
            f"M. et Mme {p.family.upper()} {p.first}",
            f"{p.first} {p.family}",
        ),
    ]
    for what, who, written, recorded in variants:
        for label in BOTH:
            scene = make.scene(patient=who)
            birth = scene.day(who.birth)
            doc = Doc(
                [
                    Text("\n".join(letterhead(scene, scene.practice))),
                    Text(
                        make.draw.choice(
                            (
                                f"Concerne : {written}, née le {birth}",
                                f"Patiente : {written}\nNée le : {birth}",
                                f"{written}\nDate de naissance : {birth}",
                            )
                        )
                    ),
                    Text("Examen clinique normal. Revoir dans trois mois."),
                ],
                title="Consultation",
            )
            case = make.case(scene)
            if label is Label.RIGHT:
                case = replace(case, subject=Person(recorded, who.birth))
            else:  # the same shape of record, of somebody else with the same given name
                other = make.another("same given name", who)
                shape = spelling.recorded(make.draw, other)
                case = replace(case, subject=Person(shape, other.birth))
            kind = next(kinds)
            yield make.sample(
                kind,
                make.write(kind, doc, scene),
                what=f"name, {what}",
                why="plain" if label is Label.RIGHT else "same given name",
                label=label,
                case=case,
                rules=()
                if label is Label.RIGHT
                else ("other-person", "not-named", "name-absent", "other-birth-date"),
            )


# --- homonyms and birth dates ---------------------------------------------------------------------


def homonyms(make: Maker) -> Iterator[Sample]:
    """Yield documents of people who share a name: father and son, and strangers."""
    kinds = cycle(("pdf", "txt", "docx", "eml"))
    templates = cycle(("certificate", "laboratory", "colleague letter", "record", "sick leave"))
    for number in range(6):
        scene = adult(make)
        patient, twin = scene.patient, make.town.namesake(scene.patient)
        listed = (make.person(twin),)
        template = next(templates)
        doc = TEMPLATES[template](scene)
        kind = next(kinds)
        data = make.write(kind, doc, scene)
        yield make.sample(
            kind,
            data,
            what=f"homonym, {template}",
            why="own birth date",
            label=Label.RIGHT,
            case=make.case(scene, homonyms=listed),
            notes=("homonym",),
        )
        yield make.sample(
            kind,
            data,
            what=f"homonym, {template}",
            why="the homonym's birth date",
            label=Label.MISDIRECTED,
            rules=("other-birth-date", "other-number", "homonym"),
            case=make.case(scene, twin, homonyms=(make.person(patient),)),
        )
        yield make.sample(
            kind,
            data,
            what=f"homonym, {template}",
            why="the homonym's, and no date on record",
            label=Label.MISDIRECTED,
            rules=("homonym", "other-birth-date", "other-number"),
            case=make.case(scene, twin, dated=False, homonyms=(make.person(patient),)),
        )
        undated = adult(make)
        undated.birth = undated.number = False
        letter = TEMPLATES[("patient letter", "certificate")[number % 2]](undated)
        namesakes = (make.person(make.town.namesake(undated.patient)),)
        yield make.sample(
            kind,
            make.write(kind, letter, undated),
            what="homonym, no date in the document",
            why="one of the two",
            label=Label.ASKS,
            rules=("homonym",),
            case=make.case(undated, homonyms=namesakes),
        )


def nameless(make: Maker) -> Iterator[Sample]:
    """Yield documents that name nobody, or have a birth date alone."""
    kinds = cycle(("pdf", "docx", "txt", "html", "odt"))
    for _ in range(5):
        scene = adult(make)
        p, kind = scene.patient, next(kinds)
        leaflet = Doc(
            [
                Heading("Préparation à la coloscopie"),
                Text(
                    "Suivez un régime sans résidu pendant trois jours. Buvez deux litres de la "
                    "solution la veille. Venez à jeun."
                ),
                Text(f"Secrétariat : {scene.phone(scene.practice.phone)}"),
            ],
            title="Fiche d'information",
        )
        yield make.sample(
            kind,
            make.write(kind, leaflet, scene),
            what="leaflet",
            why="names nobody",
            label=Label.ASKS,
            case=make.case(scene),
            rules=("not-named",),
        )
        coded = Doc(
            [
                Text("\n".join(letterhead(scene, scene.other))),
                Heading("RÉSULTATS"),
                Fields([("Dossier", p.file_number), ("Prélèvement", "sang veineux")]),
                Rows(["Analyse", "Résultat"], [["VIH 1 et 2", "négatif"], ["VHC", "négatif"]]),
            ],
            title="Résultats",
        )
        yield make.sample(
            kind,
            make.write(kind, coded, scene),
            what="result under a file number",
            why="stranger",
            label=Label.MISDIRECTED,
            rules=("not-named",),
            case=make.case(scene, make.town.somebody()),
        )
        dated = Doc(
            [
                Heading("RÉSULTATS"),
                Fields(
                    [
                        ("Date de naissance", scene.day(p.birth)),
                        ("Sexe", p.letter),
                        ("Dossier", p.file_number),
                    ]
                ),
                Rows(["Analyse", "Résultat"], [["Potassium", "4,1 mmol/L"]]),
            ],
            title="Résultats",
        )
        yield make.sample(
            kind,
            make.write(kind, dated, scene),
            what="birth date alone",
            why="own birth date",
            label=Label.ASKS,
            case=make.case(scene),
            rules=("name-absent",),
        )


# --- bank -----------------------------------------------------------------------------------------


def accounts(make: Maker) -> Iterator[Sample]:
    """Yield accounts: the practice's, the patient's, and somebody else's."""
    kinds = cycle(("pdf", "docx", "txt", "html", "odt", "eml"))
    for number in range(8):
        scene = adult(make)
        p, kind = scene.patient, next(kinds)
        other = far(make, p)
        for holder, whose, label in ((p, p, Label.RIGHT), (other, other, Label.MISDIRECTED)):
            iban = whose.iban
            written = (
                spelling.account(make.draw, iban)
                if number % 2 == 0
                else spelling.rib(make.draw, iban)
            )
            doc = Doc(
                [
                    *block(scene),
                    Heading("Remboursement des soins"),
                    Text("Le virement sera fait sur le compte suivant :"),
                    Fields(
                        [
                            ("Titulaire", f"{holder.title} {holder.family.upper()} {holder.first}"),
                            ("IBAN" if number % 2 == 0 else "RIB", written),
                        ]
                    ),
                ],
                title="Remboursement",
            )
            yield make.sample(
                kind,
                make.write(kind, doc, scene),
                what="account of a patient",
                why="own account" if label is Label.RIGHT else "somebody's account",
                label=label,
                case=make.case(scene),
                rules=()
                if label is Label.RIGHT
                else ("bank-details", "other-person", "several-people"),
            )
        scene = adult(make)
        yield make.sample(
            kind,
            make.write(kind, TEMPLATES["invoice"](scene), scene),
            what="invoice",
            why="the practice's account",
            label=Label.RIGHT,
            case=make.case(scene),
        )


# --- text without labels --------------------------------------------------------------------------


def hprim(make: Maker) -> Iterator[Sample]:
    """Yield results as laboratories mail them to practices: a header of twelve lines, no labels."""
    for number in range(8):
        scene = adult(make)
        p, label = scene.patient, BOTH[number % 2]
        how = ("stranger", "sibling", "namesake", "same birth date")[number // 2]
        code, _, town = p.town.partition(" ")
        head = [
            p.file_number,
            unaccented(p.family).upper(),
            unaccented(p.first).upper(),
            p.street.upper(),
            "",
            f"{code} {town}",
            f"{p.birth:%d/%m/%Y}",
            spelling.NUMBERS["together"](p.nir) if number % 4 < 2 else "",
            "",
            f"{scene.recent():%d/%m/%Y}",
            f"L{scene.other.finess} {scene.other.name.upper()}",
            f"M{scene.practice.people[0].rpps} {scene.practice.people[0].name.upper()}",
        ]
        body = ["", "HEMATOLOGIE", "Hemoglobine      13.4 g/dL    (12.0 - 16.0)", "****FIN****"]
        yield make.sample(
            "txt",
            text.encode("\n".join(head + body), make.draw, "cp1252"),
            what="result without labels",
            why="plain" if label is Label.RIGHT else how,
            label=label,
            case=make.case(scene, None if label is Label.RIGHT else make.another(how, p)),
            rules=() if label is Label.RIGHT else WRONG[how],
        )


# --- places where nobody looks --------------------------------------------------------------------


def hidden(make: Maker) -> Iterator[Sample]:
    """Yield a right letter with a text in some place: the patient's own, or somebody else's."""

    def places(words: str, scene: Scene) -> dict[str, bytes]:
        draw = make.draw
        doc = TEMPLATES["colleague letter"](scene)

        def plus(**changes: str) -> Doc:
            return replace(doc, **changes)

        return {
            "docx, header": office.docx(plus(running=words), draw),
            "docx, footer": office.docx(plus(footer=words), draw),
            "docx, title": office.docx(plus(title=words), draw),
            "docx, comment": office.docx(doc, draw, comment=words),
            "docx, footnote": office.docx(doc, draw, footnote=words),
            "docx, text box": office.docx(doc, draw, more=office.text_box(words)),
            "docx, deleted": office.docx(doc, draw, more=office.deleted(words)),
            "docx, inserted": office.docx(doc, draw, more=office.inserted(words)),
            "docx, content control": office.docx(doc, draw, more=office.content_control(words)),
            "docx, nested table": office.docx(doc, draw, more=office.nested(words)),
            "odt, header": office.odt(plus(running=words), draw),
            "odt, deleted": office.odt(doc, draw, before=office.odt_deleted(words)),
            "odt, comment": office.odt(doc, draw, more=office.odt_comment(words)),
            "html, comment": _in_html(doc, f"<!-- {words} -->", make),
            "html, not displayed": _in_html(doc, f'<div style="display:none">{words}</div>', make),
            "html, form": _in_html(doc, f'<input type="hidden" name="ss" value="{words}">', make),
            "pdf, second page": _second_page(doc, words, make),
            "eml, attachment": text.eml(
                "Bonjour,\nVoici le courrier.\n",
                subject="Courrier",
                sender=scene.practice.email,
                to="confrere@example.org",
                attachments=(("courrier.pdf", pdf.write(doc, draw)), ("note.txt", words.encode())),
            ),
            "eml, quoted": text.eml(
                "\n".join(doc.lines()) + f"\n\nLe 3/11/2026, le secrétariat a écrit :\n> {words}\n",
                subject="Re: Courrier",
                sender=scene.practice.email,
                to="confrere@example.org",
            ),
            "eml, subject": text.eml(
                "\n".join(doc.lines()),
                subject=words,
                sender=scene.practice.email,
                to="confrere@example.org",
            ),
        }

    names = list(places("x", adult(make)))
    for place in names:
        for label in BOTH:
            scene = adult(make)
            whose = scene.patient if label is Label.RIGHT else far(make, scene.patient)
            words = make.draw.choice(
                (
                    f"{whose.title} {whose.family.upper()} {whose.first} - NIR "
                    f"{spelling.NUMBERS['spaces'](whose.nir)}",
                    f"N° SS {spelling.NUMBERS['together'](whose.nir)}",
                    f"Patient : {whose.family.upper()} {whose.first}, né{whose.e} le "
                    f"{whose.birth:%d/%m/%Y}, n° {spelling.NUMBERS['key apart'](whose.nir)}",
                )
            )
            data = places(words, scene)[place]
            notes = ("hidden",) if label is Label.MISDIRECTED and "deleted" in place else ()
            yield make.sample(
                place.split(",")[0],
                data,
                what=f"place, {place.split(', ')[1]}",
                why="own number" if label is Label.RIGHT else "somebody's number",
                label=label,
                case=make.case(scene),
                rules=() if label is Label.RIGHT else OTHERS,
                notes=notes,
            )


def _in_html(doc: Doc, more: str, make: Maker) -> bytes:
    page = text.html_text(doc, make.draw)
    return page.replace("</body>", f"{more}</body>").encode()


def _second_page(doc: Doc, words: str, make: Maker) -> bytes:
    pages = pdf.lay(doc, make.draw)
    pages.append(pdf.Page([pdf.Draw(50, 700, words)]))
    return pdf.saved(pdf.build(pages, make.draw))


# --- file names -----------------------------------------------------------------------------------


def file_names(make: Maker) -> Iterator[Sample]:
    """Yield right documents whose own name says whose they are, and names that say otherwise."""
    for number in range(6):
        scene = adult(make)
        p, other = scene.patient, far(make, scene.patient)
        doc = TEMPLATES["vaccination"](scene)
        for whose, label in ((p, Label.RIGHT), (other, Label.MISDIRECTED)):
            base = (
                f"CR_{unaccented(whose.family).upper()}_{whose.first}_{whose.birth:%d%m%Y}",
                f"{whose.nir}{nir_key(whose.nir)}",
                f"{whose.nir} {whose.family} {whose.first}",
            )[number % 3]
            by_number = number % 3 != 0
            if label is Label.MISDIRECTED and not by_number:
                continue  # a name in a file's name is a note, whoever's it is
            yield make.sample(
                "pdf",
                make.write("pdf", doc, scene),
                what="file name",
                name=f"{base}.pdf",
                why="own number" if label is Label.RIGHT else "somebody's number",
                label=label,
                case=make.case(scene),
                rules=() if label is Label.RIGHT else OTHERS,
                notes=("identifier-in-name",) if label is Label.RIGHT else (),
            )


# --- several documents in one --------------------------------------------------------------------


def bundles(make: Maker) -> Iterator[Sample]:
    """Yield archives and mails of several documents, one of which may be somebody else's."""
    for number in range(6):
        for label in BOTH:
            scene = adult(make)
            other = replace(scene, patient=far(make, scene.patient), forms={})
            last = scene if label is Label.RIGHT else other
            kinds = ("pdf", "docx", ("txt", "odt", "html")[number % 3])
            templates = ("laboratory", "certificate", "imaging")
            members = {
                f"{n}-{template}.{kind}": make.write(kind, TEMPLATES[template](who), who)
                for n, (template, kind, who) in enumerate(
                    zip(templates, kinds, (scene, scene, last), strict=True), start=1
                )
            }
            if number % 2:
                members = {"dossier/pieces.zip": text.zip_file(members)}
            as_mail = number >= 4
            data = (
                text.eml(
                    "Voici vos documents.",
                    subject="Vos documents",
                    sender=scene.practice.email,
                    to=scene.patient.email,
                    attachments=tuple(members.items()),
                )
                if as_mail
                else text.zip_file(members)
            )
            yield make.sample(
                "eml" if as_mail else "zip",
                data,
                what="bundle",
                why="plain" if label is Label.RIGHT else "one of another person",
                label=label,
                case=make.case(scene),
                rules=() if label is Label.RIGHT else ("several-people", *OTHERS),
            )


# --- CDA ------------------------------------------------------------------------------------------


def clinical(make: Maker) -> Iterator[Sample]:
    """Yield CDA documents: newborn and guardian, a PDF inside that is of another person."""
    for template in ("laboratory", "imaging", "discharge"):
        for label in BOTH:
            scene = adult(make)
            inside = scene
            if label is Label.MISDIRECTED:
                inside = replace(scene, patient=far(make, scene.patient), forms={})
            doc = TEMPLATES[template](inside)
            data = cda_writer.cda(
                doc, scene, template=template, pdf=pdf.write(doc, make.draw), patient=scene.patient
            )
            yield make.sample(
                "cda",
                data,
                what=f"CDA around a PDF, {template}",
                extension="xml",
                why="plain" if label is Label.RIGHT else "its PDF is of another person",
                label=label,
                case=make.case(scene),
                rules=() if label is Label.RIGHT else ("several-people", *OTHERS),
            )
    for how in ("sibling", "twin", "namesake"):
        scene = make.scene("child")
        child, parent = scene.patient, scene.relatives["parent"]
        doc = TEMPLATES["child"](scene)
        data = cda_writer.cda(doc, scene, template="child", guardian=parent)
        other = make.another(how, child)
        for subject, label in ((child, Label.RIGHT), (other, Label.MISDIRECTED)):
            yield make.sample(
                "cda",
                data,
                what="CDA of a child",
                extension="xml",
                why="child under a parent's number, on record" if label is Label.RIGHT else how,
                label=label,
                case=make.case(scene, subject, known=(parent,)),
                rules=()
                if label is Label.RIGHT
                else ("other-person", "other-birth-date", "other-number"),
            )
    scene = adult(make)
    doc = TEMPLATES["laboratory"](scene)
    yield make.sample(
        "cda",
        cda_writer.cda(doc, scene, template="laboratory"),
        what="CDA for a colleague",
        why="plain",
        label=Label.RIGHT,
        extension="xml",
        case=make.case(scene, kind=Kind.PROFESSIONAL, recipient=Person("Dr Inventée")),
    )
