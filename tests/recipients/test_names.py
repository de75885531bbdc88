"""Protects the right person: a name is found however it is typed, and no other name is."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.errors import RecipientDataInvalid
from secshare.recipients.names import check_id, fold, make_id, one_line, reads_as_nir

any_text = st.text(max_size=40)
letters = st.text(string.ascii_lowercase, min_size=1, max_size=10)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("jeanne morel", "Jeanne MOREL"),
        ("Noel Lefevre", "Noël Lefèvre"),
        ("l hopital", "L’Hôpital"),
        ("L'Hopital", "L‘Hôpital"),
        ("jean paul", "Jean-Paul"),
        ("Jean–Paul", "jean\u00a0paul"),
        ("coeur oeuf", "Cœur Œuf"),
        ("strasse", "Straße"),
        ("soren", "Søren"),
        ("ﬁfi", "fifi"),
        ("  Jeanne   Morel ", "Jeanne Morel"),
        ("ＪＥＡＮＮＥ", "jeanne"),
        ("Jean\u200bne", "Jeanne"),
        ("I\u0307stanbul", "istanbul"),
        ("M. Morel", "M Morel"),
        ("O\u02bcBrien", "O'Brien"),
    ],
)
def test_spellings_of_one_name_are_one(typed, stored):
    assert fold(typed) == fold(stored)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Li-An", "Lian"),
        ("Jean Paul", "Jeanpaul"),
        ("Dupont", "Dupond"),
        ("Morel Jeanne", "Jeanne Morel"),
        ("Jeanne", "Jeannet"),
        ("Наталья", "Natalia"),
        ("Müller", "Mueller"),
        ("O'Brien", "OBrien"),
    ],
)
def test_names_that_are_not_spelled_alike_stay_two(one, other):
    assert fold(one) != fold(other)


@given(any_text)
def test_folding_twice_changes_nothing(name):
    assert fold(fold(name)) == fold(name)


@given(any_text)
def test_what_is_folded_has_no_case_accent_or_odd_space(name):
    folded = fold(name)
    assert folded == folded.strip()
    assert "  " not in folded
    assert not set(folded) & set("'’-_.,\u00a0\t\n\u202e")


@given(letters, letters)
def test_two_plain_words_fold_alike_only_if_they_are_alike(one, other):
    assert (fold(one) == fold(other)) == (one == other)


# --- ids ----------------------------------------------------------------------------------------


@given(any_text, st.sampled_from(["patient", "professional", "organisation"]))
def test_an_id_made_from_any_name_is_a_safe_file_name(name, kind):
    try:
        name = one_line("name", name)
    except RecipientDataInvalid:
        return  # refused before an id is made from it
    made = make_id(name, kind, lambda _: False)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= 48
    assert check_id(made) == made
    assert not reads_as_nir(made)


@given(letters, st.integers(1, 30))
def test_an_id_is_never_given_twice(name, count):
    taken = set()
    for _ in range(count):
        made = make_id(name, "patient", taken.__contains__)
        assert made not in taken
        taken.add(made)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Jeanne Morel", "jeanne-morel"),
        ("D’Hôtel-Œuf, François", "d-hotel-oeuf-francois"),
        ("Practice", "practice-2"),
        ("CON", "con-2"),
        ("Наталья", "patient"),
        ("a" * 90, "a" * 42),
    ],
)
def test_ids_are_what_a_person_would_write(name, made):
    assert make_id(name, "patient", lambda _: False) == made


@pytest.mark.parametrize(
    "chosen",
    [
        "",
        "-",
        "a--b",
        "a b",
        "é",
        "../x",
        "a/b",
        "a.b",
        "practice",
        "NUL",
        "com1",
        "a" * 49,
        "a\nb",
    ],
)
def test_an_id_that_is_no_plain_word_is_refused(chosen):
    with pytest.raises(RecipientDataInvalid):
        check_id(chosen)


def test_an_id_may_be_typed_in_capitals():
    assert check_id(" LAB-12 ") == "lab-12"


# --- social-security numbers --------------------------------------------------------------------

separators = st.sampled_from(["", " ", "-", ".", "/", "\u00a0", "_", "'"])


@st.composite
def numbers(draw):
    """Any number of the shape, whether its key is right, wrong or not there."""
    sex = draw(st.sampled_from("123478"))
    year = draw(st.integers(0, 99))
    month = draw(st.sampled_from([*range(1, 13), *range(20, 100)]))
    place = draw(st.sampled_from(["75", "01", "95", "2A", "2b", "97", "99"]))
    rest = draw(st.integers(0, 999_999))
    key = draw(st.sampled_from(["", "01", "42", "97"]))
    return f"{sex}{year:02}{month:02}{place}{rest:06}{key}"


@given(numbers(), st.lists(separators, min_size=14, max_size=14), st.text("ab ", max_size=4))
def test_a_social_security_number_is_seen_however_it_is_cut_up(number, between, around):
    pieces = "".join(c + between[i] if i < len(between) else c for i, c in enumerate(number))
    text = f"{around}{pieces}"
    assert reads_as_nir(text)
    for refuse in (check_id, lambda text: one_line("name", f"Jeanne {text}")):
        with pytest.raises(RecipientDataInvalid) as caught:
            refuse(text)
        assert number not in str(caught.value)


def test_a_social_security_number_in_other_digits_is_seen():
    assert reads_as_nir("２５５０８１４１６８０２５３８")
    assert reads_as_nir("٢٥٥٠٨١٤١٦٨٠٢٥٣٨")


@pytest.mark.parametrize(
    "text", ["jeanne-morel", "lab-12", "0639980001", "14081950", "rpps-10003456789", "2550814168"]
)
def test_other_numbers_are_no_social_security_numbers(text):
    assert not reads_as_nir(text)


# --- free text ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "  ", "a" * 101, "Jeanne\nMorel", "Jeanne\x1b[2J", "Jeanne\u202eMorel", "=HYPERLINK()",
     "-Jeanne", "+33", "@cmd", "1234", "Jeanne\u2028Morel", "\udcff"],
)  # fmt: skip
def test_a_name_that_would_harm_a_screen_or_a_spreadsheet_is_refused(text):
    with pytest.raises(RecipientDataInvalid):
        one_line("name", text)


def test_a_name_keeps_its_accents_in_composed_letters():
    assert one_line("name", " Ame\u0301lie\u00a0 Noe\u0308l ") == "Amélie Noël"
