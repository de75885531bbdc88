"""Two threads stop when they are told to, hide no fault, and are gone before anything returns."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyrage
import pytest

from secshare import age
from secshare.age import pair, payload, positioned
from secshare.errors import InputUnreadable, OutputRefused, PayloadDamaged
from tests.age.files import opened
from tests.age.words import drawn
from tests.tools import ROOT

IDENTITY = age.X25519Identity.generate()
RECIPIENTS = [IDENTITY.recipient()]
SIZE = 40 * payload.CHUNK + 5


@pytest.fixture
def clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of some groups, which goes to two threads."""
    monkeypatch.setattr(pair, "LEAST", 0)
    monkeypatch.setattr(pair, "GROUP", 4)
    path = tmp_path / "clear"
    path.write_bytes(os.urandom(SIZE))
    return path


def helpers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "secshare.age"]


def test_progress_comes_in_the_callers_thread_and_ends_at_the_total(
    clear: Path, tmp_path: Path
) -> None:
    seen: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None) -> None:
        assert threading.current_thread() is threading.main_thread()
        seen.append((done, total))

    age.encrypt_file(clear, tmp_path / "sealed", RECIPIENTS, progress=progress)
    age.decrypt_file(tmp_path / "sealed", tmp_path / "back", [IDENTITY], progress=progress)
    ends = [at for at, (done, _) in enumerate(seen) if done == SIZE]
    assert len(ends) == 2 and ends[1] == len(seen) - 1
    assert {total for _, total in seen} == {SIZE}
    for part in (seen[: ends[0] + 1], seen[ends[0] + 1 :]):
        assert [done for done, _ in part] == sorted({done for done, _ in part})
    assert (tmp_path / "back").read_bytes() == clear.read_bytes()


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_what_progress_raises_cancels_and_comes_out_unchanged(
    clear: Path, tmp_path: Path, error: type[BaseException]
) -> None:
    age.encrypt_file(clear, tmp_path / "sealed", RECIPIENTS)
    before = sorted(tmp_path.iterdir())

    def progress(done: int, _: int | None) -> None:
        raise error("enough")

    with pytest.raises(error, match="enough"):
        age.encrypt_file(clear, tmp_path / "target", RECIPIENTS, progress=progress)
    assert not helpers()
    with pytest.raises(error, match="enough"):
        age.decrypt_file(tmp_path / "sealed", tmp_path / "target", [IDENTITY], progress=progress)
    assert not helpers()
    assert sorted(tmp_path.iterdir()) == before


