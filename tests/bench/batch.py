"""What a batch does in a second, beside other programs on the same documents, in one run.

    python -m tests.bench.batch [--documents 1000]
    python -m tests.bench.batch --scale 1000 10000 100000 [--directory 20000]

The first seals PDFs of 200 kB and 2 pages, with two processes, and has two of each peer work at a
time: scrypt alone at the same work factor, `gpg -c`, `7z` and `pyrage.passphrase`. scrypt is timed
before and after ours, since a machine's speed drifts. A batch is timed from the reading of its
manifest to its end, the start of its processes included.

The second seals small documents to a key, and says rate and memory by the number of rows; the
practice may have a directory of other people, of whom each row's contacts are compared with all.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from secshare import profiles
from secshare.age import HybridIdentity
from secshare.batch.manifest import read_manifest
from secshare.batch.people import survey
from secshare.batch.running import Options, run
from secshare.practice import Practice
from secshare.recipients import Relation
from secshare.sharing import Desk
from secshare.store.spool import Spool
from tests.batches import Patient, write_batch
from tests.bench.competitors import WORDS
from tests.practices import make_practice

JOBS = 2
SIZE = 200_000
PASSWORD = "Fable-26"
"""As people choose them."""


def scrypt(number: int) -> int:
    """Derive one key, with the same library as ours: Python's own may have another OpenSSL."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    n = 2**profiles.WORK_FACTOR_DRAWN
    Scrypt(salt=b"%43d" % number, length=32, n=n, r=8, p=1).derive(WORDS.encode())
    return number


def pyrage_seal(path: str) -> int:
    import pyrage

    return len(pyrage.passphrase.encrypt(Path(path).read_bytes(), WORDS))


def pooled(act: Callable[..., object], work: list[object]) -> float:
    """Return how many a second two processes do, once they are warm."""
    with ProcessPoolExecutor(JOBS, mp_context=get_context("spawn")) as pool:
        list(pool.map(act, work[: 2 * JOBS]))
        began = time.perf_counter()
        list(pool.map(act, work))
        return len(work) / (time.perf_counter() - began)


def commands(command: Callable[[Path], list[str]], documents: list[Path]) -> float:
    """Return how many documents a second a program seals, two of it at a time."""

    def one(document: Path) -> None:
        subprocess.run(command(document), check=True, capture_output=True)

    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(one, documents[:JOBS]))
        began = time.perf_counter()
        list(pool.map(one, documents))
        return len(documents) / (time.perf_counter() - began)


def gpg(folder: Path, passphrase: str) -> Callable[[Path], list[str]]:
    """Return the command of `gpg -c` with all that it does by itself.

    It hashes the passphrase again and again until it has hashed 65 MB of it: a short one takes more
    rounds, and so more time.
    """
    home, secret = folder / f"gpg-{len(passphrase)}", folder / f"words-{len(passphrase)}"
    home.mkdir(mode=0o700)
    secret.write_text(passphrase + "\n")
    options = ["--homedir", str(home), "--batch", "--yes", "--quiet"]
    options += ["--pinentry-mode", "loopback", "--passphrase-file", str(secret)]
    return lambda it: ["gpg", *options, "-o", str(folder / f"{it.stem}.gpg"), "-c", str(it)]


