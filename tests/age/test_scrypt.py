"""A light work factor is for drawn words alone, and a passphrase is taken exactly as it is."""

from __future__ import annotations

import io

import pytest

from secshare import age, profiles
from secshare.errors import PassphraseWrong, WorkRefused
from tests.age.files import opened, sealed
from tests.age.words import drawn


def test_drawn_words_get_the_light_factor_and_any_other_text_the_heavy_one() -> None:
    assert age.ScryptRecipient(drawn()).work_factor == 14
    assert age.ScryptRecipient(drawn().reveal()).work_factor == 18
    assert age.ScryptRecipient(drawn(), work_factor=16).work_factor == 16
    assert age.ScryptRecipient("a", work_factor=20).work_factor == 20


def test_the_sealing_side_of_a_passphrase_keeps_its_kind() -> None:
    assert age.ScryptIdentity(drawn()).recipient().work_factor == 14
    assert age.ScryptIdentity("text").recipient().work_factor == 18
    file = sealed(b"x", age.ScryptIdentity(drawn()).recipient())
    assert opened(file, age.ScryptIdentity(drawn())) == b"x"


@pytest.mark.parametrize(
    ("passphrase", "factor"),
    [(drawn(), 13), ("text", 17), ("text", 14), ("text", 0), ("text", 21), (drawn(), 21)],
)
def test_a_factor_that_is_too_light_or_that_nobody_opens_is_refused(
    passphrase: object, factor: int
) -> None:
    with pytest.raises(WorkRefused):
        age.ScryptRecipient(passphrase, work_factor=factor)  # type: ignore[arg-type]


@pytest.mark.parametrize("factor", [18.0, 19.5, "18", b"18"])
def test_a_factor_that_is_no_integer_is_refused(factor: object) -> None:
    with pytest.raises(TypeError):
        age.ScryptRecipient("text", work_factor=factor)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["work_factor", "label"])
def test_what_was_checked_cannot_be_changed_afterwards(name: str) -> None:
    recipient = age.ScryptRecipient("text")
    before = getattr(recipient, name)
    with pytest.raises(AttributeError):
        setattr(recipient, name, 1)
    assert getattr(recipient, name) == before


def test_a_text_that_a_person_chose_is_sealed_with_the_factor_that_is_written() -> None:
    file = sealed(b"x", age.ScryptRecipient("correct horse"))
    assert age.inspect(io.BytesIO(file)).work_factor == profiles.WORK_FACTOR_CHOSEN
    assert opened(file, age.ScryptIdentity("correct horse")) == b"x"


def test_words_are_not_trimmed_nor_folded_nor_normalised() -> None:
    file = sealed(b"x", age.ScryptRecipient(drawn("café")))
    for other in ("café ", "CAFÉ", "cafe", "cafe\u0301"):
        with pytest.raises(PassphraseWrong):
            opened(file, age.ScryptIdentity(other))
    assert opened(file, age.ScryptIdentity("bonbon"), age.ScryptIdentity("café")) == b"x"


def test_no_words_and_words_that_cannot_be_written_are_refused() -> None:
    for text in ("", "a\ud800"):
        for kind in (age.ScryptIdentity, age.ScryptRecipient):
            with pytest.raises(PassphraseWrong):
                kind(text)


def test_bytes_that_were_not_text_are_tried_as_they_were() -> None:
    words = drawn("caf\udce9")  # what reading the byte E9 as UTF-8 gives
    assert opened(sealed(b"x", age.ScryptRecipient(words)), age.ScryptIdentity("caf\udce9")) == b"x"


def test_every_file_has_a_salt_of_its_own() -> None:
    recipient = age.ScryptRecipient(drawn())
    salts = {sealed(b"", recipient).split(b" ", 3)[2] for _ in range(3)}
    assert len(salts) == 3
