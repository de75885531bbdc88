"""Protects the words: on the terminal while they are typed, and nowhere else, ever."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.opener.kit import COMMAND, PHRASE, REFERENCE, WORDS, environ, names, run, seal
from tests.secrets_search import Secret
from tests.terminal.windows import Session

NAME = f"document-{REFERENCE}.pdf.age"
SECRET = Secret.of_words(WORDS)


def process_files(session: Session) -> bytes:
    """What anybody on the machine can see of the process."""
    folder = Path(f"/proc/{session.child.pid}")
    return (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()


TYPED = {
    "right": PHRASE,
    "misspelled": PHRASE.replace("galerie", "galexie"),
    "wrong": PHRASE + "-jaguar",
}


@pytest.mark.parametrize("how", TYPED)  # the words themselves would be in pytest's own environment
def test_typed_words_leave_no_trace(tmp_path: Path, how: str) -> None:
    typed = TYPED[how]
    seal(tmp_path / NAME, b"%PDF-1.7 content")
    shell = f'exec "$0" -m secshare.opener {NAME} >{tmp_path}/out 2>{tmp_path}/err'
    with Session(
        ["/bin/sh", "-c", shell, sys.executable], cwd=tmp_path, env=environ(), columns=60
    ) as session:
        for _ in range(3 if how == "wrong" else 1):
            session.until(lambda window: window.shown.endswith("Your words:"))
            session.type(typed)
            session.until(lambda window: typed in window.shown.replace("\n", ""))
            assert not SECRET.traces(process_files(session), tmp_path)
            session.type("\r")
            session.type(typed[:20])  # typed ahead, while the words are being checked
            session.until(lambda window: typed not in window.shown.replace("\n", ""))
            session.type("\x7f" * 20)
        assert session.end() == (20 if how == "wrong" else 0)
        assert not SECRET.traces(session.window.everything, tmp_path)
    if how != "wrong":
        assert f"document-{REFERENCE}.pdf" in (tmp_path / "out").read_text()


def test_words_from_a_file_are_only_there(tmp_path: Path) -> None:
    seal(tmp_path / NAME, b"%PDF-1.7 content")
    words = tmp_path / "words"
    for typed in (PHRASE, PHRASE.replace("galerie", "galexie"), PHRASE[:-3], f"x {PHRASE} y"):
        words.write_text(typed)
        for more in ([], ["--force"], ["-o", "missing/x"], ["--max-work-factor", "2"]):
            done = run(tmp_path, NAME, "--passphrase-file", words, *more)
            assert not SECRET.traces(done.out, done.err, tmp_path, apart=[words])
    assert names(tmp_path) == sorted([NAME, f"document-{REFERENCE}.pdf", "words"])


def test_a_private_key_is_only_in_its_file(tmp_path: Path) -> None:
    from secshare import age

    identity = age.X25519Identity.generate()
    seal(tmp_path / NAME, b"%PDF-1.7 content", identity.recipient())
    key = tmp_path / "key.txt"
    secret = Secret.of_text(identity.reveal())
    for content in (identity.reveal(), identity.reveal() + "x", f"{identity.reveal()}\nrubbish"):
        key.write_text(content)
        done = run(tmp_path, NAME, "-i", key, "--force")
        assert not secret.traces(done.out, done.err, tmp_path, apart=[key])


def test_progress_is_shown_on_a_screen_only(tmp_path: Path) -> None:
    code = (
        "import sys, secshare.opener.talk as talk\n"
        "talk._QUIET = 0\n"
        "from secshare.opener import main\n"
        "sys.exit(main())"
    )
    seal(tmp_path / NAME, bytes(30_000_000))
    (tmp_path / "words").write_text(PHRASE)
    arguments = [NAME, "--passphrase-file", "words", "--force"]
    with Session([COMMAND[0], "-c", code, *arguments], cwd=tmp_path, env=environ()) as session:
        assert session.end() == 0
        assert b"100 % (30 of 30 MB)" in session.raw
        assert "%" not in session.window.everything, "cleared once it is done"
    assert "%" not in run(tmp_path, *arguments).err
