"""Protects families from being taken for a column that was dragged down, and the other way."""

from __future__ import annotations

import pytest

from secshare import profiles
from secshare.batch.families import Order, are_families, are_relatives
from secshare.batch.given import FIRST, FIRST_OR_FAMILY
from secshare.recipients import fold

ORDERS = [None, False, True]
LAST, BEGINNING = {None, False}, {None, True}
"""Where the order of the manifest is not known, or the family name is last in it, or first."""


def orders(one: str, other: str) -> set[bool | None]:
    """Return in manifests of which order two people are taken for relatives."""
    found = {order for order in ORDERS if are_relatives(one, other, family_first=order)}
    assert found == {order for order in ORDERS if are_relatives(other, one, family_first=order)}
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jeanne EXEMPLE", "EXEMPLE Léo"),
        ("Jeanne EXEMPLE ESSAI", "Léo ESSAI"),
        ("EXEMPLE ESSAI Jeanne", "Léo ESSAI"),
        ("Jeanne de La EXEMPLE", "Léo DE LA EXEMPLE"),
        ("Omar D'ESSAI", "Lucie d’ESSAI"),
        ("ANDRÉ Zéphyrine", "ANDRÉ Julie"),  # a first name is her family name, and one on no list
        ("Mme Exemple", "M. Exemple"),
        ("M. et Mme Exemple", "Mme Exemple"),
        ("EXEMPLE ESSAI, Jeanne", "EXEMPLE ESSAI, Léo"),
        ("Jeanne EXEMPLE mineure", "Léo EXEMPLE"),
        ("Jeanne EXEMPLE Lyon", "Léo EXEMPLE Nantes"),
    ],
)
def test_in_capitals_a_family_name_is_one_at_either_end(one, other):
    assert orders(one, other) == set(ORDERS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jeanne Exemple", "Léo Exemple"),
        ("JEANNE EXEMPLE", "LÉO EXEMPLE"),
        ("jeanne exemple", "léo exemple"),
        ("J. Exemple", "L. Exemple"),
        ("Anne J. Exemple", "Jean Marie Exemple"),
        ("Yann Le Exemple", "Zoé le Exemple"),
        ("Jean de la Essai", "Claire De La Essai"),
        ("Omar d’Essai", "Lucie D'Essai"),
        ("Claire Essai Exemple", "Léo Exemple"),  # a mother with a double name, and her child
        ("Claire Essai Exemple", "Paul Essai"),  # her husband, whose name stands in the middle
        ("Claire Exemple-Essai", "Paul Essai"),
        ("Léo Exemple Essai", "Zoé Essai Exemple"),
        ("Jeanne Exemple née Essai", "Paul Exemple"),
        ("Jeanne Exemple (née Essai)", "Paul Essai"),
        ("Paul Exemple fils", "Claire Exemple"),
        ("Zéphirine Exemple", "Léo Exemple"),  # his first name tells where hers is
        ("Thomas Exemple", "Julie Exemple"),
        ("Claire Thomas", "Paul Thomas"),
        ("Claire Martin", "Jean Martin"),
        ("Jeanne Exemple EHPAD", "Paul Exemple"),
        ("Jeanne Exemple (Essai)", "Paul Essai"),
        ("Jeanne Exemple, née Essai", "Paul Essai"),
        ("Claire Marie Page", "Jean Page"),  # a word of forms, and a family name
        ("Claire Avril EHPAD", "Jean Avril"),
        ("Claire Essai Exemple", "Léo Modèle Essai"),
        ("Claire Essai Exemple", "Léo Essai Exemple"),
        ("Jean-Zorgal Exemple", "Balthazarin Exemple"),  # of two, the first tells
    ],
)
def test_a_first_name_at_one_end_tells_that_the_family_is_at_the_other(one, other):
    """Against the order of the manifest it tells nothing: one of the two is wrong."""
    assert orders(one, other) >= LAST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Exemple Jeanne", "Exemple Léo"),
        ("Essai Exemple Claire", "Exemple Léo"),
        ("Exemple - Essai Claire", "Exemple Paul"),
        ("Le Exemple Yann", "Le Exemple Zoé"),
    ],
)
def test_a_first_name_at_the_end_tells_it_too(one, other):
    assert orders(one, other) == BEGINNING


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anne Marie Exemple", "Jean Marie Essai"),
        ("Anne Marie EXEMPLE", "Jean Marie ESSAI"),
        ("Anne MARIE EXEMPLE", "Jean MARIE ESSAI"),
        ("Anne MARIE Exemple", "Jean MARIE Essai"),
        ("Anne MARIE X", "Jean MARIE Y"),
        ("Anne Marie X.", "Jean Marie Y."),
        ("EXEMPLE Anne Marie", "ESSAI Jean Marie"),
        ("EXEMPLE MARIE Anne", "ESSAI MARIE Jean"),
        ("Exemple Anne Marie", "Essai Jean Marie"),
        ("ANNE MARIE EXEMPLE", "JEAN MARIE ESSAI"),
        ("Jean-Marie Exemple", "Anne-Marie Essai"),
        ("Marie Exemple", "Marie Essai"),
        ("Exemple Marie", "Essai Marie"),
        ("MARIE Exemple", "MARIE Essai"),  # who writes the first name in capitals
        ("Exemple MARIE", "Essai MARIE"),
        ("ANDRÉ Exemple", "ANDRÉ Essai"),
        ("Thomas Exemple", "Julie Thomas"),
        ("Lan Thi Exemple", "Hoa Thi Essai"),  # on no list, and no family name
        ("Lan THI EXEMPLE", "Hoa THI ESSAI"),
        ("Anne D.", "Anne L."),
        ("Jean de Exemple", "Paul de Essai"),
        ("Mme Jeanne Exemple", "Mme Lucie Essai"),
        ("Jeanne Exemple née Fictif", "Lucie Essai née Modèle"),
        ("Paul Exemple fils", "Luc Essai fils"),
        ("Paul Exemple (tutelle)", "Luc Essai (tutelle)"),
        ("Paul Exemple 2", "Luc Essai 2"),
        ("1 2", "1 2"),
        ("Jeanne Zorgal EXEMPLE", "Paul ZORGAL"),  # where capitals tell, others are none
        ("Jeanne Exemple, Lyon", "Paul Essai, Lyon"),
        ("Jeanne Exemple Lyon", "Paul Essai Lyon"),
        ("Jeanne EXEMPLE Lyon", "Paul ESSAI Lyon"),
        ("Jeanne EXEMPLE LYON", "Paul ESSAI LYON"),
        ("Jeanne Exemple LYON", "Paul Essai LYON"),
        ("EXEMPLE Jeanne LYON", "ESSAI Paul LYON"),
        ("Exemple Jeanne LYON", "Essai Paul LYON"),
        ("Maria Exemple Essai", "Paul Fictif Essai"),
        ("Jeanne Exemple EHPAD Les Lilas", "Paul Essai EHPAD Les Lilas"),
        ("Jeanne Thomas EHPAD Les Lilas", "Paul Essai EHPAD Les Lilas"),
        ("Jeanne Exemple 85 ans", "Paul Essai 85 ans"),
        ("M. et Mme Exemple", "M. et Mme Essai"),
        ("EXEMPLE sans prénom", "ESSAI sans prénom"),
    ],
)
def test_what_is_no_family_name_is_none_in_any_manifest(one, other):
    assert orders(one, other) == set()


