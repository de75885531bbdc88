"""What the directory of a ZIP names, before anything of it is unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.files.archive import layout

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["entries", "is_encrypted"]

_END_WITHIN: Final = layout.END.size + layout.FULL16
_MOST: Final = 20 * profiles.ARCHIVE_DOCUMENTS


def entries(data: bytes) -> Iterator[tuple[str, int]]:
    """Give name and flags of every entry of a ZIP's own directory, folders included.

    Of the ZIP itself, and not of one stored inside it. Nothing is raised: a damaged directory ends
    where it is damaged.
    """
    end = data.rfind(layout.END_MARK, max(0, len(data) - _END_WITHIN))
    if end < 0 or end + layout.END.size > len(data):
        return
    *_, count, length, at, _ = layout.END.unpack_from(data, end)
    if at == layout.FULL32:  # larger than what is read
        return
    if not data.startswith(layout.CENTRAL_MARK, at):  # something was put before the archive
        at = end - length
    for _ in range(min(count, _MOST)):
        if not data.startswith(layout.CENTRAL_MARK, at) or at + layout.CENTRAL.size > len(data):
            return
        _, _, _, flags, *_, names, extras, comment, _, _, _, _ = layout.CENTRAL.unpack_from(
            data, at
        )
        at += layout.CENTRAL.size
        name = data[at : at + names]
        try:  # many programs write UTF-8 and forget to say so
            yield name.decode(), flags
        except UnicodeDecodeError:
            yield name.decode("cp437"), flags  # APPNOTE D.1
        at += names + extras + comment


def is_encrypted(data: bytes) -> bool:
    """Say whether any entry of a ZIP is encrypted."""
    return any(flags & layout.ENCRYPTED for _, flags in entries(data))
