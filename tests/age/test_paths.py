"""From path to path there is a whole, private output, or none and everything as it was."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest

from secshare import age
from secshare.errors import (
    HeaderMacWrong,
    IdentityMismatch,
    InputUnreadable,
    NotAgeFile,
    OutputRefused,
    PassphraseWrong,
    PayloadDamaged,
    SecshareError,
)
from tests.age.files import opened, sealed
from tests.age.words import drawn

IDENTITY = age.X25519Identity.generate()
RECIPIENTS = [IDENTITY.recipient()]


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document"
    path.write_bytes(b"content")
    return path


@pytest.mark.parametrize("armor", [False, True])
def test_a_document_goes_there_and_back(document: Path, tmp_path: Path, *, armor: bool) -> None:
    there, back = tmp_path / "there.age", tmp_path / "back"
    age.encrypt_file(str(document), str(there), RECIPIENTS, armor=armor)
    assert opened(there.read_bytes(), IDENTITY) == b"content"
    age.decrypt_file(there, back, [IDENTITY])
    assert back.read_bytes() == b"content"
    if os.name == "posix":
        assert stat.S_IMODE(there.stat().st_mode) == stat.S_IMODE(back.stat().st_mode) == 0o600


def test_an_output_is_replaced_only_when_asked_and_only_by_a_whole_one(
    document: Path, tmp_path: Path
) -> None:
    there, back = tmp_path / "there.age", tmp_path / "back"
    age.encrypt_file(document, there, RECIPIENTS)
    back.write_bytes(b"mine")
    with pytest.raises(OutputRefused):
        age.decrypt_file(there, back, [IDENTITY])
    with pytest.raises(IdentityMismatch):
        age.decrypt_file(there, back, [age.X25519Identity.generate()], overwrite=True)
    there.write_bytes(there.read_bytes()[:-1])
    with pytest.raises(PayloadDamaged):
        age.decrypt_file(there, back, [IDENTITY], overwrite=True)
    assert back.read_bytes() == b"mine"
    age.encrypt_file(document, there, RECIPIENTS, overwrite=True)
    age.decrypt_file(there, back, [IDENTITY], overwrite=True)
    assert back.read_bytes() == b"content"


def test_after_every_failure_nothing_new_is_there(document: Path, tmp_path: Path) -> None:
    words = sealed(b"content", age.ScryptRecipient(drawn()))
    keys = sealed(b"content", *RECIPIENTS)
    altered = keys.replace(b"\n--- ", b"\n-> grease\n\n--- ")
    cases: list[tuple[bytes, age.Identity, type[SecshareError]]] = [
        (b"", IDENTITY, NotAgeFile),
        (b"%PDF", IDENTITY, NotAgeFile),
        (keys, age.X25519Identity.generate(), IdentityMismatch),
        (words, age.ScryptIdentity("x"), PassphraseWrong),
        (altered, IDENTITY, HeaderMacWrong),
        (keys + b"x", IDENTITY, PayloadDamaged),
    ]
    for content, identity, error in cases:
        document.write_bytes(content)
        with pytest.raises(error):
            age.decrypt_file(document, tmp_path / "target", [identity])
        assert list(tmp_path.iterdir()) == [document]


def test_a_path_that_cannot_be_read_or_written_is_named(document: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    for source in (tmp_path / "missing", tmp_path):
        with pytest.raises(InputUnreadable) as unreadable:
            age.encrypt_file(source, target, RECIPIENTS)
        assert str(source) in str(unreadable.value)
        with pytest.raises(InputUnreadable) as unreadable:
            age.decrypt_file(source, target, [IDENTITY])
        assert str(source) in str(unreadable.value)
    with pytest.raises(OutputRefused) as refused:
        age.encrypt_file(document, tmp_path / "none" / "target", RECIPIENTS)
    assert str(tmp_path / "none") in str(refused.value)
    with pytest.raises(OutputRefused) as refused:
        age.encrypt_file(document, document, RECIPIENTS, overwrite=True)
    assert refused.value.key == "age.same_file"
    os.link(document, tmp_path / "link")
    with pytest.raises(OutputRefused):
        age.encrypt_file(document, tmp_path / "link", RECIPIENTS, overwrite=True)
    assert document.read_bytes() == b"content"


def test_a_document_written_to_meanwhile_is_noticed(document: Path, tmp_path: Path) -> None:
    def progress(*_: object) -> None:
        document.write_bytes(b"CONTENT")
        os.utime(document, ns=(1, 1))

    with pytest.raises(InputUnreadable) as caught:
        age.encrypt_file(document, tmp_path / "target", RECIPIENTS, progress=progress)
    assert caught.value.key == "files.changed"
    assert list(tmp_path.iterdir()) == [document]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_called_so() -> None:
    with open("/dev/full", "wb", buffering=0) as sink, pytest.raises(OutputRefused) as caught:
        age.encrypt(io.BytesIO(b"x"), sink, RECIPIENTS)
    assert caught.value.key == "age.disk_full"