@pytest.mark.parametrize(
    "note",
    [
        *("EHPAD", "USLD", "SSR", "chambre 12", "lit 2", "patient", "mineur(e)", "DCD", "URGENT"),
        *("tutelle", "sous curatelle", "ALD", "INS", "II", "III", "bis", "- EHPAD", "/EHPAD"),
    ],
)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Jeanne Exemple", "Paul Essai"), ("Exemple Jeanne", "Essai Paul")),
        *(("Jeanne EXEMPLE", "Paul ESSAI"), ("EXEMPLE Jeanne", "ESSAI Paul")),
        *(("JEANNE EXEMPLE", "PAUL ESSAI"), ("Mme Exemple", "M. Essai")),
        ("Jeanne Thomas", "Paul Essai"),
    ],
)
def test_what_is_noted_behind_a_name_is_no_part_of_it(one, other, note):
    for noted in (note, note.upper()):
        assert orders(f"{one} {noted}", f"{other} {noted}") == set()
        assert orders(f"{one} {noted}", f"{noted} {one}") == orders(one, one)


BOTH = ["Martin", "Thomas", "Laurent", "Simon", "Michel", "Robert", "Richard", "Bernard", "André"]


@pytest.mark.parametrize("name", [*BOTH, "David", "Vincent"])
def test_who_has_as_a_first_name_what_is_the_family_name_of_another_is_a_stranger(name):
    assert orders(f"Jean {name}", f"{name} Exemple") == set()
    assert orders(f"JEAN {name.upper()}", f"{name.upper()} EXEMPLE") == set()
    assert orders(f"Jean {name.upper()}", f"{name} EXEMPLE") == set()
    assert orders(f"{name} Jean", f"Exemple {name}") == set()
    assert orders(f"Zéphyrine {name}", f"{name} Exemple") == set()


@pytest.mark.parametrize(
    ("one", "other", "family_first"),
    [
        ("Zéphirine Exemple", "Balthazarin Exemple", False),
        ("Exemple Zéphirine", "Exemple Balthazarin", True),
        ("Paul Robert", "Claire Paul Robert", False),
        ("Claire Marie", "Paul Marie", False),  # a family of that name
        ("Zéphyrine Marie", "Paul Marie", False),
        ("Lan Le", "Hoa Le", False),
        ("Lan Anh Le", "Hoa Minh Le", False),
        ("Page Zorgal", "Page Balthazarin", True),
    ],
)
def test_where_a_name_tells_nothing_the_manifest_does_or_they_are_asked(one, other, family_first):
    assert orders(one, other) <= {family_first, None}
    assert are_relatives(one, other, family_first=family_first)


