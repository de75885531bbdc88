"""Protects recipients' keys: public ones only, in files that age reads, and one kind a person."""

from __future__ import annotations

import io
import subprocess

import pytest

from secshare import age
from secshare.errors import RecipientDataInvalid
from secshare.messages import Language
from secshare.model import Kind, Reference
from secshare.recipients import cards_of, parse_keys, set_card
from tests.tools import need


@pytest.fixture(scope="module")
def plain():
    return [age.X25519Identity.generate() for _ in range(3)]


@pytest.fixture(scope="module")
def hybrid():
    return [age.HybridIdentity.generate() for _ in range(2)]


def public(identities):
    return [str(identity.recipient()) for identity in identities]


def refused(key, texts, **options):
    with pytest.raises(RecipientDataInvalid) as caught:
        parse_keys(texts, **options)
    assert caught.value.key == key
    for language in Language:
        assert all(caught.value.explain(language))


def ssh_key(tmp_path, kind="ed25519"):
    path = tmp_path / f"id_{kind}"
    subprocess.run(
        [need("ssh-keygen"), "-q", "-t", kind, "-N", "", "-C", "dr.morel@bureau", "-f", path],
        check=True,
    )
    return path.with_suffix(".pub").read_text(), path.read_text()


def test_keys_come_as_lines_or_as_a_file_with_comments(plain):
    one, two, three = public(plain)
    assert parse_keys([one]) == (one,)
    assert parse_keys([f"# Labo\n\n{one}\r\n  {two}\n", three, one.upper()]) == (one, two, three)


def test_hybrid_keys_stand_together(hybrid):
    assert parse_keys(public(hybrid)) == tuple(public(hybrid))


def test_hybrid_keys_and_others_do_not_stand_together(plain, hybrid):
    refused("recipients.key_mixed", [*public(hybrid), *public(plain)], whose="labo")


def test_an_ssh_key_is_kept_without_its_comment(tmp_path, plain):
    text, _ = ssh_key(tmp_path)
    (kept,) = parse_keys([text])
    assert kept.startswith("ssh-ed25519 ")
    assert "morel" not in kept
    assert parse_keys([text, public(plain)[0]]) == (kept, public(plain)[0])


def test_a_private_key_is_refused_and_never_repeated(tmp_path, plain, hybrid):
    _, private = ssh_key(tmp_path)
    for text in (
        plain[0].reveal(),
        hybrid[0].reveal().lower(),
        private,
        f"# k\n{plain[0].reveal()}",
    ):
        with pytest.raises(RecipientDataInvalid) as caught:
            parse_keys([text])
        assert caught.value.key == "recipients.key_private"
        assert text[20:60] not in str(caught.value)
        assert not caught.value.fields


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "recipients.key_none"),
        ("# nothing\n", "recipients.key_none"),
        ("age1nonsense", "recipients.key"),
        ("ssh-dss AAAA", "recipients.key"),
        ("Bonjour", "recipients.key"),
        ("age1" + "q" * 58, "recipients.key"),
    ],
)
def test_what_is_no_key_is_refused(text, key):
    refused(key, [text])


def test_one_wrong_letter_is_noticed(plain):
    (key,) = public(plain[:1])
    wrong = key[:-1] + ("q" if key[-1] != "q" else "p")
    refused("recipients.key", [wrong])


def test_a_crowd_of_keys_is_refused():
    refused(
        "recipients.key_many", [str(age.X25519Identity.generate().recipient()) for _ in range(21)]
    )


# --- files --------------------------------------------------------------------------------------


def test_a_file_of_keys_holds_the_id_and_nothing_else_of_the_person(directory, plain):
    directory.add(
        name="Jeanne Morel",
        kind=Kind.PATIENT,
        email="jeanne@example.org",
        id="p-77",
        keys=public(plain[:2]),
    )
    text = (directory.keys_folder / "p-77.pub").read_text("ascii")
    assert text == "# p-77\n" + "".join(f"{key}\n" for key in public(plain[:2]))


def test_age_seals_with_the_file_and_each_identity_opens(directory, plain, tmp_path):
    ssh, _ = ssh_key(tmp_path)
    directory.add(name="Labo", kind=Kind.ORGANISATION, keys=[*public(plain), ssh])
    sealed = tmp_path / "sealed.age"
    (tmp_path / "clear").write_bytes(b"Bonjour")
    subprocess.run(
        [need("age"), "-R", directory.keys_folder / "labo.pub", "-o", sealed, tmp_path / "clear"],
        check=True,
    )
    for identity in plain:
        clear = io.BytesIO()
        with sealed.open("rb") as source:
            age.decrypt(source, clear, [identity])
        assert clear.getvalue() == b"Bonjour"


