"""`python -m tests.bench`: how fast files are sealed and opened, beside cp and other programs.

Everything runs in memory-backed storage, on the same random bytes, one process a measure, the
competitors taking turns. Prints Markdown.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.competitors import Competitor, competitors
from tests.bench.measure import Measure, measure, random_file

MIB = 1 << 20


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--folder", type=Path, default=Path("/dev/shm"))
    options.add_argument("--size", type=int, default=256, help="MiB of the timed file")
    options.add_argument("--large", type=int, default=1024, help="MiB of the file for memory")
    options.add_argument("--repeats", type=int, default=9)
    given = options.parse_args()
    # Unlike `rmtree`, it takes no offence at gpg's agent, which removes its sockets meanwhile.
    with TemporaryDirectory(prefix="bench-", dir=given.folder) as made:
        folder = Path(made)
        everybody = competitors(folder)
        times = timed(everybody, folder, given.size, given.repeats)
        table(times, given.size, given.repeats)
        memory([one for one in everybody if one.ours], folder, given.large)


def timed(
    everybody: list[Competitor], folder: Path, size: int, repeats: int
) -> dict[str, tuple[list[Measure], list[Measure]]]:
    source = random_file(folder / "document", size * MIB)
    times: dict[str, tuple[list[Measure], list[Measure]]] = {
        one.name: ([], []) for one in everybody
    }
    for turn in range(repeats + 1):
        for one in everybody:
            sealed, opened = folder / "sealed", folder / "opened"
            pair = (
                measure(one.seal(source, sealed), folder),
                measure(one.open(sealed, opened), folder),
            )
            assert opened.stat().st_size == size * MIB, one.name
            sealed.unlink()
            opened.unlink()
            if turn:  # the first turn warms the caches
                for kept, new in zip(times[one.name], pair, strict=True):
                    kept.append(new)
        print(f"turn {turn} of {repeats}", file=sys.stderr)
    source.unlink()
    return times


def table(times: dict[str, tuple[list[Measure], list[Measure]]], size: int, repeats: int) -> None:
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"{size} MiB, medians of {repeats} turns.\n")
    print("| | seal, s | × cp | open, s | × cp | whole process: seal, s | open, s | peak, MiB |")
    print("|---|---|---|---|---|---|---|---|")
    base = [statistics.median(one.call for one in part) for part in times["cp"]]
    for name, parts in times.items():
        calls = [statistics.median(one.call for one in part) for part in parts]
        wholes = [statistics.median(one.whole for one in part) for part in parts]
        peak = max(one.peak for part in parts for one in part)
        print(
            f"| {name} | {calls[0]:.3f} | {calls[0] / base[0]:.2f} "
            f"| {calls[1]:.3f} | {calls[1] / base[1]:.2f} "
            f"| {wholes[0]:.3f} | {wholes[1]:.3f} | {peak / MIB:.0f} |"
        )


def memory(ours: list[Competitor], folder: Path, size: int) -> None:
    source = random_file(folder / "document", size * MIB)
    print(f"\nPeak memory for {size} MiB.\n\n| | seal, MiB | open, MiB |\n|---|---|---|")
    for one in ours:
        sealed, opened = folder / "sealed", folder / "opened"
        peaks = (
            measure(one.seal(source, sealed), folder).peak,
            measure(one.open(sealed, opened), folder).peak,
        )
        print(f"| {one.name} | {peaks[0] / MIB:.0f} | {peaks[1] / MIB:.0f} |")
        sealed.unlink()
        opened.unlink()


if __name__ == "__main__":
    main()
