"""Keys are read exactly, written exactly, and a private one shows itself only when told to."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import age, profiles
from secshare.age import bech32
from secshare.age.hybrid import HybridIdentity, HybridRecipient
from secshare.age.x25519 import X25519Identity, X25519Recipient
from secshare.errors import IdentityMismatch, RecipientDataInvalid, WrongKind
from tests.age.files import opened, sealed
from tests.age.words import drawn

# The pair of the specification (c2sp.org/age). Its identities, which everybody has, are written in
# two pieces: a test finds every whole private key in this repository.
SPEC_IDENTITY = "AGE-SECRET-KEY-1" + "GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
SPEC_RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
SPEC_HYBRID = "AGE-SECRET-KEY-PQ-1" + "XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
SPEC_HYBRID_STARTS = "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95"
SPEC_HYBRID_ENDS = "qdkmhh6gjtqmwze9pyyzk3tlhl53k2ykx3qheyty7saeq0d3fzv49zc0k"


def test_the_keys_of_the_specification_belong_together() -> None:
    assert str(X25519Identity.parse(SPEC_IDENTITY).recipient()) == SPEC_RECIPIENT
    assert X25519Identity.parse(SPEC_IDENTITY).reveal() == SPEC_IDENTITY
    hybrid = HybridIdentity.parse(SPEC_HYBRID)
    assert str(hybrid.recipient()).startswith(SPEC_HYBRID_STARTS)
    assert str(hybrid.recipient()).endswith(SPEC_HYBRID_ENDS)
    assert len(str(hybrid.recipient())) == 1959
    assert hybrid.reveal() == SPEC_HYBRID


@pytest.mark.parametrize("kind", [X25519Identity, HybridIdentity])
def test_a_made_key_reads_back_the_same(kind: type[X25519Identity | HybridIdentity]) -> None:
    identity = kind.generate()
    again = age.parse_identity(f"  {identity.reveal()}\n")
    assert type(again) is kind
    assert again.reveal() == identity.reveal()
    recipient = age.parse_recipient(f"\t{identity.recipient()} ")
    assert recipient == identity.recipient()
    assert hash(recipient) == hash(identity.recipient())
    assert recipient != kind.generate().recipient()
    assert opened(sealed(b"x", recipient), again) == b"x"


def test_the_case_of_a_whole_recipient_does_not_matter() -> None:
    assert X25519Recipient.parse(SPEC_RECIPIENT.upper()) == X25519Recipient.parse(SPEC_RECIPIENT)
    with pytest.raises(RecipientDataInvalid):
        X25519Recipient.parse(SPEC_RECIPIENT[:-1] + SPEC_RECIPIENT[-1].upper())


def test_one_wrong_character_of_a_key_is_noticed() -> None:
    for at in range(len(SPEC_RECIPIENT)):
        for symbol in "qz1b":
            if SPEC_RECIPIENT[at] != symbol:
                with pytest.raises(RecipientDataInvalid):
                    age.parse_recipient(SPEC_RECIPIENT[:at] + symbol + SPEC_RECIPIENT[at + 1 :])
    for at in range(len(SPEC_IDENTITY)):
        if SPEC_IDENTITY[at] != "Q":
            with pytest.raises(IdentityMismatch):
                age.parse_identity(SPEC_IDENTITY[:at] + "Q" + SPEC_IDENTITY[at + 1 :])


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_the_wrong_length_is_refused(size: int) -> None:
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient(bech32.encode("age", bytes(size)))
    with pytest.raises(RecipientDataInvalid):
        age.parse_recipient(bech32.encode("age1pq", bytes(size)))
    with pytest.raises(IdentityMismatch):
        age.parse_identity(bech32.encode("age-secret-key-", bytes(size)).upper())
    with pytest.raises(IdentityMismatch):
        age.parse_identity(bech32.encode("age-secret-key-pq-", bytes(size)).upper())


def test_a_key_that_would_open_for_everybody_is_refused() -> None:
    for point in (bytes(32), b"\x01" + bytes(31)):
        with pytest.raises(RecipientDataInvalid):
            age.parse_recipient(bech32.encode("age", point))
    hybrid = bech32.decode(str(HybridIdentity.generate().recipient()))[1]
    weak = HybridRecipient(hybrid[:-32] + bytes(32))
    with pytest.raises(RecipientDataInvalid):
        sealed(b"", weak)
    with pytest.raises(RecipientDataInvalid):
        HybridRecipient(b"\xff" * 1184 + hybrid[-32:])


def test_a_private_key_given_for_a_public_one_is_called_so_and_not_quoted() -> None:
    with pytest.raises(RecipientDataInvalid) as caught:
        age.parse_recipient(SPEC_IDENTITY)
    assert caught.value.key == "age.recipient_is_private"
    assert "GFPYY" not in str(caught.value)


def secrets_of_every_kind() -> list[tuple[object, str]]:
    x25519, hybrid, words = X25519Identity.generate(), HybridIdentity.generate(), drawn()
    return [
        (x25519, x25519.reveal()),
        (hybrid, hybrid.reveal()),
        (age.ScryptIdentity(words), words.reveal()),
        (age.ScryptRecipient(words), words.reveal()),
    ]


def test_a_secret_is_neither_printed_nor_pickled_nor_copied() -> None:
    for guarded, secret in secrets_of_every_kind():
        shown = [str(guarded), repr(guarded), f"{guarded}", f"{guarded!r}"]
        shown.append(str([guarded]))
        assert all(secret.lower() not in text.lower() for text in shown)
        assert not hasattr(guarded, "__dict__")
        for writing in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
            with pytest.raises(TypeError):
                writing(guarded)  # type: ignore[operator]


def test_hybrid_keys_stand_only_among_themselves() -> None:
    x25519, hybrid = X25519Identity.generate().recipient(), HybridIdentity.generate().recipient()
    words = age.ScryptRecipient(drawn())
    cases = [
        ([x25519, hybrid], "age.hybrid_mixed"),
        ([words, x25519], "age.passphrase_mixed"),
        ([words, hybrid], "age.passphrase_mixed"),
        ([words, age.ScryptRecipient(drawn())], "age.passphrase_mixed"),
    ]
    for mixed, key in cases:
        with pytest.raises(WrongKind) as caught:
            sealed(b"", *mixed)
        assert caught.value.key == key


def test_a_recipient_given_twice_gets_one_stanza() -> None:
    identity = X25519Identity.generate()
    again = X25519Recipient.parse(str(identity.recipient()).upper())
    file = sealed(b"x", identity.recipient(), again, identity.recipient())
    assert file.count(b"-> X25519") == 1
    words = age.ScryptRecipient(drawn())
    assert sealed(b"x", words, words).count(b"-> scrypt") == 1


def test_nobody_is_not_a_recipient_and_nothing_is_not_an_identity() -> None:
    with pytest.raises(RecipientDataInvalid):
        sealed(b"")
    with pytest.raises(IdentityMismatch):
        opened(sealed(b"", X25519Identity.generate().recipient()))


@given(data=st.binary(max_size=100))
@settings(max_examples=100)
def test_bech32_gives_back_what_it_was_given_in_both_cases(data: bytes) -> None:
    text = bech32.encode("age1test", data)
    assert bech32.decode(text) == bech32.decode(text.upper()) == ("age1test", data)


def test_bech32_refuses_what_bip_173_refuses() -> None:
    # Valid and invalid strings of BIP 173, those that its length limit alone makes invalid apart.
    for valid in ("A12UEL5L", "a12uel5l", "?1ezyfcl"):
        bech32.decode(valid)
    invalid = [
        "\x201nwldj5",
        "\x7f1axkwrx",
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v",
        "li1dgmt3",
    ]
    invalid += ["de1lg7wt\xff", "A1G7SGD8", "10a06t8", "1qzzfhee", "", "1", "a1"]
    for text in invalid:
        with pytest.raises(ValueError):
            bech32.decode(text)


FILE = f"""# created: today
# public key: {SPEC_RECIPIENT}

  {SPEC_IDENTITY}
