"""The members of an office file, which is a ZIP archive: each within its bounds, none skipped."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.preflight.content import Unread, Why
from secshare.preflight.readers.inside import member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["Members", "opened"]

_PIECE: Final = 1 << 16
_LOCKED: Final = 0x1
_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
)


class Members:
    """What an office file holds, by the name of each member, unpacked when it is asked for.

    A name that stands twice is read twice: which of the two a program shows is its own affair.
    """

    def __init__(
        self, archive: zipfile.ZipFile, place: Place, budget: Budget, content: Content
    ) -> None:
        self._archive = archive
        self._place = place
        self._budget = budget
        self._content = content
        self.found = [e for e in archive.infolist() if not e.filename.endswith("/")]

    @property
    def names(self) -> set[str]:
        """Return the names of all members."""
        return {entry.filename for entry in self.found}

    def each(self) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        """Yield every member with its name.

        Raises:
            OverBudget: there are more than a document may have.
        """
        for entry in self.found:
            self._budget.spend_members()
            yield entry.filename, entry

    def data(self, entry: zipfile.ZipInfo) -> bytes | None:
        """Return a member's bytes, or None where it is encrypted or damaged, which is told.

        Raises:
            OverBudget: it unpacks to more than there may be.
        """
        if entry.flag_bits & _LOCKED:
            self._unread(Why.ENCRYPTED, entry)
            return None
        pieces: list[bytes] = []
        size = 0
        limit = max(entry.compress_size, 1) * profiles.ARCHIVE_RATIO + _PIECE
        try:
            with self._archive.open(entry) as file:
                while piece := file.read(_PIECE):
                    size += len(piece)
                    self._budget.spend_unpacked(len(piece))
                    if size > limit:
                        self._unread(Why.TOO_LARGE, entry)
                        return None
                    pieces.append(piece)
        except _FAULTS:
            self._unread(Why.BROKEN, entry)
            return b"".join(pieces) or None
        return b"".join(pieces)

    def named(self, name: str) -> bytes | None:
        """Return the bytes of the first member called so, or None."""
        entry = next((one for one in self.found if one.filename == name), None)
        return None if entry is None else self.data(entry)

    def _unread(self, why: Why, entry: zipfile.ZipInfo) -> None:
        self._content.unread.append(Unread(why, member(self._place, entry.filename)))


def opened(data: bytes, place: Place, budget: Budget, content: Content) -> Members | None:
    """Return the members of an office file; None where it is no archive, which is told."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _FAULTS:
        content.unread.append(Unread(Why.BROKEN, place))
        return None
    return Members(archive, place, budget, content)
