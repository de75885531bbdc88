"""pyrage, written by others in another language, opens what we seal, and we what it does."""

from __future__ import annotations

import io
import os

import pyrage
import pytest

from secshare import age
from tests.age.files import opened, sealed, streamed
from tests.age.words import drawn

DATA = os.urandom(200_000)
SIZES = [0, 1, 65535, 65536, 65537, 131072, 200_000]
IDENTITY = age.X25519Identity.generate()
THEIRS = pyrage.x25519.Identity.from_str(IDENTITY.reveal())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("armor", [False, True])
def test_keys_work_both_ways_at_every_size(size: int, *, armor: bool) -> None:
    data = DATA[:size]
    assert pyrage.decrypt(sealed(data, IDENTITY.recipient(), armor=armor), [THEIRS]) == data
    assert pyrage.decrypt(streamed(data, [IDENTITY.recipient()]), [THEIRS]) == data
    file = pyrage.encrypt(data, [THEIRS.to_public()], armored=armor)
    assert opened(file, IDENTITY) == data


def test_words_work_both_ways() -> None:
    words = drawn()
    file = sealed(DATA, age.ScryptRecipient(words))
    assert pyrage.passphrase.decrypt(file, words.reveal()) == DATA
    # pyrage times the machine to choose its work factor, and may go beyond what we read unasked.
    theirs, sink = io.BytesIO(pyrage.passphrase.encrypt(DATA, "été")), io.BytesIO()
    age.decrypt(theirs, sink, [age.ScryptIdentity("été")], max_work_factor=22)
    assert sink.getvalue() == DATA


def test_keys_are_written_alike() -> None:
    assert str(THEIRS.to_public()) == str(IDENTITY.recipient())
    made = pyrage.x25519.Identity.generate()
    assert age.parse_identity(str(made)).reveal() == str(made)
    assert age.parse_recipient(str(made.to_public())) == age.parse_recipient(
        str(made.to_public()).upper()
    )


def test_a_file_in_both_hands_is_one_file() -> None:
    sink = io.BytesIO()
    other = pyrage.x25519.Identity.generate()
    age.encrypt(
        io.BytesIO(DATA), sink, [age.parse_recipient(str(other.to_public())), IDENTITY.recipient()]
    )
    assert pyrage.decrypt(sink.getvalue(), [other]) == opened(sink.getvalue(), IDENTITY) == DATA
