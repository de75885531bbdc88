"""Protects names with accents: a text is read in the encoding it was written in, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare.preflight import readers
from secshare.preflight.content import Why
from secshare.preflight.readers.text import decoded

SENTENCE = "Hélène Lefèvre, née à Évry, œuvre ; 12 €\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"],
)
def test_a_french_text_is_read_in_every_encoding_it_comes_in(encoding):
    assert decoded((SENTENCE * 3).encode(encoding)) == SENTENCE * 3


def test_one_damaged_character_does_not_change_the_encoding():
    damaged = (SENTENCE * 20).encode() + b"\xe9"
    read = decoded(damaged)
    assert read is not None
    assert read.startswith(SENTENCE)


@pytest.mark.parametrize(
    "data", [bytes(range(256)), b"\x00\x01\x02\x03" * 100, b"PK\x05\x00\x01\x02"]
)
def test_bytes_that_are_no_text_are_none(data):
    assert decoded(data) is None


def test_a_file_is_one_part_whose_lines_are_its_own():
    (part,) = readers.read("a.txt", b"un\r\ndeux\rtrois\n").parts
    assert part.text == "un\ndeux\ntrois\n"
    assert part.place.line is None
    assert part.place.field is None


def test_an_unknown_ending_is_read_as_text():
    (part,) = readers.read("note.xyz", b"Patient : Lou MARTIN").parts
    assert part.text == "Patient : Lou MARTIN"


def test_a_message_encrypted_in_a_text_is_told():
    content = readers.read("a.txt", b"Bonjour\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n")
    assert [unread.why for unread in content.unread] == [Why.ENCRYPTED]
    assert "Bonjour" in content.parts[0].text


@settings(max_examples=200, deadline=None)
@given(data=st.binary(min_size=1, max_size=200))
def test_no_bytes_raise_and_none_are_passed_over(data):
    content = readers.read("a.txt", data)
    assert content.parts or content.unread


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf_8_is_read_as_it_was_written(text):
    assert decoded(text.encode()) in {text, text.removeprefix("\ufeff")}
