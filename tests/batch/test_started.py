"""Protects how a batch begins its processes: anew, as on Windows, whichever way it was started."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.batches import write_batch
from tests.practices import make_practice
from tests.tools import ROOT, missing

START = """\
import re, sys
from secshare.cli import main
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(main())
"""
"""What pip puts into a starter."""


def script(folder: Path) -> list[str]:
    """Return the installed starter, as it lies beside Python."""
    path = Path(sys.executable).with_name("secshare")
    if not path.exists():
        missing("secshare is not installed beside this Python")
    return [str(path)]


def starter(folder: Path) -> list[str]:
    """Return one as pip makes it on Windows: a program, and behind it an archive that it runs."""
    made = io.BytesIO()
    with ZipFile(made, "w") as archive:
        archive.writestr("__main__.py", START)
    path = folder / "secshare.exe"
    path.write_bytes(b"MZ" + b"\0" * 1022 + made.getvalue())
    return [sys.executable, str(path)]


def module(folder: Path) -> list[str]:
    return [sys.executable, "-m", "secshare"]


@pytest.mark.parametrize("start", [script, starter, module])
def test_it_works_from_every_starter(tmp_path, monkeypatch, start):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    make_practice(tmp_path / "cabinet")
    manifest = write_batch(tmp_path / "lot", 3)
    done = subprocess.run(
        [*start(tmp_path), "batch", manifest, "--practice", tmp_path / "cabinet", "--yes"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "cabinet" / "outbox").glob("[!.]*"))) == 3
