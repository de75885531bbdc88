"""Protects who does what a batch advises at its end: it can be done, and pasted as it stands."""

from __future__ import annotations

import shlex
import subprocess
from datetime import date
from pathlib import Path

import pytest

from secshare.age import X25519Identity
from secshare.batch.results import Outcome, State
from secshare.batch.running import Options
from secshare.cli.batch_next import Next
from secshare.cli.batch_told import Failures
from secshare.cli.numbers import counted
from secshare.cli.session import Session
from secshare.errors import BatchIncomplete
from secshare.messages import Language
from secshare.model import SecretState
from secshare.sharing.desk import is_sheet
from tests.cli.test_batch import (
    HEADERS,
    PEOPLE,
    SECSHARE,
    desk,
    document,
    environ,
    ground,
    lines,
    manifest,
    prepared,
    row,
    run,
)

__all__ = ["ground"]  # the fixture


def pasted(ground: Path, said: str, practice: str) -> None:
    """Paste the one command on stderr that takes words out, as it stands, in another folder."""
    (line,) = [each for each in said.splitlines() if "secshare batch secrets" in each]
    words_out(ground, line, practice)


def words_out(ground: Path, line: str, practice: str) -> None:
    """Paste the command at the end of a line; the words are where a recall finds them."""
    command = shlex.split(line.split("secshare ", 1)[1])
    environment = {**environ(ground), "SECSHARE_PRACTICE": str(ground / "nowhere")}
    if "--practice" not in command:
        environment["SECSHARE_PRACTICE"] = str(ground / practice)
    before = set(ground.iterdir())
    subprocess.run([*SECSHARE, *command], cwd=ground, env=environment, check=True)
    (made,) = (ground / practice / "secrets").glob("words-*.pdf")
    assert is_sheet(made.name)
    assert made.stat().st_size
    assert set(ground.iterdir()) == before, "nothing stands beside the documents"


def given(ground: Path) -> int:
    """Return of how many shares the words were taken out."""
    with desk(ground) as opened:
        states = [each.states.secret for each in opened.register.shares()]
    return len(states) - states.count(SecretState.HELD)


def test_what_is_suggested_names_the_run_whatever_it_is_called(ground: Path) -> None:
    """The practice too, where it was named: what is pasted is pasted into another window."""
    manifest(ground, [row(5), row(6)])
    (ground / "practice").rename(ground / "le cabinet")
    document(ground, 6, "Robert NUAGE")
    options = ("--yes", "--run", "l'été; $HOME", "--practice", "le cabinet")
    done = run(ground, "lot.csv", *options)
    assert done.returncode == 60
    pasted(ground, done.stderr, "le cabinet")
    assert "secshare check FILE --to WHO" in done.stderr
    last = done.stderr.splitlines()[-1]
    assert f"--run {shlex.quote(options[2])} (only" in last
    assert 'To be added to the commands above: --practice "le cabinet"' in done.stderr


def test_a_page_with_a_document_inside_is_said_not_to_travel_by_mail(ground: Path) -> None:
    rows = [[*row(n), "html"] for n in (5, 6)]
    manifest(ground, rows, (*HEADERS, "format"))
    done = run(ground, "lot.csv", "--yes", "--run", "pages", "--drafts")
    assert done.returncode == 0, done.stderr
    assert "do not travel by mail" in done.stderr
    assert "leaves by mail" not in done.stderr
    assert "message.eml" not in done.stderr
    manifest(ground, [*rows, [*row(7), ""]], (*HEADERS, "format"))
    done = run(ground, "lot.csv", "--yes", "--run", "pages")
    assert "do not travel by mail" in done.stderr
    assert "the same command with --drafts" in done.stderr


def test_a_mail_draft_is_said_to_be_there_and_what_to_do_once_it_is_sent(ground: Path) -> None:
    manifest(ground, [row(5), row(6)])
    (ground / "lot" / "006.pdf").unlink()
    done = run(ground, "lot.csv", "--yes", "--drafts", "--practice", "practice")
    assert done.returncode == 60
    assert "message.eml" in done.stderr
    assert "secshare mark REF sent --practice practice" in done.stderr
    assert "do not travel by mail" not in done.stderr
    assert "commands above" not in done.stderr  # what to do about a missing file is no command


