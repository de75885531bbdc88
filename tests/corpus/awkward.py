"""PDFs that text extraction reads badly, each right and misdirected; and what nobody can read."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf

from tests.corpus import spelling
from tests.corpus.maker import Maker
from tests.corpus.people import nir_key
from tests.corpus.sample import Label, Sample
from tests.corpus.templates import TEMPLATES
from tests.corpus.writers import office, pdf
from tests.corpus.writers.pdf import Draw, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.corpus.identity import Scene
    from tests.corpus.people import Somebody

STRANGER = ("other-person", "other-number", "not-named", "other-birth-date")


@dataclass
class Trap:
    """A PDF drawn in a way of its own.

    Attributes:
        draw: returns the file; `number` is whose number it prints, where it prints one.
        number_only: the document names the subject rightly, and the number is what is wrong.
    """

    draw: Callable[[Maker, Scene, Somebody], bytes]
    number_only: bool = False


def samples(make: Maker) -> Iterator[Sample]:
    """Yield each trap twice: with the patient's own number or name, and with somebody else's."""
    for what, trap in TRAPS.items():
        for label in (Label.RIGHT, Label.MISDIRECTED):
            scene = make.scene(patient=make.town.somebody(age=(28, 90)))
            patient = scene.patient
            other = make.town.somebody(age=(28, 90))
            if trap.number_only:
                # The subject is the patient; only the number, or the note, is of another.
                whose = patient if label is Label.RIGHT else _far(make, patient)
                subject = patient
                rules: tuple[str, ...] = ("other-number", "several-people", "other-person")
            else:
                whose = patient
                subject = patient if label is Label.RIGHT else other
                rules = STRANGER
            case = make.case(scene, subject, how=make.draw.choice(("Given Family", "FAMILY Given")))
            yield make.sample(
                "pdf",
                trap.draw(make, scene, whose),
                what=f"awkward PDF, {what}",
                why="plain"
                if label is Label.RIGHT
                else ("somebody's number" if trap.number_only else "stranger"),
                label=label,
                case=case,
                rules=() if label is Label.RIGHT else rules,
            )


def _far(make: Maker, patient: Somebody) -> Somebody:
    """Return somebody whose number cannot be the patient's: born in another month."""
    while True:
        other = make.town.somebody(age=(20, 94))
        if (other.birth.year % 100, other.birth.month) != (
            patient.birth.year % 100,
            patient.birth.month,
        ):
            return other


def _page(make: Maker, scene: Scene, *lines: str) -> Page:
    """Return a page of plain lines."""
    return Page([Draw(50, 800 - number * 16, line) for number, line in enumerate(lines) if line])


def _who(scene: Scene) -> str:
    p = scene.patient
    return f"{p.title} {p.first} {p.family.upper()}, né{p.e} le {p.birth:%d/%m/%Y}"


def _done(make: Maker, pages: list[Page], style: str = "lines", **saving: object) -> bytes:
    return pdf.saved(pdf.build(pages, make.draw, style=style), **saving)


