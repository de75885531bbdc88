"""Opening `.age` files by a double click, for the present user alone, and undoing it.

Only here are the desktops' databases written. What belongs to other programs is never removed: who
opened `.age` files before opens them again once this is undone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Association", "Labels", "association"]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the desktop shows, by language (`en`, `fr`).

    Attributes:
        name: of the program, in "Open with".
        comment: what it does.
        kind: of file that it opens.
    """

    name: Mapping[str, str]
    comment: Mapping[str, str]
    kind: Mapping[str, str]


class Association(Protocol):
    """How one system is told. Windows and macOS were simulated in tests, and not tried."""

    def install(self, program: Path, labels: Labels) -> None:
        """Have `program`, an absolute path, open `.age` files; again changes nothing.

        Raises:
            OutputRefused: the database cannot be written, or a program of the system refused.
        """

    def remove(self) -> bool:
        """Undo `install`; return whether there was something to undo.

        Raises:
            OutputRefused: as `install`.
        """


def association(platform: str = sys.platform) -> Association | None:
    """Return how the system is told, or None on one without a desktop that is known."""
    if platform == "win32":
        from secshare.files.association.registry import WindowsRegistry

        return WindowsRegistry()
    if platform == "darwin":
        from secshare.files.association.mac import MacApplication

        return MacApplication()
    if platform.startswith(("linux", "freebsd", "openbsd", "netbsd")):
        from secshare.files.association.desktop import Desktop

        return Desktop()
    return None
