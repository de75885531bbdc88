"""Protects what somebody reads before they answer: no number, no cut word, each question once."""

from __future__ import annotations

import io
import json
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from secshare.cli.page_read import is_theirs
from secshare.cli.progress import bar
from secshare.cli.rows import fitted
from secshare.cli.session import Session
from secshare.messages import printable
from secshare.model import Kind, Place, Road
from secshare.sharing import Desk
from tests.cli.test_check import THEIRS, at_terminal, ground, prepared, run
from tests.corpus.writers.sheets import Sheet, xlsx
from tests.documents import report

__all__ = ["ground"]  # the fixture

SPACED = " ".join((THEIRS[0], THEIRS[1:3], THEIRS[3:5], THEIRS[5:7], THEIRS[7:10], THEIRS[10:13]))
BORN = date(1985, 5, 12)


def digits(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@pytest.mark.parametrize(
    "written",
    [
        THEIRS,
        THEIRS[:13],
        f"dossier{THEIRS}bis.pdf",
        f"12-{THEIRS}.pdf",
        f"00{THEIRS}",
        SPACED,
        SPACED.replace(" ", "_"),
        SPACED.replace(" ", "\u200b"),
        THEIRS.translate({ord("0") + n: 0x0660 + n for n in range(10)}),
        "2 71 09 2A 999 001 63",
    ],
)
def test_a_number_is_cut_however_it_is_written(written: str) -> None:
    told = printable(written)
    assert "…" in told
    assert sum(character.isdigit() for character in told.replace("200b", "")) <= 5


@pytest.mark.parametrize(
    "written",
    [
        "IMG_20261122_061218.jpg",
        "12/04/1958, 25/03/2014",
        "+33 6 39 98 00 01",
        "1234 5678 9012 3abc 4567 8901",  # a fingerprint
        "abc1 5804 2299 9041 5811 1111",
        "FR76 3000 6000 0112 3456 7890 189",
    ],
)
def test_what_is_no_such_number_is_told_whole(written: str) -> None:
    assert printable(written) == written


def test_no_part_of_a_place_holds_a_number() -> None:
    place = Place(THEIRS, f"{THEIRS}.txt", sheet=SPACED, cell=THEIRS, field=THEIRS, page=3)
    told = place.as_json()
    assert told["page"] == 3
    assert THEIRS[:10] not in digits(json.dumps(told))


def test_a_number_is_told_by_no_name_of_a_file_member_sheet_or_column(ground: Path) -> None:
    folder = ground / f"patient {SPACED}"
    folder.mkdir()
    with zipfile.ZipFile(folder / f"{THEIRS}.zip", "w") as archive:
        archive.writestr(f"{THEIRS}/{THEIRS}.txt", "Patient : Robert FICTIF, né le 30/09/1971")
    people = [[str(n), f"Personne Fictive{n}", f"0{n + 1}/02/1960"] for n in range(8)]
    book = Sheet(THEIRS, [[THEIRS, "nom", "naissance"], *people])
    (folder / f"{SPACED}.xlsx").write_bytes(xlsx([book]))
    names = [f"{folder.name}/{THEIRS}.zip", f"{folder.name}/{SPACED}.xlsx"]
    to = ("--to", "Jeanne Exemple")
    said = [run(ground, "check", *names, *to), run(ground, "check", *names, *to, "--json")]
    said += [run(ground, "check", *names), run(ground, "seal", *names, *to, "--yes", "--json")]
    said += [run(ground, "seal", names[0], *to, "--dry-run", *more) for more in ((), ("--json",))]
    said += [run(ground, "check", f"{THEIRS}.odt"), run(ground, "seal", folder.name, *to)]
    assert any("…041" in done.stdout + done.stderr for done in said)
    for done in said:
        assert done.returncode in {0, 3, 30}
        assert THEIRS[:10] not in digits(done.stdout + done.stderr), done.args


def test_the_question_names_no_number(ground: Path) -> None:
    (ground / f"{THEIRS}.pdf").write_bytes(report())
    with at_terminal(ground, "seal", f"{THEIRS}.pdf", "--to", "Jeanne Exemple") as session:
        session.until("[oui/non]")
        assert "…041.pdf (compte rendu)" in " ".join(session.window.shown.split())
        session.type("non\r")
        session.end()
        assert THEIRS[:10] not in digits(session.window.everything)


def test_json_shows_no_mark_that_turns_a_line_around(ground: Path) -> None:
    name = "rapport\u202efdp\u009b.txt"
    (ground / name).write_text("Patient : Robert FICTIF, né le 30/09/1971")
    done = run(ground, "check", name, "--to", "Jeanne Exemple", "--json")
    assert not {"\u202e", "\u009b"} & set(done.stdout)
    places = {each["place"]["file"] for each in json.loads(done.stdout)["findings"]}
    assert places == {name}


@pytest.mark.parametrize(
    "typed", ["1985", "12/05/1985", "12.05.1985", "1985-05-12", "Tour", "DE LA TOUR", "Marie Tour"]
)
def test_what_stands_on_the_page_is_taken(typed: str) -> None:
    assert is_theirs(typed, "Marie de la Tour", BORN)


@pytest.mark.parametrize(
    "typed",
    [
        *("x/1985", "13/05/1985", "1986", "85", "oui", "Marie", "de", "la", "de la", "Tour Eiffel"),
        *("", "1985 1986", "31/02/1985"),
    ],
)
def test_what_costs_no_look_at_the_page_is_not_taken(typed: str) -> None:
    assert not is_theirs(typed, "Marie de la Tour", BORN)


def test_a_family_name_in_capitals_stands_where_it_likes() -> None:
    assert is_theirs("exemple", "EXEMPLE Jeanne", None)
    assert not is_theirs("jeanne", "EXEMPLE Jeanne", None)
    assert is_theirs("martin", "Jeanne Exemple-Martin", None)
    assert not is_theirs("1985", "Jeanne Exemple", None)


@pytest.mark.parametrize(
    ("option", "rule"),
    [
        *(("--accept", rule) for rule in ("other-number", "revoked", "mssante-kind", "hidden")),
        *(("--override", rule) for rule in ("not-named", "revoked", "opposed", "mssante-kind")),
    ],
)
def test_an_option_that_can_never_apply_is_refused(ground: Path, option: str, rule: str) -> None:
    reason = ("--reason", "essai") if option == "--override" else ()
    to = ("--to", "Jeanne Exemple", "--yes")
    done = run(ground, "seal", "rapport.pdf", *to, option, rule, *reason)
    assert done.returncode == 2
    assert rule in done.stderr
    assert prepared(ground) == []


@pytest.mark.parametrize("options", [("several-people",), ("shared-contact", "other-person")])
def test_what_may_ask_is_accepted_beforehand(ground: Path, options: tuple[str, ...]) -> None:
    accepted = [part for rule in options for part in ("--accept", rule)]
    done = run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes", *accepted)
    assert done.returncode == 0, done.stderr


def test_each_question_is_said_once(ground: Path) -> None:
    (ground / "notice.txt").write_text("Prenez un grand verre d'eau avant l'examen, à jeun.")
    with at_terminal(ground, "seal", "notice.txt", "--to", "Jeanne Exemple", "--yes") as session:
        session.until("[oui/non]")
        assert session.window.everything.count("[not-named]") == 1
        session.type("oui\r")
        assert session.end() == 0
        assert session.window.everything.count("[not-named]") == 1


def test_many_documents_end_with_the_one_that_stops(ground: Path) -> None:
    names = [f"rapport-{n:02}.pdf" for n in range(12)]
    for name in names:
        (ground / name).write_bytes(report())
    (ground / "zz.pdf").write_bytes(report("Robert FICTIF"))
    done = run(ground, "check", *names, "--to", "Jeanne Exemple")
    told = [line for line in done.stdout.splitlines() if "[mssante-kind]" in line]
    assert len(told) == 1
    assert "rapport-00.pdf and 11 more" in told[0]
    done = run(ground, "check", *names, "zz.pdf", "--to", "Jeanne Exemple")
    assert "Stopped: 1 document of 13: zz.pdf (other-person" in done.stdout.splitlines()[-2]
    assert "mssante-kind" not in done.stdout
    done = run(ground, "seal", *names, "zz.pdf", "--to", "Jeanne Exemple", "--yes")
    what, remedy = done.stderr.splitlines()[-2:]
    assert "1 document of 13: zz.pdf" in what
    assert remedy.startswith("Take zz.pdf out.")
    assert "--override" in remedy


def test_a_stop_says_whose_document_it_may_be(ground: Path) -> None:
    done = run(ground, "seal", "rapport.pdf", "--to", "Robert Fictif", "--yes")
    assert "--to jeanne-exemple" in done.stderr.splitlines()[-1]


def test_a_scan_for_a_colleague_asks_whose_it_is(ground: Path) -> None:
    from PIL import Image

    from secshare.practice import Practice

    with Desk(Practice.open(ground / "practice")) as desk:
        email = "gaelle.modele@example.com"
        kind = Kind.PROFESSIONAL
        desk.directory.add(name="Gaëlle Modèle", kind=kind, email=email, road=Road.QR)
    Image.new("L", (1240, 1754), 255).save(ground / "page.png")
    with at_terminal(ground, "seal", "page.png", "--to", "gaelle-modele", "--yes") as session:
        assert session.end() == 30
        shown = " ".join(session.window.everything.split())
        assert "--about QUI" in shown
        assert "--accept scan" in shown
    about = ("--to", "gaelle-modele", "--about", "jeanne-exemple", "--yes")
    with at_terminal(ground, "seal", "page.png", *about) as session:
        session.until("Quelle année de naissance")
        session.type("Exemple\r")
        assert session.end() == 0


def test_no_answer_is_said_to_be_none_and_a_damaged_file_to_be_damaged(ground: Path) -> None:
    from PIL import Image

    Image.new("L", (1240, 1754), 255).save(ground / "page.png")
    with at_terminal(ground, "seal", "page.png", "--to", "Jeanne Exemple", "--yes") as session:
        session.until("Quelle année de naissance")
        session.type("\r")
        assert session.end() == 14
        assert "Sans réponse, rien n'est scellé" in session.window.everything
    (ground / "abime.docx").write_bytes(b"PK\x03\x04" + bytes(200))
    with at_terminal(ground, "seal", "abime.docx", "--to", "Jeanne Exemple", "--yes") as session:
        session.until("[oui/non]")
        assert "Ce fichier est abîmé" in " ".join(session.window.shown.split())
        session.type("non\r")
        assert session.end() == 14


def test_words_without_a_road_do_not_end_a_check(ground: Path) -> None:
    from secshare.practice import Practice

    with Desk(Practice.open(ground / "practice")) as desk:
        robert = desk.directory.find("Robert Fictif")
        desk.directory.edit(robert, road=Road.SMS)
    (ground / "sien.pdf").write_bytes(report("Robert FICTIF"))
    done = run(ground, "check", "rapport.pdf", "--to", "Robert Fictif", "--json")
    assert done.returncode == 30
    assert "other-person" in {each["rule"] for each in json.loads(done.stdout)["findings"]}
    assert "--road qr" in done.stderr


def test_the_kind_that_is_given_counts(ground: Path) -> None:
    def rules(*options: str) -> set[str]:
        to = ("--to", "Jeanne Exemple", "--dry-run", "--json")
        said = json.loads(run(ground, "seal", "rapport.pdf", *to, *options).stdout)
        assert said["kind_sure"] in {True, False}
        assert said["exports"] == []
        return {each["rule"] for each in said["findings"]}

    assert "mssante-kind" in rules()
    assert "mssante-kind" in rules("--kind", "laboratory")
    assert "mssante-kind" not in rules("--kind", "invoice")


def test_a_script_is_told_a_refusal_as_a_finding(ground: Path) -> None:
    run(ground, "recipients", "revoke", "jeanne-exemple", "--yes")
    done = run(ground, "seal", "rapport.pdf", "--to", "jeanne-exemple", "--yes", "--json")
    assert done.returncode == 11
    said = json.loads(done.stdout)
    assert [each["rule"] for each in said["findings"]] == ["revoked"]
    assert said["verdict"] == "block"


def test_check_wants_a_document_and_tells_of_an_empty_one(ground: Path) -> None:
    done = run(ground, "check")
    assert done.returncode == 2
    assert "secshare check FILE --to WHO" in done.stderr
    (ground / "vide.pdf").touch()
    done = run(ground, "check", "rapport.pdf", "vide.pdf", "--to", "Jeanne Exemple", "--json")
    assert done.returncode == 30
    found = {each["rule"]: each["place"]["file"] for each in json.loads(done.stdout)["findings"]}
    assert found["unchecked"] == "vide.pdf"
    assert run(ground, "check", "vide.pdf").returncode == 30


def test_a_share_counts_what_many_documents_had(ground: Path) -> None:
    for n in range(3):
        (ground / f"rapport-{n}.pdf").write_bytes(report())
    names = [f"rapport-{n}.pdf" for n in range(3)]
    assert run(ground, "seal", *names, "--to", "Jeanne Exemple", "--yes").returncode == 0
    shown = run(ground, "shares", "show", *prepared(ground)).stdout
    assert shown.count("mssante-kind") == 1
    assert "have access to it (mssante-kind: shown) × 3" in shown


@pytest.mark.parametrize("columns", [40, 80])
def test_no_word_is_cut_on_a_terminal(ground: Path, columns: int) -> None:
    from tests.cli.test_check import SECSHARE
    from tests.terminal.windows import Session as Window

    environ = {"SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": "fr_FR.UTF-8"}
    command = [*SECSHARE, "check", "rapport.pdf", "--to", "Robert Fictif"]
    with Window(command, columns=columns, lines=60, env=environ, cwd=ground) as session:
        assert session.end() == 30
        rows = session.window.everything.splitlines()
    whole = run(ground, "check", "rapport.pdf", "--to", "Robert Fictif")
    assert max(map(len, whole.stdout.splitlines())) > 80  # a pipe gets a line a finding
    assert max(map(len, rows)) <= columns
    words = {word for row in rows for word in row.split()}
    assert {"concerne", "Jeanne", "Résultat"} <= words


def test_a_line_is_cut_for_a_terminal_only() -> None:
    line = "note " * 60
    assert fitted(line, io.StringIO()) == [line]


def test_json_stays_one_document_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"message": "mot " * 100, "file": "a\u2028b\U000e0041"}
    Session().result_json(document)
    out = capsys.readouterr().out
    assert "\u2028" not in out
    assert json.loads(out) == document


def test_the_bar_of_one_document_beats_while_nothing_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Shown(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Shown()
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setenv("TERM", "xterm-256color")
    with bar("Lecture", 100, worth=1, steps=1) as progress:
        assert progress is None
        end = time.monotonic() + 20
        frames: set[str] = set()
        while len(frames) < 3 and time.monotonic() < end:
            frames = {frame for frame in shown.getvalue().split("\r") if "Lecture" in frame}
            time.sleep(0.05)
    assert len(frames) >= 3
    with bar("Lecture", 100, worth=1, steps=3) as progress:
        assert progress is not None
