"""The main job on real input: sealed here, opened by the patient, by age and by pyrage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import gsm0338  # noqa: F401  # registers the codec
import pexpect
import pyrage
import pytest
import zxingcpp
from PIL import Image

from secshare.age import HybridIdentity, X25519Identity
from secshare.model import Kind
from secshare.passphrase import understand
from secshare.sharing import Desk
from tests.examples.run import run_example
from tests.practices import add_patient, make_practice
from tests.tools import need

KEYS = {"hybride": HybridIdentity.generate(), "x25519": X25519Identity.generate()}

SURE = ("--yes", "--accept", "not-named", "--accept", "several-people", "--accept", "export")
"""Lists and exports are asked about, and here they are meant."""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("round")
    run_example("build_documents.py", folder / "documents")
    with Desk(make_practice(folder / "practice")) as desk:
        add_patient(desk)
        for name, identity in KEYS.items():
            desk.directory.add(
                name=f"Laboratoire {name}",
                kind=Kind.ORGANISATION,
                email=f"{name}@example.org",
                keys=(str(identity.recipient()),),
            )
            (folder / f"{name}.key").write_text(f"{identity.reveal()}\n")
    return folder


def secshare(ground: Path, *arguments: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "secshare", *arguments, "--json", "--practice", "practice"],
        cwd=ground,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def seal(ground: Path, document: str, who: str, *options: str) -> tuple[Path, dict]:
    said = secshare(ground, "seal", f"documents/{document}", "--to", who, *SURE, *options)
    (sealed,) = (Path(path) for path in said["files"] if path.endswith(".age"))
    return sealed, said


def clear(ground: Path, document: str) -> bytes:
    return (ground / "documents" / document).read_bytes()


def words_in(said: dict) -> str:
    (secret,) = (Path(path) for path in said["secret_files"])
    understood = understand(secret.read_text("utf-8"))
    assert not understood.unread
    assert not understood.corrected
    return understood.candidates[-1]


def open_as_patient(sealed: Path, words: str, tmp_path: Path, *options: str) -> bytes:
    given = tmp_path / "given.txt"
    given.write_text(words)
    output = tmp_path / "opened"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "secshare.opener", str(sealed), "-o", str(output)),
            *(options or ("--passphrase-file", str(given))),
        ],
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return output.read_bytes()


@pytest.mark.parametrize("document", ["compte-rendu.pdf", "export-etude.csv"])
@pytest.mark.parametrize("road", ["sms", "phone"])
def test_words_handed_over_open_the_document(
    ground: Path, tmp_path: Path, document: str, road: str
) -> None:
    sealed, said = seal(ground, document, "Jeanne Exemple", "--road", road)
    assert said["work_factor"] == 14
    words = words_in(said)
    assert open_as_patient(sealed, words, tmp_path) == clear(ground, document)
    assert pyrage.passphrase.decrypt(sealed.read_bytes(), words) == clear(ground, document)


def test_a_patient_pastes_the_whole_sms(ground: Path, tmp_path: Path) -> None:
    sealed, said = seal(ground, "compte-rendu.pdf", "Jeanne Exemple", "--road", "sms")
    sms = Path(said["secret_files"][0]).read_text("utf-8")
    assert open_as_patient(sealed, sms, tmp_path) == clear(ground, "compte-rendu.pdf")


def test_the_sms_is_one_gsm_part(ground: Path) -> None:
    _, said = seal(ground, "compte-rendu.pdf", "Jeanne Exemple", "--road", "sms")
    number, _, text = Path(said["secret_files"][0]).read_text("utf-8").partition("\n")
    assert number == "+33639980001"
    assert len(text.strip().encode("gsm03.38")) <= 160


def test_the_qr_image_opens_the_document(ground: Path, tmp_path: Path) -> None:
    sealed, said = seal(ground, "export-etude.csv", "Jeanne Exemple", "--road", "qr")
    with Image.open(said["secret_files"][0]) as image:
        (code,) = zxingcpp.read_barcodes(image)
    assert code.text == code.text.lower()
    assert open_as_patient(sealed, code.text, tmp_path) == clear(ground, "export-etude.csv")


def test_the_age_program_opens_it_with_the_words(ground: Path, tmp_path: Path) -> None:
    age = need("age")
    sealed, said = seal(ground, "compte-rendu.pdf", "Jeanne Exemple", "--road", "sms")
    output = tmp_path / "opened.pdf"
    child = pexpect.spawn(age, ["-d", "-o", str(output), str(sealed)], timeout=30)
    child.expect("passphrase")
    child.sendline(words_in(said))
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert output.read_bytes() == clear(ground, "compte-rendu.pdf")


@pytest.mark.parametrize("name", list(KEYS))
def test_a_key_opens_it_and_nothing_travels(ground: Path, tmp_path: Path, name: str) -> None:
    sealed, said = seal(ground, "feuille-de-soins.csv", f"laboratoire {name}")
    assert said["road"] is None
    assert said["secret_files"] == []
    key = ground / f"{name}.key"
    opened = open_as_patient(sealed, "", tmp_path, "-i", str(key))
    assert opened == clear(ground, "feuille-de-soins.csv")


def test_age_and_pyrage_open_it_with_the_key(ground: Path, tmp_path: Path) -> None:
    sealed, _ = seal(ground, "feuille-de-soins.csv", "laboratoire x25519")
    identity = pyrage.x25519.Identity.from_str(KEYS["x25519"].reveal())
    assert pyrage.decrypt(sealed.read_bytes(), [identity]) == clear(ground, "feuille-de-soins.csv")
    output = tmp_path / "opened.csv"
    age = [need("age"), "-d", "-i", str(ground / "x25519.key"), "-o", str(output), str(sealed)]
    subprocess.run(age, check=True)
    assert output.read_bytes() == clear(ground, "feuille-de-soins.csv")


def test_several_documents_come_out_with_their_names(ground: Path, tmp_path: Path) -> None:
    documents = ["documents/compte-rendu.pdf", "documents/export-etude.csv"]
    said = secshare(ground, "seal", *documents, "--to", "Jeanne Exemple", *SURE)
    (sealed,) = (Path(path) for path in said["files"] if path.endswith(".age"))
    given = tmp_path / "given.txt"
    given.write_text(words_in(said))
    command = [sys.executable, "-m", "secshare.opener", str(sealed), "-o", str(tmp_path / "all")]
    subprocess.run(
        [*command, "--passphrase-file", str(given)],
        check=True,
        capture_output=True,
        start_new_session=True,
    )
    opened = {path.name: path.read_bytes() for path in (tmp_path / "all").iterdir()}
    names = ("compte-rendu.pdf", "export-etude.csv")
    assert opened == {name: clear(ground, name) for name in names}
