"""Reading a document through one descriptor, and noticing that it changed meanwhile."""

from __future__ import annotations

import io
import os
import shutil
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from unicodedata import normalize

from secshare import profiles
from secshare.errors import InputUnreadable
from secshare.files.trouble import input_trouble
from secshare.files.watched import WatchedFile, WatchedStream

if TYPE_CHECKING:
    from collections.abc import Iterator

# Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


_COPY_BYTES = 1 << 20


class Source:
    """A regular, non-empty file, held open by one descriptor.

    Attributes:
        file: unbuffered, readable, seekable.
        size: in bytes, when it was opened.
        name: the last part of its path, as it came: hostile until `safe_name`.
        path: as it was given.
    """

    def __init__(self, file: WatchedFile, path: Path) -> None:
        self.file = file
        self.path = path
        self.name = path.name
        self._opened = os.fstat(file.fileno())
        self.size = self._opened.st_size

    def check_unchanged(self) -> None:
        """Check that nobody wrote to the file, or put another in its place, since it was opened.

        The descriptor keeps reading the old file when a scanner or an office program replaces
        it; what the person sees under that name would then not be what was read.

        Raises:
            InputUnreadable: it grew, shrank, was written to, replaced, moved or removed.
        """
        try:
            now, named = os.fstat(self.file.fileno()), self.path.stat()
        except OSError as error:
            raise InputUnreadable("files.changed", path=self.path) from error
        if _mark(now) != _mark(self._opened) or not os.path.samestat(named, self._opened):
            raise InputUnreadable("files.changed", path=self.path)

    def check_same(self, sha256: str) -> None:
        """Check that the bytes last read, from the first to the last, are those of a digest.

        What the preflight read is what was sealed: also when somebody wrote to the file in
        between, put it back, and its size and time too. Call `file.watch()` before the reading to
        be checked, which has to be in order.

        Args:
            sha256: in hexadecimal.

        Raises:
            InputUnreadable: they are not, or were not all read.
        """
        if self.file.seen(self.size) != sha256:
            raise InputUnreadable("files.changed", path=self.path)


class UnsealedSource(Source):
    """A document that stands in no file: read, verified, through the sealed file that holds it.

    It is what `Source` is for whoever reads it in order. Nothing of it is written anywhere.

    Args:
        stream: its clear text, readable and seekable to its start at least.
        name, size: of the document.
        sealed: the file that it is read from; `path` is that file's.
    """

    def __init__(self, stream: BinaryIO, name: str, size: int, sealed: Source) -> None:
        self.file = WatchedStream(stream)  # type: ignore[assignment]  # has no descriptor; is read alike
        self.path, self.name, self.size = sealed.path, name, size
        self._sealed = sealed

    def check_unchanged(self) -> None:
        """Check that the sealed file is as it was opened."""
        self._sealed.check_unchanged()


def _mark(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a document for reading; close it at the end of the block.

    Raises:
        InputUnreadable: missing, a folder, not a regular file, not readable, in use, or empty.
    """
    path = Path(path)
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        if os.path.isdir(path):  # noqa: PTH112  Windows refuses a folder; Path.is_dir may raise
            raise InputUnreadable("files.folder", path=path) from error
        raise _missing_ending(path) or input_trouble(error, path) from error
    except ValueError as error:  # a zero byte in the name
        raise InputUnreadable("files.missing", path=path) from error
    try:
        status = os.fstat(descriptor)
        _check_kind(status, path)
        file = WatchedFile(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
    with file:
        yield Source(file, path)


def _missing_ending(path: Path) -> InputUnreadable | None:
    """Return what says that a name lacks the ending that Windows hides; None if it does not."""
    if os.path.lexists(path):
        return None
    found: list[str] = []
    # However the disk spells its accents: an archive of macOS has them as characters of their own.
    spelt = dict.fromkeys((path.name, *(normalize(form, path.name) for form in ("NFC", "NFD"))))
    for ending in sorted(profiles.EXTENSIONS):
        # The same file several times where case, or how accents are spelt, does not count.
        names = [f"{name}{each}" for name in spelt for each in (ending, ending.upper())]
        found += [name for name in names if os.path.lexists(path.with_name(name))][:1]
    if not found:
        return None
    return InputUnreadable("files.missing_ending", path=path, found=", ".join(found))


def _check_kind(status: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise InputUnreadable("files.folder", path=path)
    if not stat.S_ISREG(status.st_mode):
        raise InputUnreadable("files.not_regular", path=path)
    if status.st_size == 0:
        raise InputUnreadable("files.empty", path=path)


def copy(source: io.FileIO, sink: io.FileIO) -> None:
    """Copy what is left of an open file into another, in constant memory.

    Raises:
        OSError: as the caller's `publish` words it.
    """
    shutil.copyfileobj(source, sink, _COPY_BYTES)


def same_file(a: Path, b: Path) -> bool:
    """Return whether two paths name one file, by links or by spelling; False if either is absent.

    Compare before writing: an output that is the input would destroy it.
    """
    try:
        return Path(a).samefile(b)
    except (OSError, ValueError):
        return False
