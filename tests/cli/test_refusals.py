"""Every verb that writes refuses a practice that is not sound: two lines, no byte changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from secshare import age, files, passphrase
from secshare.cli.app import run
from secshare.cli.session import Session
from secshare.model import Kind, Road
from secshare.practice.public import new_journal_key
from secshare.sharing import Desk, address, create_practice, prepare
from tests.answers import answer
from tests.practices import SETTINGS, add_patient, make_practice

KEY = str(age.X25519Identity.generate().recipient())

# Each writes to the register or to the directory. WRITTEN is a share, HELD one that is held back.
VERBS = {
    "seal": "report.txt --to jeanne-exemple --yes",
    "secret": "WRITTEN --as words -o words-again.txt",
    "mark": "WRITTEN sent",
    "release": "HELD --as qr",
    "recall": "WRITTEN",
    "reseal": "WRITTEN report.txt --road qr --yes",
    "receive": "answer.age",
    "incident": "WRITTEN --how lu -o incident.md",
    "recipients add": "--name Marie --kind patient --yes",
    "recipients edit": "jeanne-exemple --road phone --yes",
    "recipients import": "list.csv",
    "recipients card": "jeanne-exemple --yes",
    "recipients revoke": "jeanne-exemple --yes",
    "recipients remove": "jeanne-exemple --yes",
    "recipients show": "jeanne-exemple",
    "recipients history": "jeanne-exemple",
    "purge": "--yes",
    "journal export": "-o journal.jsonl",
    "keys add": f"jeanne-exemple {KEY} --yes",
    "keys rotate": "--yes",
    "keys protect": "--unprotected --yes",
}
JOURNALLED = tuple(verb for verb in VERBS if verb != "recall")
UNSEALING = ("secret", "release", "receive", "keys rotate", "keys protect")


def furnish(practice, folder):
    """Put people and shares into a practice, and beside it what the verbs are given."""
    (folder / "report.txt").write_text(
        "Ordonnance. Patiente : Jeanne Exemple, née le 12/04/1958.", "utf-8"
    )
    (folder / "list.csv").write_text("nom;type\nMarie Essai;patient\n", "utf-8")
    (folder / "answer.age").write_bytes(answer(practice.recipient, {"a.txt": b"a"}))
    references = {}
    with Desk(practice) as desk:
        add_patient(desk)
        desk.directory.add(name="Paul Essai", kind=Kind.PATIENT)
        addressed = address(desk, "jeanne-exemple", road=Road.QR, today=date.today())
        for name, hold in (("WRITTEN", False), ("HELD", True)):
            with files.open_source(folder / "report.txt") as source:
                references[name] = str(
                    prepare(desk, addressed, [source], hold=hold).share.reference
                )
    return references


class Ground:
    """A practice with what the verbs are given, in a folder of its own."""

    def __init__(self, folder, references):
        self.folder = folder
        self.practice = folder / "cabinet"
        self.references = references

    def said(self, capsys, verb):
        """Run a verb in this process; return its status and the lines of its error."""
        capsys.readouterr()
        given = [self.references.get(word, word) for word in VERBS[verb].split()]
        session = Session(environ={"HOME": str(self.folder)}, terminal=lambda: None)
        where = ["--practice", str(self.practice)]
        status = run([*verb.split(), *given, *where], session)
        told = capsys.readouterr()
        said_before = ("note ", "It is the document of ", "Careful: ", "Fingerprint: ")
        lines = [line for line in told.err.splitlines() if not line.startswith(said_before)]
        return status, told.out, lines

    def everything(self):
        """Every file and folder, with its mode and content."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
            found[str(path.relative_to(self.folder))] = (path.lstat().st_mode, content)
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    return folder, furnish(make_practice(folder / "cabinet"), folder)


@pytest.fixture
def ground(made, tmp_path, monkeypatch):
    folder, references = made
    shutil.copytree(folder, tmp_path / "ground")
    monkeypatch.chdir(tmp_path / "ground")
    return Ground(tmp_path / "ground", references)


def refused(ground, capsys, status, verbs=tuple(VERBS)):
    before = ground.everything()
    for verb in verbs:
        code, out, lines = ground.said(capsys, verb)
        allowed = status.get(verb, status[""]) if isinstance(status, dict) else status
        assert (verb, code, out) == (verb, allowed, ""), lines
        assert len(lines) == 2, (verb, lines)
        assert ground.everything() == before, verb


@pytest.mark.parametrize("verb", VERBS)
def test_in_a_sound_practice_each_of_these_does_something(ground, capsys, verb):
    before = ground.everything()
    status, _, lines = ground.said(capsys, verb)
    assert status == 0, lines
    after = ground.everything()
    # There was no protection to take away, and nothing is old enough to go.
    assert after != before or verb in {"keys protect", "purge"}


# --- the keys -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["practice.key", "journal.key"])
@pytest.mark.parametrize("how", ["missing", "a folder"])
def test_a_key_that_is_not_there(ground, capsys, name, how):
    path = ground.practice / "private" / name
    path.unlink()
    if how == "a folder":
        path.mkdir(0o700)
    refused(ground, capsys, 15, UNSEALING if (name, how) == ("practice.key", "a folder") else VERBS)


