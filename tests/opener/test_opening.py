"""Protects opening without a terminal: documents appear whole, failures leave nothing."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from secshare import age
from secshare.errors import ExitCode
from secshare.messages import Language
from secshare.model import Reference, Road
from secshare.roads import write_mail
from tests.opener.kit import (
    COMMAND,
    MARK,
    OTHER_REFERENCE,
    PDF,
    PHRASE,
    REFERENCE,
    Done,
    clear_text_in,
    environ,
    names,
    run,
    seal,
    seal_documents,
)
from tests.tools import missing, need

NAME = f"document-{REFERENCE}.pdf.age"
CLEAR = f"document-{REFERENCE}.pdf"
LARGE = (MARK + bytes(1000)) * 400  # several chunks


@pytest.fixture
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("words") / "words"
    path.write_text(PHRASE + "\n")
    return path


def refused(folder: Path, code: ExitCode, *arguments: str | Path, **env: str) -> Done:
    """Check that a command is refused in two lines and changes nothing."""
    before = {name: (folder / name).lstat().st_mtime_ns for name in names(folder)}
    done = run(folder, *arguments, **env)
    assert done.status == code, done
    assert done.out == ""
    assert len(done.lines) == 2, done.err
    assert PHRASE not in done.err
    assert {name: (folder / name).lstat().st_mtime_ns for name in names(folder)} == before
    return done


def test_the_path_is_the_result_and_the_rest_is_said_apart(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, PDF)
    done = run(tmp_path, NAME, "--passphrase-file", words)
    assert done == Done(
        0, f"{CLEAR}\n", "The document is open, complete and unaltered. It is here:\n"
    )
    assert (tmp_path / CLEAR).read_bytes() == PDF
    assert stat.S_IMODE((tmp_path / CLEAR).stat().st_mode) == 0o600
    assert names(tmp_path) == [CLEAR, NAME]


def test_french_comes_from_the_locale(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, PDF)
    done = run(tmp_path, NAME, "--passphrase-file", words, LC_ALL="fr_FR.UTF-8")
    assert done.err == "Le document est ouvert, complet et intact. Il est ici :\n"
    assert "utilisation" in run(tmp_path, "-h", LC_ALL="fr_FR.UTF-8").out


@pytest.mark.parametrize(
    "typed",
    [
        PHRASE.encode(),
        PHRASE.upper().replace("-", " ").encode(),
        PHRASE.replace("effigie", "éffigie").encode(),
        f"\ufeff{PHRASE}\r\n".encode(),
        f"{PHRASE}\r\n".encode("utf-16"),
        f"Cabinet Martin\nDocument {REFERENCE}\n{PHRASE}\n".encode(),
        " ".join(word[:4] for word in PHRASE.split("-")).encode(),
    ],
)
def test_words_are_taken_as_they_come(tmp_path: Path, typed: bytes) -> None:
    seal(tmp_path / NAME, PDF)
    done = run(tmp_path, NAME, "--passphrase-fd", "0", stdin=typed)
    assert done.status == 0, done
    assert (tmp_path / CLEAR).read_bytes() == PDF


def test_a_corrected_word_is_announced_without_being_written(tmp_path: Path) -> None:
    seal(tmp_path / NAME, PDF)
    typed = PHRASE.replace("damier", "damiet")
    done = run(tmp_path, NAME, "--passphrase-fd", "0", stdin=typed.encode())
    assert done.status == 0
    assert "Word 4 had a typing error" in done.err
    assert "damie" not in done.err + done.out


def test_words_come_from_any_descriptor(tmp_path: Path) -> None:
    seal(tmp_path / NAME, PDF)
    reader, writer = os.pipe()
    os.write(writer, PHRASE.encode())
    os.close(writer)
    done = run(tmp_path, NAME, "--passphrase-fd", str(reader), fds=(reader,))
    os.close(reader)
    assert done.status == 0, done
    refused(tmp_path, ExitCode.INPUT_UNREADABLE, NAME, "--passphrase-fd", "99", "-o", "x")


def test_without_words_and_without_a_terminal_the_options_are_named(tmp_path: Path) -> None:
    seal(tmp_path / NAME, PDF)
    done = refused(tmp_path, ExitCode.ANSWER_NEEDED, NAME)
    assert "--passphrase-file" in done.err
    assert "--passphrase-fd" in done.err


@pytest.mark.parametrize("name", ["message.eml", "message.txt", "message (1)"])
def test_the_mail_itself_is_recognised_and_its_attachment_asked_for(
    tmp_path: Path, words: Path, name: str
) -> None:
    """The draft that `secshare seal` makes, as a patient's mail program may save it."""
    (tmp_path / NAME).write_bytes(b"age-encryption.org/v1\n" + bytes(5000))
    draft = write_mail(
        tmp_path,
        sealed=tmp_path / NAME,
        to="jeanne@example.org",
        public_name="Cabinet Martin",
        phone="01 99 00 12 34",
        reference=Reference.parse(REFERENCE),
        road=Road.SMS,
        language=Language.FR,
    )
    assert draft is not None
    saved = draft.read_bytes()
    for path in tmp_path.iterdir():
        path.unlink()
    (tmp_path / name).write_bytes(saved)
    done = run(tmp_path, name, "--passphrase-file", words, LC_ALL="fr_FR.UTF-8")
    assert done.status == ExitCode.INPUT_UNREADABLE
    assert done.lines == [
        f"{name} est l'e-mail lui-même.",
        "Enregistrez sa pièce jointe, puis recommencez avec elle.",
    ]
    assert names(tmp_path) == [name]


