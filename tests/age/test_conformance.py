"""Every published vector of the age format is accepted or refused as it must be, and no clear text
beyond what it allows is released: streamed, on two threads, and by path."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from secshare import age
from secshare.age import pair
from secshare.errors import (
    ArmorDamaged,
    HeaderDamaged,
    HeaderMacWrong,
    IdentityMismatch,
    InputUnreadable,
    NotAgeFile,
    PassphraseWrong,
    PayloadDamaged,
    SecshareError,
    WorkRefused,
    WrongKind,
)
from secshare.messages import Language
from tests.age.vectors import NAMES_EXPECTED, Vector, load

# The kinds of failure of the vectors, and our errors. Ours are finer: a header that is empty is no
# age file, one that asks for too much is refused work, and "no match" says what would match.
KINDS: dict[str, tuple[type[SecshareError], ...]] = {
    "armor failure": (ArmorDamaged,),
    "header failure": (HeaderDamaged, WorkRefused, NotAgeFile),
    "HMAC failure": (HeaderMacWrong,),
    "no match": (IdentityMismatch, PassphraseWrong, WrongKind),
    "payload failure": (PayloadDamaged,),
}
WORK_REFUSED = {"scrypt_work_factor_23", "scrypt_work_factor_overflow"}
NOT_AGE = {"empty"}
WRONG_KIND = {"scrypt_uppercase"}  # a stanza of an unknown type, and nothing but a passphrase

# Vectors we deliberately treat otherwise, with the reason. None.
DIVERGENCES: dict[str, str] = {}


def identities(vector: Vector) -> list[age.Identity]:
    keys = [age.parse_identity(text) for text in vector.identities]
    return [*keys, *(age.ScryptIdentity(text) for text in vector.passphrases)]


def judge(vector: Vector, released: bytes, error: SecshareError | None) -> None:
    """Compare an outcome with what the vector expects."""
    assert vector.name not in DIVERGENCES
    if vector.expect == "success":
        assert error is None
    else:
        assert isinstance(error, KINDS[vector.expect])
        assert isinstance(error, WorkRefused) == (vector.name in WORK_REFUSED)
        assert isinstance(error, NotAgeFile) == (vector.name in NOT_AGE)
        assert isinstance(error, WrongKind) == (vector.name in WRONG_KIND)
        assert error.explain(Language.FR) != error.explain(Language.EN)
    if vector.payload is not None:
        assert hashlib.sha256(released).hexdigest() == vector.payload
    else:
        assert released == b""


def test_all_the_vectors_are_there_and_none_diverges_in_silence() -> None:
    vectors = load()
    assert len(vectors) == NAMES_EXPECTED
    assert set(DIVERGENCES) <= set(vectors)
    counts = {kind: sum(v.expect == kind for v in vectors.values()) for kind in KINDS}
    assert counts == {
        "armor failure": 22,
        "header failure": 62,
        "HMAC failure": 1,
        "no match": 13,
        "payload failure": 19,
    }


class Trickle(io.RawIOBase):
    """A source that cannot be sought and gives a few bytes at a time, as a slow pipe does."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__()
        self._data = io.BytesIO(data)
        self._most = most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(min(size, self._most) if size >= 0 else self._most)


def each_vector(run) -> None:
    failures = []
    for vector in load().values():
        try:
            judge(vector, *run(vector))
        except AssertionError as error:
            failures.append(f"{vector.name}: {error}")
    assert not failures, "\n".join(failures)


def outcome(call) -> SecshareError | None:
    try:
        call()
    except SecshareError as error:
        return error
    return None


@pytest.mark.parametrize("most", [None, 1000])
def test_streamed_every_vector_ends_as_it_must(most: int | None) -> None:
    def run(vector: Vector) -> tuple[bytes, SecshareError | None]:
        sink = io.BytesIO()
        source = Trickle(vector.file, most) if most else io.BytesIO(vector.file)
        error = outcome(lambda: age.decrypt(source, sink, identities(vector)))
        return sink.getvalue(), error

    each_vector(run)


@pytest.mark.parametrize("buffered", [True, False])
def test_on_two_threads_every_vector_ends_as_it_must(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, buffered: bool
) -> None:
    monkeypatch.setattr(pair, "LEAST", 0)
    monkeypatch.setattr(pair, "GROUP", 2)
    taken = []
    original = pair.unseal
    monkeypatch.setattr(pair, "unseal", lambda *args: (taken.append(1), original(*args))[1])

    def run(vector: Vector) -> tuple[bytes, SecshareError | None]:
        path, target = tmp_path / "in", tmp_path / "out"
        path.write_bytes(vector.file)
        with (
            open(path, "rb", buffering=-1 if buffered else 0) as source,
            open(target, "w+b", buffering=-1 if buffered else 0) as sink,
        ):
            error = outcome(lambda: age.decrypt(source, sink, identities(vector)))
        return target.read_bytes(), error

    each_vector(run)
    # Everything whose header opens and is not armored took this road.
    assert len(taken) == sum(
        v.expect in ("success", "payload failure") and not v.armored for v in load().values()
    )


def test_by_path_every_vector_gives_all_of_its_clear_text_or_nothing(tmp_path: Path) -> None:
    def run(vector: Vector) -> tuple[bytes, SecshareError | None]:
        path, target = tmp_path / f"{vector.name}.age", tmp_path / vector.name
        path.write_bytes(vector.file)
        error = outcome(lambda: age.decrypt_file(path, target, identities(vector)))
        assert target.exists() == (error is None)
        if error is None:
            return target.read_bytes(), None
        assert vector.expect != "success"
        assert isinstance(error, KINDS[vector.expect])
        return b"", None

    for vector in load().values():
        released, _ = run(vector)
        if vector.expect == "success":
            assert hashlib.sha256(released).hexdigest() == vector.payload
    assert len(list(tmp_path.iterdir())) == NAMES_EXPECTED + 26


def test_read_at_any_place_every_vector_gives_verified_clear_text_only() -> None:
    def run(vector: Vector) -> tuple[bytes, SecshareError | None]:
        try:
            reader = age.open_reader(io.BytesIO(vector.file), identities(vector))
        except SecshareError as error:
            return b"", error
        try:
            return reader.read(), None
        except SecshareError as error:
            return b"", error

    for vector in load().values():
        released, error = run(vector)
        if vector.expect == "success":
            assert error is None, vector.name
            assert hashlib.sha256(released).hexdigest() == vector.payload
        else:
            assert isinstance(error, KINDS[vector.expect]), vector.name
            assert not isinstance(error, InputUnreadable) or vector.name in NOT_AGE
