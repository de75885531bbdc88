"""Protects what documents of other trades taught, that the first corpus did not think of."""

from __future__ import annotations

from datetime import date

import pytest

from secshare.model import Severity
from secshare.preflight import readers
from secshare.preflight.case import Case, Person
from secshare.preflight.examining import examine
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
