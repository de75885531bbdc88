"""The register never forgets a share, never half-knows one, and never gives another's words."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secshare import files
from secshare.age import HybridIdentity, encrypt
from secshare.errors import FileDamaged, IdentityMismatch, ShareState, ShareUnknown
from secshare.model import Reference, Road, SealFormat, Share, ShareStatus
from secshare.register import Register, seal_words
from secshare.store import Store

IDENTITY = HybridIdentity.generate()
WORDS = "abeille-cabane-dauphin"


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    folder = tmp_path / "outbox"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        yield opened


@pytest.fixture
def register(store: Store, outbox: Path) -> Register:
    return Register(store, outbox)


def a_share(**changes: object) -> Share:
    share = Share(
        reference=Reference.draw(),
        status=ShareStatus.PREPARING,
        created=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        recipient="uid-jeanne",
        subject="uid-jeanne",
        name="Jeanne Exemple",
        about="Jeanne Exemple",
        email="jeanne.exemple@example.org",
        phone="+33639980001",
        road=Road.SMS,
        format=SealFormat.AGE,
        work_factor=14,
        documents=1,
    )
    return replace(share, **changes)


def begin(register: Register, share: Share, draft: str = ".gone") -> None:
    sealed = seal_words(WORDS, share.reference, share.recipient, Road.SMS, IDENTITY.recipient())
    register.begin(share, sealed, draft)


def fill(folder: Path) -> None:
    (folder / "document-K7Q2-M9PX-8.pdf.age").write_bytes(b"sealed")


def test_a_share_comes_back_as_it_was_recorded(register: Register) -> None:
    share = a_share()
    begin(register, share)
    register.complete(share.reference, 6, "ab" * 32)
    expected = replace(
        share, status=ShareStatus.PREPARED, size=6, sha256="ab" * 32, words_kept=True
    )
    assert register.share(share.reference) == expected
    assert list(register.shares("uid-jeanne")) == [expected]
    assert list(register.shares("uid-somebody-else")) == []


def test_an_unknown_reference_is_said_so(register: Register) -> None:
    with pytest.raises(ShareUnknown):
        register.share(Reference.draw())


def test_a_reference_is_never_used_twice(register: Register, outbox: Path) -> None:
    taken, on_disk, free = Reference.draw(), Reference.draw(), Reference.draw()
    begin(register, a_share(reference=taken))
    (outbox / str(on_disk)).mkdir()
    drawn = iter([taken, on_disk, free])
    assert register.new_reference(lambda: next(drawn)) == free
    with pytest.raises(ShareState):
        begin(register, a_share(reference=taken))


def test_the_words_come_back_only_to_the_practice(register: Register) -> None:
    share = a_share()
    begin(register, share)
    assert register.words(share.reference, [IDENTITY]) == WORDS
    with pytest.raises(IdentityMismatch):
        register.words(share.reference, [HybridIdentity.generate()])


def test_words_of_two_shares_exchanged_in_the_database_are_found(
    register: Register, store: Store
) -> None:
    first, second = a_share(), a_share(recipient="uid-paul")
    begin(register, first)
    begin(register, second)
    with store.transaction() as connection:
        one, other = (
            connection.execute(
                "SELECT blob FROM sealed_words WHERE reference = ?", (str(share.reference),)
            ).fetchone()[0]
            for share in (first, second)
        )
        for blob, share in ((other, first), (one, second)):
            connection.execute(
                "UPDATE sealed_words SET blob = ? WHERE reference = ?",
                (blob, str(share.reference)),
            )
    for share in (first, second):
        with pytest.raises(FileDamaged):
            register.words(share.reference, [IDENTITY])


@pytest.mark.parametrize(
    "clear",
    [
        b"not JSON: abeille-cabane",
        b"[]",
        b"{}",
        json.dumps(
            {"reference": "REF", "recipient": "uid-jeanne", "road": "qr", "words": WORDS}
        ).encode(),
        json.dumps(
            {"reference": "REF", "recipient": "uid-jeanne", "road": "sms", "words": 1}
        ).encode(),
        json.dumps(
            {"reference": "REF", "recipient": "uid-paul", "road": "sms", "words": WORDS}
        ).encode(),
    ],
)
def test_sealed_words_that_are_not_of_our_making_are_refused_and_not_quoted(
    register: Register, store: Store, clear: bytes
) -> None:
    share = a_share()
    begin(register, share)
    sealed = io.BytesIO()
    named = clear.replace(b"REF", str(share.reference).encode())
    encrypt(io.BytesIO(named), sealed, [IDENTITY.recipient()])
    with store.transaction() as connection:
        connection.execute("UPDATE sealed_words SET blob = ?", (sealed.getvalue(),))
    with pytest.raises(FileDamaged) as caught:
        register.words(share.reference, [IDENTITY])
    chain, error = "", caught.value
    while error is not None:
        chain += repr(error) + repr(getattr(error, "doc", ""))
        error = error.__cause__ or error.__context__
    assert "abeille" not in chain


def test_the_database_tells_neither_the_words_nor_their_length(
    register: Register, store: Store
) -> None:
    lengths = set()
    for words in ("a", WORDS, WORDS * 4):
        share = a_share()
        sealed = seal_words(words, share.reference, share.recipient, Road.QR, IDENTITY.recipient())
        register.begin(share, sealed, ".gone")
        lengths.add(len(sealed))
    assert len(lengths) == 1
    assert WORDS not in "".join(store.connection.iterdump())


def test_a_share_sealed_to_a_key_has_no_words(register: Register) -> None:
    share = a_share(road=None, work_factor=None)
    register.begin(share, None, ".gone")
    with pytest.raises(ShareState):
        register.words(share.reference, [IDENTITY])


def test_what_stands_or_falls_with_the_intent_does(register: Register, store: Store) -> None:
    share = a_share()

    def fails(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        register.begin(share, b"sealed", ".gone", fails)
    assert list(register.shares()) == []
    assert store.connection.execute("SELECT count(*) FROM sealed_words").fetchone()[0] == 0


def test_an_intent_whose_process_died_is_removed(register: Register, store: Store) -> None:
    begin(register, a_share())
    register.settle()
    assert list(register.shares()) == []
    assert store.connection.execute("SELECT count(*) FROM sealed_words").fetchone()[0] == 0


def test_a_share_whose_process_died_after_the_rename_is_completed(
    register: Register, outbox: Path
) -> None:
    share = a_share()
    begin(register, share)
    (outbox / str(share.reference)).mkdir()
    fill(outbox / str(share.reference))
    register.settle()
    found = register.share(share.reference)
    assert (found.status, found.size) == (ShareStatus.PREPARED, 6)
    assert register.words(share.reference, [IDENTITY]) == WORDS


@pytest.mark.parametrize("names", [[], ["a.age", "b.age"], ["notes.txt"]])
def test_a_folder_that_somebody_tidied_up_stops_no_later_command(
    register: Register, outbox: Path, names: list[str]
) -> None:
    share = a_share()
    begin(register, share)
    (outbox / str(share.reference)).mkdir()
    for name in names:
        (outbox / str(share.reference) / name).write_bytes(b"sealed")
    register.settle()
    found = register.share(share.reference)
    assert (found.status, found.size, found.sha256) == (ShareStatus.PREPARED, None, None)


def test_a_share_that_another_process_is_preparing_is_left_alone(
    register: Register, outbox: Path
) -> None:
    share = a_share()
    with files.publish_folder(outbox / str(share.reference)) as hidden:
        begin(register, share, hidden.name)
        fill(hidden)
        register.settle()
        assert register.share(share.reference).status is ShareStatus.PREPARING
    register.settle()
    assert register.share(share.reference).status is ShareStatus.PREPARED


def test_a_prepared_share_is_never_abandoned(register: Register) -> None:
    share = a_share()
    begin(register, share)
    register.complete(share.reference, 6, "ab" * 32)
    register.abandon(share.reference)
    assert register.share(share.reference).status is ShareStatus.PREPARED
