"""Protects the output: it exists completely or not at all, and nothing is left beside it."""

from __future__ import annotations

import errno
import io
import multiprocessing
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from secshare.errors import OutputRefused
from secshare.files import drafts, hidden, publish, publish_folder, remove, sweep
from secshare.messages import Language
from tests.tools import missing

PART = ".secshare-0123456789abcdef.part"


@pytest.fixture(
    params=["nameless", "hidden", "hidden without links", "nameless, then without links"]
)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the ways in which a draft is kept; the last is what FAT and some shares offer."""
    if request.param.startswith("hidden"):
        monkeypatch.setattr(drafts, "nameless", lambda folder, mode: None)
    if "without links" in request.param:

        def no_links(*args: object, **kwargs: object) -> None:
            raise OSError(errno.EPERM, "no links here")

        monkeypatch.setattr(os, "link", no_links)
    return str(request.param)


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def refusal(path: Path, **options: bool) -> OutputRefused:
    with pytest.raises(OutputRefused) as caught, publish(path, **options) as file:
        file.write(b"content")
    what, do = caught.value.explain(Language.FR)
    assert what and do
    return caught.value


def test_the_output_appears_at_the_end_and_alone(tmp_path: Path, way: str) -> None:
    path = tmp_path / "report.pdf"
    with publish(path) as file:
        file.write(b"one, ")
        file.seek(0, io.SEEK_END)
        file.write(b"two")
        assert not path.exists()
        assert names(tmp_path) == [] if "nameless" in way else len(names(tmp_path)) == 1
        file.seek(0)
        assert file.read() == b"one, two"
    assert path.read_bytes() == b"one, two"
    assert names(tmp_path) == ["report.pdf"]


def test_a_private_output_is_for_its_owner_alone(tmp_path: Path, way: str) -> None:
    old = os.umask(0o022)
    try:
        for private, mode in ((True, 0o600), (False, 0o644)):
            path = tmp_path / f"{private}"
            with publish(path, private=private) as file:
                file.write(b"x")
            assert stat.S_IMODE(path.stat().st_mode) == mode
    finally:
        os.umask(old)


def test_an_existing_file_is_refused_before_any_work(tmp_path: Path, way: str) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")
    with pytest.raises(OutputRefused) as caught, publish(path):
        pytest.fail("the block must not run")
    assert caught.value.key == "files.exists"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["report.pdf"]


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path, way: str) -> None:
    path = tmp_path / "report.pdf"
    with pytest.raises(OutputRefused) as caught, publish(path) as file:
        file.write(b"new")
        path.write_bytes(b"somebody else's")
    assert caught.value.key == "files.exists"
    assert path.read_bytes() == b"somebody else's"
    assert names(tmp_path) == ["report.pdf"]


def test_a_dangling_link_is_not_written_through(tmp_path: Path, way: str) -> None:
    (tmp_path / "report.pdf").symlink_to(tmp_path / "elsewhere")
    assert refusal(tmp_path / "report.pdf").key == "files.exists"
    assert names(tmp_path) == ["report.pdf"]


def test_overwriting_replaces_at_the_end(tmp_path: Path, way: str) -> None:
    path = tmp_path / "settings"
    path.write_bytes(b"old")
    with publish(path, overwrite=True) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    with publish(tmp_path / "fresh", overwrite=True) as file:
        file.write(b"new")
    assert names(tmp_path) == ["fresh", "settings"]


@pytest.mark.parametrize("trouble", [ValueError("x"), KeyboardInterrupt(), SystemExit(3)])
@pytest.mark.parametrize("overwrite", [False, True])
def test_an_interrupted_block_leaves_nothing(
    tmp_path: Path, way: str, trouble: BaseException, overwrite: bool
) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"old")
    target = kept if overwrite else tmp_path / "new"
    with pytest.raises(type(trouble)), publish(target, overwrite=overwrite) as file:
        file.write(b"partial")
        raise trouble
    assert names(tmp_path) == ["kept"]
    assert kept.read_bytes() == b"old"


def test_an_interruption_after_the_rename_takes_the_name_back(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("secshare.files.publishing.sync_folder", interrupted)
    with pytest.raises(KeyboardInterrupt), publish(tmp_path / "new") as file:
        file.write(b"complete")
    with pytest.raises(KeyboardInterrupt), publish_folder(tmp_path / "folder") as folder:
        (folder / "a").write_bytes(b"a")
    assert names(tmp_path) == []


def test_file_and_folder_reach_the_disk(
    tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    with publish(tmp_path / "a") as file:
        file.write(b"x")
    assert synced[-2:] == ["file", "folder"]
    synced.clear()
    with publish_folder(tmp_path / "b") as folder:
        (folder / "one").write_bytes(b"1")
        (folder / "in").mkdir()
        (folder / "in" / "two").write_bytes(b"2")
    assert synced == ["file", "folder", "file", "folder", "folder"]


def test_a_missing_folder_is_named(tmp_path: Path, way: str) -> None:
    error = refusal(tmp_path / "nowhere" / "report.pdf")
    assert error.key == "files.no_folder"
    assert error.fields["path"] == tmp_path / "nowhere"


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path, way: str) -> None:
    (tmp_path / "folder").mkdir()
    assert refusal(tmp_path / "folder", overwrite=True).key == "files.output_folder"
    assert refusal(tmp_path / "folder").key == "files.exists"
    assert names(tmp_path) == ["folder"]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", ".."])
def test_names_that_cannot_be_are_refused(tmp_path: Path, way: str, name: str) -> None:
    assert refusal(tmp_path / name).key in {"files.name_refused", "files.exists"}
    assert names(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of 256 kB in memory, unmounted afterwards."""
    mounted = tmp_path / "disk"
    mounted.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(mounted)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        missing("mounting a small disk needs root")
    try:
        yield mounted
    finally:
        subprocess.run(["umount", "-l", str(mounted)], check=True)


