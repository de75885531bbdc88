"""Protects the conversation with a patient: every dialogue is a file that anybody can read."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from secshare import age
from secshare.roads import qr
from tests.opener import dialogue
from tests.opener.kit import OTHER_REFERENCE, PDF, PHRASE, REFERENCE, WORDS, seal, seal_documents
from tests.tools import missing

FILES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
KNOWN = {
    "REF": REFERENCE,
    "WORDS": PHRASE,
    "PREFIXES": " ".join(word[:4].upper() for word in WORDS),
    "TYPO": PHRASE.replace("capsule", "capsuxe"),
    "UNREAD": PHRASE.replace("capsule", "cxpsxle"),
    "NINE": PHRASE.removesuffix("-jaguar"),
    "OTHERS": "-".join(reversed(WORDS)),
    "SMS": f"<PASTE>Cabinet Martin<LF>Document {REFERENCE}<LF>{PHRASE}<END>",
    "FILE": f"+33639980000<LF><LF>Cabinet Martin. Document {REFERENCE}. Vos mots : {PHRASE}<LF>",
    "OTHERREF": OTHER_REFERENCE,
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_dialogue(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    seal(tmp_path / f"document-{REFERENCE}.pdf.age", PDF)
    if "zip" in path.stem:
        seal_documents(
            tmp_path / f"document-{REFERENCE}.zip.age", {"a.pdf": PDF, "résultat é.csv": b"a;b\n"}
        )
    if "key" in path.stem:
        identity = age.X25519Identity.generate()
        seal(tmp_path / "sealed.age", PDF, identity.recipient())
        seal(tmp_path / "key.age", identity.reveal().encode())
    if "photo" in path.stem or "card" in path.stem:
        card = age.HybridIdentity.generate()
        seal(tmp_path / "card.pdf.age", PDF, card.recipient())
        (tmp_path / "words.png").write_bytes(qr.png(PHRASE))
        (tmp_path / "card.png").write_bytes(qr.png(card.reveal()))
        Image.new("L", (200, 200), 255).save(tmp_path / "nothing.png")
    if "view" in path.stem:
        (tmp_path / "bin").mkdir()
        viewer = tmp_path / "bin" / "xdg-open"
        viewer.write_text(f'#!/bin/sh\necho "$1" >{tmp_path}/viewed\n')
        viewer.chmod(0o755)
    if "closed" in path.stem:
        (tmp_path / "Documents").mkdir()
        closed = tmp_path / "stick"
        closed.mkdir()
        mount = ["mount", "-t", "tmpfs", "none", str(closed)]
        if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
            missing("mounting a disk needs root")
        request.addfinalizer(lambda: subprocess.run(["umount", "-l", str(closed)], check=True))
        seal(closed / f"document-{REFERENCE}.pdf.age", PDF)
        subprocess.run(["mount", "-o", "remount,ro", str(closed)], check=True)
    known = KNOWN | {"DIR": str(tmp_path), "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    dialogue.play(path, tmp_path, known)


def test_there_are_dialogues_in_both_languages() -> None:
    texts = [path.read_text("utf-8") for path in FILES]
    assert sum("LANG fr" in text for text in texts) >= 5
    assert sum("LANG fr" not in text for text in texts) >= 3
