"""`secshare seal` killed at random instants: after the next command nothing is half-done.

    python -m tests.kill.seal --times 100

It goes on until so many processes were killed at work. Each round starts a real `seal` in its own
process group, kills it outright after a random delay, then opens the practice as any next command
does, and looks at everything: no clear text, no draft, no share without its words or its file, no
folder without its share, what is recorded as prepared opens with the words that are kept, words
that are called held were written nowhere, and the journal verifies.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from itertools import count as numbers
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from secshare import files, page
from secshare.age import HybridIdentity
from secshare.model import Kind, Reference, SecretState, ShareStatus
from secshare.register.verifying import verify
from secshare.sharing import Desk
from tests.kill.opening import opened
from tests.practices import add_patient, make_practice

# To words, to a key, several documents to words; a password PDF; a page, where one was built.
FORMS = ("age", "age", "age", "pdf", *(("html",) if page.available() else ()))

MARK = b"Mme EXEMPLE Jeanne, nee le 12/04/1958, temoin-de-texte-clair"


class Ground:
    """A practice with two recipients, and two documents that carry a mark."""

    def __init__(self, folder: Path, *, megabytes: int = 12) -> None:
        self.folder = folder
        self.identity = HybridIdentity.generate()
        self.checked: set[Reference] = set()
        self.practice = make_practice(folder / "practice")
        with Desk(self.practice) as desk:
            add_patient(desk)
            desk.directory.add(
                name="Laboratoire Fictif",
                kind=Kind.ORGANISATION,
                email="labo@example.org",
                keys=(str(self.identity.recipient()),),
            )
        self.documents = [folder / "rapport.pdf", folder / "annexe.csv"]
        with pikepdf.new() as report:
            report.add_blank_page()
            content = MARK + os.urandom(megabytes << 20) + MARK
            report.pages[0].Contents = pikepdf.Stream(report, content)
            report.save(self.documents[0], compress_streams=False)
        self.documents[1].write_bytes(MARK * 1000)

    def command(self, kind: int) -> list[str]:
        """Return one of the ways to seal, by its place in `FORMS`."""
        documents = [str(path) for path in self.documents[: 2 if kind == 2 else 1]]
        who = "Laboratoire Fictif" if kind == 1 else "Jeanne Exemple"
        where = ["--practice", str(self.practice.folder), "--format", FORMS[kind]]
        where += [part for rule in ("unchecked", "not-named") for part in ("--accept", rule)]
        return [sys.executable, "-m", "secshare", "seal", *documents, "--to", who, "--yes", *where]

    def check(self) -> tuple[int, str]:
        """Open the practice as the next command does, check everything, say what was found."""
        before = self._traces()
        with Desk(self.practice) as desk:
            verify(desk.store, desk.practice.signer.public).check()
            everything = list(desk.register.shares())
            shares = [share for share in everything if share.reference not in self.checked]
            for share in shares:
                assert share.status is ShareStatus.PREPARED, share
                folder = self.practice.outbox / str(share.reference)
                (sealed,) = folder.glob("document-*")
                assert sealed.stat().st_size == share.size
                words = desk.register.words(share.reference, self._own()) if share.road else None
                written = any(self.practice.secrets.glob(f"{share.reference}.*"))
                held = share.states.secret is SecretState.HELD
                assert not (held and written), "words that are called held were written"
                assert MARK in opened(sealed, words, self.identity)
            known = {str(share.reference) for share in shares}
            kept = desk.store.connection.execute("SELECT count(*) FROM sealed_words").fetchone()[0]
        assert kept == sum(1 for share in everything if share.road), "words without their share"
        folders = {path.name for path in self.practice.outbox.iterdir()}
        assert folders == known, folders ^ known
        for path in self.practice.folder.rglob("*"):
            assert not path.name.endswith(".part"), path
            assert path.is_dir() or MARK not in path.read_bytes(), f"clear text in {path}"
        for path in self.practice.secrets.iterdir():
            assert any(name in path.name for name in known), f"words of no share: {path}"
        self.checked |= {share.reference for share in shares}
        return len(shares), before

    def _own(self) -> tuple[object, ...]:
        return self.practice.identities(lambda: "")

    def _traces(self) -> str:
        """Say what the kill left: this shows that the campaign hits what it aims at."""
        drafts = [path for path in self.practice.outbox.iterdir() if path.name.endswith(".part")]
        return f"draft with {len(list(drafts[0].iterdir()))} files" if drafts else "no draft"


def strike(command: list[str], delay: float) -> bool:
    """Start a command, kill its whole group after `delay` seconds; True if it was still running."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    said = process.stderr.read()
    process.wait()
    process.stderr.close()
    assert process.returncode in {0, -signal.SIGKILL}, said
    return process.returncode != 0


def campaign(times: int, seed: int, folder: Path, *, megabytes: int = 12) -> Counter[str]:
    """Run the campaign and return how often each kind of trace was found after a kill."""
    chance = random.Random(seed)
    ground = Ground(folder, megabytes=megabytes)
    spans = []
    for kind in range(len(FORMS)):
        started = time.perf_counter()
        subprocess.run(ground.command(kind), check=True, capture_output=True)
        spans.append(time.perf_counter() - started)
    seen: Counter[str] = Counter()
    ground.check()
    _clear_outbox(ground)
    for number in numbers():
        if seen["killed"] == times:
            break
        kind = number % len(FORMS)
        # The first third is Python loading modules, when there is nothing to leave behind.
        delay = chance.uniform(spans[kind] * 0.3, spans[kind] * 1.05)
        killed = strike(ground.command(kind), delay)
        now, trace = ground.check()
        seen["killed" if killed else "finished"] += 1
        seen[f"left: {trace}"] += 1
        seen["share kept" if now else "share gone"] += 1
        _clear_outbox(ground)  # or each round opens all that came before it
    return seen


def _clear_outbox(ground: Ground) -> None:
    """Remove what was opened and found whole; the register keeps its share."""
    for folder in (ground.practice.outbox, ground.practice.secrets):
        for path in folder.iterdir():
            files.remove(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with TemporaryDirectory() as folder:
        seen = campaign(options.times, options.seed, Path(folder))
    for trace, count in sorted(seen.items()):
        print(f"{count:5} {trace}")
    print(f"{options.times} killed at work: nothing half-done")


if __name__ == "__main__":
    main()
