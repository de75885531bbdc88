"""Protects the right to know what was shared about oneself, and everybody else's privacy in it."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from secshare import files
from secshare.cli import giving
from secshare.cli.app import run
from secshare.cli.session import Session
from secshare.errors import RecipientUnknown
from secshare.model import Kind, Road, SecretState
from secshare.practice import Practice
from secshare.register import Operation
from secshare.sharing import Desk, address, prepare, receive
from secshare.sharing.history import history_of, person_of
from secshare.sharing.incidents import incidents_of
from tests.answers import answer
from tests.practices import add_patient, make_practice


@pytest.fixture
def practice(tmp_path):
    (tmp_path / "report.txt").write_text("Compte rendu fictif.", "utf-8")
    return make_practice(tmp_path / "cabinet")


def seal(desk, folder, who, about=None):
    addressed = address(desk, who, about=about, road=Road.QR, today=date.today())
    with files.open_source(folder / "report.txt") as source:
        return prepare(desk, addressed, [source]).share.reference


def said(practice, capsys, *arguments):
    """Run the verb in this process; return its status and what it said."""
    capsys.readouterr()
    session = Session(environ={}, terminal=lambda: None)
    status = run(["recipients", "history", *arguments, "--practice", str(practice.folder)], session)
    return status, capsys.readouterr()


def mother_and_child(desk):
    mother = add_patient(desk)
    child = desk.directory.add(name="Léo Exemple", kind=Kind.PATIENT, birth_date=date(2020, 6, 1))
    desk.directory.represent(mother, child, "mère")
    return mother, child


def test_what_was_shared_with_somebody_and_about_them_is_there_and_nothing_of_others(
    practice, tmp_path, capsys
):
    with Desk(practice) as desk:
        mother_and_child(desk)
        add_patient(desk, "Paul Essai")
        own = seal(desk, tmp_path, "jeanne-exemple")
        about = seal(desk, tmp_path, "jeanne-exemple", "leo-exemple")
        other = seal(desk, tmp_path, "paul-essai")
    status, told = said(practice, capsys, "leo-exemple")
    assert status == 0
    assert str(about) in told.out
    assert str(own) not in told.out
    assert "Jeanne Exemple" in told.out  # to whom it went is what he may know
    status, told = said(practice, capsys, "Jeanne Exemple", "--json")
    document = json.loads(told.out)
    assert [share["reference"] for share in document["shares"]] == [str(about), str(own)]
    assert document["shares"][0]["subject"]["id"] == "leo-exemple"
    assert [share["purpose"] for share in document["shares"]] == ["soins", "soins"]
    for out in (told.out, said(practice, capsys, "jeanne-exemple")[1].out):
        assert str(other) not in out
        assert "Paul" not in out
        assert "jeanne.exemple@" not in out
        assert "39980001" not in out


def test_that_it_was_asked_is_entered_first_and_who_acted_is_not_told(practice, tmp_path, capsys):
    with Desk(practice, by="Claire D.") as desk:
        jeanne = add_patient(desk)
        seal(desk, tmp_path, "jeanne-exemple")
        desk.directory.edit(jeanne, email="autre@example.com")
    for options in ([], ["--json"]):
        status, told = said(practice, capsys, "jeanne-exemple", "--by", "Marc", *options)
        assert status == 0
        assert "Claire" not in told.out
        assert "Marc" not in told.out
    document = json.loads(told.out)
    operations = [(each["operation"], each["what"]) for each in document["directory"]]
    assert operations == [
        ("directory", "added"),
        ("directory", "changed"),
        ("history", None),
        ("history", None),
    ]
    assert document["directory"][1]["changed"] == ["email"]
    with Desk(Practice.open(practice.folder)) as desk:
        entry = next(desk.journal.entries())
        assert entry.operation is Operation.HISTORY
        assert (entry.actor.by, entry.facts) == ("Marc", {"recipient": jeanne.uid})


def test_what_cannot_be_entered_is_not_shown(practice, tmp_path, capsys):
    with Desk(practice) as desk:
        add_patient(desk)
        with desk.store.transaction() as connection:
            connection.execute("UPDATE head SET signature = zeroblob(64)")
    status, told = said(practice, capsys, "jeanne-exemple")
    assert (status, told.out) == (41, "")


def test_an_answer_that_came_back_is_part_of_it(practice, tmp_path, capsys):
    with Desk(practice) as desk:
        add_patient(desk)
        reference = seal(desk, tmp_path, "jeanne-exemple")
        (tmp_path / "answer.age").write_bytes(
            answer(practice.recipient, {"a.txt": b"a"}, mark=f"secshare answer {reference}")
        )
        with files.open_source(tmp_path / "answer.age") as source:
            receive(desk, source, lambda: practice.identities(lambda: pytest.fail("asked")))
    _, told = said(practice, capsys, "jeanne-exemple", "--json")
    (share,) = json.loads(told.out)["shares"]
    assert [each["documents"] for each in share["answers"]] == [1]
    assert "answer received" in said(practice, capsys, "jeanne-exemple")[1].out


def test_somebody_who_was_removed_is_answered_by_name_or_by_a_share(practice, tmp_path, capsys):
    with Desk(practice) as desk:
        jeanne = add_patient(desk)
        reference = seal(desk, tmp_path, "jeanne-exemple")
        desk.directory.remove(jeanne)
    for who in ("jeanne EXEMPLE", str(reference), str(reference).lower()):
        status, told = said(practice, capsys, who, "--json")
        document = json.loads(told.out)
        assert (status, document["person"]["id"]) == (0, None)
        assert document["person"]["name"] == "Jeanne Exemple"
        assert [share["reference"] for share in document["shares"]] == [str(reference)]
        assert [each["what"] for each in document["directory"]][:2] == ["added", "removed"]
    assert said(practice, capsys, "Jeanne")[0] == 10
    assert said(practice, capsys, "K7Q2-M9PX-9")[0] == 10


def test_two_who_were_removed_with_one_name_are_never_mixed(practice, tmp_path, capsys):
    references = []
    with Desk(practice) as desk:
        for _ in range(2):
            jeanne = add_patient(desk)
            references.append(seal(desk, tmp_path, "jeanne-exemple"))
            desk.directory.remove(jeanne)
        with pytest.raises(RecipientUnknown) as caught:
            person_of(desk, "Jeanne Exemple")
    assert caught.value.key == "history.several_gone"
    for reference in references:
        assert str(reference) in caught.value.explain("fr")[1]
        _, told = said(practice, capsys, str(reference), "--json")
        document = json.loads(told.out)
        assert [share["reference"] for share in document["shares"]] == [str(reference)]
        (other,) = set(map(str, references)) - {str(reference)}
        assert document["namesakes"] == [other]
        assert other in told.err


def test_somebody_added_again_is_told_to_have_had_another_entry(practice, tmp_path):
    with Desk(practice) as desk:
        jeanne = add_patient(desk)
        before = seal(desk, tmp_path, "jeanne-exemple")
        desk.directory.remove(jeanne)
        add_patient(desk)
        found = history_of(desk, person_of(desk, "jeanne-exemple"))
    assert found.shares == ()
    assert found.namesakes == (before,)


def test_a_share_that_another_command_is_preparing_is_not_history_yet(practice, tmp_path):
    with Desk(practice) as desk:
        add_patient(desk)
        seal(desk, tmp_path, "jeanne-exemple")
        with desk.store.transaction() as connection:
            connection.execute("UPDATE share SET status = 'preparing', draft = '.x'")
        assert history_of(desk, person_of(desk, "jeanne-exemple")).shares == ()


def test_what_went_wrong_and_what_was_done_with_the_words_is_part_of_it(practice, tmp_path, capsys):
    with Desk(practice) as desk:
        add_patient(desk)
        reference = seal(desk, tmp_path, "jeanne-exemple")
        desk.register.change(reference, Operation.SECRET, given_as="sms")
        desk.register.change(reference, Operation.MARK, mark=SecretState.RELEASED)
        desk.register.recall(reference)  # too late: nothing in the two states tells of it
        incidents = incidents_of(desk)
        incidents.record(reference, wrong_address="Jeanne.Exemple@example.org", how="Zoé appelle")
    told = said(practice, capsys, "jeanne-exemple")[1]
    today = f"{date.today():%d/%m/%Y}"
    lines = [re.split(" {2,}", line.strip(), maxsplit=1) for line in told.out.splitlines()]
    rows = {line[0]: line[1] for line in lines if len(line) == 2}
    assert rows["words given again"].startswith(f"on {today}")
    assert rows["words given again"].endswith(", by SMS")
    assert rows["words stopped"].startswith(f"on {today}")
    wrong = "; sent to a wrong address, J***@example.org"
    assert rows["incident"].startswith(f"recorded on {today}")
    assert rows["incident"].endswith(wrong)
    with Desk(practice) as desk:
        incidents_of(desk).record(reference, wrong_address="paul@example.net")
    told = said(practice, capsys, "jeanne-exemple")[1]
    assert "; sent to another address, p***@example.net" in told.out
    told = said(practice, capsys, "jeanne-exemple", "--json")[1]
    (share,) = json.loads(told.out)["shares"]
    assert share["incident"]["wrong_address"] == "p***@example.net"
    assert [(each["operation"], each["given_as"]) for each in share["words"]] == [
        ("secret", "sms"),
        ("recall", None),
    ]
    assert "Zoé" not in told.out


def test_every_form_that_words_are_given_in_has_a_sentence(practice, tmp_path, capsys):
    with Desk(practice) as desk:
        add_patient(desk)
        reference = seal(desk, tmp_path, "jeanne-exemple")
        for form in giving.As:
            desk.register.change(reference, Operation.SECRET, given_as=form.value)
    told = said(practice, capsys, "jeanne-exemple")[1].out.splitlines()
    given = [line for line in told if line.startswith("  words given again")]
    assert len({line.rpartition(",")[2] for line in given if "," in line}) == len(giving.As)


def test_what_professionals_got_and_nobody_said_about_whom_is_counted(practice, tmp_path, capsys):
    def limit():
        out = said(practice, capsys, "leo-exemple")[1].out
        return [line for line in out.splitlines() if "professionals" in line]

    with Desk(practice) as desk:
        mother_and_child(desk)
        for name, kind in (("Anne Martin", Kind.PROFESSIONAL), ("Labo", Kind.ORGANISATION)):
            email = f"{name[:4].lower()}@example.net"
            desk.directory.add(name=name, kind=kind, email=email)
        seal(desk, tmp_path, "jeanne-exemple")
        seal(desk, tmp_path, "anne-martin", "leo-exemple")
    assert limit() == []
    with Desk(practice) as desk:
        seal(desk, tmp_path, "anne-martin")
    assert limit() == ["1 share to professionals does not say whom it is about."]
    with Desk(practice) as desk:
        seal(desk, tmp_path, "labo")
    assert limit() == ["2 shares to professionals do not say whom they are about."]
    assert json.loads(said(practice, capsys, "leo-exemple", "--json")[1].out)["about_nobody"] == 2


def test_every_state_has_a_sentence(practice, tmp_path, capsys):
    with Desk(practice) as desk:
        add_patient(desk)
        seal(desk, tmp_path, "jeanne-exemple")
    seen = set()
    for file in ("prepared", "sent", "bounced", "delivered", "opened"):
        for secret in ("held", "written", "released", "destroyed"):
            for known in (0, 1):
                with Desk(practice) as desk, desk.store.transaction() as connection:
                    connection.execute(
                        "UPDATE share SET file = ?, secret = ?, file_known = ?, secret_known = ?",
                        (file, secret, known, known),
                    )
                status, told = said(practice, capsys, "jeanne-exemple")
                assert status == 0
                seen |= {line for line in told.out.splitlines() if line.startswith("  the words")}
    assert len(seen) == 8
