"""Protects what a batch says where the console is not UTF-8: no character stops it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from tests.batches import write_batch
from tests.practices import make_practice
from tests.tools import ROOT

COMMAND = [sys.executable, "-m", "secshare", "batch"]
CONSOLES = {
    "Windows, France": {"PYTHONIOENCODING": "cp1252"},
    "cmd.exe, France": {"PYTHONIOENCODING": "cp850"},
    "no accent at all": {"PYTHONIOENCODING": "ascii"},
    "no locale": {"LC_CTYPE": "C", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """A practice, and four rows; a document with an accent in its name is missing."""
    make_practice(tmp_path / "cabinet")
    manifest = write_batch(tmp_path / "lot", 4)
    named = manifest.read_text("utf-8").replace("2.pdf", "été – où ça ….pdf")
    manifest.write_bytes(named.replace("\n", "\r\n").encode("cp1252"))
    return tmp_path


def environ(console: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    french = {"LANGUAGE": "fr", "LANG": "fr_FR", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0"}
    return kept | french | console


def asked(ground: Path, *more: str) -> list[str]:
    manifest = str(ground / "lot" / "manifest.csv")
    return [*COMMAND, manifest, "--practice", str(ground / "cabinet"), "--yes", *more]


@pytest.mark.parametrize("console", CONSOLES.values(), ids=CONSOLES)
def test_redirected_it_is_utf_8_whatever_the_console(ground, console):
    report = ground / "rapport.jsonl"
    done = subprocess.run(
        asked(ground, "--json", "--report", str(report)),
        env=environ(console),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 60, done.stderr
    lines = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [line.get("state") for line in lines].count("prepared") == 3
    assert lines[-1]["codes"] == {"3": 1}
    assert report.read_bytes() == done.stdout
    assert report.read_bytes().isascii()
    said = done.stderr.decode("utf-8")
    assert "\ufffd" not in said


@pytest.mark.parametrize("console", CONSOLES.values(), ids=CONSOLES)
def test_on_a_screen_accents_are_as_right_as_its_characters_allow(ground, console):
    child = pexpect.spawn(
        COMMAND[0],
        asked(ground)[1:],
        env=environ(console) | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"},
        dimensions=(40, 100),
        timeout=120,
    )
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 60, child.before
    encoding = console.get("PYTHONIOENCODING", "ascii")
    shown = child.before.decode(encoding)  # nothing else came than it can show
    accent = "é" if encoding.startswith("cp") else "\\xe9"
    assert f"Rien n'est parti. Les mots sont scell{accent}s" in " ".join(shown.split())
    assert len(list((ground / "cabinet" / "outbox").glob("[!.]*"))) == 3
