"""Protects who refused: a title or a note in brackets makes nobody somebody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.recipients.matching import name_key, name_keys, person_key


@pytest.mark.parametrize(
    "spelling",
    [
        "Jeanne Exemple",
        "EXEMPLE, Jeanne",
        "Mme Jeanne Exemple",
        "Mme. Jeanne Exemple",
        "MME JEANNE EXEMPLE",
        "Mᵐᵉ Jeanne Exemple",
        "Madame Exemple Jeanne",
        "Mlle Jeanne Exemple",
        "Melle Jeanne Exemple",
        "Mademoiselle Jeanne Exemple",
        "M. Jeanne Exemple",
        "M Jeanne Exemple",
        " m. jeanne exemple",
        "M.Jeanne Exemple",
        "EXEMPLE, M. Jeanne",
        "Mr Jeanne Exemple",
        "Monsieur Jeanne Exemple",
        "M. et Mme Jeanne Exemple",
        "Mme ou M. Jeanne Exemple",
        "Dr Jeanne Exemple",
        "Docteur Jeanne Exemple",
        "Mme la Docteure Jeanne Exemple",
        "Madame le Docteur Jeanne Exemple",
        "Pr. Jeanne Exemple",
        "Professeur Jeanne Exemple",
        "Me Jeanne Exemple",
        "Maître Jeanne Exemple",
        "Mrs Jeanne Exemple",
        "Ms. Jeanne Exemple",
        "Miss Jeanne Exemple",
        "EXEMPLE Jeanne (Mme)",
        "Exemple Jeanne Mme",
        "Jeanne Exemple (EHPAD)",
        "Jeanne Exemple [chambre 12 (fond)]",
        "(décédée) Jeanne Exemple",
        "Mme Jeanne (dite Jo) Exemple",
        "Mme Jeanne Exemple (née Fictif",
    ],
)
def test_titles_and_notes_in_brackets_are_none_of_a_name(spelling: str) -> None:
    assert person_key(spelling) == "exemple jeanne"
    assert not name_keys(spelling).isdisjoint(name_keys("Jeanne Exemple"))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Jeanne M. Exemple", "exemple jeanne m"),
        ("Exemple M.", "exemple m"),
        ("M'Bala Jeanne", "bala jeanne m"),
        ("Mme M’Bala", "bala m"),
        ("M.-J. Exemple", "exemple j m"),
        ("M-J Exemple", "exemple j m"),
        ("Jeanne R Exemple", "exemple jeanne r"),
        ("Memet Exemple", "exemple memet"),
        ("Mrad Drissi", "drissi mrad"),
        ("Jeanne La Rue", "jeanne la rue"),
        ("Bébé Exemple Jeanne", "bebe exemple jeanne"),
        ("Enfant Exemple Jeanne", "enfant exemple jeanne"),
    ],
)
def test_what_else_a_name_holds_is_kept(name: str, key: str) -> None:
    assert person_key(name) == key


@pytest.mark.parametrize("name", ["M.", "Maître", "Docteur", "(Jeanne)", "Mme (Exemple)", "M. Me"])
def test_a_name_that_is_all_title_is_itself(name: str) -> None:
    assert person_key(name) == name_key(name) != ""


@given(st.text(max_size=40) | st.text("Mm.e ,()[]-'’JeanéÉ", max_size=20))
def test_a_name_has_a_key_whenever_it_has_a_word(name: str) -> None:
    assert bool(person_key(name)) == bool(name_key(name))
