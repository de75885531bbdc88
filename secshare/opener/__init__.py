"""`secshare-open`: the command of the person who receives a document. It needs no practice."""

from __future__ import annotations

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
    """Return the program's name and version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"secshare-open {version('secshare')}"
    except PackageNotFoundError:
        return "secshare-open, run from its sources"
