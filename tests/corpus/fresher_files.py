"""The second hand's documents as files: its templates in every format, and files of other shapes.

Each is written for the right person, and mirrored for a wrong one: another family, a brother or a
sister, a spouse, a homonym born another day, a patient of a colleague's list.
"""

# ruff: noqa: E501 - a layout is read more easily whole

from __future__ import annotations

from dataclasses import replace
from html import escape
from itertools import cycle
from typing import TYPE_CHECKING

import pikepdf

from tests.corpus import fresher, spelling
from tests.corpus.fresher import FRESHER
from tests.corpus.maker import WRONG, Maker
from tests.corpus.people import TODAY, nir_key
from tests.corpus.sample import Label, Sample
from tests.corpus.writers import office, pdf, sheets, text
from tests.corpus.writers.pdf import Draw, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.corpus.identity import Scene
    from tests.corpus.people import Somebody

FORMATS = ("pdf", "pdf", "docx", "odt", "txt", "html", "eml")
HOW = ("stranger", "sibling", "spouse", "namesake", "near name", "same given name", "twin",
       "same birth date", "mentioned")  # fmt: skip
BOTH = (Label.RIGHT, Label.MISDIRECTED)


def samples(make: Maker) -> Iterator[Sample]:
    """Yield every template in every format, then files of other shapes."""
    wrongs = cycle(HOW)
    for template in FRESHER:
        for kind in FORMATS:
            for label in BOTH:
                yield _written(make, template, kind, label, next(wrongs))
    for what, (kind, extension, maker) in FILES.items():
        for _ in range(4):
            for label in BOTH:
                yield _file(make, what, kind, extension, maker, label, next(wrongs))
    yield from colleagues_lists(make)
    yield from only_initials(make)


def _scene(make: Maker, template: str) -> Scene:
    town, draw = make.town, make.draw
    relatives: dict[str, Somebody] = {}
    if template in fresher.CHILDREN:
        parent = town.somebody(age=(27, 48), married=False)
        relatives["parent"] = parent
        patient = town.child(parent, age=(2, 13))
    elif template in fresher.WOMEN_ONLY:
        patient = town.somebody(sex=2, age=(20, 40))
    else:
        patient = town.somebody(age=(22, 94))
    if template in fresher.NAMES_CONTACT and draw.random() < 0.8:
        relatives["contact"] = (
            town.spouse(patient) if draw.random() < 0.6 else town.somebody(age=(22, 80))
        )
    if template == "cover" and draw.random() < 0.6:
        relatives["child"] = town.child(patient)
    scene = make.scene(patient=patient)
    scene.relatives = relatives
    scene.birth = scene.birth or template in fresher.ALWAYS_DATED
    return scene


def _how(scene: Scene, template: str, how: str) -> str:
    if how == "mentioned" and (
        template not in fresher.NAMES_CONTACT or "contact" not in scene.relatives
    ):
        return "stranger"
    if how == "namesake" and (not scene.birth or template in fresher.NO_DATE):
        return "same given name"
    if how == "spouse" and scene.patient.age < 19:
        return "sibling"
    return how


def _written(make: Maker, template: str, kind: str, label: Label, how: str) -> Sample:
    scene = _scene(make, template)
    known = tuple(scene.relatives[r] for r in ("parent", "child") if r in scene.relatives)
    subject, why, dated = scene.patient, "plain", make.draw.random() < 0.85
    if label is Label.MISDIRECTED:
        why = _how(scene, template, how)
        subject = scene.relatives["contact"] if why == "mentioned" else make.another(why, subject)
        dated = why == "namesake" or dated
        if why not in {"sibling", "twin"} or "child" in scene.relatives:
            known = ()
    return make.sample(
        kind,
        make.write(kind, FRESHER[template](scene), scene),
        what=f"fresher, {template}",
        why=why,
        label=label,
        case=make.case(scene, subject, known=known, dated=dated),
        rules=() if label is Label.RIGHT else WRONG[why],
        name=f"fresher-{template.replace(' ', '-')}-{make.draw.randint(0, 99999):05d}.{kind}",
    )


def _file(
    make: Maker,
    what: str,
    kind: str,
    extension: str,
    maker: Callable[[Maker, Scene], bytes],
    label: Label,
    how: str,
) -> Sample:
    scene = _scene(make, what)
    scene.birth = True
    subject, why, dated = scene.patient, "plain", make.draw.random() < 0.85
    if label is Label.MISDIRECTED:
        why = _how(scene, what, how)
        subject = make.another(why, subject)
        dated = why == "namesake" or dated
    return make.sample(
        kind,
        maker(make, scene),
        what=f"fresher, {what}",
        why=why,
        label=label,
        case=make.case(scene, subject, dated=dated),
        rules=() if label is Label.RIGHT else WRONG[why],
        name=f"fresher-{what.replace(' ', '-')}-{make.draw.randint(0, 99999):05d}.{extension}",
    )


