"""The age program opens what we seal, and we what it does: keys, files of keys, armor, words."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pexpect
import pytest

from secshare import age
from tests.age.words import drawn
from tests.tools import need

DATA = os.urandom(200_000)
IDENTITY = age.X25519Identity.generate()


def program(*arguments: object, folder: Path) -> None:
    done = subprocess.run(
        [need("age"), *map(str, arguments)], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "document").write_bytes(DATA)
    (tmp_path / "key").write_text(f"# made by secshare.age\n\n{IDENTITY.reveal()}\n")
    (tmp_path / "key.pub").write_text(f"# a colleague\n{IDENTITY.recipient()}\n")
    return tmp_path


@pytest.mark.parametrize("armor", [False, True])
def test_what_we_seal_to_a_key_opens_there(folder: Path, *, armor: bool) -> None:
    other = age.X25519Identity.generate().recipient()
    age.encrypt_file(
        folder / "document", folder / "sealed", [other, IDENTITY.recipient()], armor=armor
    )
    program("-d", "-i", "key", "-o", "opened", "sealed", folder=folder)
    assert (folder / "opened").read_bytes() == DATA


@pytest.mark.parametrize("armor", [[], ["-a"]])
def test_what_is_sealed_there_to_a_key_opens_here(folder: Path, armor: list[str]) -> None:
    program(*armor, "-R", "key.pub", "-o", "sealed", "document", folder=folder)
    identities = age.parse_identities((folder / "key").read_text())
    age.decrypt_file(folder / "sealed", folder / "opened", identities)
    assert (folder / "opened").read_bytes() == DATA


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_ssh_keys_work_both_ways(folder: Path, kind: str) -> None:
    command = [need("ssh-keygen"), "-q", "-t", kind, "-N", "", "-f", "ssh"]
    subprocess.run(command, cwd=folder, check=True)
    recipient = age.parse_recipient((folder / "ssh.pub").read_text())
    age.encrypt_file(folder / "document", folder / "sealed", [recipient])
    program("-d", "-i", "ssh", "-o", "opened", "sealed", folder=folder)
    assert (folder / "opened").read_bytes() == DATA
    program("-R", "ssh.pub", "-o", "theirs", "document", folder=folder)
    identities = age.parse_identities((folder / "ssh").read_text())
    age.decrypt_file(folder / "theirs", folder / "back", identities)
    assert (folder / "back").read_bytes() == DATA


def test_keys_made_there_are_read_here(folder: Path) -> None:
    made = subprocess.run([need("age-keygen")], capture_output=True, text=True, check=True).stdout
    (identity,) = age.parse_identities(made)
    assert f"# public key: {identity.recipient()}\n" in made


def typed(folder: Path, arguments: list[str], answers: list[str]) -> None:
    """Run age on a pseudo-terminal, where alone it asks for words."""
    child = pexpect.spawn(need("age"), arguments, cwd=str(folder), timeout=60)
    for answer in answers:
        child.expect("passphrase")
        child.expect(": ?")
        child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, child.before


def test_words_open_there_what_we_seal(folder: Path) -> None:
    words = drawn()
    age.encrypt_file(folder / "document", folder / "sealed", [age.ScryptRecipient(words)])
    typed(folder, ["-d", "-o", "opened", "sealed"], [words.reveal()])
    assert (folder / "opened").read_bytes() == DATA


def test_words_open_here_what_is_sealed_there(folder: Path) -> None:
    typed(folder, ["-p", "-o", "sealed", "document"], ["acier bonbon", "acier bonbon"])
    age.decrypt_file(folder / "sealed", folder / "opened", [age.ScryptIdentity("acier bonbon")])
    assert (folder / "opened").read_bytes() == DATA


def test_a_key_under_words_opens_there_as_an_identity(folder: Path) -> None:
    """How a practice keeps its key: an age file, sealed to words, around an identity file."""
    age.encrypt_file(folder / "key", folder / "key.age", [age.ScryptRecipient(drawn())])
    age.encrypt_file(folder / "document", folder / "sealed", [IDENTITY.recipient()])
    typed(folder, ["-d", "-i", "key.age", "-o", "opened", "sealed"], [drawn().reveal()])
    assert (folder / "opened").read_bytes() == DATA
