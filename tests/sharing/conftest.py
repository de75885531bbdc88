"""A practice at work, with one patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from secshare.sharing import Desk
from tests.practices import add_patient, make_practice

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path):
    with Desk(make_practice(tmp_path / "practice")) as opened:
        add_patient(opened)
        yield opened
