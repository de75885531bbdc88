"""Protects what is said of a run that was begun before: what stands of it, whoever sealed it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from secshare.errors import ExitCode
from tests.cli.test_batch import (
    PEOPLE,
    SECSHARE,
    document,
    environ,
    ground,
    lines,
    manifest,
    prepared,
    row,
    run,
    shifted,
)

__all__ = ["ground"]


def secrets(ground: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*SECSHARE, "batch", "secrets", "lundi", "--as", "qr-sheet", *arguments]
    return subprocess.run(
        command, cwd=ground, env=environ(ground), capture_output=True, text=True, check=False
    )


def test_what_stands_is_counted_also_where_the_manifest_slipped_since(ground: Path) -> None:
    assert run(ground, "lot.csv", "--yes", "--run", "lundi").returncode == 0
    manifest(ground, shifted())
    again = run(ground, "lot.csv", "--yes", "--run", "lundi")
    assert again.returncode == ExitCode.PREFLIGHT_STOPPED
    assert "earlier starts included: 12" in again.stdout
    told = run(ground, "lot.csv", "--yes", "--run", "lundi", "--json")
    end = lines(told.stdout)[-1]
    assert (end["prepared"], end["already"], end["standing"]) == (0, 0, 12)


def test_words_of_a_run_that_did_not_come_to_its_end_are_not_taken_out(ground: Path) -> None:
    """A row that was corrected in it may have its former, wrong number among them."""
    assert run(ground, "lot.csv", "--yes", "--run", "lundi").returncode == 0
    manifest(ground, shifted())
    run(ground, "lot.csv", "--yes", "--run", "lundi")
    refused = secrets(ground, "-o", "mots.pdf")
    assert refused.returncode == ExitCode.SHARE_STATE
    assert "did not come to its end" in refused.stderr
    assert not (ground / "mots.pdf").exists()
    assert secrets(ground, "-o", "mots.pdf", "--unfinished").returncode == 0
    manifest(ground, [row(n) for n in range(len(PEOPLE))])
    assert run(ground, "lot.csv", "--yes", "--run", "lundi").returncode == 0
    assert secrets(ground, "-o", "autres.pdf", "--again").returncode == 0


def test_a_row_that_two_runs_have_is_said_with_the_other_s_reference(ground: Path) -> None:
    """Who corrects one address and gives the row a run of its own has the former share still."""
    assert run(ground, "lot.csv", "--yes", "--run", "lundi").returncode == 0
    (former,) = [
        each["reference"]
        for each in lines(run(ground, "lot.csv", "--yes", "--run", "lundi", "--json").stdout)
        if each.get("row") == 7
    ]
    before = set(prepared(ground))
    file, name, _, birth = row(5)
    manifest(ground, [[file, name, "corrigee@example.org", birth]])
    done = run(ground, "lot.csv", "--yes", "--run", "corrigée", "--practice", "practice")
    assert done.returncode == 0, done.stderr
    (new,) = set(prepared(ground)) - before
    told = f"    row 2: {new} here; older, in the run lundi: {former}"
    assert told in done.stdout.splitlines()
    assert "stop its words: secshare recall REF" in done.stderr
    assert "To be added to the commands above: --practice practice" in done.stderr


def test_a_run_s_name_is_not_taken_for_another_mailing(ground: Path) -> None:
    manifest(ground, [row(n) for n in range(6)])
    assert run(ground, "lot.csv", "--yes", "--run", "envoi du soir").returncode == 0
    manifest(ground, [row(n) for n in range(6, 12)])
    asked = run(ground, "lot.csv", "--yes", "--run", "envoi du soir", "--json")
    assert asked.returncode == ExitCode.ANSWER_NEEDED
    end = lines(asked.stdout)[-1]
    assert (end["error"], end["prepared"], end["standing"]) == ("running.other_mailing", 0, 6)
    assert 'The run "envoi du soir" has shares (6), and none for anybody' in asked.stderr
    assert len(prepared(ground)) == 6


def test_copies_that_could_not_be_made_are_no_rows_to_mend(ground: Path) -> None:
    out = ground / "copies"
    out.mkdir()
    assert run(ground, "lot.csv", "--yes", "--run", "lundi").returncode == 0
    for reference in prepared(ground):
        (out / reference).write_text("a file in the way")
    done = run(ground, "lot.csv", "--yes", "--run", "lundi", "--out", "copies")
    assert done.returncode == ExitCode.BATCH_INCOMPLETE
    assert "Everything is sealed" in done.stderr
    assert "Mend those rows" not in done.stderr


def test_without_stderr_a_batch_seals_all_the_same(ground: Path) -> None:
    document(ground, 3, "Zoé Fictive")  # one row fails, which would be told
    command = [*SECSHARE, "batch", "lot.csv", "--yes", "--jobs", "1"]
    done = subprocess.run(
        ["bash", "-c", '"$@" 2>&-', "bash", *command],
        cwd=ground,
        env=environ(ground),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.BATCH_INCOMPLETE
    assert len(prepared(ground)) == 11
