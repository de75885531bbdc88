"""Protects `--card`: the key on a card opens, photographed or typed, and is never shown."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from secshare import age
from secshare.errors import ExitCode
from secshare.messages import Language
from secshare.opener.command import run as run_here
from secshare.opener.talk import Talk
from secshare.roads import card as printed
from secshare.roads import qr
from tests.fakes.terminal import FakeTerminal
from tests.opener.kit import PDF, PHRASE, Done, names, run, seal

NAME, CLEAR = "a.pdf.age", "a.pdf"


@pytest.fixture(scope="module")
def identity() -> age.HybridIdentity:
    return age.HybridIdentity.generate()


@pytest.fixture
def sealed(tmp_path: Path, identity: age.HybridIdentity) -> Path:
    seal(tmp_path / NAME, PDF, identity.recipient())
    return tmp_path


def card(text: str, path: Path) -> Path:
    path.write_bytes(qr.png(text, ("Cabinet Modele",)))
    return path


def given(folder: Path, content: str | bytes, key: str) -> Done:
    """Open with a card as a text file; nothing of the key may be said, not even a part."""
    path = folder / "card.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = run(folder, NAME, "--card", "card.txt", "--force")
    said = (done.out + done.err).upper()
    assert not any(key[at : at + 8] in said for at in range(len("AGE-SECRET-KEY-PQ-1"), 70))
    return done


def groups(text: str, size: int) -> str:
    return " ".join(text[at : at + size] for at in range(0, len(text), size))


def test_a_photo_of_the_card_opens(sealed: Path, identity: age.HybridIdentity) -> None:
    card(identity.reveal(), sealed / "card.png")
    Image.open(sealed / "card.png").convert("RGB").save(sealed / "card.jpg", quality=60)
    for photo in ("card.png", "card.jpg"):
        done = run(sealed, NAME, "--card", photo, "--force")
        assert done.status == 0, done
        assert (sealed / CLEAR).read_bytes() == PDF


def test_the_key_opens_however_it_was_typed(sealed: Path, identity: age.HybridIdentity) -> None:
    key = identity.reveal()
    for typed in (
        key,
        f"  {key.lower()}\r\n\r\n",
        groups(key, 4),
        "\n".join(printed.groups(key)),
        groups(key.lower(), 11).replace(" ", "\n"),
        f"# my card\n# public key: age1pq1xyz\n{key[:40]}\n{key[40:]}\n",
        f"Cabinet Modele\nMa carte :\n{key}\nA garder",
        key.replace("-", "\u2013").replace("-", "\u2011"),
        key.replace("-", " "),
        key[:19] + key[19:].replace("0", "O").replace("L", "I").replace("8", "B"),
        ("\ufeff" + key).encode("utf-16"),
        f"# created\n{key}\n{age.X25519Identity.generate().reveal()}\n",
    ):
        done = given(sealed, typed, key)
        assert done.status == 0, (typed, done)
        assert "typing error" not in done.err


def test_one_typing_error_is_put_right_and_said(sealed: Path, identity: age.HybridIdentity) -> None:
    key = identity.reveal()
    for at in (19, 45, 76):
        other = "Q" if key[at] != "Q" else "P"
        done = given(sealed, key[:at] + other + key[at + 1 :], key)
        assert done.status == 0, done
        assert "typing error" in done.err
    at = next(at for at in range(20, 70) if key[at] != key[at + 1])
    swapped = key[:at] + key[at + 1] + key[at] + key[at + 2 :]
    assert given(sealed, swapped, key).status == 0


def test_more_errors_and_missing_parts_are_said_without_the_key(
    sealed: Path, identity: age.HybridIdentity
) -> None:
    key = identity.reveal()
    for typed, said in (
        (key[:30] + key[31:50] + key[52:], "74 characters of 77"),
        (key[:30] + "ZZZZ" + key[34:], "wrong characters"),
        ("", "empty"),
        ("hello", "no key of a card"),
        ("# only a comment", "no key of a card"),
        (PHRASE, "no key of a card"),
    ):
        done = given(sealed, typed, key)
        assert done.status in {ExitCode.IDENTITY_MISMATCH, ExitCode.INPUT_UNREADABLE}, done
        assert said in done.lines[0]
        assert len(done.lines) == 2
    assert names(sealed) == [NAME, "card.txt"]


def test_another_persons_card_is_said_to_be_another(sealed: Path) -> None:
    other = age.HybridIdentity.generate().reveal()
    done = given(sealed, other, other)
    assert done.status == ExitCode.IDENTITY_MISMATCH
    assert len(done.lines) == 2


def test_words_and_cards_are_told_apart(sealed: Path, identity: age.HybridIdentity) -> None:
    seal(sealed / "words.pdf.age", PDF)
    card(identity.reveal(), sealed / "card.png")
    card(PHRASE, sealed / "words.png")
    before = names(sealed)
    for arguments, said in (
        ((NAME, "--card", "words.png"), "not the one of a card"),
        ((NAME, "--qr", "words.png"), "opens with a card"),
        ((NAME,), "opens with a card"),
        (("words.pdf.age", "--qr", "card.png"), "shows a card"),
        (("words.pdf.age", "--card", "card.png"), "opens with words"),
    ):
        done = run(sealed, *arguments)
        assert done.status == ExitCode.WRONG_KIND, done
        assert said in done.lines[0]
        assert len(done.lines) == 2
    assert names(sealed) == before


def test_a_protected_key_file_is_taken_as_a_card_too(
    sealed: Path, identity: age.HybridIdentity
) -> None:
    seal(sealed / "key.age", identity.reveal().encode())
    card(PHRASE, sealed / "words.png")
    done = run(sealed, NAME, "--card", "key.age", "--qr", "words.png")
    assert done.status == 0, done


# --- after a double click, without options ------------------------------------------------------


def ask(folder: Path, *answers: str) -> tuple[int, FakeTerminal]:
    terminal = FakeTerminal([*answers, "n"])
    talk = Talk(Language.FR, lambda: terminal)
    return run_here([str(folder / NAME), "--force", "--no-view"], talk), terminal


@pytest.mark.parametrize("quoted", ["{}", "'{}'", '"{}"', "file://{}", "{} "])
def test_a_photo_is_dropped_into_the_window(
    sealed: Path, identity: age.HybridIdentity, quoted: str
) -> None:
    photo = card(identity.reveal(), sealed / "ma carte é.png")
    status, terminal = ask(sealed, quoted.format(photo))
    assert status == 0
    assert (sealed / CLEAR).read_bytes() == PDF
    assert terminal.asked_words == ["Votre carte : "]
    escaped = str(photo).replace(" ", "\\ ")
    assert ask(sealed, escaped)[0] == 0
    assert ask(sealed, "file://" + str(photo).replace(" ", "%20").replace("é", "%C3%A9"))[0] == 0


def test_the_key_is_typed_and_three_tries_are_given(
    sealed: Path, identity: age.HybridIdentity, capsys: pytest.CaptureFixture[str]
) -> None:
    key = identity.reveal()
    status, terminal = ask(sealed, str(sealed / "missing.jpg"), key[:50], groups(key.lower(), 5))
    assert status == 0
    assert "50 caract" in "".join(terminal.said)
    card(PHRASE, sealed / "words.png")
    status, terminal = ask(sealed, "", "x", str(sealed / "words.png"))
    assert status == ExitCode.WRONG_KIND
    assert len(terminal.asked_words) == 3
    said = capsys.readouterr().err + "".join(terminal.said)
    assert key[20:40] not in said.upper()
    assert io.StringIO(said).read().count("n'est pas celui d'une carte") == 1
