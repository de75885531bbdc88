"""What is encrypted comes back whole, at every size where a chunk ends, by every road."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import age
from secshare.age import pair, payload
from tests.age.files import Drip, Pipe, opened, sealed
from tests.age.words import drawn

CHUNK = payload.CHUNK
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK]
SIZES = st.one_of(
    st.integers(0, 200),
    st.builds(lambda n, d: max(0, n * CHUNK + d), st.integers(0, 5), st.integers(-2, 2)),
)
IDENTITY = age.X25519Identity.generate()


def content(size: int) -> bytes:
    return (b"0123456789abcdef" * (size // 16 + 1))[:size]


@given(size=SIZES, armor=st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_size_comes_back_armored_or_not(size: int, *, armor: bool) -> None:
    data = content(size)
    file = sealed(data, IDENTITY.recipient(), armor=armor)
    assert opened(file, IDENTITY) == data
    assert file.isascii() if armor else size < 16 or data[:16] not in file


@given(size=SIZES, most=st.integers(1, 70_000))
@settings(max_examples=40, deadline=None)
def test_pipes_that_give_and_take_little_carry_the_same(size: int, most: int) -> None:
    data = content(size)
    middle, end = Drip(max(most, 500)), Drip(max(most, 500))
    age.encrypt(Pipe(data, most), middle, [IDENTITY.recipient()])
    age.decrypt(Pipe(middle.data, most), end, [IDENTITY])
    assert end.data == data


@pytest.mark.parametrize("size", EDGES)
@pytest.mark.parametrize("group", [1, 2, 16])
@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("buffering", [0, -1])
def test_two_threads_write_what_one_reads_and_read_what_one_writes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    group: int,
    buffering: int,
    *,
    locked: bool,
) -> None:
    monkeypatch.setattr(pair, "LEAST", 0)
    monkeypatch.setattr(pair, "GROUP", group)
    monkeypatch.setattr("secshare.age.positioned.Place.locked", locked)
    data = content(size)
    clear, middle, back = tmp_path / "clear", tmp_path / "sealed", tmp_path / "back"
    clear.write_bytes(b"before" + data)
    with (
        open(clear, "rb", buffering) as source,
        open(middle, "w+b", buffering) as sink,
    ):
        source.read(6)
        sink.write(b"head")
        age.encrypt(source, sink, [IDENTITY.recipient()])
        assert source.read() == b""
        sink.write(b"tail")
    file = middle.read_bytes()
    assert file.startswith(b"head") and file.endswith(b"tail")
    assert opened(file[4:-4], IDENTITY) == data

    middle.write_bytes(b"head" + sealed(data, IDENTITY.recipient()))
    with open(middle, "rb", buffering) as source, open(back, "w+b", buffering) as sink:
        source.read(4)
        age.decrypt(source, sink, [IDENTITY])
        assert source.read() == b""
        sink.write(b"tail")
    assert back.read_bytes() == data + b"tail"


def test_a_sink_with_something_after_its_position_is_written_forwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair, "LEAST", 0)
    monkeypatch.setattr(pair, "seal", lambda *_: pytest.fail("not on two threads"))
    clear, target = tmp_path / "clear", tmp_path / "target"
    clear.write_bytes(content(100))
    target.write_bytes(b"x" * 1000)
    with open(clear, "rb") as source, open(target, "r+b") as sink:
        age.encrypt(source, sink, [IDENTITY.recipient()])
        end = sink.tell()
    assert opened(target.read_bytes()[:end], IDENTITY) == content(100)
    assert target.stat().st_size == 1000


def test_a_file_opened_for_appending_is_written_forwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair, "LEAST", 0)
    clear, target = tmp_path / "clear", tmp_path / "target"
    clear.write_bytes(content(3 * CHUNK))
    for mode in ("ab", "wb"):  # the second is what the shell's >> gives
        target.write_bytes(b"kept")
        descriptor = os.open(target, os.O_WRONLY | os.O_APPEND)
        with open(clear, "rb") as source, open(descriptor, mode) as sink:
            age.encrypt(source, sink, [IDENTITY.recipient()])
        assert opened(target.read_bytes().removeprefix(b"kept"), IDENTITY) == content(3 * CHUNK)


def test_a_device_may_be_both_ends() -> None:
    with open(os.devnull, "rb") as source, open(os.devnull, "wb") as sink:
        age.encrypt(source, sink, [IDENTITY.recipient()])


def test_a_file_that_packs_what_it_reads_is_never_read_beneath(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gzip

    monkeypatch.setattr(pair, "LEAST", 0)
    packed, target = tmp_path / "packed", tmp_path / "target"
    with gzip.open(packed, "wb") as file:
        file.write(content(1000))
    with gzip.open(packed, "rb") as source, open(target, "w+b") as sink:
        age.encrypt(source, sink, [IDENTITY.recipient()])
    assert opened(target.read_bytes(), IDENTITY) == content(1000)


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_the_sizes_of_a_payload_are_known_beforehand(size: int) -> None:
    file = sealed(content(size), IDENTITY.recipient())
    seen = age.inspect(io.BytesIO(file))
    assert seen.clear_size == size
    assert seen.payload_size == payload.sealed_size(size) + payload.NONCE_BYTES
    assert seen.size == len(file) == seen.header_size + seen.payload_size


def test_two_files_of_the_same_content_share_nothing() -> None:
    one, other = (sealed(b"same", IDENTITY.recipient()) for _ in range(2))
    assert one[22:] != other[22:]
    assert one[-20:] != other[-20:]


def test_words_open_what_they_sealed_and_every_recipient_opens_the_same_file() -> None:
    words = drawn()
    assert opened(sealed(b"x", age.ScryptRecipient(words)), age.ScryptIdentity(words)) == b"x"
    assert (
        opened(sealed(b"x", age.ScryptRecipient(words)), age.ScryptIdentity("acier-bonbon-citron"))
        == b"x"
    )
    some = [age.X25519Identity.generate() for _ in range(3)]
    file = sealed(b"y", *(one.recipient() for one in some))
    assert [opened(file, one) for one in some] == [b"y"] * 3
    hybrid = [age.HybridIdentity.generate() for _ in range(2)]
    file = sealed(b"z", *(one.recipient() for one in hybrid))
    assert [opened(file, some[0], one) for one in hybrid] == [b"z"] * 2
