"""A folder that others fill has its name when it is whole, and nobody sweeps it before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from secshare import files
from secshare.errors import OutputRefused


def test_it_has_its_name_only_when_it_is_given(tmp_path: Path) -> None:
    folder = files.FolderInWork(tmp_path / "share")
    folder.make()
    (folder.hidden / "sealed").write_bytes(b"sealed")
    files.sync(folder.hidden, all_of_it=True)
    assert not (tmp_path / "share").exists()
    assert os.stat(folder.hidden).st_mode & 0o777 == 0o700
    folder.rename()
    files.sync(tmp_path)
    folder.close()
    assert [path.name for path in tmp_path.iterdir()] == ["share"]
    assert (tmp_path / "share" / "sealed").read_bytes() == b"sealed"


def test_what_did_not_get_its_name_is_removed(tmp_path: Path) -> None:
    folder = files.FolderInWork(tmp_path / "share")
    folder.make()
    (folder.hidden / "sealed").write_bytes(b"sealed")
    folder.close()
    assert list(tmp_path.iterdir()) == []


def test_no_other_command_sweeps_it_while_it_is_filled(tmp_path: Path) -> None:
    folder = files.FolderInWork(tmp_path / "share")
    folder.make()
    sweep = "import sys; from pathlib import Path; from secshare import files; "
    sweep += "files.sweep(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", sweep, str(tmp_path)], check=True)
    assert folder.hidden.is_dir()
    folder.close()


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    folder = files.FolderInWork(tmp_path / "share")
    folder.make()
    (tmp_path / "share").mkdir()
    with pytest.raises(OutputRefused):
        folder.rename()
    folder.close()
    assert [path.name for path in tmp_path.iterdir()] == ["share"]
    with pytest.raises(OutputRefused):
        files.FolderInWork(tmp_path / "share").make()


def test_a_machine_says_how_much_it_can_do() -> None:
    from secshare.files import machine

    assert 1 <= machine.cores() <= (os.cpu_count() or 1)
    free = machine.free_memory()
    assert free is None or free > 0


def test_what_holds_a_container_to_less_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from secshare.batch import pool
    from secshare.files import machine

    (tmp_path / "memory.max").write_text(f"{1 << 30}\n")
    (tmp_path / "memory.current").write_text(f"{1 << 29}\n")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    if machine.free_memory() is None:
        pytest.skip("nothing tells here")
    assert machine.free_memory() == 1 << 29
    assert pool.default_jobs() == 1, "one process, however little memory there is"
