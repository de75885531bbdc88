"""A copy of what may leave by mail, in a folder of somebody's choice; the outbox keeps its own."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.errors import OutputRefused, RoadFailed

if TYPE_CHECKING:
    import io
    import os
    from collections.abc import Sequence
    from pathlib import Path

    from secshare.model import Reference

__all__ = ["copy_out"]

_JUNCTION: Final = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
"""Windows's other kind of link to a folder, which `lstat` calls a folder."""

_PIECE: Final = 1 << 20


def copy_out(reference: Reference, paths: Sequence[Path], out: Path) -> tuple[Path, ...]:
    """Copy files of a share into a folder of `out` that bears its reference; return the copies.

    Where that folder stands already, it gets those that it has not: a draft was wanted later. The
    beginning of one, which somebody's copying left there, becomes the whole at once. A link is not
    followed and nothing else is replaced: it may be the only one of its kind.

    Raises:
        RoadFailed: the share is prepared, but the copy could not be made.
    """
    target = out / str(reference)
    try:
        with files.writing(target):
            status = _status(target)
        if status is None:
            with files.publish_folder(target) as hidden:
                for path in paths:
                    _copy(path, hidden / path.name)
        elif _is_link(status):
            raise RoadFailed("sharing.out_link", reference=reference, path=target)
        else:
            files.sweep(target)  # what a killed process was writing there
            for path in paths:
                _complete(reference, path, target / path.name)
    except OutputRefused as error:
        raise RoadFailed("sharing.out_failed", reference=reference, path=target) from error
    return tuple(target / path.name for path in paths)


def _complete(reference: Reference, path: Path, copy: Path) -> None:
    """Make sure that a copy is there, and whole."""
    with files.writing(copy):
        status = _status(copy)
    if status is None:
        _copy(path, copy)
        return
    if _is_link(status):
        raise RoadFailed("sharing.out_link", reference=reference, path=copy)
    with files.open_source(path) as source:
        if not _begins(source, copy, status):
            raise RoadFailed("sharing.out_other", reference=reference, path=copy)
        whole = status.st_size == source.size
    if not whole:
        _copy(path, copy, overwrite=True)


def _copy(path: Path, copy: Path, *, overwrite: bool = False) -> None:
    with files.open_source(path) as source, files.publish(copy, overwrite=overwrite) as sink:
        files.copy(source.file, sink)


def _begins(source: files.Source, copy: Path, status: os.stat_result) -> bool:
    """Return whether what stands there is the file, or its beginning."""
    if not stat.S_ISREG(status.st_mode) or status.st_size > source.size:
        return False  # a pipe would be read for ever
    with files.writing(copy), copy.open("rb", buffering=0) as there:
        return _is_same(source.file, there, status.st_size)


def _is_same(ours: io.FileIO, there: io.FileIO, size: int) -> bool:
    """Compare so many bytes of two files; one that ends before is another."""
    while size > 0:
        piece = there.read(min(size, _PIECE))
        if not piece or ours.read(len(piece)) != piece:
            return False
        size -= len(piece)
    return True


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _is_link(status: os.stat_result) -> bool:
    tag = getattr(status, "st_reparse_tag", None)
    return stat.S_ISLNK(status.st_mode) or (tag is not None and tag == _JUNCTION)
