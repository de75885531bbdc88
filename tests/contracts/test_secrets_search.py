"""Protects the search for secrets from finding nothing because it cannot see."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import zipfile
import zlib

import pytest

from tests.secrets_search import Secret, process

WORDS = (
    "marqueur", "tulipe", "ardoise", "bocal", "cerise",
    "domino", "fougere", "girafe", "hublot", "ivoire",
)  # fmt: skip
PHRASE = "-".join(WORDS)
SECRET = Secret.of_words(WORDS)

LEAKS = {
    "as it is": PHRASE.encode(),
    "spoken": " ".join(WORDS).upper().encode(),
    "a line each": "\n".join(f"{n}. {word}" for n, word in enumerate(WORDS, 1)).encode(),
    "a part of it": b"read: fougere girafe, and then it broke",
    "joined": "".join(WORDS).encode(),
    "UTF-16": PHRASE.encode("utf-16"),
    "UTF-16, the other way": PHRASE.encode("utf-16-be"),
    "JSON list": str(list(WORDS)).encode(),
    "base64": base64.b64encode(PHRASE.encode()),
    "base64, shifted by one": base64.b64encode(b"x" + PHRASE.encode()),
    "base64, shifted by two, urlsafe": base64.urlsafe_b64encode(b"xy" + PHRASE.encode() + b"\n"),
    "hexadecimal": PHRASE.encode().hex().upper().encode(),
    "backwards": PHRASE[::-1].encode(),
    "its digest": hashlib.sha256(PHRASE.encode()).hexdigest().encode(),
    "its digest, raw": b"....." + hashlib.blake2b(PHRASE.encode()).digest(),
    "compressed": b"stream\n" + zlib.compress(PHRASE.encode()),
    "gzip": gzip.compress(PHRASE.encode()),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found(leak, tmp_path):
    assert SECRET.traces(LEAKS[leak])
    folder = tmp_path / "practice" / "private"
    folder.mkdir(parents=True)
    (folder / "debug.log").write_bytes(b"before\n" + LEAKS[leak] + b"\nafter")
    found = SECRET.traces(tmp_path) if not leak.startswith("gzip") else SECRET.traces(LEAKS[leak])
    assert found
    assert not any(word in line for line in found for word in WORDS), "a report is not a leak"


def test_a_leak_in_a_name_is_found(tmp_path):
    (tmp_path / f"{PHRASE}.txt").touch()
    assert SECRET.traces(tmp_path)


def test_a_leak_in_an_archive_is_found(tmp_path):
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("words.txt", PHRASE)
    assert SECRET.traces(tmp_path)


def test_a_leak_in_the_environment_is_found(monkeypatch):
    import subprocess
    import sys

    child = subprocess.Popen(
        [sys.executable, "-c", "input()"],
        stdin=subprocess.PIPE,
        env={**os.environ, "WORDS": PHRASE},
    )
    try:
        if os.path.exists(f"/proc/{child.pid}/environ"):
            assert SECRET.traces(*process(child.pid))
    finally:
        child.communicate(b"\n")


def test_what_is_allowed_to_hold_the_secret_is_left_apart(tmp_path):
    allowed = tmp_path / "secrets"
    allowed.mkdir()
    (allowed / "K7Q2.txt").write_text(PHRASE)
    assert SECRET.traces(tmp_path)
    assert not SECRET.traces(tmp_path, apart=[allowed])


def test_a_clean_place_is_clean(tmp_path):
    (tmp_path / "notes.txt").write_text("cerise, puis bocal ; tulipe et marqueur\n")
    (tmp_path / "random").write_bytes(os.urandom(1 << 20))
    assert not SECRET.traces(tmp_path, "tulipe", b"ardoise")


def test_a_text_of_any_kind_is_found_too():
    assert Secret.of_text("Jeanne EXEMPLE").traces(b"patiente : jeanne exemple")
    assert not Secret.of_text("Jeanne EXEMPLE").traces(b"patiente : J. E.")
