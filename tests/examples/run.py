"""Running an example as its reader does: a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.tools import ROOT

EXAMPLES = ROOT / "examples"


def run_example(name: str, *arguments: object) -> str:
    """Run one example and return what it wrote; it must succeed and complain of nothing."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name), *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout
