"""What kind of document a code says: LOINC, and the agency's own.

Source: value set JDV_J07-XdsTypeCode-CISIS of the Agence du Numérique en Santé (version of
2026-06-29), read in its terminology guide; each code is sorted by what its label says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.model import DocumentKind

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["declared"]

_SORTED: Final[Mapping[DocumentKind, str]] = {
    # Examinations of biology, pathology and genetics, rapid tests.
    DocumentKind.LABORATORY: "11502-2 51969-4 60568-3 96173-0 DOCPAT05",
    # Reports, and references to pictures.
    DocumentKind.IMAGING: "18748-4 52040-3 IMG-KOS DOCPAT04",
    # Prescriptions and requests for acts; a renewal by the pharmacist is one.
    DocumentKind.PRESCRIPTION: "57833-6 57832-8 57828-6 75468-9 55115-0 75496-0 PRESC-AAT "
    "PRESC-BIO PRESC-KINE PRESC-INF PRESC-PEDI PRESC-ORTHOPHO PRESC-ORTHOPTIE",
    # Certificates, attestations, declarations.
    DocumentKind.CERTIFICATE: "CERT_DECL 89601-9 59284-0 86531-1 96874-3 55751-2 ATTEST-ASS-COMPL "
    "ATTEST-RESID ATTEST-HEBGT ATTEST-DROITS-AM AUTORIS-SOINS DOCPAT07",
    # Letters between professionals, at entry, at discharge, and to address somebody.
    DocumentKind.LETTER: "11490-0 18761-7 83981-1 88348-8 96349-6 74207-2 78341-5",
    DocumentKind.CLAIMS: "REMB",
    DocumentKind.EXPORT: "EXPORT_DUI",
    # What is about no care in particular, or says only who somebody is.
    DocumentKind.OTHER: "51851-4 34895-3 56446-8 74465-6 EXPPAT_1 EXPPAT_2 EXPPAT_3 PIECE-IDENTITE "
    "FEUILLE-DE-STYLE FICHE-CONTACTS DOCPAT09 101881-1",
}
_KINDS: Final = {code: kind for kind, codes in _SORTED.items() for code in codes.split()}


def declared(code: str | None) -> DocumentKind:
    """Return the kind that a code of a clinical document says.

    Any other code is a report: the rest of the value set is reports, summaries and assessments, and
    so is what CDA is used for elsewhere.
    """
    return _KINDS.get((code or "").strip().upper(), DocumentKind.REPORT)
