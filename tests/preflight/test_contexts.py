"""Protects whose an identifier is: the words around it say so, and the nearest of them."""

from __future__ import annotations

import pytest

from secshare.preflight.content import Role
from secshare.preflight.contexts import role_of, role_under


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Patient : Jeanne EXEMPLE, née le X", Role.PATIENT),
        ("PATIENTE\nJeanne EXEMPLE\nX", Role.PATIENT),
        ("N° de l'assuré(e) : X", Role.INSURED),
        ("Ouvrant droit : M. EXEMPLE X", Role.INSURED),
        ("Nom de la mère : EXEMPLE Jeanne X", Role.PARENT),
        ("Représentant légal : X", Role.PARENT),
        ("Nouveau-né : X", Role.CHILD),
        ("Personne à prévenir : Luc X", Role.CONTACT),
        ("PERSONNE DE CONFIANCE\nM. Luc EXEMPLE\nTél. X", Role.CONTACT),
        ("Emergency contact: X", Role.CONTACT),
        ("Dr Luc MODÈLE\nCardiologue\nTél. X", Role.PROFESSIONAL),
        ("Secrétariat : X", Role.PROFESSIONAL),
        ("RPPS X", Role.PROFESSIONAL),
        ("Titulaire du compte : X", Role.HOLDER),
        ("Bénéficiaire du virement : X", Role.HOLDER),
        ("Bénéficiaire des soins : X", Role.PATIENT),
        ("X (mère)", Role.PARENT),
        ("Le X, il fait beau", Role.UNKNOWN),
        ("", Role.UNKNOWN),
    ],
)
def test_the_words_around_say_whose_it_is(text, role):
    at = max(text.find("X"), 0)
    assert role_of(text, at, at + 1) is role


def test_the_nearest_word_counts():
    text = "Médecin : Dr MODÈLE   Patient : EXEMPLE X   Mère : Y"
    assert role_of(text, text.index("X "), text.index("X ") + 1) is Role.PATIENT
    assert role_of(text, text.index("Y"), text.index("Y") + 1) is Role.PARENT


def test_somebody_named_after_a_doctor_is_not_that_doctor():
    text = "Le Dr MODÈLE a vu ce jour Mme EXEMPLE X"
    assert role_of(text, len(text) - 1, len(text)) is Role.UNKNOWN


def test_an_empty_line_ends_the_block():
    text = "Dr MODÈLE\nRPPS\n\nEXEMPLE Jeanne X"
    assert role_of(text, len(text) - 1, len(text)) is Role.UNKNOWN


def test_titles_of_columns_say_it_too():
    assert role_under("Téléphone du prescripteur") is not Role.PATIENT
    assert role_under("NIR_assuré") is Role.INSURED
    assert role_under("patient_nom") is Role.PATIENT
    assert role_under("montant") is Role.UNKNOWN
