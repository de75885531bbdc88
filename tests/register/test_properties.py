"""Whatever is written in whatever order, by however many, the journal verifies."""

from __future__ import annotations

import io
import multiprocessing
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare.model import FileState, Reference, SecretState, States
from secshare.register.chain import Head
from secshare.register.entries import Actor, Entry, told_states
from secshare.register.exported import verify_file
from secshare.register.exporting import export_jsonl
from secshare.register.journal import Journal
from secshare.register.states import Operation, after
from secshare.register.verifying import verify
from secshare.store import Store
from tests.register.journals import ACTOR, journal_of, signer

KEYS = States()
WORDS = States(secret=SecretState.HELD)
CHANGES = (
    *(
        (Operation.MARK, mark)
        for mark in (*FileState, SecretState.RELEASED)
        if mark is not FileState.PREPARED
    ),
    *((operation, None) for operation in (Operation.RELEASE, Operation.SECRET, Operation.RECALL)),
    *((operation, None) for operation in (Operation.FORGET, Operation.RECEIVED)),
)
# Anything that a person may type, quotation marks and braces included.
typed = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('"\\{}[]:,'), min_size=1, max_size=40
)


class Written:
    """A journal in which each step is one that makes sense, as the register would write it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.journal = journal_of(store)

    def prepare(self, first: States, typed: str) -> tuple[Reference, States]:
        reference = Reference.draw()
        said = {"documents": 1, "format": "age", "purpose": typed, "recipient": "", "subject": ""}
        finding = {"rule": "people.other", "severity": "block", "answer": "overridden"}
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT INTO share (reference, secret, status, created, recipient, subject, name,"
                " about, format, documents, purpose)"
                " VALUES (?, ?, 'prepared', '', '', '', '', '', 'age', 1, ?)",
                (str(reference), first.secret, typed),
            )
            connection.execute(
                "INSERT INTO share_finding VALUES (?, 0, 'people.other', 'block', 'overridden', ?)",
                (str(reference), typed),
            )
            states = told_states(first)
            said |= {"states": states, "findings": [finding | {"reason": typed}]}
            self.journal.append(connection, Operation.PREPARE, reference, **said)
            both = {"before": states, "states": states}
            self.journal.append(connection, Operation.PREPARED, reference, **both)
        return reference, first

    def change(
        self, reference: Reference, before: States, operation: Operation, mark: object, what: str
    ) -> States:
        try:
            now = after(operation, before, mark)  # type: ignore[arg-type]  # one of `CHANGES`
        except ValueError:
            return before
        with self.store.transaction() as connection:
            connection.execute(
                "UPDATE share SET file = ?, file_known = ?, secret = ?, secret_known = ?"
                " WHERE reference = ?",
                (now.file, now.file_known, now.secret, now.secret_known, str(reference)),
            )
            self.journal.append(
                connection,
                operation,
                reference,
                before=told_states(before),
                states=told_states(now),
                what=what,
            )
        return now


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(CHANGES), typed), min_size=1, max_size=25
    ),
    by=typed,
)
def test_whatever_makes_sense_and_whatever_was_typed_verifies(
    steps: list[tuple[int, tuple[Operation, object], str]], by: str
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / "practice.db", create=True) as store,
    ):
        written = Written(store)
        written.journal.actor = Actor("cabinet", by)
        shares = [written.prepare(first, by) for first in (KEYS, WORDS, WORDS)]
        for at, (operation, mark), what in steps:
            reference, before = shares[at]
            shares[at] = reference, written.change(reference, before, operation, mark, what)
        assert verify(store, signer().public).faults == ()
        exported = io.BytesIO()
        export_jsonl(store, signer(), exported)
        exported.seek(0)
        assert verify_file(exported, signer().public).verified.faults == ()
        kept = {entry.facts.get("what") for entry in written.journal.entries()}
        assert kept - {None} <= {what for _, _, what in steps}


@given(what=typed, by=typed)
def test_an_entry_reads_back_as_it_was_written(what: str, by: str) -> None:
    from tests.register.journals import BEGUN

    entry = Entry(7, BEGUN, Actor("cabinet", by), Operation.KEYS, None, {"what": what})
    assert Entry.loads(entry.dumps()) == entry


@given(number=st.integers(0, 10**17), hashed=st.binary(min_size=32, max_size=32))
def test_a_head_reads_back_as_it_was_written_down(number: int, hashed: bytes) -> None:
    head = Head(number, hashed)
    assert Head.parse(f" {str(head).upper()}\n") == head


@pytest.mark.parametrize("written", ["", "1-", "1", "-1-" + "0" * 64, "1-" + "0" * 63, "x"])
def test_what_is_no_head_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="no head"):
        Head.parse(written)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=2000))
def test_any_bytes_are_a_file_that_is_refused(data: bytes) -> None:
    assert verify_file(io.BytesIO(data), signer().public).verified.faults
    assert verify_file(io.BytesIO(data)).verified.faults


def append_many(path: Path, key: bytes, count: int) -> None:
    from secshare.practice.signing import Signer

    with Store.open(path) as store:
        journal = Journal(store, Signer(key), ACTOR)
        journal.begin()
        for _ in range(count):
            with store.transaction() as connection:
                journal.append(connection, Operation.CONTACT, recipient="0" * 32)


def test_processes_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    from secshare.practice.public import new_journal_key
    from secshare.practice.signing import Signer

    path, key = tmp_path / "practice.db", new_journal_key()
    Store.open(path, create=True).close()
    start = multiprocessing.get_context("spawn")
    running = [start.Process(target=append_many, args=(path, key, 40)) for _ in range(4)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    assert [each.exitcode for each in running] == [0] * 4
    with Store.open(path) as store:
        found = verify(store, Signer(key).public)
    assert found.faults == ()
    assert found.entries == 1 + 4 * 40
