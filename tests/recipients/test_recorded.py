"""Protects the record of the directory: every change is told of, with no value, or undone."""

from __future__ import annotations

from datetime import date

import pytest

from secshare import age
from secshare.errors import JournalBroken
from secshare.model import Kind, Reference
from secshare.recipients import Directory, set_card
from secshare.recipients.recorded import Change

EMAIL, PHONE = "autre.adresse@example.net", "+33639981202"


@pytest.fixture
def told(directory):
    """What was told, each with whether a transaction was open."""
    found = []

    def record(connection, what, **facts):
        found.append((what, facts, connection.in_transaction))

    directory.record = record
    return found


def hybrid():
    return str(age.HybridIdentity.generate().recipient())


def x25519():
    return str(age.X25519Identity.generate().recipient())


def drawn(directory, jeanne):
    return set_card(directory, jeanne, (hybrid(), Reference.draw()))


def child(directory):
    return directory.add(name="Léo Morel", kind=Kind.PATIENT, birth_date=date(2020, 6, 1))


CHANGES = {
    Change.ADDED: lambda directory, _: child(directory),
    Change.CHANGED: lambda directory, jeanne: directory.edit(jeanne, email=EMAIL, phone=PHONE),
    Change.REVOKED: lambda directory, jeanne: directory.revoke(jeanne, date(2026, 1, 1)),
    Change.KEYS: lambda directory, jeanne: directory.set_keys(
        jeanne, [x25519(), x25519()], replace_all=True
    ),
    Change.CARD: drawn,
    Change.REMOVED: lambda directory, jeanne: directory.remove(jeanne),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_told_of_once_in_its_transaction_and_without_a_value(
    directory, jeanne, told, what
):
    made = CHANGES[what](directory, jeanne)
    ((kind, facts, inside),) = told
    assert (kind, inside) == (what, True)
    assert facts["recipient"] == (made.uid if what is Change.ADDED else jeanne.uid)
    assert set(facts) <= {"recipient", "changed", "count"}
    for value in (jeanne.name, jeanne.email, jeanne.phone, EMAIL, PHONE, jeanne.id, "age1"):
        assert value not in str(facts)


def test_an_edit_tells_which_fields_it_changed_and_nothing_where_it_changed_none(
    directory, jeanne, told
):
    directory.edit(jeanne, email=EMAIL, phone=jeanne.phone, name="Jeanne MOREL")
    assert [facts["changed"] for _, facts, _ in told] == [["name", "email"]]
    told.clear()
    directory.edit(directory.find("jeanne-morel"), email=EMAIL)
    assert told == []


def test_what_is_allowed_again_and_taken_back_is_told_too(directory, jeanne, told):
    revoked = directory.revoke(jeanne, date(2026, 1, 1))
    directory.revoke(revoked, None)
    carded = drawn(directory, directory.find("jeanne-morel"))
    set_card(directory, carded, None)
    leo = child(directory)
    directory.represent(jeanne, leo, "mère")
    directory.stop_representing(jeanne, leo)
    assert [what for what, _, _ in told] == [
        Change.REVOKED,
        Change.RESTORED,
        Change.CARD,
        Change.CARD_REVOKED,
        Change.ADDED,
        Change.REPRESENTS,
        Change.REPRESENTS_NO_MORE,
    ]
    assert told[-1][1] == {"recipient": jeanne.uid, "subject": leo.uid}
    assert "mère" not in str(told)


def test_a_list_is_one_entry_however_many_people_it_has(directory, told, tmp_path, today):
    people = "".join(f"Personne Numéro{number};patient\n" for number in range(100))
    (tmp_path / "list.csv").write_text("name;kind\n" + people, "utf-8")
    assert directory.import_file(tmp_path / "list.csv", today=today) == 100
    assert told == [(Change.IMPORTED, {"count": 100}, True)]


def test_a_list_of_nobody_is_no_entry(directory, told):
    assert directory.add_all(lambda: []) == 0
    assert told == []


@pytest.mark.parametrize("what", CHANGES)
def test_what_cannot_be_recorded_is_not_done(directory, jeanne, what):
    first = x25519()
    if what is Change.KEYS:
        jeanne = directory.set_keys(jeanne, [first], replace_all=True)

    def broken(*_, **__):
        raise JournalBroken("journal.end")

    directory.record = broken
    before = list(directory.store.connection.execute("SELECT * FROM recipient").fetchone())
    keys = sorted((path.name, path.read_bytes()) for path in directory.keys_folder.iterdir())
    with pytest.raises(JournalBroken):
        CHANGES[what](directory, jeanne)
    rows = directory.store.connection.execute("SELECT * FROM recipient").fetchall()
    assert [list(row) for row in rows] == [before]
    assert keys == sorted(
        (path.name, path.read_bytes()) for path in directory.keys_folder.iterdir()
    )
    again = Directory(directory.store, directory.keys_folder, region="FR")
    assert again.find("jeanne-morel") == jeanne


def test_keys_are_as_they_were_when_the_commit_fails(directory, jeanne, monkeypatch):
    first = x25519()
    jeanne = directory.set_keys(jeanne, [first], replace_all=True)
    written = (directory.keys_folder / "jeanne-morel.pub").read_bytes()
    connection = directory.store.connection

    class Failing:
        """A connection whose commit fails, as on a full disk."""

        in_transaction = property(lambda _: connection.in_transaction)

        def execute(self, statement, *values):
            if statement == "COMMIT":
                raise KeyboardInterrupt
            return connection.execute(statement, *values)

        def rollback(self):
            connection.rollback()

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(directory.store, "connection", Failing())
        directory.set_keys(jeanne, [x25519()], replace_all=True)
    assert (directory.keys_folder / "jeanne-morel.pub").read_bytes() == written
