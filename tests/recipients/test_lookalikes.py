"""Protects from the contact that is one letter from somebody else's: it asks, once, and by name."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.model import Kind, Recipient
from secshare.recipients import Contact, Directory, is_mssante, is_patient_mssante, shown_email
from secshare.recipients.likeness import alike
from secshare.recipients.lookalikes import Index, Known, pairs
from secshare.recipients.providers import PROVIDERS, imitated
from secshare.recipients.skeleton import lowered, pretends, skeleton
from tests.lookalikes.mutations import EMAILS, PHONES
from tests.lookalikes.people import people
from tests.tools import ROOT

NOBODY = ("Zoé Fictive", "Ida Modèle")


def why(one, other, names=NOBODY):
    assert alike(Contact.EMAIL, one, other, names) == alike(Contact.EMAIL, other, one, names[::-1])
    return alike(Contact.EMAIL, one, other, names)


def person(name, *, email=None, phone=None, uid="draft", born=None):
    return Recipient(uid, "draft", name, Kind.PATIENT, email=email, phone=phone, birth_date=born)


def add(directory, name, **details):
    return directory.add(name=name, kind=Kind.PATIENT, **details)


# --- what is alike ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("anne.dupont@orange.fr", "anne.dupond@orange.fr", "edit"),
        ("anne.dupont@orange.fr", "anen.dupont@orange.fr", "edit"),
        ("anne.dupont@orange.fr", "anne.dupont@orage.fr", "edit"),
        ("anne.dupont@orange.fr", "anne.dupont@orange.com", "ending"),
        ("anne.dupont@yahoo.fr", "anne.dupont@yahoo.co.uk", "ending"),
        ("anne.dupont@orange.fr", "annedupont@orange.fr", "look"),
        ("anne.dupont@orange.fr", "a-nne_dupont@orange.fr", "look"),
        ("anne.dupont@orange.fr", "dupont.anne@orange.fr", "look"),
        ("annedupont@orange.fr", "dupontanne@orange.fr", "look"),
        ("anne.dupont@orange.fr", "anne.dupont1975@orange.fr", "look"),
        ("anne.dupont@orange.fr", "anne.dupont+achats@orange.fr", "look"),
        ("lab0.lemaire@orange.fr", "labo.lernaire@orange.fr", "look"),
        ("claire.will@orange.fr", "cIaire.vvi11@orange.fr", "look"),
        ("a.durand@orange.fr", "a.clurancl@orange.fr", "look"),
        ("anne@labo-rémy.fr", "anne@laboremy.fr", "look"),
        ("anne@orange.fr", "anne@оrаnge.fr", "script"),
        ("anne@orange.fr", "anne@ｏｒａｎｇｅ.fr", "script"),
        ("anne@apple.com", "anne@xn--pple-43d.com", "script"),
    ],
)
def test_addresses_that_may_be_taken_for_one_another_say_why(one, other, expected):
    assert why(one, other) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anne.dupont@orange.fr", "Anne.Dupont@ORANGE.fr"),  # the same one: shared, not alike
        ("anne.dupont@orange.fr", "anne.durand@orange.fr"),
        ("anne.dupont@orange.fr", "anne.dupont@free.fr"),
        ("anne.dupont75@orange.fr", "anne.dupont82@orange.fr"),
        ("ab1@orange.fr", "ab77@orange.fr"),
        ("abc@orange.fr", "bca@orange.fr"),
    ],
)
def test_addresses_that_are_the_same_or_are_not_alike_say_nothing(one, other):
    assert why(one, other) is None


@pytest.mark.parametrize("letters", ["vw", "wv", "vvv", "mn", "rnn", "cld", "dcl", "rrn", "ilI1l"])
def test_replacing_letters_by_what_they_look_like_never_leaves_the_skeleton(letters):
    for one, two in (("m", "rn"), ("w", "vv"), ("d", "cl"), ("o", "0"), ("l", "1"), ("i", "l")):
        lower = letters.casefold()
        for start in range(len(lower)):
            if lower.startswith(one, start):
                changed = lower[:start] + two + lower[start + 1 :]
                assert skeleton(changed) == skeleton(lower)


def test_each_ones_own_given_name_is_no_look_alike_and_a_family_name_is():
    martins = ("François Martin", "Françoise Martin")
    assert why("francois.martin@orange.fr", "francoise.martin@orange.fr", martins) is None
    assert (
        why("f.martin@orange.fr", "p.martin@orange.fr", ("Frédéric Martin", "Paul Martin")) is None
    )
    assert why("francois.martin@orange.fr", "francoise.martin@orange.fr", martins[::-1]) == "edit"
    assert why("francois.martin@orange.fr", "francoise.martin@orange.fr") == "edit"
    assert (
        why("francois.martin@orange.fr", "francoise.martin@orage.fr", martins) is None
    )  # two slips
    assert why("francois.martin@orange.fr", "francois.martin@orage.fr", martins) == "edit"
    dupont = ("Anne Dupont", "Anne Dupond")
    assert why("anne.dupont@orange.fr", "anne.dupond@orange.fr", dupont) == "edit"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("+33639980001", "+33639980002", "edit"),
        ("+33639980001", "+33639980010", "edit"),
        ("+33639980001", "+33693980001", "edit"),
        ("+33692123456", "+262692123456", "look"),  # 0692 12 34 56 in both places
        ("+33639980001", "+33639981102", None),
        ("+33639980001", "+33639980001", None),
    ],
)
def test_numbers_one_digit_apart_or_the_same_to_dial_are_alike(one, other, expected):
    assert alike(Contact.PHONE, one, other, NOBODY) == expected


# --- common providers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("gmial.com", "gmail.com"), ("gmail.con", "gmail.com"), ("gmail.fr", "gmail.com"),
        ("orage.fr", "orange.fr"), ("orange.com", "orange.fr"), ("0range.fr", "orange.fr"),
        ("hotmial.fr", "hotmail.fr"), ("wanadoo.ft", "wanadoo.fr"), ("laposte.nte", "laposte.net"),
        ("lapost.net", "laposte.net"), ("gmаil.com", "gmail.com"), ("ɡmail.com", "gmail.com"),
        ("patient.mssante.com", "patient.mssante.fr"),
    ],
)  # fmt: skip
def test_a_slip_in_a_common_providers_host_names_the_provider(host, provider):
    assert imitated(host) == provider


@pytest.mark.parametrize("host", [*PROVIDERS, "cabinet-modele.fr", "example.org", "ch-exemple.fr"])
def test_providers_that_resemble_each_other_and_other_hosts_are_no_slip(host):
    assert imitated(host) is None


def test_a_host_of_two_scripts_is_a_mask_whatever_it_hides():
    assert imitated("cаbinet-modele.fr") == "cabinet-modele.fr"
    assert pretends("осе.com")
    assert not pretends("почта.рф")
    assert not pretends("société.fr")
    assert imitated("почта.рф") is None


# --- two searches, one answer -------------------------------------------------------------------


def searched(index, everybody, one):
    found = set()
    for contact in Contact:
        if (value := one.contact(contact)) is None:
            continue
        for uid in index.near(contact, value):
            other = everybody[int(uid)]
            if other.uid != one.uid and (theirs := other.contact(contact)) is not None:
                names = (one.name, other.name)
                if alike(contact, value, theirs, names):
                    found.add((contact, uid))
    return found


LOCALS = st.one_of(
    st.sampled_from(["jean.dupont", "jeandupont", "dupont.jean", "jean.dupont7", "jean+a", "rn.a",
                     "m.a", "jean_dupont75", "jaen.dupont", "cl", "d", "contact"]),
    st.text("abdlmnrv01.", min_size=1, max_size=5).filter(lambda t: t.strip(".") == t),
)  # fmt: skip
HOSTS = st.sampled_from(
    ["orange.fr", "orange.com", "orage.fr", "оrange.fr", "or-ange.fr", "gmail.com", "société.fr",
     "societe.fr", "a.b.fr", "ab.fr"]
)  # fmt: skip
ADDRESSES = st.one_of(st.none(), st.builds("{}@{}".format, LOCALS, HOSTS))
NUMBERS = st.one_of(
    st.none(),
    st.builds("+3363998{:04}".format, st.integers(0, 130)),
    st.sampled_from(["+33692123456", "+262692123456", "+3269212345", "+4179639980001"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(ADDRESSES, NUMBERS), max_size=12), st.sampled_from([0, 5, 10_000]))
def test_one_against_all_and_all_against_all_find_the_same(contacts, sorted_after):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(profiles, "LINES_SORTED", sorted_after)
        one_against_all(contacts)


def one_against_all(contacts):
    everybody = [
        Known(str(place), f"Personne {'ABCDEFGHIJKL'[place]}", email, phone)
        for place, (email, phone) in enumerate(contacts)
    ]
    uids, emails, phones = (
        [each.uid for each in everybody],
        [each.email or "" for each in everybody],
        [each.phone or "" for each in everybody],
    )
    together = {one.uid: set() for one in everybody}
    for one, two, contact, _ in pairs(everybody):
        assert one < two
        assert (contact, str(two)) not in together[str(one)], "said twice"
        together[str(one)].add((contact, str(two)))
        together[str(two)].add((contact, str(one)))
    index = Index(*("\n".join(column) for column in (uids, emails, phones)))
    for one in everybody:
        assert searched(index, everybody, one) == together[one.uid]
        for contact in Contact:
            if value := one.contact(contact):
                same = index.equal(contact, value)
                assert one.uid in same
                theirs = [everybody[int(uid)].contact(contact) for uid in same]
                assert {lowered(each) if "@" in each else each for each in theirs} == {
                    lowered(value) if "@" in value else value
                }


# --- in the directory ---------------------------------------------------------------------------


@pytest.fixture
def anne(directory):
    return add(directory, "Anne Exemplont", email="anne.e@orange.fr", phone="+33639980001")


def test_a_draft_is_compared_before_it_is_added(directory, anne):
    draft = person("Zoé Fictive", email="anna.e@orange.fr", phone="+33639980010")
    found = directory.look_alikes(draft)
    assert [(look.contact, look.other, look.provider, look.why) for look in found] == [
        (Contact.EMAIL, anne, None, "edit"),
        (Contact.PHONE, anne, None, "edit"),
    ]
    assert directory.shared_contacts(draft) == ()
    assert directory.look_alikes(anne) == ()


def test_the_nearest_is_said_first(directory, anne):
    add(directory, "Ida Modèle", email="anne.f@orange.fr")
    found = directory.look_alikes(person("Zoé Fictive", email="annee@orange.fr"))
    assert [look.why for look in found] == ["look"]
    found = directory.look_alikes(person("Zoé Fictive", email="anne.e@оrange.fr"))
    assert [(look.why, look.provider) for look in found] == [
        ("script", None),
        ("script", "orange.fr"),
    ]


def test_an_answer_is_kept_for_both_people_and_for_these_contacts_only(directory, anne):
    draft = person("Zoé Fictive", email="anna.e@orange.fr", phone="+33639980001")
    shared = [share for share, answered in directory.shared_contacts(draft) if not answered]
    looks = directory.look_alikes(draft)
    zoe = add(
        directory,
        "Zoé Fictive",
        email=draft.email,
        phone=draft.phone,
        look_alikes=looks,
        shared=shared,
    )
    for one, other in ((zoe, anne), (anne, zoe)):
        assert directory.look_alikes(one) == ()
        assert [(share.other, answered) for share, answered in directory.shared_contacts(one)] == [
            (other, True)
        ]
    assert {pair.answered for pair in directory.survey()} == {True}
    # Another program's directory says the same, and a new contact is a new question.
    again = Directory(directory.store, directory.keys_folder, region="FR")
    assert again.look_alikes(zoe) == ()
    moved = directory.edited(anne, email="annb.e@orange.fr")
    assert directory.look_alikes(moved)[0].other == zoe
    anne = directory.edit(anne, email="annb.e@orange.fr")
    anne = directory.edit(anne, email="anne.e@orange.fr")
    assert [look.other for look in directory.look_alikes(zoe)] == [anne]
    assert [answered for _, answered in directory.shared_contacts(zoe)] == [True]
    directory.edit(zoe, phone="+33639980002")
    zoe = directory.edit(zoe, phone="+33639980001")
    assert [answered for _, answered in directory.shared_contacts(anne)] == [False]


def test_answers_go_with_either_person(directory, anne):
    for gone in (0, 1):
        draft = person("Zoé Fictive", email="anna.e@gmial.com", phone="+33639980002")
        looks = directory.look_alikes(draft)
        assert {look.provider for look in looks} == {None, "gmail.com"}
        zoe = add(directory, "Zoé Fictive", email=draft.email, phone=draft.phone, look_alikes=looks)
        assert directory.look_alikes(zoe) == ()
        directory.remove((zoe, anne)[gone])
        kept = directory.store.connection.execute("SELECT other FROM contact_tie").fetchall()
        assert [row["other"] for row in kept] == ([] if gone == 0 else ["gmail.com"])


def test_an_answer_stands_or_falls_with_what_it_was_given_for(directory, anne):
    draft = person("Zoé Fictive", phone="+33639980002")
    looks = directory.look_alikes(draft)
    zoe = add(directory, "Zoé Fictive", phone="+33639980002")
    with pytest.raises(KeyboardInterrupt), directory.store.transaction() as connection:
        directory.record_ties(connection, zoe, looks, ())
        raise KeyboardInterrupt
    assert [look.other for look in directory.look_alikes(zoe)] == [anne]


def test_somebody_added_edited_or_removed_meanwhile_is_seen_by_an_open_directory(
    tmp_path, directory
):
    from secshare.store import Store

    draft = person("Zoé Fictive", email="anne.e@orange.fr", phone="+33639980002")
    assert directory.look_alikes(draft) == ()
    with Store.open(tmp_path / "practice.db") as store:
        other = Directory(store, directory.keys_folder, region="FR")
        anne = add(other, "Anne Exemplont", phone="+33639980001")
        assert len(directory.look_alikes(draft)) == 1
        anne = other.edit(anne, email="anne.f@orange.fr")
        assert len(directory.look_alikes(draft)) == 2
        other.edit(anne, phone=None)
        assert len(directory.look_alikes(draft)) == 1
        other.remove(anne)
        assert directory.look_alikes(draft) == ()


def test_a_revoked_persons_contact_and_one_with_a_damaged_key_file_still_ask(directory, anne):
    directory.revoke(anne, date(2026, 1, 1))
    (directory.keys_folder / f"{anne.id}.pub").write_bytes(b"\xff\xfe\x00")
    assert directory.look_alikes(person("Zoé Fictive", phone="+33639980002"))


def test_the_survey_says_every_pair_once_and_marks_what_was_answered(directory, anne):
    draft = person("Zoé Fictive", email="anna.e@orange.fr", phone="+33639980001")
    looks = directory.look_alikes(draft)
    add(directory, "Zoé Fictive", email=draft.email, phone=draft.phone, look_alikes=looks)
    add(directory, "Ida Modèle", email="ida@gmial.com", phone="+33639980001")
    survey = [
        (
            pair.recipient.id,
            pair.tie.other.id if pair.tie.other else pair.tie.provider,
            pair.answered,
        )
        for pair in directory.survey()
    ]
    assert survey == [
        ("anne-exemplont", "zoe-fictive", True),
        ("anne-exemplont", "ida-modele", False),
        ("anne-exemplont", "zoe-fictive", False),
        ("ida-modele", "gmail.com", False),
    ]


# --- a patient's MSSanté address is their number ------------------------------------------------


def test_a_patients_mssante_address_is_known_and_never_shown():
    address = "255081416802538@patient.mssante.fr"
    assert is_patient_mssante(address)
    assert is_mssante(address)
    assert is_mssante("dr@medecin.mssante.fr")
    assert not is_patient_mssante("dr@medecin.mssante.fr")
    assert not is_mssante("dr@mssante.fr.example.org")
    assert shown_email(address) == "***@patient.mssante.fr"
    assert shown_email("2.55.08.14.168.025@example.org") == "***@example.org"
    assert shown_email("jeanne@example.org") == "jeanne@example.org"


# --- what was made to be found ------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*EMAILS, *PHONES])
def test_no_slip_or_mask_of_any_kind_is_missed(kind):
    draw = random.Random(kind)
    drawn = people(300, 11)
    contact = Contact.PHONE if kind in PHONES else Contact.EMAIL
    made = 0
    for one in drawn:
        value = one.phone if kind in PHONES else one.email
        changed = {**EMAILS, **PHONES}[kind](draw, value)
        if changed is None or changed.casefold() == value.casefold():
            continue
        made += 1
        assert alike(contact, value, changed, (one.name, "Zoé Fictive")), (value, changed)
    assert made


def test_the_command_prints_what_is_missed_and_what_is_asked_for_nothing():
    command = [sys.executable, "-m", "tests.lookalikes", "--people", "300", "--pairs", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made, lost = map(int, done.stdout.split("| all | ")[1].split(" |\n")[0].split(" | "))
    assert made == 2 * 38
    assert lost == 0
    assert "people asked about for nothing: " in done.stdout
