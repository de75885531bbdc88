"""What `secshare-open` reads in a photograph."""

from __future__ import annotations

from pathlib import Path

from secshare.errors import SecshareError
from secshare.opener.photo import code_in


def read(photo: bytes, folder: Path) -> str:
    """The text of its code, or the key of the error that says why there is none."""
    path = folder / "photo.jpg"
    path.write_bytes(photo)
    try:
        return code_in(path)
    except SecshareError as error:
        return error.key
