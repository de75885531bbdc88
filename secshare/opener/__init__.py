"""`secshare-open`: the command of the person who receives a document. It needs no practice."""

from __future__ import annotations

import os
import sys

__all__ = ["main", "version_line"]


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        if sys.argv[1:] == ["--version"]:  # needs neither texts nor options: half the time
            print(version_line())
            return 0
        from secshare.opener.command import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # so early that nothing was begun
        return 130


def version_line() -> str:
    """Return the program's name and version.

    The version is in the name of the folder that installers make beside a package; asking
    `importlib.metadata` for it costs 25 ms, more than all the rest of this command.
    """
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208  pathlib is not loaded yet
        except OSError:
            continue
        for name in names:
            if name.startswith("secshare-") and name.endswith(".dist-info"):
                return f"secshare-open {name[len('secshare-') : -len('.dist-info')]}"
    return "secshare-open, run from its sources"
