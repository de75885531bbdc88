"""A batch killed outright, run to its end (at length: python -m tests.kill.batch)."""

from __future__ import annotations

from pathlib import Path

from tests.kill.batch import campaign


def test_each_row_of_a_killed_batch_is_sealed_exactly_once(tmp_path: Path) -> None:
    seen = campaign(20, rows=100, kills=20, seed=20261122, folder=tmp_path, longest=3)
    assert seen.total() == 20
