"""Protects a practice from what nobody looks after: what is past its time is said, not failed."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime

import pytest

from secshare import files
from secshare.cli.app import run
from secshare.cli.session import Session
from secshare.model import FileState, Road
from secshare.register import Operation
from secshare.sharing import Desk, address, prepare
from secshare.sharing.incidents import incidents_of
from tests.practices import add_patient, make_practice

DAY = 86_400


@pytest.fixture
def practice(tmp_path):
    (tmp_path / "report.txt").write_text("Compte rendu fictif.", "utf-8")
    made = make_practice(tmp_path / "cabinet")
    with Desk(made) as desk:
        add_patient(desk)
    return made


def at(practice, days):
    """The desk, so many days ago."""
    return Desk(practice, now=lambda: time.time() - days * DAY)


def sealed(practice, folder, *, days, hold=False):
    """The reference of a share that was prepared so many days ago."""
    with at(practice, days) as desk:
        addressed = address(desk, "jeanne-exemple", road=Road.QR, today=date.today())
        moment = datetime.fromtimestamp(time.time() - days * DAY, UTC)
        with files.open_source(folder / "report.txt") as source:
            made = prepare(desk, addressed, [source], hold=hold, now=lambda: moment)
            return made.share.reference


def told(practice, capsys, *options):
    capsys.readouterr()
    session = Session(environ={}, terminal=lambda: None)
    status = run(["selftest", *options, "--practice", str(practice.folder)], session)
    return status, capsys.readouterr().out


def notes(practice, capsys):
    status, out = told(practice, capsys, "--json")
    document = json.loads(out)
    assert (status, document["ok"]) == (0, True)
    return {note["note"]: note for note in document["notes"]}


def test_a_practice_that_is_looked_after_has_nothing_to_say(practice, tmp_path, capsys):
    sealed(practice, tmp_path, days=1)
    assert notes(practice, capsys) == {}
    status, out = told(practice, capsys)
    assert status == 0
    assert "note" not in out
    assert out.count("ok  ") == 9


def test_what_nobody_said_was_sent_and_words_held_back_are_named(practice, tmp_path, capsys):
    waiting = sealed(practice, tmp_path, days=9)
    held = sealed(practice, tmp_path, days=8, hold=True)
    sent = sealed(practice, tmp_path, days=10)
    with at(practice, 6) as desk:
        desk.register.change(sent, Operation.MARK, mark=FileState.SENT)
    found = notes(practice, capsys)
    assert set(found) == {"unsent", "held"}
    assert found["unsent"]["references"] == [str(waiting), str(held)]
    assert found["held"]["references"] == [str(held)]
    status, out = told(practice, capsys)
    assert status == 0
    assert f"({waiting}, {held})" in out
    assert "secshare mark REF sent" in out


def test_a_folder_that_came_back_waits_for_somebody_too(practice, tmp_path, capsys):
    back = sealed(practice, tmp_path, days=20)
    with at(practice, 19) as desk:
        desk.register.change(back, Operation.MARK, mark=FileState.SENT)
        desk.register.change(back, Operation.MARK, mark=FileState.BOUNCED)
    found = notes(practice, capsys)
    assert set(found) == {"bounced"}
    assert found["bounced"]["references"] == [str(back)]
    _, out = told(practice, capsys)
    assert "came back more than 7 days ago" in out
    assert f"secshare reseal {back}" in out
    assert "nobody said" not in out


def test_what_has_an_incident_is_in_hand(practice, tmp_path, capsys):
    wrong = sealed(practice, tmp_path, days=20)
    with at(practice, 0) as desk:
        incidents_of(desk).record(wrong)
    assert notes(practice, capsys) == {}


def test_one_is_told_as_one_and_can_be_copied(practice, tmp_path, capsys):
    waiting = sealed(practice, tmp_path, days=9)
    _, out = told(practice, capsys)
    assert f"{waiting} waits in the outbox for more than 7 days" in out
    assert f"secshare mark {waiting} sent" in out


def test_a_folder_that_somebody_took_away_does_not_wait(practice, tmp_path, capsys):
    gone = sealed(practice, tmp_path, days=20)
    files.remove(practice.outbox / str(gone))
    assert notes(practice, capsys) == {}


def test_many_are_counted_and_three_are_named(practice, tmp_path, capsys):
    references = [sealed(practice, tmp_path, days=20 - each) for each in range(4)]
    _, out = told(practice, capsys)
    assert "4 shares wait in the outbox" in out
    assert f"{references[2]}, …)" in out
    assert str(references[3]) not in out


def test_what_reached_its_age_waits_for_purge_and_stays(practice, tmp_path, capsys, monkeypatch):
    files.remove(practice.outbox / str(sealed(practice, tmp_path, days=0)))
    with at(practice, -40):  # its words are forgotten, which is the last entry about it
        pass
    later = lambda: time.time() + 61 * 31 * DAY  # noqa: E731 - a clock
    monkeypatch.setitem(Desk.__init__.__kwdefaults__, "now", later)
    found = notes(practice, capsys)
    assert set(found) == {"journal", "shares"}
    assert found["shares"]["count"] == 1
    assert "secshare purge" in told(practice, capsys)[1]
    assert notes(practice, capsys) == found  # nothing was removed


def test_a_journal_that_was_altered_is_a_failure_and_names_its_entry(practice, tmp_path, capsys):
    sealed(practice, tmp_path, days=9)
    with Desk(practice) as desk, desk.store.transaction() as connection:
        connection.execute(
            "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'added', 'addes') AS BLOB)"
            " WHERE number = 2"
        )
    status, out = told(practice, capsys, "--json")
    document = json.loads(out)
    assert status == 41
    failed = {check["check"]: check["failure"] for check in document["checks"] if check["failure"]}
    assert set(failed) == {"journal"}
    assert "2" in failed["journal"]
    assert [note["note"] for note in document["notes"]] == ["unsent"]
    practice.secrets.chmod(0o755)
    assert told(practice, capsys)[0] == 15  # the journal is not the only failure
