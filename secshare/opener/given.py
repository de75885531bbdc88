"""Words that a script gives, from a file or from a descriptor, instead of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import InputUnreadable
from secshare.files import open_source

if TYPE_CHECKING:
    from secshare.opener.arguments import Options

_GIVEN_BYTES: Final = 4 * profiles.TYPED_CHARACTERS


def given(options: Options) -> str | None:
    """Return the words from the file or the descriptor that was named; None if none was.

    Raises:
        InputUnreadable: they cannot be read from there, or are far too long.
    """
    if options.words_file is not None:
        with open_source(options.words_file) as source:
            if source.size > _GIVEN_BYTES:
                raise InputUnreadable("opener.words_large")
            data = source.file.read()
    elif options.words_descriptor is not None:
        data = _read_descriptor(options.words_descriptor)
    else:
        return None
    if len(data) > _GIVEN_BYTES:
        raise InputUnreadable("opener.words_large")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # Notepad, or PowerShell's `>`
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")


def _read_descriptor(number: int) -> bytes:
    try:
        with open(number, "rb", buffering=0, closefd=False) as file:
            data = b""
            while len(data) <= _GIVEN_BYTES and (piece := file.read(1 << 16)):
                data += piece
    except OSError as error:
        raise InputUnreadable("opener.fd_unreadable", number=number) from error
    return data