# --- a form with a box a letter -------------------------------------------------------------------


def combs(make: Maker, s: Scene) -> bytes:
    """Return a sick leave on the official form: boxes for the number, the date, the names."""
    p, page = s.patient, Page()

    def put(x: float, y: float, words: str, size: float = 9) -> None:
        page.draws.append(Draw(x, y, words, size))

    put(150, 800, "avis d'arrêt de travail", 14)
    put(40, 780, "(articles L. 162-4-1, L. 315-2, L. 321-1 du Code de la sécurité sociale)", 6)
    put(40, 755, "l'assuré(e)", 11)
    put(40, 735, "numéro d'immatriculation")
    pdf.comb(page, 180, 735, p.nir + nir_key(p.nir))
    put(40, 715, "nom et prénom")
    put(180, 715, spelling.upper_first(p))
    put(40, 700, "(nom de famille (de naissance) suivi du nom d'usage)", 6)
    put(40, 680, "date de naissance")
    pdf.comb(page, 180, 680, f"{p.birth:%d%m%Y}")
    put(40, 660, "adresse")
    put(180, 660, f"{p.street}, {p.town}")
    put(40, 620, "le médecin", 11)
    put(40, 600, f"Dr {s.doctor()}    identifiant {s.practice.people[0].rpps}")
    put(40, 580, "prescrit un arrêt de travail jusqu'au")
    pdf.comb(page, 250, 580, f"{s.recent():%d%m%Y}")
    style = make.draw.choice(("lines", "words", "shuffled", "by column"))
    return pdf.saved(pdf.build([page], make.draw, style=style))


def filled(make: Maker, s: Scene) -> bytes:
    """Return a form whose values are in its fields, with the names that programs give fields."""
    p = s.patient
    page = Page([Draw(60, 780, "DEMANDE D'ACCORD PRÉALABLE", 13)])
    for n, label in enumerate(("Nom", "Prénom", "Date de naissance", "N° d'immatriculation")):
        page.draws.append(Draw(60, 740 - 24 * n, label, 9))
    doc: pikepdf.Pdf = pdf.build([page], make.draw)
    values = {"topmostSubform[0].Page1[0].nom[0]": p.family.upper(),
              "topmostSubform[0].Page1[0].prenom[0]": p.first,
              "topmostSubform[0].Page1[0].datnais[0]": f"{p.birth:%d/%m/%Y}",
              "topmostSubform[0].Page1[0].immat[0]": p.nir + nir_key(p.nir)}  # fmt: skip
    pdf.form(doc, values)
    return pdf.saved(doc)


# --- a sheet for one patient ----------------------------------------------------------------------


def tracking(make: Maker, s: Scene) -> bytes:
    """Return an INR tracking sheet: identity in the first cells, measures below."""
    p, draw = s.patient, make.draw
    rows: list[list[sheets.Cell]] = [["SUIVI INR", "", ""]]
    rows += draw.choice(
        (
            [["Nom", p.family.upper(), ""], ["Prénom", p.first, ""], ["DDN", p.birth, ""]],
            [["Patient", spelling.upper_first(p), ""], ["Né(e) le", f"{p.birth:%d/%m/%Y}", ""]],
            [[f"{p.title} {p.first} {p.family}", "", f"né{p.e} le {s.day(p.birth)}"]],
        )
    )
    rows += [["", "", ""], ["Date", "INR", "Dose (mg)"]]
    rows += [[s.recent(300), draw.randint(15, 45) / 10, draw.choice((3, 4, 5))] for _ in range(14)]
    return sheets.xlsx([sheets.Sheet("Suivi", rows), sheets.Sheet("Feuil2", [["", ""]])])


# --- a page of a portal ---------------------------------------------------------------------------


