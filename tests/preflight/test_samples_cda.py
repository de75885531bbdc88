"""Protects the documents of the French digital health agency: each passes for its own patient only.

They are not ours to copy: tests skip where they are absent (tests/samples.py).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date

import pytest

from secshare.files import open_source
from secshare.model import Kind, Severity
from secshare.preflight.content import Why
from tests.samples import cda_samples

HL7 = "{urn:hl7-org:v3}"


@dataclass(frozen=True)
class Patient:
    """Whom a document names, read here from its header and by nothing of the preflight's."""

    given: tuple[str, ...]  # as the document writes them, each a way to call the person
    families: tuple[str, ...]
    birth: date

    @property
    def names(self):
        pairs = [(given, family) for given in self.given for family in self.families]
        return sorted(
            {f"{given} {family}" for given, family in pairs}
            | {f"{family} {given}" for given, family in pairs}
            | {f"{given.title()} {family.title()}" for given, family in pairs}
            | {f"{given} {family}".lower().replace("-", " ") for given, family in pairs}
        )


def patient_of(path):
    patient = next(ET.parse(path).iter(f"{HL7}recordTarget")).find(f"{HL7}patientRole/{HL7}patient")
    given = dict.fromkeys(e.text for e in patient.iterfind(f"{HL7}name/{HL7}given"))
    families = dict.fromkeys(e.text for e in patient.iterfind(f"{HL7}name/{HL7}family"))
    born = patient.find(f"{HL7}birthTime").get("value")[:8]
    return Patient(tuple(given), tuple(families), date.fromisoformat(born))


@pytest.fixture(scope="module")
def read():
    """Every document with its patient and what the preflight read in it."""
    from secshare.preflight import Checker

    documents = []
    with Checker() as checker:
        for path in cda_samples():
            with open_source(path) as source:
                documents.append((path.name, patient_of(path), checker.facts(source, region="FR")))
    return documents


def judged(facts, name, birth, kind=Kind.PATIENT):
    from secshare.preflight import Case, Person, judge

    # A professional of their own: one who is the subject too is nobody's patient.
    recipient = None if kind is Kind.PATIENT else Person("Dr Inès Inventée")
    return judge([facts], Case(subject=Person(name, birth), recipient=recipient, kind=kind))


def stops(report):
    return [
        f"{finding.rule}: {finding.sentence('en')} {finding.place}"
        for finding in report.findings
        if finding.severity is not Severity.NOTE
    ]


def test_all_thirty_are_read(read):
    assert len(read) == 30
    # One holds a picture of a page for the eye; its fields say whose it is.
    unread = {(u.why, u.place.member is None) for _, _, facts in read for u in facts.unread}
    assert unread <= {(Why.SCAN, False)}
    assert all(facts.structured for _, _, facts in read)


@pytest.mark.parametrize("dated", [True, False], ids=["birth date on record", "no birth date"])
@pytest.mark.parametrize("kind", [Kind.PATIENT, Kind.PROFESSIONAL])
def test_none_is_stopped_for_the_patient_it_names_however_the_name_is_written(read, dated, kind):
    stopped = {
        (file, name): found
        for file, patient, facts in read
        for name in patient.names
        if (found := stops(judged(facts, name, patient.birth if dated else None, kind)))
    }
    assert not stopped


def others(patient):
    """People who are not the patient, from far to as near as a twin."""
    far, given, family = date(1951, 2, 6), patient.given[0], patient.families[-1]
    near = patient.birth.replace(day=patient.birth.day % 28 + 1)
    return {
        "a stranger": ("Noël FICTIF", far),
        "a stranger without a birth date on record": ("Noël FICTIF", None),
        "the same surname": (f"Anselme {family}", far),
        "the same surname without a birth date on record": (f"Anselme {family}", None),
        "the same given name": (f"{given} FICTIF", far),
        "the same birth date": ("Noël FICTIF", patient.birth),
        "the same birth date and given name": (f"{given} FICTIF", patient.birth),
        "a twin": (f"Anselme {family}", patient.birth),
        "the same name, born elsewhen": (f"{given} {family}", far),
        "the same name, born the day after": (f"{given} {family}", near),
        "a letter away": (f"{given} {family[:-1]}X", far),
    }


@pytest.mark.parametrize("kind", [Kind.PATIENT, Kind.PROFESSIONAL])
def test_every_one_is_stopped_for_somebody_else(read, kind):
    passed = [
        (file, who)
        for file, patient, facts in read
        for who, (name, birth) in others(patient).items()
        if judged(facts, name, birth, kind).verdict not in {Severity.CONFIRM, Severity.BLOCK}
    ]
    assert not passed
