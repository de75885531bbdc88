"""Which file a cell names: by its text, one of the manifest's own folder or below.

A manifest is often written by a program, from what other people typed. Were it to reach any file,
one cell could send a stranger the practice's own keys, sealed with care. What links make of a path
is not looked at here, but by whoever opens the file: it may change until then.

An accent may be spelt otherwise on the disk: macOS writes `é` as two characters, in archives and on
network drives too, and a spreadsheet writes one. On the screen the two names are the same.
"""

from __future__ import annotations

import os
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from secshare.errors import ManifestInvalid
from secshare.files.names import is_plain_on_windows
from secshare.files.platform import WINDOWS

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["as_on_disk", "beside"]

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


def as_on_disk(folder: Path, path: str) -> str:
    """Return a path of `beside`, its accents spelt as on the disk.

    Where nothing is there, or both spellings are and neither is the cell's, it stays as it is.
    """
    below = path[len(above := str(folder).rstrip(os.sep)) + 1 :]
    if below.isascii() or os.path.lexists(path):
        return path
    at = above
    for part in _PARTS.split(below):
        spelt = {part, *(unicodedata.normalize(form, part) for form in ("NFC", "NFD"))}
        there = [each for each in spelt if os.path.lexists(f"{at}{os.sep}{each}")]
        if part not in there and len(there) != 1:
            return path
        at = f"{at}{os.sep}{part if part in there else there[0]}"
    return at
