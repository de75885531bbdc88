"""Folders that only their owner reads, and whether a folder is ours."""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
from pathlib import Path
from typing import Any, Final

from secshare.files.platform import PRIVATE_FILE, PRIVATE_FOLDER, WINDOWS, reserve
from secshare.files.trouble import reading, writing
from secshare.files.whole import WholeFile

_Advapi32 = Any  # a library of Windows: ctypes gives its calls no types

# A protected list (nothing inherited): full control, inherited by what is created inside, for the
# owner, the system and the administrators, who have it anyway.
_OWNER_ONLY: Final = "D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
_OWNER_INFORMATION: Final = 0x1
_ACL_INFORMATION: Final = 0x4 | 0x80000000  # DACL, protected


def make_private_folder(path: Path) -> None:
    """Make a folder that only the present user may enter; its parents must exist.

    An existing folder of ours becomes private: mode 0700, or an access list of the owner alone.

    Raises:
        OutputRefused: it cannot be made or changed, or it is a file.
    """
    path = Path(path)
    with writing(path):
        if not path.is_dir():
            path.mkdir(mode=PRIVATE_FOLDER)
        if WINDOWS:
            restrict_windows(path)
        else:
            path.chmod(PRIVATE_FOLDER)


def new_file(path: Path) -> io.FileIO:
    """Make a file of the present user alone, to write; for a folder that is being filled.

    Raises:
        OutputRefused: it exists, or cannot be made.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with writing(path):
        return WholeFile(os.open(path, flags, PRIVATE_FILE), "r+b")


def growing_file(path: Path) -> io.FileIO:
    """Open a file to add to it, alone; where it is not there, make it for the present user alone.

    What is written stands there at once, whole or not: for a report that is read while it grows.
    Never through a link, nor into what somebody else made: in a folder that others write to, either
    may be put in its place.

    Raises:
        OutputRefused: it cannot be made or written, is no file of ours, or another process has
            opened it in this way.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with writing(path):
        file = WholeFile(os.open(path, flags, PRIVATE_FILE), "r+b")
        try:
            _check_ours(file)
            # Whoever had it before may have published another in its place meanwhile.
            if not (reserve(file.fileno()) and _is_at(path, file)):
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        except BaseException:
            file.close()
            raise
        return file


def _check_ours(file: io.FileIO) -> None:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode) or not (WINDOWS or status.st_uid == os.geteuid()):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def _is_at(path: Path, file: io.FileIO) -> bool:
    try:
        return os.path.samestat(path.lstat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def belongs_to_us(path: Path, *, alone: bool = False) -> bool:
    """Return whether the present user owns `path` and not everybody may write to it.

    On Windows: whether the owner is the user, or a group whose rights the user now has.

    Args:
        alone: nor its group. Under an access list of POSIX, the group's right to write is the
            most that the list gives to anybody it names: they are asked about, too.

    Raises:
        InputUnreadable: it does not exist, or cannot be looked at.
    """
    with reading(path):
        status = Path(path).stat()
        if WINDOWS:
            return owned_windows(Path(path))
        others = stat.S_IWOTH | (stat.S_IWGRP if alone else 0)
        return status.st_uid == os.geteuid() and not status.st_mode & others


def is_private(path: Path) -> bool:
    """Return whether `path` is ours and nobody else may read it; on Windows, whether it is ours.

    Raises:
        InputUnreadable: it does not exist, or cannot be looked at.
    """
    with reading(path):
        shared = 0 if WINDOWS else Path(path).stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return belongs_to_us(path) and not shared


def remove(path: Path) -> None:
    """Remove a file, or a folder with all it holds; a link itself, never what it points to.

    What is not there is fine.

    Raises:
        OutputRefused: it is in use, or may not be removed.
    """
    from secshare.errors import OutputRefused

    path = Path(path)
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputRefused("files.remove_failed", path=path, reason=reason) from error


def restrict_windows(path: Path, api: _Advapi32 | None = None) -> None:
    """Replace the access list of `path` by one of its owner alone.

    `api` is `ctypes.windll.advapi32`, or what stands for it in a test.

    Raises:
        OSError: Windows refuses.
    """
    import ctypes

    api = api or _advapi32()
    descriptor = ctypes.c_void_p()
    if not api.ConvertStringSecurityDescriptorToSecurityDescriptorW(
        _OWNER_ONLY, 1, ctypes.byref(descriptor), None
    ):
        raise _windows_error()
    try:
        if not api.SetFileSecurityW(str(path), _ACL_INFORMATION, descriptor):
            raise _windows_error()
    finally:
        _local_free(descriptor)


def owned_windows(path: Path, api: _Advapi32 | None = None) -> bool:
    """Return whether the owner of `path` is the present user, or a group the user acts for.

    Raises:
        OSError: Windows refuses.
    """
    import ctypes

    api = api or _advapi32()
    needed = ctypes.c_ulong()
    api.GetFileSecurityW(str(path), _OWNER_INFORMATION, None, 0, ctypes.byref(needed))
    descriptor = ctypes.create_string_buffer(max(needed.value, 1))
    owner, defaulted, member = ctypes.c_void_p(), ctypes.c_int(), ctypes.c_int()
    if not (
        api.GetFileSecurityW(
            str(path), _OWNER_INFORMATION, descriptor, needed, ctypes.byref(needed)
        )
        and api.GetSecurityDescriptorOwner(descriptor, ctypes.byref(owner), ctypes.byref(defaulted))
        and api.CheckTokenMembership(None, owner, ctypes.byref(member))
    ):
        raise _windows_error()
    return bool(member.value)


def _advapi32() -> _Advapi32:
    import ctypes

    api: _Advapi32 = ctypes.windll.advapi32  # type: ignore[attr-defined]
    return api


def _windows_error() -> OSError:
    import ctypes
    import errno

    make = getattr(ctypes, "WinError", None)
    return make() if make else OSError(errno.EACCES, os.strerror(errno.EACCES))


def _local_free(descriptor: object) -> None:
    import ctypes

    if hasattr(ctypes, "windll"):
        ctypes.windll.kernel32.LocalFree(descriptor)