def portal(make: Maker, s: Scene) -> bytes:
    """Return a page that a browser saved: the logged-in doctor in its header, menus, the record."""
    p, d = s.patient, s.practice.people[0]
    name, nir = escape(f"{p.first} {p.family}"), escape(s.nir())
    who = make.draw.choice(
        (
            f'<h2>{name}</h2><p class="sub">{p.letter} · {s.day(p.birth)} · {p.age} ans</p>',
            f"<dl><dt>Patient</dt><dd>{name}</dd><dt>Né(e) le</dt><dd>{s.day(p.birth)}</dd>"
            f"<dt>INS</dt><dd>{nir}</dd></dl>",
            f'<div class="card"><span class="lbl">Nom</span><span>{escape(p.family)}</span><span '
            f'class="lbl">Prénom</span><span>{escape(p.first)}</span><span class="lbl">Naissance'
            f"</span><span>{s.day(p.birth)}</span></div>",
        )
    )
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Dossier | Portail</title>'
        "</head><body><header><nav><a>Accueil</a><a>Agenda</a><a>Messagerie (3)</a></nav>"
        f"<div>Connecté : Dr {escape(d.name)}</div></header><main>{who}<h3>Documents</h3><table><tr>"
        "<th>Date</th><th>Type</th><th>Auteur</th></tr>"
        f"<tr><td>{s.day(s.recent())}</td><td>Biologie</td><td>{escape(s.other.name)}</td></tr>"
        f"<tr><td>{s.day(s.recent())}</td><td>Courrier</td><td>Dr {escape(s.colleague())}</td></tr>"
        "</table></main><footer>© Portail des Essais - Mentions légales - DPO : "
        f"{escape(s.town.professional('juriste').name)}</footer></body></html>"
    ).encode()


# --- a mail with the patient's own below ----------------------------------------------------------


def answered(make: Maker, s: Scene) -> bytes:
    """Return the practice's answer, the patient's mail quoted under it."""
    p, house = s.patient, s.practice
    sign = make.draw.choice((f"{p.first} {p.family}", f"{p.title} {p.family.upper()} {p.first}"))
    body = (
        f"Bonjour,\n\nVoici la réponse du Dr {s.doctor()} : poursuivez le traitement.\n\n"
        f"Cordialement,\n{staff(s)}\nSecrétariat\n{s.phone(house.phone)}\n\n"
        f"Le {s.day(s.recent())} à 10:12, {p.first} {p.family} <{p.email}> a écrit :\n"
        f"> Bonjour docteur,\n> Je suis né{p.e} le {s.day(p.birth)}. Dois-je continuer le traitement ?\n"
        f"> Merci d'avance,\n> {sign}\n> {s.phone(p.mobile)}\n"
    )
    return text.eml(body, subject="RE: question traitement",
                    sender=f'"{house.name}" <{house.email}>', to=p.email)  # fmt: skip


def staff(s: Scene) -> str:
    """Return somebody of the office."""
    return fresher.staff(s, 1)[0]


# --- XML of other vendors -------------------------------------------------------------------------


def fhir(make: Maker, s: Scene) -> bytes:
    """Return a bundle of another vendor: values in attributes, several people by their resources."""
    p = s.patient
    given = "".join(f'<given value="{escape(g)}"/>' for g in p.given)
    doctor = s.practice.people[0]
    gender = "female" if p.sex == 2 else "male"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Bundle xmlns="http://hl7.org/fhir"><type '
        'value="document"/><entry><resource><Patient><identifier><system '
        f'value="urn:oid:1.2.250.1.213.1.4.8"/><value value="{p.nir}{nir_key(p.nir)}"/></identifier>'
        f'<name><use value="official"/><family value="{escape(p.birth_family)}"/>{given}</name>'
        f'<name><use value="usual"/><family value="{escape(p.family)}"/>'
        f'<given value="{escape(p.first)}"/></name>'
        f'<gender value="{gender}"/><birthDate value="{p.birth:%Y-%m-%d}"/></Patient></resource>'
        f'</entry><entry><resource><Practitioner><identifier><value value="{doctor.rpps}"/>'
        f'</identifier><name><text value="Dr {escape(doctor.name)}"/></name></Practitioner>'
        '</resource></entry><entry><resource><Observation><code><text value="Glucose"/></code>'
        '<valueQuantity><value value="0.92"/><unit value="g/L"/></valueQuantity></Observation>'
        "</resource></entry></Bundle>"
    ).encode()


