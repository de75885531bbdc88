"""A sealed file of ours opened again, to be sealed otherwise: read, and written nowhere.

An age file is read through its verified chunks, so that no more than one of them stands in memory.
A page and a password PDF are held in memory: they are small by what they are for.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from secshare import files, page
from secshare.age import ScryptIdentity, open_reader
from secshare.errors import FileDamaged
from secshare.files import archive
from secshare.model import SealFormat
from secshare.opening import clear_name
from secshare.sealing.pdf import open_pdf

if TYPE_CHECKING:
    from secshare.files import Source
    from secshare.files.archive import Member

__all__ = ["unseal"]


def unseal(
    sealed: Source, words: str, seal_format: SealFormat, *, documents: int
) -> list[files.UnsealedSource]:
    """Return the documents of a sealed file that opens with words, to be read while it is open.

    Args:
        words: the canonical phrase. This is the secret.
        documents: how many were sealed. An archive is taken apart only where there were several:
            one that somebody gave us is one document.

    Raises:
        PassphraseWrong: the words do not open it.
        FileDamaged: it is not what its form is. Chunks are verified as they are read.
        ExtraMissing: the library that opens a PDF is not installed.
    """
    if seal_format is SealFormat.PDF:
        clear = open_pdf(sealed, words)
        return [files.UnsealedSource(io.BytesIO(clear), sealed.name, len(clear), sealed)]
    stream, name = cast("BinaryIO", sealed.file), sealed.name
    stream.seek(0)
    if seal_format is SealFormat.HTML:
        inside = page.sealed_inside(stream.read())
        if inside is None:
            raise FileDamaged("sealing.no_file_in_page", path=sealed.path)
        name, stream = inside[0], io.BytesIO(inside[1])
    reader = cast("BinaryIO", open_reader(stream, [ScryptIdentity(words)]))
    if documents > 1:
        members = archive.read_archive(reader)
        return [_member(member, sealed) for member in members]
    size = reader.seek(0, io.SEEK_END)
    reader.seek(0)
    return [files.UnsealedSource(reader, clear_name(name), size, sealed)]


def _member(member: Member, sealed: Source) -> files.UnsealedSource:
    stream = cast("BinaryIO", _Again(member))
    return files.UnsealedSource(stream, member.name, member.size, sealed)


class _Again(io.RawIOBase):
    """A document of an archive, which is read forwards: begun anew where its start is asked for."""

    def __init__(self, member: Member) -> None:
        super().__init__()
        self._member = member
        self._content: BinaryIO | None = None
        self._at = 0

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if offset or whence != io.SEEK_SET:
            raise io.UnsupportedOperation("seek")
        self._content, self._at = None, 0
        return 0

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._content is None:
            self._content = self._member.open()
        view = memoryview(buffer).cast("B")
        data = self._content.read(len(view)) or b""
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
