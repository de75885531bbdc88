"""The journal begins once, adopts what was there, and hangs nothing on an end that was altered."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from secshare.errors import JournalBroken
from secshare.model import Reference
from secshare.register.entries import Entry
from secshare.register.journal import Journal
from secshare.register.states import Operation
from secshare.store import Store
from tests.register.journals import ACTOR, Clock, journal_of, signer
from tests.registers import a_journal

OLD = "INSERT INTO share (reference, status, created, recipient, subject, name, about, format,"
OLD += " documents, secret) VALUES (?, ?, '', '', '', '', '', 'age', 1, 'written')"


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        yield opened


def write(store: Store, journal: Journal, count: int = 1) -> None:
    for _ in range(count):
        with store.transaction() as connection:
            journal.append(connection, Operation.CONTACT, Reference.draw(), recipient="uid")


def entries(store: Store) -> list[Entry]:
    return [
        Entry.loads(row["body"])
        for row in store.connection.execute("SELECT body FROM entry ORDER BY number")
    ]


def test_the_first_entry_adopts_the_shares_of_before(store: Store) -> None:
    for reference, status in (("B", "prepared"), ("A", "prepared"), ("C", "preparing")):
        store.connection.execute(OLD, (reference, status))
    journal = journal_of(store)
    (begun,) = entries(store)
    told = b'[["A",["prepared",true,"written",true]],["B",["prepared",true,"written",true]]]'
    assert begun.operation is Operation.BEGUN
    assert begun.facts == {
        "shares": 2,
        "shares_sha256": hashlib.sha256(told).hexdigest(),
        "words_kept_sha256": [],
    }
    assert journal.head().number == 1


def test_it_begins_once_whoever_begins_it(store: Store, tmp_path: Path) -> None:
    together = threading.Barrier(4)

    def begin() -> None:
        with Store.open(tmp_path / "practice.db") as own:
            journal = Journal(own, signer(), ACTOR)
            together.wait()
            journal.begin()
            journal.begin()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.operation for entry in entries(store)] == [Operation.BEGUN]


def test_a_journal_that_was_emptied_is_not_begun_as_if_nothing_had_been(store: Store) -> None:
    journal = journal_of(store)
    store.connection.execute("DELETE FROM entry")
    store.connection.execute("DELETE FROM head")
    journal.begin()
    assert entries(store) == []
    with pytest.raises(JournalBroken) as refused:
        write(store, journal)
    assert refused.value.key == "journal.empty"


@pytest.mark.parametrize(
    "altered",
    [
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'uid', 'udi') AS BLOB)"
        " WHERE number = 4",
        "UPDATE entry SET hash = zeroblob(32) WHERE number = 4",
        "UPDATE entry SET hash = zeroblob(32) WHERE number = 3",
        "DELETE FROM entry WHERE number = 4",
        "DELETE FROM entry WHERE number = 3",
        "UPDATE entry SET number = 5 WHERE number = 4",
        "UPDATE head SET number = 5",
        "UPDATE head SET hash = zeroblob(32)",
        "UPDATE head SET signature = zeroblob(length(signature))",
        "DELETE FROM head",
        "DELETE FROM entry",
    ],
)
def test_nothing_is_hung_on_an_end_that_is_not_what_was_signed(store: Store, altered: str) -> None:
    write(store, journal_of(store), 3)
    store.connection.execute(altered)
    for journal in (Journal(store, signer(), ACTOR), journal_of(store)):
        with pytest.raises(JournalBroken) as refused:
            write(store, journal)
        assert refused.value.key == "journal.end"


def test_what_this_process_signed_is_not_trusted_once_it_is_altered(store: Store) -> None:
    journal = journal_of(store)
    write(store, journal, 3)
    store.connection.execute(
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), 'uid', 'udi') AS BLOB)"
        " WHERE number = 4"
    )
    with pytest.raises(JournalBroken):
        write(store, journal)


def test_another_practices_journal_is_no_end_to_hang_on(store: Store) -> None:
    write(store, journal_of(store), 2)
    with pytest.raises(JournalBroken):
        write(store, Journal(store, signer("another"), ACTOR))


def test_an_entry_falls_with_its_transaction(store: Store) -> None:
    journal = journal_of(store)
    write(store, journal)
    with pytest.raises(RuntimeError), store.transaction() as connection:
        journal.append(connection, Operation.CONTACT)
        raise RuntimeError
    write(store, journal)
    assert [entry.number for entry in entries(store)] == [1, 2, 3]
    assert journal.head().number == 3


def test_a_fact_that_is_not_listed_is_not_written(store: Store) -> None:
    journal = journal_of(store, now=Clock())
    with pytest.raises(ValueError, match="no fact"), store.transaction() as connection:
        journal.append(connection, Operation.CONTACT, words="abeille-cabane")
    assert journal.head().number == 1


def test_an_entry_that_is_nested_without_end_is_a_broken_journal(tmp_path):
    with Store.open(tmp_path / "practice.db", create=True) as store:
        journal = a_journal(store)
        with store.transaction() as connection:
            connection.execute("UPDATE entry SET body = ?", (b"[" * 200_000,))
        with pytest.raises(JournalBroken):
            list(journal.entries())
