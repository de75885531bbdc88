"""Protects the road: the number and the address that are kept are those that were meant."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.errors import RecipientDataInvalid
from secshare.messages import Language
from secshare.recipients import (
    masked_email,
    masked_phone,
    parse_birth_date,
    parse_date,
    parse_email,
    parse_phone,
    shown_phone,
    takes_sms,
    written_date,
)
from secshare.recipients.fields import FIELDS, parse_field


def refused(key, act, *args, **options):
    with pytest.raises(RecipientDataInvalid) as caught:
        act(*args, **options)
    assert caught.value.key == key
    for language in Language:
        assert all(caught.value.explain(language))


# --- telephone ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "region", "kept"),
    [
        ("06 39 98 00 01", "FR", "+33639980001"),
        ("06.39.98.00.01", "FR", "+33639980001"),
        ("06-39-98-00-01", "FR", "+33639980001"),
        ("06\u00a039\u202f98 00 01", "FR", "+33639980001"),
        ("+33 (0)6 39 98 00 01", "FR", "+33639980001"),
        ("0033 6 39 98 00 01", "FR", "+33639980001"),
        ("01 99 00 12 34", "FR", "+33199001234"),
        ("0692 12 34 56", "RE", "+262692123456"),
        ("0262 12 34 56", "RE", "+262262123456"),
        ("0693 12 34 56", "YT", "+262693123456"),
        ("0690 12 34 56", "GP", "+590690123456"),
        ("0690 12 34 56", "MF", "+590690123456"),
        ("0696 12 34 56", "MQ", "+596696123456"),
        ("0694 12 34 56", "GF", "+594694123456"),
        ("+33 7 67 12 34 56", "RE", "+33767123456"),
        ("+262 692 12 34 56", "FR", "+262692123456"),
        ("93 25 12 34", "MC", "+37793251234"),
        ("87 12 34 56", "PF", "+68987123456"),
        ("０６３９９８０００１", "FR", "+33639980001"),
    ],
)
def test_a_number_is_read_by_the_practices_region(typed, region, kept):
    assert parse_phone("phone", typed, region=region) == kept


@pytest.mark.parametrize("region", ["RE", "GP", "MQ", "GF", "YT"])
@pytest.mark.parametrize("number", ["06 12 34 56 78", "07 67 12 34 56", "01 99 00 12 34"])
def test_overseas_a_mainland_number_is_never_taken_for_granted(region, number):
    refused("recipients.phone", parse_phone, "phone", number, region=region)


def test_on_the_mainland_an_overseas_number_needs_its_code():
    refused("recipients.phone", parse_phone, "phone", "0692 12 34 56", region="FR")


@pytest.mark.parametrize(
    "typed", ["639980001", "6 39 98 00 01", "33639980001", "6,3998E+08", "6.39980001E8"]
)
def test_a_number_that_a_spreadsheet_damaged_is_said(typed):
    refused("recipients.phone_damaged", parse_phone, "phone", typed, region="FR")


@pytest.mark.parametrize(
    "typed",
    ["", "Jeanne", "06 39", "06 39 98 00 0A", "0800 FLOWERS", "06 39 98 00 01 ext 3", "tel:+33639",
     "+33639980001;12", "06 39 98 00 01\n06", "+999123456", "+"],
)  # fmt: skip
def test_what_is_no_number_is_refused(typed):
    refused("recipients.phone", parse_phone, "phone", typed, region="FR")


@given(st.text(max_size=30), st.sampled_from(["FR", "RE", "GP", "MC", "LU", "PM"]))
def test_any_text_is_a_number_in_e164_or_refused(typed, region):
    try:
        kept = parse_phone("phone", typed, region=region)
    except RecipientDataInvalid:
        return
    assert kept.startswith("+")
    assert kept[1:].isdigit()
    assert kept.isascii()
    assert parse_phone("phone", kept, region=region) == kept


def test_a_number_is_shown_as_people_there_write_it():
    assert shown_phone("+33639980001", region="FR") == "06 39 98 00 01"
    assert shown_phone("+262692123456", region="RE") == "0692 12 34 56"
    assert shown_phone("+262692123456", region="FR") == "+262 692 12 34 56"


@pytest.mark.parametrize(
    ("number", "takes"),
    [
        ("+33639980001", True),
        ("+33767123456", True),
        ("+262692123456", True),
        ("+590690123456", True),
        ("+33199001234", False),
        ("+33800123456", False),
        ("+262262123456", False),
    ],
)
def test_a_landline_is_known_for_what_it_is(number, takes):
    assert takes_sms(number) is takes


# --- e-mail -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Jeanne.Morel@EXAMPLE.ORG ", "Jeanne.Morel@example.org"),
        ("a+b@example.org", "a+b@example.org"),
        ("rene@xn--caf-dma.fr", "rene@café.fr"),
        ("a@cafe\u0301.fr", "a@café.fr"),
    ],
)
def test_an_address_is_kept_normalised(typed, kept):
    assert parse_email("email", typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "jeanne", "jeanne@", "@example.org", "a@b", "Jeanne <a@example.org>", "a@b.fr, b@c.fr",
     "a@example.org\nBcc: b@c.fr", "a@exam\r\nple.org", "a b@example.org", "a..b@example.org",
     "a@example.org;b@c.fr", "a@[127.0.0.1]", "a@localhost", "\u202ea@example.org"],
)  # fmt: skip
def test_what_is_not_one_bare_address_is_refused(typed):
    refused("recipients.email", parse_email, "email", typed)


@pytest.mark.parametrize(
    "typed", ["rené@example.org", "re\u0301ne@example.org", "mueller.straße@example.org", "é@é.fr"]
)
def test_accents_before_the_at_are_refused_with_their_own_reason(typed):
    refused("recipients.email_accents", parse_email, "email", typed)


@pytest.mark.parametrize("typed", ["rené@", "é b@example.org", "René <rene@example.org>"])
def test_accents_in_what_is_no_address_are_not_the_reason(typed):
    refused("recipients.email", parse_email, "email", typed)


@given(st.emails())
def test_an_address_that_was_taken_is_taken_again_as_it_is(typed):
    try:
        kept = parse_email("email", typed)
    except RecipientDataInvalid:
        return
    assert parse_email("email", kept) == kept
    assert "\n" not in kept


# --- masking ------------------------------------------------------------------------------------


def test_masking_leaves_what_is_needed_to_recognise():
    assert masked_email("jeanne.morel@example.org") == "j***@example.org"
    assert masked_phone("+33639980078") == "** ** ** ** 78"


@pytest.mark.parametrize(
    "email",
    ["255081416802538@patient.mssante.fr", "255081416802538@PATIENT.MSSANTE.FR",
     "255081416802538@patient.mssante.fr.", "255081416802538@x.patient.mssante.fr",
     "2.55.08.14.168.025.38@example.org"],
)  # fmt: skip
def test_an_address_that_is_a_social_security_number_shows_none_of_it(email):
    masked = masked_email(email)
    assert masked.startswith("***@")
    assert not any(c.isdigit() for c in masked)


@given(st.emails())
def test_a_masked_address_never_shows_more_than_its_first_letter(email):
    local, _, domain = email.rpartition("@")
    assert masked_email(email) in {f"{local[0]}***@{domain}", f"***@{domain}"}


# --- dates --------------------------------------------------------------------------------------

TODAY = date(2026, 11, 21)


@given(st.dates(date(1900, 1, 1), TODAY))
def test_a_date_is_read_in_both_orders_of_writing(day):
    for written in (day.isoformat(), written_date(day), f"{day.day}/{day.month}/{day.year}"):
        assert parse_birth_date("birth_date", written, today=TODAY) == day


def test_the_day_comes_first():
    assert parse_date("d", "03/04/1950") == date(1950, 4, 3)
    assert parse_date("d", " 3-4-1950 ") == parse_date("d", "3.4.1950") == date(1950, 4, 3)


@pytest.mark.parametrize(
    "typed",
    ["", "31/02/1950", "14/13/1950", "14/08/50", "1950/08/14", "14 août 1950", "14/08-1950",
     "1950-8-14", "00/00/1950", "14/08/1950 00:00", "１４/08/1950", "14/08/19500"],
)  # fmt: skip
def test_what_is_no_date_is_refused(typed):
    refused("recipients.date", parse_date, "d", typed)


@pytest.mark.parametrize("typed", ["18489", "18489.0", "18489,5"])
def test_the_serial_number_of_a_spreadsheet_is_said(typed):
    refused("recipients.date_serial", parse_date, "d", typed)


@pytest.mark.parametrize("typed", ["22/11/2026", "01/01/2100", "31/12/1899", "01/01/0001"])
def test_nobody_is_born_tomorrow_or_two_centuries_ago(typed):
    refused("recipients.birth_date", parse_birth_date, "d", typed, today=TODAY)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_refused(typed):
    try:
        assert parse_date("d", typed).year > 0
    except RecipientDataInvalid:
        return


# --- every field --------------------------------------------------------------------------------


@given(st.sampled_from(FIELDS), st.text(max_size=40))
def test_any_text_in_any_field_is_taken_or_refused_without_being_repeated(field, typed):
    try:
        parse_field(field, f"{typed}§§", region="FR", today=TODAY)
    except RecipientDataInvalid as error:
        assert "§§" not in str(error)
        assert all("§§" not in line for line in error.explain(Language.FR))


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("kind", "Patiente", "patient"),
        ("kind", "Établissement", "organisation"),
        ("road", "Téléphone", "phone"),
        ("language", "Français", "fr"),
        ("email_consent", "Oui", True),
        ("email_consent", "refus", False),
        ("purposes", "Soins, Recherche", ("soins", "recherche")),
    ],
)
def test_fields_are_read_in_french_and_english(field, typed, value):
    assert parse_field(field, typed, region="FR", today=TODAY) == value


def test_a_consent_in_the_future_is_refused():
    refused(
        "recipients.future",
        parse_field,
        "email_consent_date",
        "22/11/2026",
        region="FR",
        today=TODAY,
    )
