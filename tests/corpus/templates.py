"""What practices, laboratories and hospitals send: one function a document, in French."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.corpus import identity, spelling
from tests.corpus.document import Break, Columns, Doc, Fields, Heading, Rows, Text
from tests.corpus.identity import Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.corpus.people import House


def letterhead(s: Scene, house: House) -> list[str]:
    """Return the top of a page: who sends, with every number such a place has."""
    first = house.people[0]
    out = [house.name.upper(), f"Dr {first.name} - {first.speciality}"]
    if s.draw.random() < 0.6:
        out.append(f"N° RPPS : {first.rpps}")
    if len(house.people) > 1 and s.draw.random() < 0.5:
        second = house.people[1]
        out.append(f"Dr {second.name} - {second.speciality} RPPS {second.rpps}")
    out += [house.street, house.town, f"Tél. {s.phone(house.phone)}"]
    if s.draw.random() < 0.5:
        out.append(f"Fax : {s.phone(house.fax)}")
    if s.draw.random() < 0.6:
        out.append(f"FINESS {house.finess}")
    if s.draw.random() < 0.5:
        out.append(house.email)
    return out


def top(s: Scene, house: House) -> list:
    """Return letterhead and patient, side by side or one above the other."""
    if s.draw.random() < 0.4:
        return [Columns(letterhead(s, house), identity.lines(s))]
    return [Text("\n".join(letterhead(s, house))), *identity.block(s)]


def laboratory(s: Scene) -> Doc:
    taken, lab = s.recent(), s.other
    values = [
        ("Hémoglobine", "13,4 g/dL", "12,0 - 16,0"),
        ("Leucocytes", "6,2 G/L", "4,0 - 10,0"),
        ("Plaquettes", "245 G/L", "150 - 400"),
        ("Glycémie à jeun", "0,92 g/L", "0,74 - 1,06"),
        ("Créatinine", "78 µmol/L", "49 - 90"),
        ("TSH", "2,14 mUI/L", "0,27 - 4,20"),
        ("CRP", "< 3 mg/L", "< 5"),
        ("Ferritine", "112 µg/L", "15 - 150"),
        ("HbA1c", "5,6 %", "4,0 - 6,0"),
        ("LDL-cholestérol", "1,21 g/L", ""),
    ]
    rows = [
        [what, value, norm, s.day(taken - timedelta(days=200)) if s.draw.random() < 0.3 else ""]
        for what, value, norm in s.draw.sample(values, s.draw.randint(4, 9))
    ]
    blocks = [
        *top(s, lab),
        Text(
            f"Prescripteur : Dr {s.doctor()}\n"
            f"Prélevé le {s.day(taken)} à 08h{s.draw.randint(10, 59)}"
            f"   Enregistré le {s.day(taken)}   Édité le {s.day(taken + timedelta(days=1))}"
        ),
        Heading(
            s.draw.choice(
                (
                    "COMPTE RENDU D'ANALYSES",
                    "Résultats d'examens biologiques",
                    "HÉMATOLOGIE - BIOCHIMIE",
                )
            )
        ),
        Rows(["Analyse", "Résultat", "Valeurs de référence", "Antériorité"], rows),
        Text(f"Validé par : Dr {s.colleague()}, biologiste médical"),
    ]
    doc = Doc(blocks, title="Compte rendu d'analyses")
    doc.footer = f"{lab.name} - FINESS {lab.finess} - SIRET {lab.siret} - Tél {s.phone(lab.phone)}"
    if s.draw.random() < 0.4:
        doc.running = f"{s.name()} - Dossier {s.patient.file_number} - page 1/1"
    return doc


def imaging(s: Scene) -> Doc:
    p = s.patient
    exam = s.draw.choice(
        (
            "Échographie abdominale",
            "Scanner thoracique",
            "IRM du genou droit",
            "Radiographie du thorax de face",
            "Mammographie bilatérale",
        )
    )
    return Doc(
        [
            *top(s, s.other),
            Heading(f"{exam} du {s.day(s.recent())}".upper() if s.draw.random() < 0.5 else exam),
            Text(f"Médecin demandeur : Dr {s.doctor()}"),
            Text(
                f"Indication : douleurs chez {'une patiente' if p.sex == 2 else 'un patient'} de "
                f"{p.age} ans. Antécédent de chirurgie en {max(p.birth.year + 1, 2015)}."
            ),
            Text("Technique : acquisition sans injection. DLP 312 mGy.cm."),
            Text("Résultat : pas d'anomalie focale. Pas d'épanchement. Signe de Murphy absent."),
            Text("Conclusion : examen sans particularité, classé ACR 1."),
            Text(f"Dr {s.colleague()}\nRadiologue"),
        ],
        title=exam,
    )


def operative(s: Scene) -> Doc:
    p, when = s.patient, s.recent()
    return Doc(
        [
            *top(s, s.other),
            Heading("COMPTE RENDU OPÉRATOIRE"),
            Fields(
                [
                    ("Date d'intervention", s.day(when)),
                    ("Opérateur", f"Dr {s.colleague()}"),
                    ("Aide", f"Dr {s.colleague()}"),
                    ("Anesthésiste", f"Mme le Dr {s.colleague()}"),
                    ("Intervention", "Cholécystectomie par cœlioscopie (HMFC004)"),
                ]
            ),
            Text(
                f"{p.long_title} {p.family.upper()} a été installé{p.e} en décubitus dorsal. Open "
                "cœlioscopie, quatre trocarts. Dissection du triangle de Calot, clips, exérèse. "
                "Hémostase soigneuse. Fermeture plan par plan."
            ),
            Text(f"Copie : Dr {s.doctor()} (médecin traitant)"),
        ],
        title="Compte rendu opératoire",
    )


def discharge(s: Scene) -> Doc:
    p, out_day = s.patient, s.recent()
    relative = s.relatives.get("contact")
    contact = (
        [
            Fields(
                [
                    (
                        "Personne à prévenir",
                        f"{relative.title} {relative.first} "
                        f"{relative.family.upper()} ({s.phone(relative.mobile)})",
                    )
                ]
            )
        ]
        if relative
        else []
    )
    return Doc(
        [
            *top(s, s.other),
            Heading(
                s.draw.choice(("LETTRE DE LIAISON À LA SORTIE", "Compte rendu d'hospitalisation"))
            ),
            *contact,
            Text(
                f"Votre patient{p.e}, {p.title} {s.name()}, a été hospitalisé{p.e} dans le service "
                f"du {s.day(out_day - timedelta(days=5))} au {s.day(out_day)} pour pneumopathie."
            ),
            Text(
                f"Antécédents : HTA, diabète de type 2. Père décédé d'un infarctus à 62 ans. "
                f"Vit avec {'son mari' if p.sex == 2 else 'son épouse'}, deux enfants."
            ),
            Text("Traitement de sortie : amoxicilline 1 g x 3/j pendant 5 jours, paracétamol."),
            Text(f"Médecin traitant : Dr {s.doctor()}, tél. {s.phone(s.practice.phone)}"),
            Text(
                f"Bien confraternellement,\nDr {s.colleague()}\n"
                f"Chef de service : Pr {s.colleague()}"
            ),
        ],
        title="Lettre de liaison",
    )


def prescription(s: Scene) -> Doc:
    p = s.patient
    return Doc(
        [
            *top(s, s.practice),
            Text(f"{s.practice.town.split(' ', 1)[1].title()}, le {s.day(s.recent(5))}"),
            Heading("ORDONNANCE"),
            Text(f"{p.title} {s.name()}, {p.age} ans, {s.draw.randint(48, 95)} kg"),
            Text(
                "PARACÉTAMOL 1 g : 1 comprimé 3 fois par jour si douleur, 5 jours\n"
                "AMLODIPINE 5 mg : 1 gélule le matin, 3 mois\nQSP 3 mois, à renouveler 2 fois"
            ),
            Text(
                f"Dr {s.practice.people[0].name}\nRPPS {s.practice.people[0].rpps}"
                f"   AM {s.practice.finess}"
            ),
        ],
        title="Ordonnance",
        footer="Membre d'une association agréée, le règlement par chèque est accepté",
    )


def bizone(s: Scene) -> Doc:
    p = s.patient
    who = f"{p.title} {s.name()} né{p.e} le {s.day(p.birth)}"
    return Doc(
        [
            Columns(letterhead(s, s.practice), [who, s.nir(), f"le {s.day(s.recent(3))}"]),
            Heading("Ordonnance bizone"),
            Text(
                "Prescriptions relatives au traitement de l'affection de longue durée reconnue "
                "(liste ou hors liste)\n(AFFECTION EXONÉRANTE)"
            ),
            Text(f"{s.name()}\nMETFORMINE 1000 mg 2 par jour\nRAMIPRIL 5 mg 1 par jour"),
            Text(
                "Prescriptions SANS RAPPORT avec l'affection de longue durée\n"
                "(MALADIES INTERCURRENTES)"
            ),
            Text("PARACÉTAMOL 500 mg si besoin"),
            Text(
                f"Identification du prescripteur : {s.practice.people[0].name}, "
                f"{s.practice.people[0].rpps}\nFINESS {s.practice.finess}"
            ),
        ],
        title="Ordonnance bizone",
    )


def certificate(s: Scene) -> Doc:
    p = s.patient
    birth = f", né{p.e} le {s.day(p.birth)}" if s.birth else ""
    return Doc(
        [
            Text("\n".join(letterhead(s, s.practice))),
            Heading(s.draw.choice(("CERTIFICAT MÉDICAL", "Certificat de non contre-indication"))),
            Text(
                f"Je soussigné, Docteur {s.practice.people[0].name}, certifie avoir examiné ce "
                f"jour {p.title} {s.name()}{birth}, et n'avoir constaté aucune contre-indication "
                "apparente à la pratique de la natation."
            ),
            Text(
                "Certificat remis en main propre à l'intéressé pour faire valoir ce que de droit."
            ),
            Text(f"Fait le {s.day(s.recent(5))}"),
        ],
        title="Certificat",
    )


def colleague_letter(s: Scene) -> Doc:
    p = s.patient
    birth = f", né{p.e} le {s.day(p.birth)}" if s.birth else f", {p.age} ans"
    companion = s.relatives.get("spouse")
    with_whom = (
        f" {'Elle' if p.sex == 2 else 'Il'} vient accompagné{p.e} de "
        f"{'son époux' if p.sex == 2 else 'son épouse'}, {companion.title} {companion.first} "
        f"{companion.family.upper()}."
        if companion
        else ""
    )
    return Doc(
        [
            Columns(
                letterhead(s, s.practice),
                [f"Dr {s.colleague()}", s.other.name, s.other.street, s.other.town],
            ),
            Text(f"Le {s.day(s.recent(10))}"),
            Text("Cher confrère," if s.draw.random() < 0.5 else "Chère consœur, cher confrère,"),
            Text(
                f"Je vous adresse {p.title} {s.name()}{identity.married(s, p)}{birth}, pour avis "
                f"spécialisé.{with_whom}"
            ),
            Text(
                "L'examen retrouve une tension à 14/8, un souffle systolique au foyer aortique. "
                "Le bilan du mois dernier est joint. Vous remerciant de votre avis."
            ),
            Text(f"Bien confraternellement,\nDr {s.practice.people[0].name}"),
        ],
        title="Courrier",
    )


def patient_letter(s: Scene) -> Doc:
    p = s.patient
    dear = "Chère Madame" if p.sex == 2 else "Cher Monsieur"
    return Doc(
        [
            Columns(
                letterhead(s, s.practice),
                [f"{p.long_title} {p.first} {p.family.upper()}", p.street, p.town],
            ),
            Text(f"Objet : vos résultats{' - dossier ' + p.file_number if s.number else ''}"),
            Text(f"{dear},"),
            Text(
                f"J'ai bien reçu le résultat de votre prise de sang du {s.day(s.recent())}. "
                "Tout est "
                "rassurant, hormis un taux de fer un peu bas. Nous en reparlerons lors de votre "
                "prochain rendez-vous. Vous pouvez joindre le secrétariat au "
                f"{s.phone(s.practice.phone)}."
            ),
            Text(f"Dr {s.practice.people[0].name}"),
        ],
        title="Courrier au patient",
    )


def appointment(s: Scene) -> Doc:
    p, when = s.patient, s.recent(5) + timedelta(days=30)
    return Doc(
        [
            *top(s, s.practice),
            Heading("Convocation"),
            Text(
                f"{p.long_title}, vous êtes attendu{p.e} le {s.day(when)} à 14h30 pour une "
                f"consultation avec le Dr {s.doctor()}. Munissez-vous de votre carte Vitale, de "
                "votre carte de mutuelle et de votre dernier bilan."
            ),
            Text(
                f"En cas d'empêchement, prévenir le {s.phone(s.practice.phone)} ou "
                f"{s.practice.email}."
            ),
        ],
        title="Convocation",
    )


def invoice(s: Scene) -> Doc:
    p = s.patient
    house = s.practice
    return Doc(
        [
            *top(s, house),
            Heading(f"FACTURE / NOTE D'HONORAIRES n° {s.draw.randint(1000, 9999)}"),
            Rows(
                ["Date", "Acte", "Montant"],
                [
                    [s.day(s.recent()), act, amount]
                    for act, amount in (("CS", "31,50 €"), ("DEQP003", "14,26 €"))
                ],
            ),
            Text(f"Total à régler : 45,76 €. SIRET {house.siret}"),
            Text(
                f"Règlement par virement à l'ordre de {house.name} :\n"
                + (
                    f"IBAN {spelling.account(s.draw, house.iban)}   BIC EXEMFRPPXXX"
                    if s.draw.random() < 0.6
                    else f"RIB : {spelling.rib(s.draw, house.iban)}"
                )
            ),
            Text(f"Acquittée le {s.day(s.recent())} par {p.title} {p.family.upper()}"),
        ],
        title="Facture",
    )


def reimbursement(s: Scene) -> Doc:
    p = s.patient
    return Doc(
        [
            *top(s, s.practice),
            Heading("Demande de remboursement"),
            Fields(
                [
                    ("Titulaire du compte", f"{p.title} {p.first} {p.family.upper()}"),
                    ("IBAN", spelling.account(s.draw, p.iban)),
                    ("BIC", "EXEMFRPPXXX"),
                    ("Montant", "112,00 €"),
                ]
            ),
            Text(f"Téléphone : {s.phone(p.mobile)}   Courriel : {p.email}"),
        ],
        title="Demande de remboursement",
    )


def care_sheet_child(s: Scene) -> Doc:
    child, parent = s.patient, s.relatives["parent"]
    return Doc(
        [
            Heading("FEUILLE DE SOINS - MÉDECIN"),
            Text("PERSONNE RECEVANT LES SOINS"),
            Fields(
                [
                    ("Nom et prénom", f"{child.family.upper()} {child.first}"),
                    ("Date de naissance", s.day(child.birth)),
                ]
            ),
            Text("ASSURÉ(E) (à remplir si la personne recevant les soins n'est pas l'assuré(e))"),
            Fields(
                [
                    ("Nom et prénom", f"{parent.family.upper()} {parent.first}"),
                    (
                        s.draw.choice(
                            ("N° d'immatriculation de l'assuré(e)", "N° d'immatriculation")
                        ),
                        s.nir(parent),
                    ),
                    ("Adresse", f"{parent.street}, {parent.town}"),
                ]
            ),
            Rows(
                ["Date", "Code acte", "Honoraires"], [[s.day(s.recent()), "MEG 0-6 ans", "31,50"]]
            ),
            Text(
                f"Identification du médecin : {s.practice.people[0].name} "
                f"{s.practice.people[0].rpps} {s.practice.finess}"
            ),
        ],
        title="Feuille de soins",
    )


def child_report(s: Scene) -> Doc:
    child, parent = s.patient, s.relatives["parent"]
    mother = "Mère" if parent.sex == 2 else "Père"
    return Doc(
        [
            Text("\n".join(letterhead(s, s.practice))),
            Fields(
                [
                    ("Enfant", f"{child.family.upper()} {child.first}"),
                    ("Né(e) le", s.day(child.birth)),
                    ("N° SS (assuré)", s.nir(parent)),
                    (mother, f"{parent.first} {parent.family.upper()}, {s.phone(parent.mobile)}"),
                ]
            ),
            Heading("Consultation de pédiatrie"),
            Text(
                f"{child.first} est vu{child.e} ce jour pour une toux fébrile. Poids "
                f"{s.draw.randint(9, 40)} kg. Auscultation libre. Vaccins à jour."
            ),
            Text(f"Dr {s.practice.people[0].name}"),
        ],
        title="Consultation",
    )


def parent_letter(s: Scene) -> Doc:
    child, parent = s.patient, s.relatives["parent"]
    son = "fille" if child.sex == 2 else "fils"
    birth = f", né{child.e} le {s.day(child.birth)}" if s.birth else ""
    return Doc(
        [
            Columns(
                letterhead(s, s.practice),
                [
                    f"{parent.long_title} {parent.first} {parent.family.upper()}",
                    parent.street,
                    parent.town,
                ],
            ),
            Text(f"Concerne votre {son} {s.name()}{birth}"),
            Text(
                f"{parent.long_title}, le bilan orthophonique de {child.first} est terminé. "
                "Je vous propose d'en parler à votre prochaine visite."
            ),
            Text(f"Dr {s.practice.people[0].name}"),
        ],
        title="Courrier aux parents",
    )


def maternity(s: Scene) -> Doc:
    mother = s.relatives["mother"]
    babies = [s.relatives[key] for key in ("baby", "twin") if key in s.relatives]
    newborn = "\n".join(
        f"{'Nouveau-né' if len(babies) == 1 else 'Jumeau ' + str(number)} : "
        f"{baby.family.upper()} {baby.first}, sexe {baby.letter}, né{baby.e} le "
        f"{s.day(baby.birth)} "
        f"à {s.draw.randint(10, 23)}h{s.draw.randint(10, 59)}, "
        f"{s.draw.randint(2400, 3900)} g, Apgar 10"
        for number, baby in enumerate(babies, start=1)
    )
    return Doc(
        [
            Text("\n".join(letterhead(s, s.other))),
            Heading("COMPTE RENDU D'ACCOUCHEMENT"),
            Text(
                f"Patiente : Mme {mother.family.upper()} {mother.first}"
                f"{identity.married(s, mother)}, née le {s.day(mother.birth)}\n"
                f"N° de sécurité sociale : {s.nir(mother)}"
            ),
            Text(
                "Grossesse de déroulement normal, G2P1. Accouchement par voie basse à 39 SA + 3 j."
            ),
            Text(newborn),
            Text(f"Sage-femme : Mme {s.colleague()}\nMédecin traitant : Dr {s.doctor()}"),
        ],
        title="Compte rendu d'accouchement",
    )


def emergency_sheet(s: Scene) -> Doc:
    p, contact = s.patient, s.relatives["contact"]
    return Doc(
        [
            *top(s, s.practice),
            Heading("FICHE DE LIAISON D'URGENCE"),
            Fields(
                [
                    (
                        "Personne à prévenir en cas d'urgence",
                        f"{contact.title} {contact.first} {contact.family.upper()}",
                    ),
                    ("Lien", s.draw.choice(("conjoint", "fils", "fille", "voisin", "sœur"))),
                    ("Téléphone", s.phone(contact.mobile)),
                    ("Personne de confiance", f"{contact.family.upper()} {contact.first}"),
                    ("Médecin traitant", f"Dr {s.doctor()}"),
                ]
            ),
            Text(
                f"Allergies : aucune connue. Autonomie : GIR {s.draw.randint(2, 6)}. "
                f"{p.long_title} {p.family.upper()} marche seul{p.e}."
            ),
        ],
        title="Fiche de liaison",
    )


def guardianship(s: Scene) -> Doc:
    p, guardian = s.patient, s.relatives["guardian"]
    return Doc(
        [
            Columns(
                letterhead(s, s.practice),
                [
                    f"{guardian.title} {guardian.first} {guardian.family.upper()}",
                    "Mandataire judiciaire à la protection des majeurs",
                    guardian.street,
                    guardian.town,
                ],
            ),
            Text(
                f"Concerne : {p.title} {s.name()}, né{p.e} le {s.day(p.birth)}, majeur protégé"
                + (f", n° {s.nir()}" if s.number else "")
            ),
            Text(
                f"{guardian.long_title}, je vous prie de trouver le compte rendu de la visite du "
                f"{s.day(s.recent())} de la personne dont vous êtes tuteur. État stable."
            ),
            Text(f"Dr {s.practice.people[0].name}"),
        ],
        title="Compte rendu de visite",
    )


def vaccination(s: Scene) -> Doc:
    p = s.patient
    return Doc(
        [
            *top(s, s.practice),
            Heading("Relevé de vaccinations"),
            Rows(
                ["Vaccin", "Date", "Lot", "Vaccinateur"],
                [
                    [v, s.day(s.recent(900)), f"X{s.draw.randint(1000, 9999)}", f"Dr {s.doctor()}"]
                    for v in ("DTP (Repevax)", "Grippe", "ROR", "Hépatite B")
                ],
            ),
            Text(f"Relevé établi à la demande de {p.title} {p.first} {p.family.upper()}."),
        ],
        title="Vaccinations",
    )


def sick_leave(s: Scene) -> Doc:
    p, start = s.patient, s.recent(10)
    return Doc(
        [
            Heading("AVIS D'ARRÊT DE TRAVAIL"),
            Text("l'assuré(e)"),
            Fields(
                [
                    ("Numéro d'immatriculation", s.nir()),
                    (
                        "Nom et prénom",
                        f"{p.birth_family.upper()} {p.first}"
                        + (f" (nom d'usage : {p.family.upper()})" if p.married else ""),
                    ),
                    ("Date de naissance", s.day(p.birth)),
                    ("Adresse", f"{p.street} {p.town}"),
                ]
            ),
            Text(
                f"prescrit un arrêt de travail du {s.day(start)} jusqu'au "
                f"{s.day(start + timedelta(days=7))} inclus. Sorties autorisées."
            ),
            Text(
                f"Identification du praticien : {s.practice.people[0].name}\n"
                f"{s.practice.people[0].rpps}   Structure : {s.practice.finess}"
            ),
            Text("Volet 1 à adresser au service médical"),
            Break(),
            Text(f"Volet 3 - employeur. {p.title} {s.name()}"),
        ],
        title="Arrêt de travail",
    )


def long_record(s: Scene) -> Doc:
    p = s.patient
    blocks: list = [*top(s, s.practice), Heading("Dossier médical - synthèse")]
    blocks += [
        Text(
            f"{s.day(s.recent(1500))} - Dr {s.doctor()} : consultation de suivi. TA 13/7. "
            f"Poids {s.draw.randint(50, 90)} kg. Ordonnance renouvelée."
        )
        for _ in range(s.draw.randint(6, 14))
    ]
    blocks.append(Break())
    blocks.append(Text(f"Fin du dossier de {p.title} {p.family.upper()} {p.first}"))
    return Doc(blocks, title="Dossier", running=f"{p.family.upper()} {p.first} {s.day(p.birth)}")


TEMPLATES: dict[str, Callable[[Scene], Doc]] = {
    "laboratory": laboratory,
    "imaging": imaging,
    "operative": operative,
    "discharge": discharge,
    "prescription": prescription,
    "bizone": bizone,
    "certificate": certificate,
    "colleague letter": colleague_letter,
    "patient letter": patient_letter,
    "appointment": appointment,
    "invoice": invoice,
    "reimbursement": reimbursement,
    "emergency sheet": emergency_sheet,
    "guardianship": guardianship,
    "vaccination": vaccination,
    "sick leave": sick_leave,
    "record": long_record,
    "care sheet of a child": care_sheet_child,
    "child": child_report,
    "letter to a parent": parent_letter,
    "maternity": maternity,
}
