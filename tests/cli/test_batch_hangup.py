"""Protects who closes the window of a batch: what they may read afterwards is no fault of ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.batches import write_batch
from tests.practices import make_practice
from tests.tools import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no groups of processes")


def test_a_window_that_is_closed_leaves_no_traceback(tmp_path: Path) -> None:
    """SIGHUP goes to every process of the group: to those too that Python starts for itself."""
    practice = make_practice(tmp_path / "cabinet")
    manifest = write_batch(tmp_path / "lot", 200)
    command = [*(sys.executable, "-m", "secshare", "batch", str(manifest), "--yes", "--jobs", "2")]
    child = subprocess.Popen(
        [*command, "--practice", str(tmp_path / "cabinet")],
        env=os.environ | {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    while not list(practice.outbox.glob("[!.]*")):
        assert child.poll() is None, child.communicate()
        time.sleep(0.05)

    os.killpg(child.pid, signal.SIGHUP)
    _, said = child.communicate(timeout=60)

    assert child.returncode == 129, said
    assert 0 < len(list(practice.outbox.glob("[!.]*"))) < 200
    assert "Traceback" not in said
    assert "Warning" not in said
