"""Protects people from a cell that was dragged down over the rows below: two rows are enough."""

from __future__ import annotations

from datetime import date

import pytest

from secshare import profiles
from secshare.batch.addressing import settle
from secshare.batch.manifest import read_manifest
from secshare.batch.people import survey
from secshare.batch.repeated import shared
from secshare.batch.results import State
from secshare.batch.rows import every
from secshare.batch.running import Options, run
from secshare.messages import Language
from secshare.model import Kind, Severity
from secshare.sharing import Desk
from secshare.store.spool import Spool
from tests.batch.manifests import as_csv
from tests.batches import Patient, document
from tests.fakes.executors import Inline
from tests.practices import make_practice

TODAY = date(2026, 11, 22)
HEADER = ["fichier", "nom", "email", "téléphone", "date de naissance", "voie"]
HERS, HIS, THIRD = "jeanne@example.org", "paul@example.org", "lucie@example.org"
NUMBER, OTHER = "06 39 98 00 01", "06 39 98 00 02"


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    return make_practice(tmp_path_factory.mktemp("shared") / "practice")


def asked(practice, *rows, road="sms"):
    """Return what each row is asked: its rule, its key, the rows that the sentence names."""
    path = practice.folder.parent / "manifest.csv"
    table = [[f"{at}.pdf", *row, road] for at, row in enumerate(rows)]
    path.write_text(as_csv([HEADER, *table]), "utf-8")
    found = {}
    with Desk(practice) as desk, Spool.create(practice.private) as spool:
        read_manifest(path, spool, region="FR", today=TODAY)
        for wanted in every(spool):
            it = shared(spool, desk.directory, wanted, settle(desk, wanted, today=TODAY))
            assert all(each.severity is Severity.CONFIRM for each in it)
            assert all(each.sentence(language) for each in it for language in Language)
            if it:
                found[wanted.number] = [(each.rule, each.key, each.fields["rows"]) for each in it]
    return {
        number: [(rule, key.partition(".")[2], str(named)) for rule, key, named in it]
        for number, it in found.items()
    }


def person(name, email, phone="", born=""):
    return [name, email, phone, born]


def test_an_address_over_two_rows_asks_in_each(practice):
    found = asked(
        practice,
        person("Jeanne Exemple", HERS, NUMBER),
        person("Paul Essai", HERS.upper(), OTHER),
        person("Lucie Fictif", THIRD, "06 39 98 00 03"),
    )
    told = [("shared-contact", "shared_email", "2 and 3")]
    assert found == {2: told, 3: told}


def test_a_number_over_three_rows_asks_in_each(practice):
    found = asked(
        practice,
        person("Jeanne Exemple", HERS, NUMBER),
        person("Paul Essai", HIS, NUMBER),
        person("Lucie Fictif", THIRD, NUMBER),
    )
    told = [("shared-contact", "shared_phone", "2 to 4")]
    assert found == {2: told, 3: told, 4: told}


@pytest.mark.parametrize(
    ("road", "told"),
    [
        ("sms", ("both-roads", "both_roads", "2 and 3")),
        ("téléphone", ("both-roads", "both_roads", "2 and 3")),
        ("qr", ("shared-contact", "shared_both", "2 and 3")),
    ],
)
def test_both_contacts_over_two_rows_are_both_roads(practice, road, told):
    rows = [person("Jeanne Exemple", HERS, NUMBER), person("Paul Essai", HERS, NUMBER)]
    assert asked(practice, *rows, road=road) == {2: [told], 3: [told]}


def test_who_has_a_name_in_common_shares_one_contact_unasked_and_both_not(practice):
    for names in (("Jeanne Exemple", "EXEMPLE Paul"), ("Jeanne Exemple-Essai", "Paul Essai")):
        one, other = names
        alone = [person(one, HERS, NUMBER), person(other, HERS, OTHER)]
        assert asked(practice, *alone) == {}
        both = [person(one, HERS, NUMBER), person(other, HERS, NUMBER)]
        assert asked(practice, *both).keys() == {2, 3}
        assert asked(practice, *both, road="qr") == {}


