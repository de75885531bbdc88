"""Many shares from a manifest: reading it, knowing that it fits its documents, running it.

A batch is `read_manifest` into an empty spool (`secshare.store.spool.Spool.create`), then `survey`
of the people in it, then `run`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from secshare.batch.manifest import Manifest, read_manifest
    from secshare.batch.people import survey
    from secshare.batch.pool import default_jobs
    from secshare.batch.results import Outcome, Result, State
    from secshare.batch.running import Options, run

__all__ = [
    "Manifest",
    "Options",
    "Outcome",
    "Result",
    "State",
    "default_jobs",
    "read_manifest",
    "run",
    "survey",
]

# Found when asked for: a process that works for a batch loads what it needs.
_MODULES: Final = {
    "Manifest": "manifest",
    "Options": "running",
    "Outcome": "results",
    "Result": "results",
    "State": "results",
    "default_jobs": "pool",
    "read_manifest": "manifest",
    "run": "running",
    "survey": "people",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
