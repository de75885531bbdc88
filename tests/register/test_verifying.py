"""What was altered in the database is found, and said under the entry or the share it is about."""

from __future__ import annotations

import random
import re
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secshare.errors import JournalBroken, RegisterUnwritable
from secshare.model import FileState, Reference, SecretState, States
from secshare.register.chain import Head, next_hash
from secshare.register.entries import Entry, told_states
from secshare.register.faults import Fault, Kind
from secshare.register.journal import Journal
from secshare.register.states import Operation
from secshare.register.verifying import verify
from secshare.store import Store
from tests.register.edits import SHARES, campaign_database
from tests.register.journals import ACTOR, journal_of, signer
from tests.register.long import fill

SHARE = "UPDATE share SET {} WHERE reference = ?"


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        yield opened


@pytest.fixture
def references(store: Store) -> list[str]:
    return fill(store, SHARES)


def found(store: Store, **options: object) -> tuple[Fault, ...]:
    return verify(store, signer().public, **options).faults


def kinds(store: Store) -> list[tuple[Kind, int | str | None]]:
    return [(fault.kind, fault.number or fault.reference) for fault in found(store)]


def test_a_journal_that_nobody_altered_verifies(store: Store, references: list[str]) -> None:
    done = []
    said = verify(store, signer().public, progress=lambda at, of: done.append((at, of)))
    assert said.faults == ()
    assert (said.entries, said.head.number) == (5 * SHARES + 1, 5 * SHARES + 1)
    assert not said.anew
    assert done[-1] == (5 * SHARES + 1, 5 * SHARES + 1)
    said.check()


def test_every_edit_of_a_byte_is_found_and_named(store: Store, references: list[str]) -> None:
    counted, failed = campaign_database(store, 120, random.Random(20261122))
    assert failed == []
    assert len(counted) == 5


def test_what_was_taken_out_is_missing(store: Store, references: list[str]) -> None:
    store.connection.execute("DELETE FROM entry WHERE number IN (7, 8, 9, 40)")
    missing = [fault for fault in found(store) if fault.kind is Kind.MISSING]
    assert [(fault.number, fault.last) for fault in missing] == [(7, 9), (40, 40)]
    assert missing[0].key == "journal.fault_missing_several"


def test_the_first_and_the_last_entries_can_be_missing_too(
    store: Store, references: list[str]
) -> None:
    store.connection.execute("DELETE FROM entry WHERE number = 1 OR number > 96")
    missing = [fault for fault in found(store) if fault.kind is Kind.MISSING]
    assert [(fault.number, fault.last) for fault in missing] == [(1, 1), (97, 101)]


def test_two_entries_that_were_exchanged_are_both_named(
    store: Store, references: list[str]
) -> None:
    for move in ((20, -1), (30, 20), (-1, 30)):
        store.connection.execute("UPDATE entry SET number = ? WHERE number = ?", move[::-1])
    assert {fault.number for fault in found(store)} == {20, 30}


def test_an_entry_behind_the_end_is_extra(store: Store, references: list[str]) -> None:
    head, entry = (
        store.connection.execute("SELECT hash FROM head").fetchone()[0],
        Entry(102, datetime.now(UTC), ACTOR, Operation.CONTACT, None, {}),
    )
    store.connection.execute(
        "INSERT INTO entry VALUES (102, NULL, ?, ?)",
        (entry.dumps(), next_hash(head, entry.dumps())),
    )
    assert kinds(store) == [(Kind.EXTRA, 102)]


def test_a_whole_chain_of_another_key_is_not_this_practices(
    store: Store, references: list[str]
) -> None:
    last = store.connection.execute("SELECT number, hash FROM head").fetchone()
    forged = Head(last["number"], last["hash"])
    store.connection.execute(
        "UPDATE head SET signature = ?", (signer("another").sign(forged.to_sign),)
    )
    assert kinds(store) == [(Kind.HEAD, None)]
    assert verify(store, signer("another").public).faults != ()


@pytest.mark.parametrize(
    ("altered", "kind"),
    [
        (SHARE.format("file = 'prepared'"), Kind.SHARE_STATES),
        (SHARE.format("secret = 'held'"), Kind.SHARE_STATES),
        (SHARE.format("secret_known = 7"), Kind.SHARE_STATES),
        ("DELETE FROM share WHERE reference = ?", Kind.SHARE_MISSING),
        ("UPDATE sealed_words SET blob = x'00' WHERE reference = ?", Kind.WORDS),
        ("DELETE FROM sealed_words WHERE reference = ?", Kind.WORDS_MISSING),
    ],
)
def test_a_share_that_is_not_as_its_entries_say_is_named(
    store: Store, references: list[str], altered: str, kind: Kind
) -> None:
    store.connection.execute(altered, (references[0],))
    assert (kind, references[0]) in kinds(store)


