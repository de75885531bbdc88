"""A `seal` killed outright leaves nothing half-done (at length: python -m tests.kill.seal)."""

from __future__ import annotations

from pathlib import Path

from tests.kill.seal import campaign


def test_a_killed_seal_leaves_nothing_half_done(tmp_path: Path) -> None:
    seen = campaign(20, seed=20261121, folder=tmp_path, megabytes=8)
    assert seen["killed"] == 20
