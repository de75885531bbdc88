"""At the edges of a command line, what is said is still true: streams, signals, bytes, the past."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyrage
import pytest

from secshare import cli
from secshare.model import Kind, Road
from secshare.practice import Practice
from secshare.sharing import Desk
from tests.documents import report
from tests.practices import add_patient, make_practice
from tests.tools import need

UNREAD = ["--accept", "unchecked"]
SECSHARE = [sys.executable, "-m", "secshare"]


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    with Desk(make_practice(tmp_path / "practice")) as desk:
        add_patient(desk)
    (tmp_path / "rapport.pdf").write_bytes(report())
    return tmp_path


def run(ground: Path, *arguments: str | bytes, language: str = "C.UTF-8", **streams: object):
    options: dict = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    return subprocess.run(
        [*SECSHARE, *arguments],
        cwd=ground,
        env={**os.environ, "LC_ALL": language, "SECSHARE_PRACTICE": str(ground / "practice")},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
        **options,
    )


def seal(ground: Path, **streams: object):
    return run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes", **streams)


def test_a_result_nobody_could_see_is_said_and_the_share_is_there(ground: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = seal(ground, stdout=full)
    said = done.stderr.decode().strip().splitlines()
    lines = [line for line in said if not line.startswith("note ")]
    assert (done.returncode, len(lines)) == (4, 2), said
    assert "Do not start again" in lines[1]
    assert len(list((ground / "practice" / "outbox").iterdir())) == 1


READING = [
    *(["journal", verb] for verb in ("show", "head", "verify")),
    *(["recipients", *rest] for rest in (["list"], ["show", "Jeanne Exemple"])),
    *(["recipients", "history", "Jeanne Exemple"], ["keys", "show"], ["shares", "--json"]),
    *(["check", "rapport.pdf", "--to", "Jeanne Exemple"], ["incidents", "--json"], ["selftest"]),
]


@pytest.mark.parametrize("arguments", READING, ids=lambda words: "-".join(words[:2]))
def test_who_only_reads_is_told_to_read_again_or_nothing(
    ground: Path, arguments: list[str]
) -> None:
    with open("/dev/full", "wb") as full:
        done = run(ground, *arguments, stdout=full)
    lines = [line for line in done.stderr.decode().splitlines() if not line.startswith("note ")]
    assert (done.returncode, lines[-2:]) == (
        4,
        ["The result could not be written.", "Run it again."],
    )
    reader, writer = os.pipe()
    os.close(reader)  # as `head` does, once it has its lines
    done = run(ground, *arguments, stdout=writer)
    os.close(writer)
    assert done.returncode == 4
    assert b"written" not in done.stderr


def closed(ground: Path, stream: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run with a stream that was closed before it began."""
    shell = ["sh", "-c", f'exec "$@" {stream}>&-', "sh", *SECSHARE, *arguments]
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "SECSHARE_PRACTICE": str(ground / "practice")}
    return subprocess.run(shell, cwd=ground, env=environ, capture_output=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="sh")
def test_streams_that_were_closed_before_take_nothing_and_say_so(ground: Path) -> None:
    done = closed(ground, "1", "journal", "head")
    assert (done.returncode, b"Run it again" in done.stderr) == (4, True)
    done = closed(ground, "1", "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes")
    assert (done.returncode, b"Do not start again" in done.stderr) == (4, True)
    done = closed(ground, "2", "shares", "show", "K7Q2-M9PX-8")
    assert (done.returncode, done.stdout) == (42, b"")


