"""Outside tools that tests run: absent at a developer's desk they skip, absent in CI they fail."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def need(tool: str) -> str:
    """Return the path of a program; skip the test without it, fail on CI."""
    found = shutil.which(tool)
    if found is None:
        missing(f"the program {tool} is not installed")
    return found


def missing(reason: str) -> None:
    """Skip the calling test, or fail it on CI, where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"on CI: {reason}")
    pytest.skip(reason)
