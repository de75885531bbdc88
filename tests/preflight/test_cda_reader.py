"""Protects whoever sends a clinical document: its fields say who the patient is, and who is not."""

from __future__ import annotations

import base64
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare.model import DocumentKind
from secshare.preflight import readers
from secshare.preflight.content import Role, Why
from tests.samples import cda_samples

PATIENT = """
<recordTarget><patientRole>
  <id root="1.2.250.1.213.1.4.10" extension="{number}"/>
  <id root="1.2.3.4.5" extension="1234567890121"/>
  <addr><city>VILLE</city></addr><telecom value="tel:0639980001"/>
  <patient>
    <name><family qualifier="BR">MARTIN</family><family qualifier="CL">LEROY</family>
      <given>LOU ANNE</given><given qualifier="BR">LOU</given></name>
    <birthTime value="19620301"/>
    <guardian><telecom value="tel:0639980002"/><guardianPerson><name><given>Eve</given>
      <family>PETIT</family></name></guardianPerson></guardian>
  </patient>
</patientRole></recordTarget>"""
NUMBER = "262039900100199"


def cda(header: str = PATIENT, body: str = "", code: str = "11502-2") -> bytes:
    return (
        "<?xml version='1.0'?><ClinicalDocument xmlns='urn:hl7-org:v3'>"
        f"<code code='{code}'/><title>Compte rendu</title>{header.replace('{number}', NUMBER)}"
        f"<component>{body}</component></ClinicalDocument>"
    ).encode()


def section(inner: str) -> str:
    return f"<structuredBody><component><section>{inner}</section></component></structuredBody>"


def people(content, role):
    return [one for one in content.people if one.role is role]


def test_the_patient_is_the_record_target_in_every_way_to_write_them():
    content = readers.read("a.xml", cda())
    (patient,) = people(content, Role.PATIENT)
    assert set(patient.names) == {"LOU ANNE MARTIN", "LOU MARTIN", "LOU ANNE LEROY", "LOU LEROY"}
    assert patient.birth_date == date(1962, 3, 1)
    assert patient.number == NUMBER[:13]
    assert patient.certain
    assert content.structured
    assert patient.place.field == "patient"


def test_an_identifier_of_the_hospital_is_no_number():
    content = readers.read("a.xml", cda())
    assert not any("1234567890121" in part.text for part in content.parts)


def test_a_guardian_is_a_parent_with_their_own_telephone():
    content = readers.read("a.xml", cda())
    (guardian,) = people(content, Role.PARENT)
    assert guardian.names == ("Eve PETIT",)
    (line,) = [part.text for part in content.parts if part.place.field == "patient"]
    assert "0639980001" in line
    assert "0639980002" not in line


NAME = "<name><given>Zoé</given><family>ZORBLAX</family></name>"
PEOPLE = {
    "an author": (
        f"<author><assignedAuthor><id root='1.2.250.1.71.4.2.1' extension='801234567897'/>"
        f"<assignedPerson>{NAME}</assignedPerson></assignedAuthor></author>",
        Role.PROFESSIONAL,
    ),
    "who signs": (
        f"<legalAuthenticator><assignedEntity><assignedPerson>{NAME}</assignedPerson>"
        "</assignedEntity></legalAuthenticator>",
        Role.PROFESSIONAL,
    ),
    "the general practitioner": (
        "<participant typeCode='INF'><associatedEntity classCode='PROV'>"
        f"<associatedPerson>{NAME}</associatedPerson></associatedEntity></participant>",
        Role.PROFESSIONAL,
    ),
    "who it is sent to": (
        "<informationRecipient><intendedRecipient><informationRecipient>"
        f"{NAME}</informationRecipient></intendedRecipient></informationRecipient>",
        Role.PROFESSIONAL,
    ),
    "who signs as the patient's representative": (
        "<legalAuthenticator><assignedEntity><id root='1.2.250.1.213.1.4.8' "
        f"extension='{NUMBER}'/><assignedPerson>{NAME}</assignedPerson>"
        "</assignedEntity></legalAuthenticator>",
        Role.PARENT,
    ),
    "an emergency contact": (
        "<informant><relatedEntity classCode='ECON'><code code='MTH'/>"
        f"<relatedPerson>{NAME}</relatedPerson></relatedEntity></informant>",
        Role.CONTACT,
    ),
    "a mother": (
        "<informant><relatedEntity classCode='CON'><code code='MTH'/>"
        f"<relatedPerson>{NAME}</relatedPerson></relatedEntity></informant>",
        Role.PARENT,
    ),
    "an insured": (
        "<participant typeCode='HLD'><associatedEntity classCode='POLHOLD'>"
        f"<associatedPerson>{NAME}</associatedPerson></associatedEntity></participant>",
        Role.INSURED,
    ),
}


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_somebody_else_has_their_own_role(who):
    header, role = PEOPLE[who]
    content = readers.read("a.xml", cda(PATIENT + header))
    assert [one.role for one in content.people if one.names == ("Zoé ZORBLAX",)] == [role]
    assert len(people(content, Role.PATIENT)) == 1


