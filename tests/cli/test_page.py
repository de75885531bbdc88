"""Protects the practice: the page is written as its transcripts say, and over nothing."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.cli.test_directory import alone, run
from tests.cli.test_transcripts import environment
from tests.cli.transcript import play
from tests.practices import make_practice

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts" / "page").glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_page_is_written_as_the_transcript_says(path, tmp_path, page_file):
    play(path, tmp_path, environment(tmp_path, french=path.stem.startswith("fr-")))


def test_there_are_transcripts():
    assert len(TRANSCRIPTS) >= 2


def test_a_web_server_may_read_the_page(tmp_path, page_file):
    make_practice(tmp_path / "cabinet")
    target = tmp_path / "open.html"
    before = os.umask(0o022)
    try:
        status = run(["page", "-o", str(target), "--practice", str(tmp_path / "cabinet")], alone())
    finally:
        os.umask(before)
    assert status == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o644


def test_a_rotation_changes_the_key_on_the_page_and_nothing_else(tmp_path, page_file):
    practice = make_practice(tmp_path / "cabinet")
    pages = []
    for number in (1, 2):
        target = tmp_path / f"{number}.html"
        arguments = ["page", "-o", str(target), "--practice", str(practice.folder)]
        assert run(arguments, alone()) == 0
        pages.append(target.read_text("utf-8"))
        practice.rotate(lambda: "")
    keys = [page.partition('"recipient": "')[2].partition('"')[0] for page in pages]
    assert keys[0] != keys[1]
    assert pages[0].replace(keys[0], "") == pages[1].replace(keys[1], "")