def test_words_that_came_back_are_found(store: Store, references: list[str]) -> None:
    store.connection.execute("INSERT INTO sealed_words VALUES (?, x'00', '')", (references[1],))
    assert kinds(store) == [(Kind.WORDS_BACK, references[1])]


def test_a_share_that_no_entry_tells_of_is_found(store: Store, references: list[str]) -> None:
    store.connection.execute(
        "INSERT INTO share (reference, status, created, recipient, subject, name, about, format,"
        " documents) VALUES ('X', 'prepared', '', '', '', '', '', 'age', 1)"
    )
    assert kinds(store) == [(Kind.SHARES_ADOPTED, None)]


def write(store: Store, operation: Operation, reference: str, **facts: object) -> None:
    journal = Journal(store, signer(), ACTOR)
    with store.transaction() as connection:
        journal.append(connection, operation, Reference(reference), **facts)


def test_an_adopted_share_may_change_and_its_former_states_still_count(store: Store) -> None:
    for reference in ("A", "B"):
        store.connection.execute(
            "INSERT INTO share (reference, status, created, recipient, subject, name, about,"
            " format, documents) VALUES (?, 'prepared', '', '', '', '', '', 'age', 1)",
            (reference,),
        )
    journal_of(store)
    before, now = told_states(States()), told_states(States(FileState.SENT))
    write(store, Operation.MARK, "A", before=before, states=now)
    store.connection.execute("UPDATE share SET file = 'sent' WHERE reference = 'A'")
    assert found(store) == ()
    store.connection.execute("UPDATE share SET file = 'opened' WHERE reference = 'B'")
    assert kinds(store) == [(Kind.SHARES_ADOPTED, None)]


def test_a_share_that_was_prepared_cannot_come_to_nothing(
    store: Store, references: list[str]
) -> None:
    write(store, Operation.ABANDONED, references[1])
    assert kinds(store) == [(Kind.SENSELESS, 102), (Kind.SHARE_BACK, references[1])]
    store.connection.execute("DELETE FROM share_finding WHERE reference = ?", (references[1],))
    store.connection.execute("DELETE FROM share WHERE reference = ?", (references[1],))
    assert kinds(store) == [(Kind.SENSELESS, 102)]


def test_a_share_is_prepared_once(store: Store, references: list[str]) -> None:
    opened = told_states(States(FileState.OPENED, secret=SecretState.RELEASED, secret_known=False))
    write(store, Operation.PREPARED, references[1], before=opened, states=opened)
    assert (Kind.SENSELESS, 102) in kinds(store)


def test_a_share_that_is_prepared_is_not_still_to_be_prepared(
    store: Store, references: list[str]
) -> None:
    store.connection.execute(SHARE.format("status = 'preparing'"), (references[3],))
    assert kinds(store) == [(Kind.SHARE_STATES, references[3])]


@pytest.mark.parametrize(
    "altered",
    [
        *("recipient = 'X'", "subject = 'X'", "purpose = 'autre'", "purpose = NULL", "kind = NULL"),
        *("format = 'pdf'", "road = NULL", "road = 'voice'", "documents = 9", "work_factor = 1"),
        *("work_factor = NULL", "seals_again = 'X'", "kind = 'x\"'", "purpose = 'soins\",\"a'"),
    ],
)
def test_what_a_share_began_with_stays_what_it_was(
    store: Store, references: list[str], altered: str
) -> None:
    store.connection.execute(SHARE.format(altered), (references[3],))
    (fault,) = found(store)
    assert (fault.kind, fault.number, fault.reference) == (Kind.SHARE_ROW, 17, references[3])


@pytest.mark.parametrize("altered", ["size = 1", "size = NULL", "sha256 = '00'", "sha256 = NULL"])
def test_the_sealed_file_of_a_share_stays_what_it_was(
    store: Store, references: list[str], altered: str
) -> None:
    store.connection.execute(SHARE.format(altered), (references[3],))
    (fault,) = found(store)
    assert (fault.kind, fault.number, fault.reference) == (Kind.SHARE_ROW, 18, references[3])


