"""The platform's own calls: syncing, locking, modes."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOWS: Final = os.name == "nt"
PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_FAR: Final = 0x7FFF_FFFE


def sync(descriptor: int) -> None:
    """Have the disk, not only the system, hold what was written."""
    full = _full_sync()
    if full is None:
        os.fsync(descriptor)
        return
    try:
        full(descriptor)
    except OSError:  # a network drive of macOS does not know the stronger call
        os.fsync(descriptor)


def _full_sync() -> Callable[[int], object] | None:
    """Return macOS's F_FULLFSYNC: its fsync stops at the disk's own cache (fsync(2) there)."""
    if WINDOWS:
        return None
    import fcntl

    command: int | None = getattr(fcntl, "F_FULLFSYNC", None)
    return None if command is None else lambda descriptor: fcntl.fcntl(descriptor, command)


def sync_folder(folder: Path) -> None:
    """Have the disk hold the names of a folder. Windows has no such call and needs none."""
    if WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # not offered for folders here
            raise
    finally:
        os.close(descriptor)


def lock(descriptor: int) -> bool:
    """Take the lock of an open file or folder without waiting; False when somebody holds it.

    The system frees it when its holder ends, killed or not. On Windows an open file is its own
    lock: nobody can remove it.
    """
    if WINDOWS:
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # held, or a file system without locks: then nobody may say it is free
        return False
    return True


def reserve(descriptor: int) -> bool:
    """Take an open file for this process among those who ask; False when another one has it.

    The system gives it back when its holder ends, killed or not. Where the file system has no
    locks, everybody is answered yes.
    """
    try:
        if WINDOWS:  # which lets nobody read or write what is locked: a byte that no file reaches
            import msvcrt

            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in {errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)
    return True


def appends(descriptor: int) -> bool:
    """Say whether writes go to the end of the file, whatever the place, as after the shell's `>>`.

    On Windows the shell leaves a plain file that stands at its end.
    """
    if WINDOWS:
        return False
    import fcntl

    return bool(fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_APPEND)
