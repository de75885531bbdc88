"""Protects a person's right to know: what is kept about them is found, and nobody else's is."""

from __future__ import annotations

import pytest

from secshare.model import Kind
from secshare.recipients import Directory
from secshare.register import Operation
from secshare.register.persons import _ABOUT, entries_about, former
from secshare.store import Store
from tests.registers import a_register, a_share

JEANNE, PAUL = "a" * 32, "b" * 32


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        yield opened


@pytest.fixture
def register(store, tmp_path):
    (tmp_path / "outbox").mkdir()
    return a_register(store, tmp_path / "outbox")


@pytest.fixture
def directory(store, tmp_path):
    (tmp_path / "keys").mkdir()
    return Directory(store, tmp_path / "keys", region="FR")


def told(store, uid):
    return [(entry.operation, entry.facts) for entry in entries_about(store, uid)]


def test_entries_about_somebody_are_found_and_in_order(store, register):
    register.entry(Operation.DIRECTORY, recipient=JEANNE, what="added")
    register.entry(Operation.CONTACT, recipient=PAUL)
    register.entry(Operation.DIRECTORY, recipient=PAUL, subject=JEANNE, what="represents")
    register.entry(Operation.HISTORY, recipient=JEANNE)
    register.entry(Operation.EXPORT, count=3)
    assert [operation for operation, _ in told(store, JEANNE)] == [
        Operation.DIRECTORY,
        Operation.DIRECTORY,
        Operation.HISTORY,
    ]
    assert told(store, PAUL) == [
        (Operation.CONTACT, {"recipient": PAUL}),
        (Operation.DIRECTORY, {"recipient": PAUL, "subject": JEANNE, "what": "represents"}),
    ]
    assert told(store, "c" * 32) == []


def test_a_name_of_a_field_or_an_actor_is_nobody(store, register):
    register._journal.actor = type(register._journal.actor)("root", f'"recipient":"{JEANNE}')
    register.entry(Operation.DIRECTORY, recipient=PAUL, changed=[f'"subject":"{JEANNE}'])
    assert told(store, JEANNE) == []


def test_bytes_that_somebody_altered_stop_nothing(store, register):
    register.entry(Operation.CONTACT, recipient=JEANNE)
    with store.transaction() as connection:
        connection.execute("UPDATE entry SET body = x'ff00226e'")
    register_check = store.connection.execute("PRAGMA integrity_check").fetchone()[0]
    assert (told(store, JEANNE), register_check) == ([], "ok")


def test_the_look_up_reads_no_other_entry(store):
    plan = store.connection.execute(f"EXPLAIN QUERY PLAN {_ABOUT}", {"uid": b"a" * 32}).fetchall()
    steps = [row["detail"] for row in plan]
    assert sum("SEARCH entry USING INDEX entry_" in step for step in steps) == 2
    assert not any("SCAN entry" in step for step in steps)


def shared(register, **whose):
    share = a_share(**whose)
    register.begin(share, None, "draft")
    return share.reference


def person(directory, name):
    return directory.add(name=name, kind=Kind.PATIENT)


def test_somebody_who_was_removed_is_found_by_the_name_that_shares_have(store, register, directory):
    jeanne, leo = person(directory, "Jeanne Morel"), person(directory, "Léo Morel")
    shared(register, recipient=jeanne.uid, subject=leo.uid, name="Jeanne Morel", about="Léo Morel")
    assert former(store, "Jeanne Morel") == former(store, "Léo Morel") == ()
    directory.remove(jeanne)
    assert former(store, "JEANNE  MORÈL") == (jeanne.uid,)
    assert former(store, "Léo Morel") == ()  # who is there is found in the directory
    directory.remove(leo)
    assert former(store, "leo morel") == (leo.uid,)
    assert former(store, "MOREL Léo") == (leo.uid,)
    assert former(store, "Morel") == former(store, "Léo Léo Morel") == ()


def test_somebody_whom_only_a_manifest_named_is_found_in_any_order_of_the_name(store, register):
    share = a_share(recipient=PAUL, subject=PAUL, name="TESTUDO Camille", about="TESTUDO Camille")
    register.begin(share, None, "draft", lambda c: register.note_unlisted(c, share))
    for written in ("Camille Testudo", "testudo camille", "CAMILLE  Testudô"):
        assert former(store, written) == (PAUL,)
    assert former(store, "Camille Testud") == ()


def test_nobody_is_remembered_for_whom_nothing_was_shared(store, register, directory):
    paul = person(directory, "Paul Essai")
    directory.remove(paul)
    assert former(store, "Paul Essai") == ()
    assert store.connection.execute("SELECT count(*) FROM gone").fetchone()[0] == 0


def test_two_who_bore_one_name_are_two(store, register, directory):
    gone = []
    for _ in range(2):
        jeanne = person(directory, "Jeanne Morel")
        shared(register, recipient=jeanne.uid, subject=jeanne.uid, name=jeanne.name, about="x")
        directory.remove(jeanne)
        gone.append(jeanne.uid)
    assert former(store, "Jeanne Morel") == tuple(sorted(gone))


def test_a_name_is_forgotten_with_the_last_share_that_has_it(store, register, directory):
    jeanne = person(directory, "Jeanne Morel")
    whose = {"recipient": jeanne.uid, "subject": jeanne.uid}
    first = shared(register, **whose, name="Jeanne Durand", about="Jeanne Durand")
    second = shared(register, **whose, name="Jeanne Morel", about="Jeanne Morel")
    directory.remove(jeanne)
    assert former(store, "Jeanne Durand") == former(store, "Jeanne Morel") == (jeanne.uid,)
    register.abandon(first)
    assert former(store, "Jeanne Durand") == ()
    assert former(store, "Jeanne Morel") == (jeanne.uid,)
    register.abandon(second)
    assert store.connection.execute("SELECT count(*) FROM gone").fetchone()[0] == 0