@pytest.mark.parametrize(
    "names",
    [
        ("Marie Exemple", "Marie Essai"),
        ("Marie EXEMPLE", "ESSAI Marie"),
        ("Jean de Exemple", "Paul de Essai"),
        ("Mme Jeanne Exemple", "Mme Lucie Essai"),
        ("Marie-Jeanne Exemple", "Marie Essai"),
        ("Anne Marie Exemple", "Jean Marie Essai"),
        ("Anne Marie EXEMPLE", "Jean Marie Essai"),
        ("Anne MARIE EXEMPLE", "Jean MARIE ESSAI"),
        ("Exemple Anne Marie", "Essai Jean Marie"),
        ("ANNE MARIE EXEMPLE", "JEAN MARIE ESSAI"),
    ],
)
def test_a_first_name_in_common_makes_no_family(practice, names):
    one, other = names
    found = asked(practice, person(one, HERS, NUMBER), person(other, HERS, OTHER))
    told = [("shared-contact", "shared_email", "2 and 3")]
    assert found == {2: told, 3: told}


@pytest.mark.parametrize(
    "names",
    [
        ("Jeanne EXEMPLE", "EXEMPLE Marie"),
        ("EXEMPLE Marie", "EXEMPLE Paul"),
        ("Jeanne de EXEMPLE", "Mme Lucie EXEMPLE-ESSAI"),
        ("JEANNE EXEMPLE", "PAUL EXEMPLE"),
        ("Jeanne Essai Exemple", "Léo Exemple"),
        ("Jeanne Essai Exemple", "Paul Essai"),
    ],
)
def test_a_family_name_in_common_is_one_wherever_capitals_tell_it(practice, names):
    one, other = names
    assert asked(practice, person(one, HERS, NUMBER), person(other, HERS, OTHER)) == {}


@pytest.mark.parametrize("upper", [False, True])
def test_a_manifest_tells_on_which_side_its_family_names_stand(practice, upper):
    """Forty people with four first names among them: what repeats is no family name."""
    given = ("Jeanne", "Paul", "Nadia", "Omar")
    shared = ["Exemple Jeanne", "Exemple Paul", "Essai Marie", "Fictif Marie"]
    names = [
        *shared,
        *(f"Nom{chr(97 + at // 26)}{chr(97 + at % 26)} {given[at % 4]}" for at in range(40)),
    ]
    contacts = [HERS, HERS, HIS, HIS, *(f"p{at}@example.org" for at in range(40))]
    rows = [
        person(name.upper() if upper else name, contact)
        for name, contact in zip(names, contacts, strict=True)
    ]
    told = [("shared-contact", "shared_email", "4 and 5")]
    assert asked(practice, *rows, road="qr") == {4: told, 5: told}


VILLAGE = ("Exemple", "Essai", "Fictif", "Modèle", "Témoin")
NEIGHBOURS = (
    *("Jeanne", "Paul", "Nadia", "Omar", "Lucie", "Anne-Marie", "Louise", "Marcel", "Odile"),
    *("Hugo", "Fanny", "Camille", "Zoé", "Karim", "Yves", "Éloïse", "Claire", "Sophie", "Pierre"),
    *("Julie", "Alice", "Chloé", "Emma", "Jules", "Gabriel", "Raphaël", "Louis", "Arthur", "Léa"),
    *("Manon", "Inès", "Lina"),
)