def test_adding_and_replacing_keys(directory, plain, hybrid):
    one, two, three = public(plain)
    person = directory.add(name="Labo", kind=Kind.ORGANISATION, keys=[one])
    person = directory.set_keys(person, [two], replace_all=False)
    assert person.keys == directory.find("labo").keys == (one, two)
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.set_keys(person, public(hybrid), replace_all=False)
    assert caught.value.key == "recipients.key_mixed"
    assert directory.find("labo").keys == (one, two)
    directory.set_keys(person, public(hybrid), replace_all=True)
    assert directory.find("labo").keys == tuple(public(hybrid))
    directory.set_keys(person, [], replace_all=True)
    assert directory.find("labo").keys == ()
    assert not list(directory.keys_folder.iterdir())
    assert directory.set_keys(directory.find("labo"), [three], replace_all=False).keys == (three,)


def test_a_file_that_no_longer_holds_keys_is_said_by_its_line(directory, plain):
    directory.add(name="Labo", kind=Kind.ORGANISATION, keys=public(plain))
    path = directory.keys_folder / "labo.pub"
    path.write_text(f"# labo\n{public(plain)[0]}\nage1broken\n")
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.find("labo")
    assert caught.value.key == "recipients.key_file"
    assert caught.value.fields == {"id": "labo", "line": 3}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"#" * (2 << 20)])
def test_a_file_of_keys_that_cannot_be_read_is_said(directory, plain, content):
    directory.add(name="Labo", kind=Kind.ORGANISATION, keys=public(plain))
    (directory.keys_folder / "labo.pub").write_bytes(content)
    for act in (lambda: directory.find("labo"), lambda: list(directory.all())):
        with pytest.raises(RecipientDataInvalid) as caught:
            act()
        assert caught.value.key == "recipients.key_file_unreadable"


def test_an_empty_file_of_keys_does_not_turn_keys_into_words_in_silence(directory, plain):
    directory.add(name="Labo", kind=Kind.ORGANISATION, keys=public(plain))
    for content in (b"", b"# nothing any more\n"):
        (directory.keys_folder / "labo.pub").write_bytes(content)
        with pytest.raises(RecipientDataInvalid):
            directory.find("labo")


# --- cards --------------------------------------------------------------------------------------


def test_the_key_of_a_card_is_named_in_the_file_and_age_reads_it_all_the_same(directory, hybrid):
    person = directory.add(name="Jeanne Morel", kind=Kind.PATIENT, email="jeanne@example.org")
    key, name = public(hybrid)[0], Reference.draw()
    person = set_card(directory, person, (key, name))
    assert (directory.keys_folder / "jeanne-morel.pub").read_text("ascii") == (
        f"# jeanne-morel\n# card {name}\n{key}\n"
    )
    assert directory.find("jeanne-morel").keys == person.keys == (key,)
    assert cards_of(directory, person) == {key: str(name)}


def test_a_card_stays_named_when_other_keys_come_and_go(directory, hybrid):
    one, two = public(hybrid)
    name = Reference.draw()
    person = directory.add(name="Jeanne Morel", kind=Kind.PATIENT)
    person = set_card(directory, person, (one, name))
    person = directory.set_keys(person, [two], replace_all=False)
    assert cards_of(directory, person) == {one: str(name)}
    assert cards_of(directory, directory.set_keys(person, [two], replace_all=True)) == {}
    assert "card" not in (directory.keys_folder / "jeanne-morel.pub").read_text()


def test_a_card_takes_the_place_of_the_former_one_only(directory, hybrid):
    own, first = public(hybrid)
    second = str(age.HybridIdentity.generate().recipient())
    person = directory.add(name="Jeanne Morel", kind=Kind.PATIENT, keys=[own])
    person = set_card(directory, person, (first, Reference.draw()))
    assert person.keys == (own, first)
    person = set_card(directory, person, (second, Reference.draw()))
    assert person.keys == directory.find("jeanne-morel").keys == (own, second)
    assert set_card(directory, person, None).keys == (own,)
    assert directory.find("jeanne-morel").keys == (own,)


def test_a_card_beside_keys_of_another_kind_is_refused_and_nothing_changes(
    directory, plain, hybrid
):
    person = directory.add(name="Labo", kind=Kind.ORGANISATION, keys=public(plain[:1]))
    before = (directory.keys_folder / "labo.pub").read_bytes()
    with pytest.raises(RecipientDataInvalid):
        set_card(directory, person, (public(hybrid)[0], Reference.draw()))
    assert (directory.keys_folder / "labo.pub").read_bytes() == before


@pytest.mark.parametrize(
    "comment", ["# card", "#card K7Q2-M9PX-8", "# card K7Q2-M9PX-8\n\n", "# card X\n# note\n"]
)
def test_a_comment_that_is_not_just_before_a_key_makes_no_card(directory, hybrid, comment):
    person = directory.add(name="Jeanne Morel", kind=Kind.PATIENT, keys=public(hybrid[:1]))
    path = directory.keys_folder / "jeanne-morel.pub"
    path.write_text(f"# jeanne-morel\n{comment}\n{public(hybrid)[0]}\n")
    assert cards_of(directory, person) == {}
    path.write_bytes(b"\xff\xfe")
    assert cards_of(directory, person) == {}
