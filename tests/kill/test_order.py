"""What reaches the disk, and in which order, by the system calls themselves: a power cut anywhere
finds the intent before the sealed file, and the sealed file before the register calls it prepared.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from secshare.sharing import Desk
from tests.documents import report
from tests.practices import add_patient, make_practice
from tests.tools import need

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")

CALLS = "fsync,fdatasync,rename,renameat,renameat2,openat,pwrite64,write,linkat,mkdir"
HIDDEN = r"\.secshare-[0-9a-f]+\.part"


@pytest.fixture
def trace(tmp_path: Path) -> list[str]:
    """Return the calls of one `seal` that touch its practice, in their order, without its path."""
    strace = need("strace")
    practice, document, written = tmp_path / "cabinet", tmp_path / "r.pdf", tmp_path / "trace"
    with Desk(make_practice(practice)) as desk:
        add_patient(desk)
    document.write_bytes(report())
    seal = [sys.executable, "-m", "secshare", "seal", str(document), "--to", "Jeanne Exemple"]
    observed = [strace, "-f", "-y", "-s", "0", "-o", str(written), "-e", f"trace={CALLS}"]
    subprocess.run(
        [*observed, *seal, "--yes", "--practice", str(practice)], check=True, capture_output=True
    )
    calls = [line.partition(" ")[2].strip() for line in written.read_text().splitlines()]
    return [
        call.replace(f"{practice}/", "")
        for call in calls
        if str(practice) in call and "O_RDONLY" not in call
    ]


def places(trace: list[str], pattern: str) -> list[int]:
    found = [at for at, call in enumerate(trace) if re.search(pattern, call)]
    assert found, pattern
    return found


def test_each_step_is_on_the_disk_before_the_next_begins(trace: list[str]) -> None:
    def first(pattern: str, *, after: int = 0) -> int:
        return min(at for at in places(trace, pattern) if at > after)

    draft = first(rf"mkdir\(\"outbox/{HIDDEN}")
    intent = first(r"pwrite64\(.*practice\.db-wal", after=draft)
    committed = max(
        at for at in places(trace, r"fdatasync\(.*db-wal") if at < first(rf"write\(.*{HIDDEN}/")
    )
    sealed = first(rf"write\(.*{HIDDEN}/")
    synced = first(rf"fsync\(.*{HIDDEN}/.*document-|fsync\(.*{HIDDEN}/#", after=sealed)
    folder = first(rf"fsync\(\d+<outbox/{HIDDEN}>\)", after=synced)
    renamed = first(rf"rename.*outbox/{HIDDEN}.*outbox/[0-9A-Z]{{4}}-")
    outbox = first(r"fsync\(\d+<outbox>\)", after=renamed)
    prepared = first(r"pwrite64\(.*practice\.db-wal", after=renamed)
    durable = first(r"fdatasync\(.*practice\.db-wal", after=prepared)
    words = first(r"write\(\d+<secrets/", after=0)
    order = [draft, intent, committed, sealed, synced, folder, renamed, outbox, prepared, durable]
    assert [*order, words] == sorted([*order, words]), trace


def test_every_file_of_the_share_is_synced_under_its_name_before_the_folder_has_its_own(
    trace: list[str],
) -> None:
    renamed = places(trace, rf"rename.*outbox/{HIDDEN}")[0]
    linked = re.findall(r'"((?:document|message)[^"]+)"', "\n".join(trace[:renamed]))
    assert {name.split(".")[-1] for name in linked} == {"age", "eml", "txt"}
    for name in linked:
        assert places(trace[:renamed], rf"fsync\(\d+<outbox/{HIDDEN}/{re.escape(name)}>\)")


def test_nothing_is_written_to_the_database_between_the_two_commits(trace: list[str]) -> None:
    sealed = places(trace, rf"write\(.*{HIDDEN}/")
    outbox = max(places(trace, r"fsync\(\d+<outbox>\)"))

    assert not [at for at in places(trace, r"pwrite64\(.*practice\.db") if sealed[0] < at < outbox]
