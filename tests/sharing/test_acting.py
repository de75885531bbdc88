"""Protects the journal from numbers of people, and from lines that somebody slips into a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.errors import RecipientDataInvalid
from secshare.sharing.acting import acting
from secshare.terminal import system_user


def test_who_acts_is_the_account_and_the_person_who_said_so():
    actor = acting("  Claire\u00a0D. ")
    assert (actor.user, actor.by) == (system_user(), "Claire D.")
    assert acting().by is None


@pytest.mark.parametrize("by", ["Poste 12", "Élodie", "Interne 2026", "secrétariat du Dr Exemple"])
def test_a_name_as_colleagues_say_it_is_taken(by):
    assert acting(by).by == by


@pytest.mark.parametrize(
    ("by", "key"),
    [
        ("", "recipients.text_length"),
        ("x" * 61, "recipients.text_length"),
        ("Claire\nreference: X", "recipients.text_hidden"),
        ("Claire\u202eD", "recipients.text_hidden"),
        ("Claire \ud800", "recipients.text_hidden"),
        ("Claire 2 55 08 14 168 025 38", "recipients.text_nir"),
        ("Dr Exemple 10003456789", "sharing.by_number"),
        ("Dr Exemple ١٠٠٠٣٤", "sharing.by_number"),
    ],
)
def test_what_is_no_name_is_refused(by, key):
    with pytest.raises(RecipientDataInvalid) as caught:
        acting(by)
    assert caught.value.key == key
    assert "--by" in " ".join(caught.value.explain("fr"))


@given(st.text(max_size=80))
def test_whatever_is_taken_is_one_short_line_of_text(by):
    try:
        taken = acting(by).by
    except RecipientDataInvalid:
        return
    assert len(taken.splitlines()) == 1
    assert len(taken) <= 60
    assert taken.encode("utf-8")
