"""`python -m tests.bench.start`: what `secshare-open --version` adds to a bare interpreter.

The two take turns, so that what else the machine does weighs on both alike. Prints medians in
milliseconds, and the median of the differences within a turn.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

BARE = [sys.executable, "-c", "pass"]
VERSION = [sys.executable, "-m", "secshare.opener", "--version"]


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.start", description=__doc__)
    options.add_argument("--repeats", type=int, default=41)
    repeats = options.parse_args().repeats
    turns = [(milliseconds(BARE), milliseconds(VERSION)) for _ in range(repeats + 1)]
    del turns[0]  # it warms the caches, and compiles
    bare, version = (statistics.median(column) for column in zip(*turns, strict=True))
    added = statistics.median(asked - alone for alone, asked in turns)
    print(f"bare interpreter         {bare:7.1f} ms")
    print(f"secshare-open --version  {version:7.1f} ms")
    print(f"difference               {added:7.1f} ms  (medians of {repeats} turns)")


def milliseconds(command: list[str]) -> float:
    """Run a command; return how long it took, from its start to its end."""
    environ = dict(os.environ)
    environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled once
    began = time.perf_counter()
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
