"""Protects people from what a manifest says of them: an address that was theirs, or a refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.batch import rows
from secshare.batch.addressing import person_uid, settle
from secshare.batch.people import neighbours, people_named, people_numbered, survey
from secshare.batch.wanted import Wanted
from secshare.errors import RecipientDataInvalid, RecipientRefused, RecipientUnknown
from secshare.messages import Language
from secshare.model import Kind, Road, SealFormat
from secshare.sharing import Desk
from secshare.sharing.contacts import contact_findings
from secshare.store.spool import Spool
from tests.batch.people import invented
from tests.practices import add_patient, make_practice

TODAY = date(2026, 11, 22)
JEANNE = Wanted(
    number=2,
    last=2,
    files=("/nowhere/a.pdf",),
    name="Jeanne Exemple",
    email="jeanne.exemple@example.org",
    phone="+33639980001",
    birth_date=date(1958, 4, 12),
)
"""What a row says of the patient whom the directory has."""

NOBODY = replace(
    JEANNE,
    name="Paul Inconnu",
    email="paul.inconnu@example.com",
    phone="+33639981234",
    birth_date=date(1971, 2, 3),
)
KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


@pytest.fixture
def desk(tmp_path):
    with Desk(make_practice(tmp_path / "practice")) as opened:
        add_patient(opened)
        yield opened


def jeanne(desk):
    return desk.directory.find("jeanne-exemple")


def refused(desk, wanted, error):
    with pytest.raises(error) as caught:
        settle(desk, wanted, today=TODAY)
    told = [" ".join(caught.value.explain(language)) for language in Language]
    names = [value for value in (wanted.about, wanted.to) if value and " " in value]  # not the ids
    for value in (wanted.name, wanted.email, wanted.phone, *names):
        assert value is None or not any(value in text for text in told)
    return caught.value.key


# --- somebody whom the directory knows -----------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        JEANNE,
        replace(JEANNE, name="EXEMPLE Jeanne"),
        replace(JEANNE, name="exemple-jeanne", email="Jeanne.Exemple@EXAMPLE.org"),
        replace(JEANNE, phone=None, birth_date=None),
        replace(JEANNE, birth_date=None),
        replace(JEANNE, phone=None),
        replace(JEANNE, name=None, email=None, phone=None, birth_date=None, to="jeanne-exemple"),
        replace(JEANNE, name=None, email=None, to="JEANNE EXEMPLE"),
    ],
)
def test_a_row_that_agrees_with_the_directory_is_for_the_person_it_has(desk, wanted):
    assert settle(desk, wanted, today=TODAY).recipient == jeanne(desk)


def test_what_the_row_asks_for_stands_above_what_the_directory_prefers(desk):
    addressed = settle(desk, replace(JEANNE, road=Road.QR, language=Language.EN), today=TODAY)
    assert (addressed.road, addressed.language) == (Road.QR, Language.EN)
    addressed = settle(desk, JEANNE, today=TODAY)
    assert (addressed.road, addressed.language) == (Road.SMS, Language.FR)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"email": "jeanne.exemple@example.net"}, "manifest.other_email"),
        ({"phone": "+33639980002"}, "manifest.other_phone"),
        ({"keys": (KEY,)}, "manifest.other_keys"),
        ({"name": None, "email": None, "to": "jeanne-exemple", "phone": "+33639980002"},
         "manifest.other_phone"),
        ({"name": None, "email": None, "to": "jeanne-exemple", "birth_date": date(1958, 12, 4)},
         "manifest.other_birth_date"),
    ],
)  # fmt: skip
def test_a_row_that_says_otherwise_than_the_directory_is_refused(desk, change, key):
    assert refused(desk, replace(JEANNE, **change), RecipientDataInvalid) == key


def test_an_address_that_the_directory_has_not_is_not_taken_from_a_row(desk):
    desk.directory.edit(jeanne(desk), email=None)
    assert refused(desk, JEANNE, RecipientDataInvalid) == "manifest.other_email"


def test_keys_of_the_directory_are_used_and_the_same_in_a_row_is_no_fault(desk):
    desk.directory.set_keys(jeanne(desk), [KEY], replace_all=True)
    for wanted in (JEANNE, replace(JEANNE, keys=(KEY,))):
        addressed = settle(desk, wanted, today=TODAY)
        assert addressed.recipient.keys == (KEY,)
        assert addressed.road is None


@pytest.mark.parametrize("refusal", [{"email_consent": False}, {"revoked": date(2026, 1, 1)}])
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"name": "EXEMPLE Jeanne"},
        {"phone": None, "birth_date": None},
        # The person who refused, at another address: by the name and the birth date.
        {"email": "jeanne.exemple@example.net", "phone": None},
        # Perhaps that person, at another address: nothing tells.
        {"email": "jeanne.exemple@example.net", "phone": None, "birth_date": None},
        # That person's address, for somebody whose name has a part of hers.
        {"name": "Jeanne Exemple-Fictif", "birth_date": None},
        {"name": "Marc Exemple", "birth_date": None, "phone": None},
        {"name": None, "email": None, "phone": None, "birth_date": None, "to": "jeanne-exemple"},
    ],
)
def test_who_refused_gets_nothing_whatever_the_row_says(desk, change, refusal):
    desk.directory.edit(jeanne(desk), **refusal)
    refused(desk, replace(JEANNE, **change), RecipientRefused)


def test_another_birth_date_tells_somebody_else_from_who_refused(desk):
    desk.directory.edit(jeanne(desk), email_consent=False)
    daughter = replace(JEANNE, birth_date=date(1985, 6, 1))
    assert settle(desk, daughter, today=TODAY).recipient.id == "#2"


def test_who_refused_mail_may_have_a_page_by_hand(desk):
    desk.directory.edit(jeanne(desk), email_consent=False)
    page = replace(JEANNE, format=SealFormat.HTML)
    assert settle(desk, page, today=TODAY).recipient == jeanne(desk)


def test_a_namesake_whom_nothing_tells_apart_is_not_guessed(desk):
    elsewhere = replace(JEANNE, email="j.exemple@example.net", phone="+33639981234")
    without = replace(elsewhere, birth_date=None)
    assert refused(desk, without, RecipientUnknown) == "manifest.may_be"
    born_elsewhen = replace(elsewhere, birth_date=date(1990, 1, 1))
    assert settle(desk, born_elsewhen, today=TODAY).recipient.id == "#2"


def test_two_people_who_both_fit_are_not_chosen_between(desk):
    other = {"birth_date": date(1990, 1, 1), "email": JEANNE.email, "phone": "+33639981202"}
    desk.directory.add(name="Jeanne Exemple", kind=Kind.PATIENT, **other)
    row = replace(JEANNE, phone=None, birth_date=None)
    assert refused(desk, row, RecipientUnknown) == "manifest.several"
    assert settle(desk, replace(row, birth_date=JEANNE.birth_date), today=TODAY).recipient.id == (
        "jeanne-exemple"
    )


def test_somebody_added_or_revoked_meanwhile_is_seen(desk):
    assert settle(desk, NOBODY, today=TODAY).recipient.id == "#2"
    added = desk.directory.add(
        name=NOBODY.name, kind=Kind.PATIENT, email=NOBODY.email, phone=NOBODY.phone
    )
    assert settle(desk, NOBODY, today=TODAY).recipient == added
    desk.directory.revoke(added, TODAY)
    refused(desk, NOBODY, RecipientRefused)


def test_what_another_command_changes_meanwhile_is_seen(desk):
    assert settle(desk, NOBODY, today=TODAY).recipient.id == "#2"
    with Desk(desk.practice) as other:
        added = other.directory.add(
            name=NOBODY.name, kind=Kind.PATIENT, email=NOBODY.email, phone=NOBODY.phone
        )
        assert settle(desk, NOBODY, today=TODAY).recipient == added
        other.directory.edit(added, email_consent=False)
        refused(desk, NOBODY, RecipientRefused)


TITLED = [
    "Mme Jeanne Exemple",
    "Madame EXEMPLE Jeanne",
    "Dr Exemple, Jeanne",
    "Jeanne Exemple (EHPAD)",
]


@pytest.mark.parametrize("name", TITLED)
@pytest.mark.parametrize("refusal", [{"email_consent": False}, {"revoked": date(2026, 1, 1)}])
def test_a_title_or_a_note_in_brackets_makes_nobody_else_of_who_refused(desk, name, refusal):
    desk.directory.edit(jeanne(desk), **refusal)
    elsewhere = {"email": "j.exemple@example.net", "phone": "+33639981234"}
    for row in (
        JEANNE,
        replace(JEANNE, **elsewhere),
        replace(JEANNE, birth_date=None, **elsewhere),
    ):
        refused(desk, replace(row, name=name), RecipientRefused)
    daughter = replace(JEANNE, name=name, birth_date=date(1985, 6, 1), **elsewhere)
    assert settle(desk, daughter, today=TODAY).recipient.id == "#2"


@pytest.mark.parametrize("name", TITLED)
def test_a_title_or_a_note_in_brackets_excuses_no_other_contact(desk, name):
    row = replace(JEANNE, name=name)
    other = {"email": "j.exemple@example.net"}
    assert refused(desk, replace(row, **other), RecipientDataInvalid) == "manifest.other_email"
    other = {"phone": "+33639981234"}
    assert refused(desk, replace(row, **other), RecipientDataInvalid) == "manifest.other_phone"
    assert refused(desk, row, RecipientUnknown) == "manifest.titled"


def test_a_title_in_the_directory_tells_nobody_apart_either(desk):
    desk.directory.edit(jeanne(desk), name="Mme Jeanne Exemple (chambre 12)")
    elsewhere = replace(JEANNE, email="j.exemple@example.net", phone="+33639981234")
    assert refused(desk, elsewhere, RecipientDataInvalid) == "manifest.other_email"
    assert refused(desk, replace(elsewhere, birth_date=None), RecipientUnknown) == "manifest.titled"
    # An M that may be a title is not taken for none.
    desk.directory.edit(jeanne(desk), name="M Bala Jeanne")
    row = replace(elsewhere, name="Mme Jeanne M'Bala")
    assert refused(desk, row, RecipientDataInvalid) == "manifest.other_email"


@pytest.mark.parametrize(
    ("hers", "his"),
    [
        ("Mme Exemple", "M. Exemple"),
        ("Exemple (Jeanne)", "Exemple (Paul)"),
        ("Jean Maître", "Me Jean"),
    ],
)
@pytest.mark.parametrize("born", [None, date(1958, 4, 12)])
def test_what_is_one_persons_is_never_sent_as_anothers_for_want_of_a_title(desk, hers, his, born):
    """A couple at one address and number; twins, whose birth date they share too."""
    desk.directory.edit(jeanne(desk), name=hers, birth_date=born)
    row = replace(JEANNE, name=his, birth_date=born)
    assert refused(desk, row, RecipientUnknown) == "manifest.titled"
    him = desk.directory.add(
        name=his, kind=Kind.PATIENT, email=JEANNE.email, phone=JEANNE.phone, birth_date=born
    )
    assert settle(desk, row, today=TODAY).recipient == him
    assert settle(desk, replace(row, name=hers), today=TODAY).recipient.id == "jeanne-exemple"


@pytest.fixture(scope="module")
def refusing(tmp_path_factory):
    with Desk(make_practice(tmp_path_factory.mktemp("refusing") / "practice")) as opened:
        opened.directory.edit(add_patient(opened), email_consent=False)
        yield opened


@given(
    name=st.sampled_from(
        ["Jeanne Exemple", "EXEMPLE JEANNE", "exemple, jeanne", "Exemple", "Jeane Exemple", *TITLED]
    ),
    host=st.sampled_from(["example.org", "EXAMPLE.org", "Example.Org"]),
    phone=st.sampled_from([None, JEANNE.phone, "+33639980077"]),
    born=st.sampled_from([None, JEANNE.birth_date]),
    road=st.sampled_from([Road.QR, Road.SMS, None]),
)
def test_no_spelling_of_a_row_reaches_who_refused(refusing, name, host, phone, born, road):
    row = replace(
        JEANNE, name=name, email=f"jeanne.exemple@{host}", phone=phone, birth_date=born, road=road
    )
    with pytest.raises(RecipientRefused):
        settle(refusing, row, today=TODAY)


def test_nobody_and_an_end_of_purpose_are_said_as_when_sealing(desk):
    nobody = replace(JEANNE, name=None, email=None, to="Marc Inconnu")
    assert refused(desk, nobody, RecipientUnknown) == "manifest.unknown_to"
    nobody = replace(JEANNE, about="Marc Inconnu")
    assert refused(desk, nobody, RecipientUnknown) == "manifest.unknown_about"
    study = replace(JEANNE, purpose="recherche")
    assert refused(desk, study, RecipientRefused) == "sharing.purpose"


# --- somebody whom only the manifest names -------------------------------------------------------


def test_a_stranger_is_only_in_memory_and_called_the_same_every_night(desk):
    before = list(desk.directory.all())
    first = settle(desk, NOBODY, today=TODAY)
    again = settle(desk, replace(NOBODY, number=9, last=9, name="INCONNU Paul"), today=TODAY)
    assert first.recipient.uid == again.recipient.uid
    assert first.subject.uid == first.recipient.uid
    assert (first.recipient.id, again.recipient.id) == ("#2", "#9")
    assert not first.listed
    assert list(desk.directory.all()) == before


def test_a_strangers_name_in_the_register_tells_nothing_without_the_key():
    known = "Paul Inconnu", "paul@example.com", None, None
    one, other = (person_uid(key * 32, *known) for key in (b"1", b"2"))
    assert one != other
    assert len(one) == 32
    assert all(digit in "0123456789abcdef" for digit in one)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_two_people_are_never_called_the_same(one, other):
    uids = [
        person_uid(b"0" * 32, each.name, each.email, each.phone, each.birth_date)
        for each in (invented(one), invented(other))
    ]
    assert (uids[0] == uids[1]) == (one == other)


def test_words_by_telephone_for_a_stranger_without_a_number_are_refused(tmp_path):
    with Desk(make_practice(tmp_path / "practice")) as desk:
        row = replace(NOBODY, phone=None)
        assert refused(desk, replace(row, road=Road.SMS), RecipientDataInvalid) == (
            "manifest.no_phone"
        )
        assert settle(desk, replace(row, road=Road.QR), today=TODAY).road is Road.QR
        assert settle(desk, replace(row, keys=(KEY,)), today=TODAY).road is None


def test_a_stranger_gets_nothing_about_somebody_else(desk):
    about = replace(NOBODY, about="jeanne-exemple")
    assert refused(desk, about, RecipientRefused) == "manifest.not_represented"


def test_a_stranger_gets_nothing_for_another_purpose_than_care(desk):
    study = replace(NOBODY, purpose="recherche")
    assert refused(desk, study, RecipientRefused) == "manifest.purpose"
    assert settle(desk, replace(NOBODY, purpose="SOINS"), today=TODAY).purpose == "soins"


def test_a_name_that_two_people_bear_is_not_chosen_between(desk):
    desk.directory.add(name="Jeanne Exemple", kind=Kind.PATIENT, birth_date=date(1990, 1, 1))
    row = replace(JEANNE, name=None, email=None, phone=None, to="Jeanne Exemple")
    assert refused(desk, row, RecipientUnknown) == "manifest.several"


def test_a_strangers_address_is_compared_with_the_directorys_and_with_the_providers(desk):
    alike = replace(NOBODY, email="jeanne.exemp1e@example.org", phone=None, road=Road.QR)
    findings = contact_findings(desk.directory, settle(desk, alike, today=TODAY)).findings
    assert [each.rule for each in findings] == ["look-alike"]
    slip = replace(NOBODY, email="paul.inconnu@gmial.com")
    findings = contact_findings(desk.directory, settle(desk, slip, today=TODAY)).findings
    assert [each.rule for each in findings] == ["look-alike"]
    numbered = replace(NOBODY, email="patient12@example.com")
    assert not contact_findings(desk.directory, settle(desk, numbered, today=TODAY)).findings


def test_the_very_address_of_somebody_else_is_asked_about(desk):
    same = replace(NOBODY, email=JEANNE.email)
    findings = contact_findings(desk.directory, settle(desk, same, today=TODAY)).findings
    assert [each.rule for each in findings] == ["shared-contact"]


# --- whom the shares are about -------------------------------------------------------------------


@pytest.fixture
def spool(tmp_path):
    with Spool.create(tmp_path) as made:
        rows.begin(made)
        yield made


def test_people_are_found_by_any_order_of_their_name_by_number_and_by_place(desk, spool):
    shares = [
        replace(
            NOBODY,
            number=number,
            last=number,
            name=invented(number).name,
            nir=f"25804123456{number:02d}",
            birth_date=invented(number).birth_date,
        )
        for number in range(2, 22, 2)
    ]
    rows.add_shares(spool, shares)
    survey(desk, spool)
    for share in shares:
        turned = " ".join(reversed(share.name.upper().split()))
        (found,) = people_named(spool, turned, 5)
        assert (found.number, found.name) == (share.number, share.name)
        assert (found.birth_date, found.nir) == (share.birth_date, share.nir)
        assert people_numbered(spool, share.nir, 5) == [found]
    assert people_named(spool, "Nemo Personne", 5) == []
    assert [each.number for each in neighbours(spool, 10, 2)] == [6, 8, 12, 14]
    assert [each.number for each in neighbours(spool, 2, 3)] == [4, 6, 8]


def test_a_share_is_about_its_subject_in_the_directory_and_not_about_who_receives_it(desk, spool):
    add_patient(desk, "Lucie Exemple")
    by_id = replace(NOBODY, name=None, email=None, to="lucie-exemple", about="Jeanne Exemple")
    nobody = replace(by_id, number=3, last=3, about="marc-inconnu")
    own = replace(by_id, number=4, last=4, to="LUCIE exemple", about=None)
    rows.add_shares(spool, [by_id, nobody, own])
    survey(desk, spool)
    (jeanne,) = people_named(spool, "Jeanne Exemple", 5)
    assert (jeanne.number, jeanne.birth_date) == (2, date(1958, 4, 12))
    assert [each.number for each in people_named(spool, "Lucie Exemple", 5)] == [4]
    assert [each.number for each in neighbours(spool, 3, 5)] == [2, 4]


def test_somebody_is_not_shown_with_their_number(desk, spool):
    rows.add_shares(spool, [replace(NOBODY, nir="2580412345678")])
    survey(desk, spool)
    assert "2580412345678" not in repr(people_named(spool, NOBODY.name, 1))