@pytest.mark.parametrize("family_first", [False, True])
@pytest.mark.parametrize("upper", [False, True])
def test_in_a_village_of_few_families_a_first_name_in_common_makes_none(
    practice, upper, family_first
):
    """Thirty-two first names and five family names: here it is the family names that repeat."""

    def called(first: str, family: str) -> str:
        name = f"{family} {first}" if family_first else f"{first} {family}"
        return name.upper() if upper else name

    names = [
        *(called("Marie", "Exemple"), called("Marie", "Essai")),  # a cell was dragged down
        *(called("Zéphirine", "Fictif"), called("Zéphirine", "Modèle")),  # and a rare first name
        *(called("Anselmine", "Témoin"), called("Balthazarin", "Témoin")),  # a family
        *(called(first, VILLAGE[at % 5]) for at, first in enumerate(NEIGHBOURS)),
    ]
    contacts = [HERS, HERS, HIS, HIS, THIRD, THIRD]
    contacts += [f"p{at}@example.org" for at in range(len(NEIGHBOURS))]
    rows = [person(name, contact) for name, contact in zip(names, contacts, strict=True)]
    hers, his = ([("shared-contact", "shared_email", which)] for which in ("2 and 3", "4 and 5"))
    assert asked(practice, *rows, road="qr") == {2: hers, 3: hers, 4: his, 5: his}


def test_where_no_first_name_is_known_those_who_share_an_address_are_asked(practice):
    rows = [person("Zéphirine Exemple", HERS), person("Balthazarin Exemple", HERS)]
    assert asked(practice, *rows, road="qr").keys() == {2, 3}
    others = [person(f"{first} Essai{first}", f"x{first}@example.org") for first in NEIGHBOURS[:4]]
    assert asked(practice, *rows, *others, road="qr").keys() == {2, 3}
    rows.append(person("Lucie Exemple", HERS))
    assert asked(practice, *rows, road="qr").keys() == {2, 3}, "she is of the family of both"


def test_people_tell_the_order_once_though_they_have_an_address_and_a_number(practice):
    """Else half as many would do."""
    rows = [
        person(f"Nom{chr(97 + at)} {first}", f"p{at}@example.org", f"06 39 98 01 {at:02}")
        for at, first in enumerate(NEIGHBOURS[: profiles.MANIFEST_NAMES_TELL])
    ]
    rows = [person("Exemple Zza", HERS, NUMBER), person("Exemple Zzb", HERS, OTHER), *rows]
    assert asked(practice, *rows[:-1]).keys() == {2, 3}
    assert asked(practice, *rows) == {}


def test_forty_families_at_their_addresses_are_not_asked(practice):
    """Some of each bear first names that nobody knows: the others tell how they are written."""
    rows = [
        person(f"{first} Nom{other}{letter}", f"{other}{letter}@example.org")
        for other in "ab"
        for at, letter in enumerate("abcdefghijklmnopqrst")
        for first in (NEIGHBOURS[at], f"Zz{other}{letter}" if at % 2 else NEIGHBOURS[at + 1])
    ]
    rows += [person(f"{first} Zzzz", THIRD) for first in ("Zza", "Zzb")]
    assert asked(practice, *rows, road="qr") == {}


@pytest.mark.parametrize("road", ["sms", "qr"])
@pytest.mark.parametrize(
    ("contacts", "told"), [((0,), "many_email"), ((1,), "many_phone"), ((0, 1), "many_both")]
)
@pytest.mark.parametrize(
    "names",
    [
        ["Marie Exemple", "Marie Essai", "Marie Fictif", "Marie Modèle"],
        ["Jeanne Exemple", "Paul Exemple", "Lucie Exemple", "Omar Exemple"],
    ],
)
def test_from_four_people_on_no_name_in_common_is_enough(practice, names, contacts, told, road):
    rows = [
        person(
            name,
            *(HERS if 0 in contacts else f"p{at}@example.org",),
            NUMBER if 1 in contacts else f"06 39 98 00 0{at + 2}",
        )
        for at, name in enumerate(names)
    ]
    found = asked(practice, *rows, road=road)
    both = len(contacts) == 2 and road == "sms"
    rule = ("both-roads", "both_roads") if both else ("shared-contact", told)
    assert found == {row: [(*rule, "2 to 5")] for row in range(2, 6)}


