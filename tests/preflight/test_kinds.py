"""Protects the kind of a document: what it says itself counts first, then its title and words."""

from __future__ import annotations

import pytest

from secshare.model import DocumentKind, Place
from secshare.preflight.content import Content, Part, Table
from secshare.preflight.kinds import guess


def one(text: str) -> DocumentKind:
    return guess(Content(parts=[Part(Place("x.pdf"), text)]))[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LABORATOIRE\nRésultats d'analyses\nHémoglobine 13 g/dL", DocumentKind.LABORATORY),
        ("Hémogramme\nLeucocytes 7 10^9/L", DocumentKind.LABORATORY),
        ("COMPTE RENDU DE SCANNER\nTechnique : coupes", DocumentKind.IMAGING),
        ("IRM cérébrale\nIndication\nSéquences", DocumentKind.IMAGING),
        ("Échographie abdominale", DocumentKind.IMAGING),
        ("ORDONNANCE\n1 comprimé matin et soir", DocumentKind.PRESCRIPTION),
        ("CERTIFICAT MÉDICAL\nJe soussigné certifie", DocumentKind.CERTIFICATE),
        ("Cher confrère,\nJe vous adresse votre patiente", DocumentKind.LETTER),
        ("FACTURE\nNet à payer 25 euros TTC", DocumentKind.INVOICE),
        ("Note d'honoraires\nMontant", DocumentKind.INVOICE),
        ("Feuille de soins\nCaisse, régime", DocumentKind.CLAIMS),
        ("Compte rendu opératoire\nOpérateur, anesthésie", DocumentKind.REPORT),
        ("Compte rendu d'hospitalisation\nAntécédents", DocumentKind.REPORT),
        ("Bonjour", DocumentKind.OTHER),
    ],
)
def test_titles_and_words_say_what_it_is(text, kind):
    assert one(text) is kind


def test_what_a_document_declares_counts_first():
    content = Content(parts=[Part(Place("x.xml"), "FACTURE")], declared=DocumentKind.LABORATORY)
    assert guess(content) == (DocumentKind.LABORATORY, True)


def test_a_table_is_an_export_and_one_of_acts_is_claims():
    rows = [["a", "b"]] * 20
    table = Table(Place("x.csv"), ("nom", "ville"), rows)
    assert guess(Content(tables=[table]))[0] is DocumentKind.EXPORT
    acts = Table(Place("x.csv"), ("nir", "acte", "montant remboursé"), rows)
    assert guess(Content(tables=[acts]))[0] is DocumentKind.CLAIMS


def test_nothing_is_other_and_unsure():
    assert guess(Content()) == (DocumentKind.OTHER, False)
