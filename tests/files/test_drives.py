"""Protects the register and the secrets from network and synchronised drives."""

from __future__ import annotations

import os
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from secshare.files import drive_trouble
from secshare.files.drives import Surroundings, judge

LINUX = """/dev/vda / ext4 rw 0 0
server:/home /home/nfs nfs4 rw 0 0
//nas/cabinet /mnt/nas\\040du\\040cabinet cifs rw 0 0
C:\\134 /mnt/c 9p rw 0 0
tmpfs /mnt/nas\\040du\\040cabinet/local tmpfs rw 0 0
"""
MAC = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled)
//marie@nas/Cabinet (1) on /Volumes/Cabinet (1) (smbfs, nodev, nosuid, mounted by marie)
"""


def around(system: str, home: PurePath, **given: object) -> Surroundings:
    usual: dict[str, object] = {
        "environ": {},
        "exists": lambda path: False,
        "mounts": lambda: LINUX,
        "mac_mounts": lambda: MAC,
        "drive_type": lambda root: {"C:\\": 3, "Z:\\": 4, "E:\\": 2}[root],
    }
    return Surroundings(system=system, home=home, **(usual | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/marie/secshare", None),
        ("/home/nfs/marie", "network"),
        ("/home/nfsother/marie", None),
        ("/mnt/nas du cabinet/secshare", "network"),
        ("/mnt/nas du cabinet/local/secshare", None),
        ("/mnt/c/Users/marie", "network"),
        ("/home/marie/Dropbox/secshare", "synchronised"),
        ("/home/marie/Dropbox (Perso)/secshare", "synchronised"),
        ("/home/marie/Nextcloud", "synchronised"),
        ("/home/marie/dropboxes", None),
    ],
)
def test_on_linux(path: str, expected: str | None) -> None:
    home = PurePosixPath("/home/marie")
    assert judge(PurePosixPath(path), around("linux", home)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"C:\Users\marie\secshare", None),
        (r"C:\Users\marie\OneDrive\secshare", "synchronised"),
        (r"C:\Users\marie\OneDrive - Cabinet Martin\secshare", "synchronised"),
        (r"C:\Synchro\secshare", "synchronised"),
        (r"Z:\secshare", "network"),
        (r"E:\secshare", None),
        (r"\\nas\cabinet\secshare", "network"),
        (r"\\?\UNC\nas\cabinet\secshare", "network"),
    ],
)
def test_on_windows(path: str, expected: str | None) -> None:
    home = PureWindowsPath(r"C:\Users\marie")
    given = around("win32", home, environ={"OneDriveCommercial": r"C:\Synchro"})
    assert judge(PureWindowsPath(path), given) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/Users/marie/secshare", None),
        ("/Users/marie/Library/Mobile Documents/com~apple~CloudDocs/x", "synchronised"),
        ("/Users/marie/Library/CloudStorage/OneDrive-Personal/x", "synchronised"),
        ("/Users/marie/Documents/secshare", "synchronised"),
        ("/Users/marie/Desktop/secshare", None),
        ("/Volumes/Cabinet (1)/secshare", "network"),
    ],
)
def test_on_macos(path: str, expected: str | None) -> None:
    home = PurePosixPath("/Users/marie")
    in_icloud = home / "Library/Mobile Documents/com~apple~CloudDocs/Documents"
    given = around("darwin", home, exists=lambda path: path == in_icloud)
    assert judge(PurePosixPath(path), given) == expected


def test_a_synchronisers_own_marks_are_seen(tmp_path: Path) -> None:
    assert drive_trouble(tmp_path / "new") is None
    (tmp_path / ".stfolder").mkdir()
    assert drive_trouble(tmp_path / "new" / "deeper") == "synchronised"


def test_a_link_into_a_synchronised_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plain").symlink_to("Dropbox")
    assert drive_trouble(tmp_path / "plain" / "secshare") == "synchronised"


def test_what_cannot_be_found_out_is_no_trouble() -> None:
    def broken() -> str:
        raise OSError("no /proc")

    home = PurePosixPath("/home/marie")
    assert judge(PurePosixPath("/x"), around("linux", home, mounts=broken)) is None
    assert judge(PurePosixPath("/x"), around("linux", home, mounts=lambda: "odd line")) is None


def test_the_mounts_of_this_machine_are_read() -> None:
    assert drive_trouble(Path(os.sep) / "tmp") is None
