"""Drafts: files and folders that are being written, before they have their name.

Where Linux offers it a draft has no name at all, so that a killed process leaves nothing. Elsewhere
it has a hidden one.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from secshare.files.hidden import (
    FOLDER_LOCK,
    WRITE,
    hidden_file,
    hidden_name,
    is_kept,
    patiently,
)
from secshare.files.platform import PRIVATE_FILE, PRIVATE_FOLDER, WINDOWS, lock, sync
from secshare.files.whole import WholeFile

_COPY_BYTES: Final = 1 << 20
_OPEN_FOR_ALL: Final = 0o666  # less the umask, as any program does


class Draft:
    """A file being written beside its future name. Closing it removes what was not published."""

    def __init__(self, folder: Path, *, private: bool) -> None:
        self.folder = folder
        mode = PRIVATE_FILE if private else _OPEN_FOR_ALL
        self.hidden: Path | None = None
        descriptor = nameless(folder, mode)
        if descriptor is None:
            self.hidden, descriptor = hidden_file(folder, mode)
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
            patiently(os.replace, self.hidden, path)
        else:
            rename_new(self.hidden, path)

    def _name_nameless(self, path: Path, *, overwrite: bool) -> None:
        try:
            if not overwrite:
                self._link(path)
                return
            self.hidden = hidden_name(self.folder)
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
        self.hidden, descriptor = hidden_file(self.folder, PRIVATE_FILE)
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
                patiently(os.unlink, self.hidden)


class FolderDraft:
    """A folder being filled beside its future name.

    It does nothing until `make`, so that an interruption at any moment of that finds what `close`
    is to remove.
    """

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self.hidden = hidden_name(parent)
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
                if is_kept(self._lock, self.hidden.exists):
                    return
                os.close(self._lock)
                self._lock = None
            self.hidden = hidden_name(self._parent)

    def _open_lock(self) -> int:
        if WINDOWS:
            return os.open(self.hidden / FOLDER_LOCK, os.O_CREAT | os.O_EXCL | os.O_RDWR)
        return os.open(self.hidden, os.O_RDONLY | os.O_DIRECTORY)

    def publish(self, path: Path) -> None:
        """Sync everything in the folder, then rename it."""
        self._unlock_windows()
        sync_tree(self.hidden)
        patiently(os.rename, self.hidden, path)

    def rename(self, path: Path) -> None:
        """Rename the folder, which `sync_tree` synced."""
        self._unlock_windows()
        patiently(os.rename, self.hidden, path)

    def _unlock_windows(self) -> None:
        if WINDOWS and self._lock is not None:
            os.close(self._lock)
            self._lock = None
            (self.hidden / FOLDER_LOCK).unlink()

    def unpublish(self, path: Path) -> None:
        """Take back the name that was just given, if it was."""
        with suppress(OSError):
            if not self.hidden.exists():
                patiently(os.rename, path, self.hidden)

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
            if name != FOLDER_LOCK:
                _sync_path(Path(base) / name)
        if not WINDOWS:
            _sync_path(Path(base))


def nameless(folder: Path, mode: int) -> int | None:
    """Return the descriptor of a new file without a name, or None where that does not exist."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not Path("/proc/self/fd").exists():
        return None
    try:
        return os.open(folder, WRITE | flag, mode)
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
        patiently(os.rename, source, target)
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


def _sync_path(path: Path) -> None:
    writable = os.O_RDWR if WINDOWS else os.O_RDONLY  # Windows syncs only what may be written
    descriptor = os.open(path, writable | getattr(os, "O_BINARY", 0))
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)
