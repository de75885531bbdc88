"""What came back stands in the inbox whole or not at all, under harmless names, and is noted."""

from __future__ import annotations

import io
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from secshare import files
from secshare.age import HybridIdentity, ScryptRecipient, encrypt
from secshare.errors import (
    FileDamaged,
    IdentityMismatch,
    NotAgeFile,
    OutputRefused,
    PassphraseWrong,
    RegisterUnwritable,
    ShareState,
    WrongKind,
)
from secshare.model import Reference
from secshare.passphrase import draw
from secshare.practice import Practice
from secshare.sharing import Desk, Opened, address, prepare, receive
from tests.answers import answer, sealed
from tests.secrets_search import Secret

LETTER = b"%PDF-1.7 temoin: bonjour docteur\n" * 4000
DOCUMENTS = {"lettre.pdf": LETTER, "photo.jpg": b"\xff\xd8 temoin"}
DAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def share(desk: Desk, tmp_path: Path) -> Reference:
    path = tmp_path / "rapport.pdf"
    path.write_bytes(b"%PDF")
    addressed = address(desk, "Jeanne Exemple", today=date(2026, 11, 22))
    with files.open_source(path) as source:
        return prepare(desk, addressed, [source]).share.reference


def own(practice: Practice):
    return practice.identities(lambda: pytest.fail("asked for words"))


