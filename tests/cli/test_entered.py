"""Protects the people of a directory: who changed what, or saw an address whole, is entered."""

from __future__ import annotations

import json

import pytest

from secshare import age, passphrase
from secshare.cli.app import run
from secshare.cli.session import Session
from secshare.practice import Practice
from secshare.register import Operation
from secshare.sharing import Desk, create_practice
from secshare.terminal import system_user
from tests.fakes.terminal import FakeTerminal
from tests.practices import SETTINGS, add_patient, make_practice

EMAIL, PHONE = "jeanne.exemple@example.org", "+33639980001"
WHOLE = (EMAIL, "jeanne.exemple@", PHONE, "0639980001", "06 39 98 00 01")


@pytest.fixture
def practice(tmp_path):
    made = make_practice(tmp_path / "cabinet")
    with Desk(made) as desk:
        add_patient(desk)
        add_patient(desk, "Paul Essai")
    return made


def said(practice, *arguments, terminal=None):
    """Run a verb in this process, and return its status."""
    session = Session(environ={}, terminal=lambda: terminal)
    return run([*arguments, "--practice", str(practice.folder)], session)


def entries(practice):
    """What the journal says, the oldest first."""
    with Desk(Practice.open(practice.folder)) as desk:
        return list(desk.journal.entries())[::-1]


def uid(practice, name="Jeanne Exemple"):
    with Desk(Practice.open(practice.folder)) as desk:
        return desk.directory.find(name).uid


VERBS = {
    ("recipients", "add", "--name", "Léo Essai", "--kind", "patient", "--yes"): "added",
    ("recipients", "edit", "jeanne-exemple", "--road", "qr", "--yes"): "changed",
    ("recipients", "revoke", "jeanne-exemple", "--yes"): "revoked",
    ("recipients", "card", "jeanne-exemple", "--yes"): "card",
    ("recipients", "import", "list.csv"): "imported",
    ("recipients", "remove", "jeanne-exemple", "--yes"): "removed",
    ("keys", "add", "jeanne-exemple", "KEY", "--yes"): "keys",
    ("keys", "rotate", "--yes"): "rotated",
}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: " ".join(verb[:2]))
def test_what_changes_the_directory_or_the_keys_is_one_entry_of_who_did_it(
    practice, tmp_path, monkeypatch, capsys, verb
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(
        "nom;type\nLéo Essai;patient\nMarie Essai;patient\n", "utf-8"
    )
    key = str(age.X25519Identity.generate().recipient())
    before = len(entries(practice))
    arguments = [key if word == "KEY" else word for word in verb]
    assert said(practice, *arguments, "--by", "Claire D.") == 0, capsys.readouterr().err
    (entry,) = entries(practice)[before:]
    assert entry.facts["what"] == VERBS[verb]
    assert entry.operation is (Operation.KEYS if verb[1] == "rotate" else Operation.DIRECTORY)
    assert (entry.actor.user, entry.actor.by) == (system_user(), "Claire D.")
    assert not any(name in str(entry.facts) for name in ("Essai", "Exemple", "@", key))


def test_another_protection_of_the_practices_key_is_an_entry_and_no_change_is_none(tmp_path):
    words = passphrase.draw()
    practice = create_practice(tmp_path / "cabinet", SETTINGS, protection=words)
    (tmp_path / "words.txt").write_text(words.reveal(), "utf-8")
    taken_away = ("keys", "protect", "--unprotected", "--yes")
    file = ("--passphrase-file", str(tmp_path / "words.txt"))
    before = len(entries(practice))
    assert said(practice, *taken_away, *file, "--by", "Claire") == 0
    assert said(practice, *taken_away) == 0
    (entry,) = entries(practice)[before:]
    assert (entry.operation, entry.facts) == (Operation.KEYS, {"what": "unprotected"})
    assert entry.actor.by == "Claire"


def test_a_name_with_a_number_is_refused_before_anything_is_done(practice, capsys):
    before = entries(practice)
    who = "Dr Exemple 10003456789"
    assert said(practice, "recipients", "remove", "paul-essai", "--yes", "--by", who) == 12
    assert "--by" in capsys.readouterr().err
    assert entries(practice) == before
    assert uid(practice, "Paul Essai")


def test_an_address_shown_whole_is_an_entry_and_a_masked_one_is_none(practice, capsys):
    jeanne, before = uid(practice), len(entries(practice))
    assert said(practice, "recipients", "list") == 0
    assert said(practice, "recipients", "list", "--json") == 0
    assert len(entries(practice)) == before
    capsys.readouterr()
    assert said(practice, "recipients", "show", "jeanne-exemple", "--by", "Claire") == 0
    assert EMAIL in capsys.readouterr().out
    assert said(practice, "recipients", "show", "jeanne-exemple", "--json") == 0
    assert json.loads(capsys.readouterr().out)["email"] == EMAIL
    shown, again = entries(practice)[before:]
    assert shown.operation is again.operation is Operation.CONTACT
    assert shown.facts == again.facts == {"recipient": jeanne}
    assert (shown.actor.by, again.actor.by) == ("Claire", None)


def test_somebody_without_address_or_number_is_shown_without_an_entry(practice):
    said(practice, "recipients", "add", "--name", "Léo Essai", "--kind", "patient", "--yes")
    before = len(entries(practice))
    assert said(practice, "recipients", "show", "leo-essai") == 0
    assert len(entries(practice)) == before


def test_an_address_that_a_question_says_is_an_entry_whatever_is_answered(practice):
    terminal, before = FakeTerminal(["non"]), len(entries(practice))
    change = ("recipients", "edit", "jeanne-exemple", "--email", "autre@example.com")
    assert said(practice, *change, terminal=terminal) == 14
    assert EMAIL in terminal.asked[0]
    (entry,) = entries(practice)[before:]
    assert entry.operation is Operation.CONTACT


def test_what_cannot_be_entered_is_not_shown(practice, capsys):
    with Desk(practice) as desk, desk.store.transaction() as connection:
        connection.execute("UPDATE head SET signature = zeroblob(64)")
    for arguments in (("show",), ("show", "--json")):
        verb, *options = arguments
        assert said(practice, "recipients", verb, "jeanne-exemple", *options) == 41
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.splitlines()) == 2
        assert not any(whole in told.err for whole in WHOLE)


def test_no_list_says_an_address_or_a_number_whole(practice, capsys):
    said(practice, "recipients", "edit", "paul-essai", "--phone", PHONE, "--yes",
         "--accept", "shared-contact", "--accept", "look-alike")  # fmt: skip
    capsys.readouterr()
    lists = [
        ("recipients", "list"),
        ("recipients", "lookalikes"),
        ("shares",),
        ("receive", "--list"),
        ("recipients", "show", "jeanne"),  # nobody's whole name: what is near is told
        ("recipients", "show", "Jeanne Exemples"),
    ]
    for verb in lists:
        for options in ([], ["--json"]):
            said(practice, *verb, *options)
            told = "".join(capsys.readouterr())
            assert not any(whole in told for whole in WHOLE), verb


def test_nobody_can_write_all_addresses_to_a_file(practice, tmp_path, capsys):
    """No verb about recipients takes a file to write contacts into."""
    for verb in ("list", "show", "lookalikes"):
        out = tmp_path / "all.csv"
        assert said(practice, "recipients", verb, "-o", str(out)) == 2
        assert not out.exists()
    capsys.readouterr()