def test_an_error_nobody_could_read_keeps_its_number(ground: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = run(ground, "seal", "rapport.pdf", "--to", "Nobody", "--yes", stderr=full)
    assert done.returncode == 10


def test_a_name_that_is_no_text_is_nobody(ground: Path) -> None:
    done = run(ground, "seal", "rapport.pdf", "--to", b"L\xe9a Exemple", "--yes")
    assert done.returncode == 10
    assert len(done.stderr.decode().strip().splitlines()) == 2


def test_an_end_by_the_system_is_said_and_leaves_nothing(ground: Path) -> None:
    with open(ground / "large.csv", "wb") as large:
        large.truncate(20 << 30)  # a hole: many seconds of work, and no room on the disk
    process = subprocess.Popen(
        [*SECSHARE, "seal", "large.csv", "--to", "Jeanne Exemple", "--yes", *UNREAD],
        cwd=ground,
        env={**os.environ, "LC_ALL": "C.UTF-8", "SECSHARE_PRACTICE": str(ground / "practice")},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    outbox, limit = ground / "practice" / "outbox", time.monotonic() + 30
    while not any(outbox.iterdir()) and time.monotonic() < limit:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, b"Ended by the system" in said) == (143, True), said
    assert not any(outbox.iterdir())
    assert run(ground, "shares", "--json").stdout.strip() == b"[]"


def test_ctrl_c_while_modules_load_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_main", interrupted)
    assert cli.main() == 130


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["foo"], "La commande foo n'existe pas."),
        (["seal", "--to"], "L'option --to demande une valeur."),
        (["shares", "show", "k7q2", "m9px"], "Ceci est en trop : m9px."),
        (["seal", "x", "--road", "zz"], "Choisissez parmi : qr, sms, phone."),
        (["seal"], "Il manque FICHIER"),
    ],
)
def test_typing_mistakes_are_told_in_french(ground: Path, arguments: list[str], said: str) -> None:
    done = run(ground, *arguments, language="fr_FR.UTF-8")
    assert (done.returncode, said in done.stderr.decode()) == (2, True), done.stderr.decode()


def test_shares_of_somebody_who_left_or_changed_number_are_found(ground: Path) -> None:
    assert seal(ground).returncode == 0
    (reference,) = (path.name for path in (ground / "practice" / "outbox").iterdir())
    with Desk(Practice.open(ground / "practice")) as desk:
        jeanne = desk.directory.find("Jeanne Exemple")
        desk.directory.edit(jeanne, phone="+33639980077")
    shown = run(ground, "shares", "show", reference).stdout.decode()
    assert "Careful" in shown
    assert "77" in shown
    with Desk(Practice.open(ground / "practice")) as desk:
        desk.directory.remove(desk.directory.find("Jeanne Exemple"))
    listed = run(ground, "shares", "--to", "jeanne exemple").stdout.decode()
    assert reference in listed
    assert "no longer in the directory" in listed


def test_only_steps_that_exist_are_advised(ground: Path) -> None:
    with Desk(Practice.open(ground / "practice")) as desk:
        desk.directory.add(name="Paul Fictif", kind=Kind.PATIENT, road=Road.QR)
    (ground / "rapport.pdf").write_bytes(report("Paul FICTIF"))
    run(ground, "seal", "rapport.pdf", "--to", "Paul Fictif", "--yes")
    (reference,) = (path.name for path in (ground / "practice" / "outbox").iterdir())
    shown = run(ground, "shares", "show", reference).stdout.decode()
    assert "message.eml" not in shown
    assert "--as phone" not in shown
    refused = run(ground, "secret", reference, "--as", "sms", "-o", "words.txt")
    assert refused.returncode == 12
    assert not (ground / "words.txt").exists()


def test_a_decoy_is_counted_as_no_recipient(ground: Path) -> None:
    key = ground / "id_ed25519"
    command = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    subprocess.run(command, check=True)
    recipient = pyrage.ssh.Recipient.from_str(key.with_suffix(".pub").read_text())
    sealed = io.BytesIO()
    pyrage.encrypt_io(io.BytesIO(b"clear"), sealed, [recipient])
    (ground / "x.age").write_bytes(sealed.getvalue())
    assert b"-grease" in sealed.getvalue()
    shown = run(ground, "inspect", "x.age").stdout.decode()
    assert "ssh-ed25519 (1)" in shown
    assert "grease" not in shown