def test_a_newborn_in_an_entry_is_a_child():
    entry = (
        "<entry><observation><subject><relatedSubject classCode='PRS'><code code='CHILD'/><subject>"
        "<name><family>MARTIN</family><given>Zoé</given></name><birthTime value='20260301'/>"
        "</subject></relatedSubject></subject></observation></entry>"
    )
    content = readers.read("a.xml", cda(body=section(entry)))
    (newborn,) = people(content, Role.CHILD)
    assert (newborn.names, newborn.birth_date) == (("Zoé MARTIN",), date(2026, 3, 1))


def test_the_narrative_is_read_as_a_page_shows_it():
    body = section(
        "<title>Résultats</title><text><paragraph>Lou <content>MAR</content>TIN</paragraph><table>"
        "<tr><td>Fer</td><td>12</td></tr><tr><td>CRP</td><td>1</td></tr></table></text>"
    )
    content = readers.read("a.xml", cda(body=body))
    (text,) = [part.text for part in content.parts if part.place.field == "text"]
    assert text == "Résultats\nLou MARTIN\nFer\t12\nCRP\t1"
    (title,) = [part.text for part in content.parts if part.title]
    assert title == "Compte rendu"


def test_what_an_entry_says_is_read():
    body = section(
        "<entry><observation><value>Zoé ZORBLAX au téléphone</value></observation></entry>"
    )
    content = readers.read("a.xml", cda(body=body))
    (text,) = [part.text for part in content.parts if part.place.field == "entry"]
    assert "Zoé ZORBLAX au téléphone" in text


def test_a_document_inside_is_read_and_a_curve_is_not_a_scan():
    inner = base64.b64encode("Compte rendu de Zoé".encode()).decode()
    curve = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x58\x00\x00\x01\x2c"
    body = (
        f"<nonXMLBody><text mediaType='text/plain' representation='B64'>{inner}</text></nonXMLBody>"
        f"<value representation='B64'>{base64.b64encode(curve).decode()}</value>"
    )
    content = readers.read("a.xml", cda(body=body))
    assert ("Compte rendu de Zoé", "document-1.txt") in [
        (part.text, part.place.member) for part in content.parts
    ]
    assert not content.unread


def test_a_document_inside_that_is_no_base64_is_broken():
    body = (
        "<nonXMLBody><text mediaType='application/pdf' representation='B64'>é</text></nonXMLBody>"
    )
    content = readers.read("a.xml", cda(body=body))
    assert [(unread.why, unread.place.member) for unread in content.unread] == [
        (Why.BROKEN, "document-1.pdf")
    ]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("11502-2", DocumentKind.LABORATORY),
        ("18748-4", DocumentKind.IMAGING),
        ("57833-6", DocumentKind.PRESCRIPTION),
        ("34112-3", DocumentKind.REPORT),
        ("CERT_DECL", DocumentKind.CERTIFICATE),
        ("96349-6", DocumentKind.LETTER),
        ("REMB", DocumentKind.CLAIMS),
        ("99999-9", DocumentKind.REPORT),
    ],
)
def test_the_code_says_the_kind(code, kind):
    assert readers.read("a.xml", cda(code=code)).declared is kind


def test_a_document_in_a_style_sheet_is_found():
    sheet = (
        "<xsl:stylesheet xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:text>Nom</xsl:text>"
        + cda().decode().removeprefix("<?xml version='1.0'?>")
        + "<xsl:text>06 39 98 00 03</xsl:text></xsl:stylesheet>"
    )
    content = readers.read("a.xml", sheet.encode())
    assert len(people(content, Role.PATIENT)) == 1
    assert [p.text for p in content.parts if p.place.hidden] == ["06 39 98 00 03"]


