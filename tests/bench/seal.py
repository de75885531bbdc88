"""What a whole `seal` costs beside another version of secshare, in turn, in one run.

    python -m tests.bench.seal --before DIR [--runs 31]

`DIR` is a checkout of the other version. Each seals the same 200 kB document for the same patient,
in a practice of its own; one after the other, so that a machine whose speed drifts favours
neither. Medians in milliseconds, by the clock and of processor time, and the median of the
differences of each pair.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.documents import report

_PRACTICE = """
import sys
from pathlib import Path
from tests.practices import add_patient, make_practice
from secshare.sharing import Desk
with Desk(make_practice(Path(sys.argv[1]))) as desk:
    add_patient(desk)
"""


class Version:
    """One version of secshare, with a practice that it made itself."""

    def __init__(self, tree: Path, practice: Path) -> None:
        self.environment = {**os.environ, "PYTHONPATH": str(tree)}
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as installed
        self.tree, self.practice = tree, practice
        self.run("-c", _PRACTICE, str(practice))

    def run(self, *arguments: str) -> None:
        command = [sys.executable, *arguments]
        subprocess.run(
            command, check=True, capture_output=True, cwd=self.tree, env=self.environment
        )

    def seal(self, document: Path) -> tuple[float, float]:
        """Return the milliseconds of one `secshare seal`, by the clock and of the processors."""
        start, spent = time.perf_counter(), processors()
        what = ["-m", "secshare", "seal", str(document), "--to", "Jeanne Exemple", "--yes"]
        self.run(*what, "--practice", str(self.practice))
        return (time.perf_counter() - start) * 1000, (processors() - spent) * 1000


def processors() -> float:
    """Return the seconds of processor time that ended children took."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=31)
    given = parser.parse_args()
    with TemporaryDirectory() as made:
        folder = Path(made)
        document = folder / "rapport.pdf"
        document.write_bytes(report())
        here = Path(__file__).parents[2]
        versions = [
            Version(tree.absolute(), folder / name)
            for name, tree in (("before", given.before), ("now", here))
        ]
        pairs = []
        for run in range(given.runs + 1):
            order = versions if run % 2 else versions[::-1]
            taken = {version: version.seal(document) for version in order}
            if run:  # the first of each is not counted
                pairs.append([taken[version] for version in versions])
        for at, name in enumerate(("by the clock", "processors")):
            before, now = (
                statistics.median(each[at] for each in one) for one in zip(*pairs, strict=True)
            )
            more = statistics.median(b[at] - a[at] for a, b in pairs)
            print(
                f"seal, {name}: before {before:.0f} ms, now {now:.0f} ms, difference {more:+.1f} ms"
            )


if __name__ == "__main__":
    main()
