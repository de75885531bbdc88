"""Protects a light command: it starts at once, and imports nothing of the practice's."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.opener.kit import PHRASE, environ, run, seal

HEAVY = ("typer", "rich", "prompt_toolkit", "pydantic", "pyrage", "qrcode", "PIL", "platformdirs")
ABOVE = ("cli", "sharing", "recipients", "register", "roads", "sealing", "store", "practice")


def modules(code: str, folder: Path) -> set[str]:
    """Every module that a fresh interpreter has imported after running code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"],
        cwd=folder,
        env=environ(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_opening_a_document_imports_nothing_of_the_practices(tmp_path: Path) -> None:
    seal(tmp_path / "a.pdf.age", b"%PDF-1.7 content")
    (tmp_path / "words").write_text(PHRASE)
    code = (
        "import pkgutil, importlib, secshare.opener\n"
        "names = {m.name for m in pkgutil.iter_modules(secshare.opener.__path__)} - {'__main__'}\n"
        "for name in names: importlib.import_module('secshare.opener.' + name)\n"
        "from secshare.opener.command import run\n"
        "assert run(['a.pdf.age', '--passphrase-file', 'words']) == 0"
    )
    loaded = modules(code, tmp_path)
    assert "cryptography" in loaded
    for name in HEAVY:
        assert name not in loaded
    for name in ABOVE:
        assert f"secshare.{name}" not in loaded


def test_help_needs_no_cryptography(tmp_path: Path) -> None:
    code = "from secshare.opener.command import run\nassert run(['--help']) == 0"
    loaded = modules(code, tmp_path)
    for name in ("cryptography", "mnemonic", "subprocess", "ctypes", "secshare.age"):
        assert name not in loaded


def test_the_version_is_the_installed_one() -> None:
    done = run(Path(), "--version")
    try:
        assert done.out == f"secshare-open {version('secshare')}\n"
    except PackageNotFoundError:
        assert done.out == "secshare-open, run from its sources\n"