def test_what_happens_in_the_other_thread_comes_out_in_the_callers(
    clear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = positioned.Place.write
    waited = threading.Event()

    def write(self: positioned.Place, data: memoryview, offset: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            waited.set()
            raise OutputRefused("age.disk_full", reason="") from OSError(errno.ENOSPC, "full")
        waited.wait(10)
        original(self, data, offset)

    monkeypatch.setattr(positioned.Place, "write", write)
    with pytest.raises(OutputRefused) as caught:
        age.encrypt_file(clear, tmp_path / "target", RECIPIENTS)
    assert caught.value.key == "files.disk_full"
    assert not helpers()
    assert sorted(tmp_path.iterdir()) == [clear]


@pytest.mark.parametrize("thread", ["main", "helper"])
@pytest.mark.parametrize("chunk", [0, 3, 4, 9, 22, 39])
def test_the_sink_ends_before_the_first_damaged_chunk_whichever_thread_finds_it(
    clear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, thread: str
) -> None:
    """The group with the damage is held back until later groups are written."""
    path, target = tmp_path / "sealed", tmp_path / "target"
    age.encrypt_file(clear, path, RECIPIENTS)
    file = bytearray(path.read_bytes())
    start = len(file) - payload.sealed_size(SIZE)
    for damaged in (chunk, min(chunk + 7, 40)):
        file[start + damaged * payload.SEALED + 9] ^= 1
    path.write_bytes(bytes(file))
    original = positioned.Place.read

    def read(self: positioned.Place, buffer: memoryview, offset: int) -> None:
        late = (threading.current_thread() is threading.main_thread()) == (thread == "main")
        if late:
            time.sleep(0.02)
        original(self, buffer, offset)

    monkeypatch.setattr(positioned.Place, "read", read)
    with open(path, "rb") as source, open(target, "w+b") as sink:
        with pytest.raises(PayloadDamaged) as caught:
            age.decrypt(source, sink, [IDENTITY])
        assert sink.tell() == chunk * payload.CHUNK
    assert caught.value.fields == {"chunk": chunk + 1}
    assert target.read_bytes() == clear.read_bytes()[: chunk * payload.CHUNK]


@pytest.mark.parametrize("change", [b"", b"longer"])
def test_a_file_that_changes_its_length_meanwhile_is_noticed(
    clear: Path, tmp_path: Path, change: bytes
) -> None:
    def progress(done: int, _: int | None) -> None:
        with open(clear, "r+b") as file:
            if change:
                file.seek(0, os.SEEK_END)
                file.write(change)
            else:
                file.truncate(5)

    target = tmp_path / "target"
    with open(clear, "rb") as source, open(target, "w+b") as sink:
        with pytest.raises(InputUnreadable) as caught:
            age.encrypt(source, sink, RECIPIENTS, progress=progress)
        assert caught.value.key == "age.source_changed"
        assert target.stat().st_size < 300  # the header, and no content


def test_one_file_for_both_ends_is_refused_before_it_is_touched(clear: Path) -> None:
    before = clear.read_bytes()
    with open(clear, "rb") as source, open(clear, "r+b") as sink:
        with pytest.raises(OutputRefused):
            age.encrypt(source, sink, RECIPIENTS)
        with pytest.raises(OutputRefused):
            age.decrypt(source, sink, [IDENTITY])
    assert clear.read_bytes() == before


def test_ctrl_c_ends_a_long_work_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    with open(source, "wb") as file:
        file.truncate(8 << 30)  # a hole: minutes of work, no room on the disk
    program = (
        # A shell that starts its jobs in the background has them ignore Ctrl-C.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "import sys; from secshare import age; print('ready', flush=True);"
        "age.encrypt_file(sys.argv[1], sys.argv[2],"
        " [age.X25519Identity.generate().recipient()],"
        " progress=lambda done, _: done > 1 << 22 or print('.', flush=True))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, source, target],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    child.stdout.readline()
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert b"KeyboardInterrupt" in errors
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_ctrl_c_while_waiting_for_the_other_thread_waits_for_it_all_the_same() -> None:
    released = threading.Event()
    thread = threading.Thread(target=lambda: released.wait(10))
    thread.start()
    calls = []

    class Interrupted:
        def is_alive(self) -> bool:
            return thread.is_alive()

        def join(self) -> None:
            calls.append(1)
            if len(calls) < 3:
                raise KeyboardInterrupt
            released.set()
            thread.join()

    with pytest.raises(KeyboardInterrupt):
        pair._joined(Interrupted())  # type: ignore[arg-type]
    assert not thread.is_alive()


def test_where_no_thread_can_be_had_one_does_all(
    clear: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    age.encrypt_file(clear, tmp_path / "target", RECIPIENTS)
    assert opened((tmp_path / "target").read_bytes(), IDENTITY) == clear.read_bytes()


def test_many_files_at_once_from_many_threads(clear: Path, tmp_path: Path) -> None:
    data = clear.read_bytes()
    done = []

    def work(number: int) -> None:
        target = tmp_path / f"target{number}"
        age.encrypt_file(clear, target, RECIPIENTS)
        done.append(opened(target.read_bytes(), IDENTITY) == data)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True] * 4


@pytest.mark.parametrize("buffered", [True, False])
def test_a_passphrase_is_stretched_while_the_payload_is_sealed(
    tmp_path: Path, *, buffered: bool
) -> None:
    clear = os.urandom(pair.LEAST + 12_345)
    (tmp_path / "clear").write_bytes(b"before" + clear)
    passphrase = drawn()
    with (
        open(tmp_path / "clear", "rb", buffering=-1 if buffered else 0) as source,
        open(tmp_path / "sealed", "w+b", buffering=-1 if buffered else 0) as sink,
    ):
        source.read(6)
        sink.write(b"in front")
        age.encrypt(source, sink, [age.ScryptRecipient(passphrase)])
        sink.flush()
        assert sink.tell() == (tmp_path / "sealed").stat().st_size
        sink.seek(len(b"in front"))
        again = io.BytesIO()
        age.decrypt(sink, again, [age.ScryptIdentity(passphrase)])
    assert again.getvalue() == clear
    sealed = (tmp_path / "sealed").read_bytes().removeprefix(b"in front")
    assert sealed.startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert pyrage.passphrase.decrypt(sealed, passphrase.reveal()) == clear


@pytest.mark.parametrize("fault", [KeyboardInterrupt, MemoryError])
def test_a_fault_while_stretching_cuts_the_sink_where_it_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    (tmp_path / "clear").write_bytes(bytes(pair.LEAST))

    def fails(*_: object) -> None:
        raise fault

    monkeypatch.setattr("secshare.age.unlocking.lock", fails)
    with open(tmp_path / "clear", "rb") as source, open(tmp_path / "sealed", "wb") as sink:
        sink.write(b"in front")
        with pytest.raises(fault):
            age.encrypt(source, sink, [age.ScryptRecipient(drawn())])
    assert (tmp_path / "sealed").read_bytes() == b"in front"
