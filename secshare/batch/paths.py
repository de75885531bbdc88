"""Which file a manifest names: one of its own folder or below, and never another.

A manifest is often written by a program, from what other people typed. Were it to reach any file,
one cell could send a stranger the practice's own keys, sealed with care.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from secshare.errors import ManifestInvalid
from secshare.files.platform import WINDOWS

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["beside"]

_ROOTED: Final = re.compile(r"[\\/]|[A-Za-z]:")
_PARTS: Final = re.compile(r"[\\/]")
_NOT_ON_WINDOWS: Final = re.compile(r'[<>:"|?*]')


def beside(folder: Path, text: str, *, windows: bool = WINDOWS) -> str:
    r"""Return the absolute path of what a cell names, from the manifest's folder.

    Args:
        windows: whether `\` separates folders, and what Windows refuses in a name is refused.

    Raises:
        ManifestInvalid: a drive, a server or a root, a way out of the folder, `\` where it
            separates nothing, or a character that no name has.
    """
    if _ROOTED.match(text):
        raise ManifestInvalid("manifest.file_absolute")
    parts = [part for part in _PARTS.split(text) if part not in {"", "."}]
    if ".." in parts or not parts:
        raise ManifestInvalid("manifest.file_outside")
    if not windows and "\\" in text:
        raise ManifestInvalid("manifest.file_backslash")
    if windows and _NOT_ON_WINDOWS.search(text):
        raise ManifestInvalid("manifest.file_name")
    return os.sep.join((str(folder), *parts))
