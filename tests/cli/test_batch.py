"""Protects who runs a batch: one question before, none after, and nothing lost when it stops."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from secshare import profiles
from secshare.batch.recording import InFlight, Writer
from secshare.cli.app import run as main
from secshare.cli.batch_run import Batch
from secshare.errors import OutputRefused, RegisterUnwritable, SecshareError
from secshare.model import Kind, Road
from secshare.practice import Practice
from secshare.register import Runs
from secshare.sharing import Desk
from tests.documents import WITNESS, report
from tests.practices import SETTINGS, make_practice
from tests.secrets_search import Secret
from tests.terminal.windows import Session

SECSHARE = [sys.executable, "-m", "secshare"]

PEOPLE = (
    *("Adèle Fictive", "Basile Imaginaire", "Colette Inventée", "Désiré Chimère"),
    *("Élodie Factice", "Firmin Songe", "Gisèle Mirage", "Hippolyte Rêverie"),
    *("Irène Légende", "Joseph Conte", "Karine Fable", "Léon Illusion"),
)
"""Of nobody; the first four are in the directory."""

HEADERS = ("fichier", "nom", "email", "naissance")


def born(n: int) -> date:
    return date(1950 + n % 50, 1 + n % 12, 1 + n % 28)


def address(name: str) -> str:
    from secshare.recipients import fold

    return f"{'.'.join(fold(name).split())}@example.org"


def row(n: int, name: str | None = None) -> list[str]:
    name = name or PEOPLE[n]
    return [f"lot/{n:03}.pdf", name, address(name), born(n).strftime("%d/%m/%Y")]


def document(ground: Path, n: int, name: str | None = None) -> None:
    told = report(name or PEOPLE[n], born(n).strftime("%d/%m/%Y"))
    (ground / "lot" / f"{n:03}.pdf").write_bytes(told)


def manifest(ground: Path, rows: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS) -> Path:
    path = ground / "lot.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([headers, *rows])
    return path


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """A practice, twelve documents, and their manifest."""
    with Desk(make_practice(tmp_path / "practice", replace(SETTINGS, road=Road.QR))) as desk:
        for n, name in enumerate(PEOPLE[:4]):
            desk.directory.add(
                name=name, kind=Kind.PATIENT, email=address(name), birth_date=born(n)
            )
    (tmp_path / "lot").mkdir()
    for n in range(len(PEOPLE)):
        document(tmp_path, n)
    manifest(tmp_path, [row(n) for n in range(len(PEOPLE))])
    return tmp_path


def environ(ground: Path, language: str = "C.UTF-8") -> dict[str, str]:
    return {**os.environ, "SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": language}


def run(ground: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `secshare batch` where nobody can be asked."""
    one = () if "--help" in arguments else ("--jobs", "1")  # begins sooner
    return subprocess.run(
        [*SECSHARE, "batch", *arguments, *one],
        cwd=ground,
        env=environ(ground),
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        check=False,
        timeout=120,
    )


def at_terminal(ground: Path, *arguments: str, columns: int = 100) -> Session:
    env = environ(ground, "fr_FR.UTF-8")
    command = [*SECSHARE, "batch", *arguments, "--jobs", "1"]
    return Session(command, columns=columns, lines=40, env=env, cwd=ground)


def prepared(ground: Path) -> list[str]:
    """Return what stands in the outbox, without what is being written there."""
    outbox = (ground / "practice" / "outbox").iterdir()
    return sorted(path.name for path in outbox if not path.name.startswith("."))


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def desk(ground: Path) -> Desk:
    return Desk(Practice.open(ground / "practice"))


def everybodys_words(ground: Path) -> Iterator[str]:
    practice = Practice.open(ground / "practice")
    identities = practice.identities(lambda: "")
    with Desk(practice) as opened:
        for share in list(opened.register.shares()):
            yield opened.register.words(share.reference, identities)


