"""A document about somebody else stops; a right one passes, with all who may stand in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from secshare.messages import Language
from secshare.model import Kind, Place, Severity
from secshare.preflight.case import Case, Own, Person
from secshare.preflight.content import Content, Part, Role, Stated, Unread, Why
from secshare.preflight.examining import examine
from secshare.preflight.facts import Export, Facts
from secshare.preflight.judging import judge
from secshare.preflight.report import Report

CAMILLE = Person("Camille Exemple", date(1980, 3, 12))
LEO = Person("Léo Exemple", date(2018, 11, 2))
HERS = "280039999900110"  # of a commune 99, which is abroad, and an order of 001
OTHERS = "262079999900230"
HEADER = "Nom : EXEMPLE\nPrénom : Camille\nNé(e) le : 12/03/1980\n"


def facts(text: str, file: str = "lettre.txt") -> Facts:
    return examine(file, Content(parts=[Part(Place(file), text)]), region="FR")


def told(text: str, case: Case | None = None) -> dict[str, Severity]:
    report = judge([facts(text)], case or Case(CAMILLE))
    return {
        finding.rule: finding.severity
        for finding in report.findings
        if finding.rule not in {"mssante-kind", "number-key"}
    }


def test_a_document_with_the_subjects_name_date_and_number_passes() -> None:
    assert told(HEADER + f"N° SS : {HERS}") == {}


def test_a_document_about_somebody_else_stops_and_says_about_whom() -> None:
    report = judge([facts("Nom : DURAND\nPrénom : Paul\nNé le : 03/04/1950")], Case(CAMILLE))
    assert report.verdict is Severity.BLOCK
    first = report.findings[0]
    assert first.rule == "other-person"
    assert (
        first.sentence(Language.FR) == "Le document concerne DURAND Paul, et non Camille Exemple."
    )


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Patient : EXEMPLE Paul, né le 12/03/1980", "other-person"),  # a twin
        ("Patient : EXEMPLE Paul\nMère : Camille EXEMPLE", "other-person"),
        ("Patient : EXEMPLE Camille, né le 01/02/1950", "other-birth-date"),  # a namesake
        ("Patient : EXEMPLE Léo né le 02/11/2018\nPersonne à prévenir : Camille EXEMPLE",
         "other-person"),
        ("Ordonnance\nDr Camille EXEMPLE\nParacétamol 1 g", "not-named"),
        ("Conseils pour bien dormir : se coucher tôt.", "not-named"),
        ("Patient : EXEMPLER Camille", "other-person"),
        ("Résultats de la personne née le 12/03/1980 : normaux.", "name-absent"),
        (HEADER + f"N° SS : {OTHERS}", "other-number"),
        ("Mme EXEMPLE, chère Madame, voici vos résultats.", "not-named"),
    ],
)  # fmt: skip
def test_what_is_not_surely_the_subjects_stops(text: str, rule: str) -> None:
    severities = told(text)
    assert rule in severities
    assert severities[rule] is not Severity.NOTE


@pytest.mark.parametrize(
    "text",
    [
        "Dr Noël BIDULE\nCher confrère, je vous adresse Mme Camille EXEMPLE, née le 12/03/1980, "
        "accompagnée de son époux M. Paul EXEMPLE.",
        HEADER + "Personne à prévenir : M. Paul EXEMPLE\nMédecin traitant : Dr Anne DURAND",
        "Madame Camille EXEMPLE\n3 rue de l'Essai\n99100 NULLEPART\nVoici vos résultats.",
        HEADER + "Nouveau-né : EXEMPLE Léo, sexe M, né le 01/11/2026 à 10h12",
    ],
)
def test_who_may_rightly_stand_in_a_document_does_not_stop_it(text: str) -> None:
    assert told(text) == {}


def test_a_child_passes_under_the_number_of_the_insured_parent() -> None:
    text = (
        "Enfant : EXEMPLE Léo\nNé(e) le : 02/11/2018\n"
        f"N° SS (assuré) : {HERS}\nMère : Camille EXEMPLE\nFait le 12/10/2026"
    )
    assert told(text, Case(LEO)) == {}
    assert told(text, Case(Person("Zoé Autre", date(2015, 1, 1))))["other-person"] is Severity.BLOCK


def test_the_newborn_is_right_in_what_is_about_the_mother() -> None:
    text = (
        "Patiente : Mme EXEMPLE Camille, née le 12/03/1980\n"
        f"N° SS : {HERS}\nNouveau-né : EXEMPLE Léo, né le 01/11/2026\nFait le 03/11/2026"
    )
    assert told(text, Case(Person("Léo Exemple", date(2026, 11, 1)))) == {}


def test_what_is_about_a_recorded_relative_asks_whom_it_is_about() -> None:
    text = "Patient : EXEMPLE Léo né le 02/11/2018"
    assert told(text, Case(CAMILLE, known=(LEO,))) == {"other-person": Severity.CONFIRM}


def test_a_number_given_for_the_subject_is_compared_whole() -> None:
    case = Case(replace(CAMILLE, nir=HERS[:13]))
    assert told(HEADER + f"N° SS : {HERS}", case) == {}
    sibling = HERS[:12] + "9"
    assert "other-number" in told(HEADER + f"N° SS : {sibling}", case)


def test_a_second_document_of_somebody_else_stops_the_share() -> None:
    mine, other = facts(HEADER), facts("Patient : DURAND Paul né le 03/04/1950", "b.txt")
    report = judge([mine, other], Case(CAMILLE))
    assert [f.place.file for f in report.findings if f.rule == "other-person" and f.place] == [
        "b.txt"
    ]
    assert len(report.digests) == 2


def test_a_homonym_asks_unless_the_birth_date_tells() -> None:
    case = Case(CAMILLE, homonyms=(Person("Camille Exemple", date(1950, 2, 1)),))
    assert told("Patient : EXEMPLE Camille", case) == {"homonym": Severity.CONFIRM}
    assert told(HEADER, case) == {"homonym": Severity.NOTE}
    text = "EXEMPLE Camille\nConsultation. Date : 01/02/1950"
    assert told(text, case) == {"other-birth-date": Severity.BLOCK}


def test_several_people_stop_for_a_patient_and_ask_for_a_professional() -> None:
    text = "".join(
        f"Patient : {name} né le 0{n}/04/195{n}\n\n"
        for n, name in enumerate(["DURAND Paul", "MACHIN Anne", "BIDULE Noël", "TRUC Léa"], 1)
    )
    assert told(text) == {"several-people": Severity.BLOCK}
    doctor = Person("Dr Jeanne Essai")
    case = Case(doctor, recipient=doctor, kind=Kind.PROFESSIONAL)
    assert told(text, case) == {"several-people": Severity.CONFIRM}


def test_bank_details_ask_unless_they_are_ours_or_the_holder_is_the_subject() -> None:
    iban = "FR7699999000010001000000275"
    assert told(HEADER + f"IBAN {iban}") == {"bank-details": Severity.CONFIRM}
    assert (
        told(HEADER + f"IBAN {iban}", Case(CAMILLE, own=Own(identifiers=frozenset([iban])))) == {}
    )
    assert told(HEADER + f"Titulaire du compte : Mme Camille EXEMPLE\nIBAN {iban}") == {}


@pytest.mark.parametrize(
    ("why", "rule"),
    [(why, {"scan": "scan", "encrypted": "encrypted"}.get(why.value, "unchecked")) for why in Why],
)
def test_what_could_not_be_read_is_never_clean(why: Why, rule: str) -> None:
    unread = Facts("scan.pdf", unread=(Unread(why, Place("scan.pdf", page=1)),))
    findings = judge([unread], Case(CAMILLE)).findings
    assert [(f.rule, f.severity) for f in findings] == [(rule, Severity.CONFIRM)]
    assert all(f.sentence(language) for f in findings for language in Language)
    assert judge([unread], Case()).findings[0].rule == rule


def test_ten_scanned_pages_beside_two_right_ones_are_told_once_and_still_ask() -> None:
    unread = tuple(Unread(Why.SCAN, Place("a.pdf", page=page)) for page in range(3, 13))
    report = judge([replace(facts(HEADER), unread=unread)], Case(CAMILLE))
    assert [f.fields for f in report.findings if f.rule == "scan"] == [{"count": 10}]
    assert report.verdict is Severity.CONFIRM


def test_the_practice_sets_what_a_scan_does() -> None:
    unread = Facts("scan.png", unread=(Unread(Why.SCAN, Place("scan.png")),))
    assert judge([unread], Case(CAMILLE, scans=Severity.BLOCK)).verdict is Severity.BLOCK


def test_nothing_is_compared_without_a_subject() -> None:
    assert judge([facts("Patient : DURAND Paul né le 03/04/1950")], Case()).verdict is None
    assert judge([], Case()) == Report()


def test_facts_with_nothing_in_them_are_not_clean() -> None:
    assert judge([Facts("a.pdf")], Case(CAMILLE)).verdict is Severity.CONFIRM


def test_an_export_asks_and_is_a_note_where_its_people_are_asked_about() -> None:
    table = Export(Place("a.csv"), "identifying", rows=20, people=1)
    one = replace(facts(HEADER), exports=(table,))
    rules = {f.rule: f.severity for f in judge([one], Case(CAMILLE)).findings}
    assert rules["export"] is Severity.CONFIRM
    many = replace(one, exports=(replace(table, people=20),))
    rules = {f.rule: f.severity for f in judge([many], Case(CAMILLE)).findings}
    assert (rules["several-people"], rules["export"]) == (Severity.BLOCK, Severity.NOTE)


def structured(*others: Stated, name: str = "EXEMPLE Camille") -> Facts:
    patient = Stated(
        Role.PATIENT, (name,), date(1980, 3, 12), "2800499999001", Place("a.xml"), certain=True
    )
    content = Content([Part(Place("a.xml"), f"{name} {HERS}")], people=[patient, *others])
    content.structured = True
    return examine("a.xml", content, region="FR")


def test_a_clinical_document_is_about_whom_its_fields_say() -> None:
    guardian = Stated(
        Role.PARENT, ("DURAND Anne",), None, OTHERS[:13], Place("a.xml"), certain=True
    )
    assert judge([structured(guardian)], Case(CAMILLE)).verdict is not Severity.BLOCK
    wrong = judge([structured(guardian)], Case(Person("Anne Durand", date(1950, 1, 1))))
    assert wrong.verdict is Severity.BLOCK


def test_somebody_elses_page_inside_a_clinical_document_stops() -> None:
    right = structured()
    page = facts("Patient : TRUC Paul né le 03/04/1950", "a.xml")
    place = Place("a.xml", member="document-1.pdf", page=1)
    inside = replace(
        right,
        texts=(*right.texts, (place, page.texts[0][1])),
        people=(*right.people, *(replace(one, place=place) for one in page.people)),
    )
    assert judge([inside], Case(CAMILLE)).verdict is Severity.BLOCK
    scanned = replace(right, unread=(Unread(Why.SCAN, place),))
    assert judge([scanned], Case(CAMILLE)).verdict is Severity.NOTE


def test_no_identifier_is_ever_whole_in_a_report() -> None:
    text = (
        HEADER + f"N° SS : {OTHERS}\nPatient : DURAND Paul né le 03/04/1950\n"
        "IBAN FR7699999000010001000000275"
    )
    report = judge([facts(text, f"{OTHERS}.txt")], Case(CAMILLE))
    assert len(report.findings) >= 3
    for finding in report.findings:
        shown = "".join(map(str, finding.fields.values())) + finding.sentence(Language.EN)
        assert OTHERS[:13] not in shown.replace(" ", "")
        assert "03/04/1950" not in shown
        assert "1000000275" not in shown


def test_findings_come_heaviest_first_and_once_each() -> None:
    text = HEADER + f"N° SS : {OTHERS}\n" * 50
    findings = judge([facts(text)], Case(CAMILLE)).findings
    weights = [finding.severity.weight for finding in findings]
    assert weights == sorted(weights, reverse=True)
    assert len([finding for finding in findings if finding.rule == "other-number"]) == 1
