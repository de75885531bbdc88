"""Several commands at once lose nothing and take nothing from each other.

At length: python -m tests.sharing.together
"""

from __future__ import annotations

from pathlib import Path

from tests.sharing.together import campaign


def test_what_eight_processes_prepare_at_once_is_all_there(tmp_path: Path) -> None:
    assert campaign(tmp_path, seconds=8) >= 8
