"""Something that only one process may do at a time."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.files.platform import PRIVATE_FILE, WINDOWS, lock
from secshare.files.trouble import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["alone"]


@contextmanager
def alone(folder: Path, what: str) -> Iterator[bool]:
    """Yield True where no other process is in such a block for the same folder and thing.

    It is freed when the process ends, however that ends; the next `sweep` of the folder removes
    what a killed one left.

    Args:
        what: names the thing; it stands nowhere.

    Raises:
        OutputRefused: the folder cannot be written.
    """
    name = hashlib.sha256(what.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    path = folder / f".secshare-{name}.part"
    with writing(folder):
        held = _held(path)
    try:
        yield held is not None
    finally:
        if held is not None:
            with suppress(OSError):
                if not WINDOWS:  # there it goes with its descriptor
                    path.unlink()
            os.close(held)


def _held(path: Path) -> int | None:
    flags = os.O_RDWR | os.O_CREAT
    if WINDOWS:
        try:
            return os.open(path, flags | os.O_EXCL | getattr(os, "O_TEMPORARY", 0), PRIVATE_FILE)
        except (FileExistsError, PermissionError):
            return None
    while True:
        descriptor = os.open(path, flags | os.O_NOFOLLOW, PRIVATE_FILE)
        if not lock(descriptor):
            os.close(descriptor)
            return None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)  # its holder removed it in this moment
