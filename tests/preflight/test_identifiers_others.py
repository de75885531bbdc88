"""Protects accounts, addresses, telephones and birth dates: found, and not invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as library

from secshare.preflight.identifiers import dates, find


def found(text: str, *, region: str = "FR", heading: str = "") -> list[tuple[str, str]]:
    return [(match.kind.value, match.value) for match in find(text, region=region, heading=heading)]


# --- accounts -----------------------------------------------------------------------------------


@st.composite
def ribs(draw):
    bank, branch = (f"{draw(st.integers(1, 99_999)):05}" for _ in range(2))
    account = draw(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=11, max_size=11))
    digits = account.translate(
        str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
    )
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(digits)) % 97
    return bank, branch, account, f"{key:02}"


@given(ribs(), st.sampled_from([" ", "  ", "\u00a0", "\t", " | "]))
def test_a_rib_is_found_in_its_groups(rib, separator):
    assert found(separator.join(rib)) == [("rib", "".join(rib))]


@given(ribs(), st.sampled_from(["", " ", "\u00a0", "."]), st.integers(0, 20))
def test_an_iban_is_found_in_groups_and_over_two_lines(rib, separator, place):
    whole = f"FR{library.calc_check_digits('FR00' + ''.join(rib))}{''.join(rib)}"
    assert library.is_valid(whole)
    groups = [whole[at : at + 4] for at in range(0, 27, 4)]
    assert found(f"à payer sur {separator.join(groups)} merci") == [("iban", whole)]
    place = place % 6 + 1
    lines = " ".join(groups[:place]) + "\n  " + " ".join(groups[place:])
    assert found(f"IBAN : {lines}\nBIC AGRIFRPP") == [("iban", whole)]


def test_an_iban_that_its_countrys_own_check_refuses_is_one():
    assert found("BE68 5390 0754 7034") == [("iban", "BE68539007547034")]


def test_a_wrong_iban_is_one_beside_its_word_only():
    wrong = "FR7630006000011234567890180"
    match = find(f"IBAN {wrong}", region="FR")[0]
    assert (match.value, match.key) == (wrong, False)
    assert found(wrong) == []


# --- addresses and telephones -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Mail : Jeanne.Dupont@Exemple.fr.", ["jeanne.dupont@exemple.fr"]),
        ("<mailto:a+b@c-d.example>,x_y@z.fr;", ["a+b@c-d.example", "x_y@z.fr"]),
        ("@ seul, a@b, @nom, 12@34.56, a@@b.fr", []),
    ],
)
def test_addresses_are_found(text, addresses):
    assert found(text) == [("email", address) for address in addresses]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0639980012", "+33639980012"),
        ("06 39 98 00 12", "+33639980012"),
        ("06.39.98.00.12", "+33639980012"),
        ("06-39-98-00-12", "+33639980012"),
        ("0639 980 012", "+33639980012"),
        ("06\u202f39\u202f98\u202f00\u202f12", "+33639980012"),
        ("+33 6 39 98 00 12", "+33639980012"),
        ("+33 (0)6 39 98 00 12", "+33639980012"),
        ("0033 639980012", "+33639980012"),
        ("0692 12 34 56", "+262692123456"),
        ("0590 12 34 56", "+590590123456"),
        ("+596 696 12 34 56", "+596696123456"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_telephones_are_found_in_e164(text, number):
    assert found(text) == [("phone", number)]
    assert found(f"Tél. : {text}, le 12/11/2025") == [("phone", number)]


def test_a_telephone_of_the_pacific_is_read_by_its_region_beside_its_word():
    assert found("Tél : 25.12.34", region="NC") == [("phone", "+687251234")]
    assert found("Tél : 25.12.34") == []


def test_what_follows_a_telephone_is_not_a_part_of_it():
    assert found("+33 6 39 98 00 12 2025") == [("phone", "+33639980012")]
    assert found("01 99 00 12 34 01 99 00 12 35") == [
        ("phone", "+33199001234"),
        ("phone", "+33199001235"),
    ]


@pytest.mark.parametrize(
    "text", ["12.0639980012", "0639980012345", "01/02/2025 12:30", "0,12345678"]
)
def test_parts_of_other_numbers_are_no_telephones(text):
    assert found(text) == []


# --- birth dates --------------------------------------------------------------------------------

_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
days = st.dates(date(1901, 1, 1), date(2024, 12, 31))
WORDS = (
    *("Né le", "née le", "Né(e) le :", "NÉE LE", "Date de naissance :", "DATE DE NAISSANCE\n"),
    *("DDN", "D.D.N. :", "Date naiss.", "née EXEMPLE le", "DOB:", "Date of birth:", "born"),
)


def written(day: date) -> list[str]:
    first = "1er" if day.day == 1 else str(day.day)
    return [
        *(day.strftime(form) for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d")),
        day.strftime("%d %m %Y"),
        " ".join(day.strftime("%d%m%Y")),
        "|".join(day.strftime("%d%m%Y")),
        f"{first} {_MONTHS[day.month - 1]} {day.year}",
        f"{first} {_MONTHS[day.month - 1].upper()} {day.year}",
    ]


@given(days, st.sampled_from(WORDS), st.integers(0, 8))
def test_a_birth_date_is_found_beside_its_word(day, word, form):
    text = f"{word} {written(day)[form]}\nvu le 15/11/2025"
    assert found(text) == [("birth_date", day.isoformat())]


@given(st.lists(days, min_size=1, max_size=8))
def test_dates_alone_are_nobodys_birth_dates(drawn):
    assert found("\n".join(f"vu le {day:%d/%m/%Y} et {day:%Y-%m-%d}" for day in drawn)) == []


@given(st.lists(days, min_size=1, max_size=8))
def test_each_row_below_a_title_gives_one(drawn):
    rows = [f"EXEMPLE Jeanne  15/11/2025  {day:%d/%m/%Y}" for day in drawn]
    text = "\n".join(["Nom  Prénom  Date d'examen  Date de naissance", *rows])
    assert found(text) == [("birth_date", day.isoformat()) for day in drawn]


def test_two_digits_of_a_year_are_of_the_last_hundred_years():
    today = date(2026, 11, 22)
    for text, day in (("12/03/79", "1979-03-12"), ("12/03/26", "2026-03-12")):
        assert [match.value for match in dates.search(f"né le {text}", today=today)] == [day]


@pytest.mark.parametrize(
    "text",
    ["né le 31/02/1979", "née le 12/03/1850", "né le 12/03/2999", "né en 1979, le 15/11/2025"],
)
def test_what_is_no_birth_date_is_refused(text):
    assert found(text) == []


def test_a_column_of_birth_dates_needs_no_word_in_its_cells():
    assert found("12/03/1979", heading="Date_naissance") == [("birth_date", "1979-03-12")]
    assert found("12/03/1979", heading="Date_entree") == []


# --- professionals ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("RPPS : 10100172155", ("rpps", "10100172155")),
        ("N° FINESS : 75 000 000 1", ("finess", "750000001")),
        ("SIRET 732 829 320 00074", ("siret", "73282932000074")),
        ("732 829 320 00074", ("siret", "73282932000074")),
        ("SIREN : 732829320", ("siret", "732829320")),
        ("ADELI 759312345", ("adeli", "759312345")),
    ],
)
def test_those_who_care_are_found(text, value):
    assert found(text) == [value]


def test_nine_digits_without_a_word_are_nothing():
    assert found("750000001 et 732829320") == []


# --- hostile texts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        " ",
        "@",
        "a@",
        "0",
        "1 ",
        "1\n",
        "1-",
        "né ",
        "naissance 1 ",
        "FR76 ",
        "+1",
        "finess ",
        "01 ",
        "1" + " " * 60 + "\n",
    ],
)
def test_a_hostile_text_is_read_to_its_end(piece):
    text = piece * (100_000 // len(piece)) + "\n\nnée le 12/03/1979"
    assert found(text)[-1] == ("birth_date", "1979-03-12")
