"""Protects who has no Python: the single file opens documents in an empty environment."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import tomllib
from pathlib import Path

import pytest

from secshare import age
from secshare.errors import ExitCode
from secshare.roads import qr
from tests.opener.kit import (
    MARK,
    PDF,
    PHRASE,
    WORDS,
    Done,
    clear_text_in,
    names,
    seal,
    seal_documents,
)
from tests.terminal.windows import Session
from tests.tools import ROOT, missing

MOST = 25_000_000  # bytes
LARGE = (MARK + bytes(1000)) * 400


@pytest.fixture(scope="module")
def program() -> str:
    built = ROOT / "dist" / "secshare-open"
    if not built.is_file():
        missing("the single file is not built: .ci/executable")
    return str(built)


@pytest.fixture
def alone(tmp_path: Path, program: str) -> Path:
    """A folder with the program and nothing else, and where it unpacks itself."""
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "here").mkdir()
    os.link(program, tmp_path / "here" / "secshare-open") if same_disk(program, tmp_path) else (
        tmp_path / "here" / "secshare-open"
    ).symlink_to(program)
    return tmp_path / "here"


def same_disk(one: str, other: Path) -> bool:
    return Path(one).stat().st_dev == other.stat().st_dev


def command(alone: Path, *arguments: str, **env: str) -> list[str]:
    """The command with no environment at all, no Python in it either."""
    env.setdefault("TMPDIR", str(alone.parent / "unpacked"))
    settings = [f"{name}={value}" for name, value in env.items()]
    return ["/usr/bin/env", "-i", *settings, "./secshare-open", *arguments]


def run(alone: Path, *arguments: str, **env: str) -> Done:
    done = subprocess.run(
        command(alone, *arguments, **env),
        cwd=alone,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        start_new_session=True,
        timeout=60,
    )
    assert names(alone.parent / "unpacked") == [], "what was unpacked is removed"
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_it_is_one_small_file_that_knows_its_version(alone: Path) -> None:
    assert (alone / "secshare-open").stat().st_size <= MOST
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert run(alone, "--version").out == f"secshare-open {version}\n"


def test_words_a_key_a_card_and_several_documents_open(alone: Path) -> None:
    hybrid, plain = age.HybridIdentity.generate(), age.X25519Identity.generate()
    seal(alone / "words.pdf.age", PDF)
    seal(alone / "card.pdf.age", PDF, hybrid.recipient())
    seal(alone / "key.pdf.age", PDF, plain.recipient(), armor=True)
    seal_documents(alone / "several.zip.age", {"a.txt": b"a", "b.pdf": PDF})
    (alone / "words").write_text(PHRASE.upper())
    (alone / "key").write_text(plain.reveal())
    (alone / "words.png").write_bytes(qr.png(PHRASE, ("Cabinet Modele",)))
    (alone / "card.png").write_bytes(qr.png(hybrid.reveal(), ("Cabinet Modele",)))
    for arguments in (
        ("words.pdf.age", "--passphrase-file", "words"),
        ("words.pdf.age", "--qr", "words.png"),
        ("card.pdf.age", "--card", "card.png"),
        ("key.pdf.age", "-i", "key"),
    ):
        done = run(alone, *arguments, "-o", "out", "--force")
        assert done.status == 0, done
        assert done.out == "out\n"
        assert (alone / "out").read_bytes() == PDF
        (alone / "out").unlink()
    done = run(alone, "several.zip.age", "--passphrase-file", "words", LANG="fr_FR.UTF-8")
    assert "intacts" in done.err
    assert (alone / "several" / "b.pdf").read_bytes() == PDF


def test_failures_are_the_same_two_lines_and_status(alone: Path) -> None:
    seal(alone / "a.pdf.age", LARGE)
    sealed = (alone / "a.pdf.age").read_bytes()
    (alone / "b.pdf.age").write_bytes(sealed[:-9])
    (alone / "words").write_text(PHRASE)
    (alone / "wrong").write_text("-".join(WORDS[::-1]))
    before = names(alone)
    for arguments, status in (
        (("a.pdf.age", "--passphrase-file", "wrong"), ExitCode.PASSPHRASE_WRONG),
        (("b.pdf.age", "--passphrase-file", "words"), ExitCode.FILE_DAMAGED),
        (("missing.age",), ExitCode.INPUT_UNREADABLE),
        (("a.pdf.age",), ExitCode.ANSWER_NEEDED),
        (("a.pdf.age", "--qr", "words"), ExitCode.INPUT_UNREADABLE),
        (("a.pdf.age", "--nonsense"), 2),
    ):
        done = run(alone, *arguments)
        assert done.status == status, done
        assert len(done.lines) == 2, done.err
    assert names(alone) == before


def test_what_it_unpacks_is_code_and_never_a_document_or_the_words(alone: Path) -> None:
    unpacked = alone.parent / "unpacked"
    seal(alone / "a.bin.age", LARGE)
    with Session(
        command(alone, "a.bin.age", "--pause", TERM="xterm", LC_ALL="C.UTF-8"), cwd=alone, env={},
        columns=80,
    ) as session:  # fmt: skip
        session.until(lambda window: "Your words:" in window.shown)
        session.type(PHRASE + "\r")
        session.until(lambda window: "close this window" in window.shown)
        assert names(unpacked), "it is unpacked while it runs"
        assert clear_text_in(unpacked) == []
        assert clear_text_in(unpacked, PHRASE.encode()) == []
        assert (alone / "a.bin").read_bytes() == LARGE
        session.type("\r")
        assert session.end() == 0
    assert names(unpacked) == []


def test_the_programs_it_starts_find_their_own_libraries(alone: Path) -> None:
    tools = alone.parent / "tools"
    tools.mkdir()
    viewer = tools / "xdg-open"
    viewer.write_text(
        f"#!/bin/sh\n/usr/bin/env > {tools}/env.part\n/bin/mv {tools}/env.part {tools}/env\n"
    )
    viewer.chmod(0o755)
    seal(alone / "a.pdf.age", PDF)
    settings = {"TERM": "xterm", "LC_ALL": "C.UTF-8", "PATH": str(tools), "DISPLAY": ":9"}
    with Session(command(alone, "a.pdf.age", **settings), cwd=alone, env={}, columns=80) as session:
        session.until(lambda window: "Your words:" in window.shown)
        session.type(PHRASE + "\r")
        session.until(lambda window: "Show it now?" in window.shown)
        session.type("\r")
        assert session.end() == 0
    for _ in range(100):
        if (tools / "env").exists():
            break
        time.sleep(0.05)
    assert "LD_LIBRARY_PATH" not in (tools / "env").read_text()


def test_a_double_click_starts_it_until_that_is_undone(alone: Path) -> None:
    home = alone.parent / "home"
    home.mkdir()
    assert run(alone, "--associate", HOME=str(home)).status == 0
    (entry,) = (home / ".local/share/applications").glob("*.desktop")
    program = (alone / "secshare-open").resolve()
    assert f'Exec="{program}" --pause %f' in entry.read_text()
    assert run(alone, "--dissociate", HOME=str(home)).status == 0
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_leaves_nothing(alone: Path, number: int) -> None:
    seal(alone / "a.pdf.age", PDF)
    reader, writer = os.pipe()
    child = subprocess.Popen(
        command(alone, "a.pdf.age", "--passphrase-fd", str(reader)),
        cwd=alone,
        pass_fds=[reader],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    time.sleep(2)  # it waits for the words
    os.killpg(child.pid, number)
    _, said = child.communicate(timeout=20)
    os.close(reader)
    os.close(writer)
    assert child.returncode in {128 + number, -number}, said
    assert b"Traceback" not in said
    assert names(alone) == ["a.pdf.age", "secshare-open"]
    assert names(alone.parent / "unpacked") == []