def take(desk: Desk, path: Path, content: bytes | None = None, **options: object) -> Opened:
    if content is not None:
        path.write_bytes(content)
    with files.open_source(path) as source:
        return receive(desk, source, lambda: own(desk.practice), now=lambda: DAY, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def nothing_left(desk: Desk) -> bool:
    rows = desk.store.connection.execute("SELECT count(*) FROM received").fetchone()[0]
    return rows == 0 and not list(desk.practice.inbox.iterdir())


@pytest.mark.parametrize("kind", ["hybrid", "x25519"])
def test_an_answer_opens_into_a_folder_of_its_own_and_is_noted(
    desk: Desk, share: Reference, tmp_path: Path, kind: str
) -> None:
    to = getattr(desk.practice.public_keys, kind)
    path = tmp_path / f"reponse-{share}.zip.age"
    opened = take(desk, path, answer(to, DOCUMENTS, mark=f"secshare answer {share}"))
    assert opened.fresh
    assert opened.folder == desk.practice.inbox / f"2026-11-22-{share}"
    assert contents(opened.folder) == DOCUMENTS
    assert opened.documents == ("lettre.pdf", "photo.jpg")
    assert list(desk.inbox.all(share)) == [opened.received]
    assert opened.received.size == path.stat().st_size
    assert opened.received.documents == 2


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_what_was_opened_is_for_the_owner_alone(desk: Desk, tmp_path: Path) -> None:
    to = desk.practice.recipient
    for number, content in enumerate((answer(to, DOCUMENTS), sealed(to, LETTER))):
        opened = take(desk, tmp_path / f"{number}.age", content)
        for path in (opened.folder, *opened.folder.iterdir()):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_reference_inside_wins_over_the_files_name(
    desk: Desk, share: Reference, tmp_path: Path
) -> None:
    to, other = desk.practice.recipient, Reference.draw()
    inside = answer(to, DOCUMENTS, mark=f"secshare answer {share}")
    assert take(desk, tmp_path / f"reponse-{other}.zip.age", inside).received.share == share
    stranger = answer(to, {"a.txt": b"a"}, mark=f"secshare answer {other}")
    opened = take(desk, tmp_path / f"reponse-{share}.zip.age", stranger)
    assert (opened.named, opened.received.share) == (other, None)
    assert str(other) not in opened.folder.name  # nobody's reference stands for what it is not
    silent = answer(to, {"b.txt": b"b"})
    name = f"reponse-{str(share).lower()} (1).zip.age"
    assert take(desk, tmp_path / name, silent).received.share == share


@pytest.mark.parametrize(
    "mark",
    [
        "secshare answer K7Q2-M9PX-9",  # its check character is wrong
        "secshare answer ../../..-..-",
        "secshare answer  K7Q2-M9PX-8",
        "secshare answer K7Q2-M9PX-8 ",
        "Secshare answer K7Q2-M9PX-8",
        "",
    ],
)
def test_a_mark_that_is_not_ours_names_no_share(desk: Desk, tmp_path: Path, mark: str) -> None:
    opened = take(
        desk, tmp_path / "r.zip.age", answer(desk.practice.recipient, DOCUMENTS, mark=mark)
    )
    assert opened.named is None
    assert opened.folder.name.startswith("2026-11-22-")
    assert opened.folder.parent == desk.practice.inbox


def test_an_archive_of_somebody_else_stays_one_document(desk: Desk, tmp_path: Path) -> None:
    for mark in ("", "made by another program"):
        content = answer(desk.practice.recipient, {"a": os.urandom(9)}, mark=mark)
        opened = take(desk, tmp_path / f"resultats{len(mark)}.zip.age", content)
        (document,) = opened.folder.iterdir()
        assert document.name == f"resultats{len(mark)}.zip"
        assert document.read_bytes().startswith(b"PK\x03\x04")


def test_a_file_that_is_no_archive_is_one_document(desk: Desk, tmp_path: Path) -> None:
    opened = take(desk, tmp_path / "lettre.pdf.age", sealed(desk.practice.recipient, LETTER))
    assert contents(opened.folder) == {"lettre.pdf": LETTER}
    assert opened.received.documents == 1


def test_hostile_names_stay_in_the_folder(desk: Desk, tmp_path: Path) -> None:
    hostile = {
        "../../../secshare.toml": b"1",
        "/etc/passwd": b"2",
        "..\\..\\private\\practice.key": b"3",
        ".secshare-lock": b"4",
        "CON.pdf": b"5",
        "a\u202efdp.exe": b"6",
        "lettre.pdf": b"7",
        "LETTRE.PDF": b"8",
    }
    before = {p: p.read_bytes() for p in desk.practice.folder.glob("*.toml")}
    opened = take(desk, tmp_path / "r.age", answer(desk.practice.recipient, hostile))
    assert sorted(contents(opened.folder).values()) == sorted(hostile.values())
    for path in opened.folder.iterdir():
        assert path.is_file()
        assert files.safe_name(path.name) == path.name
    assert {path: path.read_bytes() for path in before} == before
    named = take(
        desk, tmp_path / "\u202e-rf\n.pdf.age", sealed(desk.practice.recipient, b"document")
    )
    (document,) = named.folder.iterdir()
    assert document.name == files.safe_name(document.name)


def test_the_same_file_again_opens_nothing_and_asks_for_nothing(
    desk: Desk, share: Reference, tmp_path: Path
) -> None:
    content = answer(desk.practice.recipient, DOCUMENTS, mark=f"secshare answer {share}")
    first = take(desk, tmp_path / "a.age", content)
    (tmp_path / "copy (1).age").write_bytes(content)
    with files.open_source(tmp_path / "copy (1).age") as source:
        second = receive(desk, source, lambda: pytest.fail("asked"))
    assert not second.fresh
    assert (second.received, second.folder) == (first.received, first.folder)
    third = take(desk, tmp_path / "a.age", again=True)
    assert third.folder.name == f"{first.folder.name}-2"
    assert contents(third.folder) == DOCUMENTS
    assert [each.folder for each in desk.inbox.all(share)] == [
        third.folder.name,
        first.folder.name,
    ]


def test_what_does_not_open_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    to, words = desk.practice.recipient, draw()
    whole = answer(to, DOCUMENTS)
    cases = {
        WrongKind: sealed(ScryptRecipient(words), LETTER),
        IdentityMismatch: answer(HybridIdentity.generate().recipient(), DOCUMENTS),
        NotAgeFile: b"Bonjour docteur",
    }
    keys = {
        WrongKind: "open.needs_words",
        IdentityMismatch: "receive.other_practice",
        NotAgeFile: "age.not_age",
    }
    for error, content in cases.items():
        with pytest.raises(error) as caught:
            take(desk, tmp_path / "r.zip.age", content)
        assert caught.value.key == keys[error]
    for damaged in (whole[:-1], whole[:-40_000], whole[:2000] + b"\0" + whole[2001:], whole + b"x"):
        with pytest.raises(FileDamaged):
            take(desk, tmp_path / "r.zip.age", damaged)
    halved = bytearray(whole)
    halved[len(whole) // 2] ^= 1  # in the middle of a document
    with pytest.raises(FileDamaged):
        take(desk, tmp_path / "r.zip.age", bytes(halved))
    assert nothing_left(desk)


def test_a_file_for_another_practice_is_said_to_be_one_whatever_its_form(
    desk: Desk, tmp_path: Path
) -> None:
    elsewhere = HybridIdentity.generate().recipient()
    armored = io.BytesIO()
    encrypt(io.BytesIO(LETTER), armored, [elsewhere], armor=True)
    for content in (answer(elsewhere, DOCUMENTS), sealed(elsewhere, LETTER), armored.getvalue()):
        with pytest.raises(IdentityMismatch) as caught:
            take(desk, tmp_path / "r.age", content)
        assert caught.value.key == "receive.other_practice"
    assert nothing_left(desk)


def test_the_mail_itself_is_recognised_by_its_name_or_by_its_first_lines(
    desk: Desk, tmp_path: Path
) -> None:
    mails = {
        "message.eml": b"Bonjour",
        "reponse.MSG": b"\xd0\xcf\x11\xe0" + bytes(600),
        "reponse.txt": b"Received: from a.example\r\n by b.example\r\nFrom: a@b.example\r\n\r\n",
        "reponse": b"From a@b.example Sat Nov 21\nSubject: essai\nTo: c@d.example\n\nBonjour",
        "long": b"X-A: " + b"a" * 30_000 + b"\nFrom: a@b.example\nTo: c@d.example\n\nBonjour",
    }
    for name, content in mails.items():
        with pytest.raises(NotAgeFile) as caught:
            take(desk, tmp_path / name, content)
        assert (caught.value.key, caught.value.fields["name"]) == ("open.is_mail", name)
    others = {
        "lettre.txt": b"Bonjour\nFrom: a@b.example\nTo: c@d.example\n",
        "note.txt": b"To: le docteur\n\nBonjour",
        "lettre.pdf": b"%PDF-1.7\n" + bytes(600),
    }
    for name, content in others.items():
        with pytest.raises(NotAgeFile) as caught:
            take(desk, tmp_path / name, content)
        assert caught.value.key == "age.not_age"
    whole = answer(desk.practice.recipient, DOCUMENTS)
    assert take(desk, tmp_path / "reponse.eml", whole).fresh  # it opens, whatever its name
    with pytest.raises(FileDamaged):
        take(desk, tmp_path / "autre.eml", whole[:-1])


def test_a_document_that_is_not_what_its_archive_says_leaves_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", b"bonjour")
        archive.comment = b"secshare answer"
    wrong = packed.getvalue().replace(b"bonjour", b"bonsoir")
    with pytest.raises(FileDamaged):
        take(desk, tmp_path / "r.age", sealed(desk.practice.recipient, wrong))
    assert nothing_left(desk)


def test_wrong_words_of_the_practice_leave_nothing(desk: Desk, tmp_path: Path) -> None:
    def refused():
        raise PassphraseWrong("practice.key_words_wrong")

    path = tmp_path / "r.age"
    path.write_bytes(answer(desk.practice.recipient, DOCUMENTS))
    with files.open_source(path) as source, pytest.raises(PassphraseWrong):
        receive(desk, source, refused)
    assert nothing_left(desk)


@pytest.mark.parametrize("several", [True, False])
def test_ctrl_c_while_opening_leaves_nothing(desk: Desk, tmp_path: Path, several: bool) -> None:
    def interrupts(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    to = desk.practice.recipient
    content = answer(to, DOCUMENTS) if several else sealed(to, LETTER)
    with pytest.raises(KeyboardInterrupt):
        take(desk, tmp_path / "r.age", content, progress=interrupts)
    assert nothing_left(desk)


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RegisterUnwritable])
@pytest.mark.parametrize("at", ["begin", "complete"])
def test_a_register_that_fails_leaves_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type, at: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise fault("store.disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(desk.inbox, at, fails)
        with pytest.raises(fault):
            take(desk, tmp_path / "r.age", answer(desk.practice.recipient, DOCUMENTS))
    assert nothing_left(desk)


def test_a_folder_that_somebody_made_meanwhile_is_theirs(desk: Desk, tmp_path: Path) -> None:
    to = desk.practice.recipient

    def takes_the_name(done: int, total: int | None) -> None:
        row = desk.store.connection.execute("SELECT folder FROM received").fetchone()
        (desk.practice.inbox / row["folder"]).mkdir(exist_ok=True)
        (desk.practice.inbox / row["folder"] / "mine.txt").write_text("mine")

    with pytest.raises(OutputRefused) as caught:
        take(desk, tmp_path / "r.age", answer(to, DOCUMENTS), progress=takes_the_name)
    assert caught.value.fields["path"].parent == desk.practice.inbox
    assert desk.store.connection.execute("SELECT count(*) FROM received").fetchone()[0] == 0
    (theirs,) = desk.practice.inbox.iterdir()
    assert contents(theirs) == {"mine.txt": b"mine"}


def test_a_file_that_changes_while_it_is_read_is_not_received(desk: Desk, tmp_path: Path) -> None:
    from secshare.errors import InputUnreadable

    path = tmp_path / "r.age"

    def replaced(done: int, total: int | None) -> None:
        path.write_bytes(b"another file")

    with pytest.raises(InputUnreadable):
        take(desk, path, answer(desk.practice.recipient, DOCUMENTS), progress=replaced)
    assert nothing_left(desk)


def test_a_file_that_another_command_is_receiving_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "r.age"
    content = answer(desk.practice.recipient, DOCUMENTS)
    tried = []

    def second(done: int, total: int | None) -> None:
        if not tried:
            tried.append(True)
            with Desk(desk.practice) as other, pytest.raises(ShareState) as caught:
                take(other, path)
            assert caught.value.key == "receive.busy"

    opened = take(desk, path, content, progress=second)
    assert tried
    assert contents(opened.folder) == DOCUMENTS
    assert len(list(desk.inbox.all())) == 1


# --- killed -------------------------------------------------------------------------------------

# A process that receives, and kills itself outright at one instant of its work.
KILLED = """
import os, signal, sys
from pathlib import Path
from secshare import files
from secshare.files.drafts import FolderDraft
from secshare.practice import Practice
from secshare.register import Inbox
from secshare.sharing import Desk, receive

folder, path, instant = sys.argv[1:]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def before(owner, name):
    setattr(owner, name, die)

def after(owner, name):
    act = getattr(owner, name)
    setattr(owner, name, lambda *a, **k: (act(*a, **k), die()))

{
    "before the intent": lambda: before(Inbox, "begin"),
    "after the intent": lambda: after(Inbox, "begin"),
    "while writing": lambda: None,
    "before the rename": lambda: before(FolderDraft, "publish"),
    "after the rename": lambda: after(FolderDraft, "publish"),
    "before the result": lambda: before(Inbox, "complete"),
    "after the result": lambda: after(Inbox, "complete"),
}[instant]()
with Desk(Practice.open(Path(folder))) as desk, files.open_source(Path(path)) as source:
    receive(
        desk,
        source,
        lambda: desk.practice.identities(lambda: ""),
        progress=die if instant == "while writing" else None,
    )
"""

INSTANTS = {
    "before the intent": False,
    "after the intent": False,
    "while writing": False,
    "before the rename": False,
    "after the rename": True,
    "before the result": True,
    "after the result": True,
}


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize("instant", INSTANTS)
def test_killed_at_any_instant_the_next_command_leaves_nothing_half_done(
    desk: Desk, tmp_path: Path, instant: str, several: bool
) -> None:
    to = desk.practice.recipient
    path = tmp_path / "lettre.pdf.age"
    path.write_bytes(answer(to, DOCUMENTS) if several else sealed(to, LETTER))
    arguments = [str(desk.practice.folder), str(path), instant]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    kept = INSTANTS[instant]
    with Desk(desk.practice) as following:
        noted = list(following.inbox.all())
        rows = following.store.connection.execute("SELECT status FROM received").fetchall()
        assert [row["status"] for row in rows] == ["received"] * kept
        assert [folder.name for folder in following.practice.inbox.iterdir()] == [
            received.folder for received in noted
        ]
        for received in noted:
            whole = DOCUMENTS if several else {"lettre.pdf": LETTER}
            assert contents(following.practice.inbox / received.folder) == whole
        # No trace of what was not kept, and the same file is received, or known, as if new.
        if not kept:
            assert not Secret.of_text(LETTER[:32].decode()).traces(desk.practice.folder)
        assert take(following, path).fresh is not kept
