"""Protects against archives: several documents appear together, and a hostile one does nothing."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from secshare.errors import ExitCode
from tests.opener.kit import MARK, PDF, PHRASE, clear_text_in, names, run, seal, seal_documents

WORDS = ("--passphrase-fd", "0")
TYPED = PHRASE.encode()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


STORED = zipped(("a", MARK), method=zipfile.ZIP_STORED)


def test_several_documents_get_a_folder_and_no_archive(tmp_path: Path) -> None:
    documents = {"a.pdf": PDF, "résultat.csv": b"a;b\n", "large.bin": os.urandom(300_000)}
    seal_documents(tmp_path / "document.zip.age", documents)
    done = run(tmp_path, "document.zip.age", *WORDS, stdin=TYPED)
    assert (done.status, done.out) == (0, "document\n")
    assert {name: (tmp_path / "document" / name).read_bytes() for name in documents} == documents
    assert names(tmp_path) == ["document", "document.zip.age"]
    assert (tmp_path / "document").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "document" / "a.pdf").stat().st_mode & 0o777 == 0o600


def test_ours_is_recognised_whatever_its_name_became(tmp_path: Path) -> None:
    seal_documents(tmp_path / "attachment.age", {"a": b"1", "b": b"2"})
    done = run(tmp_path, "attachment.age", *WORDS, stdin=TYPED)
    assert done.out == "attachment\n"
    assert names(tmp_path / "attachment") == ["a", "b"]


def test_an_existing_folder_is_never_added_to(tmp_path: Path) -> None:
    seal_documents(tmp_path / "document.zip.age", {"a": b"1", "b": b"2"})
    (tmp_path / "document").mkdir()
    done = run(tmp_path, "document.zip.age", *WORDS, "-o", "made", stdin=TYPED)
    assert done.out == "made\n"
    for extra in ([], ["--force"]):
        done = run(tmp_path, "document.zip.age", *WORDS, *extra, stdin=TYPED)
        assert done.status == ExitCode.OUTPUT_REFUSED, done
        assert "-o" in done.err
    assert names(tmp_path / "document") == []


def test_a_document_that_only_looks_like_an_archive_is_one_document(tmp_path: Path) -> None:
    docx = zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<y/>"))
    seal(tmp_path / "letter.docx.age", docx)
    assert run(tmp_path, "letter.docx.age", *WORDS, stdin=TYPED).out == "letter.docx\n"
    assert (tmp_path / "letter.docx").read_bytes() == docx
    seal(tmp_path / "text.zip.age", b"no archive at all")
    assert run(tmp_path, "text.zip.age", *WORDS, stdin=TYPED).out == "text.zip\n"


def test_an_archive_can_be_kept(tmp_path: Path) -> None:
    data = zipped(("a", b"1"))
    seal(tmp_path / "a.zip.age", data)
    assert run(tmp_path, "a.zip.age", *WORDS, "--keep-zip", stdin=TYPED).out == "a.zip\n"
    assert (tmp_path / "a.zip").read_bytes() == data


def test_hostile_names_stay_in_the_folder(tmp_path: Path) -> None:
    hostile = ["../../up", "/etc/cron.d/x", "..\\..\\win", "\x1b[2J\n", "a\u202efdp.exe", "con", ""]
    inside = tmp_path / "in"
    inside.mkdir()
    seal(inside / "x.zip.age", zipped(*((name, b"x") for name in hostile)))
    done = run(inside, "x.zip.age", *WORDS, stdin=TYPED)
    assert done.status == 0, done
    assert names(tmp_path) == ["in"]
    assert names(inside) == ["x", "x.zip.age"]
    assert set(names(inside / "x")) == {
        "up", "x", "win", "[2J", "afdp.exe", "_con", "document"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zipped(("bomb", MARK + bytes(30 << 20))), ExitCode.WORK_REFUSED),
        (zipped(*((f"{n}", b"") for n in range(1001))), ExitCode.WORK_REFUSED),
        (zipped(("a", MARK * 99), method=zipfile.ZIP_LZMA), ExitCode.INPUT_UNREADABLE),
        (zipped(("a", MARK * 99))[:-30], ExitCode.FILE_DAMAGED),
        (STORED.replace(MARK, MARK.lower()), ExitCode.FILE_DAMAGED),
    ],
    ids=["bomb", "crowd", "kind", "cut", "altered"],
)  # fmt: skip
def test_a_hostile_archive_is_refused_and_leaves_nothing(
    tmp_path: Path, content: bytes, code: ExitCode
) -> None:
    seal(tmp_path / "x.zip.age", content)
    done = run(tmp_path, "x.zip.age", *WORDS, stdin=TYPED)
    assert done.status == code, done
    assert len(done.lines) == 2
    assert names(tmp_path) == ["x.zip.age"]


def test_damage_in_the_last_document_keeps_the_first_from_appearing(tmp_path: Path) -> None:
    path = seal_documents(tmp_path / "x.zip.age", {"a": MARK * 9000, "b": MARK * 9000})
    sealed = bytearray(path.read_bytes())
    sealed[-80_000] ^= 1  # in a chunk that is neither the first nor the last
    path.write_bytes(sealed)
    done = run(tmp_path, "x.zip.age", *WORDS, stdin=TYPED)
    assert done.status == ExitCode.FILE_DAMAGED, done
    assert names(tmp_path) == ["x.zip.age"]
    assert clear_text_in(tmp_path) == []
