"""Protects outputs on Windows and macOS, as far as Linux can stand in for them."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from secshare.errors import OutputRefused
from secshare.files import drafts, hidden, locks, platform, publish, publish_folder, sweep

FILE_PART = ".secshare-0123456789abcdef.part"
FOLDER_PART = ".secshare-fedcba9876543210.part"


def is_open(path: Path) -> bool:
    """Whether this process has the file, or one in the folder, open."""
    for link in os.listdir("/proc/self/fd"):
        try:
            if Path(os.readlink(f"/proc/self/fd/{link}")).is_relative_to(path.absolute()):
                return True
        except OSError:
            continue
    return False


class InUse(PermissionError):
    """A sharing violation."""

    winerror = 32

    def __init__(self) -> None:
        super().__init__(errno.EACCES, "in use")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of Windows: what is open is neither renamed nor removed, and no rename replaces."""

    def refusing(act: Callable[..., None], *, replaces: bool) -> Callable[..., None]:
        def acting(path: Path, *more: Path, **options: bool) -> None:
            if is_open(Path(path)) or (more and is_open(Path(more[0]))):
                raise InUse
            if more and not replaces and os.path.lexists(more[0]):
                raise FileExistsError(errno.EEXIST, "exists")
            act(path, *more, **options)

        return acting

    for module in (drafts, hidden, platform, locks):
        monkeypatch.setattr(module, "WINDOWS", True)
    monkeypatch.setattr(locks, "reserve", lambda descriptor: True)  # msvcrt is not here
    monkeypatch.setattr(drafts, "nameless", lambda folder, mode: None)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(os, "rename", refusing(os.rename, replaces=False))
    monkeypatch.setattr(os, "replace", refusing(os.replace, replaces=True))
    monkeypatch.setattr(os, "unlink", refusing(os.unlink, replaces=True))
    monkeypatch.setattr(Path, "unlink", refusing(Path.unlink, replaces=True))


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


@pytest.mark.usefixtures("windows")
def test_on_windows_a_file_appears_complete(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    with publish(path) as file:
        file.write(b"content")
        assert not path.exists()
    with pytest.raises(OutputRefused, match="already exists"), publish(path) as file:
        pytest.fail("the block must not run")
    with publish(path, overwrite=True) as file:
        file.write(b"newer")
    with pytest.raises(KeyboardInterrupt), publish(tmp_path / "other") as file:
        raise KeyboardInterrupt
    assert names(tmp_path) == ["report.pdf"]
    assert path.read_bytes() == b"newer"


@pytest.mark.usefixtures("windows")
def test_on_windows_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    with pytest.raises(OutputRefused) as caught, publish(tmp_path / "a") as file:
        file.write(b"ours")
        (tmp_path / "a").write_bytes(b"theirs")
    assert caught.value.key == "files.exists"
    assert (tmp_path / "a").read_bytes() == b"theirs"
    assert names(tmp_path) == ["a"]


@pytest.mark.usefixtures("windows")
def test_on_windows_a_file_that_is_open_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with (
        (tmp_path / "a").open("rb"),
        pytest.raises(OutputRefused) as caught,
        publish(tmp_path / "a", overwrite=True) as file,
    ):
        file.write(b"new")
    assert caught.value.key == "files.output_in_use"
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.usefixtures("windows")
def test_on_windows_a_folder_appears_complete(tmp_path: Path) -> None:
    with publish_folder(tmp_path / "REF") as folder:
        (folder / "a").write_bytes(b"a")
        sweep(tmp_path)
        assert (folder / "a").exists(), "what is being filled stays"
    assert names(tmp_path / "REF") == ["a"]
    with pytest.raises(KeyboardInterrupt), publish_folder(tmp_path / "other") as folder:
        (folder / "a").write_bytes(b"a")
        raise KeyboardInterrupt
    assert names(tmp_path) == ["REF"]


@pytest.mark.usefixtures("windows")
def test_on_windows_what_is_open_is_not_swept_and_the_rest_is(tmp_path: Path) -> None:
    (tmp_path / FILE_PART).write_bytes(b"clear")
    (tmp_path / FOLDER_PART).mkdir()
    (tmp_path / FOLDER_PART / ".secshare-lock").touch()
    (tmp_path / FOLDER_PART / "a").write_bytes(b"clear")
    with (tmp_path / FILE_PART).open("rb"), (tmp_path / FOLDER_PART / ".secshare-lock").open("rb"):
        sweep(tmp_path)
        assert names(tmp_path) == [FILE_PART, FOLDER_PART]
        assert (tmp_path / FOLDER_PART / "a").exists()
    sweep(tmp_path)
    assert names(tmp_path) == []


def test_on_macos_the_disks_own_cache_is_written_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = fcntl.fcntl

    def noted(descriptor: int, command: int, *more: object) -> object:
        if command == 51:
            asked.append(descriptor)
            if refusing:
                raise OSError(errno.ENOTSUP, "not on this drive")
            return 0
        return real(descriptor, command, *more)

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", noted)
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    refusing = False
    with (tmp_path / "a").open("wb") as file:
        platform.sync(file.fileno())
        assert (asked, synced) == ([file.fileno()], [])
        refusing = True
        platform.sync(file.fileno())
        assert synced == [file.fileno()]
