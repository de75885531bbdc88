"""Protects the ceremony: the example keys are public, read by age, and bear their fingerprints."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from secshare.age import parse_recipients
from secshare.recipients import spoken_fingerprint
from tests.tools import ROOT, need

KEYS = ROOT / "keys"
FILES = sorted(KEYS.glob("*.pub"))
README = (KEYS / "README.md").read_text("utf-8")


def test_nothing_but_public_keys_and_the_ceremony_stands_there():
    assert {path.suffix for path in KEYS.iterdir()} == {".pub", ".md"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_page_shows_the_fingerprint_of_each_example(path):
    (recipient,) = parse_recipients(path.read_text("utf-8"))
    assert f"| `{path.name}` | `{spoken_fingerprint(str(recipient))}` |" in README


def test_the_command_of_the_page_gives_the_same_fingerprint_without_us():
    if shutil.which("sh") is None:
        pytest.skip("no shell here")
    command = re.search(r"^```sh\n(.+)\n```$", README, re.MULTILINE)[1]
    said = subprocess.run(
        ["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert f"`{said.strip()}`" in README


def test_age_seals_to_an_example_as_it_stands():
    path = KEYS / "example-laboratory.pub"
    sealed = subprocess.run(
        [need("age"), "-R", str(path)], input=b"nobody reads this", capture_output=True, check=True
    ).stdout
    assert sealed.startswith(b"age-encryption.org/v1\n-> X25519 ")
