"""Which module registers which verb: one command loads its own, and help loads them all."""

from __future__ import annotations

from importlib import import_module
from typing import Final

__all__ = ["MODULES", "load"]

MODULES: Final = {
    **{name: (name,) for name in ("check", "demo", "incident", "init", "inspect", "journal")},
    **{name: (name,) for name in ("keys", "mark", "page", "purge", "recall", "receive")},
    **{name: (name,) for name in ("release", "reseal", "seal", "secret", "selftest", "shares")},
    "incidents": ("incident",),
    "open": ("open_",),
    "recipients": ("card", "directory", "history", "lookalikes", "recipients"),
}
"""The modules of this package that a verb, or a group of verbs, stands in."""


def load(verb: str | None = None) -> None:
    """Register one verb; all of them where it is none that there is, or nothing was asked for.

    All of them take 40 ms, which somebody who seals waits for in vain.
    """
    modules = MODULES.get(verb or "") or {module for each in MODULES.values() for module in each}
    for module in sorted(modules):
        import_module(f"secshare.cli.{module}")
