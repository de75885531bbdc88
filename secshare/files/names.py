"""File names that came from outside, made harmless."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from secshare.profiles import NAME_BYTES

_HARMLESS: Final = "document"
_EXTENSION_BYTES: Final = 20
# Forbidden on Windows; `/` and `\` are handled before, since they separate.
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
# Device names of Windows, whatever follows the first dot.
# learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE: Final = re.compile(
    r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])(\s*\.|\s*$)", re.IGNORECASE
)


def safe_name(name: str) -> str:
    """Return a file name that is harmless on every system, as close to `name` as possible.

    The result is one path component in NFC, of 1 to 255 bytes of UTF-8, its extension kept: no
    separator, control, bidirectional or invisible character, nothing hidden (leading dot), nothing
    that reads as an option (leading dash), no trailing dot or space, no device name of Windows.
    Applying it twice changes nothing more. Two names may become one: see `unique_name`.
    """
    last = next((part for part in reversed(re.split(r"[/\\]", name)) if part.strip(" .")), "")
    # Normalising may bring hidden characters together or apart, so it comes first.
    shown = "".join(_visible(c) for c in unicodedata.normalize("NFC", last))
    whole = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", shown))
    whole = whole.lstrip(" .").rstrip(" .")
    if whole.startswith(("-", "~")):
        whole = "_" + whole[1:]
    if _DEVICE.match(whole):
        whole = "_" + whole
    return _shortened(whole) or _HARMLESS


def is_plain_on_windows(name: str) -> bool:
    """Return whether Windows takes one part of a path as it is written.

    There some characters are refused, a colon opens another stream of a file, dots and blanks at
    the end are dropped, and some names are devices in every folder.
    """
    return not (_FORBIDDEN.search(name) or _DEVICE.match(name) or name.endswith((".", " ")))


def unique_name(name: str, taken: set[str]) -> str:
    """Return `name`, or `name (2)`, `name (3)` ...: the first that is not in `taken`, and add it.

    Names are compared as Windows and macOS do, without case.
    """
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate = numbered(name, number)
        number += 1
    taken.add(candidate.casefold())
    return candidate


def numbered(name: str, number: int) -> str:
    """Return `report (2).pdf` for `report.pdf` and 2, still of at most 255 bytes."""
    stem, extension = _split(name)
    mark = f" ({number})"
    room = NAME_BYTES - len((mark + extension).encode())
    return _cut(stem, room) + mark + extension


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zl", "Zp", "Zs"}:
        return " "
    return "" if category.startswith("C") else character


def _shortened(name: str) -> str:
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, extension = _split(name)
    return _cut(stem, NAME_BYTES - len(extension.encode())) + extension


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > _EXTENSION_BYTES:
        return name, ""
    return stem, dot + extension


def _cut(text: str, size: int) -> str:
    """Return the longest beginning of `text` of `size` bytes, with no space or dot last."""
    return text.encode()[:size].decode(errors="ignore").rstrip(" .")