@pytest.mark.parametrize(
    "altered",
    [
        "DELETE FROM share_finding WHERE reference = ?",
        "DELETE FROM share_finding WHERE number = 1 AND reference = ?",
        "UPDATE share_finding SET number = 9 - number WHERE reference = ?",
        "UPDATE share_finding SET reason = 'x' WHERE reference = ?",
        "UPDATE share_finding SET answer = 'shown' WHERE reference = ?",
        "INSERT INTO share_finding SELECT reference, 9, 'x', 'note', 'shown', NULL FROM share"
        " WHERE reference = ?",
    ],
)
def test_what_was_found_and_answered_stays_what_it_was(
    store: Store, references: list[str], altered: str
) -> None:
    store.connection.execute(altered, (references[3],))
    (fault,) = found(store)
    assert (fault.kind, fault.number) == (Kind.SHARE_ROW, 17)


def test_findings_may_stand_in_any_order_in_their_table(
    store: Store, references: list[str]
) -> None:
    columns = "reference, number, rule, severity, answer, reason"
    rows = [tuple(row) for row in store.connection.execute(f"SELECT {columns} FROM share_finding")]
    store.connection.execute("DELETE FROM share_finding")
    random.Random(1).shuffle(rows)
    store.connection.executemany("INSERT INTO share_finding VALUES (?, ?, ?, ?, ?, ?)", rows)
    assert found(store) == ()


OPENED = States(FileState.OPENED, secret=SecretState.RELEASED, secret_known=False)


def test_an_entry_like_an_earlier_one_is_named_where_it_does_not_follow(
    store: Store, references: list[str]
) -> None:
    written = States(secret=SecretState.WRITTEN)
    sent = States(FileState.SENT, secret=SecretState.WRITTEN)
    write(
        store, Operation.MARK, references[1], before=told_states(written), states=told_states(sent)
    )
    assert kinds(store) == [(Kind.SENSELESS, 102), (Kind.SHARE_STATES, references[1])]


def test_an_entry_like_an_earlier_one_is_named_where_its_number_is_another(
    store: Store, references: list[str]
) -> None:
    head = store.connection.execute("SELECT number, hash FROM head").fetchone()
    both = {"before": told_states(OPENED), "states": told_states(OPENED)}
    entry = Entry(1020, datetime.now(UTC), ACTOR, Operation.SECRET, Reference(references[0]), both)
    last = Head(102, next_hash(head["hash"], entry.dumps()))
    store.connection.execute(
        "INSERT INTO entry VALUES (102, ?, ?, ?)", (references[0], entry.dumps(), last.hash)
    )
    store.connection.execute(
        "UPDATE head SET number = 102, hash = ?, signature = ?",
        (last.hash, signer().sign(last.to_sign)),
    )
    assert kinds(store) == [(Kind.MISPLACED, 1020)]


def test_words_that_an_entry_like_an_earlier_one_tells_of_count(
    store: Store, references: list[str]
) -> None:
    both = {"before": told_states(OPENED), "states": told_states(OPENED)}
    write(store, Operation.SECRET, references[0], **both, words_sha256="0" * 64)
    assert kinds(store) == [(Kind.WORDS, references[0])]


def test_an_incident_and_its_entry_stand_together(store: Store, references: list[str]) -> None:
    store.connection.execute(
        "INSERT INTO incident (reference, recorded, found) VALUES (?, '2025', '2025')",
        (references[2],),
    )
    assert kinds(store) == [(Kind.INCIDENT_EXTRA, references[2])]
    write(store, Operation.INCIDENT, references[2])
    assert found(store) == ()
    store.connection.execute("DELETE FROM incident")
    assert kinds(store) == [(Kind.INCIDENT_MISSING, references[2])]


def test_a_row_with_a_number_of_any_size_is_one_fault(store: Store, references: list[str]) -> None:
    far = 10**12
    store.connection.execute(
        "INSERT INTO entry VALUES (?, NULL, ?, x'00')",
        (far, b'{"number":%d,"operation":"cut"}' % far),
    )
    assert kinds(store) == [(Kind.EXTRA, far)]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"before":[' + b"[" * 100_000 + b'],"number":50,"operation":"mark","states":[]}',
        *(
            b'{"kept":[%b],"number":%b,"operation":"cut","through":%b,"through_hash":"%b"}'
            % (kept, number, through, b"00" * 32)
            for kept, number, through in (
                (b"", b"Infinity", b"1"),
                (b"", b"1e999", b"1"),
                (b"", b"1" + b"0" * 30, b"1"),
                (b"", b"50", b"1" + b"0" * 30),
                (b"", b"50", b"-Infinity"),
                (b'[1e400,"00"]', b"50", b"1"),
                (b'[-1,"00"]', b"50", b"1"),
            )
        ),
    ],
)
def test_an_entry_of_whatever_bytes_is_a_fault_and_no_crash(
    store: Store, references: list[str], body: bytes
) -> None:
    store.connection.execute(
        "UPDATE entry SET body = ?, reference = NULL WHERE number = 50", (body,)
    )
    assert (Kind.ALTERED, 50) in kinds(store)


