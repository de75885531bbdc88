"""Protects against a power cut while a document is opened: afterwards it is whole, or not there."""

from __future__ import annotations

from pathlib import Path

from tests.kill.opener import campaign


def test_killed_at_random_instants_nothing_is_left(tmp_path: Path) -> None:
    seed = 20261121  # the long campaign draws its own
    report = campaign(tmp_path, times=16, size=8 << 20, seed=seed)
    assert report.faults == [], f"seed {seed}"
    assert report.killed == 16, f"seed {seed}: {report}"