\t# another
{SPEC_HYBRID}
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_of_keys_may_have_comments_blank_lines_and_any_line_ending(
    ending: str, mark: str
) -> None:
    identities = age.parse_identities(mark + FILE.replace("\n", ending))
    assert [type(one) for one in identities] == [X25519Identity, HybridIdentity]
    text = f"{mark}# colleagues{ending}{ending}{SPEC_RECIPIENT}{ending}{SPEC_RECIPIENT.upper()}"
    assert age.parse_recipients(text) == (X25519Recipient.parse(SPEC_RECIPIENT),) * 2


def test_a_wrong_line_of_a_file_of_keys_is_named_and_not_quoted() -> None:
    damaged = SPEC_IDENTITY[:-1] + "Q"
    with pytest.raises(IdentityMismatch) as identity:
        age.parse_identities(FILE + damaged)
    assert identity.value.fields == {"line": 7}
    assert damaged[20:] not in str(identity.value)
    with pytest.raises(RecipientDataInvalid) as recipient:
        age.parse_recipients(f"#\n\n{SPEC_RECIPIENT}x\n")
    assert recipient.value.fields == {"line": 3}
    with pytest.raises(RecipientDataInvalid) as private:
        age.parse_recipients(FILE)
    assert private.value.key == "age.recipient_is_private"


def test_a_file_without_keys_or_of_absurd_size_is_refused() -> None:
    for text in ("", "# nothing\n\n"):
        with pytest.raises(IdentityMismatch):
            age.parse_identities(text)
        with pytest.raises(RecipientDataInvalid):
            age.parse_recipients(text)
    with pytest.raises(IdentityMismatch):
        age.parse_identities("#" * (profiles.KEY_FILE_BYTES + 1))
