"""`python -m tests.bench.journal`: what verifying a long journal costs, and finding things in it.

Half a million entries of 100,000 shares, in memory-backed storage. The time of verifying stands
beside that of SHA-256 over the same bytes and of `json.loads` over them, taken in turns: a machine
that is busy is busy for all three. All is done by one thread: the processor's time, beside the
clock's, says what a quiet machine takes. Prints Markdown.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import resource
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.model import Reference
from secshare.register import Journal, Operation, Register
from secshare.register.exported import verify_file
from secshare.register.exporting import export_jsonl
from secshare.register.verifying import rows, verify
from secshare.store import Store
from tests.register.journals import ACTOR, signer
from tests.register.long import fill

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS = 5
APPENDS = 500
LOOKUPS = 300


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.journal", description=__doc__)
    options.add_argument("--folder", type=Path, default=Path("/dev/shm"))
    options.add_argument("--shares", type=int, default=100_000)
    given = options.parse_args()
    folder = given.folder / "secshare-bench-journal"
    folder.mkdir(mode=0o700)
    try:
        path = folder / "practice.db"
        print(f"writing {given.shares} shares", file=sys.stderr)
        with Store.open(path, create=True) as store:
            fill(store, given.shares)
            store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with Store.open(path) as store:
            verifying(store, path, folder / "journal.jsonl")
            writing(store)
            finding(store, folder)
    finally:
        shutil.rmtree(folder)


def verifying(store: Store, path: Path, exported: Path) -> None:
    count = store.connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times: dict[str, list[tuple[float, float]]] = {}
    for turn in range(TURNS):
        for name, act in (
            ("verify", lambda: verify(store, signer().public).check()),
            ("read", lambda: deplete(store, bytes)),
            ("SHA-256 alone", lambda: deplete(store, lambda body: hashlib.sha256(body).digest())),
            ("json.loads alone", lambda: deplete(store, json.loads)),
        ):
            times.setdefault(name, []).append(both(act))
        print(f"turn {turn + 1} of {TURNS}", file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    def write() -> None:
        with exported.open("wb", buffering=1 << 20) as sink:
            export_jsonl(store, signer(), sink)

    def read() -> None:
        with exported.open("rb") as file:
            verify_file(file, signer().public).verified.check()

    times["export, signed"] = [both(write)]
    times["verify the export"] = [both(read) for _ in range(TURNS)]
    first = statistics.median(used for _, used in times["verify"])
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {count} entries, ", end="")
    print(f"{path.stat().st_size / 1e6:.0f} MB; medians of {TURNS}.\n")
    print("| | seconds | of the processor | entries a second of it | of `verify` |")
    print("|---|---|---|---|---|")
    for name, taken in times.items():
        clock, used = (statistics.median(each) for each in zip(*taken, strict=True))
        print(f"| {name} | {clock:.2f} | {used:.2f} | {count / used:,.0f} | {used / first:.2f} |")
    print(f"\nMemory that verifying takes at most: {peak / 1024:.0f} MiB.\n")


def deplete(store: Store, act: Callable[[bytes], object]) -> None:
    for many in rows(store.connection):
        for _, _, body, _ in many:
            act(body)


def writing(store: Store) -> None:
    """Print what an entry costs beside the transaction that it stands in."""
    journal = Journal(store, signer(), ACTOR)
    alone, appended = [], []
    for _ in range(APPENDS):
        with store.transaction() as connection:
            connection.execute("UPDATE share SET size = 1 WHERE reference = ''")
            appended.append(
                timed(lambda: journal.append(connection, Operation.CONTACT, recipient="0" * 32))
            )
        fresh = Journal(store, signer(), ACTOR)
        with store.transaction() as connection:
            alone.append(timed(lambda: fresh.append(connection, Operation.CONTACT)))  # noqa: B023 - called at once
    print("| an entry | median | 99 of 100 |\n|---|---|---|")
    for name, taken in (("in a process that wrote one", appended), ("the first", alone)):
        print(f"| {name} | {milliseconds(taken, 50)} | {milliseconds(taken, 99)} |")
    print()


def finding(store: Store, folder: Path) -> None:
    """Print what look-ups cost."""
    journal = Journal(store, signer(), ACTOR)
    register = Register(store, folder, journal)
    draw = random.Random(1)
    references = [
        Reference(row[0]) for row in store.connection.execute("SELECT reference FROM share")
    ]
    people = [row[0] for row in store.connection.execute("SELECT DISTINCT recipient FROM share")]
    busiest = store.connection.execute(
        "SELECT recipient FROM share GROUP BY recipient ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()[0]
    chosen, someone = draw.choices(references, k=LOOKUPS), draw.choices(people, k=LOOKUPS)
    print(f"| look-up, {len(references)} shares | median | 99 of 100 |\n|---|---|---|")
    looks: tuple[tuple[str, list[float]], ...] = (
        ("a share by its reference", [timed(lambda: register.share(r)) for r in chosen]),  # noqa: B023 - called at once
        ("the entries of a share", [timed(lambda: list(journal.entries(r))) for r in chosen]),  # noqa: B023 - called at once
        ("the shares of somebody", [timed(lambda: list(register.shares(u))) for u in someone]),  # noqa: B023 - called at once
        ("of who has most", [timed(lambda: list(register.shares(busiest))) for _ in chosen]),
        ("the head, checked", [timed(Journal(store, signer(), ACTOR).head) for _ in chosen]),
    )
    for name, taken in looks:
        print(f"| {name} | {milliseconds(taken, 50)} | {milliseconds(taken, 99)} |")


def milliseconds(taken: list[float], percent: int) -> str:
    return f"{sorted(taken)[len(taken) * percent // 100] * 1000:.2f} ms"


def both(act: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that passed, and those of the processor."""
    start = time.process_time()
    return timed(act), time.process_time() - start


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
