"""Protects people who take a photo: most photographs of our codes are read (120 in __main__)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.photos.albums import Album, cards, words
from tests.photos.judge import read

COUNT = 12  # of each; `python -m tests.photos` reads all 120


@pytest.mark.parametrize("album", [words(), cards()], ids=lambda album: album.name)
def test_nine_photographs_of_ten_are_read(album: Album, tmp_path: Path) -> None:
    outcomes = [read(photo, tmp_path) for _, photo in album.photographs(COUNT)]
    right = sum(outcome == album.holds for outcome in outcomes)
    assert right >= 0.9 * COUNT
    # What is not read is said not to be: no other text ever comes out of a photograph.
    others = {outcome for outcome in outcomes if outcome != album.holds}
    assert others <= {"opener.photo_none"}


def test_a_photograph_is_the_same_every_time() -> None:
    first, second = (next(words().photographs(1))[1] for _ in range(2))
    assert first == second


def test_a_sheet_that_nobody_could_read_is_not_read(tmp_path: Path) -> None:
    (_, photo), *_ = words().photographs(1, harder=6)
    assert read(photo, tmp_path) == "opener.photo_none"
