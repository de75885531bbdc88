"""`python -m tests.register.edits --times 1000 --seed N`: is every edit of a byte found?

Of the entries of a journal in the database, one byte of its bytes, its hash, its number, its
reference, or of the signed head; of an export, any byte of the file. Each edit is made, verified
and taken back. Prints each that was not found, or found under another name, and fails on one.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.model import Reference
from secshare.register.cutting import Retention, purge
from secshare.register.exported import verify_file
from secshare.register.exporting import export_jsonl
from secshare.register.faults import Kind
from secshare.register.journal import Journal
from secshare.register.states import Operation
from secshare.register.verifying import verify
from secshare.store import Store
from tests.register.journals import ACTOR, Clock, signer
from tests.register.long import fill

if TYPE_CHECKING:
    from secshare.register.faults import Verified

SHARES = 20


@dataclass(frozen=True)
class Edit:
    """An edit of the database: what undoes it, and what has to be said of it."""

    column: str
    what: str
    number: int | None
    cuts: bool
    undo: tuple[str, tuple[object, ...]]


def edit_database(store: Store, draw: random.Random) -> Edit:
    """Change one byte of an entry, of what finds it, or of the head."""
    column = draw.choice(("body", "hash", "number", "reference", "head"))
    if column == "head":
        return _edit_head(store, draw)
    rows = store.connection.execute("SELECT number, reference, body, hash FROM entry").fetchall()
    rows = [row for row in rows if row[column] is not None]
    row = draw.choice(rows)
    number = row["number"]
    if column == "number":
        return _renumber(store, draw, number, cuts=b'"cut"' in row["body"])
    before = row[column]
    data = bytearray(before.encode() if column == "reference" else before)
    at = _flip(data, draw, ascii_only=column == "reference")
    after = data.decode() if column == "reference" else bytes(data)
    store.connection.execute(f"UPDATE entry SET {column} = ? WHERE number = ?", (after, number))
    undo = f"UPDATE entry SET {column} = ? WHERE number = ?"
    return Edit(
        column,
        f"byte {at} of {column} of {number}",
        number,
        b'"cut"' in row["body"],
        (undo, (before, number)),
    )


def _renumber(store: Store, draw: random.Random, number: int, *, cuts: bool) -> Edit:
    taken = {row[0] for row in store.connection.execute("SELECT number FROM entry")}
    while (
        other := number ^ (1 << draw.randrange(40)) if draw.random() < 0.9 else -number
    ) in taken:
        pass
    move = "UPDATE entry SET number = ? WHERE number = ?"
    store.connection.execute(move, (other, number))
    # Behind the end it is nobody's, and no cut any more.
    cuts = cuts and other > store.connection.execute("SELECT number FROM head").fetchone()[0]
    return Edit("number", f"{number} stands as {other}", number, cuts, (move, (number, other)))


def _edit_head(store: Store, draw: random.Random) -> Edit:
    row = store.connection.execute("SELECT number, hash, signature FROM head").fetchone()
    column = draw.choice(("number", "hash", "signature"))
    if column == "number":
        after: object = row["number"] ^ (1 << draw.randrange(16))
    else:
        data = bytearray(row[column])
        _flip(data, draw)
        after = bytes(data)
    store.connection.execute(f"UPDATE head SET {column} = ?", (after,))
    undo = f"UPDATE head SET {column} = ?"
    return Edit("head", f"{column} of the head", None, False, (undo, (row[column],)))


def _flip(data: bytearray, draw: random.Random, *, ascii_only: bool = False) -> int:
    at, before = draw.randrange(len(data)), None
    while before is None or data[at] == before:
        before = data[at]
        data[at] = draw.randrange(32, 127) if ascii_only else draw.randrange(256)
        if data[at] == before:
            before = None
    return at


def _flip_somewhere(data: bytearray, draw: random.Random, first: int, last: int) -> int:
    """Change a byte of an entry, and as often as that one of the first or of the last line."""
    start, end = draw.choice(((0, len(data)), (0, first), (len(data) - last, len(data))))
    part = data[start:end]
    at = _flip(part, draw)
    data[start:end] = part
    return start + at


def wrong(edit: Edit, found: Verified) -> str | None:
    """Return what is wrong with what was found, None where the edit is named and nothing else."""
    if edit.number is None:
        named = [fault.kind for fault in found.faults] == [Kind.HEAD]
    else:
        numbers = [fault.number for fault in found.faults]
        # A cut that is none any more explains no gap: what it removed is said to be missing, too.
        named = edit.number in numbers if edit.cuts else numbers == [edit.number]
    return None if named else f"{edit.what}: {found.faults}"


def campaign_database(
    store: Store, times: int, draw: random.Random
) -> tuple[Counter[str], list[str]]:
    """Edit, verify and take back; return what was edited how often, and what went wrong."""
    counted: Counter[str] = Counter()
    failed = []
    for _ in range(times):
        edit = edit_database(store, draw)
        counted[edit.column] += 1
        if said := wrong(edit, verify(store, signer().public)):
            failed.append(said)
        store.connection.execute(*edit.undo)
    assert verify(store, signer().public).faults == ()
    return counted, failed


def campaign_file(data: bytes, times: int, draw: random.Random) -> tuple[Counter[str], list[str]]:
    """Change one byte of an export at a time; what is said first has to name its line."""
    counted: Counter[str] = Counter()
    failed = []
    lines = data.splitlines(keepends=True)
    for _ in range(times):
        edited = bytearray(data)
        at = _flip_somewhere(edited, draw, len(lines[0]), len(lines[-1]))
        line = data.count(b"\n", 0, at) + 1
        counted["first" if line == 1 else "last" if line == len(lines) else "entry"] += 1
        for public in (signer().public, None):
            found = verify_file(io.BytesIO(edited), public).verified
            if not found.faults or found.faults[0].line != line:
                what = f"byte {at} in line {line}: {data[at]} to {edited[at]}"
                failed.append(f"{what}, key {'given' if public else 'own'}: {found.faults}")
    return counted, failed


def _whole(store: Store, _: Path) -> None:
    fill(store, SHARES)


def _cut(store: Store, outbox: Path) -> None:
    """Make a journal that was cut, with the entries of two shares with an incident."""
    references = fill(store, SHARES, first=datetime(2024, 1, 2, tzinfo=UTC), every=timedelta(40))
    for reference in (references[2], references[5]):
        store.connection.execute(
            "INSERT INTO incident (reference, recorded, found) VALUES (?, '2024-05', '')",
            (reference,),
        )
        with store.transaction() as connection:
            Journal(store, signer(), ACTOR, now=Clock(datetime(2024, 5, 2, tzinfo=UTC))).append(
                connection, Operation.INCIDENT, Reference(reference)
            )
    journal = Journal(store, signer(), ACTOR, now=Clock(datetime(2026, 1, 2, tzinfo=UTC)))
    purge(store, journal, outbox, Retention(12, 60, 60))
    with store.transaction() as connection:
        journal.append(connection, Operation.CONTACT)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.register.edits", description=__doc__)
    options.add_argument("--times", type=int, default=1000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    given = options.parse_args()
    draw, failed = random.Random(given.seed), []
    print(f"seed {given.seed}")
    for kind, make in (("whole", _whole), ("cut", _cut)):
        with (
            tempfile.TemporaryDirectory() as folder,
            Store.open(Path(folder) / "practice.db", create=True) as store,
        ):
            make(store, Path(folder))
            counted, wrong_ones = campaign_database(store, given.times, draw)
            print(kind, "database:", dict(counted), f"{len(wrong_ones)} not named")
            exported = io.BytesIO()
            export_jsonl(store, signer(), exported)
            counted, more = campaign_file(exported.getvalue(), given.times, draw)
            print(kind, "export:", dict(counted), f"{len(more)} not named")
            failed += wrong_ones + more
    print(*failed, sep="\n")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
