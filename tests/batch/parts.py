"""Workbooks of which one part is another."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def part(book: bytes, name: str) -> bytes:
    """Return one member of an archive."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(name)


def edited(book: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return an archive with one member changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as archive, zipfile.ZipFile(made, "w", 8) as other:
        for member in archive.namelist():
            data = archive.read(member)
            other.writestr(member, change(data) if member == name else data)
    return made.getvalue()


def renamed(book: bytes, name: str, *names: str) -> bytes:
    """Return an archive with one member under other names."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as archive, zipfile.ZipFile(made, "w", 8) as other:
        for member in archive.namelist():
            for each in names if member == name else (member,):
                other.writestr(each, archive.read(member))
    return made.getvalue()


def added(book: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return an archive with more members, behind its own."""
    made = io.BytesIO(book)
    with zipfile.ZipFile(made, "a", 8) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()
