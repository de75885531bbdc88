"""One measure is one process: its time, the time of the call inside it, its peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measure:
    """Seconds and bytes.

    Attributes:
        whole: from the start of the process to its end.
        call: of the call alone where the process says so (libraries), else the same.
        peak: the largest resident memory. A child starts with its parent's, which is why this
            program holds nothing.
    """

    whole: float
    call: float
    peak: int


def measure(command: list[str], folder: Path) -> Measure:
    """Run a command and measure it."""
    environ = {**os.environ, "GNUPGHOME": str(folder / "gnupg"), "LC_ALL": "C"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled once
    start = time.perf_counter()
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environ,
    )
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    whole = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, (command[0], said.decode())
    call = said.decode().rpartition("call ")[2] if b"call " in said else whole
    return Measure(whole, float(call), usage.ru_maxrss * 1024)


def random_file(path: Path, size: int) -> Path:
    """Make a file that no program can compress."""
    with open(path, "wb") as file:
        file.writelines(os.urandom(1 << 20) for _ in range(size >> 20))
    return path
