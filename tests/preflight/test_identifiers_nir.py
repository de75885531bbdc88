"""Protects against another person's number: it is found however it is written, and only it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir as library

from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers import find
from secshare.preflight.identifiers.nir import key_of


def found(text: str, heading: str = "") -> list[tuple[str, bool | None]]:
    return [
        (match.value, match.key)
        for match in find(text, region="FR", heading=heading)
        if match.kind is IdentifierKind.NIR
    ]


@st.composite
def numbers(draw):
    """A number that could be somebody's, thirteen characters: the orders are invented."""
    sex = draw(st.sampled_from("12"))
    year, month = draw(st.integers(0, 99)), draw(st.integers(1, 12))
    place = draw(st.sampled_from(["01", "33", "75", "95", "2A", "2B", "99"]))
    commune = f"{draw(st.integers(1, 589)):03}"
    if draw(st.booleans()):
        place, commune = "97", draw(st.sampled_from(["105", "209", "302", "411", "611"]))
    return f"{sex}{year:02}{month:02}{place}{commune}{draw(st.integers(1, 999)):03}"


def cut(number: str, separator: str) -> str:
    places = ((0, 1), (1, 3), (3, 5), (5, 7), (7, 10), (10, 13), (13, 15))
    return separator.join(number[start:end] for start, end in places if number[start:end])


SEPARATORS = (
    *("", " ", "  ", ".", "-", "/", "\u00a0", "\u202f", "\u2009", "\t", "\u2011", "\u2013", " - "),
)


@given(numbers(), st.sampled_from(SEPARATORS))
def test_a_number_with_its_key_is_found_without_any_word(number, separator):
    whole = f"{number}{key_of(number):02}"
    assert library.is_valid(whole)
    assert found(f"Bonjour,\n{cut(whole, separator)}\nmerci") == [(number, True)]


@given(numbers(), st.sampled_from([" ", "|", " | ", "\u00a0"]))
def test_a_number_in_boxes_is_found(number, separator):
    whole = f"{number}{key_of(number):02}"
    assert found(f"N° : |{separator.join(whole)}|") == [(number, True)]


@given(numbers(), st.integers(1, 14))
def test_a_number_over_two_lines_is_found_beside_its_word(number, place):
    whole = f"{number}{key_of(number):02}"
    text = f"N° de sécurité sociale : {whole[:place]}\n   {whole[place:]}"
    assert found(text) == [(number, True)]


@given(numbers(), st.integers(1, 6))
def test_a_number_over_two_lines_in_the_usual_groups_is_found_without_a_word(number, group):
    pieces = cut(f"{number}{key_of(number):02}", " ").split(" ")
    text = " ".join(pieces[:group]) + "\n" + " ".join(pieces[group:])
    assert found(text) == [(number, True)]


@given(
    numbers(),
    st.sampled_from(
        ["NIR", "INS :", "N° SS", "N°S.S.", "Numéro de SÉCURITÉ SOCIALE\n", "Matricule"]
    ),
    st.sampled_from(["", " "]),
)
def test_thirteen_characters_are_found_beside_a_word(number, word, separator):
    assert found(f"{word} {cut(number, separator)}.") == [(number, None)]


@given(numbers(), st.integers(1, 96), st.sampled_from(["", " "]))
def test_a_wrong_key_is_kept_and_said_beside_a_word(number, more, separator):
    wrong = (key_of(number) + more - 1) % 97 + 1
    assert found(f"INS : {cut(f'{number}{wrong:02}', separator)}") == [(number, False)]


@given(numbers(), st.integers(1, 96))
def test_a_wrong_key_is_kept_in_the_usual_groups(number, more):
    wrong = (key_of(number) + more - 1) % 97 + 1
    assert found(cut(f"{number}{wrong:02}", " ")) == [(number, False)]


@given(numbers(), st.sampled_from("3478"), st.sampled_from(["20", "31", "42", "50", "99"]))
def test_temporary_numbers_and_unknown_months_are_found_beside_a_word(number, sex, month):
    number = sex + number[1:3] + month + number[5:]
    assert found(f"NIR {number}{key_of(number):02}") == [(number, True)]


@given(numbers())
def test_a_column_of_numbers_needs_no_word_in_its_cells(number):
    assert found(f"{number}99", heading="N° Sécu") == [(number, False)]
    assert found(number, heading="NIR") == [(number, None)]


@given(numbers())
def test_other_digits_are_read(number):
    whole = f"{number}{key_of(number):02}"
    wide = whole.translate({ord("0") + d: 0xFF10 + d for d in range(10)})
    assert found(wide) == [(number, True)]


@given(numbers())
def test_the_address_of_a_patient_is_that_patients_number(number):
    whole = f"{number}{key_of(number):02}"
    assert (number, True) in found(f"{whole}@patient.mssante.fr")


@given(numbers())
def test_a_word_for_the_key_may_stand_before_it(number):
    assert found(f"NIR : {number} clé : {key_of(number):02}") == [(number, True)]


@given(numbers(), st.sampled_from(["5", "12", "A"]))
def test_a_part_of_something_longer_is_no_number(number, more):
    whole = f"{number}{key_of(number):02}"
    assert found(f"{whole}{more}") == []
    assert found(f"{more}{whole}") == []


@pytest.mark.parametrize(
    "text",
    [
        "1.2.250.1.213.1.4.8",
        "urn:oid:1.2.840.113619.2.55.3.604688119",
        "EAN 3400930000120",
        "Facture n° 2790351115123",
        "FR76 3000 6000 0112 3456 7890 189",
        "01 99 00 12 34 01 99 00 12 35 06 39 98 00 12",
        "12/03/1979 15/11/2025 02/11/2025",
        "Hb 12.5 VGM 90 Leuco 7.2 Plaq 250 Na 140 K 4.1",
        "1 250,00 2 300,50 12 000,00",
        "550e8400-e29b-41d4-a716-446655440000",
        "10101234561 10101234578",
        "20251115093012",
    ],
)
def test_other_numbers_are_none(text):
    assert found(text) == []


def test_random_numbers_are_taken_for_none_but_a_few():
    drawn = random.Random(4)
    fifteen = [f"{drawn.randrange(10**15):015}" for _ in range(20_000)]
    assert len(found("\n\n".join(fifteen))) <= 12
    grouped = [" ".join(f"{drawn.randrange(1000):03}" for _ in range(5)) for _ in range(20_000)]
    assert found("\n\n".join(grouped)) == []


def test_articles_are_never_taken_for_numbers():
    drawn = random.Random(5)
    for _ in range(5_000):
        begin = f"{drawn.randrange(10**12):012}"
        check = -sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(begin)) % 10
        assert found(f"{begin}{check}") == []


def test_a_number_never_shows_itself():
    match = find("NIR 279035111512351", region="FR")[0]
    assert "15123" not in repr(match)
