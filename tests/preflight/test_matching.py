"""Two names are one person's only by whole words; a letter more or less is somebody else."""

from __future__ import annotations

import pytest

from secshare.model.folding import fold
from secshare.preflight.case import Person
from secshare.preflight.matching import Bearer, Likeness


def like(recorded: str, stated: str) -> Likeness:
    return Bearer(Person(recorded)).like(stated)


@pytest.mark.parametrize(
    ("recorded", "stated"),
    [
        ("Camille Exemple", "EXEMPLE CAMILLE"),
        ("EXEMPLE Camille", "Camille Exemple"),
        ("camille exemple", "EXEMPLE Camille Marie Anne"),
        ("Camille Exemple", "DURAND EXEMPLE Camille"),
        ("Hélène Fictive", "FICTIVE HELENE"),
        ("Paul Le Goff", "LEGOFF Paul"),
        ("Awa N'Diaye", "NDIAYE Awa"),
        ("Awa Ndiaye", "N’DIAYE Awa"),
        ("Jeanne de la Maquette", "DE LA MAQUETTE Jeanne"),
        ("Jean Pierre Essai", "ESSAI Jean-Pierre"),
        ("Zoé Modèle-Factice", "MODELE FACTICE Zoé"),
        ("Jean Saint-Fictif", "ST FICTIF JEAN"),
        ("Jeanne Marie Essai", "ESSAI Jeanne"),
        ("Jean-Christophe Delamaquettelongue", "DELAMAQUETTELONGUE JEAN-C"),
        ("Irène Essai", "ESSAI Ire\u0300ne"),
    ],
)
def test_one_person_written_in_two_ways(recorded: str, stated: str) -> None:
    assert like(recorded, stated) is Likeness.SAME


@pytest.mark.parametrize(
    ("recorded", "stated"),
    [
        ("Camille Martin", "MARTINE Camille"),
        ("Paul Dupont", "DUPOND Paul"),
        ("Li-An Essai", "ESSAI Lian"),
        ("Marie Exemple", "EXEMPLE Paul Marie"),
        ("Camille Exemple", "Marie Camille EXEMPLE"),
        ("Camille Exemple", "P. EXEMPLE"),
        ("Camille Exemple", "EXEMPLE Léo"),
    ],
)
def test_somebody_else_however_near(recorded: str, stated: str) -> None:
    assert like(recorded, stated) is Likeness.OTHER


@pytest.mark.parametrize(
    ("recorded", "stated"),
    [
        ("Camille Exemple", "EXEMPLE"),
        ("Camille Exemple", "Camille"),
        ("Camille Exemple", "C. EXEMPLE"),
        ("Marie Exemple", "EXEMPLE PAUL MARIE"),
        ("Jean-Pierre Essai", "ESSAI Jean"),
        ("Exemple", "Exemple"),
    ],
)
def test_a_part_of_a_name_is_not_yet_the_person(recorded: str, stated: str) -> None:
    assert like(recorded, stated) is Likeness.PART


def test_a_name_stands_in_a_text_only_with_its_words_side_by_side() -> None:
    bearer = Bearer(Person("Camille Exemple"))
    assert list(bearer.positions(fold("Suivi d'EXEMPLE, Camille (F)"))) == [(8, 23)]
    assert not list(bearer.positions(fold("Camille Durand et Paul Exemple")))
    assert not list(bearer.positions(fold("Camilles Exemple")))


def test_a_name_drawn_apart_by_a_form_is_found_but_not_over_another_person() -> None:
    bearer = Bearer(Person("Camille Exemple"))
    assert bearer.apart(fold("Nom de naissance EXEMPLE Prénom(s) Camille")) is not None
    assert bearer.apart(fold("EXEMPLE née DURAND Camille")) is not None
    assert bearer.apart(fold("EXEMPLE Paul et Camille")) is None
