"""The controlling terminal: questions, words that are erased once typed, secrets that are shown.

Secrets are on the terminal itself and never on stdout or stderr, which are redirected, logged and
copied into tickets.
"""

from __future__ import annotations

import os

from secshare.terminal.screen import Screen, Terminal
from secshare.terminal.streams import is_screen, system_language, use_utf8
from secshare.terminal.user import system_user

__all__ = [
    "Terminal",
    "is_screen",
    "open_terminal",
    "owns_window",
    "system_language",
    "system_user",
    "use_utf8",
]


def owns_window() -> bool:
    """Return whether the window closes when this process ends, as after a double click.

    Known on Windows only: elsewhere a program that is started by a double click gets no window.
    """
    if os.name != "nt":
        return False
    from secshare.terminal.windows import alone_in_console

    return alone_in_console()


def open_terminal() -> Terminal | None:
    """Return the terminal this process is controlled by, or None: then nothing can be asked.

    Redirected streams change nothing: this is `/dev/tty`, or the console of Windows.
    """
    if os.name == "nt":
        from secshare.terminal.windows import WindowsConsole

        windows = WindowsConsole.open()
        return None if windows is None else Screen(windows)
    from secshare.terminal.posix import PosixConsole

    posix = PosixConsole.open()
    return None if posix is None else Screen(posix)
