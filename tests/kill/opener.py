"""Kill `secshare-open` at random instants, and look at what the next command leaves.

    python -m tests.kill.opener --times 100 [--seed N] [--folder DIR]

Each round starts the command on a large document, or on several, kills it with SIGKILL after a
random time, opens another small document in the same folder, and then looks at every file there:
no partial file, no clear text but in documents that are complete. A quarter of the rounds takes the
way of systems where a file cannot be without a name, a quarter replaces an existing document.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.opener.kit import (
    COMMAND,
    MARK,
    PHRASE,
    clear_text_in,
    environ,
    names,
    seal,
    seal_documents,
)

HIDDEN = [
    sys.executable,
    "-c",
    "import sys\nfrom secshare.files import drafts\ndrafts.nameless = lambda folder, mode: None\n"
    "from secshare.opener import main\nsys.exit(main())",
]
OLD = b"an older document"
NEXT = "next.txt.age"
WAYS = ("nameless", "hidden", "several", "replacing")


@dataclass
class Report:
    """What a campaign saw.

    Attributes:
        rounds: how many processes were started to be killed.
        killed: how many of them the signal ended, the others being faster.
        parts: after how many a hidden file or folder was there, before the next command.
        complete: after how many the whole document was there.
        faults: what must not be, one line each.
    """

    rounds: int = 0
    killed: int = 0
    parts: int = 0
    complete: int = 0
    faults: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds ({', '.join(f'{n} {way}' for way, n in self.ways.items())}): "
            f"{self.killed} killed while running, {self.complete} with the document complete, "
            f"{self.parts} with a hidden part before the next command, "
            f"{len(self.faults)} with anything wrong after it"
        )


class Campaign:
    """One folder, and rounds in it."""

    def __init__(self, folder: Path, *, size: int, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.report = Report()
        self.content = (MARK + self.chance.randbytes(4096 - len(MARK))) * (size // 4096)
        self.sealed = {
            "one": seal(folder / "one.bin.age", self.content),
            "several": seal_documents(
                folder / "several.zip.age",
                {f"{n}.bin": self.content[: size // 4] for n in range(4)},
            ),
            "next": seal(folder / NEXT, b"a small document"),
        }
        (folder.parent / "words").write_text(PHRASE)
        self.sealed_names = set(names(folder))
        self.seconds = {way: self._measure(way) for way in WAYS}

    def _start(self, way: str) -> subprocess.Popen[bytes]:
        command = HIDDEN if way == "hidden" else COMMAND
        arguments = ["several.zip.age"] if way == "several" else ["one.bin.age"]
        if way == "replacing":
            (self.folder / "one.bin").write_bytes(OLD)
            arguments.append("--force")
        return subprocess.Popen(
            [*command, *arguments, "--passphrase-file", "../words"],
            cwd=self.folder,
            env=environ(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _measure(self, way: str) -> float:
        began = time.monotonic()
        assert self._start(way).wait(120) == 0
        taken = time.monotonic() - began
        self._clean()
        return taken

    def round(self, way: str) -> None:
        """Kill one command, run the next, and look."""
        child = self._start(way)
        time.sleep(self.chance.uniform(0, self.seconds[way]))
        os.kill(child.pid, signal.SIGKILL)
        self.report.killed += child.wait() == -signal.SIGKILL
        self.report.rounds += 1
        self.report.ways[way] += 1
        made = set(names(self.folder)) - self.sealed_names
        self.report.parts += any(name.endswith(".part") for name in made)
        following = subprocess.run(
            [*COMMAND, NEXT, "--passphrase-file", "../words"],
            cwd=self.folder,
            env=environ(),
            capture_output=True,
            start_new_session=True,
            check=False,
            timeout=60,
        )
        if following.returncode:
            self._fault(way, f"the next command failed: {following.stderr!r}")
        self._look(way)
        self._clean()

    def _look(self, way: str) -> None:
        made = set(names(self.folder)) - self.sealed_names - {"next.txt"}
        expected = {"several": "several"}.get(way, "one.bin")
        if made - {expected}:
            self._fault(way, f"left behind: {sorted(made - {expected})}")
        documents = []
        if expected in made:
            path = self.folder / expected
            documents = sorted(path.iterdir()) if path.is_dir() else [path]
            self._look_inside(way, documents)
        elif way == "replacing":
            self._fault(way, "the older document is gone")
        strange = set(clear_text_in(self.folder)) - set(documents)
        if strange:
            self._fault(way, f"clear text in {sorted(path.name for path in strange)}")

    def _look_inside(self, way: str, documents: list[Path]) -> None:
        if way == "replacing" and documents[0].read_bytes() == OLD:
            return
        whole = self.content[: len(self.content) // 4] if way == "several" else self.content
        digest = hashlib.sha256(whole).digest()
        if len(documents) != (4 if way == "several" else 1) or any(
            hashlib.sha256(path.read_bytes()).digest() != digest for path in documents
        ):
            self._fault(way, "an incomplete document has its name")
        self.report.complete += 1

    def _fault(self, way: str, what: str) -> None:
        self.report.faults.append(f"round {self.report.rounds} ({way}): {what}")

    def _clean(self) -> None:
        for name in set(names(self.folder)) - self.sealed_names:
            path = self.folder / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def campaign(folder: Path, *, times: int, size: int, seed: int) -> Report:
    """Kill `times` commands while they run, every way in turn; faster ones come in addition."""
    (folder / "received").mkdir()
    run = Campaign(folder / "received", size=size, seed=seed)
    for number in range(3 * times):
        run.round(WAYS[number % len(WAYS)])
        if run.report.killed == times:
            break
    return run.report


def main() -> int:
    """Run a long campaign and print what it saw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--megabytes", type=int, default=48)
    parser.add_argument("--folder", type=Path, default=Path("build/kill-opener"))
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    given.folder.mkdir(parents=True)
    try:
        report = campaign(
            given.folder.resolve(), times=given.times, size=given.megabytes << 20, seed=given.seed
        )
    finally:
        shutil.rmtree(given.folder)
    print(f"seed {given.seed}: {report}")
    print(*report.faults, sep="\n", end="")
    return bool(report.faults)


if __name__ == "__main__":
    sys.exit(main())
