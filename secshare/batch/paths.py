"""Which file a cell names: by its text, one of the manifest's own folder or below.

A manifest is often written by a program, from what other people typed. Were it to reach any file,
one cell could send a stranger the practice's own keys, sealed with care. What links make of a path
is not looked at here, but by whoever opens the file: it may change until then.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from secshare.errors import ManifestInvalid
from secshare.files.names import is_plain_on_windows
from secshare.files.platform import WINDOWS

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["beside"]

_ROOTED: Final = re.compile(r"[\\/]|[A-Za-z]:")
_PARTS: Final = re.compile(r"[\\/]")


def beside(folder: Path, text: str, *, windows: bool = WINDOWS) -> str:
    r"""Return the absolute path of what a cell names, from the manifest's folder.

    Args:
        windows: whether `\` separates folders, and a name is one that Windows takes as it is.

    Raises:
        ManifestInvalid: a drive, a server or a root, a way out of the folder, `\` where it
            separates nothing, or a name that Windows refuses or takes for another.
    """
    if _ROOTED.match(text):
        raise ManifestInvalid("manifest.file_absolute")
    parts = [part for part in _PARTS.split(text) if part not in {"", "."}]
    if ".." in parts or not parts:
        raise ManifestInvalid("manifest.file_outside")
    if not windows and "\\" in text:
        raise ManifestInvalid("manifest.file_backslash")
    if windows and not all(map(is_plain_on_windows, parts)):
        raise ManifestInvalid("manifest.file_name")
    above = str(folder).rstrip(os.sep)  # a drive's own folder ends in one, E:\
    return os.sep.join((above, *parts))  # noqa: PTH118 - a million times: text is quicker
