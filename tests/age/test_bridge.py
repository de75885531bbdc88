"""SSH keys and hardware plugins work through pyrage, and none of its faults comes through."""

from __future__ import annotations

import base64
import errno
import io
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from secshare import age, profiles
from secshare.age import bech32, bridge
from secshare.age.bridge import BridgedIdentity, BridgedRecipient
from secshare.errors import (
    ExtraMissing,
    HeaderDamaged,
    HeaderMacWrong,
    IdentityMismatch,
    NotAgeFile,
    OutputRefused,
    PayloadDamaged,
    RecipientDataInvalid,
    SecshareError,
    WrongKind,
)
from tests.age.files import armored, opened, sealed
from tests.age.words import drawn
from tests.tools import ROOT, need

DATA = os.urandom(150_000)
NATIVE = age.X25519Identity.generate()


def made(folder: Path, *arguments: str, words: str = "") -> tuple[str, str]:
    """Return a private and a public SSH key, made by ssh-keygen."""
    command = [need("ssh-keygen"), "-q", "-N", words, "-C", "a comment", "-f", "key", *arguments]
    subprocess.run(command, cwd=folder, check=True)
    pair = (folder / "key").read_text(), (folder / "key.pub").read_text()
    (folder / "key").unlink()
    (folder / "key.pub").unlink()
    return pair