def test_a_full_disk_leaves_nothing(small_disk: Path, way: str) -> None:
    before = os.statvfs(small_disk).f_bfree
    with pytest.raises(OutputRefused) as caught, publish(small_disk / "new") as file:
        for _ in range(100):
            view = memoryview(bytes(1 << 16))
            while view:
                view = view[file.write(view) :]
    assert caught.value.key == "files.disk_full"
    assert names(small_disk) == []
    assert os.statvfs(small_disk).f_bfree == before
    with pytest.raises(OutputRefused) as caught, publish_folder(small_disk / "folder") as folder:
        (folder / "a").write_bytes(bytes(1 << 20))
    assert caught.value.key == "files.disk_full"
    assert names(small_disk) == []


def test_a_read_only_disk_is_named(small_disk: Path, way: str) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert refusal(small_disk / "new").key == "files.read_only"


def test_a_limit_of_size_is_named(tmp_path: Path, way: str) -> None:
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, old[1]))
    try:
        with pytest.raises(OutputRefused) as caught, publish(tmp_path / "new") as file:
            for _ in range(3):
                file.write(bytes(4096))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert caught.value.key == "files.too_large"
    assert names(tmp_path) == []


def _as_nobody(folder: str, answer: multiprocessing.connection.Connection) -> None:
    os.setgid(65534)
    os.setuid(65534)
    try:
        with publish(Path(folder) / "new") as file:
            file.write(b"x")
    except OutputRefused as error:
        answer.send(error.key)
    else:
        answer.send("written")


def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o500)
        assert refusal(folder / "new").key == "files.no_permission"
        return
    here, there = multiprocessing.Pipe()
    os.chmod(tmp_path, 0o755)
    for parent in tmp_path.parents[:2]:  # pytest closes its own folders to others
        os.chmod(parent, 0o755)
    child = multiprocessing.get_context("fork").Process(
        target=_as_nobody, args=(str(tmp_path), there)
    )
    child.start()
    assert here.poll(20)
    assert here.recv() == "files.no_permission"
    child.join()


class Shared(PermissionError):
    """What Windows raises while another program has the file open."""

    winerror = 32


def test_a_file_open_elsewhere_is_tried_again_for_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "nameless", lambda folder, mode: None)
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    real, failures = os.replace, 3

    def busy(source: Path, target: Path) -> None:
        if len(pauses) < failures:
            raise Shared(errno.EACCES, "in use")
        real(source, target)

    monkeypatch.setattr(os, "replace", busy)
    with publish(tmp_path / "a", overwrite=True) as file:
        file.write(b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert len(pauses) == 3

    failures = 1_000
    error = refusal(tmp_path / "a", overwrite=True)
    assert error.key == "files.output_in_use"
    assert sum(pauses) < 2
    assert (tmp_path / "a").read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


def test_what_the_disk_did_not_refuse_passes_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ConnectionError), publish(tmp_path / "a"):
        raise ConnectionResetError(errno.ECONNRESET, "the caller's own trouble")
    assert names(tmp_path) == []