def test_words_that_do_not_open_are_told_apart_from_damage(tmp_path: Path, words: Path) -> None:
    sealed = seal(tmp_path / NAME, LARGE).read_bytes()
    other = words.with_name("other")
    other.write_text("-".join(reversed(PHRASE.split("-"))))
    done = refused(tmp_path, ExitCode.PASSPHRASE_WRONG, NAME, "--passphrase-file", other)
    assert "do not open" in done.err
    middle, end = len(sealed) // 2, len(sealed) - 5
    header = sealed.index(b"\n--- ") + 8
    for damaged in (
        sealed[:middle],
        sealed[:-1],
        sealed + b"x",
        sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :],
        sealed[:end] + bytes([sealed[end] ^ 1]) + sealed[end + 1 :],
        sealed[:header]
        + (b"A" if sealed[header : header + 1] != b"A" else b"B")
        + sealed[header + 1 :],
    ):
        (tmp_path / NAME).write_bytes(damaged)
        refused(tmp_path, ExitCode.FILE_DAMAGED, NAME, "--passphrase-file", words)
        assert clear_text_in(tmp_path) == []


def test_words_of_another_document_are_said_to_be_so(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, PDF)
    theirs = OTHER_REFERENCE
    words.write_text(f"Document {theirs}: " + "-".join(reversed(PHRASE.split("-"))))
    done = refused(tmp_path, ExitCode.PASSPHRASE_WRONG, NAME, "--passphrase-file", words)
    assert theirs in done.lines[0]
    assert REFERENCE in done.lines[0]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", ExitCode.INPUT_UNREADABLE),
        (PDF, ExitCode.INPUT_UNREADABLE),
        (b"\xff\xfe" + "age-encryption.org/v1".encode("utf-16-le"), ExitCode.INPUT_UNREADABLE),
        (b"age-encryption.org/v1\n", ExitCode.FILE_DAMAGED),
    ],
)
def test_what_is_no_sealed_file_is_said(tmp_path: Path, content: bytes, code: ExitCode) -> None:
    (tmp_path / NAME).write_bytes(content)
    refused(tmp_path, code, NAME)
    refused(tmp_path, ExitCode.INPUT_UNREADABLE, "missing.age")
    refused(tmp_path, ExitCode.INPUT_UNREADABLE, ".")


