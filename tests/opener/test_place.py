"""Protects the place of a document: a name one recognises, in a folder one finds again."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from secshare.files import documents_folder, folders, is_mail_temporary
from secshare.opener.words import reference_in
from secshare.opening import clear_name
from tests.opener.kit import REFERENCE


@pytest.mark.parametrize(
    ("sealed", "clear"),
    [
        ("document-K7Q2.pdf.age", "document-K7Q2.pdf"),
        ("document-K7Q2.pdf.AGE", "document-K7Q2.pdf"),
        ("document-K7Q2.pdf (1).age", "document-K7Q2 (1).pdf"),
        ("document-K7Q2.pdf(1).age", "document-K7Q2(1).pdf"),
        ("document-K7Q2.pdf.age (2)", "document-K7Q2.pdf"),
        ("document-K7Q2.pdf.age(2)", "document-K7Q2.pdf"),
        ("report.txt.asc", "report.txt"),
        ("document-K7Q2.age", "document-K7Q2"),
        ("renamed.bin", "renamed (2).bin"),
        (".age", "age (2)"),
        ("../..\n.age", "document"),
    ],
)
def test_the_document_is_named_after_the_sealed_file(sealed: str, clear: str) -> None:
    assert clear_name(sealed) == clear


@pytest.mark.parametrize(
    ("path", "platform", "expected"),
    [
        (r"C:\Users\m\Microsoft\Windows\INetCache\Content.Outlook\X1\a.age", "win32", True),
        (r"C:\Users\m\AppData\Local\Temp\pid-1\a.age", "win32", True),
        (r"C:\Packages\microsoft.windowscommunicationsapps_8wekyb\x\a.age", "win32", True),
        (r"C:\Users\m\Downloads\a.age", "win32", False),
        (r"C:\Users\m\Documents\Content.Outlook.age", "win32", False),
        ("/Users/m/Library/Containers/com.apple.mail/Data/X/a.age", "darwin", True),
        ("/var/folders/x/T/a.age", "darwin", True),
        ("/Users/m/Downloads/a.age", "darwin", False),
        ("/tmp/mozilla_marie0/a.age", "linux", True),
        ("/home/m/.cache/evolution/tmp/evolution-m-X/a.age", "linux", True),
        ("/tmp/a.age", "linux", False),
        ("/home/m/mozilla_marie0", "linux", False),
    ],
)  # fmt: skip
def test_the_folders_of_mail_programs_are_known(path: str, platform: str, expected: bool) -> None:
    kind = PureWindowsPath if platform == "win32" else PurePosixPath
    environ = {"TEMP": r"C:\Users\m\AppData\Local\Temp", "TMPDIR": "/var/folders/x/T/"}
    assert is_mail_temporary(kind(path), environ, platform=platform) is expected


def test_documents_has_its_own_name_in_each_language(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert documents_folder({}, platform="linux") == tmp_path
    (tmp_path / "Documents").mkdir()
    assert documents_folder({}, platform="linux") == tmp_path / "Documents"
    (tmp_path / ".config").mkdir()
    settings = tmp_path / ".config" / "user-dirs.dirs"
    settings.write_text(
        '# x\nXDG_DESKTOP_DIR="$HOME/Bureau"\nXDG_DOCUMENTS_DIR="$HOME/Mes papiers"\n'
    )
    assert documents_folder({}, platform="linux") == tmp_path / "Documents", "not there"
    (tmp_path / "Mes papiers").mkdir()
    assert documents_folder({}, platform="linux") == tmp_path / "Mes papiers"
    assert documents_folder({}, platform="darwin") == tmp_path / "Documents"
    settings.write_text(f'XDG_DOCUMENTS_DIR="{tmp_path}/.config"\n')
    assert documents_folder({}, platform="linux") == tmp_path / ".config"
    settings.write_bytes(b"\xff\xfe")
    assert documents_folder({}, platform="linux") == tmp_path / "Documents"


def test_on_windows_documents_may_have_been_moved(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "moved").mkdir()
    monkeypatch.setattr(folders, "_windows_documents", lambda environ: tmp_path / "moved")
    assert documents_folder({}, platform="win32") == tmp_path / "moved"
    monkeypatch.setattr(folders, "_windows_documents", lambda environ: None)
    assert documents_folder({}, platform="win32") == tmp_path


def test_the_reference_is_found_in_a_name() -> None:
    for name in (f"document-{REFERENCE}.pdf.age", f"Document-{REFERENCE.lower()}.pdf (1).age"):
        assert reference_in(name) == REFERENCE
    assert reference_in("document-AAAA-BBBB-D.pdf.age") is None
    assert reference_in("report.pdf.age") is None
