"""What may leave by mail is copied whole, where somebody wants it, and over nothing of theirs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from secshare.errors import ExitCode, RoadFailed
from secshare.model import Reference
from secshare.sharing.copying import copy_out

REFERENCE = Reference("K7Q2-M9PX-4")
SEALED = b"age-encryption.org/v1\n" + bytes(range(256)) * 8192  # two pieces and some


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "outbox" / str(REFERENCE)
    folder.mkdir(parents=True)
    (folder / "report.pdf.age").write_bytes(SEALED)
    (folder / "message.eml").write_bytes(b"To: jeanne@example.fr\n")
    return sorted(folder.iterdir())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(paths: list[Path], out: Path, key: str) -> None:
    with pytest.raises(RoadFailed) as caught:
        copy_out(REFERENCE, paths, out)
    assert caught.value.key == key
    assert caught.value.code == ExitCode.ROAD_FAILED


@pytest.mark.parametrize("there", [True, False])
def test_a_link_in_the_place_of_the_folder_is_not_followed(
    paths: list[Path], out: Path, tmp_path: Path, there: bool
) -> None:
    elsewhere = tmp_path / "elsewhere"
    if there:
        elsewhere.mkdir()
    (out / str(REFERENCE)).symlink_to(elsewhere, target_is_directory=True)
    refused(paths, out, "sharing.out_link")
    assert not [*elsewhere.glob("*")]
    assert elsewhere.exists() == there


def test_a_link_in_the_place_of_a_file_is_not_followed(
    paths: list[Path], out: Path, tmp_path: Path
) -> None:
    copy_out(REFERENCE, paths, out)
    (copy,) = (out / str(REFERENCE)).glob("*.age")
    copy.unlink()
    theirs = tmp_path / "theirs"
    theirs.write_bytes(SEALED[:9])
    copy.symlink_to(theirs)
    refused(paths, out, "sharing.out_link")
    assert copy.is_symlink()
    assert theirs.read_bytes() == SEALED[:9]


@pytest.mark.parametrize(
    "theirs", [b"other", SEALED[:-1] + b"?", SEALED + b"more", b"?" + SEALED[1:]]
)
def test_another_file_of_the_same_name_is_no_copy_and_stays(
    paths: list[Path], out: Path, theirs: bytes
) -> None:
    copy_out(REFERENCE, paths, out)
    (copy,) = (out / str(REFERENCE)).glob("*.age")
    copy.write_bytes(theirs)
    refused(paths, out, "sharing.out_other")
    assert copy.read_bytes() == theirs


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name on this system")
def test_a_pipe_of_the_same_name_is_not_waited_for(paths: list[Path], out: Path) -> None:
    copy_out(REFERENCE, paths, out)
    (copy,) = (out / str(REFERENCE)).glob("*.age")
    copy.unlink()
    os.mkfifo(copy)
    refused(paths, out, "sharing.out_other")


@pytest.mark.parametrize("size", [0, 1, 1 << 20, len(SEALED) - 1])
def test_the_beginning_of_a_copy_is_made_whole_and_a_whole_one_is_left_alone(
    paths: list[Path], out: Path, size: int
) -> None:
    copied = copy_out(REFERENCE, paths, out)
    whole = {path.name: path.stat().st_ino for path in copied}
    (copy,) = (out / str(REFERENCE)).glob("*.age")
    copy.write_bytes(SEALED[:size])
    assert copy_out(REFERENCE, paths, out) == copied
    assert held(out / str(REFERENCE)) == held(paths[0].parent)
    now = {path.name: path.stat().st_ino for path in copied}
    assert now["message.eml"] == whole["message.eml"]


KILLED = """
import io, os, shutil, signal, sys
from pathlib import Path
from secshare.model import Reference
from secshare.sharing import copying

def part(source, sink, size):
    sink.write(source.read(100_000))
    os.kill(os.getpid(), signal.SIGKILL)

shutil.copyfileobj = part
copying.copy_out(Reference(sys.argv[1]), sorted(Path(sys.argv[2]).iterdir()), Path(sys.argv[3]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="ends as it likes on this system")
@pytest.mark.parametrize("begun", [None, b"", SEALED[:5000]])
def test_a_copy_that_is_killed_half_way_is_as_it_was_and_whole_the_next_time(
    paths: list[Path], out: Path, begun: bytes | None
) -> None:
    target = out / str(REFERENCE)
    if begun is not None:
        target.mkdir()
        (target / paths[0].name).write_bytes(paths[0].read_bytes())
        (target / paths[1].name).write_bytes(begun)
    before = held(target) if target.exists() else None
    command = [sys.executable, "-c", KILLED, str(REFERENCE), str(paths[0].parent), str(out)]
    killed = subprocess.run(command, check=False)
    assert killed.returncode == -signal.SIGKILL
    if before is None:
        assert not target.exists()
    else:
        left = held(target)
        assert {name: left[name] for name in before} == before
    copy_out(REFERENCE, paths, out)
    assert held(target) == held(paths[0].parent), "and no draft is left in it"


def test_a_hidden_draft_that_a_killed_one_left_in_a_copy_is_removed(
    paths: list[Path], out: Path
) -> None:
    """On a drive where a draft has a name, which a folder that stands already would keep."""
    copy_out(REFERENCE, paths, out)
    (out / str(REFERENCE) / ".secshare-0123456789abcdef.part").write_bytes(SEALED[:100])
    copy_out(REFERENCE, paths, out)
    assert held(out / str(REFERENCE)) == held(paths[0].parent)
