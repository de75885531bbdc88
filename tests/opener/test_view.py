"""Protects against running what was received: only what merely shows is shown."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from secshare.opener.view import Shown, kind, may_be_shown, show, viewer

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"%PDF-1.7\n", Shown.PDF),
        (PNG + b"rest", Shown.PNG),
        (b"\xff\xd8\xff\xe0", Shown.JPEG),
        (b"Compte rendu\r\n", Shown.TEXT),
        ("été".encode("cp1252"), Shown.TEXT),
        ("é".encode() * 9 + b"\xc3", Shown.TEXT),
        (b"", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF", None),
        (b"PK\x03\x04", None),
        (b"text\x1b[31m", None),
        (b" %PDF-1.7", Shown.TEXT),
        (bytes(range(128, 256)), None),
    ],
)
def test_the_kind_is_read_from_the_content(head: bytes, expected: Shown | None) -> None:
    assert kind(head) is expected


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.pdf", b"%PDF-1.7", True),
        ("a.PDF", b"%PDF-1.7", True),
        ("a.jpeg", b"\xff\xd8\xff", True),
        ("a.txt", b"hello", True),
        ("a.exe", b"%PDF-1.7", False),
        ("a.bat", b"echo hello", False),
        ("a.desktop", b"[Desktop Entry]", False),
        ("a.html", b"<script>", False),
        ("a.pdf", b"hello", False),
        ("a.txt", b"%PDF-1.7", False),
        ("pdf", b"%PDF-1.7", False),
    ],
)
def test_name_and_content_must_agree(name: str, head: bytes, expected: bool) -> None:
    assert may_be_shown(Path(name), head) is expected


def test_without_a_screen_there_is_nothing_to_show_on(tmp_path: Path) -> None:
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    path = {"PATH": str(tmp_path)}
    assert viewer(path, platform="linux") is None
    assert viewer(path | {"DISPLAY": ":0"}, platform="linux") == (str(program),)
    assert viewer({"PATH": "/nowhere", "WAYLAND_DISPLAY": "x"}, platform="linux") is None
    assert viewer({}, platform="win32") == ()
    assert viewer({}, platform="darwin") == ("/usr/bin/open",)
    assert viewer({"SSH_CONNECTION": "x"}, platform="darwin") is None


def test_the_viewer_gets_the_whole_path_and_no_option(tmp_path: Path, monkeypatch) -> None:
    program = tmp_path / "viewer"
    program.write_text(
        f'#!/bin/sh\necho "$#:$1" >"{tmp_path}/s"; mv "{tmp_path}/s" "{tmp_path}/seen"\n'
    )
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert show(Path("-a.pdf"), [str(program)])
    end = time.monotonic() + 10
    while not (tmp_path / "seen").exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert (tmp_path / "seen").read_text() == f"1:{tmp_path}/-a.pdf\n"
    assert not show(Path("a.pdf"), ["/nonexistent/viewer"])
