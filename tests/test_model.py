"""A reference misread or mistyped is noticed; a passphrase is not made or shown by accident."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.errors import ShareUnknown
from secshare.model import Passphrase, Reference

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
references = st.integers(0, 2**40 - 1).map(
    lambda number: Reference.draw(lambda base, rest=[number]: _next(base, rest))
)


def _next(base: int, rest: list[int]) -> int:
    rest[0], digit = divmod(rest[0], base)
    return digit


@given(references)
def test_a_reference_is_read_however_it_is_written(reference: Reference) -> None:
    typed = str(reference)
    for form in (typed, typed.lower(), typed.replace("-", ""), typed.replace("-", " ")):
        assert Reference.parse(form) == reference
    assert Reference.parse(typed.replace("0", "O").replace("1", "l")) == reference


@given(references, st.integers(0, 8), st.sampled_from(SYMBOLS))
def test_one_wrong_symbol_is_always_noticed(
    reference: Reference, position: int, symbol: str
) -> None:
    symbols = list(str(reference).replace("-", ""))
    if symbols[position] == symbol:
        return
    symbols[position] = symbol
    with pytest.raises(ShareUnknown):
        Reference.parse("".join(symbols))


@given(references, st.integers(0, 7))
def test_two_neighbours_exchanged_are_always_noticed(reference: Reference, position: int) -> None:
    symbols = list(str(reference).replace("-", ""))
    if symbols[position] == symbols[position + 1]:
        return
    symbols[position], symbols[position + 1] = symbols[position + 1], symbols[position]
    with pytest.raises(ShareUnknown):
        Reference.parse("".join(symbols))


@pytest.mark.parametrize(
    "typed", ["", "K7Q2", "K7Q2-M9PX-", "../../etc/passwd", "é" * 9, "\x1b[2J"]
)
def test_what_is_no_reference_is_refused(typed: str) -> None:
    with pytest.raises(ShareUnknown):
        Reference.parse(typed)


def test_a_passphrase_cannot_be_chosen() -> None:
    with pytest.raises(TypeError):
        Passphrase("abeille-cabane")


def test_a_passphrase_shows_itself_nowhere() -> None:
    drawn = Passphrase._drawn(("abeille", "cabane"), "fr", 22.0)
    for shown in (repr(drawn), str(drawn), f"{drawn}", f"{drawn!r}"):
        assert "abeille" not in shown
    for copied in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            copied(drawn)
    assert drawn.reveal() == "abeille-cabane"
