"""Names and days in a text stand where an expression of all their spellings finds them."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from secshare.preflight.standing import Forms, boxed, dated

MONTHS = {1: ("janvier", "january", "jan", "janv"), 8: ("aout", "august", "aug")}
DAYS = st.builds(
    date, st.sampled_from([1969, 2002, 2020]), st.sampled_from([1, 8]), st.integers(1, 28)
)
WORDS = st.lists(st.sampled_from(["anne", "annee", "marie", "a", "m", "x"]), max_size=14).map(
    " ".join
)


def spelt(day: date) -> str:
    d, m, y = day.day, day.month, day.year
    forms = [f"0?{d} 0?{m} {y}", f"{y} {m:02} {d:02}", f"{d:02}{m:02}{y}", f"{y}{m:02}{d:02}"]
    for word in MONTHS[m]:
        forms += [f"0?{d}(?:er|th|st|nd|rd)? {word} {y}", f"{word} 0?{d}(?:th|st|nd|rd)? {y}"]
    return rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)"


@given(
    st.lists(st.sampled_from(["anne marie", "marie anne", "anne", "anne m", "marie anne a"])), WORDS
)
def test_the_longest_form_of_a_name_is_found_at_each_place(forms: list[str], text: str) -> None:
    every = sorted(set(forms), key=len, reverse=True)
    plain = rf"(?<!\w)(?:{'|'.join(every) or '(?!)'})(?!\w)"
    assert Forms(forms).spans(text) == [seen.span() for seen in re.finditer(plain, text)]


def test_a_name_that_a_program_cut_is_found_beside_the_whole_one() -> None:
    whole = "exemplaire bartholomee guillemette"
    text = f"x {whole} y {whole[:24]} z {whole[:23]}"
    found = Forms([whole, whole[:24]]).spans(text)
    assert [text[start:end] for start, end in found] == [whole, whole[:24]]


@given(DAYS, DAYS, st.data())
def test_a_day_is_found_however_it_is_written_and_no_other(day: date, other: date, data) -> None:
    written = data.draw(
        st.from_regex(spelt(other).replace(r"(?<!\w)", "").replace(r"(?!\w)", ""), fullmatch=True)
    )
    text = data.draw(
        st.sampled_from(["{}", "1 {}", "{} 1", "x{}", "{}x", "le {} a", "0{}", "{}0", "2 {} 01 08"])
    )
    text = text.format(written)
    assert dated(text, day) == (re.search(spelt(day), text) is not None)


@given(st.text("abx1 ", max_size=14).map(lambda text: " ".join(text.split())))
def test_letters_in_boxes_are_read_as_a_word(text: str) -> None:
    runs = re.findall(r"(?<!\w)(?:\w ){3,}\w(?!\w)", text)
    assert boxed(text, "aabb") == any("aabb" in run.replace(" ", "") for run in runs)
