"""A last line that says what a file held when it was written: whoever edited it is not undone.

It guards against a loss, and proves nothing: anybody can write such a line.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.errors import InputUnreadable

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_untouched", "with_digest"]

# A comment in both forms, which neither shows.
_LINE: Final = re.compile(rb"<!-- secshare ([0-9a-f]{64}) -->\n")
_LENGTH: Final = len("<!-- secshare  -->\n") + 64


def with_digest(form: str) -> bytes:
    """Return a form of a document as a file holds it, with the SHA-256 of what stands above."""
    content = form.encode() + b"\n"  # an empty line, so that the comment belongs to nothing
    return content + f"<!-- secshare {hashlib.sha256(content).hexdigest()} -->\n".encode()


def is_untouched(path: Path) -> bool:
    """Return whether a file is whole and as `with_digest` made it."""
    try:
        with files.open_source(path) as source:
            content = source.file.read()
    except InputUnreadable:
        return False
    above, line = content[:-_LENGTH], _LINE.fullmatch(content[-_LENGTH:])
    return line is not None and hashlib.sha256(above).hexdigest().encode() == line[1]
