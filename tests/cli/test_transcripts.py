"""Every promise of the command line is a file that somebody who does not program can read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.transcript import play
from tests.examples.run import run_example
from tests.tools import need

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_command_does_what_the_transcript_says(path: Path, tmp_path: Path) -> None:
    need("age")
    run_example("build_documents.py", tmp_path / "documents")
    play(path, tmp_path, environment(tmp_path, french=path.stem.startswith("fr-")))


def environment(folder: Path, *, french: bool) -> dict[str, str]:
    """A person's own machine: nothing of ours is set but the language."""
    home = folder / "home"
    home.mkdir()
    ours = {"HOME": str(home), "LC_ALL": "fr_FR.UTF-8" if french else "en_GB.UTF-8"}
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {**kept, **ours, "COLUMNS": "100"}


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 5