def vendor(make: Maker, s: Scene) -> bytes:
    """Return a document of a vendor who has his own elements."""
    p = s.patient
    born = f"{p.birth:%Y%m%d}" if make.draw.random() < 0.5 else f"{p.birth:%d/%m/%Y}"
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n<Dossier version="2.1">\n<Praticien><Nom>'
        f"{escape(s.doctor())}</Nom><RPPS>{s.practice.people[0].rpps}</RPPS></Praticien>\n"
        f"<Patient><NomUsage>{escape(p.family.upper())}</NomUsage><NomNaissance>"
        f"{escape(p.birth_family.upper())}</NomNaissance><Prenom>{escape(p.first)}</Prenom>"
        f"<DateNaissance>{born}</DateNaissance><NIR>{p.nir}</NIR><CleNIR>{nir_key(p.nir)}</CleNIR>"
        "</Patient>\n<Consultation><Motif>Renouvellement</Motif><Texte>TA 12/7. RAS.</Texte>"
        f"<Date>{TODAY:%Y%m%d}</Date></Consultation></Dossier>"
    ).encode("iso-8859-1", "xmlcharrefreplace")


# --- a record in an archive -----------------------------------------------------------------------


def archive(make: Maker, s: Scene) -> bytes:
    """Return a ZIP of a record: a letter, a result, a picture's title and a note to read first."""
    templates = make.draw.sample(("liaison", "radiology", "mainframe", "transport"), 2)
    members = {
        "LISEZMOI.txt": f"Dossier exporté le {TODAY:%d/%m/%Y} par {s.practice.name}.".encode(),
        f"courriers/{templates[0]}.pdf": make.write("pdf", FRESHER[templates[0]](s), s),
        f"resultats/{templates[1]}.docx": make.write("docx", FRESHER[templates[1]](s), s),
    }
    return text.zip_file(members)


FILES: dict[str, tuple[str, str, Callable[[Maker, Scene], bytes]]] = {
    "combs": ("pdf", "pdf", combs),
    "filled": ("pdf", "pdf", filled),
    "tracking": ("xlsx", "xlsx", tracking),
    "portal": ("html", "html", portal),
    "answered": ("eml", "eml", answered),
    "fhir": ("xml", "xml", fhir),
    "vendor": ("xml", "xml", vendor),
    "archive": ("zip", "zip", archive),
}


# --- what goes wrong in a hurry -------------------------------------------------------------------


def colleagues_lists(make: Maker) -> Iterator[Sample]:
    """Yield a day's list for one of its patients, or for somebody who is not on it."""
    for number in range(8):
        people = [make.town.somebody() for _ in range(12)]
        scene = make.scene(patient=people[4])
        subject = people[4] if number % 2 else make.town.somebody()
        full = number % 4 < 2
        lines = [
            f"{8 + n // 2:02d}:{30 * (n % 2):02d}  {p.title} {spelling.upper_first(p)}"
            + (f"  {p.birth:%d/%m/%Y}" if full else "  consultation")
            for n, p in enumerate(people)
        ]
        head = f"Agenda du Dr {scene.doctor()} - {scene.day(TODAY)}"
        kind = ("pdf", "txt", "xlsx", "docx")[number // 2]
        rows: list[list[sheets.Cell]] = [
            [f"{8 + n}:00", p.family.upper(), p.first, p.birth if full else ""]
            for n, p in enumerate(people)
        ]
        doc = fresher.Doc([fresher.Heading(head), fresher.Text("\n".join(lines))])
        data = {
            "pdf": lambda doc=doc: pdf.write(doc, make.draw),
            "txt": lambda doc=doc: text.txt(doc, make.draw),
            "docx": lambda doc=doc: office.docx(doc, make.draw),
            "xlsx": lambda rows=rows, head=head: sheets.xlsx(
                [sheets.Sheet("Agenda", [[head], ["Heure", "Nom", "Prénom", "DDN"], *rows])]
            ),
        }[kind]()
        yield make.sample(
            kind,
            data,
            what="fresher, list",
            why="a patient of the list" if number % 2 else "not on the list",
            label=Label.MISDIRECTED,
            case=make.case(scene, subject),
            rules=("several-people", "other-person", "not-named"),
            name=f"fresher-list-{number}.{kind}",
        )  # fmt: skip


def only_initials(make: Maker) -> Iterator[Sample]:
    """Yield letters with nothing but initials: somebody has to look, right or not."""
    for kind in ("pdf", "docx", "txt"):
        scene = replace(make.scene(), birth=False)
        p = scene.patient
        short = f"{p.title} {p.family[0].upper()}."
        doc = fresher.Doc(
            [fresher.Text(f"Cher confrère, j'ai revu {short}, {p.age} ans. {short} va mieux."),
             fresher.Text(f"Dr {scene.colleague()}")]
        )  # fmt: skip
        yield make.sample(
            kind,
            make.write(kind, doc, scene),
            what="fresher, only initials",
            why="initials",
            label=Label.ASKS,
            case=make.case(scene),
            rules=("not-named",),
            name=f"fresher-only-initials.{kind}",
        )
