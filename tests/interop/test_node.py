"""The browser's implementation of age (npm age-encryption) opens what we seal, and we its files."""

from __future__ import annotations

import base64
import json
import os

import pytest

from secshare import age
from tests.age.files import opened, sealed
from tests.age.words import drawn
from tests.interop.node import run

DATA = os.urandom(150_000)


def ask(do: str, **fields: object) -> dict:
    if isinstance(fields.get("data"), bytes):
        fields["data"] = base64.b64encode(fields["data"]).decode()
    answer = json.loads(run("other.mjs", given=json.dumps({"do": do, **fields}).encode()))
    if "data" in answer:
        answer["data"] = base64.b64decode(answer["data"])
    return answer


@pytest.mark.parametrize("kind", [age.X25519Identity, age.HybridIdentity])
def test_keys_of_ours_work_there_both_ways(kind: type) -> None:
    identity = kind.generate()
    recipient = identity.recipient()
    theirs = ask("decrypt", identities=[identity.reveal()], data=sealed(DATA, recipient))
    assert theirs["data"] == DATA
    assert opened(ask("encrypt", recipients=[str(recipient)], data=DATA)["data"], identity) == DATA


def test_keys_of_theirs_work_here() -> None:
    for identity, recipient in ask("keys")["pairs"]:
        ours = age.parse_identity(identity)
        assert ours.reveal() == identity
        assert str(ours.recipient()) == recipient
        assert opened(sealed(b"x", age.parse_recipient(recipient)), ours) == b"x"


def test_words_work_both_ways() -> None:
    words = drawn()
    theirs = ask(
        "decrypt", passphrase=words.reveal(), data=sealed(DATA, age.ScryptRecipient(words))
    )
    assert theirs["data"] == DATA
    file = ask("encrypt", passphrase="été à Noël", factor=14, data=DATA)["data"]
    assert opened(file, age.ScryptIdentity("été à Noël")) == DATA
