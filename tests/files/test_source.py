"""Protects reading: one descriptor, ordinary files only, and no change goes unnoticed."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import shutil
import socket
import subprocess
import unicodedata
from pathlib import Path

import pytest

from secshare.errors import InputUnreadable, SecshareError
from secshare.files import copy, input_trouble, open_source, output_trouble, publish, same_file
from secshare.messages import Language


def refusal(path: Path) -> str:
    with pytest.raises(InputUnreadable) as caught, open_source(path):
        pytest.fail("the block must not run")
    for language in Language:
        what, do = caught.value.explain(language)
        assert "\n" not in what + do
        assert what and do
    return caught.value.key


def test_a_document_is_read_through_one_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"content")
    with open_source(path) as source:
        assert (source.size, source.name, source.path) == (7, "report.pdf", path)
        assert source.file.read() == b"content"
        source.check_unchanged()
    assert source.file.closed


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    (tmp_path / "b").symlink_to("a")
    with open_source(tmp_path / "b") as source:
        assert source.file.read() == b"content"
        source.check_unchanged()


def test_what_is_no_document_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path)  # the path of a socket is short
        listening.bind("socket")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    assert refusal(tmp_path / "missing") == "files.missing"
    assert refusal(tmp_path / "empty" / "below") == "files.missing"
    assert refusal(tmp_path / "dangling") == "files.missing"
    assert refusal(tmp_path / ("x" * 300)) == "files.missing"
    assert refusal(tmp_path / "a\0b") == "files.missing"
    assert refusal(tmp_path) == "files.folder"
    assert refusal(tmp_path / "empty") == "files.empty"
    assert refusal(tmp_path / "pipe") == "files.not_regular"
    assert refusal(tmp_path / "socket") == "files.not_regular"
    assert refusal(Path("/dev/null")) == "files.not_regular"
    assert refusal(tmp_path / "loop") == "files.read_failed"


def test_a_name_without_its_ending_is_told_which_files_have_one(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "Hélène.pdf")
    for name in ("cr.pdf", "cr.docx", "SCAN.PDF", "taken.exe", apart):
        (tmp_path / name).write_bytes(b"content")
    for name, found in (("cr", "cr.docx, cr.pdf"), ("SCAN", "SCAN.PDF"), ("Hélène", apart)):
        with pytest.raises(InputUnreadable) as caught, open_source(tmp_path / name):
            pass
        assert caught.value.key == "files.missing_ending"
        told = unicodedata.normalize("NFC", str(caught.value.fields["found"]))
        assert told == unicodedata.normalize("NFC", found)
    assert refusal(tmp_path / "taken") == "files.missing"
    (tmp_path / "taken.pdf").mkdir()
    (tmp_path / "taken").symlink_to("nowhere")
    assert refusal(tmp_path / "taken") == "files.missing", "a link is there, and leads nowhere"


def _read_as_nobody(path: str, answer: multiprocessing.connection.Connection) -> None:
    os.setgid(65534)
    os.setuid(65534)
    try:
        for name in (path, str(Path(path).parent / "inside" / "document")):
            try:
                with open_source(Path(name)):
                    answer.send("read")
            except SecshareError as error:
                answer.send(error.key)
    except BaseException as error:
        answer.send(repr(error))


def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / "closed"
    path.write_bytes(b"content")
    path.chmod(0)
    (tmp_path / "inside").mkdir(mode=0)
    if os.geteuid() != 0:
        assert refusal(path) == "files.unreadable"
        return
    for folder in (tmp_path, *tmp_path.parents[:2]):  # pytest closes its own folders to others
        os.chmod(folder, 0o755)
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(
        target=_read_as_nobody, args=(str(path), there)
    )
    child.start()
    for _ in range(2):
        assert here.poll(20)
        assert here.recv() == "files.unreadable"
    child.join()


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _rewrite(path: Path) -> None:
    path.write_bytes(b"CONTENT")
    os.utime(path, ns=(1, 1))  # the clock of a file system may tick too slowly for a test


def _shrink(path: Path) -> None:
    os.truncate(path, 3)


def _replace(path: Path) -> None:
    other = path.with_name("other")
    shutil.copy2(path, other)
    os.replace(other, path)


@pytest.mark.parametrize("change", [_grow, _rewrite, _shrink, _replace, os.unlink])
def test_a_change_while_reading_is_noticed(tmp_path: Path, change: object) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"content")
    with open_source(path) as source:
        change(path)  # type: ignore[operator]
        with pytest.raises(InputUnreadable) as caught:
            source.check_unchanged()
    assert caught.value.key == "files.changed"


def test_reading_alone_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"content")
    with open_source(path) as source:
        path.read_bytes()
        os.link(path, tmp_path / "backup")
        path.chmod(0o400)
        source.check_unchanged()


def test_one_file_is_recognised_under_two_names(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    (tmp_path / "link").symlink_to("a")
    os.link(path, tmp_path / "hard")
    (tmp_path / "copy").write_bytes(b"x")
    assert same_file(path, tmp_path / "link")
    assert same_file(path, tmp_path / "hard")
    assert same_file(path, tmp_path / "." / "a")
    assert not same_file(path, tmp_path / "copy")
    assert not same_file(path, tmp_path / "missing")


def test_an_open_file_is_copied_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(os.urandom(3_000_000))
    with open_source(path) as source, publish(tmp_path / "b") as sink:
        copy(source.file, sink)
    assert (tmp_path / "b").read_bytes() == path.read_bytes()


class FromWindows(OSError):
    """An error as Windows numbers it."""

    def __init__(self, number: int, code: int = errno.EACCES) -> None:
        super().__init__(code, "refused")
        self.winerror = number


def test_what_windows_refuses_has_its_own_words() -> None:
    assert input_trouble(FromWindows(32), "a").key == "files.input_in_use"
    assert input_trouble(FromWindows(33), "a").key == "files.input_in_use"
    assert input_trouble(FromWindows(5), "a").key == "files.unreadable"
    assert output_trouble(FromWindows(32), "a").key == "files.output_in_use"
    assert output_trouble(FromWindows(5), "a").key == "files.no_permission"
    assert output_trouble(FromWindows(112, errno.ENOSPC), "a").key == "files.disk_full"
    assert output_trouble(FromWindows(39, errno.EINVAL), "a").key == "files.disk_full"
    assert output_trouble(FromWindows(123, errno.EINVAL), "a").key == "files.name_refused"


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_error_of_the_system_has_two_lines_in_both_languages(number: int) -> None:
    error = OSError(number, os.strerror(number))
    for ours in (input_trouble(error, "a\x1b[31m"), output_trouble(error, "a\x1b[31m")):
        for language in Language:
            what, do = ours.explain(language)
            assert "\x1b" not in what + do
            assert what and do


def test_a_broken_disk_is_said_with_the_systems_reason() -> None:
    error = input_trouble(OSError(errno.EIO, "Input/output error"), "/media/usb/a.pdf")
    assert error.key == "files.read_failed"
    assert "Input/output error" in str(error)
    assert "/media/usb/a.pdf" in str(error)


def test_nothing_is_left_open(tmp_path: Path) -> None:
    before = set(os.listdir("/proc/self/fd"))
    (tmp_path / "empty").touch()
    for path in (tmp_path, tmp_path / "empty", Path("/dev/null")):
        refusal(path)
    assert set(os.listdir("/proc/self/fd")) == before
    assert subprocess.run(["true"], check=True).returncode == 0


def test_what_was_read_is_known_by_its_digest_however_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(bytes(range(256)) * 1000)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with open_source(path) as source:
        with pytest.raises(InputUnreadable):
            source.check_same(digest)  # nothing was read
        source.file.watch()
        source.file.seek(0)
        buffer = bytearray(1000)
        while source.file.readinto(buffer):
            pass
        source.check_same(digest)
        source.file.seek(0)
        source.file.read()
        source.check_same(digest)
        source.file.watch()
        source.file.seek(77)
        source.file.read()
        with pytest.raises(InputUnreadable):
            source.check_same(digest)  # its beginning was not read
        source.file.seek(0)
        source.file.read()
        with pytest.raises(InputUnreadable):
            source.check_same("0" * 64)


def test_a_change_that_hides_its_time_is_seen_in_what_was_read(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"about Jeanne")
    digest, before = hashlib.sha256(b"about Jeanne").hexdigest(), path.stat()
    with open_source(path) as source:
        with path.open("r+b") as other:
            other.write(b"about Robert")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        source.check_unchanged()  # sees nothing
        source.file.watch()
        source.file.seek(0)
        assert source.file.read() == b"about Robert"
        with path.open("r+b") as other:
            other.write(b"about Jeanne")  # and put back after it was sealed
        with pytest.raises(InputUnreadable) as caught:
            source.check_same(digest)
    assert caught.value.key == "files.changed"
