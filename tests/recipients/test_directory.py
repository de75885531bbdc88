"""Protects who receives: one person is found or nobody, and two people are never one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from secshare import age, files
from secshare.errors import OutputRefused, RecipientDataInvalid, RecipientUnknown
from secshare.messages import Language
from secshare.model import Kind, Recipient, Representation, Road
from secshare.recipients import Directory
from secshare.recipients.rows import COLUMNS, to_row
from secshare.store import Store


def refused(key, act, *args, **options):
    with pytest.raises((RecipientDataInvalid, RecipientUnknown)) as caught:
        act(*args, **options)
    assert caught.value.key == key
    for language in Language:
        assert all(caught.value.explain(language))
    return caught.value


def count(directory):
    return directory.store.connection.execute("SELECT count(*) FROM recipient").fetchone()[0]


# --- finding ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["jeanne-morel", "Jeanne Morel", "JEANNE  MORÈL", "Jeanne-Morel"])
def test_somebody_is_found_by_id_or_by_the_whole_name(directory, jeanne, who):
    assert directory.find(who) == jeanne


@pytest.mark.parametrize("who", ["Jeanne", "Morel", "Jeanne Mor", "Jeanne Morelle", "", "%", "*"])
def test_part_of_a_name_finds_nobody(directory, jeanne, who):
    with pytest.raises(RecipientUnknown):
        directory.find(who)


def test_an_unknown_name_gets_what_is_near_with_masked_contacts(directory, jeanne):
    error = refused("recipients.unknown_near", directory.find, "Jeanne Morelle")
    assert "jeanne-morel" in error.explain(Language.FR)[1]
    assert "14/08/1950" in error.explain(Language.FR)[1]
    assert "jeanne.morel@" not in str(error)
    assert "39980001" not in str(error)


def test_a_name_like_nobodys_gets_no_proposal(directory, jeanne):
    refused("recipients.unknown", directory.find, "Zébulon Quixotte")


def test_an_id_in_capitals_is_found(directory):
    lab = directory.add(name="Laboratoire Fictif", kind=Kind.ORGANISATION, id="LAB-12")
    assert directory.find("LAB-12") == directory.find("lab-12") == lab


def test_everything_that_is_kept_of_somebody_comes_back(directory, jeanne):
    key = str(age.X25519Identity.generate().recipient())
    made = directory.add(
        name="Noël Lefèvre",
        kind=Kind.PROFESSIONAL,
        id="nl",
        email="noel@example.org",
        phone="+262 692 12 34 56",
        birth_date=date(1970, 1, 2),
        road=Road.PHONE,
        language=Language.EN,
        email_consent=False,
        email_consent_date=date(2026, 1, 1),
        purposes=("soins", "recherche"),
        keys=[key],
    )
    directory.represent(made, jeanne, "tuteur", date(2027, 1, 1))
    found = Directory(directory.store, directory.keys_folder, region="FR").find("nl")
    assert found == replace(
        made, represents=(Representation(jeanne.uid, "tuteur", date(2027, 1, 1)),)
    )
    assert found.keys == (key,)
    assert found.phone == "+262692123456"
    assert directory.by_uid(made.uid) == directory.by_id("nl") == found
    assert [person.id for person in directory.all()] == ["jeanne-morel", "nl"]
    assert list(directory.all())[1] == found


def test_who_is_not_there_is_none(directory, jeanne):
    assert directory.by_uid("nobody") is None
    assert directory.by_id("Jeanne Morel") is None


def test_every_column_of_a_recipient_is_written():
    from secshare.model import Recipient

    assert set(to_row(Recipient(uid="u", id="i", name="n", kind=Kind.PATIENT))) == set(COLUMNS)


# --- people who share a name --------------------------------------------------------------------


def test_homonyms_are_told_apart_by_birth_date_and_found_by_id(directory, jeanne):
    other = directory.add(name="JEANNE MOREL", kind=Kind.PATIENT, birth_date=date(1982, 1, 1))
    assert other.id == "jeanne-morel-2"
    error = refused("recipients.several", directory.find, "Jeanne Morel")
    assert all(person.id in str(error) for person in (jeanne, other))
    assert "14/08/1950" in str(error)
    assert "01/01/1982" in str(error)
    assert directory.find("jeanne-morel") == jeanne
    assert directory.find("jeanne-morel-2") == other


def test_a_homonym_without_a_birth_date_is_not_taken(directory, jeanne):
    refused("recipients.homonym", directory.add, name="Jeanne Morel", kind=Kind.PATIENT)
    assert count(directory) == 1


def test_a_homonym_of_somebody_without_a_birth_date_is_not_taken(directory):
    first = directory.add(name="Jeanne Morel", kind=Kind.PATIENT)
    again = {"name": "jeanne morel", "kind": Kind.PATIENT, "birth_date": date(1950, 8, 14)}
    refused("recipients.homonym_without_date", directory.add, **again)
    directory.edit(first, birth_date=date(1990, 1, 1))
    assert directory.add(**again).id == "jeanne-morel-2"


def test_the_same_person_is_not_added_twice(directory, jeanne):
    refused(
        "recipients.same_person",
        directory.add,
        name="Jeanne MOREL",
        kind=Kind.PATIENT,
        birth_date=date(1950, 8, 14),
    )


def test_an_edit_cannot_make_two_people_one(directory, jeanne):
    other = directory.add(name="Jeanne Morel", kind=Kind.PATIENT, birth_date=date(1982, 1, 1))
    refused("recipients.same_person", directory.edit, other, birth_date=date(1950, 8, 14))
    refused("recipients.homonym", directory.edit, other, birth_date=None)
    third = directory.add(name="Anne Morel", kind=Kind.PATIENT)
    refused("recipients.homonym", directory.edit, third, name="Jeanne Morel")
    assert directory.edit(jeanne, email="j@example.org").email == "j@example.org"


def test_a_name_that_is_anothers_id_is_asked_about(directory):
    directory.add(name="Paul Roux", kind=Kind.PATIENT, id="anne")
    directory.add(name="Anne", kind=Kind.PATIENT, id="aa")
    refused("recipients.several", directory.find, "anne")
    assert directory.find("aa").name == "Anne"
    assert directory.find("Paul Roux").id == "anne"


# --- completion ---------------------------------------------------------------------------------


def test_every_completion_finds_exactly_one_person(directory, jeanne):
    directory.add(name="Jeanne Morel", kind=Kind.PATIENT, birth_date=date(1982, 1, 1))
    directory.add(name="Noël Lefèvre", kind=Kind.PATIENT)
    directory.add(name="Paul Roux", kind=Kind.PATIENT, id="anne")
    directory.add(name="anne", kind=Kind.PATIENT, id="aa")
    gone = directory.add(name="Zoé Partie", kind=Kind.PATIENT)
    directory.revoke(gone, date(2026, 1, 1))
    names = directory.names()
    assert sorted(names) == ["Noël Lefèvre", "Paul Roux", "aa", "jeanne-morel", "jeanne-morel-2"]
    assert len({directory.find(name).uid for name in names}) == len(names)


def test_a_search_proposes_who_resembles_and_nobody_revoked(directory, jeanne):
    noel = directory.add(name="Noël Lefèvre", kind=Kind.PATIENT)
    assert directory.search("lefev")[0] == noel
    assert [found.id for found in directory.search("morel")][:1] == ["jeanne-morel"]
    assert len(directory.search("")) == 2
    assert directory.search("qqqq") == ()
    directory.revoke(noel, date(2026, 1, 1))
    assert noel.uid not in {found.uid for found in directory.search("lefev")}


# --- ids ----------------------------------------------------------------------------------------


def test_a_taken_id_is_refused(directory, jeanne):
    refused("recipients.id_taken", directory.add, name="X", kind=Kind.PATIENT, id="jeanne-morel")


def test_a_file_of_keys_left_behind_is_never_inherited(directory):
    stranger = str(age.X25519Identity.generate().recipient())
    (directory.keys_folder / "jeanne-morel.pub").write_text(stranger + "\n")
    made = directory.add(name="Jeanne Morel", kind=Kind.PATIENT)
    assert made.id == "jeanne-morel-2"
    assert directory.find("Jeanne Morel").keys == ()
    refused("recipients.id_taken", directory.add, name="X", kind=Kind.PATIENT, id="jeanne-morel")


def test_the_practices_own_file_is_never_a_recipients(directory):
    assert directory.add(name="Practice", kind=Kind.ORGANISATION).id == "practice-2"


# --- changes ------------------------------------------------------------------------------------


def use(directory, person):
    with directory.store.transaction() as connection:
        directory.record_use(connection, person)


def test_nothing_has_changed_for_somebody_never_used(directory, jeanne):
    assert directory.changed_since_use(jeanne) == ()


def test_a_contact_or_key_that_changed_since_the_last_share_is_said(directory, jeanne):
    use(directory, jeanne)
    assert directory.changed_since_use(directory.find("jeanne-morel")) == ()
    key = str(age.X25519Identity.generate().recipient())
    edited = directory.edit(jeanne, email="other@example.org")
    assert directory.changed_since_use(edited) == ("email",)
    edited = directory.edit(edited, phone=None)
    directory.set_keys(edited, [key], replace_all=False)
    found = directory.find("jeanne-morel")
    assert directory.changed_since_use(found) == ("email", "phone", "keys")
    use(directory, found)
    assert directory.changed_since_use(directory.find("jeanne-morel")) == ()


def test_a_contact_that_changed_and_changed_back_is_younger_than_the_last_share(directory, jeanne):
    use(directory, jeanne)
    assert directory.changed_since_use(directory.find("jeanne-morel")) == ()
    directory.edit(directory.edit(jeanne, email="other@example.org"), email=jeanne.email)
    assert directory.find("jeanne-morel") == jeanne
    assert directory.changed_since_use(jeanne) == ("email",)
    directory.edit(directory.edit(jeanne, phone=None), phone=jeanne.phone)
    assert directory.changed_since_use(jeanne) == ("email", "phone")
    use(directory, jeanne)
    assert directory.changed_since_use(jeanne) == ()
    directory.edit(jeanne, phone="06 39 98 00 01", road=Road.QR)  # the same number, typed again
    assert directory.changed_since_use(jeanne) == ()


def test_a_use_that_an_earlier_version_kept_as_a_day_comes_before_any_change_of_that_day(
    directory, jeanne
):
    use(directory, jeanne)
    with directory.store.transaction() as connection:  # as it was kept: a day, no dates of changes
        connection.execute(
            "UPDATE recipient SET used = substr(used, 1, 10), email_changed = NULL,"
            " phone_changed = NULL"
        )
    assert directory.changed_since_use(jeanne) == ()
    directory.edit(directory.edit(jeanne, email="other@example.org"), email=jeanne.email)
    assert directory.changed_since_use(jeanne) == ("email",)


def test_a_file_of_keys_exchanged_behind_our_back_is_noticed(directory):
    keys = [str(age.X25519Identity.generate().recipient()) for _ in range(2)]
    person = directory.add(name="Labo", kind=Kind.ORGANISATION, keys=keys[:1])
    use(directory, person)
    (directory.keys_folder / "labo.pub").write_text(keys[1] + "\n")
    assert directory.changed_since_use(directory.find("labo")) == ("keys",)


def test_the_order_of_keys_and_comments_are_no_change(directory):
    keys = [str(age.X25519Identity.generate().recipient()) for _ in range(2)]
    person = directory.add(name="Labo", kind=Kind.ORGANISATION, keys=keys)
    use(directory, person)
    (directory.keys_folder / "labo.pub").write_text(f"# new\n{keys[1]}\n\n{keys[0]}\n")
    assert directory.changed_since_use(directory.find("labo")) == ()


def test_a_use_stands_or_falls_with_its_share(directory, jeanne):
    with pytest.raises(KeyboardInterrupt), directory.store.transaction() as connection:
        directory.record_use(connection, jeanne)
        raise KeyboardInterrupt
    assert directory.changed_since_use(directory.edit(jeanne, email="x@example.org")) == ()


# --- editing, revoking, representing, removing --------------------------------------------------


def test_revoking_is_dated_and_can_be_taken_back(directory, jeanne):
    directory.revoke(jeanne, date(2026, 11, 21))
    revoked = directory.find("Jeanne Morel")
    assert revoked.revoked == date(2026, 11, 21)
    assert directory.revoke(revoked, None).revoked is None


def test_an_edit_keeps_what_it_does_not_name(directory, jeanne):
    edited = directory.edit(jeanne, road=Road.QR, email_consent=True)
    assert edited == replace(jeanne, road=Road.QR, email_consent=True)
    assert directory.find("jeanne-morel") == edited


@pytest.mark.parametrize(
    "changes",
    [{"email": "nonsense"}, {"phone": "692123456"}, {"name": ""}, {"purposes": ("",)},
     {"email_consent_date": date(2026, 1, 1)}],
)  # fmt: skip
def test_a_bad_edit_changes_nothing(directory, jeanne, changes):
    with pytest.raises(RecipientDataInvalid):
        directory.edit(jeanne, **changes)
    assert directory.find("jeanne-morel") == jeanne


def test_words_by_sms_are_not_promised_to_a_landline(directory, jeanne):
    landline = {"phone": "01 99 00 12 34", "road": Road.SMS}
    refused("recipients.road_landline", directory.edit, jeanne, **landline)
    refused("recipients.road_landline", directory.add, name="A", kind=Kind.PATIENT, **landline)
    assert directory.edit(jeanne, phone="01 99 00 12 34", road=Road.PHONE).phone == "+33199001234"


def test_an_address_taken_in_former_times_prevents_neither_revoking_nor_correcting(
    directory, jeanne
):
    with directory.store.transaction() as connection:
        connection.execute("UPDATE recipient SET email = 'rené@example.org'")
    former = directory.find("jeanne-morel")
    assert directory.revoke(former, date(2026, 11, 21)).revoked == date(2026, 11, 21)
    assert directory.edit(former, phone="06 39 98 00 02").email == "rené@example.org"
    refused("recipients.email_accents", directory.edit, former, email="rené@example.org")


def test_what_would_be_written_can_be_seen_before_and_nothing_is(directory, jeanne):
    assert directory.edited(jeanne, phone="0639980009").phone == "+33639980009"
    draft = directory.draft(name="Zoé  Roux", kind=Kind.PATIENT, phone="0639980009")
    assert (draft.id, draft.name, draft.phone) == ("zoe-roux", "Zoé Roux", "+33639980009")
    refused("recipients.homonym", directory.draft, name="Jeanne MOREL", kind=Kind.PATIENT)
    assert list(directory.all()) == [jeanne]


def test_an_edit_of_somebody_removed_meanwhile_is_said(directory, jeanne):
    directory.remove(jeanne)
    refused("recipients.unknown", directory.edit, jeanne, email="x@example.org")
    assert count(directory) == 0


def test_a_representation_ties_two_people_and_ends_with_either(directory, jeanne):
    child = directory.add(name="Léo Morel", kind=Kind.PATIENT)
    directory.represent(jeanne, child, "mère")
    directory.represent(jeanne, child, "mère, autorité parentale", date(2030, 1, 1))
    assert directory.find("jeanne-morel").represents == (
        Representation(child.uid, "mère, autorité parentale", date(2030, 1, 1)),
    )
    assert directory.find("leo-morel").represents == ()
    directory.remove(child)
    assert directory.find("jeanne-morel").represents == ()


def test_a_representation_can_be_taken_back(directory, jeanne):
    child = directory.add(name="Léo Morel", kind=Kind.PATIENT)
    directory.represent(jeanne, child, "mère")
    directory.stop_representing(jeanne, child)
    assert directory.find("jeanne-morel").represents == ()
    refused("recipients.represents_nobody", directory.stop_representing, jeanne, child)


def test_nobody_represents_themselves(directory, jeanne):
    refused("recipients.represents_self", directory.represent, jeanne, jeanne, "moi")


def test_removing_takes_the_keys_too(directory):
    key = str(age.X25519Identity.generate().recipient())
    person = directory.add(name="Labo", kind=Kind.ORGANISATION, keys=[key])
    directory.remove(person)
    assert not list(directory.keys_folder.iterdir())
    assert directory.by_uid(person.uid) is None


def test_when_the_keys_cannot_be_written_nobody_is_added(directory):
    key = str(age.X25519Identity.generate().recipient())
    files.remove(directory.keys_folder)
    with pytest.raises(OutputRefused):
        directory.add(name="Labo", kind=Kind.ORGANISATION, keys=[key])
    assert count(directory) == 0


# --- many ---------------------------------------------------------------------------------------


def test_looking_somebody_up_never_reads_the_whole_table(directory: Directory) -> None:
    """How long it takes is for the benchmark; that an index answers is certain."""
    for where in ("id = ?", "folded = ?", "uid = ?"):
        plan = directory.store.connection.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM recipient WHERE {where}", ("x",)
        ).fetchall()
        assert all("SEARCH" in row["detail"] and "INDEX" in row["detail"] for row in plan)


def test_what_was_read_of_everybody_is_read_again_once_anybody_changed(directory, jeanne, tmp_path):
    """Also where another program did it, and after a transaction that is taken back."""
    labo = {"name": "Labo Fictif", "kind": Kind.ORGANISATION}

    def known():
        draft = Recipient("draft", "draft", "Ida Modèle", Kind.PATIENT, email="jeanne.m@exemple.fr")
        return (
            [each.name for each in directory.candidates("Jeanne Modèle")],
            [each.name for each in directory.candidates("Zoé", phone="+33639980007")],
            [one.other.name for one in directory.look_alikes(draft) if one.other],
            directory.correspondents(),
        )

    assert known() == ([], [], [], ())
    with Store.open(tmp_path / "practice.db") as store:
        others = Directory(store, directory.keys_folder, region="FR")
        renamed = others.edit(jeanne, name="Jeanne Modèle")
        assert known() == (["Jeanne Modèle"], [], [], ())
        others.edit(renamed, phone="+33639980007", email="jeanne.n@exemple.fr")
        after = (["Jeanne Modèle"], ["Jeanne Modèle"], ["Jeanne Modèle"], ())
        assert known() == after
        for name in ("Labo Fictif", "Labo Inventé"):
            with pytest.raises(ZeroDivisionError), directory.store.transaction():
                directory.add(**{**labo, "name": name})
                assert known() == (*after[:3], (name,))
                raise ZeroDivisionError
            assert known() == after
        organisation = others.add(**labo)
        assert known() == (*after[:3], ("Labo Fictif",))
        others.edit(organisation, kind=Kind.PATIENT)
        assert known() == after
        others.remove(organisation)
        others.remove(others.find("Jeanne Modèle"))
    assert known() == ([], [], [], ())


def test_using_a_contact_is_no_change_of_the_directory(directory, jeanne):
    """Each share does; everybody would be read again for each."""
    before = directory.state()
    with directory.store.transaction() as connection:
        directory.record_use(connection, jeanne)
    assert directory.state() == before
    directory.add(name="Léo Morel", kind=Kind.PATIENT)
    assert directory.state() != before