def test_a_state_that_no_number_can_say_is_a_fault(store: Store, references: list[str]) -> None:
    store.connection.execute(SHARE.format("file_known = 100000000000000000"), (references[3],))
    assert kinds(store) == [(Kind.SHARE_STATES, references[3])]


def test_an_entry_that_does_not_follow_is_named(store: Store, references: list[str]) -> None:
    opened = States(FileState.OPENED, secret=SecretState.RELEASED, secret_known=False)
    held = States(FileState.OPENED, secret=SecretState.HELD)
    write(
        store,
        Operation.RECALL,
        references[1],
        before=told_states(opened),
        states=told_states(held),
    )
    assert (Kind.SENSELESS, 102) in kinds(store)


def test_the_head_that_was_written_down_is_passed_through(
    store: Store, references: list[str]
) -> None:
    hashed = store.connection.execute("SELECT hash FROM entry WHERE number = 50").fetchone()[0]
    assert found(store, expect=Head(50, hashed)) == ()
    assert [f.kind for f in found(store, expect=Head(50, b"x" * 32))] == [Kind.EXPECTED_OTHER]
    assert [f.kind for f in found(store, expect=Head(102, hashed))] == [Kind.EXPECTED_ABSENT]


def test_a_journal_that_is_all_faults_is_told_by_the_first_ones(
    store: Store, references: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secshare.profiles.JOURNAL_FAULTS", 10)
    store.connection.execute("UPDATE entry SET body = x'7b7d'")
    said = verify(store, signer().public)
    assert len(said.faults) == 10
    assert said.more > 80
    with pytest.raises(JournalBroken) as broken:
        said.check()
    assert broken.value.fields["number"] == 1


@pytest.mark.parametrize("where", ["page", "entry"])
def test_a_damaged_file_is_never_taken_for_a_whole_one(tmp_path: Path, where: str) -> None:
    path = tmp_path / "practice.db"
    with Store.open(path, create=True) as store:
        fill(store, SHARES)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole, draw = path.read_bytes(), random.Random(4)
    entries = [found.start() for found in re.finditer(b'"operation":"mark"', whole)]
    for _ in range(30):
        at = draw.choice(entries) + draw.randrange(-40, 40)
        if where == "page":
            at -= at % 4096
        data = bytearray(whole)
        data[at : at + 32] = draw.randbytes(32)
        path.write_bytes(data)
        with pytest.raises((JournalBroken, RegisterUnwritable)), Store.open(path) as store:
            verify(store, signer().public).check()
        for left in tmp_path.glob("practice.db-*"):
            left.unlink()


def test_verifying_sees_one_moment_while_others_write(tmp_path: Path) -> None:
    path, stop = tmp_path / "practice.db", threading.Event()
    with Store.open(path, create=True) as store:
        journal_of(store)

    def append() -> None:
        with Store.open(path) as own:
            journal = Journal(own, signer(), ACTOR)
            while not stop.is_set():
                with own.transaction() as connection:
                    journal.append(connection, Operation.CONTACT)

    writers = [threading.Thread(target=append) for _ in range(3)]
    for writer in writers:
        writer.start()
    with Store.open(path) as store:
        for _ in range(20):
            assert found(store) == ()
        stop.set()
        for writer in writers:
            writer.join()
        assert found(store) == ()


def test_nothing_is_written_while_verifying(store: Store, references: list[str]) -> None:
    before = store.connection.execute("PRAGMA data_version").fetchone()[0]
    with sqlite3.connect(store.connection.execute("PRAGMA database_list").fetchone()[2]) as other:
        at = other.execute("PRAGMA data_version").fetchone()[0]
        assert found(store) == ()
        assert other.execute("PRAGMA data_version").fetchone()[0] == at
    assert store.connection.execute("PRAGMA data_version").fetchone()[0] == before


def test_an_index_that_hides_entries_is_found(store: Store, references: list[str]) -> None:
    made = store.connection.execute(
        "SELECT sql FROM sqlite_schema WHERE name = 'entry_reference'"
    ).fetchone()[0]
    store.connection.execute("PRAGMA writable_schema=ON")
    store.connection.execute("DROP INDEX entry_reference")
    store.connection.execute(f"{made} AND number <> 13")
    store.connection.execute(
        "UPDATE sqlite_schema SET sql = ? WHERE name = 'entry_reference'", (made,)
    )
    path = store.connection.execute("PRAGMA database_list").fetchone()[2]
    with Store.open(Path(path)) as opened, pytest.raises(JournalBroken):
        verify(opened, signer().public)