def test_too_heavy_a_work_factor_is_refused_before_any_work(tmp_path: Path, words: Path) -> None:
    sealed = seal(tmp_path / NAME, PDF).read_bytes()
    (tmp_path / NAME).write_bytes(sealed.replace(b" 14\n", b" 23\n", 1))
    began = time.monotonic()
    refused(tmp_path, ExitCode.WORK_REFUSED, NAME, "--passphrase-file", words)
    assert time.monotonic() - began < 5
    seal(tmp_path / NAME, PDF)
    refused(
        tmp_path, ExitCode.WORK_REFUSED, NAME, "--passphrase-file", words, "--max-work-factor", "13"
    )


# --- the output ---------------------------------------------------------------------------------


def test_an_existing_file_is_replaced_only_when_told(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, PDF)
    (tmp_path / CLEAR).write_bytes(b"mine")
    done = refused(tmp_path, ExitCode.OUTPUT_REFUSED, NAME, "--passphrase-file", words)
    assert "--force" in done.err
    assert "-o" in done.err
    assert run(tmp_path, NAME, "--passphrase-file", words, "--force").status == 0
    assert (tmp_path / CLEAR).read_bytes() == PDF


def test_the_sealed_file_is_never_the_output(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, PDF)
    os.link(tmp_path / NAME, tmp_path / "link")
    for output in (NAME, "link", f"./{NAME}"):
        refused(
            tmp_path, ExitCode.OUTPUT_REFUSED,
            NAME, "--passphrase-file", words, "-o", output, "--force",
        )  # fmt: skip


def test_the_output_is_a_file_or_a_folder(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, PDF)
    (tmp_path / "folder").mkdir()
    for output, expected in (("folder", f"folder/{CLEAR}"), ("other.pdf", "other.pdf")):
        done = run(tmp_path, NAME, "--passphrase-file", words, "-o", output)
        assert done.out == f"{expected}\n"
        assert (tmp_path / expected).read_bytes() == PDF
    refused(
        tmp_path, ExitCode.OUTPUT_REFUSED, NAME, "--passphrase-file", words, "-o", "nowhere/x.pdf"
    )
    refused(tmp_path, ExitCode.OUTPUT_REFUSED, NAME, "--passphrase-file", words, "-o", "nowhere/")