def test_a_script_seals_every_row_and_shows_no_words(ground: Path) -> None:
    done = run(ground, "lot.csv", "--yes", "--report", "rapport.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    said = lines(done.stdout)
    assert done.stdout == (ground / "rapport.jsonl").read_text("ascii")
    head, *shares, end = said
    assert (head["shares"], head["documents"], head["dry_run"]) == (12, 12, False)
    assert sorted(each["row"] for each in shares) == list(range(2, 14))
    assert {each["state"] for each in shares} == {"prepared"}
    assert sorted(each["reference"] for each in shares) == prepared(ground)
    assert (end["prepared"], end["failed"], end["not_done"], end["code"]) == (12, 0, 0, 0)
    assert "\x1b" not in done.stderr
    written = (ground / "rapport.jsonl").read_text("ascii")
    for name in PEOPLE:
        assert name.split()[1] not in done.stdout + done.stderr + written
    found = list(everybodys_words(ground))
    assert len(found) == 12
    secrets = ground / "practice" / "secrets"
    assert not list(secrets.iterdir())
    for words in found:
        secret = Secret.of_words(words.split("-"))
        assert not secret.traces(ground, done.stdout, done.stderr)
    for path in (ground / "practice").rglob("*"):
        assert path.is_dir() or WITNESS not in path.read_bytes(), path


def test_mail_drafts_are_written_where_they_are_wanted(ground: Path) -> None:
    assert run(ground, "lot.csv", "--yes").returncode == 0
    assert not list((ground / "practice" / "outbox").glob("*/message.eml"))
    killed = ground / "copies" / ".secshare-0123456789abcdef.part"
    killed.mkdir(parents=True)
    options = ("--yes", "--run", "essai", "--drafts", "--out", "copies")
    assert run(ground, "lot.csv", *options, "--dry-run").returncode == 0
    assert killed.exists(), "a dry run touches nothing"
    done = run(ground, "lot.csv", *options)
    assert done.returncode == 0, done.stderr
    assert len(list((ground / "copies").glob("*/message.eml"))) == 12
    assert not killed.exists(), "what a killed batch was copying is gone"
    assert "sealed files: copies" in done.stdout


def test_without_a_terminal_and_without_yes_nothing_is_done(ground: Path) -> None:
    done = run(ground, "lot.csv")
    assert done.returncode == 13
    assert "--yes" in done.stderr
    assert prepared(ground) == []


def test_the_one_question_says_what_will_be_sealed(ground: Path) -> None:
    with at_terminal(ground, "lot.csv") as session:
        session.until("[oui/non]")
        shown = " ".join(session.window.shown.split())
        for told in ("Cabinet médical Exemple", "Partages à préparer : 12 ; documents : 12 ;"):
            assert told in shown
        session.type("non\r")
        assert session.end() == 14
    assert prepared(ground) == []
    with desk(ground) as opened:
        assert not list(Runs(opened.store).all())


def test_a_secretary_sees_which_rows_failed_and_what_to_do(ground: Path) -> None:
    (ground / "lot" / "005.pdf").unlink()
    (ground / "lot" / "007.pdf").write_bytes(report("Robert NUAGE", "30/09/1971"))
    opposed = [*SECSHARE, "recipients", "edit", "Désiré Chimère", "--email-consent", "no", "--yes"]
    subprocess.run(opposed, env=environ(ground), cwd=ground, check=True)
    with at_terminal(ground, "lot.csv") as session:
        session.until("[oui/non]")
        session.type("oui\r")
        assert session.end(60) == 60
        shown = " ".join(session.window.everything.split())
        assert "12/12" in session.raw.decode()  # the bar
    assert "ligne 7 (3) : " in shown
    assert "lot/005.pdf" in "".join(shown.split())
    assert "ligne 9 (30) : arrêt : Le document indique que son patient" in shown
    assert "NUAGE" not in shown
    assert "secshare batch secrets" in shown
    assert "ligne 5 (11) : Désiré Chimère (desire-chimere) s'oppose" in shown
    assert "secshare recipients edit desire-chimere --email-consent oui" in shown
    assert "9 partages scellés sur 12" in shown
    assert "Partages en échec : 3 sur 12. Les autres (9) sont faits." in shown
    assert len(prepared(ground)) == 9


def test_the_same_command_goes_on_and_seals_nothing_twice(ground: Path) -> None:
    (ground / "lot" / "005.pdf").unlink()
    options = ("lot.csv", "--yes", "--report", "rapport.jsonl")
    assert run(ground, *options).returncode == 60
    first = prepared(ground)
    assert len(first) == 11
    document(ground, 5)
    done = run(ground, *options)
    assert done.returncode == 0, done.stderr
    assert set(first) < set(prepared(ground))
    assert len(prepared(ground)) == 12
    head, *shares, end = lines((ground / "rapport.jsonl").read_text())
    assert head["report"] == "secshare batch"
    assert [each["row"] for each in shares if each["state"] == "prepared"] == [7]
    assert sorted(each["row"] for each in shares) == list(range(2, 14))
    assert (end["already"], end["prepared"]) == (11, 1)


def test_a_row_that_changed_is_sealed_anew_and_said(ground: Path) -> None:
    options = ("lot.csv", "--yes", "--json")
    assert run(ground, *options).returncode == 0
    before = lines(run(ground, *options).stdout)
    with (ground / "lot" / "003.pdf").open("ab") as file:
        file.write(b"% signed\n")
    done = run(ground, *options)
    (changed,) = [each for each in lines(done.stdout)[1:-1] if each["changed"]]
    assert changed["row"] == 5
    assert changed["changed"] in {each.get("reference") for each in before}
    assert changed["reference"] != changed["changed"]
    assert len(lines(done.stdout)[-1]["unasked"]) == 1  # what was sealed first stands
    assert len(prepared(ground)) == 13


def test_what_was_recalled_is_sealed_again_as_the_advice_says(ground: Path) -> None:
    manifest(ground, [row(n) for n in (5, 6)])
    first = lines(run(ground, "lot.csv", "--run", "lundi", "--yes", "--json").stdout)[1]
    recalled = [*SECSHARE, "recall", first["reference"]]
    subprocess.run(recalled, env=environ(ground), cwd=ground, check=True)
    done = run(ground, "lot.csv", "--run", "lundi", "--yes")
    assert done.returncode == 60
    assert "reseal" not in done.stderr  # which knows people of the directory only
    assert "a manifest of such rows alone, with another --run" in done.stderr
    manifest(ground, [row(6 if first["row"] == 2 else 5)])
    assert run(ground, "lot.csv", "--run", "lundi", "--yes").returncode == 0
    manifest(ground, [row(5 if first["row"] == 2 else 6)])
    assert run(ground, "lot.csv", "--run", "lundi-2", "--yes").returncode == 0
    assert len(prepared(ground)) == 3


def test_every_error_of_a_manifest_is_said_before_anything(ground: Path) -> None:
    rows = [[*row(n), "639980001" if n % 2 else ""] for n in range(6)]
    rows[0][1] = ""
    manifest(ground, rows, (*HEADERS, "Téléphone"))
    done = run(ground, "lot.csv", "--yes")
    assert done.returncode == 61
    said = done.stderr.splitlines()
    assert said[0].startswith("row 2, nom: ")
    assert [each.split(":")[0] for each in said[1:4]] == [f"row {n}, Téléphone" for n in (3, 5, 7)]
    assert len(said) == 6
    assert "639980001" not in done.stderr
    assert prepared(ground) == []
    as_json = run(ground, "lot.csv", "--yes", "--json")
    assert as_json.returncode == 61
    assert [(each["row"], each["column"]) for each in lines(as_json.stdout)] == [
        (2, "nom"),
        *((n, "Téléphone") for n in (3, 5, 7)),
    ]
    messages = lines(as_json.stdout)[1]["message"]  # as people say it, in either language
    assert (messages["en"][:10], messages["fr"][:10]) == ("The number", "Le numéro ")
    assert f"row 3, Téléphone: {messages['en']}" in " ".join(done.stderr.split())


def test_a_dry_run_writes_nothing_and_ends_as_the_batch_would(ground: Path) -> None:
    options = ("lot.csv", "--dry-run", "--report", "rapport.jsonl")
    assert run(ground, *options).returncode == 0
    (ground / "lot" / "005.pdf").unlink()
    done = run(ground, *options)
    assert done.returncode == 60
    shares = lines((ground / "rapport.jsonl").read_text())[1:-1]
    assert sorted({each["state"] for each in shares}) == ["checked", "failed"]
    assert prepared(ground) == []
    with desk(ground) as opened:
        assert not list(opened.register.shares())
        assert not list(Runs(opened.store).all())
    manifest(ground, shifted())
    assert run(ground, "lot.csv", "--dry-run").returncode == 30


def shifted() -> list[list[str]]:
    """Rows whose documents slipped by one."""
    rows = [row(n) for n in range(len(PEOPLE))]
    files = [each[0] for each in rows]
    return [[file, *each[1:]] for file, each in zip(files[1:], rows, strict=False)]


def test_documents_that_slipped_by_one_row_stop_everything(ground: Path) -> None:
    manifest(ground, shifted())
    done = run(ground, "lot.csv", "--yes", "--report", "rapport.jsonl")
    assert done.returncode == 30, done.stderr
    assert prepared(ground) == []
    summary = lines((ground / "rapport.jsonl").read_text())[-1]
    assert (summary["code"], summary["error"]) == (30, "guard.documents_below")
    assert summary["moved"][:2] == [[2, 3], [3, 4]]
    assert "From row 2 on" in done.stderr
    with desk(ground) as opened:
        assert not list(opened.register.shares())


@pytest.mark.parametrize("name", ["~$lot.xlsx", ".~lock.lot.xlsx#"])
def test_the_mark_of_an_open_workbook_is_not_taken_for_the_workbook(
    ground: Path, name: str
) -> None:
    (ground / "lot" / name).write_bytes(b"\x05Marie" + bytes(159))
    done = run(ground, f"lot/{name}", "--yes")
    assert done.returncode == 3
    assert done.stderr.splitlines()[1] == "Give the workbook itself: lot/lot.xlsx"


def test_what_asks_fails_its_row_unless_it_was_accepted(ground: Path) -> None:
    (ground / "lot" / "notice.txt").write_text("Prenez un grand verre d'eau avant l'examen.")
    rows = [row(n) for n in range(len(PEOPLE))]
    rows[4][0] = "lot/notice.txt"
    manifest(ground, rows)
    done = run(ground, "lot.csv", "--yes")
    assert done.returncode == 60
    assert "row 6 (30): a question is open: Neither the subject" in done.stderr
    assert run(ground, "lot.csv", "--yes", "--accept", "no-rule").returncode == 2
    assert run(ground, "lot.csv", "--yes", "--accept", "hidden").returncode == 2
    done = run(ground, "lot.csv", "--yes", "--accept", "not-named", "--json")
    assert done.returncode == 0, done.stderr
    (noticed,) = [each for each in lines(done.stdout)[1:-1] if each["row"] == 6]
    assert {"rule": "not-named", "severity": "confirm", "answer": "accepted"} in noticed["findings"]


@pytest.mark.parametrize(
    "where", ["lot.csv", "practice/outbox/r.jsonl", "practice/private/r.jsonl"]
)
def test_a_report_replaces_nothing_and_lies_outside_of_the_practice(
    ground: Path, where: str
) -> None:
    before = (ground / "lot.csv").read_bytes()
    done = run(ground, "lot.csv", "--yes", "--report", where)
    assert done.returncode == 4
    assert (ground / "lot.csv").read_bytes() == before
    assert prepared(ground) == []


def test_a_secret_of_the_practice_is_no_manifest_and_no_copy_goes_there(ground: Path) -> None:
    assert run(ground, "practice/private/practice.db", "--yes").returncode == 3
    assert run(ground, "lot.csv", "--yes", "--out", "practice/secrets").returncode == 4
    assert run(ground, "lot.csv", "--yes", "--out", "nowhere").returncode == 4
    assert prepared(ground) == []


def many(ground: Path, count: int) -> list[list[str]]:
    """Rows of people of whom each is called by no other."""
    rows = []
    for n in range(count):
        name = f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST)]}"
        document(ground, n, name)
        rows.append(row(n, name))
    return rows


