"""Protects what a third hand's layouts taught: each was once missed, or stopped wrongly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from secshare.model import Place, Severity
from secshare.preflight import readers
from secshare.preflight.case import Case, Person
from secshare.preflight.content import Content, Part, Role, Stated
from secshare.preflight.examining import examine
from secshare.preflight.judging import judge
from tests.corpus.writers.sheets import Sheet, xlsx

MAELLE = Person("Maëlle Fictivec", date(1986, 3, 7))
JEANNE = Person("Jeanne Exemple", date(1958, 4, 12))


def judged(said, subject=JEANNE, name="document.txt", **case):
    data = said if isinstance(said, bytes) else said.encode()
    content = readers.read(name, data)
    return judge([examine(name, content, region="FR")], Case(subject=subject, **case))


def stopping(said, subject=JEANNE, name="document.txt", **case):
    found = judged(said, subject, name, **case).findings
    return {f.rule for f in found if f.severity is not Severity.NOTE}


PLAN = (
    "Plan de prise\nNom;{family};Prénom;{given}\nDate de naissance;{born};Édité le;20/11/2026\n\n"
    "Médicament;Matin;Midi;Soir;Coucher\nMETFORMINE 500;1;;1;\nRAMIPRIL 5;1;;;\nDr MODÈLE\n"
)


def test_labels_and_values_side_by_side_are_a_form_and_no_columns():
    own = PLAN.format(family="EXEMPLE", given="Jeanne", born="12/04/1958")
    assert stopping(own, name="plan.csv") == set()
    other = PLAN.format(family="FICTIF", given="Paul", born="01/02/1944")
    assert "other-person" in stopping(other, name="plan.csv")
    assert "several-people" in stopping(own + other, name="plan.csv")


def test_a_form_with_a_gap_in_its_row_names_whom_it_says():
    def sheet(name, born):
        form = ["Patient :", name, "", "Date naissance :", born]
        return Sheet(name, [form, [], ["OD (dB)", "20", "25"]])

    own, other = sheet("EXEMPLE Jeanne", "12/04/1958"), sheet("FICTIF Paul", "01/02/1944")
    assert stopping(xlsx([own]), name="audio.xlsx") == set()
    assert stopping(xlsx([own, other]), name="audio.xlsx") == {"several-people"}


def test_a_row_that_only_names_columns_is_no_form():
    rows = "Nom;Hémoglobine;Date;CRP\n" + "".join(
        f"FICTIF{n} Paul;13,{n};0{n}/11/2026;{n}\n" for n in range(1, 9)
    )
    content = readers.read("export.csv", rows.encode())
    assert content.tables[0].header == ("Nom", "Hémoglobine", "Date", "CRP")


@pytest.mark.parametrize(
    "said",
    [
        "Identification du patient\nFICTIVEC (née LE GOËLAND) Maëlle\n{born}",
        "Patient : FICTIVEC née LE GOËLAND, Maëlle    DDN : {born}",
        "certifie que Madame FICTIVEC née LE GOËLAND MAELLE, née le {born}, est hospitalisée",
        "Patiente : FICTIVEC MAELLE née LE GOËLAND, le {born}  G2P2\nSuites simples.",
        "Madame Maëlle FICTIVEC\n2 rue Verte\n\nNom de jeune fille : LE GOËLAND   Né(e) le {born}",
    ],
)
def test_a_birth_name_may_begin_with_a_particle(said):
    assert stopping(said.format(born="07/03/1986"), MAELLE) == set()
    assert stopping(said.format(born="07/04/1981"), MAELLE) == {"other-birth-date"}
    other = said.replace("FICTIVEC", "EXEMPLE").replace("Maëlle", "Lou").replace("MAELLE", "LOU")
    assert stopping(other.format(born="07/04/1981"), MAELLE)


def both(said, name="document.txt"):
    """Return what stops a page that is somebody's alone, and one with another's page below it."""
    own = said.format(title="Mme", name="Jeanne EXEMPLE", born="12/04/1958", age=68, e="e")
    other = said.format(title="M.", name="Paul FICTIF", born="01/02/1944", age=82, e="")
    return [stopping(text, name=name) for text in (own, own + "\n\n" + other, other + "\n\n" + own)]


APART = [set(), {"several-people"}, {"several-people"}]
"""Nothing for the right page alone, and a stop with somebody else's, whichever comes first."""


