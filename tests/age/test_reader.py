"""Clear text read at any place is verified before it is shown, and its length before anything."""

from __future__ import annotations

import copy
import io
import os
import pickle
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import age, profiles
from secshare.age import payload
from secshare.errors import InputUnreadable, PayloadDamaged, PayloadTruncated, WorkRefused
from tests.age.files import Pipe, sealed

IDENTITY = age.X25519Identity.generate()
DATA = os.urandom(3 * payload.CHUNK + 1234)
FILE = sealed(DATA, IDENTITY.recipient())


@given(
    moves=st.lists(
        st.tuples(
            st.integers(-(1 << 18), 1 << 18), st.sampled_from([0, 1, 2]), st.integers(0, 99999)
        )
    )
)
@settings(max_examples=60, deadline=None)
def test_it_reads_as_a_plain_file_would(moves: list[tuple[int, int, int]]) -> None:
    plain = io.BytesIO(DATA)
    reader = io.BufferedReader(age.open_reader(io.BytesIO(FILE), [IDENTITY]))
    for offset, whence, size in moves:
        base = (0, plain.tell(), len(DATA))[whence]
        if base + offset < 0:
            continue
        assert plain.seek(offset, whence) == reader.seek(offset, whence)
        assert plain.read(size) == reader.read(size)


@pytest.mark.parametrize("size", [0, 1, payload.CHUNK, payload.CHUNK + 1, 2 * payload.CHUNK])
def test_the_length_is_known_at_once(size: int) -> None:
    reader = age.open_reader(io.BytesIO(sealed(DATA[:size], IDENTITY.recipient())), [IDENTITY])
    assert reader.seek(0, os.SEEK_END) == size
    reader.seek(0)
    assert reader.read() == DATA[:size]
    assert reader.readable() and reader.seekable() and not reader.writable()


def test_a_file_may_stand_inside_another() -> None:
    outer = io.BytesIO(b"before" + FILE)
    outer.seek(6)
    assert age.open_reader(outer, [IDENTITY]).read() == DATA


def test_a_cut_file_is_refused_before_anything_is_shown() -> None:
    for end in (len(FILE) - 1, len(FILE) - 1234 - payload.TAG, len(FILE) - 1234 - 5):
        with pytest.raises(PayloadDamaged):
            age.open_reader(io.BytesIO(FILE[:end]), [IDENTITY])
    cut = FILE[: len(FILE) - 1234 - payload.TAG]
    with pytest.raises(PayloadTruncated):
        age.open_reader(io.BytesIO(cut), [IDENTITY])


def test_a_damaged_chunk_is_refused_when_it_is_read_and_the_others_are_not() -> None:
    damaged = bytearray(FILE)
    damaged[-1234 - payload.TAG - payload.SEALED - 5] ^= 1
    reader = age.open_reader(io.BytesIO(bytes(damaged)), [IDENTITY])
    assert reader.read(payload.CHUNK) == DATA[: payload.CHUNK]
    reader.seek(-1234, os.SEEK_END)
    assert reader.read(1234) == DATA[-1234:]
    reader.seek(payload.CHUNK + 1)
    with pytest.raises(PayloadDamaged):
        reader.read(1)


def test_what_needs_a_seekable_file_reads_from_it() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one", DATA)
    reader = age.open_reader(
        io.BytesIO(sealed(packed.getvalue(), IDENTITY.recipient())), [IDENTITY]
    )
    with zipfile.ZipFile(io.BufferedReader(reader)) as archive:
        assert archive.read("one") == DATA


def test_armor_is_decoded_in_memory_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    file = sealed(DATA, IDENTITY.recipient(), armor=True)
    assert age.open_reader(io.BytesIO(file), [IDENTITY]).read() == DATA
    monkeypatch.setattr(profiles, "ARMOR_MEMORY", 100_000)
    with pytest.raises(WorkRefused):
        age.open_reader(io.BytesIO(file), [IDENTITY])


def test_a_pipe_cannot_be_read_at_any_place() -> None:
    with pytest.raises(InputUnreadable):
        age.open_reader(Pipe(FILE), [IDENTITY])


def test_a_closed_reader_and_a_place_before_the_beginning_are_faults_of_the_caller() -> None:
    reader = age.open_reader(io.BytesIO(FILE), [IDENTITY])
    with pytest.raises(ValueError, match="negative"):
        reader.seek(-1)
    reader.close()
    for call in (reader.tell, lambda: reader.read(1), lambda: reader.seek(0)):
        with pytest.raises(ValueError, match="closed"):
            call()


def test_a_file_that_shrinks_meanwhile_is_noticed() -> None:
    source = io.BytesIO(FILE)
    reader = age.open_reader(source, [IDENTITY])
    source.truncate(payload.CHUNK)
    with pytest.raises(InputUnreadable):
        reader.read(1)


def test_clear_text_being_read_is_not_copied_nor_pickled() -> None:
    reader = age.open_reader(io.BytesIO(FILE), [IDENTITY])
    for writing in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="by accident"):
            writing(reader)
    assert repr(reader) == f"<{type(reader).__name__}>"