def processors() -> float:
    """Return the seconds that all processors worked for this and for what it started and ended."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, both))


def peak() -> float:
    """Return the most memory that this process took, in MiB.

    `ru_maxrss` would be that of its parent, where that had taken more before it began this one.
    """
    told = Path("/proc/self/status").read_text().partition("VmHWM:")[2]
    return int(told.split()[0]) / 1024


def batch(practice: Practice, manifest: Path, *, preflight: bool, jobs: int = JOBS) -> dict:
    """Seal a manifest, and return what it took.

    The rate of all of it; the seconds from the end of reading until the first share was looked at,
    in which the processes start; the milliseconds a share by stage; and the memory.
    """
    began, spent, looked = time.perf_counter(), processors(), []
    with Desk(practice) as desk, Spool.create(practice.private) as spool:
        today = date.today()
        read = read_manifest(manifest, spool, region="FR", today=today)
        survey(desk, spool)
        options = Options(
            run=os.urandom(4).hex(), jobs=jobs, today=today, named=True, preflight=preflight
        )
        begun = time.perf_counter()
        outcome = run(
            desk,
            spool,
            read,
            options,
            on_result=lambda _: None,
            on_look=lambda count: looked.append(time.perf_counter()) if count else None,
        )
    seconds = time.perf_counter() - began
    assert outcome.failed == 0, outcome
    return {
        "rate": read.shares / seconds,
        "start": looked[0] - begun,
        "processors": 1000 * (processors() - spent) / read.shares,
        "stages": {name: 1000 * it / read.shares for name, it in outcome.stages.items()},
        "peak": peak(),
    }


@contextmanager
def ground(count: int, size: int, key: str | None) -> Iterator[tuple[Practice, Path]]:
    with TemporaryDirectory() as folder:
        place = Path(folder)
        manifest = write_batch(place / "docs", count, size=size, key=key)
        yield make_practice(place / "practice"), manifest


def list_others(practice: Practice, count: int) -> None:
    """Enter people of no manifest in the directory, one in twenty of them a professional."""
    folder = practice.folder.parent / "directory"
    folder.mkdir()
    lines = ["name;kind;email;phone;birth_date"]
    for other in map(Patient, range(200_000, 200_000 + count)):
        kind = "patient" if other.number % 20 else "professional"
        lines.append(f"{other.name};{kind};{other.email};{other.phone};{other.born.isoformat()}")
    (folder / "others.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    with Desk(practice) as desk:
        desk.directory.import_file(folder / "others.csv", today=date.today(), accept=Relation)


def stages(of: dict) -> str:
    return ", ".join(f"{name} {ms:.1f}" for name, ms in of["stages"].items())


def beside(count: int) -> None:
    key = str(HybridIdentity.generate().recipient())
    few = max(count // 5, 20)
    with ground(count, SIZE, None) as (practice, manifest):
        documents = sorted(manifest.parent.glob("*.pdf"))
        before = pooled(scrypt, list(range(count // 2)))
        words = batch(practice, manifest, preflight=True)
        after = pooled(scrypt, list(range(count // 2)))
        alone = (before + after) / 2
        print(
            f"scrypt alone, 2^{profiles.WORK_FACTOR_DRAWN}: {before:.1f} and {after:.1f} a second"
        )
        print(
            f"batch to words: {words['rate']:.1f} a second, {words['rate'] / alone:.2f} of scrypt"
        )
        print(f"  milliseconds a share: {stages(words)}")
        out = manifest.parent.parent / "out"
        out.mkdir()
        peers = {
            "gpg -c, the same words": commands(gpg(out, WORDS), documents[:few]),
            "gpg -c, a password of 8 characters": commands(gpg(out, PASSWORD), documents[:few]),
            "7z, ZIP with AES-256": commands(
                lambda it: [
                    *("7z", "a", "-bd", "-tzip", "-mem=AES256", f"-p{WORDS}"),
                    *(str(out / f"{it.stem}.zip"), str(it)),
                ],
                documents[:few],
            ),
            "7z, 7z with AES-256": commands(
                lambda it: ["7z", "a", "-bd", f"-p{WORDS}", str(out / f"{it.stem}.7z"), str(it)],
                documents[:few],
            ),
            "pyrage.passphrase": pooled(pyrage_seal, [str(it) for it in documents[: few // 10]]),
        }
        for name, rate in peers.items():
            print(
                f"{name}: {rate:.1f} a second; batch to words is {words['rate'] / rate:.1f} times"
            )
    for preflight in (True, False):
        with ground(count, SIZE, key) as (practice, manifest):
            keys = batch(practice, manifest, preflight=preflight)
        told = "with preflight" if preflight else "without"
        print(f"batch to keys, {told}: {keys['rate']:.1f} a second")
        print(f"  milliseconds a share: {stages(keys)}")


def scale(sizes: list[int], directory: int) -> None:
    """Say rate and memory of batches of so many rows, each in a process of its own."""
    for rows in sizes:
        key = str(HybridIdentity.generate().recipient())
        with ground(rows, 0, key) as (practice, manifest):
            if directory:
                # Elsewhere: a child's memory is at least what its parent's was.
                filling = get_context("spawn").Process(
                    target=list_others, args=(practice, directory)
                )
                filling.start()
                filling.join()
                assert filling.exitcode == 0
            command = [sys.executable, "-m", "tests.bench.batch", "--one"]
            command += [str(practice.folder), str(manifest)]
            it = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        print(
            f"{rows} rows to a key, with preflight, {directory} people in the directory:"
            f" {it['rate']:.1f} a second,"
            f" {rows / (rows / it['rate'] - it['start']):.1f} after a start of {it['start']:.1f} s,"
            f" {it['processors']:.1f} ms of processors a share, coordinator {it['peak']:.0f} MiB;"
            f" milliseconds a share: {stages(it)}"
        )
        sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--scale", type=int, nargs="+")
    parser.add_argument("--directory", type=int, default=0)
    parser.add_argument("--one", type=Path, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        practice, manifest = given.one
        print(json.dumps(batch(Practice.open(practice), manifest, preflight=True)))
    elif given.scale:
        scale(given.scale, given.directory)
    else:
        beside(given.documents)


if __name__ == "__main__":
    main()
