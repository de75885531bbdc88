"""Protects `secshare check` and the questions of `seal`: codes, JSON, what is never printed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from secshare.model import Kind, Road
from secshare.sharing import Desk
from tests.documents import report
from tests.practices import add_patient, make_practice
from tests.terminal.windows import Session

SECSHARE = [sys.executable, "-m", "secshare"]
THEIRS, NOT_THEIRS = "158042299904158", "271092299900163"
"""Numbers of nobody: commune 999 does not exist. The first is of April 1958, the second is not."""


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    with Desk(make_practice(tmp_path / "practice")) as desk:
        add_patient(desk)
        desk.directory.add(
            name="Robert Fictif",
            kind=Kind.PATIENT,
            email="r.fictif@example.com",
            birth_date=date(1971, 9, 30),
            road=Road.QR,
        )
    (tmp_path / "rapport.pdf").write_bytes(report())
    return tmp_path


def run(ground: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SECSHARE, *arguments],
        cwd=ground,
        env={**os.environ, "SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        check=False,
    )


def at_terminal(ground: Path, *arguments: str) -> Session:
    environ = {"SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": "fr_FR.UTF-8"}
    return Session([*SECSHARE, *arguments], columns=100, lines=40, env=environ, cwd=ground)


def prepared(ground: Path) -> list[str]:
    return sorted(path.name for path in (ground / "practice" / "outbox").iterdir())


def test_check_ends_with_zero_only_where_nothing_asks(ground: Path) -> None:
    assert run(ground, "check", "rapport.pdf", "--to", "Jeanne Exemple").returncode == 0
    assert run(ground, "check", "rapport.pdf", "--about", "jeanne-exemple").returncode == 0
    assert run(ground, "check", "rapport.pdf", "--to", "Robert Fictif").returncode == 30
    (ground / "notice.txt").write_text("Prenez un grand verre d'eau avant l'examen, à jeun.")
    assert run(ground, "check", "notice.txt", "--to", "Jeanne Exemple").returncode == 30
    assert prepared(ground) == []


def test_json_has_findings_and_verdict_in_both_languages(ground: Path) -> None:
    done = run(ground, "check", "rapport.pdf", "--to", "Robert Fictif", "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["verdict"]) == (30, "block")
    (found,) = [each for each in said["findings"] if each["rule"] == "other-person"]
    assert found["severity"] == "block"
    assert found["place"] == {"file": "rapport.pdf", "page": 1}
    assert set(found["message"]) == {"en", "fr"}
    assert found["message"]["en"] != found["message"]["fr"]
    right = json.loads(
        run(ground, "check", "rapport.pdf", "--to", "Jeanne Exemple", "--json").stdout
    )
    assert right["verdict"] in {"ok", "note"}


def test_a_script_has_the_findings_when_seal_stops(ground: Path) -> None:
    done = run(ground, "seal", "rapport.pdf", "--to", "Robert Fictif", "--yes", "--json")
    assert done.returncode == 30
    said = json.loads(done.stdout)
    assert said["verdict"] == "block"
    assert "reference" not in said
    assert prepared(ground) == []


def test_accept_never_goes_past_what_stops(ground: Path) -> None:
    wrong = ("seal", "rapport.pdf", "--to", "Robert Fictif", "--yes")
    assert run(ground, *wrong, "--accept", "other-person").returncode == 30
    assert run(ground, *wrong, "--override", "other-person").returncode == 2
    assert run(ground, *wrong, "--reason", "sans règle").returncode == 2
    assert run(ground, *wrong, "--override", "no-such-rule", "--reason", "x").returncode == 2
    number = f"patient {THEIRS}"
    assert run(ground, *wrong, "--override", "other-person", "--reason", number).returncode == 12
    assert prepared(ground) == []
    done = run(ground, *wrong, "--override", "other-person", "--reason", "vu avec le médecin")
    assert done.returncode == 0, done.stderr
    shown = json.loads(run(ground, "shares", "show", *prepared(ground), "--json").stdout)
    (kept,) = [each for each in shown["findings"] if each["rule"] == "other-person"]
    assert (kept["answer"], kept["reason"]) == ("overridden", "vu avec le médecin")


def test_nobody_revoked_is_sealed_for_whatever_is_overridden(ground: Path) -> None:
    run(ground, "recipients", "revoke", "jeanne-exemple", "--yes")
    done = run(ground, "check", "rapport.pdf", "--to", "jeanne-exemple", "--json")
    assert done.returncode == 30
    assert "revoked" in {each["rule"] for each in json.loads(done.stdout)["findings"]}
    options = ("--override", "revoked", "--reason", "je suis sûre")
    done = run(ground, "seal", "rapport.pdf", "--to", "jeanne-exemple", "--yes", *options)
    assert done.returncode in {2, 11}
    assert prepared(ground) == []


@pytest.mark.parametrize("kind", ["txt", "csv", "pdf"])
def test_no_number_is_printed_whole_nor_kept(ground: Path, kind: str) -> None:
    lines = [
        "Patient : Jeanne EXEMPLE, née le 12/04/1958",
        f"N° de sécurité sociale : {THEIRS}",
        f"Assurée : {' '.join((NOT_THEIRS[0], NOT_THEIRS[1:3], NOT_THEIRS[3:]))}",
        "IBAN : FR76 3000 6000 0112 3456 7890 189",
    ]
    path = ground / f"{NOT_THEIRS}.{kind}"
    if kind == "pdf":
        from secshare.cli.demo_documents import Line, pdf_file, text_page

        path.write_bytes(
            pdf_file(lines[1], [text_page([Line(each) for each in lines])], fonts=["Helvetica"])
        )
    elif kind == "csv":
        rows = [f"Personne Fictive {n};{NOT_THEIRS};12/04/1958" for n in range(6)]
        path.write_text("\n".join(["nom;nir;naissance", *rows, ""]))
    else:
        path.write_text("\n".join(lines))
    name = path.name
    said = [
        run(ground, "check", name),
        run(ground, "check", name, "--to", "Jeanne Exemple"),
        run(ground, "check", name, "--to", "Robert Fictif", "--json"),
        run(ground, "seal", name, "--to", "Jeanne Exemple", "--yes", "--json"),
    ]
    found = json.loads(said[-1].stdout)["findings"]
    stops = {each["rule"] for each in found if each["severity"] == "block"}
    asks = {each["rule"] for each in found if each["severity"] == "confirm"}
    override = [part for rule in sorted(stops) for part in ("--override", rule)]
    accept = [part for rule in sorted(asks) for part in ("--accept", rule)]
    said.append(
        run(
            ground,
            "seal",
            name,
            "--to",
            "Jeanne Exemple",
            "--yes",
            *accept,
            *override,
            "--reason",
            "essai",
        )
    )
    assert said[-1].returncode == 0, said[-1].stderr
    said.append(run(ground, "shares", "show", *prepared(ground), "--json"))
    for done in said:
        heard = done.stdout + done.stderr
        for digits in (THEIRS, NOT_THEIRS):
            assert digits[:10] not in "".join(c for c in heard if c.isalnum()), done.args
    sealed = ground / "practice" / "outbox"
    for found in (ground / "practice").rglob("*"):
        if found.is_file() and sealed not in found.parents:
            data = found.read_bytes()
            assert THEIRS[:13].encode() not in data, found
            assert NOT_THEIRS[:13].encode() not in data, found
    with sqlite3.connect(ground / "practice" / "private" / "practice.db") as database:
        dumped = "\n".join(database.iterdump())
    database.close()
    assert THEIRS[:13] not in dumped
    assert NOT_THEIRS[:13] not in dumped


def test_a_scan_asks_for_the_year_on_the_page_and_not_for_a_yes(ground: Path) -> None:
    from PIL import Image

    Image.new("L", (1240, 1754), 255).save(ground / "page.png")
    with at_terminal(ground, "seal", "page.png", "--to", "Jeanne Exemple", "--yes") as session:
        session.until("Quelle année de naissance")
        assert "1958" not in session.window.everything
        session.type("oui\r")
        session.until("Regardez encore")
        session.type("1985\r")
        session.until("Regardez encore")
        session.type("1958\r")
        assert session.end() == 0
    assert len(prepared(ground)) == 1
    with at_terminal(ground, "seal", "page.png", "--to", "Jeanne Exemple", "--yes") as session:
        session.until("Quelle année de naissance")
        session.type("\r")
        assert session.end() == 14
    assert len(prepared(ground)) == 1


def test_a_practice_may_let_scans_pass_with_a_word(ground: Path) -> None:
    from PIL import Image

    Image.new("L", (1240, 1754), 255).save(ground / "page.png")
    settings = ground / "practice" / "secshare.toml"
    text = settings.read_text("utf-8").replace('scans = "confirm"', 'scans = "note"')
    settings.write_text(text, "utf-8")
    done = run(ground, "seal", "page.png", "--to", "Jeanne Exemple", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert ("scan", "note") in {
        (each["rule"], each["severity"]) for each in json.loads(done.stdout)["findings"]
    }


def test_the_kind_is_guessed_shown_corrected_and_kept(ground: Path) -> None:
    with at_terminal(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple") as session:
        session.until("[oui/non]")
        assert "rapport.pdf (compte rendu)" in " ".join(session.window.shown.split())
        session.type("oui\r")
        assert session.end() == 0
    done = run(
        ground,
        "seal",
        "rapport.pdf",
        "--to",
        "Jeanne Exemple",
        "--yes",
        "--json",
        "--kind",
        "letter",
    )
    assert json.loads(done.stdout)["kind"] == "letter"
    kinds = {share["kind"] for share in json.loads(run(ground, "shares", "--json").stdout)}
    assert kinds == {"report", "letter"}


def test_another_purpose_is_refused_before_anything_is_read(ground: Path) -> None:
    done = run(
        ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes", "--purpose", "pétition"
    )
    assert done.returncode == 11
    assert prepared(ground) == []


def test_rules_are_printed_with_their_severity(ground: Path) -> None:
    from secshare.preflight import RULES

    printed = run(ground, "check", "--rules").stdout
    listed = json.loads(run(ground, "check", "--rules", "--json").stdout)
    assert [each["rule"] for each in listed] == list(RULES)
    assert len(listed) >= 15
    for rule in RULES.values():
        assert any(
            line.startswith(rule.name) and f" {rule.severity} " in line
            for line in printed.splitlines()
        )


def test_a_dry_run_asks_nothing_and_ends_as_check_does(ground: Path) -> None:
    right = run(ground, "seal", "rapport.pdf", "--to", "Jeanne Exemple", "--dry-run")
    assert right.returncode == 0, right.stderr
    wrong = run(ground, "seal", "rapport.pdf", "--to", "Robert Fictif", "--dry-run")
    assert wrong.returncode == 30
    assert prepared(ground) == []


def test_without_a_practice_a_document_says_what_it_says_by_itself(tmp_path: Path) -> None:
    (tmp_path / "rapport.pdf").write_bytes(report())
    done = subprocess.run(
        [*SECSHARE, "check", "rapport.pdf"],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": "", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "--about" in done.stderr
