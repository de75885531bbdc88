"""Protects the practice folder: its owner alone enters, and nobody else's is taken for ours."""

from __future__ import annotations

import ctypes
import os
import stat
from pathlib import Path

import pytest

from secshare.errors import InputUnreadable, OutputRefused
from secshare.files import belongs_to_us, make_private_folder
from secshare.files.private import owned_windows, restrict_windows


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        make_private_folder(tmp_path / "private")
        (tmp_path / "open").mkdir(mode=0o777)
    finally:
        os.umask(old)
    assert mode(tmp_path / "private") == 0o700
    make_private_folder(tmp_path / "open")
    assert mode(tmp_path / "open") == 0o700


def test_a_private_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputRefused) as caught:
        make_private_folder(tmp_path / "file")
    assert caught.value.key == "files.exists"
    with pytest.raises(OutputRefused) as caught:
        make_private_folder(tmp_path / "nowhere" / "private")
    assert caught.value.key == "files.no_folder"


def test_what_others_own_or_may_write_is_not_ours(tmp_path: Path) -> None:
    assert belongs_to_us(tmp_path)
    tmp_path.chmod(0o777)
    assert not belongs_to_us(tmp_path)
    tmp_path.chmod(0o755)
    assert belongs_to_us(tmp_path)
    with pytest.raises(InputUnreadable):
        belongs_to_us(tmp_path / "missing")
    if os.geteuid() == 0:
        (tmp_path / "theirs").mkdir()
        os.chown(tmp_path / "theirs", 65534, 65534)
        assert not belongs_to_us(tmp_path / "theirs")


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_what_a_group_may_write_is_not_ours_alone(tmp_path: Path) -> None:
    for mode, alone in ((0o700, True), (0o755, True), (0o770, False), (0o720, False)):
        tmp_path.chmod(mode)
        assert belongs_to_us(tmp_path)
        assert belongs_to_us(tmp_path, alone=True) is alone


class Advapi32:
    """The access lists of Windows; `refusing` names the call that fails."""

    def __init__(self, *, refusing: str = "", member: bool = True) -> None:
        self.refusing = refusing
        self.member = member
        self.applied: list[tuple[str, int]] = []
        self.sddl = ""

    def _done(self, call: str) -> int:
        return int(call != self.refusing)

    def ConvertStringSecurityDescriptorToSecurityDescriptorW(  # noqa: N802
        self, text: str, revision: int, descriptor: object, size: None
    ) -> int:
        self.sddl = text
        assert revision == 1
        descriptor._obj.value = 42  # type: ignore[attr-defined]
        return self._done("convert")

    def SetFileSecurityW(self, path: str, what: int, descriptor: ctypes.c_void_p) -> int:  # noqa: N802
        assert descriptor.value == 42
        self.applied.append((path, what))
        return self._done("set")

    def GetFileSecurityW(  # noqa: N802
        self, path: str, what: int, into: object, size: object, needed: object
    ) -> int:
        assert what == 1
        needed._obj.value = 28  # type: ignore[attr-defined]
        if into is None:
            return 0
        assert ctypes.sizeof(into) == 28  # type: ignore[arg-type]
        return self._done("get")

    def GetSecurityDescriptorOwner(self, descriptor: object, owner: object, flag: object) -> int:  # noqa: N802
        owner._obj.value = 7  # type: ignore[attr-defined]
        return self._done("owner")

    def CheckTokenMembership(self, token: None, owner: ctypes.c_void_p, member: object) -> int:  # noqa: N802
        assert owner.value == 7
        member._obj.value = int(self.member)  # type: ignore[attr-defined]
        return self._done("member")


def test_on_windows_the_list_holds_the_owner_and_inherits_nothing(tmp_path: Path) -> None:
    api = Advapi32()
    restrict_windows(tmp_path, api)
    assert api.sddl.startswith("D:P(A;OICI;FA;;;OW)")
    assert "WD" not in api.sddl, "everyone"
    assert api.applied == [(str(tmp_path), 0x80000004)]


def test_on_windows_the_owner_is_the_user_or_a_group_the_user_acts_for(tmp_path: Path) -> None:
    assert owned_windows(tmp_path, Advapi32())
    assert not owned_windows(tmp_path, Advapi32(member=False))


@pytest.mark.parametrize("refusing", ["convert", "set", "get", "owner", "member"])
def test_what_windows_refuses_is_an_error_and_never_a_yes(tmp_path: Path, refusing: str) -> None:
    act = restrict_windows if refusing in {"convert", "set"} else owned_windows
    with pytest.raises(OSError, match="denied"):
        act(tmp_path, Advapi32(refusing=refusing))
