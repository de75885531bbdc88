"""A practice goes on after its journal broke, and nothing of what was there is lost or hidden."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from secshare.errors import JournalBroken, RegisterUnwritable, ShareState
from secshare.register import restarting
from secshare.register.faults import Kind
from secshare.register.journal import Journal
from secshare.register.restarting import restart
from secshare.register.states import Operation
from secshare.register.verifying import verify
from secshare.store import Store
from tests.register.journals import ACTOR, BEGUN, Clock, signer
from tests.register.long import fill

SHARES = 5


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        fill(opened, SHARES)
        yield opened


@pytest.fixture
def journal(store: Store) -> Journal:
    return Journal(store, signer(), ACTOR, now=Clock(BEGUN))


def test_a_journal_that_verifies_is_not_begun_anew(
    store: Store, journal: Journal, tmp_path: Path
) -> None:
    with pytest.raises(ShareState) as refused:
        restart(store, journal, tmp_path, "pour voir")
    assert refused.value.key == "journal.whole"
    assert list(tmp_path.glob("journal-*")) == []


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE entry SET body = x'ff00' WHERE number = 3",
        "DELETE FROM head",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE number = 26",
        "UPDATE share SET file = 'sent'",
    ],
)
def test_a_broken_one_is_kept_as_found_and_followed_by_another(
    store: Store, journal: Journal, tmp_path: Path, broken: str
) -> None:
    store.connection.execute(broken)
    there = store.connection.execute("SELECT number, body, hash FROM entry").fetchall()
    path = restart(store, journal, tmp_path, "base restaurée")
    assert path.name == "journal-2026-11-22.jsonl"
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    kept = [line for line in lines if "number" in line]
    for row, line in zip(there, kept, strict=True):
        body = line["entry"].encode() if "entry" in line else bytes.fromhex(line["entry_hex"])
        assert (line["number"], body, line["hash"]) == (row[0], row[1], row[2].hex())
    found = verify(store, signer().public)
    assert found.faults == ()
    assert found.anew
    assert found.begun == BEGUN
    (begun,) = journal.entries()
    assert begun.facts["former_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert begun.facts["shares"] == SHARES
    assert begun.facts["what"] == "base restaurée"
    with store.transaction() as connection:
        assert journal.append(connection, Operation.CONTACT) == 2


def test_a_second_one_of_the_same_day_takes_the_place_of_none(
    store: Store, journal: Journal, tmp_path: Path
) -> None:
    paths = []
    for _ in range(2):
        store.connection.execute("DELETE FROM head")
        paths.append(restart(store, journal, tmp_path, "encore").name)
    assert paths == ["journal-2026-11-22.jsonl", "journal-2026-11-22-2.jsonl"]


def test_interrupted_it_leaves_what_was_there_and_no_file(
    store: Store, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.connection.execute("DELETE FROM head")
    before = store.connection.execute("SELECT count(*) FROM entry").fetchone()[0]

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(journal, "first", interrupted)
    with pytest.raises(KeyboardInterrupt):
        restart(store, journal, tmp_path, "interrompu")
    assert list(tmp_path.glob("journal-*")) == []
    assert store.connection.execute("SELECT count(*) FROM entry").fetchone()[0] == before


def test_a_damaged_database_cannot_be_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "practice.db"
    with Store.open(path, create=True) as store:
        fill(store, SHARES)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    at = data.index(b'"operation":"mark"')
    page = at - at % 4096
    data[page : page + 16] = b"\xff" * 16
    path.write_bytes(data)
    with (
        pytest.raises((JournalBroken, RegisterUnwritable)),
        Store.open(path) as store,
    ):
        restart(store, Journal(store, signer(), ACTOR), tmp_path, "abîmée")
    assert list(tmp_path.glob("journal-*")) == []


def test_of_two_that_begin_anew_at_the_same_time_the_second_is_refused(
    store: Store, journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.connection.execute("DELETE FROM head")
    look = restarting.check_broken

    def other_first(*given: object) -> object:
        monkeypatch.setattr(restarting, "check_broken", look)
        found = look(*given)
        restart(store, journal, tmp_path, "premier")
        return found

    monkeypatch.setattr(restarting, "check_broken", other_first)
    with pytest.raises(ShareState) as refused:
        restart(store, journal, tmp_path, "second")
    assert refused.value.key == "journal.whole"
    assert len(list(tmp_path.glob("journal-*"))) == 1
    assert next(journal.entries()).facts["what"] == "premier"


def test_words_are_verified_after_it_too(store: Store, journal: Journal, tmp_path: Path) -> None:
    store.connection.execute("DELETE FROM head")
    restart(store, journal, tmp_path, "copie")
    assert verify(store, signer().public).faults == ()
    store.connection.execute("UPDATE sealed_words SET blob = x'00'")
    assert [fault.kind for fault in verify(store, signer().public).faults] == [Kind.WORDS]
    store.connection.execute("DELETE FROM sealed_words")
    assert [fault.kind for fault in verify(store, signer().public).faults] == [Kind.WORDS_MISSING]


def test_a_chain_says_how_many_shares_it_took_over(
    store: Store, journal: Journal, tmp_path: Path
) -> None:
    """What somebody does who can write to the database: a chain without its history."""
    assert verify(store, signer().public).adopted == 0
    for forged in (
        "DELETE FROM entry",
        "DELETE FROM head",
        "INSERT INTO pending VALUES ('journal')",
    ):
        store.connection.execute(forged)
    Journal(store, signer(), ACTOR, now=Clock(BEGUN)).begin()
    found = verify(store, signer().public)
    assert (found.faults, found.adopted, found.anew) == ((), SHARES, False)