def test_one_document_of_an_archive_does_not_speak_for_the_others():
    from tests.preflight.office_files import packed

    content = readers.read("a.zip", packed({"un.xml": cda(), "deux.txt": b"Zo\xc3\xa9 ZORBLAX"}))
    assert not content.structured
    assert content.declared is None
    (patient,) = people(content, Role.PATIENT)
    assert patient.place.member == "un.xml"


@settings(max_examples=150, deadline=None)
@given(
    cut=st.integers(0, 3000),
    odd=st.sampled_from(["", "99999999", "19621350", "x" * 50, "\u0660" * 8]),
)
def test_no_damage_raises(cut, odd):
    data = cda(PATIENT.replace("19620301", odd) + "".join(one for one, _ in PEOPLE.values()))
    content = readers.read("a.xml", data[:cut] if cut < len(data) else data)
    assert content.unread or content.people or content.parts


# --- the agency's own documents -----------------------------------------------------------------

DOMINIQUE = ({"DOMINIQUE MARIE-LOUISE PAT-TROIS", "DOMINIQUE PAT-TROIS"}, date(1979, 3, 28))
OTHERS = {
    "CSE-CS24_2025.01": ({"Ruth Isabelle DECOURCY", "Ruth DECOURCY"}, date(2021, 4, 25)),
    "CSE-CS9_2024.01": ({"Ruth Isabelle DECOURCY", "Ruth DECOURCY"}, date(2021, 6, 1)),
    "OBP-": (
        {
            "Marie Jeanne Michelle NESSI",
            "Marie NESSI",
            "Marie Jeanne Michelle DECOURCY",
            "Marie DECOURCY",
        },
        date(1977, 7, 14),
    ),
    "SDM-MR_2024": (
        {"Ruth Isabelle NESSI", "Ruth NESSI", "Ruth Isabelle DECOURCY", "Ruth DECOURCY"},
        date(1977, 7, 14),
    ),
}
KINDS = {
    "ANEST": "report",
    "AVC": "report",
    "BIO": "laboratory",
    "CANCER-CR-GM": "laboratory",
    "CANCER-FRCP": "report",
    "CANCER-PPS": "report",
    "CARD": "report",
    "CNAM": "claims",
    "CSE": "certificate",
    "DOC": "laboratory",
    "IMG-DA": "prescription",
    "IMG_CR": "imaging",
    "LDL": "letter",
    "OBP": "report",
    "SDM": "report",
    "TLM": "prescription",
    "VAC": "report",
    "eP": "prescription",
}
PDFS = 13


def expected(name: str, table):
    return next((said for start, said in table.items() if name.startswith(start)), None)


def test_each_sample_says_its_patient_and_nobody_else():
    for path in cda_samples():
        content = readers.read(path.name, path.read_bytes())
        (patient,) = people(content, Role.PATIENT)
        names, born = expected(path.name, OTHERS) or DOMINIQUE
        assert set(patient.names) == names, path.name
        assert patient.birth_date == born, path.name
        assert patient.number is not None, path.name
        assert len(patient.number) == 13, path.name
        assert content.structured
        assert content.declared == expected(path.name, KINDS), path.name


def test_no_professional_of_a_sample_is_anybody_else():
    for path in cda_samples():
        content = readers.read(path.name, path.read_bytes())
        professionals = {name for one in people(content, Role.PROFESSIONAL) for name in one.names}
        assert professionals or path.name.startswith(("VAC", "CNAM")), path.name
        (patient,) = people(content, Role.PATIENT)
        assert not professionals & set(patient.names), path.name


def test_every_document_inside_a_sample_is_read():
    found = set()
    for path in cda_samples():
        content = readers.read(path.name, path.read_bytes())
        members = {part.place.member for part in content.parts if part.place.member}
        found |= {(path.name, member) for member in members}
        unread = {(one.why, one.place.member) for one in content.unread}
        # One of them is a picture of a page, and is said to be.
        assert unread == ({(Why.SCAN, "document-1.pdf")} if path.name.startswith("DOC_") else set())
    assert len([member for _, member in found if member.endswith(".pdf")]) == PDFS
