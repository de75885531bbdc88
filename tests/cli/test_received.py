"""What a secretary sees when something came back, and when a person at the desk gets a card."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from secshare.practice import Practice
from secshare.sharing import Desk, create_practice
from tests.answers import answer, sealed
from tests.practices import SETTINGS, add_patient, make_practice
from tests.secrets_search import Secret
from tests.terminal.windows import Session

SECSHARE = [sys.executable, "-m", "secshare"]


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    with Desk(make_practice(tmp_path / "practice")) as desk:
        add_patient(desk)
        for name in ("une", "deux"):
            to = desk.practice.recipient
            (tmp_path / f"{name}.age").write_bytes(answer(to, {f"{name}.txt": name.encode()}))
    return tmp_path


def run(ground: Path, *arguments: str) -> Session:
    environ = {"SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": "fr_FR.UTF-8"}
    environ |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return Session([*SECSHARE, *arguments], columns=100, lines=40, env=environ, cwd=ground)


def said(session: Session) -> str:
    return " ".join(session.window.everything.split())


def protected(tmp_path: Path, size: int = 0) -> str:
    """Make a practice whose key opens with words, and two files for it; return the words."""
    from secshare.passphrase import draw

    drawn = draw()
    practice = create_practice(tmp_path / "practice", SETTINGS, protection=drawn)
    with Desk(practice) as desk:
        add_patient(desk)
    for name in ("une", "deux"):
        content = answer(practice.recipient, {f"{name}.txt": os.urandom(size) + name.encode()})
        (tmp_path / f"{name}.age").write_bytes(content)
    return drawn.reveal()


def received(ground: Path) -> list[str]:
    inbox = ground / "practice" / "inbox"
    return sorted(path.name for folder in inbox.iterdir() for path in folder.iterdir())


def test_the_practices_words_are_asked_once_for_several_files(tmp_path: Path) -> None:
    words = protected(tmp_path)
    with run(tmp_path, "receive", "une.age", "deux.age") as session:
        session.until("Les mots de la clé du cabinet :")
        assert received(tmp_path) == []
        session.type(f"{words}\r")
        assert session.end() == 0
        assert said(session).count("Les mots de la clé du cabinet") <= 1
        assert said(session).count("ouvert, complet et intact") == 2
        assert said(session).count("rien ici ne prouve qui l'a écrit") == 1
        assert not Secret.of_words(words.split("-")).traces(session.window.everything)
    assert received(tmp_path) == ["deux.txt", "une.txt"]
    with run(tmp_path, "receive", "une.age", "deux.age") as session:  # known: nothing is asked
        assert session.end() == 0
        assert said(session).count("a déjà été reçu le") == 2
    assert received(tmp_path) == ["deux.txt", "une.txt"]


def test_no_bar_writes_over_the_question_for_the_words(tmp_path: Path) -> None:
    words = protected(tmp_path, size=40 << 20)
    with run(tmp_path, "receive", "une.age") as session:
        session.until("Les mots de la clé du cabinet :")
        assert "Ouverture" not in session.window.everything
        session.type(f"{words}\r")
        assert session.end() == 0
    assert received(tmp_path) == ["une.txt"]


def test_wrong_words_three_times_end_it_and_nobody_is_asked_for_the_next_file(
    tmp_path: Path,
) -> None:
    protected(tmp_path)
    with run(tmp_path, "receive", "une.age", "deux.age") as session:
        for left in (2, 1, 0):
            session.until(lambda window: window.shown.rstrip().endswith("du cabinet :"))
            session.type("cabane abeille dauphin\r")
            if left:
                session.until(f"Essais restants : {left}")
        assert session.end() == 20
        assert "n'a pas été reçu" not in said(session)
    assert received(tmp_path) == []
    with Desk(Practice.open(tmp_path / "practice")) as desk:
        assert not list(desk.inbox.all())


def test_ctrl_c_at_the_words_leaves_nothing(tmp_path: Path) -> None:
    protected(tmp_path)
    with run(tmp_path, "receive", "une.age") as session:
        session.until("Les mots de la clé du cabinet :")
        session.type("\x03")
        assert session.end() == 130
        assert "Interrompu" in said(session)
    assert received(tmp_path) == []


def test_a_hostile_name_cannot_drive_the_terminal(ground: Path) -> None:
    to = Practice.open(ground / "practice").recipient
    name = "\x1b]0;piege\x07\x1b[2Jlettre\u202efdp.pdf.age"
    (ground / name).write_bytes(sealed(to, b"document"))
    (ground / "trois.age").write_bytes(answer(to, {"\x1b[31m\x1b[2Jrouge.txt": b"rouge"}))
    for given in (name, "trois.age"):
        with run(ground, "receive", given) as session:
            assert session.end() == 0
            assert "ouvert, complet et intact" in said(session)
            assert b"\x1b]0;" not in session.raw
            assert b"\x1b[2J" not in session.raw
            assert "\u202e" not in session.raw.decode()


# --- the card -----------------------------------------------------------------------------------


def cards(ground: Path) -> list[Path]:
    return list((ground / "practice" / "secrets").iterdir())


def keys(ground: Path) -> list[Path]:
    return list((ground / "practice" / "keys").glob("jeanne*"))


def test_the_question_names_the_person_at_the_desk_and_masks_contacts(ground: Path) -> None:
    with run(ground, "recipients", "card", "jeanne exemple") as session:
        session.until("[oui/non]")
        shown = said(session)
        for told in ("Jeanne Exemple", "12/04/1958", "j***@example.org", "devant vous"):
            assert told in shown
        assert "jeanne.exemple@example.org" not in shown
        assert "639980001" not in shown.replace(" ", "")
        assert cards(ground) == keys(ground) == []
        session.type("oui\r")
        assert session.end() == 0
        assert "taille réelle" in said(session)
        assert "SECRET-KEY" not in session.raw.decode().upper()
    (card,) = cards(ground)
    assert card.name.startswith("card-")
    assert len(keys(ground)) == 1


@pytest.mark.parametrize(("typed", "status"), [("non\r", 14), ("\r", 14), ("\x03", 130)])
def test_anything_but_a_yes_draws_nothing(ground: Path, typed: str, status: int) -> None:
    with run(ground, "recipients", "card", "jeanne-exemple") as session:
        session.until("[oui/non]")
        session.type(typed)
        assert session.end() == status
    assert cards(ground) == keys(ground) == []


def test_a_lost_card_says_what_it_still_opens_before_the_answer(ground: Path) -> None:
    with run(ground, "recipients", "card", "jeanne-exemple", "--yes") as session:
        assert session.end() == 0
    (first,) = cards(ground)
    name = first.stem.removeprefix("card-")
    before = keys(ground)[0].read_bytes()
    for option, answered in (("--lost", "non\r"), ("--revoke", "non\r"), ("--lost", "oui\r")):
        with run(ground, "recipients", "card", "jeanne-exemple", option) as session:
            session.until("[oui/non]")
            assert f"carte {name}" in said(session)
            assert "s'ouvre toujours avec" in said(session)
            assert keys(ground)[0].read_bytes() == before
            session.type(answered)
            assert session.end() == (0 if answered == "oui\r" else 14)
    (second,) = cards(ground)  # the lost one's PDF is gone with it
    assert second != first
    assert keys(ground)[0].read_bytes() != before


def test_a_card_that_cannot_be_written_leaves_no_key(ground: Path) -> None:
    (ground / "prise.pdf").write_bytes(b"theirs")
    with run(ground, "recipients", "card", "jeanne-exemple", "--yes", "-o", "prise.pdf") as session:
        assert session.end() == 4
    assert cards(ground) == keys(ground) == []
    assert (ground / "prise.pdf").read_bytes() == b"theirs"
