"""`secshare-open`: the command of the person who receives a document. It needs no practice."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        from secshare.opener.command import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # so early that nothing was begun
        return 130
