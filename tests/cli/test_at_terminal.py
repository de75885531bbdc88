"""What a secretary sees: a question that names the person, words that are gone once handed over."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from secshare.model import Kind, Road
from secshare.sharing import Desk
from tests.documents import report
from tests.practices import add_patient, make_practice
from tests.secrets_search import Secret
from tests.terminal.windows import Session

SECSHARE = [sys.executable, "-m", "secshare"]


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    practice = make_practice(tmp_path / "practice")
    with Desk(practice) as desk:
        add_patient(desk)
        add_patient(desk, "Müller Exemple")
        desk.directory.add(
            name="Lefèvre Exemple",
            kind=Kind.PATIENT,
            email="lefevre@example.org",
            road=Road.QR,
            birth_date=date(1990, 1, 1),
        )
    (tmp_path / "rapport.pdf").write_bytes(report())
    return tmp_path


def run(
    ground: Path, *arguments: str, columns: int = 100, language: str = "fr_FR.UTF-8"
) -> Session:
    environ = {"SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": language}
    return Session([*SECSHARE, *arguments], columns=100, lines=40, env=environ, cwd=ground)


def prepared(ground: Path) -> list[str]:
    return sorted(path.name for path in (ground / "practice" / "outbox").iterdir())


def test_the_question_names_the_person_and_both_roads(ground: Path) -> None:
    with run(ground, "seal", "rapport.pdf", "--to", "jeanne exemple") as session:
        session.until("[oui/non]")
        shown = " ".join(session.window.shown.split())
        for told in ("Cabinet médical Exemple", "Jeanne Exemple", "12/04/1958", "e-mail", "SMS"):
            assert told in shown
        assert "jeanne.exemple@example.org" not in shown
        assert "639980001" not in shown.replace(" ", "")
        session.type("oui\r")
        assert session.end() == 0
        assert "rien n'est parti" in " ".join(session.window.everything.split())
    assert len(prepared(ground)) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("non", "Vous avez répondu non"),
        ("", "La réponse n'était pas oui"),
        ("ouais peut-être", "La réponse n'était pas oui"),
    ],
)
def test_anything_but_a_yes_does_nothing(ground: Path, answer: str, said: str) -> None:
    with run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple") as session:
        session.until("[oui/non]")
        session.type(f"{answer}\r")
        assert session.end() == 14
        assert said in session.window.everything
    assert prepared(ground) == []


def test_ctrl_c_at_the_question_does_nothing(ground: Path) -> None:
    with run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple") as session:
        session.until("[oui/non]")
        session.type("\x03")
        assert session.end() == 130
        assert "Interrompu" in session.window.everything
        assert "Traceback" not in session.window.everything
    assert prepared(ground) == []


def test_a_recipient_is_chosen_from_a_whole_entry(ground: Path) -> None:
    (ground / "rapport.pdf").write_bytes(report("Müller EXEMPLE"))
    with run(ground, "seal", "rapport.pdf") as session:
        session.until("Pour qui ?")
        session.type("mul")
        session.until("Müller Exemple (")
        session.type("\x1b[B")  # down: the entry is taken over whole
        session.until("Pour qui ? Müller Exemple (")
        session.type("\r")
        session.until("[oui/non]")
        assert "Müller Exemple" in session.window.shown
        session.type("oui\r")
        assert session.end() == 0
    with Desk(make_desk(ground)) as desk:
        assert [share.name for share in desk.register.shares()] == ["Müller Exemple"]


@pytest.mark.parametrize("typed", ["zzz", "mul", "Jeanne", "Müller Exemple", "(lefevre-exemple)"])
def test_enter_on_anything_less_chooses_nobody(ground: Path, typed: str) -> None:
    with run(ground, "seal", "rapport.pdf") as session:
        session.until("Pour qui ?")
        session.type(f"{typed}\r")  # fast, as somebody pastes
        session.until("Choisissez une ligne entière")
        session.type("\x03")
        assert session.end() == 130
    assert prepared(ground) == []


def test_words_shown_again_are_gone_at_a_key(ground: Path) -> None:
    with run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes") as session:
        assert session.end() == 0
    (reference,) = prepared(ground)
    practice = make_desk(ground)
    with Desk(practice) as desk:
        share = next(desk.register.shares())
        words = desk.register.words(share.reference, practice.identities(lambda: ""))
    with run(ground, "secret", reference, "--as", "words") as session:
        session.until("Appuyez sur une touche")
        assert words in session.window.shown
        session.type(" ")
        assert session.end() == 0
        assert not Secret.of_words(words.split("-")).traces(session.window.everything)


def test_a_changed_address_is_asked_about_even_with_yes(ground: Path) -> None:
    with run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes") as session:
        assert session.end() == 0
    with Desk(make_desk(ground)) as desk:
        jeanne = desk.directory.find("Jeanne Exemple")
        desk.directory.edit(jeanne, email="j.exemple@example.com")
    with run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes") as session:
        session.until("[oui/non]")
        assert "l'adresse du dernier partage" in " ".join(session.window.shown.split())
        session.type("non\r")
        assert session.end() == 14
    assert len(prepared(ground)) == 1


def make_desk(ground: Path):
    from secshare.practice import Practice

    return Practice.open(ground / "practice")


def test_help_and_questions_follow_the_locale(ground: Path) -> None:
    for language, word in (("fr_FR.UTF-8", "Utilisation"), ("en_GB.UTF-8", "Usage")):
        with run(ground, "seal", "--help", language=language) as session:
            assert session.end() == 0
            assert word in session.window.everything
    assert os.environ.get("SECSHARE_PRACTICE") is None


def test_wrong_words_of_the_practice_are_said_to_be_wrong(tmp_path: Path) -> None:
    from secshare.passphrase import draw
    from secshare.sharing import create_practice
    from tests.practices import SETTINGS

    drawn = draw()
    practice = create_practice(tmp_path / "practice", SETTINGS, protection=drawn)
    with Desk(practice) as desk:
        add_patient(desk)
    (tmp_path / "rapport.pdf").write_bytes(report())
    with run(tmp_path, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes") as session:
        assert session.end() == 0  # sealing asks for nothing
    (reference,) = prepared(tmp_path)
    with run(tmp_path, "secret", reference, "--as", "words") as session:
        session.until("Les mots de la clé du cabinet :")
        session.type("cabane abeille dauphin\r")
        session.until("Essais restants : 2")
        session.until(lambda window: window.shown.rstrip().endswith("du cabinet :"))
        session.type(f"{drawn.reveal()}\r")
        session.until("Appuyez sur une touche")
        session.type(" ")
        assert session.end() == 0
        assert not Secret.of_words(drawn.words).traces(session.window.everything)