def comb_number(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(make, scene, "FEUILLE DE SOINS", _who(scene), "", "Numéro d'immatriculation")
    n = whose.nir + nir_key(whose.nir)
    pdf.comb(page, 50, 700, f"{n[0]} {n[1:3]} {n[3:5]} {n[5:7]} {n[7:10]} {n[10:13]} {n[13:]}", 11)
    return _done(make, [page])


def comb_number_tight(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(make, scene, "AVIS D'ARRÊT DE TRAVAIL", _who(scene))
    pdf.comb(page, 60, 700, whose.nir + nir_key(whose.nir), 14)
    page.draws.append(Draw(60, 680, "(n° d'immatriculation de l'assuré)", 6))
    return _done(make, [page])


def comb_identity(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    p = scene.patient
    page = _page(
        make,
        scene,
        "DEMANDE D'ENTENTE PRÉALABLE",
        "",
        "Nom",
        "",
        "",
        "Prénom",
        "",
        "",
        "Date de naissance",
    )
    pdf.comb(page, 140, 768, p.family.upper()[:24])
    pdf.comb(page, 140, 720, p.first.upper())
    pdf.comb(page, 170, 672, f"{p.birth:%d%m%Y}")
    page.draws.append(Draw(50, 600, f"Cachet : Dr {scene.practice.people[0].name}"))
    return _done(make, [page])


def groups_shuffled(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(make, scene, "PRISE EN CHARGE", _who(scene), "N° de sécurité sociale :")
    groups = spelling.NUMBERS["spaces"](whose.nir).split(" ")
    x, drawn = 200.0, []
    for group in groups:
        drawn.append(Draw(x, 768, group))
        x += pdf.width(group + " ", 10)
    make.draw.shuffle(drawn)
    page.draws += drawn
    return _done(make, [page])


def lines_shuffled(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    doc = TEMPLATES["operative"](scene)
    return pdf.saved(pdf.build(pdf.lay(doc, make.draw), make.draw, style="shuffled"))


def narrow_column(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    number = spelling.NUMBERS["spaces"](whose.nir)
    left = [
        Draw(50, 700 - 14 * n, text)
        for n, text in enumerate(
            ("Le patient a été vu", "en consultation et", "se porte bien. Suivi", "dans six mois.")
        )
    ]
    right = [
        Draw(330, 700 - 14 * n, text)
        for n, text in enumerate(("Assuré social :", number[:11], number[11:]))
    ]
    page = _page(make, scene, "COMPTE RENDU", _who(scene))
    page.draws += left + right
    return _done(make, [page])


def broken_in_text(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    number = spelling.NUMBERS["spaces"](whose.nir)
    page = _page(
        make,
        scene,
        "ATTESTATION",
        _who(scene),
        f"Le présent document concerne l'assurance maladie, immatriculation {number[:14]}",
        f"{number[14:]}, et vaut pour la période en cours.",
    )
    return _done(make, [page])


def nbsp(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(
        make,
        scene,
        "COURRIER",
        _who(scene).replace(" ", "\xa0"),
        f"NIR\xa0: {spelling.NUMBERS['nbsp'](whose.nir)}",
    )
    return _done(make, [page])


def ligatures(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    def ligated(text: str) -> str:
        return text.replace("fi", "\x01").replace("fl", "\x02")

    p = scene.patient
    page = _page(
        make,
        scene,
        *map(
            ligated,
            (
                "Certificat affiché au profit de l'intéressé",
                "",
                f"Patient : {p.first} {p.family}",
                f"Né(e) le {p.birth:%d/%m/%Y}",
                "Réflexes normaux.",
            ),
        ),
    )
    return _done(make, [page])


def form_value(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(make, scene, "FORMULAIRE DE PRÉ-ADMISSION", _who(scene))
    made = pdf.build([page], make.draw)
    pdf.form(made, {"nom": scene.patient.family, "num_secu": spelling.NUMBERS["spaces"](whose.nir)})
    return pdf.saved(made)


def form_identity(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    p = scene.patient
    made = pdf.build(
        [_page(make, scene, "FORMULAIRE DE PRÉ-ADMISSION", "Nom", "Prénom", "Né le")], make.draw
    )
    pdf.form(
        made,
        {"Nom": p.family.upper(), "Prénom": p.first, "Date de naissance": f"{p.birth:%d/%m/%Y}"},
    )
    return pdf.saved(made)


def sticky_note(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    made = pdf.build([_page(make, scene, "COMPTE RENDU", _who(scene), "Examen normal.")], make.draw)
    pdf.note(made, f"Vérifier le n° SS {spelling.NUMBERS['spaces'](whose.nir)}")
    return pdf.saved(made)


def rotated(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(make, scene, "RÉSULTATS", _who(scene))
    page.draws.append(Draw(30, 200, f"NIR {spelling.NUMBERS['spaces'](whose.nir)}", turned=True))
    return _done(make, [page])


def white(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(make, scene, "RÉSULTATS", _who(scene))
    page.draws.append(Draw(50, 100, spelling.NUMBERS["together"](whose.nir), 6, white=True))
    return _done(make, [page])


def spaced(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(make, scene, "ORDONNANCE", _who(scene))
    page.draws.append(Draw(50, 700, f"{whose.nir} {nir_key(whose.nir)}", spread=6))
    return _done(make, [page])


def spaced_name(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    p = scene.patient
    page = _page(make, scene, "CERTIFICAT")
    page.draws.append(Draw(50, 700, f"{p.family.upper()} {p.first.upper()}", 12, spread=5))
    page.draws.append(Draw(50, 680, f"né{p.e} le {p.birth:%d/%m/%Y}"))
    return _done(make, [page])


def many_pages(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    pages = [
        _page(
            make,
            scene,
            f"{scene.patient.family.upper()} {scene.patient.first} - page {n}/200",
            *(
                f"{n}.{line} Surveillance : TA 13/8, pouls 72, diurèse conservée, apyrétique."
                for line in range(1, 38)
            ),
        )
        for n in range(1, 201)
    ]
    pages[0].draws.append(Draw(50, 60, _who(scene)))
    pages[163].draws.append(Draw(50, 60, f"NIR : {spelling.NUMBERS['spaces'](whose.nir)}"))
    return _done(make, pages)


def attachment(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    made = pdf.build([_page(make, scene, "DOSSIER", _who(scene))], make.draw)
    inner = f"Patient : {whose.family.upper()} {whose.first}\nNIR {whose.nir}{nir_key(whose.nir)}\n"
    pdf.attach(made, "piece.txt", inner.encode())
    return pdf.saved(made)


def attached_docx(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    made = pdf.build([_page(make, scene, "DOSSIER", _who(scene))], make.draw)
    other = make.scene(patient=whose)
    other.birth = True
    pdf.attach(made, "courrier.docx", office.docx(TEMPLATES["certificate"](other), make.draw))
    return pdf.saved(made)


def title(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    page = _page(make, scene, "COMPTE RENDU", _who(scene), "Examen normal.")
    made = pdf.build([page], make.draw, title=f"CR {spelling.NUMBERS['spaces'](whose.nir)}")
    return pdf.saved(made)


def owner_password(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    doc = TEMPLATES["laboratory"](scene)
    made = pdf.build(pdf.lay(doc, make.draw), make.draw)
    return pdf.saved(made, encryption=pikepdf.Encryption(owner="maquette", user="", R=6))


def ocr_layer(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    lines = [*TEMPLATES["certificate"](scene).lines()]
    page = Page(
        [Draw(50, 800 - 15 * n, line, invisible=True) for n, line in enumerate(lines) if line],
        image=pdf.scanned(lines, make.draw),
    )
    page.draws.append(Draw(50, 90, f"{_who(scene)}", invisible=True))
    return _done(make, [page])


def object_streams(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    doc = TEMPLATES["imaging"](scene)
    made = pdf.build(pdf.lay(doc, make.draw), make.draw, style="kerned")
    return pdf.saved(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def form_xobject(make: Maker, scene: Scene, whose: Somebody) -> bytes:
    """The patient's label, stamped on the page as an object of its own."""
    made = pdf.build([_page(make, scene, "BULLETIN D'ENTRÉE", "Étiquette patient :")], make.draw)
    p = scene.patient
    lines = (
        f"{p.family.upper()} {p.first.upper()}",
        f"{p.birth:%d/%m/%Y}  {p.letter}",
        f"IPP {p.file_number}",
    )
    inner = b"\n".join(
        b"BT /F1 9 Tf 1 0 0 1 5 %d Tm (%s) Tj ET" % (40 - 12 * n, pdf.escaped(pdf.encoded(line)))
        for n, line in enumerate(lines)
    )
    page = made.pages[0]
    page.Resources.XObject = pikepdf.Dictionary(
        Fm0=pikepdf.Stream(
            made,
            inner,
            pikepdf.Dictionary(
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=pikepdf.Array([0, 0, 200, 60]),
                Resources=page.Resources,
            ),
        )
    )
    page.contents_add(pikepdf.Stream(made, b"q 1 0 0 1 350 700 cm /Fm0 Do Q"))
    return pdf.saved(made)


TRAPS: dict[str, Trap] = {
    "number in boxes": Trap(comb_number, number_only=True),
    "number in tight boxes": Trap(comb_number_tight, number_only=True),
    "identity in boxes": Trap(comb_identity),
    "groups out of order": Trap(groups_shuffled, number_only=True),
    "lines out of order": Trap(lines_shuffled),
    "number in a narrow column": Trap(narrow_column, number_only=True),
    "number over two lines": Trap(broken_in_text, number_only=True),
    "no-break blanks": Trap(nbsp, number_only=True),
    "ligatures": Trap(ligatures),
    "form value": Trap(form_value, number_only=True),
    "form identity": Trap(form_identity),
    "sticky note": Trap(sticky_note, number_only=True),
    "rotated": Trap(rotated, number_only=True),
    "white": Trap(white, number_only=True),
    "spaced characters": Trap(spaced, number_only=True),
    "spaced name": Trap(spaced_name),
    "200 pages": Trap(many_pages, number_only=True),
    "attachment": Trap(attachment, number_only=True),
    "attached DOCX": Trap(attached_docx, number_only=True),
    "title": Trap(title, number_only=True),
    "owner password": Trap(owner_password),
    "scan with its text": Trap(ocr_layer),
    "object streams": Trap(object_streams),
    "stamped label": Trap(form_xobject),
}


def _cut(data: bytes) -> bytes:
    """Return a file that lost its last bytes on the way: some readers rebuild it, others do not."""
    return data[: data.rindex(b"startxref")]


def unreadable(make: Maker) -> Iterator[Sample]:
    """Yield what cannot be checked, whoever it is for."""
    draw = make.draw

    def scene() -> Scene:
        return make.scene("certificate")

    def file(s: Scene) -> bytes:
        return pdf.write(TEMPLATES["certificate"](s), draw)

    def picture(s: Scene) -> bytes:
        return pdf.scanned(TEMPLATES["certificate"](s).lines(), draw)

    def locked(s: Scene) -> bytes:
        made = pdf.build(pdf.lay(TEMPLATES["certificate"](s), draw), draw)
        return pdf.saved(made, encryption=pikepdf.Encryption(owner="un", user="deux", R=6))

    def zip_locked(s: Scene) -> bytes:
        """A ZIP whose member has the flag of the old encryption."""
        data = bytearray(office.package({"certificat.txt": f"Certificat de {_who(s)}"}))
        local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
        data[local + 6] |= 1
        data[central + 8] |= 1
        return bytes(data)

    kinds: list[tuple[str, str, Callable[[Scene], bytes], tuple[str, ...]]] = [
        ("scan", "pdf", lambda s: _done(make, [Page(image=picture(s))]), ("scan",)),
        (
            "scan, two pages of text and one",
            "pdf",
            lambda s: _done(
                make,
                [
                    _page(make, s, "COMPTE RENDU", _who(s), "Examen normal, voir page jointe."),
                    Page(image=picture(s)),
                ],
            ),
            ("scan",),
        ),
        ("photo", "jpg", picture, ("scan",)),
        ("user password", "pdf", locked, ("encrypted",)),
        ("locked archive", "zip", zip_locked, ("encrypted", "unchecked")),
        ("truncated", "pdf", lambda s: file(s)[:180], ("unchecked",)),
        ("cut at its end", "pdf", lambda s: _cut(file(s)), ("unchecked",)),
        ("garbage", "pdf", lambda s: b"%PDF-1.7\n" + draw.randbytes(4000), ("unchecked",)),
        ("noise", "dat", lambda s: draw.randbytes(3000), ("unchecked",)),
        (
            "damaged DOCX",
            "docx",
            lambda s: office.docx(TEMPLATES["certificate"](s), draw)[:900],
            ("unchecked",),
        ),
        ("damaged ZIP", "zip", lambda s: office.package({"a.txt": "x" * 900})[:60], ("unchecked",)),
        ("page of nothing", "pdf", lambda s: _done(make, [Page()]), ("unchecked", "not-named")),
        ("damaged XML", "xml", lambda s: b"<?xml version='1.0'?><document><nom>", ("unchecked",)),
        (
            "age file",
            "age",
            lambda s: b"age-encryption.org/v1\n-> X25519 " + b"A" * 43 + b"\n",
            ("encrypted", "unchecked"),
        ),
        ("compressed noise", "bin", lambda s: zlib.compress(draw.randbytes(3000)), ("unchecked",)),
    ]
    for what, kind, data, rules in kinds:
        s = scene()
        s.birth = True
        yield make.sample(
            kind,
            data(s),
            what=f"unreadable, {what}",
            why="right, but nobody can see it",
            label=Label.ASKS,
            case=make.case(s),
            rules=rules,
        )
