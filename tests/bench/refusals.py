"""`python -m tests.bench.refusals`: what `secshare-open` costs before it refuses a hostile file.

Seconds from the start of the process to its end, an interpreter's included, and its largest
memory, for each: a table in Markdown. Fails if one takes more than a second or 100 MiB.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from tests.opener.hostile import PICTURES, header_of_a_gigabyte, heavy_factor, zip_bomb
from tests.opener.kit import PDF, PHRASE, seal
from tests.opener.weigh import Weighed, weigh

SECONDS, MEBIBYTES = 1.0, 100.0


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench.refusals", description=__doc__)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--pictures", action="store_true", help="hostile pictures too")
    given = options.parse_args()
    worst = [0.0, 0.0]
    print("| refused | exit | s | MiB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "words").write_text(PHRASE)
        files = {
            "work factor of 2^21": heavy_factor(folder / "heavy.pdf.age"),
            "zip bomb of a gigabyte": zip_bomb(folder / "bomb.zip.age"),
            "header of a gigabyte": header_of_a_gigabyte(folder / "header.age"),
            "header of a gigabyte, one line": header_of_a_gigabyte(folder / "line.age", line=True),
            "header of a gigabyte, of lines": header_of_a_gigabyte(
                folder / "lines.age", bodies=True
            ),
        }
        for title, path in files.items():
            arguments = [path.name, "--passphrase-file", "words"]
            row(title, [weigh(folder, *arguments) for _ in range(given.repeats)], worst)
        if given.pictures:
            seal(folder / "a.age", PDF)
            for title, make in PICTURES.items():
                (folder / "photo").write_bytes(make())
                arguments = ["a.age", "--qr", "photo"]
                weighed = [weigh(folder, *arguments) for _ in range(given.repeats)]
                row(f"picture: {title}", weighed, worst)
    return int(worst[0] > SECONDS or worst[1] > MEBIBYTES)


def row(title: str, weighed: list[Weighed], worst: list[float]) -> None:
    assert all(one.done.status and len(one.done.lines) == 2 for one in weighed), weighed
    seconds = statistics.median(one.seconds for one in weighed)
    mebibytes = max(one.mebibytes for one in weighed)
    worst[:] = max(worst[0], seconds), max(worst[1], mebibytes)
    print(f"| {title} | {weighed[0].done.status} | {seconds:.2f} | {mebibytes:.0f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
