"""Processes that seal at once: nothing is lost, and the journal verifies.

    python -m tests.sharing.together [--processes 8] [--seconds 60]

Each opens the practice anew for every document, as a command does, and settles and sweeps what it
takes for left behind while the others are at work. Every fourth share is marked as sent, and
every fifth recalled, by whoever made it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from secshare import files
from secshare.model import FileState, ShareStatus
from secshare.practice import Practice
from secshare.register import Operation
from secshare.register.verifying import verify
from secshare.sharing import Desk, address, prepare
from secshare.sharing.recalling import recall
from tests.practices import add_patient, make_practice

PROCESSES = 8


def seal(folder: Path, document: Path, seconds: float) -> list[str]:
    """Seal one share after the other for so long; return their references."""
    practice, until, made = Practice.open(folder), time.monotonic() + seconds, list[str]()
    while time.monotonic() < until:
        with files.open_source(document) as source, Desk(practice) as desk:
            someone = address(desk, "Jeanne Exemple", today=date.today())
            reference = prepare(desk, someone, [source]).share.reference
            made.append(str(reference))
            if len(made) % 4 == 0:
                desk.register.change(reference, Operation.MARK, mark=FileState.SENT)
            if len(made) % 5 == 0:
                recall(desk, reference)
    return made


def campaign(folder: Path, *, processes: int = PROCESSES, seconds: float) -> int:
    """Run it, check everything, and return how many shares there are."""
    practice = make_practice(folder / "practice")
    with Desk(practice) as desk:
        add_patient(desk)
    document = folder / "rapport.pdf"
    document.write_bytes(b"%PDF-1.7 temoin" * 1000)
    one = [
        sys.executable,
        "-m",
        "tests.sharing.together",
        "--one",
        str(practice.folder),
        str(document),
    ]
    running = [
        subprocess.Popen(
            [*one, "--seconds", str(seconds)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(processes)
    ]
    said = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * processes, said
    made = [line for out, _ in said for line in out.decode().split()]
    assert all(out for out, _ in said), "a process that made nothing"
    with Desk(practice) as desk:
        verify(desk.store, practice.signer.public).check()
        shares = list(desk.register.shares())
        identities = practice.identities(lambda: "")
        kept = [share for share in shares if share.words_kept]
        words = {desk.register.words(share.reference, identities) for share in kept}
    references = {str(share.reference) for share in shares}
    assert len(made) == len(set(made)) == len(shares)
    assert references == set(made) == {path.name for path in practice.outbox.iterdir()}
    assert {share.status for share in shares} == {ShareStatus.PREPARED}
    assert len(words) == len(kept) == len(list(practice.secrets.iterdir()))
    assert len(shares) - len(kept) == sum(len(out.split()) // 5 for out, _ in said)
    return len(shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print("\n".join(seal(*given.one, given.seconds)))
        return
    with TemporaryDirectory() as folder:
        count = campaign(Path(folder), processes=given.processes, seconds=given.seconds)
    print(f"{given.processes} processes, {given.seconds:.0f} s: {count} shares, none lost, sound")


if __name__ == "__main__":
    main()
