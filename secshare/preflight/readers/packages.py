"""The members of an office file, unpacked within the budget and checked: a ZIP may say anything."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Unread, Why
from secshare.preflight.readers import inside
from secshare.preflight.readers.budget import OverBudget

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["members", "read_inside"]

_MOST: Final = 10_000  # members: a workbook of 200 sheets with drawings and comments has 1,000
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a compression that office files do not use
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


def members(data: bytes, place: Place, budget: Budget, content: Content) -> dict[str, bytes] | None:
    """Return every member by its name, or None where there is nothing to go on with.

    A member that is damaged, or there twice, is left out and said to be broken: two readers may
    take different ones. Any member that needs a password makes the file encrypted.

    Raises:
        OverBudget: more bytes unpacked than the budget has, counted before they are.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        content.unread.append(Unread(Why.BROKEN, place))
        return None
    found: dict[str, bytes] = {}
    with archive:
        entries = [e for e in archive.infolist() if not e.filename.endswith("/")]
        if len(entries) > _MOST:
            raise OverBudget
        if any(entry.flag_bits & 1 for entry in entries):
            content.unread.append(Unread(Why.ENCRYPTED, place))
            return None
        budget.spend_unpacked(sum(entry.file_size for entry in entries))
        damaged = False
        for entry in entries:
            try:
                # Never more than `file_size` is unpacked; one byte more, or less, is an error.
                unpacked = archive.read(entry)
            except _BROKEN:
                damaged = True
                continue
            damaged = damaged or entry.filename in found
            found.setdefault(entry.filename, unpacked)
    if damaged:
        content.unread.append(Unread(Why.BROKEN, place))
    return found


def read_inside(
    found: dict[str, bytes], folder: str, place: Place, budget: Budget, content: Content
) -> None:
    """Read the documents and pictures that stand in one folder of an office file.

    Raises:
        OverBudget: more of them than a document may hold.
    """
    for name, data in found.items():
        if name.startswith(folder) and "/_rels/" not in name and data:
            inside.add(data, inside.member(place, name.rpartition("/")[2]), budget, content)
