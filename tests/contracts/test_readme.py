"""Protects the first impression: the README's transcript is what the commands really say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess

from secshare.cli.demo_documents import report_pdf
from tests.batches import Patient, write_batch, write_manifest
from tests.cli.transcript import COMMANDS, REFERENCE
from tests.tools import ROOT

HOME = "/home/sophie"  # where the README's reader seems to be
BLOCK = re.compile(r"^```console\n(\$ .+?)\n```$", re.MULTILINE | re.DOTALL)


# What the page supposes, and does not show.
BEFORE = (
    "secshare init practice --name 'Cabinet du docteur Modele' --public-name 'Cabinet Modele'"
    " --phone '01 99 00 00 01' --unprotected --yes",
    "secshare recipients add --name 'Jeanne Exemple' --kind patient"
    " --email jeanne.exemple@example.org --phone '06 39 98 00 01' --birth-date 12/04/1958 --yes",
    "secshare recipients add --name 'Paul Fictif' --kind patient"
    " --email p.fictif@example.org --birth-date 30/09/1971 --road qr --yes",
)


def steps(text):
    """The commands of a page's blocks, each with the lines that follow it."""
    found = []
    for line in "\n".join(BLOCK.findall(text)).splitlines():
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


def test_the_transcript_is_what_the_commands_say(tmp_path):
    (tmp_path / "report.pdf").write_bytes(report_pdf())
    write_batch(tmp_path / "night", 12)
    slipped = [11, *range(11)]
    write_manifest(tmp_path / "night/slipped.csv", [Patient(n) for n in range(12)], files=slipped)
    for command in BEFORE:
        run(command, tmp_path)
    played = steps((ROOT / "README.md").read_text("utf-8"))
    assert len(played) > 3
    reference = re.compile(REFERENCE)
    real = {}
    for command, expected in played:
        said = run(reference.sub(lambda shown: real.get(shown[0], shown[0]), command), tmp_path)
        assert masked(said, tmp_path) == masked("\n".join(expected), HOME), command
        shown = reference.findall("\n".join(expected))
        real.update(zip(shown, reference.findall(said), strict=True))


def run(command, folder):
    """Run one command as the page's reader would, with nobody to be asked."""
    words = shlex.split(command)
    done = subprocess.run(
        [*COMMANDS[words[0]], *words[1:]] if words[0] in COMMANDS else words,
        cwd=folder,
        env={
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,  # in the order in which a reader sees them
        encoding="utf-8",
        start_new_session=True,
        check=False,
        timeout=120,
    )
    stopped = words[1:2] == ["check"] or ("slipped" in command and words[0] == "secshare")
    found = 30 if stopped else 0  # the page shows what it stops
    assert done.returncode == found, f"{command}\n{done.stdout}"
    return done.stdout
