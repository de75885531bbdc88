"""ZIP: every document in it is read, within limits, and its name is looked at too."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from secshare.errors import FileDamaged, InputUnreadable, WorkRefused
from secshare.files import archive
from secshare.files.names import safe_name
from secshare.preflight import readers
from secshare.preflight.content import Part, Unread, Why
from secshare.preflight.readers import directory, inside

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["read"]


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Read every document of a ZIP, with the product's own reader: none that overlaps, none twice.

    Each member's name, with its folders, is a text of its own (`field="file name"`): it stands in
    clear even where the rest does not. One encrypted member makes the archive `Why.ENCRYPTED`.

    Raises:
        OverBudget: too many documents, or too much in them.
    """
    for name, _ in directory.entries(data):
        budget.spend_characters(len(name))
        last = replace(inside.member(place, safe_name(name)), field="file name")
        content.parts.append(Part(last, name))
    try:
        members = archive.read_archive(io.BytesIO(data))
    except WorkRefused:
        content.unread.append(Unread(Why.TOO_LARGE, place))
        return
    except InputUnreadable:
        why = Why.ENCRYPTED if directory.is_encrypted(data) else Why.UNKNOWN
        content.unread.append(Unread(why, place))
        return
    except FileDamaged:
        content.unread.append(Unread(Why.BROKEN, place))
        return
    for member in members:
        budget.spend_members()
        here = inside.member(place, member.name)
        budget.spend_unpacked(member.size)
        try:
            with member.open() as file:
                unpacked = file.read()
        except FileDamaged:
            content.unread.append(Unread(Why.BROKEN, here))
            continue
        readers.read_into(unpacked, here, budget, content)
