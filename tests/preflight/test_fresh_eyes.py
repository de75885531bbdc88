"""Protects what a second hand's documents taught: each was once missed, or stopped wrongly."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from secshare.model import Place, Severity
from secshare.preflight import readers
from secshare.preflight.case import Case, Person
from secshare.preflight.content import Content, Part, Role, Stated, Unread, Why
from secshare.preflight.examining import examine
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers import find
from secshare.preflight.judging import judge
from secshare.preflight.readers import html
from secshare.preflight.readers.budget import Budget
from tests.corpus.writers import sheets, text

PATIENT = Person("Gaëlle Spécimel", date(1967, 10, 23))


def read(name, data):
    return examine(name, readers.read(name, data), region="FR")


def judged(said, subject=PATIENT, name="document.txt", **case):
    data = said if isinstance(said, bytes) else said.encode()
    return judge([read(name, data)], Case(subject=subject, **case))


def stopping(report):
    return {f.rule for f in report.findings if f.severity is not Severity.NOTE}


@pytest.mark.parametrize(
    "said",
    [
        "je vois Mme Gaëlle Spécimel (12/03/1956) pour un nævus",
        "rappeler Mme SPÉCIMEL Gaëlle (12/03/56) svp",
        "SPÉCIMEL Gaëlle\n(12/03/1956)\nOD -1,25\nle 12/11/2026",
        "SPÉCIMEL Gaëlle Anne\n(12/03/1956)\nOD -1,25\nle 12/11/2026",
    ],
)
def test_a_birth_date_in_brackets_without_a_label_tells_a_homonym(said):
    assert "other-birth-date" in stopping(judged(said))
    own = said.replace("12/03/1956", "23/10/1967").replace("12/03/56", "23/10/67")
    assert stopping(judged(own)) == set()


def test_the_date_of_a_visit_beside_the_name_is_no_birth_date():
    assert stopping(judged("Mme SPÉCIMEL Gaëlle (12/11/2026) : va bien")) == set()


def test_another_middle_name_is_somebody_else_where_no_birth_date_tells():
    linh = Person("Linh Mouélou Nullepart")
    assert stopping(judged("Ch. 8 MODÉLOU NULLEPART Linh\nPlaie propre", linh)) == {"not-named"}
    for own in ("Ch. 8 NULLEPART Linh\nPlaie propre", "Patient : NULLEPART Linh\nPlaie propre"):
        assert stopping(judged(own, linh)) == set()


def test_a_twin_is_not_the_parent_whose_second_given_name_they_have():
    twin = Person("Frédéric Trucmuche", date(2019, 4, 19))
    said = (
        "Enfant : TRUCMUCHE Mickaël\nNé(e) le 19/04/2019\n"
        "Père : Aurélien Frédéric TRUCMUCHE\nVu ce jour pour une toux, le 03/11/2026"
    )
    assert stopping(judged(said, twin))
    assert stopping(judged(said, Person("Mickaël Trucmuche", date(2019, 4, 19)))) == set()


def test_a_scan_with_a_title_is_a_scan_and_nothing_else():
    place = Place("page.pdf")
    content = Content(
        parts=[
            Part(Place("page.pdf", field="title"), "Compte rendu numérisé", title=True),
            Part(Place("page.pdf", field="metadata"), "Numérisation du cabinet des Essais"),
        ],
        unread=[Unread(Why.SCAN, place)],
    )
    report = judge([examine("page-scannee.pdf", content, region="FR")], Case(subject=PATIENT))
    assert stopping(report) == {"scan"}


@pytest.mark.parametrize(
    ("number", "stopped"),
    [("2 67 10 99 999 012 12", set()), ("1 80 03 99 999 012 89", {"other-number"})],
)
def test_an_attachment_that_is_only_the_subjects_own_number_is_no_stranger(number, stopped):
    mail = text.eml(
        "Patiente : Mme SPÉCIMEL Gaëlle, née le 23/10/1967. Bonjour.",
        subject="Courrier",
        sender="cabinet@cabinet.example",
        to="gaelle@example.org",
        attachments=(("note.txt", f"N° SS {number}".encode()),),
    )
    report = judged(mail, name="courrier.eml")
    assert stopping(report) == stopped


def test_the_comments_of_a_clinical_document_name_nobody():
    place = Place("a.xml", field="comment", hidden=True)
    said = "Patient : du PS\nPatient : Mme Zoé Fictivier"
    for structured in (True, False):
        content = Content(parts=[Part(place, said)], structured=structured)
        assert bool(examine("a.xml", content, region="FR").people) is not structured


def _accounts(count):
    accounts = (
        "FR1299999000010000000123464", "FR5299999000010000000246928",
        "FR9299999000010000000370392", "FR3599999000010000000493856",
    )  # fmt: skip
    return [Part(Place("a.txt"), f"IBAN {one}") for one in accounts[:count]]


def test_the_accounts_of_a_list_are_one_finding_that_counts_them():
    people = [
        Stated(Role.PATIENT, (f"{family} Jeanne",), date(1950 + n, 1, 2), certain=True)
        for n, family in enumerate(("FICTIVIER", "EXEMPLET", "MODÉLOU", "INVENTOU"))
    ]
    content = Content(parts=_accounts(4), people=people)
    facts = examine("a.txt", content, region="FR")
    several = judge([facts], Case(subject=PATIENT)).findings
    assert "several-people" in {f.rule for f in several}
    accounts = [f for f in several if f.rule == "bank-details"]
    found = {f.value for f in facts.found if f.kind is IdentifierKind.IBAN}
    assert len(accounts) == 1
    assert accounts[0].fields == {"count": len(found)}
    for language in ("fr", "en"):
        assert str(len(found)) in accounts[0].sentence(language)


STRANGER = "Patient : FICTIVIER Paul\nNé le 12/03/1980\nN° SS 1 80 03 99 999 012 89"
RELATIVE = "Patient : MODÉLOU Théo\nNé le 12/03/2010"  # who bears the patient's own name asks


@pytest.mark.parametrize(
    ("page", "title", "stops"),
    [(STRANGER, "", True), (STRANGER, "Specimen", False), (RELATIVE, "", False)],
)
def test_a_page_inside_a_clinical_document_stops_where_it_is_a_strangers(page, title, stops):
    inside = Place("a.xml", member="document-1")
    people = [
        Stated(Role.PATIENT, ("Gaëlle SPÉCIMEL",), PATIENT.birth_date, None, Place("a.xml"), True),
        Stated(Role.CONTACT, ("Marc MODÉLOU",), None, None, Place("a.xml"), True),
    ]
    parts = [Part(Place("a.xml", field="text"), "Gaëlle SPÉCIMEL"), Part(inside, page)]
    if title:
        parts.append(Part(Place("a.xml", member="document-1", field="title"), title, title=True))
    content = Content(parts=parts, people=people, structured=True)
    report = judge([examine("a.xml", content, region="FR")], Case(subject=PATIENT))
    assert bool(stopping(report)) is stops


def numbers(said):
    return [m.value for m in find(said, region="FR") if m.kind is IdentifierKind.NIR]


def test_thirteen_digits_in_a_sentence_are_no_number_without_a_key_or_a_word():
    number = "2671099999012"
    assert numbers(f"le colis {number} est parti hier de chez nous") == []
    for said in (
        f"le NIR {number} est le sien",
        f"Mme Spécimel, 23/10/1967, {number} vue ce jour",
        f"SPÉCIMEL\tGaëlle\t{number}\tF",
        f"bonjour\n{number}\nmerci",
        f"{number} Spécimel Gaëlle.pdf",
        "le 2 67 10 99 999 012 de la liste",
        f"le colis {number}12 est parti",
    ):
        assert numbers(said) == [number], said


AGENDA = "\n".join(
    f"{8 + n:02d}:30  {title} {name}  {end}"
    for n, (title, name, end) in enumerate(
        [
            ("Mme", "SPÉCIMEL Gaëlle", "consultation"),
            ("M.", "FICTIVIER Paul", "consultation"),
            ("Mme", "EXEMPLET Zoé", "contrôle"),
            ("M.", "MODÉLOU Karim", "vaccin"),
        ]
    )
)


def test_an_agenda_goes_to_none_of_its_patients():
    assert "several-people" in stopping(judged(AGENDA))
    dated = AGENDA.replace("08:30  ", "").replace("consultation", "12/03/1980")
    assert "several-people" in stopping(judged(f"Agenda\n{dated}"))


def test_the_staff_of_a_day_are_nobodys_patients():
    carers = "\n".join(f"{line} (IDE)" for line in AGENDA.split("\n")[1:])
    said = f"Résident : Mme SPÉCIMEL Gaëlle\nNée le 23/10/1967\n\n{carers}\n20:00  Mme X (AS)"
    assert stopping(judged(said)) == set()


def test_a_childs_father_after_fils_de_is_no_patient():
    said = "Carnet de vaccination\nSPÉCIMEL Gaëlle\n23/10/1967\nFille de Marc SPÉCIMEL"
    assert stopping(judged(said, Person("Gaëlle Spécimel"))) == set()


def test_a_number_below_the_staff_of_a_ward_is_not_theirs():
    said = (
        "Cadre de santé : Mme Zoé EXEMPLET   M. Karim MODÉLOU\nDocteur Paul FICTIVIER\n"
        "INS : 2 67 10 99 999 012 12\n\nVotre patiente Mme Gaëlle SPÉCIMEL, née le 23/10/1967"
    )
    assert stopping(judged(said)) == set()
    assert stopping(judged(said.replace("2 67 10 99 999 012 12", "1 80 03 99 999 012 89")))


@pytest.mark.parametrize(
    "said",
    [
        "Nom de naissance ...... Spécimel\nPrénoms ...... Gaëlle",
        "Nom / Surname : SPÉCIMEL\nPrénom(s) / Given name(s) : Gaëlle",
        "Nom de naissance : FICTIVIER\nNom d'époux(se) ou d'usage : SPÉCIMEL\nPrénoms : Gaëlle",
        "Nom : FICTIVIER\nPrénom : Gaëlle\nPrénom : Anne\nNom : SPÉCIMEL\nPrénom : Gaëlle",
    ],
)
def test_the_fields_of_one_person_are_one_person(said):
    assert stopping(judged(said, Person("Gaëlle Spécimel"))) == set()
    assert stopping(judged(said, Person("Gaëlle Modélou")))


def test_fields_that_a_style_sheet_draws_apart_are_read_apart():
    content = Content()
    page = "<p><span>Nom</span><span>SPÉCIMEL</span><span>Prénom</span><span>Ga</span><b>ëlle</b>"
    html.read(page.encode(), Place("a.html"), Budget(), content)
    assert content.parts[0].text == "Nom SPÉCIMEL Prénom Gaëlle"


@pytest.mark.parametrize(
    "head",
    [
        [["Nom", "SPÉCIMEL"], ["Prénom", "Gaëlle"], ["DDN", date(1967, 10, 23)]],
        [["Mme Gaëlle Spécimel", "", "née le 23/10/1967"]],
    ],
)
def test_a_sheet_of_one_persons_measures_is_no_list_of_people(head):
    rows = [["SUIVI INR"], *head, [""], ["Date", "INR", "Dose"]]
    rows += [[date(2026, 1 + n % 10, 1 + n), 2.0 + n / 10, 4] for n in range(14)]
    data = sheets.xlsx([sheets.Sheet("Suivi", rows)])
    assert BytesIO(data).read(2) == b"PK"
    assert stopping(judged(data, name="suivi.xlsx")) == set()
    assert stopping(judged(data, Person("Paul Fictivier", date(1980, 3, 12)), name="suivi.xlsx"))


def test_a_name_cut_short_keeps_three_letters_of_its_last_word():
    twin = Person("Ambroise Exemplet-Fictivier", date(2013, 12, 14))
    said = (
        "Concerne : Zoé EXEMPLET-FICTIVIER\nNée le 14/12/2013\n"
        "reçue avec Mme Exemplet-Fictivier à la demande de l'école le 12/11/2026"
    )
    assert stopping(judged(said, twin))


def test_two_family_names_after_nom_du_patient_are_nobodys_whole_name():
    twin = Person("Joël Modélou Nullepart", date(2005, 8, 9))
    said = "Nom du patient : MODÉLOU NULLEPART\nPrénom : Gaëlle\nDate de naissance : 09/08/2005"
    assert stopping(judged(said, twin))
    assert stopping(judged(said, Person("Gaëlle Modélou Nullepart", date(2005, 8, 9)))) == set()


def test_a_document_of_somebody_on_record_says_so_in_both_languages():
    said = "Patient : FICTIVIER Paul\nNé le 12/03/1980"
    known = (Person("Paul Fictivier", date(1980, 3, 12)),)
    told = [f for f in judged(said, known=known).findings if f.rule == "other-person"]
    assert told
    for language in ("fr", "en"):
        assert "FICTIVIER" in told[0].sentence(language).upper()
