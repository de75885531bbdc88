"""The `secshare` command: the only part that imports typer, prints, or exits, with `opener`."""

from __future__ import annotations

import sys

__all__ = ["main"]

_INTERRUPTED = 130


def main() -> int:
    """Run the command line and return its exit status. Never raises but for a fault of Python's."""
    try:
        return _main()
    except KeyboardInterrupt:  # while modules are loaded, before there is anything to say
        return _INTERRUPTED


def _main() -> int:
    from importlib.util import find_spec

    if find_spec("typer") is None:  # the base install has no command, but its script exists
        from secshare.errors import ExtraMissing
        from secshare.messages import locale_language

        missing = ExtraMissing("cli.extra_missing", extra="practice")
        print(*missing.explain(locale_language()), sep="\n", file=sys.stderr)
        return missing.code
    from secshare.cli.app import run

    return run()
