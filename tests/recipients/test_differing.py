"""Protects the question about a look-alike: the letter that matters is shown, no contact whole."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.recipients import Contact, told_difference
from tests.lookalikes.mutations import EMAILS, PHONES
from tests.lookalikes.people import people


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("jeanne.exemple@example.org", "jeanne.exernple@example.org", "…xe[m|rn]pl…@example.org"),
        ("jeanne.exemple@example.org", "jeanne.exemp1e@example.org", "…mp[l|1]e@example.org"),
        ("jeanne@example.org", "jeanne75@example.org", "…nn[e|e75]@example.org"),
        ("Jeanne@example.fr", "jeanne@example.com", "j***@example.[fr|com]"),
        ("jeanne@example.org", "jeanne@examp1e.org", "j***@examp[l|1]e.org"),
        ("anne.a@example.org", "\u0430nne.a@example.org", "[a|U+0430]nn…@example.org"),
        ("zoe.neuf@example.org", "zoé.neuf@example.org", "zo[e|é].n…@example.org"),
        ("luc@example.org", "luk@example.org", "…[c|k]@example.org"),
        ("lu@example.org", "lo@example.org", "…[u|o]…@example.org"),
        # Too much of it, or both parts: neither is said.
        ("jean.fictif@example.org", "fictif.jean@example.org", None),
        ("jean.fictif@example.org", "jean.fictiv@example.com", None),
    ],
)
def test_two_addresses_are_told_apart_by_the_place_where_they_differ(one, other, told):
    masked = f"{one[:1].lower()}***@{one.split('@')[1]} / {other[:1]}***@{other.split('@')[1]}"
    assert told_difference(Contact.EMAIL, one, other) == (told or masked)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("+33639980001", "+33639980011", "…[0|1]1"),
        ("+33639980001", "+33639980010", "…[01|10]"),
        ("+33639980001", "+33639880001", "…[9|8]* ** 01"),
        ("+33639980001", "+33629980001", "…[3|2]* ** ** 01"),
        ("+33639980001", "+262639980001", "[+33|+262]…01"),
        ("+33639980001", "+33712345678", "** ** ** ** 01 / ** ** ** ** 78"),
    ],
)
def test_two_numbers_are_told_apart_by_the_digits_that_differ(one, other, told):
    assert told_difference(Contact.PHONE, one, other) == told


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("255081416802538@patient.mssante.fr", "255081416802539@patient.mssante.fr"),
        ("2.55.08.14.168.025@example.org", "2.55.08.14.168.026@example.org"),
        ("255081416802538@example.org", "255081416802538@example.com"),
        ("jeanne@patient.mssante.fr", "jeannf@patient.mssante.fr"),
    ],
)
def test_an_address_that_may_hold_a_number_shows_no_digit_of_it(one, other):
    for pair in ((one, other), (other, one)):
        told = told_difference(Contact.EMAIL, *pair)
        assert told == " / ".join(f"***@{each.split('@')[1]}" for each in pair)


@pytest.mark.parametrize("kind", [*EMAILS, *PHONES])
def test_no_slip_or_mask_of_any_kind_shows_a_contact_whole(kind):
    draw = random.Random(kind)
    contact = Contact.PHONE if kind in PHONES else Contact.EMAIL
    for one in people(200, 7):
        value = one.phone if kind in PHONES else one.email
        changed = {**EMAILS, **PHONES}[kind](draw, value)
        if changed is None or changed.casefold() == value.casefold():
            continue
        told = told_difference(contact, value, changed).casefold()
        assert not _whole(told, value.casefold())
        assert not _whole(told, changed.casefold())


LOCALS = st.text("abcé1.", min_size=1, max_size=9)


@given(LOCALS, LOCALS)
def test_no_address_is_shown_whole_however_short(one, other):
    told = told_difference(Contact.EMAIL, f"{one}@example.org", f"{other}@example.org")
    assert not _whole(told, f"{one}@example.org")
    assert not _whole(told, f"{other}@example.org")


def _whole(told, contact):
    """Whether a reading of what is told, either way of its brackets, is the contact."""
    before, bracket, rest = told.partition("[")
    choice, _, after = rest.partition("]")
    readings = [before + way + after for way in choice.split("|")] if bracket else [told]
    return any(contact in reading for reading in readings)
