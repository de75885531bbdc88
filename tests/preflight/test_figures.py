"""No number is passed over because too few figures were thought to stand in its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.preflight.identifiers import accounts, contacts, nir, professionals
from secshare.preflight.identifiers.figures import Figures

PIECES = st.sampled_from(
    (
        *"0123456789",
        *("2A", "2b", "10", "00", "0033", "+33 (0)", "+1", "(0)", "00 1"),
        *(" ", "  ", "\n", "\r\n ", "\t", ".", "/", "-", "|", ",", "_", "x", "\u0153", "\u0660"),
        *("FR76", "fr76 ", "Fr14", "BE68 ", "1 85 05 75 999 123 ", "2 69 05 2A 999 012", "10001"),
        *("siren ", "FINESS : ", "adeli 2A", "rpps", "t\u00e9l. ", "fax 12.34.56", "30004 00003 "),
        *("0639980012", "06 39 98 00 12", "123 456 789 01234", "12345678901", "00000000000"),
    )
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(TEXTS, st.booleans())
def test_what_is_passed_over_would_have_found_nothing(text, labelled):
    figures = Figures(text)
    heading = "siret rpps adeli finess siren" if labelled else ""
    if not figures.account:
        assert not list(accounts.search(text, labelled=labelled))
    if not figures.person:
        assert not list(nir.search(text, labelled=labelled))
    if not figures.professional:
        assert not list(professionals.search(text, heading=heading))
    for region in ("FR", "NC"):
        if not figures.phone(local=region in contacts.LOCAL_REGIONS):
            assert not list(contacts.phones(text, region=region, labelled=labelled))


@pytest.mark.parametrize(
    "text",
    ["01/05/1969", "132/78 mmHg, 12 ans", "le 12/03/2026 à 10h30", "", "\u0660\u0661\u0662" * 9],
)
def test_a_date_or_a_measure_is_no_number(text):
    figures = Figures(text)
    assert not figures.account
    assert not figures.person
    assert not figures.professional
    assert not figures.phone(local=False)
