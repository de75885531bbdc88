"""Showing the document, only if it is of a kind that does nothing but show."""

from __future__ import annotations

import os
import re
import shutil
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HEAD_BYTES: Final = 1 << 16
"""How much of a document tells its kind."""

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Shown(StrEnum):
    """The kinds that are offered, with the extension that opens a viewer and nothing else."""

    PDF = ".pdf"
    PNG = ".png"
    JPEG = ".jpg"
    TEXT = ".txt"


_EXTENSIONS: Final = {".pdf": Shown.PDF, ".png": Shown.PNG, ".jpg": Shown.JPEG,
                      ".jpeg": Shown.JPEG, ".txt": Shown.TEXT}  # fmt: skip


def kind(head: bytes) -> Shown | None:
    """Return what a document is, by its first bytes and not by its name."""
    if head.startswith(b"%PDF-"):
        return Shown.PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Shown.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return Shown.JPEG
    return Shown.TEXT if head and _is_text(head) else None


def _is_text(head: bytes) -> bool:
    """Return whether this is text in UTF-8, or in the code page of Windows: not just any bytes."""
    if _CONTROL.search(head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(head) or len(head) - error.start < 4:  # cut inside a character
            return True
        try:
            head.decode("cp1252")
        except UnicodeDecodeError:
            return False
    return True


def may_be_shown(path: Path, head: bytes) -> bool:
    """Return whether content and name agree on a kind that only shows.

    The system chooses the program by the name: a script that begins like a PDF must not be run.
    """
    shown = kind(head)
    return shown is not None and _EXTENSIONS.get(path.suffix.casefold()) is shown


def viewer(
    environ: Mapping[str, str] | None = None, *, platform: str = sys.platform
) -> Sequence[str] | None:
    """Return the command that shows a document, `()` for the system's own call, None without a
    screen to show it on.
    """
    environ = os.environ if environ is None else environ
    if platform == "win32":
        return ()
    if platform == "darwin":
        return None if environ.get("SSH_CONNECTION") else ("/usr/bin/open",)
    found = shutil.which("xdg-open", path=environ.get("PATH"))
    if found is None or not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        return None
    return (found,)


def show(path: Path, command: Sequence[str]) -> bool:
    """Show a document with a command that `viewer` returned; return whether it started."""
    try:
        if not command:
            os.startfile(path.absolute())  # type: ignore[attr-defined]  # noqa: S606
            return True
        nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
        os.posix_spawn(
            command[0],
            [*command, str(path.absolute())],
            os.environ,
            file_actions=nowhere,
            setpgroup=0,  # Ctrl-C in our terminal is not for the viewer
        )
    except OSError:
        return False
    return True
