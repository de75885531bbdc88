"""Protects the first impression: the README's transcript is what the commands really say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

import pytest

from secshare.cli.demo_documents import report_pdf
from tests.cli.transcript import COMMANDS, REFERENCE
from tests.tools import ROOT

HOME = "/home/sophie"  # where the README's reader seems to be
BLOCK = re.compile(r"^```console\n(\$ .+?)\n```$", re.MULTILINE | re.DOTALL)


def steps(text):
    """The commands of a block, each with the lines that follow it."""
    found = []
    for line in BLOCK.search(text)[1].splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line)
    return found


def masked(text, folder):
    """What differs from one run to the next, made the same: folder, references, words, times."""
    text = text.replace(str(folder), HOME)
    text = re.sub(REFERENCE, "<REF>", text)
    text = re.sub(r"\b[a-z]+(-[a-z]+){9}\b", "<WORDS>", text)
    text = re.sub(r"\d\d/\d\d/\d{4} \d\d:\d\d", "<WHEN>", text)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize(("page", "language"), [("README.md", "C"), ("README.fr.md", "fr_FR")])
def test_the_transcript_is_what_the_commands_say(page, language, tmp_path):
    text = (ROOT / page).read_text("utf-8")
    if not BLOCK.search(text):
        assert page == "README.fr.md"
        return
    (tmp_path / "report.pdf").write_bytes(report_pdf())
    environ = {
        "HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "LANG": f"{language}.UTF-8",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "100",
        "PYTHONUNBUFFERED": "1",
    }
    reference = re.compile(REFERENCE)
    real = {}
    for command, expected in steps(text):
        typed = reference.sub(lambda match: real.get(match[0], match[0]), command)
        words = shlex.split(typed)
        done = subprocess.run(
            [*COMMANDS[words[0]], *words[1:]] if words[0] in COMMANDS else words,
            cwd=tmp_path,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # in the order in which a reader sees them
            encoding="utf-8",
            start_new_session=True,
            check=False,
            timeout=120,
        )
        said = done.stdout
        assert done.returncode == 0, f"{command}\n{said}"
        assert masked(said, tmp_path) == masked("\n".join(expected), HOME), command
        shown = reference.findall("\n".join(expected))
        real.update(zip(shown, reference.findall(said), strict=True))
