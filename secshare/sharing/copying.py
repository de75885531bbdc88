"""A copy of what may leave by mail, in a folder of somebody's choice; the outbox keeps its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare import files
from secshare.errors import OutputRefused, RoadFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from secshare.model import Reference

__all__ = ["copy_out"]


def copy_out(reference: Reference, paths: Sequence[Path], out: Path) -> tuple[Path, ...]:
    """Copy files of a share into a folder of `out` that bears its reference; return the copies.

    Where that folder stands already, it gets those that it has not: a draft was wanted later.

    Raises:
        RoadFailed: the share is prepared, but the copy could not be made.
    """
    target = out / str(reference)
    try:
        with files.writing(target):
            there = {each.name for each in target.iterdir()} if target.exists() else None
        if there is None:
            with files.publish_folder(target) as hidden:
                _copy(paths, hidden)
        else:
            _copy([path for path in paths if path.name not in there], target)
    except OutputRefused as error:
        raise RoadFailed("sharing.out_failed", reference=reference, path=target) from error
    return tuple(target / path.name for path in paths)


def _copy(paths: Iterable[Path], folder: Path) -> None:
    for path in paths:
        with files.open_source(path) as source, files.publish(folder / path.name) as sink:
            files.copy(source.file, sink)
