"""Protects the night run: nothing is asked, one bad document stops no other, the report is bare."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from secshare.cli.demo_documents import report_pdf
from tests.documents import report
from tests.examples.run import EXAMPLES
from tests.secrets_search import Secret
from tests.tools import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a bash script")


@pytest.fixture
def night(tmp_path):
    """A machine at night: a practice, three recipients, `secshare` on the path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "secshare"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m secshare "$@"\n')
    command.chmod(0o755)
    environ = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
    }

    def run(*command, check=True):
        done = subprocess.run(
            [str(part) for part in command],
            env=environ,
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # at night there is no terminal
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    run(
        *("secshare", "init", tmp_path / "practice", "--name", "Cabinet Exemple"),
        *("--public-name", "Cabinet Exemple", "--phone", "01 99 00 00 01", "--unprotected"),
        "--yes",
    )
    for name, *more in (
        ("Jeanne Exemple", "--phone", "06 39 98 00 01", "--road", "sms"),
        ("Noël Fictif", "--road", "qr"),
    ):
        run(
            *("secshare", "recipients", "add", "--name", name, "--kind", "patient", "--yes"),
            *("--practice", tmp_path / "practice", *more),
        )
    return run


def test_each_document_is_sealed_or_stays_and_the_report_says_which(night, tmp_path):
    spool = tmp_path / "spool"
    documents = {
        "jeanne-exemple/compte rendu d'été.pdf": report_pdf(),
        "jeanne-exemple/vide.pdf": b"",
        "jeanne-exemple/pas le sien.pdf": report("Noël FICTIF", "30/09/1971"),
        "noel-fictif/-rapport.pdf": report("Noël FICTIF", "30/09/1971"),
        "nobody-known/letter.txt": b"a letter",
    }
    for name, content in documents.items():
        (spool / name).parent.mkdir(parents=True, exist_ok=True)
        (spool / name).write_bytes(content)

    done = night(
        "bash", EXAMPLES / "night.sh", tmp_path / "practice", spool, tmp_path / "report.jsonl",
        check=False,
    )  # fmt: skip

    assert done.returncode == 1
    entries = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert sorted(entry["status"] for entry in entries) == [0, 0, 3, 10, 30]
    stayed = {str(path.relative_to(spool)) for path in spool.glob("*/*") if path.is_file()}
    assert stayed == {
        "jeanne-exemple/pas le sien.pdf",
        "jeanne-exemple/vide.pdf",
        "nobody-known/letter.txt",
    }
    references = [entry["reference"] for entry in entries if entry["status"] == 0]
    assert len(set(references)) == 2
    for reference in references:
        assert (tmp_path / "practice" / "outbox" / reference).is_dir()
    text = (tmp_path / "report.jsonl").read_text()
    assert not any(personal in text.lower() for personal in ("exemple", "fictif", "pdf", "csv"))
    sms = next((tmp_path / "practice" / "secrets").glob("*.sms.txt")).read_text("utf-8")
    words = sms.split()[-1].split("-")
    assert len(words) == 10
    secrets = [tmp_path / "practice" / "secrets"]
    assert not Secret.of_words(words).traces(done.stdout, done.stderr, tmp_path, apart=secrets)


def test_a_second_run_finds_nothing_left_to_do_for_what_was_sealed(night, tmp_path):
    spool = tmp_path / "spool" / "jeanne-exemple"
    spool.mkdir(parents=True)
    (spool / "report.pdf").write_bytes(report_pdf())
    run = ("bash", EXAMPLES / "night.sh", tmp_path / "practice", tmp_path / "spool")
    night(*run, tmp_path / "first.jsonl")
    night(*run, tmp_path / "second.jsonl")
    assert len((tmp_path / "first.jsonl").read_text().splitlines()) == 1
    assert not (tmp_path / "second.jsonl").exists()
