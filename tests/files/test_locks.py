"""What only one process may do at a time is done by one, and is free again when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from secshare import files
from secshare.files import locks

HOLD = """
import sys, time
from pathlib import Path
from secshare import files
with files.alone(Path(sys.argv[1]), "run x") as mine:
    print(mine, flush=True)
    time.sleep(60)
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_one_at_a_time_for_each_thing_and_nothing_is_left(tmp_path: Path) -> None:
    with files.alone(tmp_path, "run x") as mine:
        assert mine
        with files.alone(tmp_path, "run x") as other:
            assert not other
        with files.alone(tmp_path, "run y") as another:
            assert another
        with files.alone(tmp_path, "run x") as still:
            assert not still, "whoever was refused took nothing away"
    assert list(tmp_path.iterdir()) == []


def test_it_is_free_when_its_holder_was_killed_and_swept_afterwards(tmp_path: Path) -> None:
    process = hold(tmp_path)
    with files.alone(tmp_path, "run x") as mine:
        assert not mine
    files.sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1, "it is held"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with files.alone(tmp_path, "run x") as mine:
        assert mine
    killed = hold(tmp_path)
    killed.kill()
    killed.communicate()
    files.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_at_this_moment_is_no_holder(tmp_path: Path, monkeypatch) -> None:
    answers = iter([False, True])
    monkeypatch.setattr(locks, "reserve", lambda _: next(answers))
    with files.alone(tmp_path, "run x") as mine:
        assert mine
