"""All the members of a spreadsheet at once, as its parts name each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.preflight.content import Unread, Why
from secshare.preflight.readers import inside
from secshare.preflight.readers.members import opened

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["members", "read_inside"]

_LOCKED = 0x1


def members(data: bytes, place: Place, budget: Budget, content: Content) -> dict[str, bytes] | None:
    """Return every member by its name, or None where there is nothing to go on with.

    Of a member that is there twice the first is kept, and said to be broken: two readers may take
    different ones. Any member that needs a password makes the file encrypted.

    Raises:
        OverBudget: more members, or bytes unpacked, than the budget has.
    """
    archive = opened(data, place, budget, content)
    if archive is None:
        return None
    if any(entry.flag_bits & _LOCKED for entry in archive.found):
        content.unread.append(Unread(Why.ENCRYPTED, place))
        return None
    found: dict[str, bytes] = {}
    for name, entry in archive.each():
        unpacked = archive.data(entry)
        if name in found:
            content.unread.append(Unread(Why.BROKEN, inside.member(place, name)))
        elif unpacked is not None:
            found[name] = unpacked
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
