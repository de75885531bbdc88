"""What may be read of a practice folder, and how it is written: whole, and for its owner alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare import files
from secshare.errors import InputUnreadable, PracticeInvalid

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check_drive", "check_not_linked", "check_ours", "is_file", "read", "write"]


def check_drive(folder: Path) -> None:
    """Refuse a folder on a network drive, or one that is synchronised.

    Raises:
        PracticeInvalid: it is.
    """
    trouble = files.drive_trouble(folder)
    if trouble is not None:
        raise PracticeInvalid(f"practice.drive_{trouble}", path=folder)


def check_ours(path: Path) -> None:
    """Refuse what anybody but the present user owns or may write to.

    Raises:
        PracticeInvalid: somebody does; or it does not exist, or cannot be looked at.
    """
    try:
        ours = files.belongs_to_us(path)
        alone = files.belongs_to_us(path, alone=True)
    except InputUnreadable as error:
        raise PracticeInvalid("practice.unreadable", path=path) from error
    if not ours:
        raise PracticeInvalid("practice.not_ours", path=path)
    if not alone:  # said, not mended: what they wrote until now would be mended into ours
        raise PracticeInvalid("practice.group_writes", path=path)


def check_not_linked(path: Path) -> None:
    """Refuse a folder of a practice that is a link: what was checked of one place is about another.

    Raises:
        PracticeInvalid: it is a link.
    """
    if path.is_symlink():
        raise PracticeInvalid("practice.linked", path=path)


def is_file(path: Path) -> bool:
    """Return whether there is a file.

    Raises:
        PracticeInvalid: it cannot be looked at.
    """
    try:
        return path.is_file()
    except OSError as error:
        raise PracticeInvalid("practice.unreadable", path=path) from error


def read(path: Path, most: int) -> bytes:
    """Return a file's bytes.

    Raises:
        PracticeInvalid: it cannot be read, or has more than `most` bytes.
    """
    try:
        with files.open_source(path) as source:
            data = source.file.read(most + 1)
            source.check_unchanged()
    except InputUnreadable as error:
        raise PracticeInvalid("practice.unreadable", path=path) from error
    if len(data) > most:
        raise PracticeInvalid("practice.unreadable", path=path)
    return bytes(data)


def write(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write a file whole or not at all, for its owner only.

    Raises:
        OutputRefused: it cannot be written.
    """
    with files.publish(path, overwrite=overwrite) as file:
        file.write(data)
