"""What 20,000 recipients cost a `seal`: the whole command, in turn with a practice of ten.

    python -m tests.bench.recipients [--runs 21]

Both practices seal the same 200 kB document for the same patient, one after the other, so that a
machine whose speed drifts does not favour either. Medians, and the difference in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from secshare.recipients import Relation
from secshare.sharing import Desk
from tests.bench.measure import Measure, measure
from tests.documents import report
from tests.practices import add_patient, make_practice

SIZES = (10, 20_000)


def ground(folder: Path, recipients: int) -> Path:
    """Make a practice with so many recipients, and return its folder."""
    practice = make_practice(folder / f"practice-{recipients}")
    rows = [f"Personne Fictive {n};patient;p{n}@example.org" for n in range(recipients - 1)]
    listed = folder / f"{recipients}.csv"
    listed.write_text("\n".join(["name;kind;email", *rows, ""]))
    with Desk(practice) as desk:
        add_patient(desk)
        desk.directory.import_file(listed, today=date(2026, 11, 21), accept=Relation)
        assert sum(1 for _ in desk.directory.all()) == recipients
    return practice.folder


def seal(document: Path, practice: Path, folder: Path) -> Measure:
    """Measure one `secshare seal`, start of Python included."""
    command = ["seal", str(document), "--to", "Jeanne Exemple", "--yes", "--practice"]
    return measure([sys.executable, "-m", "secshare", *command, str(practice)], folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=21)
    runs: int = parser.parse_args().runs
    with TemporaryDirectory() as made:
        folder = Path(made)
        document = folder / "rapport.pdf"
        document.write_bytes(report())
        practices = [ground(folder, size) for size in SIZES]
        taken: list[list[float]] = [[], []]
        for run in range(runs + 1):
            for practice, times in zip(practices, taken, strict=True):
                seconds = seal(document, practice, folder).whole
                if run:  # the first of each is not counted
                    times.append(seconds * 1000)
    few, many = (statistics.median(times) for times in taken)
    pairs = [b - a for a, b in zip(*taken, strict=True)]
    for size, times in zip(SIZES, taken, strict=True):
        low, middle, high = min(times), statistics.median(times), max(times)
        print(f"{size:>6} recipients: {middle:6.0f} ms (from {low:.0f} to {high:.0f})")
    print(f"20,000 less 10: {many - few:+.0f} ms between medians,", end=" ")
    print(f"{statistics.median(pairs):+.0f} ms in the median pair")


if __name__ == "__main__":
    main()
