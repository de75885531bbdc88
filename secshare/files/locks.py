"""Something that only one process may do at a time."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from secshare.files.platform import PRIVATE_FILE, WINDOWS, reserve
from secshare.files.trouble import writing

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["alone"]

_PATIENCE: Final = (0.02, 0.05, 0.1)  # seconds


@contextmanager
def alone(folder: Path, what: str) -> Iterator[bool]:
    """Yield True where no other process is in such a block for the same folder and thing.

    It is freed when the process ends, however that ends; the next `sweep` of the folder removes
    what a killed one left.

    On a file system without locks everybody is: there nothing tells of another.

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
            _free(path, held)


def _held(path: Path) -> int | None:
    waits = iter(_PATIENCE)
    while True:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(path, flags, PRIVATE_FILE)
        if not reserve(descriptor):
            os.close(descriptor)
            if (wait := next(waits, None)) is None:
                return None
            time.sleep(wait)  # a sweep holds what it is about to remove
            continue
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)  # its holder removed it in this moment


def _free(path: Path, descriptor: int) -> None:
    """Remove the name, then what it named; on Windows nothing that is open can be removed."""
    if WINDOWS:
        os.close(descriptor)
    with suppress(OSError):
        path.unlink()
    if not WINDOWS:
        os.close(descriptor)