def test_a_list_that_grew_goes_on_as_it_is_suggested(ground: Path) -> None:
    """Nothing is sealed twice, whether the run before came to its end or was killed."""
    manifest(ground, [row(n) for n in (10, 11)])
    first = lines(run(ground, "lot.csv", "--yes", "--json").stdout)[0]["run"]
    with desk(ground) as opened, opened.store.transaction() as connection:
        connection.execute("UPDATE run SET unfinished = 1")  # as a kill leaves it
    manifest(ground, [row(n) for n in (0, 1, 2, 3, 10, 11)])
    for dry in ((), ("--dry-run",)):
        done = run(ground, "lot.csv", "--yes", *dry)
        assert done.returncode == 13, done.stderr
        assert f"in the run {first} (rows 6 and 7). Nothing was sealed" in done.stderr
        assert len(prepared(ground)) == 2
        assert "secrets" not in done.stderr, "which words to take out is not known yet"
    assert f"--run {first}" in done.stderr
    done = run(ground, "lot.csv", "--yes", "--run", first)
    assert done.returncode == 0, done.stderr
    assert len(prepared(ground)) == 6
    (advised,) = [each for each in done.stderr.splitlines() if f"secrets {first} " in each]
    assert "--unfinished" not in advised
    words_out(ground, advised, "practice")


def test_rows_taken_out_of_a_run_are_not_said_to_be_wrong_in_it(ground: Path) -> None:
    """Words of the others are held back until the whole manifest is run again, and no longer."""
    assert run(ground, "lot.csv", "--yes", "--run", "lundi").returncode == 0
    manifest(ground, [row(n) for n in (5, 6)])
    asked = run(ground, "lot.csv", "--yes")
    assert asked.returncode == 13
    told = "has 2 of the 12 shares of a run, and nothing else: the run lundi (rows 2 and 3)."
    assert told in asked.stderr
    done = run(ground, "lot.csv", "--yes", "--run", "lundi")
    assert done.returncode == 0
    assert "run the whole manifest again with --run lundi" in done.stderr
    assert "sealed to a key" not in done.stderr
    manifest(ground, [row(n) for n in range(len(PEOPLE))])
    whole = run(ground, "lot.csv", "--yes", "--run", "lundi", "--practice", "practice")
    assert whole.returncode == 0
    assert "REF" not in whole.stderr
    pasted(ground, whole.stderr, "practice")
    assert given(ground) == len(PEOPLE)


def test_a_share_to_a_key_that_nobody_asks_for_is_not_to_be_recalled(ground: Path) -> None:
    """It has no words: what can be done is not to send it."""
    key = X25519Identity.generate().recipient()
    rows = [[*row(n), str(key) if n == 5 else ""] for n in (5, 6, 7)]
    manifest(ground, rows, (*HEADERS, "clé"))
    assert run(ground, "lot.csv", "--yes", "--run", "lundi").returncode == 0
    manifest(ground, rows[1:], (*HEADERS, "clé"))
    done = run(ground, "lot.csv", "--yes", "--run", "lundi")
    assert done.returncode == 0, done.stderr
    assert "delete their folders in outbox" in done.stderr
    manifest(ground, rows[:2], (*HEADERS, "clé"))
    done = run(ground, "lot.csv", "--yes", "--run", "lundi")
    assert "still opens" in done.stderr
    assert "delete their folders in outbox" not in done.stderr


def test_numbers_are_read_in_threes_wherever_they_stand(ground: Path) -> None:
    tally = Outcome()
    tally.states[State.FAILED] = 1100
    options = Options(run="lundi", jobs=1, today=date(2026, 11, 22), dry_run=True)
    with desk(ground) as opened, pytest.raises(BatchIncomplete) as asked:
        Next(Session(), opened.store, options, 12_000, None).say(tally, Failures(print, whole=True))
    assert set(asked.value.fields.values()) == {counted(1100), counted(12_000)}
    assert "1100" not in asked.value.explain(Language.EN)[0]


def test_errors_of_a_manifest_that_are_the_result_are_not_said_to_stand_above(ground: Path) -> None:
    manifest(ground, [["", *row(5)[1:]]])
    done = run(ground, "lot.csv", "--yes", "--json")
    assert done.returncode == 61
    (line,) = lines(done.stdout)
    assert (line["row"], line["column"]) == (2, "fichier")
    assert "each a line on standard output" in done.stderr
    assert "listed above" not in done.stderr
