"""Several commands at once lose nothing and take nothing from each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from secshare.model import ShareStatus
from secshare.sharing import Desk
from tests.practices import add_patient, make_practice

TOGETHER = 6

SEAL_MANY = """
import sys
from datetime import date
from pathlib import Path
from secshare import files
from secshare.practice import Practice
from secshare.sharing import Desk, address, prepare
practice, document, times = Practice.open(Path(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3])
for _ in range(times):
    with files.open_source(document) as source, Desk(practice) as desk:
        prepare(desk, address(desk, "Jeanne Exemple", today=date.today()), [source])
"""


def test_shares_prepared_at_once_are_all_there(tmp_path: Path) -> None:
    """Each settles what it takes for left behind, twelve times, while others are at work."""
    practice = make_practice(tmp_path / "practice")
    with Desk(practice) as desk:
        add_patient(desk)
    document = tmp_path / "rapport.pdf"
    document.write_bytes(b"%PDF-1.7 temoin" * 1000)
    arguments = [str(practice.folder), str(document), "12"]
    running = [
        subprocess.Popen([sys.executable, "-c", SEAL_MANY, *arguments], stderr=subprocess.PIPE)
        for _ in range(TOGETHER)
    ]
    said = [process.communicate()[1].decode() for process in running]
    assert [process.returncode for process in running] == [0] * TOGETHER, said
    with Desk(practice) as desk:
        shares = list(desk.register.shares())
        identities = practice.identities(lambda: "")
        words = {desk.register.words(share.reference, identities) for share in shares}
    assert len(shares) == len(words) == TOGETHER * 12
    assert {share.status for share in shares} == {ShareStatus.PREPARED}
    folders = {path.name for path in practice.outbox.iterdir()}
    assert folders == {str(share.reference) for share in shares}
    assert len(list(practice.secrets.iterdir())) == TOGETHER * 12