@pytest.mark.parametrize("content", [b"", b"\x00\xff nonsense", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_journal_key_that_is_damaged(ground, capsys, content):
    (ground.practice / "private" / "journal.key").write_bytes(content)
    refused(ground, capsys, 15)


@pytest.mark.parametrize("content", [b"", b"\x00\xff nonsense", b"AGE-SECRET-KEY-1NO\n"])
def test_an_identity_that_is_damaged_stops_whoever_needs_it(ground, capsys, content):
    (ground.practice / "private" / "practice.key").write_bytes(content)
    refused(ground, capsys, 15, UNSEALING)


def test_a_journal_key_that_is_anothers(ground, capsys):
    """What asks for the practice's own public keys finds out sooner, and says it of those."""
    (ground.practice / "private" / "journal.key").write_bytes(new_journal_key())
    refused(ground, capsys, {"seal": 15, "reseal": 15, "": 41}, JOURNALLED)
    only_the_written_words_go(ground, capsys)


def test_an_identity_that_is_locked_stops_whoever_needs_it_and_nobody_else(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    practice = create_practice(tmp_path / "cabinet", SETTINGS, protection=passphrase.draw())
    ground = Ground(tmp_path, furnish(practice, tmp_path))
    refused(ground, capsys, 13, UNSEALING)
    assert ground.said(capsys, "seal")[0] == 0


# --- the database -------------------------------------------------------------------------------


def database(ground):
    return ground.practice / "private" / "practice.db"


def test_a_database_from_the_future(ground, capsys):
    with sqlite3.connect(database(ground)) as connection:
        connection.execute("PRAGMA user_version=999")
    connection.close()
    refused(ground, capsys, 40)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"not a database, and long enough to look at " * 100,
        lambda content: content[:3000],
        lambda content: content[:100] + b"\xff" * 8000 + content[8100:],
        lambda content: content[:4096] + bytes(len(content) - 4096),
    ],
    ids=["emptied", "another file", "cut", "overwritten", "zeros"],
)
def test_a_database_that_is_corrupt(ground, capsys, damage):
    database(ground).write_bytes(damage(database(ground).read_bytes()))
    refused(ground, capsys, 40)


def test_a_database_that_is_not_there(ground, capsys):
    database(ground).unlink()
    refused(ground, capsys, 40)


@pytest.mark.parametrize(
    "altered",
    [
        "UPDATE head SET signature = zeroblob(64)",
        "UPDATE head SET number = number + 1",
        "DELETE FROM head",
        "DELETE FROM entry WHERE number = (SELECT max(number) FROM entry)",
        "DELETE FROM entry",
    ],
)
def test_a_journal_that_does_not_end_as_it_was_signed(ground, capsys, altered):
    connection = sqlite3.connect(database(ground), isolation_level=None)
    connection.execute(altered)
    connection.close()
    refused(ground, capsys, 41, JOURNALLED)
    only_the_written_words_go(ground, capsys)


def only_the_written_words_go(ground, capsys):
    """A recall stops the words first, whatever the journal answers after."""
    before, journal = ground.everything(), in_journal(ground)
    status, out, lines = ground.said(capsys, "recall")
    assert (status, out, len(lines)) == (41, "", 2)
    after = ground.everything()
    for each in (before, after):
        del each["cabinet/private/practice.db"]
    assert before.pop(f"cabinet/secrets/{ground.references['WRITTEN']}.png")
    assert after == before
    assert in_journal(ground) == journal
    connection = sqlite3.connect(database(ground))
    kept = connection.execute("SELECT reference FROM sealed_words").fetchall()
    connection.close()
    assert kept == [(ground.references["HELD"],)]


def in_journal(ground):
    connection = sqlite3.connect(database(ground))
    rows = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("entry", "head")]
    connection.close()
    return rows


# --- the place ----------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["network", "synchronised"])
def test_a_drive_where_a_practice_cannot_be(ground, capsys, monkeypatch, trouble):
    monkeypatch.setattr(files, "drive_trouble", lambda _: trouble)
    refused(ground, capsys, 15)


@pytest.fixture
def anybodys(made, monkeypatch):
    """The same, where the modes of folders count, whoever runs the tests."""
    folder, references = made
    place = Path(tempfile.mkdtemp())
    shutil.copytree(folder, place / "ground")
    monkeypatch.chdir(place / "ground")
    yield Ground(place / "ground", references)
    for path in (place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o700)
    shutil.rmtree(place)


@contextmanager
def as_anybody(folder):
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, folder.parent, *folder.rglob("*")):
        os.chown(path, 65534, -1)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("parts", [("private",), ("private", "outbox", "secrets", "inbox", "keys")])
def test_a_folder_that_may_only_be_read(ground, anybodys, capsys, monkeypatch, parts):
    with monkeypatch.context() as elsewhere:
        elsewhere.chdir(ground.folder)
        for verb in VERBS:  # what is imported late is imported while its place can be read
            ground.said(capsys, verb)
    with as_anybody(anybodys.folder):
        for part in parts:
            (anybodys.practice / part).chmod(0o500)
        # What reads the document is a process of its own, which this one user cannot start here;
        # tests/kill/test_disk.py seals on a disk that may only be read.
        root = os.getuid() == 0
        refused(anybodys, capsys, 40, [v for v in VERBS if not (root and "seal" in v)])
