"""CDA R2 documents, structured or around a PDF, with the fields that the French header asks for."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from tests.corpus.document import Break, Columns, Fields, Heading, Rows, Text
from tests.corpus.people import nir_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.corpus.document import Doc
    from tests.corpus.identity import Scene
    from tests.corpus.people import Professional, Somebody

NIR_ROOTS = ("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.10")  # INS-NIR, and the one of tests
LOINC = {
    "laboratory": ("11502-2", "CR d'examens biologiques"),
    "imaging": ("18748-4", "CR d'imagerie médicale"),
    "prescription": ("57833-6", "Prescription de médicaments"),
    "discharge": ("11490-0", "Lettre de liaison à la sortie"),
    "operative": ("11504-8", "CR opératoire"),
    "certificate": ("77603-9", "Certificat médical"),
}


def cda(
    doc: Doc,
    scene: Scene,
    *,
    template: str,
    pdf: bytes | None = None,
    guardian: Somebody | None = None,
    contact: Somebody | None = None,
    patient: Somebody | None = None,
) -> bytes:
    """Return a document; with `pdf` the body is that file in base64."""
    draw, who = scene.draw, patient or scene.patient
    code, display = LOINC.get(template, ("34133-9", "Synthèse"))
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<ClinicalDocument xmlns="urn:hl7-org:v3" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
        '<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>',
        f'<id root="1.2.250.1.999.1.{draw.randint(1, 99999)}"/>',
        f'<code code="{code}" displayName="{escape(display)}" codeSystem="2.16.840.1.113883.6.1"/>',
        f"<title>{escape(doc.title)}</title>",
        '<effectiveTime value="20261120091200+0100"/>',
        '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>',
        '<languageCode code="fr-FR"/>',
        _target(who, draw, guardian),
        _author(scene.other.people[0], scene.other.name),
        f"<custodian><assignedCustodian><representedCustodianOrganization>"
        f'<id root="1.2.250.1.71.4.2.2" extension="1{scene.other.finess}"/>'
        f"<name>{escape(scene.other.name)}</name></representedCustodianOrganization>"
        "</assignedCustodian></custodian>",
    ]
    if contact:
        parts.append(
            '<participant typeCode="IND"><associatedEntity classCode="ECON">'
            f'<telecom value="tel:{contact.mobile}" use="MC"/>'
            f"<associatedPerson>{_name(contact)}</associatedPerson></associatedEntity></participant>"
        )
    parts.append(_documentation(scene.practice.people[0]))
    if pdf is not None:
        data = base64.encodebytes(pdf).decode()
        parts.append(
            '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
            f"{data}</text></nonXMLBody></component>"
        )
    else:
        parts.append(
            "<component><structuredBody><component><section>"
            f"<title>{escape(doc.title)}</title><text>{_narrative(doc)}</text>"
            "</section></component></structuredBody></component>"
        )
    parts.append("</ClinicalDocument>")
    return "\n".join(parts).encode()


def _target(who: Somebody, draw: Random, guardian: Somebody | None) -> str:
    value = who.nir + (nir_key(who.nir) if draw.random() < 0.8 else "")
    guarded = (
        '<guardian><telecom value="tel:' + guardian.mobile + '"/><guardianPerson>'
        f"{_name(guardian)}</guardianPerson></guardian>"
        if guardian
        else ""
    )
    sex = "F" if who.sex == 2 else "M"
    return (
        "<recordTarget><patientRole>"
        f'<id extension="{value}" root="{draw.choice(NIR_ROOTS)}"/>'
        f'<id extension="{who.file_number}" root="1.2.250.1.999.3"/>'
        f'<addr use="H"><streetAddressLine>{escape(who.street)}</streetAddressLine>'
        f"<city>{escape(who.town)}</city></addr>"
        f'<telecom value="tel:{who.mobile}" use="MC"/><telecom value="mailto:{who.email}"/>'
        f"<patient>{_name(who)}"
        f'<administrativeGenderCode code="{sex}" codeSystem="2.16.840.1.113883.5.1"/>'
        f'<birthTime value="{who.birth:%Y%m%d}"/>{guarded}'
        "</patient></patientRole></recordTarget>"
    )


def _name(who: Somebody) -> str:
    used = f'<family qualifier="CL">{escape(who.family.upper())}</family>' if who.married else ""
    return (
        f"<name><prefix>{who.title}</prefix><given>{escape(' '.join(who.given))}</given>"
        f'<given qualifier="BR">{escape(who.first)}</given>'
        f'<family qualifier="BR">{escape(who.birth_family.upper())}</family>{used}</name>'
    )


def _professional(one: Professional) -> str:
    given, _, family = one.name.rpartition(" ")
    return (
        f'<id root="1.2.250.1.71.4.2.1" extension="8{one.rpps}"/>'
        f"<assignedPerson><name><given>{escape(given)}</given><family>{escape(family)}</family>"
        "</name></assignedPerson>"
    )


def _author(one: Professional, house: str) -> str:
    return (
        f'<author><time value="20261120"/><assignedAuthor>{_professional(one)}'
        f"<representedOrganization><name>{escape(house)}</name></representedOrganization>"
        "</assignedAuthor></author>"
    )


def _documentation(one: Professional) -> str:
    return (
        '<documentationOf><serviceEvent><performer typeCode="PRF"><assignedEntity>'
        f"{_professional(one)}</assignedEntity></performer></serviceEvent></documentationOf>"
    )


def _narrative(doc: Doc) -> str:
    out: list[str] = []
    for block in doc.blocks:
        match block:
            case Heading(text):
                out.append(f"<paragraph><content>{escape(text)}</content></paragraph>")
            case Text(text):
                out.append(f"<paragraph>{escape(text).replace(chr(10), '<br/>')}</paragraph>")
            case Fields(pairs, _):
                out.append(_table([[a, b] for a, b in pairs]))
            case Columns(left, right):
                for side in (left, right):
                    items = "".join(f"<item>{escape(line)}</item>" for line in side)
                    out.append(f"<list>{items}</list>")
            case Rows(header, rows):
                out.append(_table([header, *rows]))
            case Break():
                pass
    return "".join(out)


def _table(rows: Sequence[Sequence[str]]) -> str:
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tbody>{body}</tbody></table>"
