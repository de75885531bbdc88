"""No error carries a secret, in its own text or in any exception that hangs on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from secshare import age
from secshare.age import bech32
from secshare.age.bridge import BridgedIdentity
from secshare.errors import IdentityMismatch, PassphraseWrong, SecshareError
from tests.age.files import opened, sealed
from tests.age.words import drawn
from tests.tools import ROOT, need

SECRET = "qpzry9x8gf2tvdw0"  # of the alphabet that keys are written in
NOT_TEXT = "\ud800"
NATIVE = age.X25519Identity.generate().recipient()
BLOCK = "-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n"


def everything(error: BaseException | None) -> str:
    """Return all that an error and what hangs on it would show to whoever looks."""
    shown, seen = "", set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        attributes = [getattr(error, name, "") for name in ("object", "fields", "doc", "filename")]
        shown += f"{error!r} {error} {error.args!r} {vars(error)!r} {attributes!r}\n"
        shown += everything(error.__cause__)
        error = error.__context__
    return shown


def refused(call: Callable[[], object]) -> str:
    """Return everything that the error of a call would show."""
    with pytest.raises(SecshareError) as caught:
        call()
    return everything(caught.value).lower()


def test_the_search_finds_what_hangs_on_an_error() -> None:
    try:
        try:
            (SECRET + NOT_TEXT).encode()
        except UnicodeEncodeError:
            raise PassphraseWrong("age.passphrase_not_text") from None
    except PassphraseWrong as error:
        assert SECRET in everything(error)


@pytest.mark.parametrize("kind", [age.ScryptIdentity, age.ScryptRecipient])
def test_words_that_cannot_be_written_stay_out(kind: Callable[[str], object]) -> None:
    assert SECRET not in refused(lambda: kind(SECRET + NOT_TEXT))


@pytest.mark.parametrize(
    "text",
    [
        f"{before}{SECRET}{wrong}{SECRET}"
        for before in ("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1", "AGE-PLUGIN-TPM-1", "")
        for wrong in ("", "é", NOT_TEXT, "b", "\x00", "Q")
    ]
    + [BLOCK.format(SECRET + wrong) for wrong in ("", "é", NOT_TEXT, "\x00")]
    + [BLOCK.format(SECRET).replace("OPENSSH", kind) for kind in ("RSA", "EC", SECRET)],
)
def test_a_private_key_that_is_wrong_stays_out(text: str) -> None:
    calls: list[Callable[[str], object]] = [
        age.parse_identity,
        age.parse_identities,
        age.parse_recipient,
        age.parse_recipients,
    ]
    for call in calls:
        assert SECRET not in refused(lambda call=call: call(text))  # type: ignore[misc]


@pytest.mark.parametrize("type_", ["ssh-ed25519", "ssh-rsa"])
@pytest.mark.parametrize("wrong", ["", "é", NOT_TEXT, "\x00"])
def test_a_secret_pasted_as_an_ssh_key_stays_out(type_: str, wrong: str) -> None:
    assert SECRET not in refused(lambda: age.parse_recipient(f"{type_} {SECRET}{wrong}"))


def test_words_and_keys_that_do_not_fit_stay_out() -> None:
    to_words, to_key = sealed(b"x", age.ScryptRecipient(drawn())), sealed(b"x", NATIVE)
    words, key = age.ScryptIdentity(SECRET), age.X25519Identity.generate()
    for file, identity in [(to_words, words), (to_key, key), (to_words, key), (to_key, words)]:
        shown = refused(lambda file=file, identity=identity: opened(file, identity))  # type: ignore[misc]
        assert SECRET not in shown
        assert key.reveal().lower() not in shown


@pytest.fixture
def plugin_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file for a plugin's key which asks for a PIN."""
    program = tmp_path / "age-plugin-tpm"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.age.plugin import main\nmain()\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "document").write_bytes(b"x")
    recipient = age.parse_recipient(bech32.encode("age1tpm", b"some hardware"))
    age.encrypt_file(tmp_path / "document", tmp_path / "sealed", [recipient])
    monkeypatch.setenv("TEST_PLUGIN_PIN", "1234")
    return tmp_path / "sealed"


@pytest.mark.parametrize(
    ("wrong", "error"), [("", IdentityMismatch), (NOT_TEXT, PassphraseWrong)], ids=["pin", "bytes"]
)
def test_a_pin_stays_out_of_errors_and_of_the_screen(
    plugin_file: Path, wrong: str, error: type[SecshareError], capfd: pytest.CaptureFixture[str]
) -> None:
    identity = BridgedIdentity.parse(bech32.encode("age-plugin-tpm-", b"some hardware"))
    identity.ask = lambda _: SECRET + wrong
    with pytest.raises(error) as caught:
        age.decrypt_file(plugin_file, plugin_file.with_name("back"), [identity])
    assert SECRET not in everything(caught.value)
    assert SECRET not in "".join(capfd.readouterr())


def test_what_pyrage_says_does_not_hang_on_our_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    class Panic(BaseException):
        pass

    def panic(*_: object) -> None:
        raise Panic(SECRET)

    command = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")]
    subprocess.run(command, check=True)
    recipient = age.parse_recipient((tmp_path / "key.pub").read_text())
    identity = age.parse_identity((tmp_path / "key").read_text())
    (tmp_path / "document").write_bytes(b"x")
    age.encrypt_file(tmp_path / "document", tmp_path / "sealed", [recipient])
    monkeypatch.setattr(pyrage, "encrypt_io", panic)
    monkeypatch.setattr(pyrage, "decrypt_io", panic)
    paths = tmp_path / "sealed", tmp_path / "back"
    assert SECRET not in refused(lambda: age.encrypt_file(*paths, [recipient]))
    assert SECRET not in refused(lambda: age.decrypt_file(*paths, [identity]))
