"""Protects families from being taken for a column that was dragged down, and the other way."""

from __future__ import annotations

import pytest

from secshare import profiles
from secshare.batch.families import Order, are_families, family_words


@pytest.mark.parametrize(
    ("name", "anywhere", "last", "first"),
    [
        ("Jeanne Exemple", "jeanne exemple", "exemple", "jeanne"),
        ("Jeanne EXEMPLE", "exemple", "exemple", "exemple"),
        ("EXEMPLE ESSAI Jeanne", "exemple essai", "exemple essai", "exemple essai"),
        ("JEANNE EXEMPLE", "jeanne exemple", "exemple", "jeanne"),
        ("J. EXEMPLE", "exemple", "exemple", "exemple"),
        ("Anne J. Exemple", "anne exemple", "exemple", "anne"),
        ("M. Paul de la Essai", "paul essai", "essai", "paul"),
        ("Omar d’Essai", "omar essai", "essai", "omar"),
        ("Anne-Marie Exemple-Essai", "anne marie exemple essai", "exemple essai", "anne marie"),
        ("Exemple", "exemple", "exemple", "exemple"),
        ("De La", "de la", "la", "de"),
    ],
)
def test_the_words_that_a_family_may_share(name, anywhere, last, first):
    assert family_words(name, family_first=None) == set(anywhere.split())
    assert family_words(name, family_first=False) == set(last.split())
    assert family_words(name, family_first=True) == set(first.split())


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Marie EXEMPLE", "Marie ESSAI", "FICTIF Marie", "Marie MODÈLE"], True),
        (["Jean de Exemple", "Paul de Essai", "Omar de Fictif", "Zoé de Modèle"], True),
        (["Mme Ève Exemple", "Mme Zoé Essai", "Mme Lucie Fictif", "Mme Nadia Modèle"], True),
        (["Marie Exemple", "Marie Essai", "Marie Fictif", "Marie Modèle"], False),
        (["Jeanne EXEMPLE", "EXEMPLE Léo", "Zoé Exemple", "Omar EXEMPLE", "Ève Exemple"], False),
    ],
)
def test_families_are_told_beyond_doubt(names, expected):
    """Where no capitals tell, six who are called Marie may be the family Marie: they are asked."""
    assert are_families(names) is expected


def test_few_names_do_not_tell_their_order(monkeypatch):
    order = Order()
    for at in range(profiles.MANIFEST_NAMES_TELL - 1):
        order.learn(f"Nom{at} Jeanne", f"{at}@example.org")
    assert not order.family_first
    order.learn("Encore Jeanne", "0@example.org")
    assert not order.family_first
    order.learn("Encore Jeanne", "encore@example.org")
    assert order.family_first
    monkeypatch.setattr(profiles, "MANIFEST_NAMES", profiles.MANIFEST_NAMES_TELL)
    for at in range(100):
        order.learn(f"Jeanne Nom{at}", f"other{at}@example.org")
    assert order.family_first
