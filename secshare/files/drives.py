"""Drives that a register and its secrets must not live on: network and synchronised ones."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Trouble = Literal["network", "synchronised"]

# Kinds that statfs and /proc name. 9p and drvfs are a Windows drive seen from WSL: a local disk,
# but without the shared memory that SQLite's WAL needs.
_NETWORK_KINDS: Final = frozenset(
    (
        *("9p", "drvfs", "vboxsf"),
        *(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "ncpfs",
            "afpfs",
            "webdav",
            "davfs",
            "ftp",
        ),
        *("afs", "ceph", "coda", "glusterfs", "lustre"),
        *("fuse.ceph", "fuse.davfs", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs", "fuse.sshfs"),
    )
)
_SYNCHRONISED: Final = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "my drive",
    "mon drive",
    "icloud drive",
    "iclouddrive",
    "mobile documents",
    "cloudstorage",
    "nextcloud",
    "owncloud",
    "kdrive",
    "pcloud",
    "pclouddrive",
    "hubic",
    "synologydrive",
    "megasync",
    "proton drive",
    "box sync",
)
# Files that a synchroniser keeps at the top of what it watches.
_MARKERS: Final = (
    ".stfolder",
    ".dropbox",
    ".dropbox.cache",
    ".sync_journal.db",
    ".csync_journal.db",
)
_ONEDRIVE: Final = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_DRIVE_REMOTE: Final = 4


def _mounts() -> str:
    return Path("/proc/self/mounts").read_text("utf-8", "surrogateescape")


def _mac_mounts() -> str:
    import subprocess

    done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False, timeout=10)
    return done.stdout


def _windows_drive_type(root: str) -> int:
    import ctypes

    return int(ctypes.windll.kernel32.GetDriveTypeW(root))  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Surroundings:
    """What drives are judged by: the system, its mounts, the user's environment and home."""

    system: str = sys.platform
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    home: PurePath = field(default_factory=Path.home)
    mounts: Callable[[], str] = _mounts
    mac_mounts: Callable[[], str] = _mac_mounts
    drive_type: Callable[[str], int] = _windows_drive_type
    exists: Callable[[PurePath], bool] = field(default=lambda path: Path(path).exists())


def drive_trouble(path: Path) -> Trouble | None:
    """Return why `path` is no place for the register and the secrets, or None.

    SQLite's write-ahead log needs memory shared by the processes of one machine, so not a network
    drive (sqlite.org/wal.html); a synchroniser would upload words and documents together. What
    cannot be found out counts as no trouble. `path` need not exist yet.
    """
    return judge(Path(path).expanduser().resolve(), Surroundings())


def judge(path: PurePath, around: Surroundings) -> Trouble | None:
    """Return the trouble of an absolute path in given surroundings."""
    if _synchronised(path, around):
        return "synchronised"
    try:
        network = _network(path, around)
    except (OSError, ValueError):
        return None
    return "network" if network else None


def _synchronised(path: PurePath, around: Surroundings) -> bool:
    parts = [part.casefold() for part in path.parts[1:]]
    for name in _SYNCHRONISED:
        # `OneDrive - Cabinet Martin`, `Dropbox (Perso)` are named so by the programs themselves.
        if any(part == name or part.startswith((f"{name} -", f"{name} (")) for part in parts):
            return True
    roots = [type(path)(value) for name in _ONEDRIVE if (value := around.environ.get(name))]
    if any(path.is_relative_to(root) for root in roots):
        return True
    if any(around.exists(folder / mark) for folder in (path, *path.parents) for mark in _MARKERS):
        return True
    return around.system == "darwin" and _in_icloud(path, around)


def _in_icloud(path: PurePath, around: Surroundings) -> bool:
    """Return whether iCloud takes the user's Documents and Desktop, and `path` is in them."""
    cloud = around.home / "Library" / "Mobile Documents" / "com~apple~CloudDocs"
    return any(
        path.is_relative_to(around.home / name) and around.exists(cloud / name)
        for name in ("Documents", "Desktop")
    )


def _network(path: PurePath, around: Surroundings) -> bool:
    if around.system == "win32":
        drive = PureWindowsPath(path).drive
        if drive.startswith("\\\\"):  # \\server\share, and not \\?\C:
            return not drive.startswith(("\\\\?\\", "\\\\.\\")) or drive[4:7].upper() == "UNC"
        return around.drive_type(f"{drive}\\") == _DRIVE_REMOTE
    if around.system == "darwin":
        return _kind(path, _mac_kinds(around.mac_mounts())) in _NETWORK_KINDS
    return _kind(path, _linux_kinds(around.mounts())) in _NETWORK_KINDS


def _kind(path: PurePath, kinds: dict[PurePosixPath, str]) -> str:
    for folder in (path, *path.parents):
        if kind := kinds.get(PurePosixPath(folder)):
            return kind
    return ""


def _linux_kinds(mounts: str) -> dict[PurePosixPath, str]:
    """Read `device folder kind …` lines; a space in a folder is written \\040 (fstab(5))."""
    kinds = {}
    for line in mounts.splitlines():
        _, folder, kind, *_ = line.split(" ")
        for octal, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
            folder = folder.replace(octal, plain)
        kinds[PurePosixPath(folder)] = kind
    return kinds


def _mac_kinds(mounts: str) -> dict[PurePosixPath, str]:
    """Read `device on /folder (kind, …)` lines of mount(8)."""
    kinds = {}
    for line in mounts.splitlines():
        _, separator, rest = line.partition(" on ")
        folder, _, options = rest.rpartition(" (")
        if separator and folder:
            kinds[PurePosixPath(folder)] = options.rstrip(")").split(",")[0].strip()
    return kinds