@pytest.fixture(params=[["-t", "ed25519"], ["-t", "rsa", "-b", "2048"]], ids=["ed25519", "rsa"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    return made(tmp_path, *request.param)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document"
    path.write_bytes(DATA)
    return path


@pytest.mark.parametrize("armor", [False, True])
def test_ssh_keys_stand_beside_native_ones(
    pair: tuple[str, str], document: Path, tmp_path: Path, *, armor: bool
) -> None:
    identity, recipient = age.parse_identity(pair[0]), age.parse_recipient(pair[1])
    recipients = [recipient, NATIVE.recipient(), recipient]
    age.encrypt_file(document, tmp_path / "sealed", recipients, armor=armor)
    seen = age.inspect(io.BytesIO((tmp_path / "sealed").read_bytes()))
    assert {"X25519"} < set(seen.stanzas) and seen.armor == armor
    assert opened((tmp_path / "sealed").read_bytes(), NATIVE) == DATA
    others = [age.ScryptIdentity("x"), age.X25519Identity.generate()]
    for number, identities in enumerate([[identity], [*others, identity], [identity, NATIVE]]):
        age.decrypt_file(tmp_path / "sealed", tmp_path / f"{number}", identities)
        assert (tmp_path / f"{number}").read_bytes() == DATA


def test_a_native_file_opens_though_an_ssh_key_is_given_too(
    pair: tuple[str, str], document: Path, tmp_path: Path
) -> None:
    document.write_bytes(sealed(DATA, NATIVE.recipient()))
    identities = [*age.parse_identities(pair[0]), NATIVE]
    age.decrypt_file(document, tmp_path / "back", identities)
    assert (tmp_path / "back").read_bytes() == DATA


def test_every_failure_is_one_of_ours_and_leaves_nothing(
    pair: tuple[str, str], document: Path, tmp_path: Path
) -> None:
    identity, recipient = age.parse_identity(pair[0]), age.parse_recipient(pair[1])
    path = tmp_path / "sealed"
    age.encrypt_file(document, path, [recipient])
    file = path.read_bytes()
    mac, body = file.index(b"\n--- ") + 5, file.index(b"\n", file.index(b"-> ssh-")) + 5
    flipped = b"A" if file[mac : mac + 1] != b"A" else b"B"
    other_body = b"A" if file[body : body + 1] != b"A" else b"B"
    cases: list[tuple[bytes, type[SecshareError]]] = [
        (file[:-1], PayloadDamaged),
        (file[:-90_000], PayloadDamaged),
        (file + b"x", PayloadDamaged),
        (file[:mac] + flipped + file[mac + 1 :], HeaderMacWrong),
        (file[:body] + other_body + file[body + 1 :], HeaderDamaged),
        (file[:100], HeaderDamaged),
        (b"\xff\xfea\0g\0e\0-\0", NotAgeFile),
        (sealed(b"x", NATIVE.recipient()), IdentityMismatch),
        (sealed(b"x", age.ScryptRecipient(drawn())), WrongKind),
    ]
    for content, error in cases:
        path.write_bytes(content)
        with pytest.raises(error) as caught:
            age.decrypt_file(path, tmp_path / "target", [identity])
        assert type(caught.value) is error
        assert sorted(tmp_path.iterdir()) == [document, path]


@pytest.mark.parametrize("armor", [False, True])
def test_a_file_cut_before_its_content_is_not_called_somebody_elses(
    pair: tuple[str, str], document: Path, tmp_path: Path, *, armor: bool
) -> None:
    identity, path = age.parse_identity(pair[0]), tmp_path / "sealed"
    age.encrypt_file(document, path, [age.parse_recipient(pair[1])])
    file = path.read_bytes()
    header = age.inspect(io.BytesIO(file)).header_size
    for kept, error, key in [
        (0, HeaderDamaged, "age.nonce_cut"),
        (1, HeaderDamaged, "age.nonce_cut"),
        (15, HeaderDamaged, "age.nonce_cut"),
        (16, PayloadDamaged, "age.payload_end"),
    ]:
        path.write_bytes(armored(file[: header + kept]) if armor else file[: header + kept])
        for identities in ([identity], [NATIVE, identity]):
            with pytest.raises(error) as caught:
                age.decrypt_file(path, tmp_path / "target", identities)
            assert caught.value.key == key
    assert not (tmp_path / "target").exists()


def test_keys_of_two_kinds_that_may_not_mix_are_refused(
    pair: tuple[str, str], document: Path, tmp_path: Path
) -> None:
    ssh = age.parse_recipient(pair[1])
    for other in (age.HybridIdentity.generate().recipient(), age.ScryptRecipient(drawn())):
        with pytest.raises(WrongKind):
            age.encrypt_file(document, tmp_path / "sealed", [ssh, other])
    assert list(tmp_path.iterdir()) == [document]


def test_streams_say_that_they_do_not_know_these_keys(pair: tuple[str, str]) -> None:
    identity, recipient = age.parse_identity(pair[0]), age.parse_recipient(pair[1])
    with pytest.raises(WrongKind):
        sealed(b"x", recipient)
    with pytest.raises(WrongKind):
        opened(sealed(b"x", NATIVE.recipient()), identity)


def test_a_key_is_known_by_its_text_without_its_comment(pair: tuple[str, str]) -> None:
    recipient = age.parse_recipient(pair[1])
    assert "comment" not in str(recipient)
    assert recipient == age.parse_recipient(f"  {recipient} another comment ")
    assert hash(recipient) == hash(age.parse_recipient(str(recipient)))
    assert recipient != NATIVE.recipient()
    assert age.parse_recipients(f"# one\n{pair[1]}\n") == (recipient,)


def test_a_private_ssh_key_does_not_show_itself(pair: tuple[str, str]) -> None:
    identity = age.parse_identity(pair[0])
    assert isinstance(identity, BridgedIdentity)
    assert pair[0].splitlines()[1] not in repr(identity) + str(identity)
    assert identity.reveal().strip() == pair[0].strip()
    (again,) = age.parse_identities("\ufeff\n" + pair[0].replace("\n", "\r\n"))
    assert isinstance(again, BridgedIdentity)
    with pytest.raises(TypeError):
        pickle.dumps(identity)


def test_a_locked_ssh_key_is_called_so(tmp_path: Path) -> None:
    private, _ = made(tmp_path, "-t", "ed25519", words="hunter2")
    with pytest.raises(IdentityMismatch) as caught:
        age.parse_identity(private)
    assert caught.value.key == "age.identity_locked"


@pytest.mark.parametrize(
    "text",
    ["ssh-ed25519 AAAA", "ssh-rsa x y", "ssh-dss AAAA", "ecdsa-sha2-nistp256 AAAA", "ssh-ed25519"],
)
def test_other_ssh_keys_are_refused(text: str) -> None:
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient(text)
    with pytest.raises(IdentityMismatch):
        age.parse_identity(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{text}\n")


def wire(*fields: bytes) -> str:
    """Return fields as an SSH public key has them, in base64."""
    parts = [len(field).to_bytes(4, "big") + field for field in fields]
    return base64.b64encode(b"".join(parts)).decode()


P = 2**255 - 19
LOW_ORDER = {  # every y of a point whose order divides the cofactor, and those written above p
    "order 1": 1,
    "order 2": P - 1,
    "order 4": 0,
    "order 8": 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    "order 8, negative": 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    "order 4, above p": P,
    "order 1, above p": P + 1,
}


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", LOW_ORDER.values(), ids=LOW_ORDER)
def test_an_ssh_key_that_would_give_everybody_the_file_is_refused(y: int, sign: int) -> None:
    import pyrage

    key = "ssh-ed25519 " + wire(b"ssh-ed25519", (y | sign << 255).to_bytes(32, "little"))
    pyrage.ssh.Recipient.from_str(key)  # it would have sealed
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient(key)


def number(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


@pytest.mark.parametrize("exponent", [0, 1, 2])
def test_an_rsa_key_that_hides_nothing_is_refused_quietly(
    exponent: int, capfd: pytest.CaptureFixture[str]
) -> None:
    modulus = (1 << 2047) + 1
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient(f"ssh-rsa {wire(b'ssh-rsa', number(exponent), number(modulus))}")
    assert capfd.readouterr() == ("", "")


def test_a_small_rsa_key_is_refused(tmp_path: Path) -> None:
    _, public = made(tmp_path, "-t", "rsa", "-b", "1024")
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient(public)


def test_an_ssh_key_has_one_way_to_be_written(pair: tuple[str, str]) -> None:
    type_, key, _ = pair[1].split(maxsplit=2)
    raw = base64.b64decode(key)
    other = "ssh-rsa" if type_ == "ssh-ed25519" else "ssh-ed25519"
    longer, shorter = (base64.b64encode(one).decode() for one in (raw + b"xx", raw[:-1]))
    assert str(age.parse_recipient(f"\t{type_}   {key}")) == f"{type_} {key}"
    for text in (
        f"{type_} {longer}",
        f"{type_} {shorter}",
        f"{type_} {key}!!",
        f"{type_} {key[:40]}!{key[40:]}",
        f"{type_} {key}é",
        f"{type_} {key}\ud800",
        f"{other} {key}",
        f"{type_.upper()} {key}",
        f"{type_}",
    ):
        with pytest.raises(RecipientDataInvalid):
            age.parse_recipient(text)


def test_an_ssh_key_that_is_no_point_is_refused() -> None:
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient("ssh-ed25519 " + wire(b"ssh-ed25519", b"\x02" + bytes(31)))


class Stop(Exception):
    pass


@pytest.mark.parametrize("error", [KeyboardInterrupt, Stop])
def test_what_progress_raises_comes_out_unchanged(
    pair: tuple[str, str], document: Path, tmp_path: Path, error: type[BaseException]
) -> None:
    recipient, identity = age.parse_recipient(pair[1]), age.parse_identity(pair[0])
    seen = []
    age.encrypt_file(
        document, tmp_path / "sealed", [recipient], progress=lambda *at: seen.append(at)
    )
    assert seen[-1] == (len(DATA), len(DATA))

    def progress(done: int, _: int | None) -> None:
        if done > 50_000:
            raise error

    with pytest.raises(error):
        age.encrypt_file(document, tmp_path / "target", [recipient], progress=progress)
    with pytest.raises(error):
        age.decrypt_file(tmp_path / "sealed", tmp_path / "target", [identity], progress=progress)
    assert not (tmp_path / "target").exists()


def test_a_full_disk_is_not_called_damage(pair: tuple[str, str], tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    recipient = age.parse_recipient(pair[1])
    with pytest.raises(OutputRefused) as caught:
        bridge.encrypt(io.BytesIO(DATA), Full(), [recipient])
    assert caught.value.key == "age.disk_full"
    sink = io.BytesIO()
    bridge.encrypt(io.BytesIO(DATA), sink, [recipient])
    identity = BridgedIdentity.parse(pair[0])
    with pytest.raises(OutputRefused):
        bridge.decrypt(io.BytesIO(sink.getvalue()), Full(), [identity])


def test_without_pyrage_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(ExtraMissing):
        age.parse_recipient("ssh-ed25519 AAAA")
    with pytest.raises(ExtraMissing):
        age.parse_identity("-----BEGIN OPENSSH PRIVATE KEY-----")


RECIPIENT = bech32.encode("age1tpm", b"some hardware")
IDENTITY = bech32.encode("age-plugin-tpm-", b"some hardware").upper()


@pytest.fixture
def plugin(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plugin's program, found as any program is."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "age-plugin-tpm"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.age.plugin import main\nmain()\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return program


def test_a_plugin_of_the_list_seals_and_opens(plugin: Path, document: Path, tmp_path: Path) -> None:
    recipient, identity = age.parse_recipient(RECIPIENT.upper()), age.parse_identity(IDENTITY)
    assert isinstance(recipient, BridgedRecipient) and recipient.plugin == "tpm"
    age.encrypt_file(document, tmp_path / "sealed", [recipient, NATIVE.recipient()])
    assert opened((tmp_path / "sealed").read_bytes(), NATIVE) == DATA
    age.decrypt_file(tmp_path / "sealed", tmp_path / "back", [identity])
    assert (tmp_path / "back").read_bytes() == DATA
    other = age.parse_identity(bech32.encode("age-plugin-tpm-", b"other hardware"))
    with pytest.raises(SecshareError):
        age.decrypt_file(tmp_path / "sealed", tmp_path / "other", [other])
    assert not (tmp_path / "other").exists()


def test_a_plugin_may_ask_for_a_pin_where_somebody_answers(
    plugin: Path, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    age.encrypt_file(document, tmp_path / "sealed", [age.parse_recipient(RECIPIENT)])
    monkeypatch.setenv("TEST_PLUGIN_PIN", "1234")
    identity = BridgedIdentity.parse(IDENTITY)
    for answer in (None, lambda _: "9999"):
        identity.ask = answer
        with pytest.raises(IdentityMismatch):
            age.decrypt_file(tmp_path / "sealed", tmp_path / "back", [identity])
    asked: list[str] = []
    identity.ask = lambda question: (asked.append(question), "1234")[1]
    age.decrypt_file(tmp_path / "sealed", tmp_path / "back", [identity])
    assert (tmp_path / "back").read_bytes() == DATA
    assert asked == ["PIN of the key"]


def test_giving_up_at_the_question_for_a_pin_comes_out_unchanged(
    plugin: Path, document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    age.encrypt_file(document, tmp_path / "sealed", [age.parse_recipient(RECIPIENT)])
    monkeypatch.setenv("TEST_PLUGIN_PIN", "1234")
    for error in (KeyboardInterrupt, Stop):

        def ask(_: str, error: type[BaseException] = error) -> str:
            raise error

        identity = BridgedIdentity.parse(IDENTITY)
        identity.ask = ask
        with pytest.raises(error):
            age.decrypt_file(tmp_path / "sealed", tmp_path / "back", [identity])
    assert not (tmp_path / "back").exists()


def test_a_panic_inside_pyrage_is_an_error_of_ours(
    pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    class Panic(BaseException):  # what Rust's panics are in Python
        pass

    def panic(*_: object) -> None:
        raise Panic

    monkeypatch.setattr(pyrage, "encrypt_io", panic)
    with pytest.raises(SecshareError):
        bridge.encrypt(io.BytesIO(b"x"), io.BytesIO(), [age.parse_recipient(pair[1])])


def test_a_plugin_that_is_not_there_is_named(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExtraMissing):
        age.encrypt_file(document, tmp_path / "sealed", [age.parse_recipient(RECIPIENT)])
    assert list(tmp_path.iterdir()) == [document]


@pytest.mark.parametrize("name", ["evil", "x", "../../bin/sh", "pq-"])
def test_a_plugin_that_is_not_on_the_list_is_never_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "ran"
    program = tmp_path / f"age-plugin-{name.replace('/', '')}"
    program.write_text(f"#!/bin/sh\ntouch {trace}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert name not in profiles.PLUGINS
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient(bech32.encode(f"age1{name}", bytes(20)))
    with pytest.raises(IdentityMismatch):
        age.parse_identity(bech32.encode(f"age-plugin-{name}-", bytes(20)))
    assert not trace.exists()


def test_a_plugin_key_with_a_wrong_character_is_refused() -> None:
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient(RECIPIENT[:-1] + ("q" if RECIPIENT[-1] != "q" else "p"))
    with pytest.raises(IdentityMismatch):
        age.parse_identity(IDENTITY[:-1] + ("Q" if IDENTITY[-1] != "Q" else "P"))
