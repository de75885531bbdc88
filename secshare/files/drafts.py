"""Drafts: files and folders that are being written, before they have their name.

Where Linux offers it a draft has no name at all, so that a killed process leaves nothing. Elsewhere
it is hidden, named `.secshare-….part`, and locked by the process that writes it: whoever finds one
whose lock is free removes it.
"""

from __future__ import annotations

import errno
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

from secshare.files.platform import PRIVATE_FILE, PRIVATE_FOLDER, WINDOWS, lock, sync
from secshare.files.whole import WholeFile

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME: Final = re.compile(r"\.secshare-[0-9a-f]{16}\.part")
_FOLDER_LOCK: Final = ".secshare-lock"  # Windows cannot open a folder, so a file holds its lock
_WRITE: Final = os.O_RDWR | getattr(os, "O_BINARY", 0)
_COPY_BYTES: Final = 1 << 20
_OPEN_FOR_ALL: Final = 0o666  # less the umask, as any program does
_PATIENCE: Final = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds; an antivirus holds a new file that long


class Draft:
    """A file being written beside its future name. Closing it removes what was not published."""

    def __init__(self, folder: Path, *, private: bool) -> None:
        self.folder = folder
        mode = PRIVATE_FILE if private else _OPEN_FOR_ALL
        self.hidden: Path | None = None
        descriptor = nameless(folder, mode)
        if descriptor is None:
            self.hidden, descriptor = _hidden_file(folder, mode)
        else:
            lock(descriptor)  # for the moment when it has a hidden name
        self.file = WholeFile(descriptor, "r+b")

    def publish(self, path: Path, *, overwrite: bool, durable: bool = True) -> None:
        """Sync the draft, unless it is not to be durable yet, and give it its name at once.

        Raises:
            OSError: the name is taken (EEXIST, unless `overwrite`), or the system refuses.
        """
        if durable:
            sync(self.file.fileno())
        if self.hidden is None:
            self._name_nameless(path, overwrite=overwrite)
            return
        if WINDOWS:  # an open file cannot be renamed there
            self.file.close()
        if overwrite:
            _patiently(os.replace, self.hidden, path)
        else:
            rename_new(self.hidden, path)

    def _name_nameless(self, path: Path, *, overwrite: bool) -> None:
        try:
            if not overwrite:
                self._link(path)
                return
            self.hidden = _hidden_name(self.folder)
            self._link(self.hidden)
        except OSError as error:
            if error.errno == errno.EEXIST or not path.parent.is_dir():
                raise
            # A drive that makes files without names and then does not link them.
            self._copy_to_hidden()
        if overwrite:
            self.hidden_path.replace(path)
        else:
            rename_new(self.hidden_path, path)

    @property
    def hidden_path(self) -> Path:
        """Where the draft is, once it has a hidden name."""
        assert self.hidden is not None  # noqa: S101
        return self.hidden

    def _copy_to_hidden(self) -> None:
        self.hidden, descriptor = _hidden_file(self.folder, PRIVATE_FILE)
        os.fchmod(descriptor, stat.S_IMODE(os.fstat(self.file.fileno()).st_mode))
        self.file.seek(0)
        with self.file as nameless_file:
            self.file = WholeFile(descriptor, "r+b")
            shutil.copyfileobj(nameless_file, self.file, _COPY_BYTES)
        sync(self.file.fileno())

    def _link(self, path: Path) -> None:
        # Naming a folder's descriptor makes Python call linkat, the only call that follows the link
        # of /proc (open(2), O_TMPFILE).
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            source = f"/proc/self/fd/{self.file.fileno()}"
            os.link(source, path.name, dst_dir_fd=folder, follow_symlinks=True)
        finally:
            os.close(folder)

    def unpublish(self, path: Path) -> None:
        """Take back a name that was just given, if it is still this file's."""
        with suppress(OSError, ValueError):
            if os.path.samestat(path.lstat(), os.fstat(self.file.fileno())):
                path.unlink()

    def close(self) -> None:
        """Close the file; what was not published disappears."""
        self.file.close()
        if self.hidden is not None:
            with suppress(OSError):
                _patiently(os.unlink, self.hidden)


