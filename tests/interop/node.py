"""Node and the npm packages of package.json, where they are installed."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from tests.tools import missing, need

FOLDER = Path(__file__).parent


def run(script: str, *arguments: str, given: bytes = b"") -> bytes:
    """Run a script of this folder; return what it printed."""
    node = need("node")
    if not (FOLDER / "node_modules" / "cctv-age").is_dir():
        missing("npm ci --prefix tests/interop was not run")
    done = subprocess.run(
        [node, FOLDER / script, *arguments], input=given, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@cache
def printed(script: str) -> bytes:
    """Return what a script prints, run once."""
    return run(script)
