"""Encodings of the standard streams, and the language people are spoken to in."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Final

from secshare.messages import Language, locale_language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

_FRENCH: Final = 0x0C  # primary language of a Windows language identifier
_PRIMARY: Final = 0x3FF


def is_screen(stream: TextIO | None) -> bool:
    """Return whether a stream is looked at; not where it is closed, as a service's may be."""
    return stream is not None and stream.isatty()


def use_utf8() -> None:
    """Make stdout and stderr unable to fail on a character.

    Redirected, they are UTF-8 on every system, so that what a script reads does not depend on the
    machine's code page. On a screen they keep its encoding. What cannot be shown is written as an
    escape, such as `\\u202e`.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):  # a test's, or none (pythonw)
            continue
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def system_language(environ: Mapping[str, str], platform: str = sys.platform) -> Language:
    """Return the language of the locale; on Windows without one, that of the user's menus."""
    if platform == "win32" and not any(environ.get(n) for n in ("LC_ALL", "LC_MESSAGES", "LANG")):
        return Language.FR if _windows_language() & _PRIMARY == _FRENCH else Language.EN
    return locale_language(environ)


def _windows_language() -> int:
    import ctypes

    return int(ctypes.windll.kernel32.GetUserDefaultUILanguage())  # type: ignore[attr-defined]