FIRST = (*(each.split()[0] for each in PEOPLE), "Marthe", "Norbert", "Odette", "Pascal")
LAST = (*(each.split()[1] for each in PEOPLE[4:]), "Apparence", "Devinette", "Esquisse", "Nuage")


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_asked_to_stop_it_finishes_what_is_begun_and_goes_on_later(
    ground: Path, name: str, status: int
) -> None:
    manifest(ground, many(ground, 80))
    command = [*SECSHARE, "batch", "lot.csv", "--yes", "--report", "rapport.jsonl", "--jobs", "2"]
    child = subprocess.Popen(
        command,
        cwd=ground,
        env=environ(ground),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    until(lambda: len(prepared(ground)) > 0)
    os.killpg(child.pid, getattr(signal, name))  # as a terminal and systemd do, to all of them
    _, said = child.communicate(timeout=60)
    assert child.returncode == status, said
    assert "what is begun is finished" in said
    assert "the same command" in said
    assert "Interrupted" not in said, "it is said in the words of a batch, and once"
    there = prepared(ground)
    assert 0 < len(there) < 80
    assert not list((ground / "practice" / "outbox").glob(".*")), "nothing is half done"
    with desk(ground) as opened:
        assert {str(each.reference) for each in opened.register.shares()} == set(there)
    end = lines((ground / "rapport.jsonl").read_text())[-1]
    assert (end["stopped"], end["prepared"], end["code"]) == (True, len(there), status)
    assert end["failed"] == 0
    done = run(ground, "lot.csv", "--yes", "--report", "rapport.jsonl")
    assert done.returncode == 0, done.stderr
    assert set(there) < set(prepared(ground))
    assert len(prepared(ground)) == 80
    shares = lines((ground / "rapport.jsonl").read_text())[1:-1]
    assert sorted(each["row"] for each in shares) == list(range(2, 82))


def until(seen: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.05)


def processes_of(process: int) -> list[int]:
    """Return what a process began, and what that began."""
    told = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [each for child in map(int, told) for each in (child, *processes_of(child))]


def works(process: int) -> bool:
    """Say whether a process is one of a pool's."""
    return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()


def test_ctrl_c_is_heard_while_another_program_holds_the_register(ground: Path) -> None:
    with at_terminal(ground, "lot.csv") as session:
        session.until("[oui/non]")
        with desk(ground) as opened, opened.store.transaction():
            session.type("oui\r")
            session.until("lecture des documents")
            session.type("\x03")
            session.until("Arrêt demandé")
            session.type("\x03")
            assert session.end(30) == 130  # it would wait for two minutes
        shown = " ".join(session.window.everything.split())
        assert "Arrêté, comme demandé ; rien n'est scellé" in shown
        assert "Traceback" not in shown
    assert prepared(ground) == []
    assert run(ground, "lot.csv", "--yes").returncode == 0
    assert len(prepared(ground)) == 12


def test_ctrl_c_twice_stops_at_once_and_leaves_nothing_half_done(ground: Path) -> None:
    manifest(ground, many(ground, 80))
    with at_terminal(ground, "lot.csv", "--yes") as session:
        until(lambda: len(prepared(ground)) > 0)
        children = processes_of(session.child.pid)
        for each in filter(works, children):  # what is begun lasts for ever
            os.kill(each, signal.SIGSTOP)
        session.type("\x03")
        session.until("Arrêt demandé")
        for _ in range(5):  # as somebody does whom nothing answers
            session.type("\x03")
            time.sleep(0.05)
        assert session.end(60) == 130
        shown = " ".join(session.window.everything.split())
        assert "Arrêté tout de suite" in shown
        assert "Interrompu" not in shown
        assert "--run" in shown
        for told in ("Traceback", "Exception", "━"):  # no bar is left behind
            assert told not in shown
    assert children
    until(lambda: not any(Path(f"/proc/{each}").exists() for each in children), 10)
    assert run(ground, "lot.csv", "--yes").returncode == 0
    there = prepared(ground)
    assert len(there) == 80
    with desk(ground) as opened:
        assert {str(each.reference) for each in opened.register.shares()} == set(there)


def test_a_reader_that_goes_away_ends_the_batch_and_loses_no_share(ground: Path) -> None:
    manifest(ground, many(ground, 60))
    options = ["lot.csv", "--yes", "--json", "--report", "rapport.jsonl"]
    command = " ".join([*SECSHARE, "batch", *options])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | head -n 3"],
        cwd=ground,
        env=environ(ground),
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 4, done.stderr
    *_, end = told = lines((ground / "rapport.jsonl").read_text())
    assert (end["code"], end["stopped"], end["prepared"]) == (4, True, len(prepared(ground)))
    references = {each["reference"] for each in told[1:-1]}
    assert references == set(prepared(ground)), "what was begun is reported all the same"
    assert f"{len(references)} of 60 shares are sealed" in done.stderr
    assert "The same command goes on" in done.stderr
    with desk(ground) as opened:
        assert {str(each.reference) for each in opened.register.shares()} == references
    assert run(ground, "lot.csv", "--yes").returncode == 0
    assert len(prepared(ground)) == 60


@pytest.mark.parametrize(("option", "sealed"), [("", 12), ("--json", 0)])
def test_a_result_that_nobody_gets_says_what_is_sealed(
    ground: Path, option: str, sealed: int
) -> None:
    command = " ".join([*SECSHARE, "batch", "lot.csv", "--yes", "--jobs", "1", option])
    done = subprocess.run(
        ["bash", "-c", f"{command} >&-"],
        cwd=ground,
        env=environ(ground),
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 4, done.stderr
    assert f"{sealed} of 12 shares are sealed" in done.stderr
    assert "The same command goes on" in done.stderr
    assert len(prepared(ground)) == sealed


def test_a_name_that_slipped_does_not_seal_everything_again(ground: Path) -> None:
    assert run(ground, "lot.csv", "--yes", "--run", "20261122").returncode == 0
    assert run(ground, "lot.csv", "--yes", "--run", "novembre").returncode == 0
    there = prepared(ground)
    done = run(ground, "lot.csv", "--yes", "--run", "novembr")
    assert done.returncode == 13
    assert "--run novembre" in done.stderr
    with at_terminal(ground, "lot.csv", "--yes", "--run", "novembr") as session:
        session.until("[oui/non]")
        assert "--run novembre" in " ".join(session.window.shown.split())
        session.type("non\r")
        assert session.end() == 14
    assert prepared(ground) == there
    with at_terminal(ground, "lot.csv", "--run", "novembre") as session:
        session.until("[oui/non]")
        assert "Partages déjà scellés : 12." in " ".join(session.window.shown.split())
        session.type("oui\r")
        assert session.end(60) == 0
        shown = " ".join(session.window.everything.split())
    assert "12 partages scellés sur 12" in shown
    assert "secshare batch secrets novembre --as qr-sheet" in shown  # the road of all of them
    assert "--drafts" in shown
    assert prepared(ground) == there


def test_a_batch_outwaits_another_program(ground: Path) -> None:
    command = [*SECSHARE, "batch", "lot.csv", "--yes", "--jobs", "1"]
    with subprocess.Popen(
        command,
        cwd=ground,
        env=environ(ground),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    ) as child:
        private = ground / "practice" / "private"
        until(lambda: any(each.is_dir() for each in private.iterdir()))  # its spool
        with closing(sqlite3.connect(private / "practice.db", isolation_level=None)) as other:
            other.execute("PRAGMA busy_timeout=10000")
            other.execute("BEGIN IMMEDIATE")
            time.sleep(profiles.STORE_WAIT + 1.5)  # longer than one command waits
            other.execute("ROLLBACK")
        _, said = child.communicate(timeout=60)
    assert child.returncode == 0, said
    assert len(prepared(ground)) == 12


def test_a_database_that_stays_locked_stops_it_and_it_says_what_stands(
    ground: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest(ground, many(ground, 60))
    monkeypatch.chdir(ground)
    monkeypatch.setattr(profiles, "BATCH_STORE_WAIT", 0.1)
    database = ground / "practice" / "private" / "practice.db"
    take = Batch._take
    with closing(sqlite3.connect(database, isolation_level=None)) as other:

        def lock(self: Batch, *arguments: Any) -> None:
            if not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")
            take(self, *arguments)

        monkeypatch.setattr(Batch, "_take", lock)
        options = ["--yes", "--jobs", "1", "--practice", "practice"]
        assert main(["batch", "lot.csv", *options]) == 40
        other.rollback()
    said = capsys.readouterr().err
    sealed = run(ground, "lot.csv", "--yes", "--json")
    assert sealed.returncode == 0, sealed.stderr
    end = lines(sealed.stdout)[-1]
    assert f" {end['already']} " in said.splitlines()[-2]
    assert "60" in said.splitlines()[-2]
    assert 0 < end["already"] < 60


@pytest.mark.parametrize(
    ("code", "key", "said"),
    [
        (40, "store.disk_full", "The disk is full. Run "),
        (40, "store.read_only", "can no longer be written. Run "),
        (4, "files.disk_full", "Once this is mended, the same command goes on"),
    ],
)
def test_what_stops_a_batch_says_what_stands_and_not_that_nothing_was_recorded(
    ground: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: int,
    key: str,
    said: str,
) -> None:
    monkeypatch.chdir(ground)
    error: SecshareError = RegisterUnwritable(key)
    if code == 4:
        error = OutputRefused(key, path=Path("lot.csv"))
    commit = Writer.commit

    def stop(self: Writer, ended: list[InFlight], beginning: list[InFlight]) -> None:
        if sum(len(found) for found in (ended, told)) > 4:
            raise error
        told.extend(ended)
        commit(self, ended, beginning)

    told: list[InFlight] = []
    monkeypatch.setattr(Writer, "commit", stop)
    monkeypatch.setattr(profiles, "BATCH_TOGETHER", 4)
    options = ["--yes", "--jobs", "1", "--practice", "practice"]
    assert main(["batch", "lot.csv", *options]) == code
    written = capsys.readouterr().err
    assert said in written
    assert "4 of 12 shares are sealed" in written
    assert "nothing was recorded" not in written
    assert "nothing is sealed twice" in written
    assert len(prepared(ground)) == 4


def test_a_bar_fits_a_narrow_window(ground: Path) -> None:
    with at_terminal(ground, "lot.csv", "--yes", columns=40) as session:
        assert session.end(60) == 0
        assert max(map(len, session.window.everything.splitlines())) <= 40
        assert "12/12" in session.raw.decode()


def test_a_log_gets_no_bar(ground: Path) -> None:
    done = run(ground, "lot.csv", "--yes")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert len(done.stderr.splitlines()) < 5


def test_help_teaches_both_verbs_and_a_file_may_be_called_as_the_other(ground: Path) -> None:
    said = run(ground, "--help").stdout
    assert "MANIFEST" in said
    assert "secshare batch secrets RUN" in " ".join(said.split())
    (ground / "lot.csv").rename(ground / "secrets")
    assert run(ground, "./secrets", "--dry-run").returncode == 0