@pytest.mark.parametrize(
    "page",
    [
        "Dr Gaëlle MODÈLE\nle 20/11/2026\n{title} {name}\n{age} ans\nAMOXICILLINE 1 g, 6 jours",
        "Bilan psychologique\n{name}, {age} ans (né{e} le {born}), a été reçu{e} trois fois.",
        "Pour : {title} {name}\nDate naiss. : {born}\nSphère -1,25",
        "{name}\nNN : X\nDDN : {born}   M   {age} A\nIPP 80123   IEP 26118\nCH DES DUNES",
        "Dr P. SARGASSE\nRadiologues\n{title} {name}\n2 rue X\n29999 PORT\nDDN : {born}\nIRM",
        "Facturé à :\n{name}\n2 rue X\n29999 PORT\nDate de naissance : {born}\nTotal 30,00",
        "000417\n{name}\n2 rue X\n\n29999  PORT\n{born}\n2611200417\n20/11/2026\nHémoglobine 13.4",
    ],
    ids=["age", "age-birth", "naiss", "sticker", "radiologists", "address", "form"],
)
def test_a_second_persons_page_is_seen_where_it_would_be_alone(page):
    assert both(page) == APART


LETTER = (
    "Cabinet Exemple\nDr Gaëlle MODÈLE\n\n{to}\n2 rue X\n29999 PORT-FICTIF\n"
    "Port-Fictif, le 20 novembre 2026\nObjet : votre rendez-vous\n{dear},\n"
    "Nous vous confirmons votre rendez-vous du 9 décembre 2026 à 14 h 30.\nLe secrétariat\n"
)


def test_two_letters_in_one_file_are_about_two_people():
    own = LETTER.format(to="Madame Jeanne EXEMPLE", dear="Madame")
    other = LETTER.format(to="Monsieur Paul FICTIF", dear="Monsieur")
    assert stopping(own) == set()
    assert stopping(own + own) == set()
    assert stopping(own + other) == stopping(other + own) == {"several-people"}
    doctor = LETTER.format(to="Docteur Paul FICTIF", dear="Cher Confrère")
    assert stopping(own + doctor) == set()
    parents = LETTER.format(to="Aux parents de Lou FICTIF", dear="Chers parents")
    assert stopping(own + parents) == {"several-people"}


def test_one_letter_to_somebody_else_is_about_whom_it_says():
    said = LETTER.format(to="Madame Claire FICTIF", dear="Madame")
    assert stopping(said.replace("votre rendez-vous\n", "Jeanne EXEMPLE, née le 12/04/1958\n")) == (
        set()
    )


@pytest.mark.parametrize("used", ["", "FICTIVEC\t"], ids=["empty", "filled"])
def test_values_below_three_labels_of_a_name_have_a_given_name(used):
    row = "Nom de naissance\tNom marital\tPrénom\tDate de naissance\tSexe\n{}\t{}{}\t12/04/58\tF\n"
    sign = "ABO\tPhénotype\nO Rh positif\tC+\nSignature du biologiste : Dr C. FICTIVON\n"
    own, twin = row.format("EXEMPLE", used, "JEANNE"), row.format("EXEMPLE", used, "PAULETTE")
    assert stopping(own + sign) == set()
    assert stopping(twin + sign)
    other = row.format("FICTIF", used, "PAUL").replace("12/04/58", "01/02/44")
    assert "several-people" in stopping(own + sign + other + sign)


def test_a_given_name_that_ends_like_born_is_read_whole():
    said = "Bénéficiaire Né(e) le Rang\nFICTIF Ousmane 02/08/1970 1 100\n"
    assert stopping(said, Person("Ousmane Fictif", date(1970, 8, 2))) == set()


def test_a_family_name_of_twenty_letters_is_not_a_name_that_was_cut():
    fatima = Person("Fatima-Zohra Bensalem El Fictivari", date(1989, 7, 30))
    said = "Nom : BENSALEM EL FICTIVARI\nPrénom : {}\nNée le : 30/07/1989\nExamen normal."
    assert stopping(said.format("Fatima-Zohra"), fatima) == set()
    assert stopping(said.format("Samira"), fatima)
    cut = "BENSALEM EL FICTIVARI FAT\nNée le : 30/07/1989\nExamen normal."
    assert stopping(cut, fatima) == set()


@pytest.mark.parametrize(
    "said",
    [
        "Assuré FICTIF Claire\nN° 2 60\nBénéficiaire EXEMPLE Jeanne\nNé(e) le {}\nPrescripteur",
        "Patient(e) : Enfant EXEMPLE Jeanne\nNé(e) le : {} (7 ans)\n\nL'enfant EXEMPLE va bien.",
        "Nom de naissance :\tEXEMPLE\nNom d'époux(se) ou d'usage :\nPrénoms :\tJeanne\n"
        "Date de naissance :\t{}\nAdresse : 2 rue X",
    ],
    ids=["beneficiary", "child", "spouse's name"],
)
def test_a_birth_date_right_below_a_name_is_theirs_whatever_stands_above(said):
    assert stopping(said.format("12/04/1958")) == set()
    assert stopping(said.format("11/05/1960")) == {"other-birth-date"}


