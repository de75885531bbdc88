"""A full or read-only disk stops `seal` with one clear error, and leaves nothing half-done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secshare.sharing import Desk
from tests.practices import add_patient, make_practice
from tests.tools import missing

MEGABYTES = 3


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 3 MB in memory, with a practice on it; unmounted afterwards."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", str(mounted)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        missing("mounting a small disk needs root")
    try:
        with Desk(make_practice(mounted / "practice")) as desk:
            add_patient(desk)
        yield mounted
    finally:
        subprocess.run(["umount", "-l", str(mounted)], check=True)


UNREAD = ("--accept", "unchecked", "--accept", "not-named")


def secshare(disk: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "secshare", *arguments, "--practice", str(disk / "practice")],
        capture_output=True,
        text=True,
        start_new_session=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=False,
    )


def seal(disk: Path, document: Path) -> subprocess.CompletedProcess[str]:
    return secshare(disk, "seal", str(document), "--to", "Jeanne Exemple", "--yes", *UNREAD)


def two_lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The error, without what the preflight said before it."""
    return [line for line in done.stderr.strip().splitlines() if "[unchecked]" not in line]


def nothing_left(disk: Path) -> bool:
    practice = disk / "practice"
    listed = secshare(disk, "shares", "--json")
    assert (listed.returncode, listed.stdout.strip()) == (0, "[]"), listed.stderr
    return not any((practice / "outbox").iterdir()) and not any((practice / "secrets").iterdir())


@pytest.mark.parametrize("kilobytes", [900, 1900, 2600, 4000])
def test_a_full_disk_leaves_nothing_and_the_next_share_works(
    disk: Path, tmp_path: Path, kilobytes: int
) -> None:
    """The sizes let the disk fill while the mail draft, the sealed file, or neither is written."""
    document = tmp_path / "rapport.pdf"
    document.write_bytes(os.urandom(kilobytes << 10))
    filler = disk / "filler"
    filler.write_bytes(bytes(1 << 20))
    done = seal(disk, document)
    assert done.returncode in {4, 40}, done.stderr
    assert len(two_lines(done)) == 2
    assert done.stdout == ""
    filler.unlink()
    assert nothing_left(disk)
    document.write_bytes(b"small enough")
    assert seal(disk, document).returncode == 0


def test_a_disk_with_no_room_for_the_register_leaves_nothing(disk: Path, tmp_path: Path) -> None:
    document = tmp_path / "rapport.pdf"
    document.write_bytes(b"small enough")
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    done = seal(disk, document)
    assert done.returncode in {4, 40}, done.stderr
    assert len(two_lines(done)) == 2
    filler.unlink()
    assert nothing_left(disk)
    assert seal(disk, document).returncode == 0


def test_whatever_room_is_left_the_answer_is_true(disk: Path, tmp_path: Path) -> None:
    """The disk fills at another place of the order each time: after the rename too."""
    document = tmp_path / "rapport.pdf"
    document.write_bytes(b"small enough")
    filler, seen = disk / "filler", set()
    for kilobytes in range(60, 220, 8):
        filler.unlink(missing_ok=True)
        room = os.statvfs(disk)
        filler.write_bytes(bytes(room.f_bavail * room.f_frsize - (kilobytes << 10)))
        done = seal(disk, document)
        seen.add(done.returncode)
        filler.unlink()
        if done.returncode in {0, 50}:  # prepared, and said so
            break
        assert done.returncode in {4, 40}, done.stderr
        assert nothing_left(disk), kilobytes
    assert seen & {4, 40}, "the disk was never full: the test proves nothing"
    assert seen & {0, 50}, "there was never room: the end of the order was not reached"


def test_a_read_only_disk_is_said_and_nothing_is_tried(disk: Path, tmp_path: Path) -> None:
    document = tmp_path / "rapport.pdf"
    document.write_bytes(b"small enough")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    done = seal(disk, document)
    assert done.returncode in {4, 40}, done.stderr
    assert len(two_lines(done)) == 2
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert nothing_left(disk)
