"""More templates, of other trades and with other words: what the first ones did not think of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.corpus.document import Columns, Doc, Fields, Heading, Rows, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.corpus.identity import Scene


def glasses(s: Scene) -> Doc:
    p, house = s.patient, s.practice
    right = [f"{house.town.split(' ', 1)[1].capitalize()}, le {s.day(s.recent(9))}", ""]
    right += [f"Pour {p.title} {s.name()}", *([f"({s.day(p.birth)})"] if s.birth else [])]
    return Doc(
        [
            Columns([f"Docteur {house.people[0].name}", "Ophtalmologiste", house.street], right),
            Rows(
                ["", "Sphère", "Cylindre", "Axe", "Addition"],
                [
                    ["OD", "-1,25", "-0,50", "90°", "+2,00"],
                    ["OG", "-1,00", "-0,25", "85°", "+2,00"],
                ],
            ),
            Text("Verres progressifs, monture. Non substituable."),
        ],
        title="Correction",
    )


def physiotherapy(s: Scene) -> Doc:
    p = s.patient
    pairs = [("Nom du patient", p.family.upper()), ("Prénom", p.first)]
    if s.birth:
        pairs.append(("DDN", s.day(p.birth)))
    pairs += [("Prescripteur", s.doctor()), ("Date de prescription", s.day(s.recent()))]
    return Doc(
        [
            Heading("BILAN-DIAGNOSTIC KINÉSITHÉRAPIQUE"),
            Fields(pairs),
            Text("Raideur de l'épaule gauche, EVA 4/10. Vingt séances prévues, deux par semaine."),
            Text(f"{s.colleague()}\nMasseur-kinésithérapeute D.E.\nADELI 997000000"),
        ],
        title="BDK",
    )


def dental_quote(s: Scene) -> Doc:
    p, house = s.patient, s.practice
    pairs = [("Nom et prénom", s.name()), ("N° de sécurité sociale", s.nir())]
    if s.birth:
        pairs.insert(1, ("Date de naissance", s.day(p.birth)))
    return Doc(
        [
            Columns(
                [
                    "Identification du chirurgien-dentiste",
                    house.people[0].name,
                    f"N° RPPS {house.people[0].rpps}",
                    f"N° FINESS {house.finess}",
                ],
                ["Identification du patient", *(f"{a} : {b}" for a, b in pairs)],
            ),
            Heading("Devis pour traitement bucco-dentaire"),
            Rows(
                ["Dent", "Nature de l'acte", "Honoraires", "Base"],
                [["26", "Couronne céramo-métallique HBLD734", "550,00", "120,00"]],
            ),
            Text("Devis valable six mois. Date et signature du patient ou du responsable légal :"),
        ],
        title="Devis",
    )


def stay(s: Scene) -> Doc:
    p, start = s.patient, s.recent(20)
    birth = f" né{p.e} le {s.day(p.birth)}," if s.birth else ""
    return Doc(
        [
            Text(f"{s.other.name}\nBureau des entrées - poste 4512"),
            Heading("BULLETIN DE SITUATION"),
            Text(
                f"Le Directeur certifie que {p.long_title} {s.name()},{birth} demeurant {p.street} "
                f"à {p.town}, est hospitalisé{p.e} dans l'établissement depuis le {s.day(start)} "
                f"et en est sorti{p.e} le {s.day(start + timedelta(days=3))}."
            ),
            Text(
                f"Numéro de séjour (IEP) : {s.draw.randint(100000000, 999999999)}\n"
                f"Pour le Directeur, l'adjointe des cadres Mme {s.colleague()}"
            ),
        ],
        title="Bulletin",
    )


def pathology(s: Scene) -> Doc:
    p = s.patient
    maiden = f" (N. fille : {p.birth_family.upper()})" if p.married else ""
    birth = f" DN {s.day(p.birth)}" if s.birth else ""
    return Doc(
        [
            Text(
                f"Cabinet d'anatomie et cytologie pathologiques\nDrs {s.colleague()}, "
                f"{s.colleague()}, {s.colleague()}"
            ),
            Text(f"N/Réf : 26H{s.draw.randint(10000, 99999)}   V/Réf : {s.doctor()}"),
            Text(f"{s.name()}{maiden}{birth} sexe {p.letter}"),
            Heading("BIOPSIES GASTRIQUES"),
            Text(
                "Macroscopie : 4 fragments. Microscopie : gastrite chronique minime. "
                "Helicobacter pylori : absent. "
                "Conclusion : pas de lésion suspecte. ADICAP BHSGA7A0."
            ),
        ],
        title="ACP",
    )


def pharmacy(s: Scene) -> Doc:
    p = s.patient
    lines = [f"Bénéficiaire : {s.name()}"]
    if s.birth:
        lines.append(f"Né(e) le : {s.day(p.birth)}  Rang : 1")
    lines += [f"Immatriculation : {s.nir()}", "Organisme : 01 991 9999", "Exo : 0"]
    return Doc(
        [
            Text(f"PHARMACIE DU SPÉCIMEN\nFINESS {s.other.finess}\nTél {s.phone(s.other.phone)}"),
            Heading("DUPLICATA DE FACTURE SUBROGATOIRE"),
            Text("\n".join(lines)),
            Text(f"Prescripteur {s.practice.people[0].rpps} {s.doctor()} du {s.day(s.recent())}"),
            Rows(
                ["CIP", "Désignation", "Qté", "PU TTC", "Taux"],
                [
                    ["3400935955838", "DOLIPRANE 1000MG CPR 8", "2", "1,16", "65"],
                    ["3400930000021", "AMOXICILLINE 1G CPR 14", "1", "5,03", "65"],
                ],
            ),
        ],
        title="Facture",
    )


def consent(s: Scene) -> Doc:
    p = s.patient
    birth = f" né(e) le {s.day(p.birth)}" if s.birth else ""
    return Doc(
        [
            Heading("CONSENTEMENT ÉCLAIRÉ"),
            Text(
                f"Je soussigné(e) {p.long_title} {s.name()}{birth}, reconnais avoir été informé(e) "
                f"par le Dr {s.doctor()} des bénéfices et des risques de l'intervention prévue le "
                f"{s.day(s.recent(3) + timedelta(days=20))}, et l'autorise à la pratiquer."
            ),
            Text("Lu et approuvé, signature :"),
        ],
        title="Consentement",
    )


def reminder(s: Scene) -> Doc:
    p = s.patient
    return Doc(
        [
            Text(f"Bonjour {p.first} {p.family},"),
            Text(
                f"Nous vous rappelons votre rendez-vous du "
                f"{s.day(s.recent(1) + timedelta(days=6))} "
                f"à 9h15 avec Dr {s.doctor()}. Adresse : {s.practice.street}, {s.practice.town}. "
                f"Pour annuler : {s.phone(s.practice.phone)}."
            ),
            Text(f"L'équipe de {s.practice.name}"),
        ],
        title="Rappel de rendez-vous",
    )


def tracing(s: Scene) -> Doc:
    p = s.patient
    pairs = [("ID", p.file_number), ("Name", f"{p.family.upper()}, {p.first.upper()}")]
    if s.birth:
        pairs.append(("DOB", f"{p.birth:%d-%b-%Y}" if s.draw.random() < 0.3 else s.day(p.birth)))
    pairs += [
        ("Sex", "Female" if p.sex == 2 else "Male"),
        ("Vent. rate", "72 bpm"),
        ("QT/QTc", "388/424 ms"),
        ("Referred by", s.doctor()),
    ]
    return Doc(
        [Fields(pairs), Text("Normal sinus rhythm. Normal ECG. Unconfirmed report.")], title="ECG"
    )


def disability(s: Scene) -> Doc:
    p = s.patient
    pairs = [
        ("Nom de naissance", p.birth_family),
        ("Nom d'épouse ou d'usage", p.family if p.married else ""),
        ("Prénoms", ", ".join(p.given)),
    ]
    if s.birth:
        pairs.append(("Né(e) le", f"{s.day(p.birth)} à {p.town.split(' ', 1)[1].title()}"))
    pairs += [("Adresse", f"{p.street} {p.town}"), ("N° d'immatriculation", s.nir())]
    return Doc(
        [
            Heading("CERTIFICAT MÉDICAL à joindre à une demande à la MDPH"),
            Text("Confidentiel - à l'attention du médecin de l'équipe pluridisciplinaire"),
            Fields(pairs),
            Text(
                "Pathologie à l'origine du handicap : lombosciatique chronique. "
                "Périmètre de marche : 200 m."
            ),
            Text(f"Praticien : {s.doctor()}   Cachet et signature"),
        ],
        title="Certificat MDPH",
    )


def nursing(s: Scene) -> Doc:
    p = s.patient
    stamp = f"{p.birth:%d/%m/%y}" if s.draw.random() < 0.3 else s.day(p.birth)
    return Doc(
        [
            Text(f"TRANSMISSIONS CIBLÉES   Ch {s.draw.randint(1, 40)}"),
            Text(f"{s.name()} {stamp if s.birth else ''}".strip()),
            Rows(
                ["Date", "Cible", "Données", "IDE"],
                [
                    [s.day(s.recent(4)), "Douleur", "EN 3, paracétamol donné", "Mme L."],
                    [s.day(s.recent(4)), "Plaie", "pansement refait, propre", "M. K."],
                ],
            ),
        ],
        title="Transmissions",
    )


def speech(s: Scene) -> Doc:
    child, parent = s.patient, s.relatives["parent"]
    birth = f", né{child.e} le {s.day(child.birth)}" if s.birth else ""
    return Doc(
        [
            Text(f"{s.colleague()}, orthophoniste\n{s.other.street}, {s.other.town}"),
            Heading("Compte rendu de bilan orthophonique"),
            Text(
                f"Bilan effectué à la demande du Dr {s.doctor()} pour {child.first} "
                f"{child.family.upper()}{birth}, scolarisé{child.e} en CE1. "
                f"{child.first} est venu{child.e} avec {parent.title} {parent.first} "
                f"{parent.family.upper()}, {'sa mère' if parent.sex == 2 else 'son père'}."
            ),
            Text("Niveau de lecture en décalage d'un an. Rééducation : AMO 12.1, trente séances."),
        ],
        title="Bilan",
    )


def school(s: Scene) -> Doc:
    child = s.patient
    birth = f" né{child.e} le {s.day(child.birth)}" if s.birth else ""
    return Doc(
        [
            Text(f"Dr {s.practice.people[0].name}\n{s.practice.street}\n{s.practice.town}"),
            Text(
                f"Je certifie que l'état de santé de l'enfant {child.first} {child.family}{birth} "
                f"a nécessité son maintien à domicile du {s.day(s.recent(9))} au "
                f"{s.day(s.recent(3))} et la présence d'un de ses parents."
            ),
            Text("Pour servir et valoir ce que de droit."),
        ],
        title="Certificat",
    )


def english_referral(s: Scene) -> Doc:
    p = s.patient
    born = f" (d.o.b. {p.birth:%d.%m.%Y})" if s.birth else ""
    return Doc(
        [
            Text(f"{s.practice.name}\n{s.practice.street}, {s.practice.town}, France"),
            Text("To whom it may concern"),
            Text(
                f"This is to certify that {p.first} {p.family}{born} is under my care and may fly. "
                "No contraindication was found."
            ),
            Text(f"Dr {s.practice.people[0].name}, general practitioner"),
        ],
        title="Fit to fly",
    )


FURTHER: dict[str, Callable[[Scene], Doc]] = {
    "glasses": glasses,
    "physiotherapy": physiotherapy,
    "dental quote": dental_quote,
    "stay": stay,
    "pathology": pathology,
    "pharmacy": pharmacy,
    "consent": consent,
    "reminder": reminder,
    "tracing": tracing,
    "disability": disability,
    "nursing": nursing,
    "speech": speech,
    "school": school,
    "fit to fly, English": english_referral,
}