def test_one_person_in_several_rows_is_one_person(practice):
    rows = [
        person("Jeanne Exemple", HERS, NUMBER, "12/04/1958"),
        person("EXEMPLE Jeanne", HERS, NUMBER),
        person("Jeanne Exemple", HERS, NUMBER, "12/04/1958"),
    ]
    assert asked(practice, *rows) == {}
    rows.append(person("Jeanne Exemple", HERS, NUMBER, "01/02/1990"))  # her granddaughter
    assert asked(practice, *rows)[5] == [("both-roads", "both_roads", "2 and 5")]


def test_rows_that_were_dragged_twice_name_each_other_only(practice):
    found = asked(
        practice,
        person("Jeanne Exemple", HERS, NUMBER),
        person("Paul Essai", HERS, OTHER),
        person("Lucie Fictif", THIRD, OTHER),
    )
    assert found == {
        2: [("shared-contact", "shared_email", "2 and 3")],
        3: [
            ("shared-contact", "shared_email", "2 and 3"),
            ("shared-contact", "shared_phone", "3 and 4"),
        ],
        4: [("shared-contact", "shared_phone", "3 and 4")],
    }


def test_people_of_the_directory_are_told_of_by_it(tmp_path):
    """A couple that was answered for there is not asked about each night."""
    practice = make_practice(tmp_path / "practice")
    with Desk(practice) as desk:
        for name in ("Jeanne Exemple", "Paul Essai"):
            desk.directory.add(name=name, kind=Kind.PATIENT, email=HERS, phone="+33639980001")
    rows = [person("Jeanne Exemple", HERS, NUMBER), person("Paul Essai", HERS, NUMBER)]
    assert asked(practice, *rows) == {}
    # She shares it with people whom the directory knows: its own finding asks in her row.
    assert asked(practice, *rows, person("Lucie Fictif", HERS, OTHER)).keys() == {2, 3}


def test_a_person_with_many_rows_hides_nobody(practice):
    rows = [person("Jeanne Exemple", HERS, NUMBER)] * 60
    found = asked(practice, *rows, person("Zoé Essai", HERS, OTHER))
    assert found.keys() == set(range(2, 63))
    assert found[62] == [("shared-contact", "shared_email", "2 and 62")]


@pytest.mark.parametrize("accept", [frozenset(), frozenset({"both-roads"})])
def test_rows_that_were_dragged_over_are_not_sealed_unasked(tmp_path, accept):
    practice = make_practice(tmp_path / "practice")
    patients = [Patient(number) for number in range(4)]
    rows = []
    for one in patients:
        (tmp_path / f"{one.number}.pdf").write_bytes(document(one))
        whose = patients[0] if one.number in {1, 2} else one
        born = f"{one.born:%d/%m/%Y}"
        rows.append([f"{one.number}.pdf", one.name, whose.email, whose.phone, born, "sms"])
    path = tmp_path / "manifest.csv"
    path.write_text(as_csv([HEADER, *rows]), "utf-8")
    results = {}
    options = Options(run="nuit", jobs=1, today=TODAY, named=True, accept=accept)
    with Desk(practice) as desk, Spool.create(practice.private) as spool, Inline() as executor:
        read = read_manifest(path, spool, region="FR", today=TODAY)
        survey(desk, spool)
        run(
            desk,
            spool,
            read,
            options,
            on_result=lambda it: results.update({it.number: it}),
            stop=lambda: False,
            executor=executor,
        )
    states = [results[number].state for number in range(2, 6)]
    if accept:
        assert states == [State.PREPARED] * 4
    else:
        assert states == [*[State.FAILED] * 3, State.PREPARED]
        assert {results[number].code for number in (2, 3, 4)} == {30}
        assert results[3].findings[0].rule == "both-roads"
