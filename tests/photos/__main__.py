"""`python -m tests.photos`: how many of 120 photographs `secshare-open` reads, and how fast.

`--keep FOLDER` writes those that are not read there, to be looked at; `--harder 1.5` takes them
from farther away, with so many times the blur and the noise.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.photos.albums import COUNT, Album, cards, words
from tests.photos.judge import read

LEAST = 0.9


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.photos", description=__doc__)
    options.add_argument("--keep", type=Path)
    options.add_argument("--count", type=int, default=COUNT)
    options.add_argument("--harder", type=float, default=1.0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        judgements = [judged(album, given, Path(folder)) for album in (words(), cards())]
    return int(not all(judgements))


def judged(album: Album, given: argparse.Namespace, folder: Path) -> bool:
    took, missed = [], []
    for seed, photo in album.photographs(given.count, given.harder):
        began = time.perf_counter()
        right = read(photo, folder) == album.holds
        took.append(time.perf_counter() - began)
        if not right:
            missed.append(seed)
            if given.keep:
                (given.keep / f"{album.name}-{seed}.jpg").write_bytes(photo)
    share = 1 - len(missed) / given.count
    print(
        f"{album.name}: {given.count - len(missed)} of {given.count} read ({share:.0%}), "
        f"median {statistics.median(took) * 1000:.0f} ms, at most {max(took) * 1000:.0f} ms; "
        f"not read: {', '.join(map(str, missed)) or 'none'}"
    )
    return share >= LEAST


if __name__ == "__main__":
    sys.exit(main())
