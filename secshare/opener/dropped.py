"""Files that are dropped into the window of a terminal, which types their path."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["path_in", "photo_in"]

_PHOTOS = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp")


def path_in(typed: str) -> Path:
    """Return the path that was typed, without the quotes or marks that a terminal puts around it.

    A path that exists as it stands is taken as it stands.
    """
    path = typed.strip().strip("\"'").removeprefix("file://")
    unescaped = re.sub(r"\\(.)", r"\1", path)
    readings = [path, unescaped]
    if "%" in path:
        from urllib.parse import unquote

        readings.append(unquote(path))
    return next((Path(one) for one in readings if _is_file(one)), Path(path))


def photo_in(typed: str) -> Path | None:
    """Return the picture whose path was typed where words are asked for; None if none was."""
    if not typed.strip().strip("\"'").casefold().endswith(_PHOTOS):
        return None
    path = path_in(typed)
    return path if _is_file(path) else None


def _is_file(path: Path | str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # too long for a name, a zero byte
        return False