class FolderDraft:
    """A folder being filled beside its future name.

    It does nothing until `make`, so that an interruption at any moment of that finds what `close`
    is to remove.
    """

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self.hidden = _hidden_name(parent)
        self._lock: int | None = None

    def make(self) -> None:
        """Make the folder, for the owner only, and hold its lock."""
        while True:
            self.hidden.mkdir(mode=PRIVATE_FOLDER)
            try:
                self._lock = self._open_lock()
            except FileNotFoundError:
                pass  # swept by another process before it was locked
            else:
                if _is_kept(self._lock, self.hidden.exists):
                    return
                os.close(self._lock)
                self._lock = None
            self.hidden = _hidden_name(self._parent)

    def _open_lock(self) -> int:
        if WINDOWS:
            return os.open(self.hidden / _FOLDER_LOCK, os.O_CREAT | os.O_EXCL | os.O_RDWR)
        return os.open(self.hidden, os.O_RDONLY | os.O_DIRECTORY)

    def publish(self, path: Path) -> None:
        """Sync everything in the folder, then rename it."""
        self._unlock_windows()
        sync_tree(self.hidden)
        _patiently(os.rename, self.hidden, path)

    def rename(self, path: Path) -> None:
        """Rename the folder, which `sync_tree` synced."""
        self._unlock_windows()
        _patiently(os.rename, self.hidden, path)

    def _unlock_windows(self) -> None:
        if WINDOWS and self._lock is not None:
            os.close(self._lock)
            self._lock = None
            (self.hidden / _FOLDER_LOCK).unlink()

    def unpublish(self, path: Path) -> None:
        """Take back the name that was just given, if it was."""
        with suppress(OSError):
            if not self.hidden.exists():
                _patiently(os.rename, path, self.hidden)

    def close(self) -> None:
        """Remove what was not published, and free the lock."""
        if WINDOWS and self._lock is not None:
            os.close(self._lock)
            self._lock = None
        shutil.rmtree(self.hidden, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def sync_tree(folder: Path) -> None:
    """Have everything in a folder, and the folder itself, reach the disk."""
    for base, _, names in os.walk(folder):
        for name in names:
            if name != _FOLDER_LOCK:
                _sync_path(Path(base) / name)
        if not WINDOWS:
            _sync_path(Path(base))


def nameless(folder: Path, mode: int) -> int | None:
    """Return the descriptor of a new file without a name, or None where that does not exist."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not Path("/proc/self/fd").exists():
        return None
    try:
        return os.open(folder, _WRITE | flag, mode)
    except IsADirectoryError:  # a kernel that does not know the flag
        return None
    except OSError as error:
        if error.errno in {
            errno.EOPNOTSUPP,
            errno.EINVAL,
            errno.ENOSYS,
        }:  # a file system that does not offer it
            return None
        raise


def rename_new(source: Path, target: Path) -> None:
    """Rename a file, never over another.

    Raises:
        FileExistsError: the target exists.
    """
    if WINDOWS:  # its rename refuses an existing target
        _patiently(os.rename, source, target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as refusal:
        if not target.parent.is_dir():
            raise refusal from None
        # No hard links here (FAT, some network drives): an empty file holds the name meanwhile.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            source.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return
    source.unlink()


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
            (path / _FOLDER_LOCK).unlink(missing_ok=True)
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


def _hidden_name(folder: Path) -> Path:
    return folder / f".secshare-{secrets.token_hex(8)}.part"


def _hidden_file(folder: Path, mode: int) -> tuple[Path, int]:
    while True:
        path = _hidden_name(folder)
        descriptor = os.open(path, _WRITE | os.O_CREAT | os.O_EXCL, mode)
        if _is_kept(descriptor, partial(_has_a_name, descriptor)):
            return path, descriptor
        os.close(descriptor)


def _has_a_name(descriptor: int) -> bool:
    return bool(os.fstat(descriptor).st_nlink)


def _is_kept(descriptor: int, is_there: Callable[[], bool]) -> bool:
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


def _sync_path(path: Path) -> None:
    writable = os.O_RDWR if WINDOWS else os.O_RDONLY  # Windows syncs only what may be written
    descriptor = os.open(path, writable | getattr(os, "O_BINARY", 0))
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def _patiently(act: Callable[..., object], *paths: Path) -> None:
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
