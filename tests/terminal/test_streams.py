"""Protects what is printed: no character stops a command, and scripts read UTF-8 everywhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from secshare.messages import Language
from secshare.terminal import streams, system_language
from tests.terminal.windows import Session, python

PRINT = """
import sys
from secshare.terminal import use_utf8
use_utf8()
print("reçu d'Éléonore \u202e \udcff")
print("œuf", file=sys.stderr)
"""


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "ascii", "utf-8"])
def test_redirected_streams_are_utf8(encoding: str) -> None:
    code = PRINT.encode("unicode_escape").decode().replace("\\n", "\n")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        check=True,
        capture_output=True,
    )
    assert done.stdout == "reçu d'Éléonore \u202e \\udcff\n".encode()
    assert done.stderr == "œuf\n".encode()


def test_a_screen_keeps_its_encoding_and_escapes_the_rest() -> None:
    code = "from secshare.terminal import use_utf8; use_utf8(); print('é', chr(0x153))"
    with Session(python(code), env={"PYTHONIOENCODING": "latin-1"}) as session:
        assert session.end() == 0
        assert session.raw == b"\xe9 \\u0153\r\n"


def test_a_program_without_streams_has_nothing_to_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    streams.use_utf8()


@pytest.mark.parametrize(
    ("environ", "menus", "expected"),
    [
        ({"LANG": "fr_FR.UTF-8"}, 0x0409, Language.FR),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, 0x040C, Language.EN),
        ({}, 0x040C, Language.FR),
        ({}, 0x0C0C, Language.FR),
        ({}, 0x0409, Language.EN),
    ],
)
def test_windows_without_a_locale_speaks_as_its_menus(
    environ: dict[str, str], menus: int, expected: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "_windows_language", lambda: menus)
    assert system_language(environ, platform="win32") is expected


def test_elsewhere_the_locale_decides() -> None:
    assert system_language({}, platform="linux") is Language.EN
    assert system_language({"LANG": "fr"}, platform="linux") is Language.FR
