"""Nothing that a stranger can put in a file gives wrong clear text, a foreign error, or our time
and memory."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import age, profiles
from secshare.age import b64, header, payload
from secshare.age.intake import Intake
from secshare.errors import (
    ArmorDamaged,
    HeaderDamaged,
    InputUnreadable,
    NotAgeFile,
    PassphraseWrong,
    PayloadDamaged,
    PayloadTrailing,
    PayloadTruncated,
    SecshareError,
    WorkRefused,
    WrongKind,
)
from tests.age.files import Pipe, opened, sealed
from tests.age.words import drawn

IDENTITY = age.X25519Identity.generate()
CONTENT = b"a small report, of two hundred bytes or less"


def released(file: bytes, *identities: age.Identity) -> tuple[bytes, SecshareError | None]:
    sink = io.BytesIO()
    try:
        age.decrypt(io.BytesIO(file), sink, identities)
    except SecshareError as error:
        return sink.getvalue(), error
    return sink.getvalue(), None


@pytest.mark.parametrize("armor", [False, True])
def test_a_file_cut_anywhere_is_refused_and_gives_nothing(*, armor: bool) -> None:
    file = sealed(CONTENT, IDENTITY.recipient(), armor=armor)
    whole = len(file.rstrip(b"\n"))
    for end in range(whole):
        clear, error = released(file[:end], IDENTITY)
        assert error is not None, end
        # Text loses its last line before anything else; its one chunk may be whole by then.
        assert clear == b"" or (armor and isinstance(error, ArmorDamaged) and clear == CONTENT)


@pytest.mark.parametrize("armor", [False, True])
def test_no_single_bit_can_be_flipped_unnoticed(*, armor: bool) -> None:
    file = sealed(CONTENT, IDENTITY.recipient(), armor=armor)
    for at in range(len(file)):
        for bit in range(8):
            altered = bytearray(file)
            altered[at] ^= 1 << bit
            clear, error = released(bytes(altered), IDENTITY)
            if error is None:  # white space after the last line of armor means nothing
                assert armor and at == len(file) - 1 and bytes([altered[at]]).isspace()
            assert clear in (b"", CONTENT)
            assert clear == b"" or armor


def test_no_single_byte_of_a_words_header_can_be_changed_unnoticed() -> None:
    words = drawn()
    file = sealed(CONTENT, age.ScryptRecipient(words))
    end = file.index(b"\n--- ")
    for at in range(22, end, 2):
        altered = bytearray(file)
        altered[at] ^= 1
        clear, error = released(bytes(altered), age.ScryptIdentity(words))
        assert clear == b"" and isinstance(error, SecshareError)
        assert not isinstance(error, PayloadDamaged)


@given(data=st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_garbage_is_refused_by_every_door(data: bytes) -> None:
    for file in (data, header.VERSION + data, b"-----BEGIN AGE ENCRYPTED FILE-----\n" + data):
        with pytest.raises(SecshareError):
            opened(file, IDENTITY)
        with pytest.raises(SecshareError):
            age.inspect(io.BytesIO(file))
        with pytest.raises(SecshareError):
            age.open_reader(io.BytesIO(file), [IDENTITY])


HYBRID = age.HybridIdentity.generate()
GENUINE = [
    sealed(CONTENT, IDENTITY.recipient()),
    sealed(CONTENT, IDENTITY.recipient(), armor=True),
    sealed(CONTENT, HYBRID.recipient()),
    sealed(bytes(2 * payload.CHUNK), IDENTITY.recipient()),
]


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_pieces_of_genuine_files_put_together_give_genuine_clear_text_or_an_error_of_ours(
    data: st.DataObject,
) -> None:
    pieces = []
    for _ in range(data.draw(st.integers(1, 4))):
        file = data.draw(st.sampled_from(GENUINE))
        start = data.draw(st.one_of(st.just(0), st.integers(0, len(file))))
        end = data.draw(st.one_of(st.just(len(file)), st.integers(start, len(file))))
        pieces.append(file[start:end])
    spliced = b"".join(pieces)
    clear, error = released(spliced, IDENTITY, HYBRID)
    whole = (CONTENT, bytes(2 * payload.CHUNK))
    assert clear in ((*whole, b"", bytes(payload.CHUNK)) if error else whole)
    if error is None:
        assert spliced.strip() in [file.strip() for file in GENUINE]
        assert age.open_reader(io.BytesIO(spliced), [IDENTITY, HYBRID]).read() == clear
    else:
        with pytest.raises(SecshareError):
            age.open_reader(io.BytesIO(spliced), [IDENTITY, HYBRID]).read()


@given(text=st.text(max_size=100), prefix=st.sampled_from(["", "age1", "AGE-SECRET-KEY-1", "#"]))
@settings(max_examples=200, deadline=None)
def test_garbage_is_no_key(text: str, prefix: str) -> None:
    calls = (age.parse_recipient, age.parse_identity, age.parse_recipients, age.parse_identities)
    for call in calls:
        with pytest.raises(SecshareError) as caught:
            call(prefix + text)
        assert "KEY-1" not in str(caught.value).replace("AGE-SECRET-KEY-1...", "")


class Endless(io.RawIOBase):
    """A source without an end."""

    def __init__(self, start: bytes, rest: bytes) -> None:
        super().__init__()
        self._start = start
        self._rest = rest
        self.given = 0

    def read(self, size: int = -1, /) -> bytes:
        assert self.given < 8 << 20, "read on and on"
        part, self._start = self._start[:size], self._start[size:]
        if not part:
            part = (self._rest * (size // len(self._rest) + 2))[:size]
            turn = size % len(self._rest)
            self._rest = self._rest[turn:] + self._rest[:turn]
        self.given += len(part)
        return part


@pytest.mark.parametrize(
    ("start", "rest", "error"),
    [
        (b"", b"x", NotAgeFile),
        (b"", b"\n", NotAgeFile),
        (b"age-encryption.org/", b"x", WorkRefused),
        (header.VERSION, b"x", WorkRefused),
        (header.VERSION + b"-> X25519 ", b"a ", WorkRefused),
        (header.VERSION + b"-> X25519 a\n", b"A" * 64 + b"\n", WorkRefused),
        (header.VERSION, b"-> grease\n\n", WorkRefused),
        (header.VERSION + b"--- ", b"A", WorkRefused),
        (b"-----BEGIN AGE", b"E", ArmorDamaged),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"A", ArmorDamaged),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"\n", ArmorDamaged),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"A" * 64 + b"\n", WorkRefused),
    ],
)
def test_an_endless_header_is_given_up_in_little_memory(
    start: bytes, rest: bytes, error: type[SecshareError]
) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(error):
            age.decrypt(Endless(start, rest), io.BytesIO(), [IDENTITY])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * profiles.HEADER_BYTES


def stanza(kind: str, *args: str, body: bytes = bytes(32)) -> header.Stanza:
    return header.Stanza(kind, args, body)


def file_of(*stanzas: header.Stanza) -> bytes:
    return header.build(stanzas, bytes(16)) + bytes(16) + bytes(64)


def test_a_thousand_recipients_are_read_and_one_more_is_refused() -> None:
    most = profiles.HEADER_STANZAS
    grease = [stanza("grease", str(number)) for number in range(most)]
    assert len(age.inspect(io.BytesIO(file_of(*grease))).stanzas) == most
    with pytest.raises(WorkRefused):
        age.inspect(io.BytesIO(file_of(*grease, stanza("grease"))))


def test_more_recipients_than_can_be_read_are_not_written() -> None:
    recipients = [age.X25519Identity.generate().recipient() for _ in range(1001)]
    with pytest.raises(WorkRefused):
        sealed(b"", *recipients)
    assert opened(sealed(b"x", *recipients[:999], IDENTITY.recipient()), IDENTITY) == b"x"


@pytest.mark.parametrize("factor", ["21", "22", "23", "64", "9999999999999999999999"])
def test_too_much_work_is_refused_before_any_is_done(
    factor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secshare.age.scrypt._derived", lambda *_: pytest.fail("worked"))
    file = file_of(stanza("scrypt", b64.encode(bytes(16)), factor))
    with pytest.raises(WorkRefused):
        opened(file, age.ScryptIdentity("x"))
    with pytest.raises(WorkRefused):
        age.open_reader(io.BytesIO(file), [age.ScryptIdentity("x")])


def test_the_ceiling_can_be_moved_within_its_own_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    monkeypatch.setattr(
        "secshare.age.scrypt._derived", lambda _, __, factor: (tried.append(factor), bytes(32))[1]
    )
    for factor, most, fits in [(22, 22, True), (23, 99, False), (15, 14, False), (14, 14, True)]:
        file = file_of(stanza("scrypt", b64.encode(bytes(16)), str(factor)))
        with pytest.raises(PassphraseWrong if fits else WorkRefused):
            age.decrypt(
                io.BytesIO(file), io.BytesIO(), [age.ScryptIdentity("x")], max_work_factor=most
            )
    assert tried == [22, 14]


def test_no_memory_for_scrypt_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    from cryptography.hazmat.primitives.kdf import scrypt

    class Small:
        def __init__(self, **_: object) -> None:
            raise MemoryError

    monkeypatch.setattr(scrypt, "Scrypt", Small)
    with pytest.raises(WorkRefused) as caught:
        sealed(b"", age.ScryptRecipient(drawn()))
    assert "16 MiB" in str(caught.value)


def test_a_passphrase_beside_anything_else_is_refused_whatever_identity_is_given() -> None:
    scrypt = stanza("scrypt", b64.encode(bytes(16)), "14")
    for others in ([scrypt, scrypt], [stanza("X25519", "x"), scrypt], [scrypt, stanza("grease")]):
        for identity in (IDENTITY, age.ScryptIdentity("x")):
            with pytest.raises(HeaderDamaged):
                opened(file_of(*others), identity)


def test_the_wrong_kind_of_identity_is_told_apart_from_the_wrong_identity() -> None:
    with pytest.raises(WrongKind) as caught:
        opened(sealed(b"", age.ScryptRecipient(drawn())), IDENTITY)
    assert caught.value.key == "age.needs_passphrase"
    with pytest.raises(WrongKind) as caught:
        opened(sealed(b"", IDENTITY.recipient()), age.ScryptIdentity(drawn()))
    assert caught.value.key == "age.needs_key"


@pytest.mark.parametrize(
    ("start", "key"),
    [
        (b"", "age.empty"),
        (b"\r\n \n", "age.empty"),
        ("age-encryption.org/v1\n".encode("utf-16"), "age.utf16"),
        ("-----BEGIN AGE ENCRYPTED FILE-----\r\n".encode("utf-16"), "age.utf16"),
        (b"\xfe\xff" + "age-encryption.org/v1\n".encode("utf-16-be"), "age.utf16"),
        (b"%PDF-1.7\n", "age.not_age"),
        (b"PK\x03\x04", "age.not_age"),
        (b"-----BEGIN CERTIFICATE-----\n", "age.not_age"),
        (b"agenda", "age.not_age"),
    ],
)
def test_what_is_no_age_file_is_called_so(start: bytes, key: str) -> None:
    for source in (io.BytesIO(start), Pipe(start)):
        with pytest.raises(NotAgeFile) as caught:
            age.decrypt(source, io.BytesIO(), [IDENTITY])
        assert caught.value.key == key


def test_a_cut_an_addition_and_an_alteration_are_told_apart() -> None:
    chunk = payload.CHUNK
    whole = sealed(bytes(3 * chunk), IDENTITY.recipient())
    start = len(whole) - 3 * payload.SEALED
    cases = [
        (whole[: start + payload.SEALED], PayloadTruncated, chunk),
        (whole[: start + 2 * payload.SEALED], PayloadTruncated, 2 * chunk),
        (whole[: start + 2 * payload.SEALED + 15], PayloadTruncated, 2 * chunk),
        (whole[:start], PayloadTruncated, 0),
        (whole + b"x", PayloadTrailing, 3 * chunk),
        (whole + bytes(payload.SEALED), PayloadTrailing, 3 * chunk),
        (whole[: start + 5] + b"\0\0" + whole[start + 7 :], PayloadDamaged, 0),
        (whole[:-5] + b"\0\0" + whole[-3:], PayloadDamaged, 2 * chunk),
    ]
    for file, kind, size in cases:
        clear, error = released(file, IDENTITY)
        assert type(error) is kind
        assert clear == bytes(size)


class Broken(io.RawIOBase):
    """A file on a disk that fails after a while."""

    def __init__(self, error: OSError, data: bytes = b"") -> None:
        super().__init__()
        self._error = error
        self._data = io.BytesIO(data)

    def read(self, size: int = -1, /) -> bytes:
        if part := self._data.read(size):
            return part
        raise self._error

    def write(self, data: bytes, /) -> int:
        raise self._error


def test_what_the_platform_raises_comes_out_as_ours() -> None:
    import errno

    from secshare.errors import OutputRefused

    gone = OSError(errno.EIO, "Input/output error")
    file = sealed(bytes(200_000), IDENTITY.recipient())
    for source in (Broken(gone), Broken(gone, file[:10]), Broken(gone, file[:100_000])):
        with pytest.raises(InputUnreadable):
            age.decrypt(source, io.BytesIO(), [IDENTITY])
        with pytest.raises(InputUnreadable):
            age.encrypt(Broken(gone, file[:10]), io.BytesIO(), [IDENTITY.recipient()])
        with pytest.raises(InputUnreadable):
            age.inspect(Broken(gone, file[:10]))
    for number, key in [(errno.ENOSPC, "age.disk_full"), (errno.EPIPE, "age.write_failed")]:
        for armor in (False, True):
            with pytest.raises(OutputRefused) as caught:
                age.encrypt(
                    io.BytesIO(b"x"),
                    Broken(OSError(number, "text")),
                    [IDENTITY.recipient()],
                    armor=armor,
                )
            assert caught.value.key == key
        with pytest.raises(OutputRefused):
            age.decrypt(io.BytesIO(file), Broken(OSError(number, "text")), [IDENTITY])


def test_a_source_that_does_not_wait_is_refused() -> None:
    class NotYet(io.RawIOBase):
        def read(self, size: int = -1, /) -> None:
            return None

    with pytest.raises(InputUnreadable):
        age.decrypt(NotYet(), io.BytesIO(), [IDENTITY])


def test_a_header_is_written_as_it_is_read() -> None:
    for size in (0, 1, 47, 48, 49, 96, 200):
        one = stanza("type", "arg!", "~", body=bytes(size))
        file = header.build([one], bytes(16))
        parsed = header.parse(Intake(io.BytesIO(file + b"rest")))
        assert parsed.stanzas == (one,)
        assert parsed.size == len(file)
        parsed.verify(bytes(16))
