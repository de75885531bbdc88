"""The command in a process of its own, with what it cost: seconds, and the largest memory."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.opener.kit import COMMAND, Done, environ

# A process starts with the memory of the one that made it, so a small one stands between.
_SCALE = """
import json, os, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([done.returncode, done.stdout.decode(), done.stderr.decode(), seconds, peak]))
"""


@dataclass(frozen=True)
class Weighed:
    """Attributes:
    done: how it ended and what it said.
    seconds: from its start to its end, an interpreter's included.
    mebibytes: its largest resident memory.
    """

    done: Done
    seconds: float
    mebibytes: float


def weigh(folder: Path, *arguments: str | Path, command: list[str] | None = None) -> Weighed:
    """Run the command without a terminal, and measure it."""
    ran = subprocess.run(
        [sys.executable, "-S", "-c", _SCALE, *(command or COMMAND), *map(str, arguments)],
        cwd=folder,
        env=environ(),
        capture_output=True,
        check=True,
        text=True,
        start_new_session=True,
    )
    status, out, err, seconds, kibibytes = json.loads(ran.stdout)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Weighed(Done(status, out, err), seconds, kibibytes / unit)