KILLED = """
import sys, time
from pathlib import Path
from secshare.files import drafts, publish, publish_folder
if sys.argv[2] == "hidden":
    drafts.nameless = lambda folder, mode: None
folder = Path(sys.argv[1])
with publish(folder / "file") as file, publish_folder(folder / "folder") as inside:
    file.write(b"clear text")
    (inside / "a").write_bytes(b"clear text")
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", ["nameless", "hidden"])
def test_a_killed_process_leaves_only_what_sweep_removes(tmp_path: Path, how: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), how], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    parts = names(tmp_path)
    assert len(parts) == (1 if how == "nameless" else 2)
    sweep(tmp_path)
    assert names(tmp_path) == parts, "what is being written stays"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    sweep(tmp_path)
    assert names(tmp_path) == []


def test_sweep_touches_nothing_else(tmp_path: Path) -> None:
    for name in (".secshare-x.part", ".report.part", "a.part", ".secshare-0123456789abcdef.par"):
        (tmp_path / name).write_bytes(b"mine")
    (tmp_path / "target").write_bytes(b"mine")
    (tmp_path / PART).symlink_to(tmp_path / "target")
    before = names(tmp_path)
    sweep(tmp_path)
    assert names(tmp_path) == before
    sweep(tmp_path / "missing")
    sweep(tmp_path / "target")


def test_sweep_leaves_what_belongs_to_somebody_else(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        missing("giving a file away needs root")
    (tmp_path / PART).write_bytes(b"theirs")
    os.chown(tmp_path / PART, 65534, 65534)
    sweep(tmp_path)
    assert names(tmp_path) == [PART]


def test_a_draft_swept_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "nameless", lambda folder, mode: None)
    real, swept = hidden.lock, []

    def late(descriptor: int) -> bool:
        if not swept:
            swept.append(True)
            sweep(tmp_path)
        return real(descriptor)

    monkeypatch.setattr(hidden, "lock", late)
    with publish(tmp_path / "a") as file:
        file.write(b"x")
    swept.clear()
    with publish_folder(tmp_path / "b") as folder:
        (folder / "x").write_bytes(b"x")
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / "b" / "x").read_bytes() == b"x"


def test_a_folder_appears_complete(tmp_path: Path) -> None:
    with publish_folder(tmp_path / "REF") as folder:
        (folder / "a").write_bytes(b"a")
        assert not (tmp_path / "REF").exists()
    assert names(tmp_path / "REF") == ["a"]
    assert stat.S_IMODE((tmp_path / "REF").stat().st_mode) == 0o700
    assert names(tmp_path) == ["REF"]
    with pytest.raises(OutputRefused) as caught, publish_folder(tmp_path / "REF"):
        pytest.fail("the block must not run")
    assert caught.value.key == "files.exists"


@pytest.mark.parametrize("meanwhile", ["file", "empty folder", "full folder"])
def test_a_folder_never_takes_a_taken_name(tmp_path: Path, meanwhile: str) -> None:
    target = tmp_path / "REF"
    with pytest.raises(OutputRefused) as caught, publish_folder(target) as folder:
        (folder / "a").write_bytes(b"a")
        if meanwhile == "file":
            target.write_bytes(b"theirs")
        else:
            target.mkdir()
        if meanwhile == "full folder":
            (target / "theirs").write_bytes(b"theirs")
    assert caught.value.key == "files.exists"
    assert names(tmp_path) == ["REF"]


def test_an_interrupted_folder_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), publish_folder(tmp_path / "REF") as folder:
        (folder / "a").write_bytes(b"a")
        (folder / "deep").mkdir()
        (folder / "deep" / "b").write_bytes(b"b")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


@pytest.mark.parametrize("step", ["mkdir", "lock"])
def test_a_folder_interrupted_while_it_is_made_leaves_nothing(tmp_path, monkeypatch, step):
    def stop(*_):
        raise KeyboardInterrupt

    if step == "mkdir":  # just after the folder is there
        monkeypatch.setattr(drafts.FolderDraft, "_open_lock", stop)
    else:
        monkeypatch.setattr(hidden, "lock", stop)
    with pytest.raises(KeyboardInterrupt), publish_folder(tmp_path / "share"):
        pytest.fail("it was not made")
    assert not list(tmp_path.iterdir())


def test_removing_takes_files_folders_and_links_but_not_their_targets(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "a").write_bytes(b"a")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "b").write_bytes(b"b")
    for name in ("link", "folder", "missing"):
        remove(tmp_path / name)
    assert names(tmp_path) == ["kept"]
    assert names(tmp_path / "kept") == ["a"]


def test_what_cannot_be_removed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(self: Path, missing_ok: bool = False) -> None:
        raise Shared(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(OutputRefused) as caught:
        remove(tmp_path / "a")
    assert caught.value.key == "files.remove_failed"


def test_a_disk_that_takes_a_part_of_what_it_is_given_never_leaves_a_part(tmp_path):
    # RLIMIT_FSIZE makes `write` take 100 of 200 bytes, as a disk does that is nearly full.
    program = """
import resource, signal, sys
from pathlib import Path
from secshare import files
from secshare.errors import OutputRefused
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    with files.publish(Path(sys.argv[1])) as sink:
        sink.write(b"x" * 200)
except (OSError, OutputRefused):
    sys.exit(7)
"""
    path = tmp_path / "out"
    done = subprocess.run([sys.executable, "-c", program, path], check=False, timeout=60)
    assert done.returncode == 7
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_a_sweep_is_about_to_remove_is_not_taken_for_ours(tmp_path, monkeypatch, kind):
    """Another process holds the lock of what was just made, and removes it a moment later."""
    original, held = hidden.lock, []

    def lock(descriptor):
        if not held:
            held.extend(tmp_path.iterdir())
            remove = held[0].rmdir if kind == "folder" else held[0].unlink
            threading.Timer(0.03, remove).start()
        return not held[0].exists() and original(descriptor)

    monkeypatch.setattr(hidden, "lock", lock)
    if kind == "folder":
        with publish_folder(tmp_path / "out") as draft:
            assert draft != held[0]
            (draft / "a").write_bytes(b"a")
        assert (tmp_path / "out" / "a").read_bytes() == b"a"
    else:
        monkeypatch.setattr(drafts, "nameless", lambda *_: None)
        with publish(tmp_path / "out") as sink:
            sink.write(b"a")
        assert (tmp_path / "out").read_bytes() == b"a"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
