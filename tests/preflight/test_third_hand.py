"""Protects what a third hand's layouts taught: each was once missed, or stopped wrongly."""

from __future__ import annotations

from datetime import date

import pytest

from secshare.model import Severity
from secshare.preflight import readers
from secshare.preflight.case import Case, Person
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
