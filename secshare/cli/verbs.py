"""Which module registers which verb: one command loads its own, and help loads them all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MODULES", "load"]

MODULES: Final = {
    **{name: (name,) for name in ("batch", "check", "demo", "incident", "init", "inspect")},
    **{name: (name,) for name in ("journal", "keys", "mark", "page", "purge", "recall", "receive")},
    **{name: (name,) for name in ("release", "reseal", "seal", "secret", "selftest", "shares")},
    "batch secrets": ("batch_secrets",),
    "incidents": ("incident",),
    "open": ("open_",),
    "recipients": ("card", "directory", "history", "lookalikes", "recipients"),
}
"""The modules of this package that a verb, or a group of verbs, stands in."""


def load(arguments: Sequence[str] = ()) -> None:
    """Register the verb that a command line begins with, of two words or of one; else all.

    All of them take 40 ms, which somebody who seals waits for in vain.
    """
    asked = MODULES.get(" ".join(arguments[:2])) or MODULES.get(" ".join(arguments[:1]))
    modules = asked or {module for each in MODULES.values() for module in each}
    for module in sorted(modules):
        import_module(f"secshare.cli.{module}")
