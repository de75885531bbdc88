"""`secshare batch` killed at random instants: run to its end, each row is sealed exactly once.

    python -m tests.kill.batch --times 200 [--rows 500] [--seed N]

Each round has its own practice and a manifest of so many rows, half of them for words and half for
a key. The batch is killed outright after a random delay, some of the times its first process alone
and the others all of them, and started again, until `--kills` of a round hit it at work. Then it
runs to its end, and everything is looked at: each row has one share and each share one row, each
opens with its words or its key and is its row's document, the report names the same references as
the register, no process of the batch is left, no clear text, no draft and no spool, and the journal
verifies.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from secshare.age import HybridIdentity
from secshare.model import SecretState, ShareStatus
from secshare.practice import Practice
from secshare.register import Runs
from secshare.register.verifying import verify
from secshare.sharing import Desk
from tests.batches import Patient, write_batch
from tests.documents import WITNESS
from tests.kill.opening import opened
from tests.practices import make_practice

RUN = "campagne"


class Ground:
    """A practice, and a manifest with its documents."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.rows, self.report = rows, folder / "report.jsonl"
        self.identity = HybridIdentity.generate()
        self.practice: Practice = make_practice(folder / "practice")
        half = rows // 2
        words = write_batch(folder / "docs", half).read_text("utf-8").splitlines()
        keys = write_batch(
            folder / "docs", rows - half, first=half, key=str(self.identity.recipient())
        )
        lines = [f"{line};" for line in words]
        lines[0] = "fichier;nom;email;date de naissance;voie;clé"
        for line in keys.read_text("utf-8").splitlines()[1:]:
            *before, key = line.split(";")
            lines.append(";".join([*before, "", key]))
        self.manifest = folder / "docs" / "both.csv"
        self.manifest.write_text("\n".join(lines) + "\n", "utf-8")

    def command(self) -> list[str]:
        where = ["--practice", str(self.practice.folder), "--report", str(self.report)]
        batch = ["batch", str(self.manifest), "--yes", "--run", RUN, "--jobs", "2", *where]
        return [sys.executable, "-m", "secshare", *batch]

    def check(self) -> None:
        """Look at everything, once the run came to its end."""
        lines = [json.loads(line) for line in self.report.read_text("utf-8").splitlines()]
        told = {line["row"]: line["reference"] for line in lines if "row" in line}
        assert set(told) == set(range(2, self.rows + 2)), "a row is missing in the report"
        with Desk(self.practice) as desk:
            verify(desk.store, desk.practice.signer.public).check()
            shares = {str(share.reference): share for share in desk.register.shares()}
            assert len(shares) == self.rows, f"{len(shares)} shares of {self.rows} rows"
            assert sorted(map(str, Runs(desk.store).references(RUN))) == sorted(shares)
            assert set(told.values()) == set(shares), "the report and the register differ"
            for row, reference in told.items():
                share, patient = shares[reference], Patient(row - 2)
                assert share.status is ShareStatus.PREPARED
                assert share.name == patient.name, "another person's share"
                assert share.states.secret is (SecretState.HELD if share.road else None)
                words = None
                if share.road:
                    own = self.practice.identities(lambda: "")
                    words = desk.register.words(share.reference, own)
                folder = self.practice.outbox / reference
                (sealed,) = folder.glob("document-*")
                assert patient.name.encode() in opened(sealed, words, self.identity)
        assert {path.name for path in self.practice.outbox.iterdir()} == set(shares)
        for path in self.practice.folder.rglob("*"):
            assert not path.name.endswith(".part"), path
            assert path.is_dir() or WITNESS not in path.read_bytes(), f"clear text in {path}"
        assert not list(self.practice.secrets.iterdir())


def strike(command: list[str], delay: float, *, alone: bool) -> bool:
    """Start a batch, and kill it after `delay` seconds; True if it was still running.

    Args:
        alone: only its first process; the others are to end by themselves.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        if alone:
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.returncode in {0, -signal.SIGKILL}, process.returncode
    _gone(process.pid)
    return process.returncode != 0


def _gone(group: int, patience: float = 30.0) -> None:
    """Wait until no process of the group is left: they see the end of the first one."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError("processes of a killed batch are still there")


def campaign(
    times: int, rows: int, kills: int, seed: int, folder: Path, *, longest: float = 7.0
) -> Counter[str]:
    """Kill so many batches at work, and return what the kills hit.

    Args:
        longest: seconds that one is left at work.
    """
    draw, seen, rounds = random.Random(seed), Counter[str](), 0
    while seen.total() < times:
        rounds += 1
        place = folder / f"round-{rounds}"
        place.mkdir()
        ground = Ground(place, rows)
        began = time.monotonic()
        hits = 0
        while hits < min(kills, times - seen.total()):
            alone = draw.random() < 0.5
            # From before the first process is loaded to the end of some ten seconds of work.
            if not strike(ground.command(), draw.uniform(0.2, longest), alone=alone):
                break  # it came to its end before
            hits += 1
            with_drafts = any(p.name.endswith(".part") for p in ground.practice.outbox.iterdir())
            seen[f"{'first' if alone else 'all'}, {'drafts' if with_drafts else 'no draft'}"] += 1
        done = subprocess.run(ground.command(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        ground.check()
        print(f"round {rounds}: {hits} kills, {time.monotonic() - began:.0f} s, {dict(seen)}")
        sys.stdout.flush()
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--kills", type=int, default=10, help="of one batch")
    parser.add_argument("--seed", type=int, default=time.time_ns())
    given = parser.parse_args()
    print(f"seed {given.seed}")
    with TemporaryDirectory() as folder:
        seen = campaign(given.times, given.rows, given.kills, given.seed, Path(folder))
    print(f"{seen.total()} kills, each row sealed exactly once: {dict(seen)}")


if __name__ == "__main__":
    main()
