"""The patient's side, whole: a card that opens what follows, and an answer sealed in the page."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from secshare import files
from secshare.sharing import Desk, Prepared, address, prepare
from tests.page.engine import Engine, engine  # noqa: F401  # a fixture
from tests.practices import add_patient, make_practice
from tests.tools import need

CLEAR = b"%PDF-1.7 compte rendu fictif\n" * 1000


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    with Desk(make_practice(tmp_path / "practice")) as desk:
        add_patient(desk)
    (tmp_path / "rapport.pdf").write_bytes(CLEAR)
    return tmp_path


def secshare(ground: Path, *arguments: str, module: str = "secshare") -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ground,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def seal(ground: Path) -> Prepared:
    from secshare.practice import Practice

    with (
        Desk(Practice.open(ground / "practice")) as desk,
        files.open_source(ground / "rapport.pdf") as source,
    ):
        return prepare(desk, address(desk, "Jeanne Exemple", today=date.today()), [source])


def card_of(ground: Path) -> Path:
    told = secshare(ground, "recipients", "card", "jeanne-exemple", "--yes", "--json", *IN)
    return Path(json.loads(told)["file"])


IN = ("--practice", "practice")


@pytest.mark.parametrize("given", ["a photo", "the text of the PDF", "what somebody typed"])
def test_the_card_opens_what_is_sealed_after_it(ground: Path, given: str) -> None:
    card = card_of(ground)
    sealed = next(path for path in seal(ground).files if path.suffix == ".age")
    if given == "a photo":
        document = pypdfium2.PdfDocument(card.read_bytes())
        document[0].render(scale=200 / 72).to_pil().save(ground / "carte.png")
        document.close()
        shown = "carte.png"
    else:
        command = [need("pdftotext"), "-l", "1", card, ground / "carte.txt"]
        subprocess.run(command, check=True)
        shown = "carte.txt"
        if given == "what somebody typed":
            text = (ground / shown).read_text()
            (ground / shown).write_text(text[text.index("AGE-SECRET") :].lower().replace(" ", ""))
    arguments = ("--card", shown, "-o", "ouvert.pdf", str(sealed))
    secshare(ground, *arguments, module="secshare.opener")
    assert (ground / "ouvert.pdf").read_bytes() == CLEAR


def test_the_page_opens_with_the_card_too(ground: Path, engine: Engine) -> None:  # noqa: F811
    from tests.sharing.test_carding import photographed

    card = card_of(ground)
    sealed = next(path for path in seal(ground).files if path.suffix == ".age")
    opened = engine.open(sealed.read_bytes(), identity=photographed(card))
    assert [document.data for document in opened.documents] == [CLEAR]


def test_an_answer_sealed_in_the_page_is_received(ground: Path, engine: Engine) -> None:  # noqa: F811
    from secshare.practice import Practice

    reference = str(seal(ground).share.reference)
    practice = Practice.open(ground / "practice")
    documents = {"lettre.pdf": CLEAR, "étrange (1).txt": b"Bonjour", "vide.txt": b""}
    to = str(practice.recipient)
    for answers in (reference, None):
        sealed = engine.seal(list(documents.items()), to, answers)
        (ground / sealed.told["name"]).write_bytes(sealed.data)
        (told,) = json.loads(secshare(ground, "receive", sealed.told["name"], "--json", *IN))
        assert told["answers"] == answers
        folder = Path(told["folder"])
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == documents
    shown = json.loads(secshare(ground, "shares", "show", reference, "--json", *IN))
    assert [Path(each["folder"]).name[11:] for each in shown["answers"]] == [reference]