def test_another_newborn_of_another_mother_is_somebody_else():
    said = (
        "EXAMEN DU NOUVEAU-NÉ\nNom : {}   Prénom : {}   Née le {}/11/2026 à 04:12\n"
        "Mère : {} CLAIRE, née {} le 14/02/1990\nGuthrie fait.\n"
    )
    own = said.format("EXEMPLE", "Lou", "05", "FICTIF", "FICTIF")
    other = said.format("IMAGINÉ", "Zoé", "01", "IMAGINÉ", "IMAGINÉ")
    lou, claire = Person("Lou Exemple", date(2026, 11, 5)), Person("Claire Fictif")
    assert stopping(own, lou, known=(claire,)) == set()
    assert "several-people" in stopping(own + other, lou, known=(claire,))


def test_an_age_below_a_name_in_the_right_column_of_a_page():
    page = (
        "Cabinet Exemple            Port, le 20/11/2026\nDr Gaëlle MODÈLE\n"
        "Médecine générale          {title} {name}\n12 place Verte             {age} ans\n"
        "AMOXICILLINE 1 g"
    )
    assert both(page) == APART


def test_a_name_that_begins_like_a_column_is_a_value():
    rows = [["Nom", "ROUXEL", "Prénom", "Timéo"], ["Date de naissance", "12/03/2018"], []]
    found = judged(xlsx([Sheet("1", rows)]), name="plan.xlsx").findings
    assert "other-person" in {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("name", "severity"),
    [("EXEMPLE Paul", "confirm"), ("FICTIF Paul", "note"), ("INVENTÉ Paul", "block")],
    ids=["the patient's name", "a relative's", "a stranger's"],
)
def test_a_page_in_a_clinical_document_that_is_a_relatives_asks(name, severity):
    inside = Place("cda.xml", page=1, member="document-1.pdf")
    page = f"Patient : M. {name}\nNé le : 01/02/1984\nCompte rendu de consultation"
    people = [
        Stated(Role.PATIENT, ("JEANNE EXEMPLE",), date(1958, 4, 12), certain=True),
        Stated(Role.CONTACT, ("LUC EXEMPLE",), certain=True),
        Stated(Role.CONTACT, ("ANNE FICTIF",), certain=True),
    ]
    people = [replace(one, place=Place("cda.xml")) for one in people]
    content = Content(parts=[Part(inside, page)], people=people, structured=True)
    report = judge([examine("cda.xml", content, region="FR")], Case(subject=JEANNE))
    assert {f.severity for f in report.findings if f.rule == "other-person"} == {severity}


def test_a_teacher_named_above_the_birth_date_is_nobody_it_is_about():
    said = (
        "Classe : CE2 (enseignante : Mme Noémie FICTIF)\nNé le : 12/04/1958\n"
        "Concerne : Jeanne EXEMPLE\nBILAN PSYCHOLOGIQUE"
    )
    assert stopping(said) == set()


def test_the_days_of_a_stay_are_no_birth_date():
    said = (
        "Votre patiente Madame Jeanne EXEMPLE née FICTIF, 68 ans, a été hospitalisée{}"
        "du 29 octobre 2026 au 4 novembre 2026."
    )
    for gap in (" ", " dans notre service\n"):
        assert stopping(said.format(gap)) == set()


def test_a_double_name_in_use_and_a_birth_name_in_capitals_have_a_given_name():
    said = "certifie que Madame EXEMPLE FICTIF née EXEMPLE {}, née le 12/04/1958, est hospitalisée"
    jeanne = Person("Jeanne Exemple Fictif", date(1958, 4, 12))
    assert stopping(said.format("JEANNE"), jeanne) == set()
    assert stopping(said.format("PAULETTE"), jeanne)


@pytest.mark.parametrize(
    "said", ["Identification du patient\nFICTUYEN Thi Kim Sao\n14/02/1990", "FICTUYEN THI KIM SAO"]
)
def test_a_word_that_many_given_names_begin_with_is_none(said):
    hoa = Person("Thi Thanh Hoa Fictuyen", date(1990, 2, 14))
    assert stopping(said, hoa)
    assert stopping(said.replace("Kim Sao", "Thanh Hoa").replace("KIM SAO", "THANH HOA"), hoa) == (
        set()
    )


def test_a_name_above_the_birth_date_in_the_right_column_of_a_page():
    page = (
        "Dr Gaëlle MODÈLE          Identification du patient\n"
        "46 rue du Leurre          {name}\n99560 PORT-FICTIF         né{e} le {born}\n"
        "METFORMINE 500 mg, 3 mois"
    )
    assert both(page) == APART
