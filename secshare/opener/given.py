"""Words that nobody types: from a photo of their code, a file or a descriptor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import InputUnreadable, WrongKind
from secshare.files import open_source

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.opener.arguments import Options

_GIVEN_BYTES: Final = 4 * profiles.TYPED_CHARACTERS
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def given(options: Options) -> str | None:
    """Return the words from the photo, file or descriptor that was named; None if none was.

    Raises:
        InputUnreadable: they cannot be read from there, or are far too long.
        WrongKind: the photo shows a card.
        WorkRefused, ExtraMissing: as `photo.code_in`.
    """
    if options.words_photo is not None:
        return photographed(options.words_photo)
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


def photographed(path: Path) -> str:
    """Return the words in the code of a photo, which holds them alone or after a page's address.

    Raises:
        InputUnreadable, WrongKind, WorkRefused, ExtraMissing: as `given`.
    """
    from secshare.opener.photo import code_in

    code = code_in(path)
    if code.strip().upper().startswith("AGE-SECRET-KEY-"):
        raise WrongKind("opener.photo_is_card", name=path.name)
    if _ADDRESS.match(code) is None:
        return code
    words = code.partition("#")[2]
    if not words:  # any other code: an address, a telephone number, a wireless network
        raise InputUnreadable("opener.photo_other", name=path.name)
    return words


def _read_descriptor(number: int) -> bytes:
    try:
        with open(number, "rb", buffering=0, closefd=False) as file:
            data = b""
            while len(data) <= _GIVEN_BYTES and (piece := file.read(1 << 16)):
                data += piece
    except OSError as error:
        raise InputUnreadable("opener.fd_unreadable", number=number) from error
    return data
