"""The hidden names of what is being written: `.secshare-….part`, and the sweep of what was killed.

Whoever writes holds a lock; whoever finds one whose lock is free removes what it stands for.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from secshare.files.platform import WINDOWS, lock

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FOLDER_LOCK", "WRITE", "hidden_file", "hidden_name", "is_kept", "patiently", "sweep"]

FOLDER_LOCK: Final = ".secshare-lock"
"""Windows cannot open a folder, so a file in it holds its lock."""

WRITE: Final = os.O_RDWR | getattr(os, "O_BINARY", 0)
_NAME: Final = re.compile(r"\.secshare-[0-9a-f]{16}\.part")
_PATIENCE: Final = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds; an antivirus holds a new file that long


def sweep(folder: Path) -> None:
    """Remove what killed processes of ours left in this folder; what is being written stays.

    Only names of the form `.secshare-….part` that belong to the present user are looked at. What
    cannot be looked at or removed stays: this never raises.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in [entry for entry in entries if _NAME.fullmatch(entry.name)]:
            with suppress(OSError):
                _sweep_one(Path(entry.path), entry.stat(follow_symlinks=False))


def _sweep_one(path: Path, status: os.stat_result) -> None:
    is_folder = stat.S_ISDIR(status.st_mode)
    if not (is_folder or stat.S_ISREG(status.st_mode)):
        return
    if WINDOWS:
        if is_folder:  # fails while its writer holds the lock file open
            (path / FOLDER_LOCK).unlink(missing_ok=True)
            shutil.rmtree(path, ignore_errors=True)
        else:  # fails while it is open
            path.unlink()
        return
    if status.st_uid != os.geteuid():
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if lock(descriptor):
            if is_folder:
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
    finally:
        os.close(descriptor)


def hidden_name(folder: Path) -> Path:
    """Return a name that nothing in a folder has."""
    return folder / f".secshare-{secrets.token_hex(8)}.part"


def hidden_file(folder: Path, mode: int) -> tuple[Path, int]:
    """Make a file with a hidden name and lock it; return its path and its descriptor."""
    while True:
        path = hidden_name(folder)
        descriptor = os.open(path, WRITE | os.O_CREAT | os.O_EXCL, mode)
        if is_kept(descriptor, partial(_has_a_name, descriptor)):
            return path, descriptor
        os.close(descriptor)


def _has_a_name(descriptor: int) -> bool:
    return bool(os.fstat(descriptor).st_nlink)


def is_kept(descriptor: int, is_there: Callable[[], bool]) -> bool:
    """Lock what was just made; False if another process's sweep came first.

    A sweep holds the lock for the moment that removing takes, and what it holds is about to go. A
    file system without locks refuses it for ever: nobody sweeps there, and what is made stays.
    """
    if WINDOWS:
        return True
    if lock(descriptor):
        return is_there()
    for pause in _PATIENCE:
        time.sleep(pause)
        if lock(descriptor) or not is_there():
            break
    return is_there()


def patiently(act: Callable[..., object], *paths: Path) -> None:
    """Call `act`, again for a second if Windows says that somebody else has the file open."""
    for pause in _PATIENCE:
        try:
            act(*paths)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in {5, 32, 33}:
                raise
            time.sleep(pause)
        else:
            return
    act(*paths)