@pytest.mark.parametrize("content", [PDF, LARGE])
def test_a_full_and_a_read_only_disk_leave_nothing(
    tmp_path: Path, words: Path, content: bytes
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8k", "none", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        missing("mounting a small disk needs root")
    try:
        seal(tmp_path / NAME, content)
        seal_documents(tmp_path / "several.zip.age", {"a": content, "b": content})
        for name in (NAME, "several.zip.age"):
            done = run(tmp_path, name, "--passphrase-file", words, "-o", "disk")
            assert done.status == ExitCode.OUTPUT_REFUSED, done
            assert "full" in done.lines[0]
            assert len(done.lines) == 2
            assert names(disk) == []
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for name in (NAME, "several.zip.age"):
            done = run(tmp_path, name, "--passphrase-file", words, "-o", "disk/x")
            assert done.status == ExitCode.OUTPUT_REFUSED, done
            assert "only be read" in done.lines[0]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_limit_of_size_leaves_nothing(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, LARGE)
    done = subprocess.run(
        [*COMMAND, NAME, "--passphrase-file", str(words)],
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert done.returncode == ExitCode.OUTPUT_REFUSED, done
    assert "larger" in done.stderr
    assert names(tmp_path) == [NAME]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_command_leaves_nothing(tmp_path: Path, number: int) -> None:
    seal(tmp_path / NAME, PDF)
    reader, writer = os.pipe()
    child = subprocess.Popen(
        [*COMMAND, NAME, "--passphrase-fd", str(reader)],
        cwd=tmp_path,
        env=environ(),
        pass_fds=[reader],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(0.7)  # it waits for the words
    child.send_signal(number)
    _, said = child.communicate(timeout=20)
    os.close(reader)
    os.close(writer)
    assert child.returncode == 128 + number
    assert "Traceback" not in said
    assert names(tmp_path) == [NAME]


def test_hostile_names_are_harmless_on_screen_and_on_disk(tmp_path: Path, words: Path) -> None:
    name = "\x1b[31mred\n\u202efdp.exe\x07.age"
    seal(tmp_path / name, PDF)
    done = run(tmp_path, name, "--passphrase-file", words)
    assert done.status == 0
    assert names(tmp_path) == sorted([name, "[31mredfdp.exe"])
    (tmp_path / "[31mredfdp.exe").write_bytes(b"mine")
    done = run(tmp_path, name)
    assert not {"\x1b", "\x07", "\u202e"} & set(done.err)
    assert len(done.lines) == 2


@pytest.mark.parametrize("name", ["x" * 251 + ".age", "é" * 125 + ".age", "no-extension", ".age"])
def test_long_and_odd_names_open_too(tmp_path: Path, words: Path, name: str) -> None:
    seal(tmp_path / name, PDF)
    done = run(tmp_path, name, "--passphrase-file", words)
    assert done.status == 0, done
    (made,) = set(names(tmp_path)) - {name}
    assert (tmp_path / made).read_bytes() == PDF


def test_armor_is_read(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, LARGE, armor=True)
    assert run(tmp_path, NAME, "--passphrase-file", words).status == 0
    assert (tmp_path / CLEAR).read_bytes() == LARGE


def test_from_a_mail_programs_folder_the_document_goes_to_documents(
    tmp_path: Path, words: Path
) -> None:
    folder = tmp_path / "mozilla_marie0"
    folder.mkdir()
    (tmp_path / "Documents").mkdir()
    seal(folder / NAME, PDF)
    done = run(folder, NAME, "--passphrase-file", words, HOME=str(tmp_path))
    assert done.out == f"{tmp_path}/Documents/{CLEAR}\n"
    assert f"{tmp_path}/Documents" in done.err
    assert names(folder) == [NAME]
    assert (tmp_path / "Documents" / CLEAR).read_bytes() == PDF


# --- keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [age.X25519Identity, age.HybridIdentity])
def test_a_key_opens(tmp_path: Path, words: Path, kind: type[age.X25519Identity]) -> None:
    identity = kind.generate()
    seal(tmp_path / NAME, PDF, identity.recipient())
    key = f"# my key\n\n{identity.reveal()}\n"
    (tmp_path / "key.txt").write_text(key)
    (tmp_path / "key16.txt").write_text(key, encoding="utf-16")
    seal(tmp_path / "key.age", key.encode())
    seal(tmp_path / "armored.age", key.encode(), armor=True)
    for number, given in enumerate(("key.txt", "key16.txt", "key.age", "armored.age")):
        extra = ["--passphrase-file", words] if given.endswith(".age") else []
        done = run(tmp_path, NAME, "-i", given, "-o", f"{number}.pdf", *extra)
        assert done.status == 0, done
        assert (tmp_path / f"{number}.pdf").read_bytes() == PDF
    done = refused(tmp_path, ExitCode.ANSWER_NEEDED, NAME, "-i", "key.age")
    assert "key.age" in done.err


def test_the_wrong_kind_of_secret_is_said(tmp_path: Path, words: Path) -> None:
    identity, other = age.X25519Identity.generate(), age.X25519Identity.generate()
    seal(tmp_path / NAME, PDF)
    seal(tmp_path / "keys.pdf.age", PDF, identity.recipient())
    (tmp_path / "other.txt").write_text(other.reveal())
    (tmp_path / "bad.txt").write_text(f"# key\n{other.reveal()[:-1]}x\n")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    seal(tmp_path / "sealed-to-key.age", b"x", identity.recipient())
    kind = ExitCode.WRONG_KIND
    assert "-i" in refused(tmp_path, kind, "keys.pdf.age").err
    assert "-i" in refused(tmp_path, kind, "keys.pdf.age", "--passphrase-file", words).err
    refused(tmp_path, kind, NAME, "-i", "other.txt")
    refused(tmp_path, kind, "keys.pdf.age", "-i", "sealed-to-key.age")
    mismatch = ExitCode.IDENTITY_MISMATCH
    refused(tmp_path, mismatch, "keys.pdf.age", "-i", "other.txt")
    done = refused(tmp_path, mismatch, "keys.pdf.age", "-i", "bad.txt")
    assert "2" in done.lines[0]
    assert other.reveal()[20:40] not in done.err
    refused(tmp_path, mismatch, "keys.pdf.age", "-i", "binary.txt")
    refused(tmp_path, ExitCode.INPUT_UNREADABLE, "keys.pdf.age", "-i", "missing.txt")


def test_an_ssh_key_opens_whole_files(tmp_path: Path) -> None:
    key = tmp_path / "id_ed25519"
    subprocess.run(
        [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True
    )
    recipient = age.parse_recipient(key.with_suffix(".pub").read_text())
    (tmp_path / "a.pdf").write_bytes(PDF)
    age.encrypt_file(tmp_path / "a.pdf", tmp_path / NAME, [recipient])
    done = run(tmp_path, NAME, "-i", key)
    assert done.status == 0, done
    assert (tmp_path / CLEAR).read_bytes() == PDF


# --- words of other programs --------------------------------------------------------------------


def test_a_passphrase_that_somebody_chose_elsewhere_opens_too(tmp_path: Path) -> None:
    chosen = "Été 1987, le chat dort"
    seal(tmp_path / NAME, PDF, age.ScryptRecipient(chosen))
    done = run(tmp_path, NAME, "--passphrase-fd", "0", stdin=f"{chosen}\n".encode())
    assert done.status == 0, done
    assert (tmp_path / CLEAR).read_bytes() == PDF
    refused(tmp_path, ExitCode.PASSPHRASE_WRONG, NAME, "--passphrase-fd", "0")


# --- nobody listening ---------------------------------------------------------------------------


@pytest.mark.parametrize("redirection", [">/dev/full", "2>/dev/full", ">&-", "2>&-", ">&- 2>&-"])
def test_a_document_is_opened_although_nobody_reads_what_is_said(
    tmp_path: Path, words: Path, redirection: str
) -> None:
    seal(tmp_path / NAME, PDF)
    command = f'"$0" -m secshare.opener {NAME} --passphrase-file "$1" {redirection}'
    done = subprocess.run(
        ["/bin/sh", "-c", command, COMMAND[0], str(words)],
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert (tmp_path / CLEAR).read_bytes() == PDF
    assert "Nothing was written" not in done.stderr
    assert "Traceback" not in done.stderr


# --- the command line ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "The file to open is missing"),
        ([""], "The file to open is missing"),
        (["a.age", "b.age"], "One file at a time: b.age is one too many."),
        (["a.age", "--nonsense"], "--nonsense"),
        (["a.age", "-o"], "--output"),
        (["a.age", "--output="], "--output"),
        (["a.age", "-i"], "--identity"),
        (["a.age", "--passphrase-fd", "x"], "--passphrase-fd"),
        (["a.age", "--max-work-factor", "23"], "from 1 to 22"),
        (["a.age", "--passphrase-fd", "0", "--passphrase-file", "x"], "from one place"),
        (["a.age", "--force=yes"], "--force"),
    ],
)
def test_a_command_that_is_not_understood_is_two_lines_and_2(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = run(tmp_path, *arguments)
    assert done.status == 2, done
    assert len(done.lines) == 2
    assert said in done.lines[0]
    assert "--help" in done.lines[1]
    french = run(tmp_path, *arguments, LC_ALL="fr_FR.UTF-8")
    assert french.status == 2
    assert french.err != done.err


def test_a_fault_of_ours_shows_no_trace_and_no_value(tmp_path: Path, words: Path) -> None:
    seal(tmp_path / NAME, PDF)
    code = (
        "import sys, secshare.age.unlocking as u, secshare.opener.words as w\n"
        "def broken(*a, **k): raise RuntimeError(repr(a))\n"
        "w.find = broken\n"
        "from secshare.opener import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run(
        [COMMAND[0], "-c", code, NAME, "--passphrase-file", str(words)],
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 2
    assert "RuntimeError" in done.stderr
    assert "acarien" not in done.stderr
    assert names(tmp_path) == [NAME]
