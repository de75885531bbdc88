"""Protects what documents of other trades taught, that the first corpus did not think of."""

from __future__ import annotations

from datetime import date

import pytest

from secshare.model import Severity
from secshare.preflight import readers
from secshare.preflight.believing import _VALUES
from secshare.preflight.case import Case, Person
from secshare.preflight.examining import examine
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers import find
from secshare.preflight.judging import judge

PATIENT = Person("Gaëlle Spécimel", date(1967, 10, 23))
CHILD = Person("Théo Spécimel", date(2019, 10, 27))


def judged(text, subject=PATIENT, name="document.txt", **case):
    facts = examine(name, readers.read(name, text.encode()), region="FR")
    return judge([facts], Case(subject=subject, **case))


def stopping(report):
    return {f.rule for f in report.findings if f.severity is not Severity.NOTE}


@pytest.mark.parametrize(
    "text",
    [
        "examiné Mme SPÉCIMEL Gaëlle, née\nle 23.10.1967, et constaté",
        "examiné Mme SPÉCIMEL Gaëlle, née le\n23 octobre 1967, et constaté",
        "examiné Mme SPÉCIMEL Gaëlle, née le 23\noctobre 1967, et constaté",
        "DOB : 23-Oct-1967",
        "SPÉCIMEL Gaëlle DN 23 octobre 1967 sexe F",
        "SPÉCIMEL Gaëlle DN : 23/10/1967",
    ],
)
def test_a_birth_date_is_found_over_the_end_of_a_line_and_in_other_trades(text):
    assert [m.value for m in find(text, region="FR") if m.kind == "birth_date"] == ["1967-10-23"]


@pytest.mark.parametrize(
    "text", ["sonde DN 20 posée le 12/03/2020", "Mme X, née\nen France. Vue le 12/03/2020"]
)
def test_another_date_is_no_birth_date(text):
    assert not [m for m in find(text, region="FR") if m.kind == "birth_date"]


def test_a_name_in_two_fields_is_one_name():
    text = "Nom du patient : SPÉCIMEL\nPrénom : Gaëlle\nExamen normal, revoir dans un an."
    assert not stopping(judged(text, Person("Gaelle Specimel")))
    assert stopping(judged(text, Person("Noël Fictif")))


OWN_NAME = "Mme SPÉCIMEL Gaëlle, née le 23/10/1967, vue le 16/11/2026.\n"


@pytest.mark.parametrize(
    "line",
    [
        "Assurée sociale : 1 34 03 97 499 052 91",
        "accompagnée de son époux, M. Noël SPÉCIMEL\n\nN° SS 1 34 03 97 499 052 91",
        "Dr FICTIF, 1 34 03 97 499 052 91",
    ],
)
def test_an_adults_document_holds_no_number_of_somebody_unnamed(line):
    assert "other-number" in stopping(judged(OWN_NAME + line))
    right = line.replace("1 34 03 97 499 052 91", "2 67 10 97 499 052 66")
    assert not stopping(judged(OWN_NAME + right))


def test_a_child_stands_under_the_number_of_who_insures_it():
    text = "Enfant : SPÉCIMEL Théo, né le 27/10/2019\nN° SS (assuré) 1 84 03 97 499 052 88\n2026"
    assert not stopping(judged(text, CHILD))


def test_a_child_of_the_same_name_born_another_day_is_another_child():
    text = (
        "Je certifie que l'enfant Théo Spécimel né le {} a été absent du 16/11/2026 au 18/11/2026"
    )
    assert stopping(judged(text.format("03/05/2017"), CHILD)) == {"other-birth-date"}
    assert not stopping(judged(text.format("27/10/2019"), CHILD))


def test_a_mother_is_not_taken_for_her_child():
    text = (
        "Mme SPÉCIMEL Gaëlle vient avec son enfant.\nEnfant : SPÉCIMEL Théo, né le 27/10/2019\n"
        "Consultation du 16/11/2026"
    )
    assert "other-birth-date" not in stopping(judged(text))


def test_a_date_right_after_the_name_is_the_birth_date_of_a_namesake():
    text = "TRANSMISSIONS\nSPÉCIMEL Gaëlle {}\n16/11/2026 Douleur : paracétamol donné"
    assert stopping(judged(text.format("12 septembre 1980"))) == {"other-birth-date"}
    assert not stopping(judged(text.format("23 octobre 1967")))
    assert not stopping(judged(text.format("14/11/2026")))


@pytest.mark.parametrize("kind", list(IdentifierKind))
def test_every_kind_of_identifier_comes_through_the_pipe(kind):
    assert kind in _VALUES, "a kind without a shape makes every document that has one unreadable"
