"""The journal is looked at, verified, taken elsewhere and begun anew, also when it is broken."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secshare.cli.app import run
from secshare.cli.session import Session
from secshare.model import Reference, SecretState, States
from secshare.practice import Practice, fingerprint
from secshare.register.entries import told_states
from secshare.register.exported import verify_file
from secshare.register.states import Operation
from secshare.sharing import Desk
from secshare.store import Store
from tests.fakes.terminal import FakeTerminal
from tests.practices import add_patient, make_practice
from tests.register.long import fill_practice

Said = tuple[int, str, str]


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    made = make_practice(tmp_path / "cabinet")
    with Desk(made, by="Marie") as desk:
        add_patient(desk)
    return made


@pytest.fixture
def say(practice: Practice, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def command(*arguments: object, answers: list[str] | None = None, alone: bool = False) -> Said:
        terminal = FakeTerminal(answers) if answers is not None else None
        environ = {} if alone else {"SECSHARE_PRACTICE": str(practice.folder)}
        session = Session(environ=environ, terminal=lambda: terminal)
        status = run(["journal", *map(str, arguments)], session)
        return status, *capsys.readouterr()

    return command


def alter(practice: Practice, statement: str) -> None:
    connection = sqlite3.connect(practice.database)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_entries_are_shown_with_names_that_stand_in_no_entry(
    practice: Practice, say: Callable[..., Said]
) -> None:
    status, out, _ = say("show")
    assert status == 0
    newest, begun = out.splitlines()
    assert "Marie (" in newest
    assert "Jeanne Exemple (jeanne-exemple)" in newest
    assert "journal begun" in begun
    with Store.open(practice.database) as store:
        bodies = b"".join(row[0] for row in store.connection.execute("SELECT body FROM entry"))
    assert b"Jeanne" not in bodies
    shown = json.loads(say("show", "--last", "1", "--json")[1])
    assert [entry["number"] for entry in shown] == [2]
    assert list(shown[0]["names"].values()) == ["Jeanne Exemple"]


def test_a_share_that_is_not_there_is_not_called_one_without_entries(
    practice: Practice, say: Callable[..., Said]
) -> None:
    assert say("show", "K7Q2-M9PX-8")[0] == 42
    assert say("show", "K7Q2-M9PX-8", "--json")[:2] == (42, "")
    alter(
        practice,
        "INSERT INTO share (reference, status, created, recipient, subject, name, about, format,"
        " documents) VALUES ('K7Q2-M9PX-8', 'prepared', '2020-01-01', '', '', '', '', 'age', 1)",
    )
    assert say("show", "K7Q2-M9PX-8") == (0, "", "There is no such entry.\n")  # all were cut


def test_words_that_left_the_register_are_not_called_handed_over(
    practice: Practice, say: Callable[..., Said]
) -> None:
    written = States(secret=SecretState.WRITTEN)
    gone = States(secret=SecretState.DESTROYED, secret_known=False)
    with Desk(practice) as desk, desk.store.transaction() as connection:
        for operation, before, now in (
            (Operation.RELEASE, States(secret=SecretState.HELD), written),
            (Operation.RECALL, written, gone),
        ):
            states = {"before": told_states(before), "states": told_states(now)}
            desk.journal.append(connection, operation, Reference("K7Q2-M9PX-8"), **states)
    recall, release = say("show", "K7Q2-M9PX-8")[1].splitlines()
    assert "words left the register" in release
    assert recall.endswith("words written, then destroyed; they may have been given before")


def test_one_share_is_told_by_its_own_entries(practice: Practice, say: Callable[..., Said]) -> None:
    with Desk(practice) as desk, desk.store.transaction() as connection:
        desk.journal.append(connection, Operation.CONTACT)
        desk.journal.append(connection, Operation.SECRET, Reference("K7Q2-M9PX-8"))
    (line,) = say("show", "K7Q2-M9PX-8")[1].splitlines()
    assert "words given again" in line


def test_the_head_written_down_yesterday_is_looked_for_today(
    practice: Practice, say: Callable[..., Said]
) -> None:
    former = practice.database.read_bytes()
    with Desk(practice) as desk:
        add_patient(desk, "Paul Modèle")
    _, head, _ = say("head")
    assert say("verify", "--expect", head.strip())[0] == 0
    for left in practice.private.glob("practice.db*"):
        left.unlink()
    practice.database.write_bytes(former)
    practice.database.chmod(0o600)
    assert say("verify")[0] == 0  # an old copy was once true
    status, _, err = say("verify", "--expect", head.strip())
    assert status == 41
    assert "taken back" in err


def test_a_head_that_is_none_is_refused(say: Callable[..., Said]) -> None:
    assert say("verify", "--expect", "2-abc")[0] == 2


def test_an_altered_entry_is_named_and_everything_that_writes_says_so(
    practice: Practice, say: Callable[..., Said]
) -> None:
    alter(practice, "UPDATE entry SET hash = zeroblob(32) WHERE number = 1")
    status, out, err = say("verify")
    assert status == 41
    assert out.splitlines()[0] == err.splitlines()[0] == "Entry 1 of the journal was altered."
    status, out, _ = say("verify", "--json")
    assert status == 41
    told = json.loads(out)
    assert not told["ok"]
    assert 'secshare journal restart --reason "…"' in err
    assert [fault["entry"] for fault in told["faults"]] == [1]
    assert say("show")[0] == 0
    assert say("head")[0] == 41


def test_an_export_is_verified_here_and_elsewhere(
    practice: Practice, say: Callable[..., Said], tmp_path: Path
) -> None:
    path = tmp_path / "journal.jsonl"
    status, out, _ = say("export", "-o", path)
    assert (status, out) == (0, f"{path}\n")
    with path.open("rb") as file:
        assert verify_file(file, practice.signer.public).verified.entries == 3
    assert say("verify", path)[0] == 0
    assert say("verify", path, "--key", practice.practice_pub, alone=True)[0] == 0
    assert json.loads(say("show", "--last", "1", "--json")[1])[0]["operation"] == "export"


def test_a_files_own_key_is_told_with_its_worth(
    practice: Practice,
    say: Callable[..., Said],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("secshare.practice.place.default", lambda: None)
    path = tmp_path / "journal.jsonl"
    say("export", "-o", path)
    key = fingerprint(practice.signer.public)
    status, out, err = say("verify", path, alone=True)
    assert status == 0
    assert f"as signed by the key {key}, which it names itself" in out
    assert "intact" not in out
    assert "anybody can make such a file" in err
    told = json.loads(say("verify", path, "--json", alone=True)[1])
    assert (told["key"], told["key_known"]) == (key, False)
    assert json.loads(say("verify", path, "--json")[1])["key_known"]
    assert f"is intact, as signed by the key {key}" in say("verify", path)[1]
    make_practice(tmp_path / "autre")
    status, _, err = say("verify", path, "--practice", tmp_path / "autre")
    assert status == 41
    assert "not signed with this practice's key" in err


def test_an_export_that_was_altered_is_refused_by_its_line(
    say: Callable[..., Said], tmp_path: Path
) -> None:
    path = tmp_path / "journal.jsonl"
    say("export", "-o", path)
    path.write_bytes(path.read_bytes().replace(b'"what":"added"', b'"what":"addad"'))
    status, out, err = say("verify", path)
    assert status == 41
    assert "Line 3: Entry 2 of the journal was altered." in out
    assert "Do not rely on this file. Ask whoever exported it for another." in err
    assert "Restore" not in err
    assert "restart" not in err


def test_a_head_from_before_the_cut_is_said_once_and_breaks_nothing(
    practice: Practice, say: Callable[..., Said], capsys: pytest.CaptureFixture[str]
) -> None:
    make_old(practice, datetime.now(UTC) - timedelta(days=500))
    head = f"3-{'0' * 64}"
    session = Session(environ={"SECSHARE_PRACTICE": str(practice.folder)}, terminal=lambda: None)
    assert run(["purge", "--yes"], session) == 0
    capsys.readouterr()
    status, out, err = say("verify", "--expect", head)
    assert status == 43
    assert err.splitlines()[0] == (
        "The journal is intact. Entry 3 is older than the cut: it can no longer be compared."
    )
    assert "intact" not in out
    assert "Entry 3" not in out
    told = json.loads(say("verify", "--expect", head, "--json")[1])
    assert (told["ok"], told["uncompared"], told["faults"]) == (True, 3, [])
    assert "removed the entries that had reached their age" in say("verify")[1]


def test_what_restart_kept_is_called_what_it_is(
    practice: Practice, say: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secshare.practice.place.default", lambda: None)
    alter(practice, "UPDATE entry SET hash = zeroblob(32) WHERE number = 1")
    kept = Path(say("restart", "--reason", "essai", "--yes")[1].strip())
    status, out, err = say("verify", kept)
    assert (status, out) == (41, "")
    assert "kept by journal restart; it is not signed" in err
    assert "it was not changed since" in err
    assert json.loads(say("verify", kept, "--json")[1])["former"] is True
    assert "No first entry is here" in say("verify", kept, alone=True)[2]
    altered = tmp_path / "kept.jsonl"
    altered.write_bytes(kept.read_bytes().replace(b"Marie", b"Marla"))
    status, _, err = say("verify", altered)
    assert status == 41
    assert "is not the one" in err
    assert "Do not rely on this file" in err
    alter(practice, "DELETE FROM head")  # what does not verify vouches for nothing
    status, _, err = say("verify", kept)
    assert status == 41
    assert "was not changed since" not in err


def test_a_ruin_is_told_by_its_first_faults(practice: Practice, say: Callable[..., Said]) -> None:
    fill_practice(practice, 10, first=datetime.now(UTC))
    alter(practice, "UPDATE entry SET body = x'7b7d'")
    status, out, _ = say("verify")
    assert status == 41
    assert len(out.splitlines()) == 11
    assert "And others: " in out
    assert len(json.loads(say("verify", "--json")[1])["faults"]) > 20


def test_the_key_that_signs_is_shown_where_it_is_asked_for(
    practice: Practice, say: Callable[..., Said], capsys: pytest.CaptureFixture[str]
) -> None:
    key = fingerprint(practice.signer.public)
    _, out, err = say("head")
    assert len(out.splitlines()) == 1
    assert key in err
    assert json.loads(say("head", "--json")[1])["key"] == key
    session = Session(environ={"SECSHARE_PRACTICE": str(practice.folder)}, terminal=lambda: None)
    assert run(["keys", "show"], session) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"# Fingerprint of the key that signs the journal: {key}" in lines


def test_a_table_is_said_to_prove_nothing(say: Callable[..., Said], tmp_path: Path) -> None:
    status, _, err = say("export", "-o", tmp_path / "journal.csv", "--as", "csv")
    assert status == 0
    assert "nothing can verify it" in err
    assert say("verify", tmp_path / "journal.csv")[0] == 41


def test_a_broken_journal_is_not_exported_and_leaves_no_file(
    practice: Practice, say: Callable[..., Said], tmp_path: Path
) -> None:
    alter(practice, "UPDATE entry SET hash = zeroblob(32) WHERE number = 1")
    for form in ("jsonl", "csv"):
        assert say("export", "-o", tmp_path / "j", "--as", form)[0] == 41
        assert not (tmp_path / "j").exists()


def test_an_export_does_not_go_into_the_practice_folder(
    practice: Practice, say: Callable[..., Said]
) -> None:
    assert say("export", "-o", practice.outbox / "journal.jsonl")[0] == 4


def test_what_is_no_journal_is_called_none(say: Callable[..., Said], tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("bonjour")
    assert say("verify", path)[0] == 41
    assert say("verify", path, "--key", path)[0] == 3
    assert say("verify", tmp_path / "absent")[0] == 3
    assert say("verify", "--key", path)[0] == 2


def test_a_broken_journal_is_followed_by_another_once_somebody_says_yes(
    practice: Practice, say: Callable[..., Said]
) -> None:
    assert say("restart", "--reason", "essai", "--yes")[0] == 43
    alter(practice, "DELETE FROM head")
    assert say("restart", "--reason", "disque changé")[0] == 13
    assert say("restart", "--reason", "disque changé", answers=["non"])[0] == 14
    assert say("verify")[0] == 41
    status, out, _ = say("restart", "--reason", "disque changé", answers=["oui"])
    assert status == 0
    assert Path(out.strip()).parent == practice.private
    status, out, _ = say("verify")
    assert status == 0
    assert "Begun anew" in out
    with Desk(practice) as desk:
        add_patient(desk, "Paul Modèle")


def test_a_sweep_that_is_due_does_not_hide_a_broken_journal(
    practice: Practice, say: Callable[..., Said]
) -> None:
    fill_practice(practice, 2, first=datetime.now(UTC) - timedelta(days=300))
    alter(practice, "UPDATE head SET signature = x'00'")
    assert say("verify")[0] == 41
    assert say("show")[0] == 0


class TestPurge:
    """What reached its age goes when somebody says so."""

    @pytest.fixture
    def purge(self, practice: Practice, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
        start = datetime.now(UTC) - timedelta(days=500)
        make_old(practice, start)
        capsys.readouterr()

        def command(*arguments: str, answers: list[str] | None = None) -> Said:
            terminal = FakeTerminal(answers) if answers is not None else None
            environ = {"SECSHARE_PRACTICE": str(practice.folder)}
            session = Session(environ=environ, terminal=lambda: terminal)
            status = run(["purge", *arguments], session)
            return status, *capsys.readouterr()

        return command

    def test_it_is_said_tried_and_done(
        self, purge: Callable[..., Said], say: Callable[..., Said]
    ) -> None:
        tried = json.loads(purge("--dry-run", "--json")[1])
        assert tried["entries"] > 0
        assert tried["cut"] is None
        assert purge()[0] == 13
        assert purge(answers=["n"])[0] == 14
        done = json.loads(purge("--yes", "--json")[1])
        assert done["entries"] == tried["entries"]
        assert say("verify")[0] == 0
        status, _, err = purge("--yes")
        assert status == 0
        assert "Nothing reached its age" in err

    def test_a_day_that_is_too_young_or_none_is_refused(self, purge: Callable[..., Said]) -> None:
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        assert purge("--before", today, "--yes")[0] == 43
        assert purge("--before", "hier")[0] == 2
        assert purge("--before", "31/01/2020")[0] == 0


def make_old(practice: Practice, start: datetime) -> None:
    """Give a practice a journal that began long ago."""
    for left in practice.private.glob("practice.db*"):
        left.unlink()
    Store.open(practice.database, create=True).close()
    fill_practice(practice, 10, first=start, every=timedelta(days=40))