@pytest.mark.parametrize("family_first", ORDERS)
def test_an_unsure_name_is_excused_with_a_sure_one_and_two_unsure_ones_are_not(family_first):
    """The example of decision 103."""
    assert are_relatives("ANDRÉ Zéphyrin", "Paul ANDRÉ", family_first=family_first)
    assert not are_relatives("ANDRÉ Zéphyrin", "ANDRÉ Balthazarin", family_first=family_first)


def test_a_name_that_is_written_the_other_way_is_of_the_family_of_those_that_are_not():
    assert are_relatives("Exemple Marie", "Paul Exemple", family_first=False)
    assert not are_relatives("Exemple Marie", "Exemple Anne", family_first=False)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Marie EXEMPLE", "Marie ESSAI", "FICTIF Marie", "Marie MODÈLE"], True),
        (["Jean de Exemple", "Paul de Essai", "Omar de Fictif", "Zoé de Modèle"], True),
        (["Mme Ève Exemple", "Mme Zoé Essai", "Mme Lucie Fictif", "Mme Nadia Modèle"], True),
        (["Marie Exemple", "Marie Essai", "Marie Fictif", "Marie Modèle"], False),
        (["Jeanne EXEMPLE", "EXEMPLE Léo", "Zoé Exemple", "Omar EXEMPLE", "Ève Exemple"], False),
        (["A. B.", "A. C.", "A. E.", "A. F."], False),
        (["Ève Le", "Zoé Le", "Lucie Le", "Nadia Le"], False),
        (["Ève Exemple (Essai)", "Zoé Essai", "Lucie Essai", "Nadia Essai"], False),
    ],
)
def test_families_are_told_beyond_doubt(names, expected):
    """Where no capitals tell, six who are called Marie may be the family Marie: they are asked."""
    assert are_families(names) is expected


def test_families_of_one_house_are_not_one_by_its_name():
    names = ["Jeanne Exemple", "Paul Essai", "Omar Fictif", "Zoé Modèle"]
    assert are_families(f"{name} EHPAD" for name in names)
    assert are_families(f"{name} chambre {at}" for at, name in enumerate(names))


def learnt(*names: str) -> bool | None:
    order = Order()
    for at, name in enumerate(names):
        order.learn(name, f"{at}@example.org")
    return order.family_first


MANY = [name.capitalize() for name in sorted(FIRST)][: 2 * profiles.MANIFEST_NAMES_TELL]


@pytest.mark.parametrize("family_first", [False, True])
def test_a_manifest_is_written_as_its_known_first_names_are(family_first):
    """Whatever repeats in it: one family name for all, or one first name."""
    names = [*((first, "Exemple") for first in MANY), *(("Marie", f"Nom{at}") for at in MANY)]
    names = [" ".join(reversed(each) if family_first else each) for each in names]
    assert learnt(*names) is family_first
    assert learnt(*map(str.upper, names)) is family_first
    assert learnt(*names[: profiles.MANIFEST_NAMES_TELL]) is family_first
    assert learnt(*names[: profiles.MANIFEST_NAMES_TELL - 1]) is None


@pytest.mark.parametrize(
    "names",
    [
        [f"Zz{first} Exemple" for first in MANY],  # on no list
        [f"Thomas {first}ois" for first in MANY],
        [f"{first} Marie" for first in MANY],
        [f"{first} EXEMPLE" for first in MANY],  # capitals tell already
        [*(f"{first} Exemple" for first in MANY[::2]), *(f"Exemple {at}" for at in MANY[1::2])],
        ["Jeanne"] * 40,
        ["1 2"] * 40,
    ],
)
def test_names_that_tell_nothing_or_not_the_same_tell_no_order(names):
    assert learnt(*names) is None


def test_a_few_rows_that_are_written_the_other_way_change_nothing():
    assert learnt(*(f"{first} Exemple" for first in MANY[2:]), "Exemple Marie") is False


def test_people_at_one_address_tell_the_order_once(monkeypatch):
    order = Order()
    for first in MANY:
        order.learn(f"Exemple {first}", "famille@example.org")
    assert order.family_first is None
    for at, first in enumerate(MANY):
        order.learn(f"{first} Essai", f"{at}@example.org")
    assert order.family_first is False
    monkeypatch.setattr(profiles, "MANIFEST_NAMES", len(MANY))
    for at in range(100 * len(MANY)):
        order.learn("Exemple Jeanne", f"other{at}@example.org")
    assert order.family_first is False


def test_first_names_are_listed_as_names_are_compared():
    assert all(fold(name) == name for name in FIRST | FIRST_OR_FAMILY)
    assert not FIRST & FIRST_OR_FAMILY
