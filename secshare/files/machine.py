"""How much this machine can do at a time."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from secshare.files.platform import WINDOWS

__all__ = ["cores", "free_memory"]

_CGROUP: Final = Path("/sys/fs/cgroup")


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_memory() -> int | None:
    """Return the bytes that can still be taken without harm to others; None where nothing tells.

    What holds this process to less than the machine has (a container, a service) counts.
    """
    if WINDOWS:
        return _windows()
    try:
        told = Path("/proc/meminfo").read_text("ascii")
    except OSError:  # macOS, which lets memory go when it is asked for
        return None
    found = re.search(r"^MemAvailable:\s+(\d+) kB$", told, re.MULTILINE)
    known = [int(found[1]) << 10] if found else []
    return min([*known, *_bounded()], default=None)


def _bounded() -> list[int]:
    try:
        most = (_CGROUP / "memory.max").read_text("ascii").strip()
        used = (_CGROUP / "memory.current").read_text("ascii").strip()
        return [max(int(most) - int(used), 0)] if most != "max" else []
    except (OSError, ValueError):
        return []


def _windows() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("free", ctypes.c_ulonglong),
            ("others", ctypes.c_ulonglong * 5),
        ]

    status = Status(length=ctypes.sizeof(Status))
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]  # Windows only
    return int(status.free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None
