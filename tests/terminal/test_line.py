"""Protects a line being typed: every key does one thing, and no key puts anything unseen in it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.terminal.columns import columns, rows, wrapped
from secshare.terminal.line import Key, Line

KEYS = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(list("ab \x1b[D[C[200~[201~\x7f\x15\x17\r"))
    ),
    max_size=60,
)


@given(KEYS, st.integers(1, 5))
def test_keys_mean_the_same_in_whatever_pieces_they_come(keys: str, size: int) -> None:
    whole, pieces = Line(), Line()
    ended = whole.feed(keys)
    for at in range(0, len(keys), size):
        key, _ = pieces.feed(keys[at : at + size])
        if key is not None:
            assert key is ended[0]
            break
    assert (pieces.text, pieces.cursor) == (whole.text, whole.cursor)


@given(KEYS)
def test_nothing_invisible_gets_into_the_line(keys: str) -> None:
    line = Line()
    line.feed(keys)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in line.text)
    assert 0 <= line.cursor <= len(line.text)


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        ("un deux", "un deux", 7),
        ("un deux\x17", "un ", 3),
        ("un deux  \x17\x17", "", 0),
        ("un-deux\x17", "un-", 3),
        ("--\x17", "", 0),
        ("un\x1b[D\x15", "n", 0),
        ("un\x01d\x05e", "dune", 4),
        ("un\x1bOHd\x1bOFe", "dune", 4),
        ("abc\x1b[D\x1b[D\x1b[3~", "ac", 1),
        ("a\tb", "a b", 3),
        ("\x7f\x1b[D\x1b[3~", "", 0),
        ("a\x1b[200~b\r\nc\td\x1b[201~e", "ab  c de", 8),
        ("a\x1b[99;5Xb\x1bzc", "abc", 3),
        ("x" * 9_000, "x" * 8_192, 8_192),
    ],
)
def test_each_key_does_one_thing(keys: str, text: str, cursor: int) -> None:
    line = Line()
    assert line.feed(keys) == (None, "")
    assert (line.text, line.cursor) == (text, cursor)


def test_the_line_ends_on_enter_ctrl_c_and_ctrl_d_when_empty() -> None:
    assert Line().feed("a\rb") == (Key.ENTER, "b")
    assert Line().feed("a\x03b") == (Key.CANCEL, "b")
    assert Line().feed("\x04") == (Key.END, "")
    assert Line().feed("a\x04") == (None, "")


@given(st.text(max_size=200), st.integers(2, 30))
def test_rows_lose_nothing_and_fit(text: str, width: int) -> None:
    cut = rows(text, width)
    assert "".join(cut) == text
    assert all(columns(row) <= width for row in cut)


@given(st.text(st.sampled_from("ab- \né漢"), max_size=200), st.integers(2, 30))
def test_wrapped_lines_fit_and_keep_every_word(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_a_phrase_is_cut_after_its_dashes() -> None:
    assert wrapped("abandon-balance-cactus", 16) == ["abandon-balance-", "cactus"]


@pytest.mark.parametrize("width", range(12, 60))
def test_a_sign_after_a_blank_does_not_begin_a_row(width: int) -> None:
    question = "Cabinet : 20 partages ; est-ce bien là le bon manifeste ? « Oui ! » [oui/non]"
    for row in wrapped(question, width, after=" "):
        assert columns(row) <= width
        assert row.strip()[0] not in ":;?!»"
    assert wrapped("a ? ? ? ? ? ?", 5, after=" ")[0] == "a ?"  # where it cannot be helped
