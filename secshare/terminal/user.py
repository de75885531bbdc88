"""Whose account of the system this is: what the journal says of every command."""

from __future__ import annotations

import os
import unicodedata
from contextlib import suppress
from typing import Any, Final

__all__ = ["system_user"]

_CHARACTERS: Final = 60
_BUFFER: Final = 257  # UNLEN, 256 characters, and the zero at the end (lmcons.h)


def system_user(advapi32: Any = None) -> str:  # noqa: ANN401 - exists on Windows only
    """Return the name of the account this process runs as, one line of at most 60 characters.

    The system's own answer, never the environment's: `USER` and `USERNAME` are what anybody says.
    It never fails: an account without a name is `uid-1000`; one that Windows does not tell, `?`.

    Args:
        advapi32: the library of Windows that knows; tests pass what stands for it.
    """
    if os.name == "nt" or advapi32 is not None:
        return _plain(_windows_user(advapi32)) or "?"
    number = os.getuid()
    return _plain(_posix_user(number)) or f"uid-{number}"


def _posix_user(number: int) -> str:
    import pwd

    with suppress(LookupError, OSError):  # a container's account that no file names
        return pwd.getpwuid(number).pw_name
    return ""


def _windows_user(advapi32: Any) -> str:  # noqa: ANN401
    import ctypes

    advapi32 = advapi32 or ctypes.windll.advapi32  # type: ignore[attr-defined]
    name, size = ctypes.create_unicode_buffer(_BUFFER), ctypes.c_ulong(_BUFFER)
    return name.value if advapi32.GetUserNameW(name, ctypes.byref(size)) else ""


def _plain(name: str) -> str:
    """Return what an entry can hold: no byte that is no text, nothing that acts on a screen."""
    kept = (c if unicodedata.category(c)[0] not in "CZ" or c == " " else "_" for c in name)
    return "".join(kept).strip()[:_CHARACTERS]
