"""Words are on no stream, in no traceback, and in no file that did not ask for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from secshare import sealing
from secshare.cli.app import run
from secshare.messages import Language
from secshare.sharing import Desk
from tests.documents import report
from tests.practices import add_patient, make_practice
from tests.secrets_search import Secret

ROADS = ("sms", "qr", "phone")


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    with Desk(make_practice(tmp_path / "practice")) as desk:
        add_patient(desk)
    (tmp_path / "rapport.pdf").write_bytes(report())
    return tmp_path


def secshare(ground: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "secshare", *arguments, "--practice", "practice"],
        cwd=ground,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )


def all_words(ground: Path) -> list[Secret]:
    from secshare.practice import Practice

    practice = Practice.open(ground / "practice")
    with Desk(practice) as desk:
        identities = practice.identities(lambda: "")
        return [
            Secret.of_words(desk.register.words(share.reference, identities).split("-"))
            for share in desk.register.shares()
        ]


def test_no_verb_lets_the_words_out(ground: Path) -> None:
    said = [
        secshare(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes", *options)
        for road in ROADS
        for options in (["--road", road], ["--road", road, "--json"])
    ]
    (reference, *_) = (path.name for path in (ground / "practice" / "outbox").iterdir())
    asked = [ground / f"asked.{form}" for form in ("words", "sms", "qr", "phone")]
    said += [
        secshare(ground, "secret", reference, "--as", path.suffix[1:], "-o", str(path))
        for path in asked
    ]
    failed = [
        secshare(ground, "secret", reference, "--as", "words"),  # no terminal
        secshare(ground, "secret", reference, "--as", "words", "-o", str(asked[0])),  # exists
        secshare(ground, "secret", reference, "--as", "words", "-o", "none/asked"),  # no folder
        secshare(ground, "secret", reference, "--as", "words", "--fd", "77"),  # not open
        secshare(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple"),  # nobody to ask
    ]
    said += [
        secshare(ground, "shares"),
        secshare(ground, "shares", "--json"),
        secshare(ground, "shares", "show", reference),
        secshare(ground, "selftest"),
    ]
    assert [done.returncode for done in said] == [0] * len(said), said
    assert [done.returncode for done in failed] == [13, 4, 4, 3, 13], failed
    streams = [stream for done in said + failed for stream in (done.stdout, done.stderr)]
    secrets = all_words(ground)
    assert len(secrets) == 6
    for secret in secrets:
        assert not secret.traces(*streams, ground, apart=[ground / "practice" / "secrets", *asked])


@pytest.mark.parametrize("language", list(Language))
def test_a_fault_of_our_own_shows_no_value(
    ground: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    language: Language,
) -> None:
    drawn: list[Secret] = []

    def breaks(documents: object, sink: object, secret: object, **_: object) -> None:
        drawn.append(Secret.of_words(secret.passphrase.words))
        msg = f"cannot seal with {secret.passphrase.reveal()} as {secret!r}"
        raise RuntimeError(msg)

    monkeypatch.setattr(sealing, "seal", breaks)
    monkeypatch.setattr("secshare.cli.base.LANGUAGE", language)
    arguments = ["seal", str(ground / "rapport.pdf"), "--to", "jeanne-exemple", "--yes"]
    assert run([*arguments, "--practice", str(ground / "practice")]) == 1
    streams = capfd.readouterr()
    assert "RuntimeError" in streams.err
    said = [line for line in streams.err.splitlines() if not line.startswith("note ")]
    assert len(said) == 2
    (secret,) = drawn
    assert not secret.traces(streams.out, streams.err, ground)
    assert list((ground / "practice" / "outbox").iterdir()) == []


def test_a_descriptor_receives_the_words_and_nothing_else_does(ground: Path) -> None:
    secshare(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes")
    (reference,) = (path.name for path in (ground / "practice" / "outbox").iterdir())
    command = f"{sys.executable} -m secshare secret {reference} --as words --fd 9 9>words.txt"
    done = subprocess.run(
        ["bash", "-c", f"{command} --practice practice"],
        cwd=ground,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (secret,) = all_words(ground)
    assert secret.traces(ground / "words.txt")
    assert not secret.traces(done.stdout, done.stderr)


def test_words_go_to_the_number_of_today_and_only_when_that_is_accepted(ground: Path) -> None:
    from secshare.practice import Practice

    secshare(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes")
    (reference,) = (path.name for path in (ground / "practice" / "outbox").iterdir())
    with Desk(Practice.open(ground / "practice")) as desk:
        desk.directory.edit(desk.directory.find("Jeanne Exemple"), phone="+33639980002")
    asked = ("secret", reference, "--as", "sms", "-o", "asked.txt")
    refused = secshare(ground, *asked)
    assert (refused.returncode, "--accept changed-contact" in refused.stderr) == (13, True)
    assert not (ground / "asked.txt").exists()
    assert secshare(ground, *asked, "--accept", "changed-contact").returncode == 0
    assert (ground / "asked.txt").read_text().startswith("+33639980002\n")


def test_a_code_goes_through_a_descriptor_too(ground: Path) -> None:
    secshare(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes")
    (reference,) = (path.name for path in (ground / "practice" / "outbox").iterdir())
    command = f"{sys.executable} -m secshare secret {reference} --as qr --fd 9 9>code.png"
    subprocess.run(["bash", "-c", f"{command} --practice practice"], cwd=ground, check=True)
    assert (ground / "code.png").read_bytes().startswith(b"\x89PNG")


def test_in_secrets_words_stand_only_where_the_sweep_and_a_recall_look(ground: Path) -> None:
    from secshare.cli.giving import check_place
    from secshare.errors import OutputRefused
    from secshare.model import Reference
    from secshare.practice import Practice

    practice, reference = Practice.open(ground / "practice"), Reference.draw()
    (practice.secrets / "deeper").mkdir()
    for name in ("mots.txt", f"{reference}.doc", f"deeper/{reference}.txt"):
        with pytest.raises(OutputRefused):
            check_place(practice, practice.secrets / name, reference)
    check_place(practice, practice.secrets / f"{reference}.txt", reference)
