"""What the operating system's refusals mean to a person."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from secshare.errors import InputUnreadable, OutputRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

_IN_USE: Final = {32, 33}  # Windows: ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
_WINDOWS_FULL: Final = {39, 112}  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
_WINDOWS_NAME: Final = {123, 206}  # ERROR_INVALID_NAME, ERROR_FILENAME_EXCED_RANGE

_DEVICE: Final = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS),
    *(errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE),
}

_READING: Final = {
    errno.ENOENT: "files.missing",
    errno.ENOTDIR: "files.missing",
    errno.ENAMETOOLONG: "files.missing",
    errno.EISDIR: "files.folder",
    errno.EACCES: "files.unreadable",
    errno.EPERM: "files.unreadable",
    errno.ENXIO: "files.not_regular",  # a socket, or a pipe nobody writes to
    errno.EBUSY: "files.input_in_use",
}
_WRITING: Final = {
    errno.EEXIST: "files.exists",
    errno.ENOTEMPTY: "files.exists",
    errno.EISDIR: "files.output_folder",
    errno.EACCES: "files.no_permission",
    errno.EPERM: "files.no_permission",
    errno.EROFS: "files.read_only",
    errno.ENOSPC: "files.disk_full",
    errno.EDQUOT: "files.disk_full",
    errno.EFBIG: "files.too_large",
    errno.EBUSY: "files.output_in_use",
    errno.ETXTBSY: "files.output_in_use",
    errno.ENAMETOOLONG: "files.name_refused",
    errno.EILSEQ: "files.name_refused",
}


def input_trouble(error: OSError, path: str | PathLike[str]) -> InputUnreadable:
    """Return the error that says why `path` cannot be read."""
    if getattr(error, "winerror", None) in _IN_USE:
        return InputUnreadable("files.input_in_use", path=path)
    key = _READING.get(error.errno or 0)
    if key is None:
        return InputUnreadable("files.read_failed", path=path, reason=_reason(error))
    return InputUnreadable(key, path=path)


def output_trouble(error: OSError, path: str | PathLike[str]) -> OutputRefused:
    """Return the error that says why `path` cannot be written."""
    windows = getattr(error, "winerror", None)
    if windows in _IN_USE:
        return OutputRefused("files.output_in_use", path=path)
    if windows in _WINDOWS_FULL:
        return OutputRefused("files.disk_full", path=path)
    if windows in _WINDOWS_NAME:
        return OutputRefused("files.name_refused", path=path)
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        from pathlib import Path

        return OutputRefused("files.no_folder", path=Path(path).parent)
    key = _WRITING.get(error.errno or 0)
    if key is None:
        return OutputRefused("files.write_failed", path=path, reason=_reason(error))
    return OutputRefused(key, path=path)


def is_device_trouble(error: OSError) -> bool:
    """Return whether the disk under an open output, and not a name, is what failed."""
    return error.errno in _DEVICE or getattr(error, "winerror", None) in _WINDOWS_FULL


@contextmanager
def reading(path: str | PathLike[str]) -> Iterator[None]:
    """Turn every OSError of the block into an InputUnreadable about `path`."""
    try:
        yield
    except OSError as error:
        raise input_trouble(error, path) from error


@contextmanager
def writing(path: str | PathLike[str]) -> Iterator[None]:
    """Turn every OSError of the block into an OutputRefused about `path`."""
    try:
        yield
    except OSError as error:
        raise output_trouble(error, path) from error


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
