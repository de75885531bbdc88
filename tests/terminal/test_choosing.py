"""Protects choosing among homonyms: what tells them apart is seen in the narrowest window."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from secshare.model import Kind, Road
from secshare.sharing import Desk
from tests.documents import report
from tests.practices import add_patient, make_practice
from tests.terminal.windows import Session

SEAL = [sys.executable, "-m", "secshare", "seal", "rapport.pdf"]
LONG = "Marie-Antoinette Exemple de la Tour"


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    with Desk(make_practice(tmp_path / "practice")) as desk:
        add_patient(desk, "Jeanne Exemple")
        for year in (1951, 1984):
            desk.directory.add(
                name=LONG,
                kind=Kind.PATIENT,
                email=f"exemple{year}@example.org",
                road=Road.QR,
                birth_date=date(year, 4, 12),
            )
    (tmp_path / "rapport.pdf").write_bytes(report())
    return tmp_path


def run(ground: Path, columns: int) -> Session:
    environ = {"SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": "fr_FR.UTF-8"}
    return Session(SEAL, columns=columns, lines=30, env=environ, cwd=ground)


@pytest.mark.parametrize("columns", [40, 100])
def test_birth_dates_are_seen_whole(ground: Path, columns: int) -> None:
    with run(ground, columns) as session:
        session.until("Pour qui ?")
        session.type("mari")
        session.until("12/04/1951  Marie-Antoinette")
        session.until("12/04/1984  Marie-Antoinette")
        session.type("\x03")
        assert session.end() == 130


def test_nothing_is_said_of_what_the_terminal_cannot_do(ground: Path) -> None:
    with run(ground, 80) as session:
        session.until("Pour qui ?")
        session.type("jean")
        session.until("12/04/1958  Jeanne Exemple")
        assert b"\x1b[6n" not in session.raw, "the cursor's position, which some never tell"
        session.type("\x03")
        assert session.end() == 130
        assert "CPR" not in session.window.everything
