"""What was received is noted once, never half-noted, and never under another's folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secshare import files
from secshare.errors import ShareState
from secshare.model import Reference
from secshare.register import Inbox, Received
from secshare.store import Store
from tests.registers import a_journal, a_register
from tests.registers import a_share as an_intent

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        yield opened


@pytest.fixture
def inbox(store: Store, tmp_path: Path) -> Inbox:
    folder = tmp_path / "inbox"
    folder.mkdir()
    register = a_register(store, tmp_path / "outbox")
    return Inbox(store, folder, register, a_journal(store))


def one(**changes: object) -> Received:
    reference = Reference.draw()
    received = Received(
        reference=reference,
        received=MOMENT,
        sha256=f"{hash(reference.value) & (1 << 64) - 1:064x}",
        size=1234,
        documents=2,
        share=None,
        folder=f"2026-11-22-{reference}",
    )
    return replace(received, **changes)


def a_share(store: Store, outbox: Path) -> Reference:
    share, register = an_intent(road=None), a_register(store, outbox)
    register.begin(share, None, ".secshare-0.part")
    register.complete(share.reference, 1, "00")
    return share.reference


def note(inbox: Inbox, received: Received) -> Received:
    inbox.begin(received, ".secshare-0000000000000000.part")
    (inbox.folder / received.folder).mkdir()
    inbox.complete(received.reference)
    return received


def test_what_was_received_is_found_by_its_digest_and_listed_the_newest_first(
    inbox: Inbox,
) -> None:
    first, second = note(inbox, one()), note(inbox, one(received=MOMENT + timedelta(hours=1)))
    assert list(inbox.all()) == [second, first]
    assert inbox.known(first.sha256) == first
    assert inbox.known("0" * 64) is None


def test_it_is_found_by_the_share_it_answers_and_outlives_it(
    inbox: Inbox, store: Store, tmp_path: Path
) -> None:
    share = a_share(store, tmp_path)
    received = note(inbox, one(share=share))
    note(inbox, one())
    assert list(inbox.all(share)) == [received]
    with store.transaction() as connection:
        connection.execute("DELETE FROM share")
    assert list(inbox.all(share)) == []
    assert inbox.known(received.sha256) == replace(received, share=None)


def test_the_same_file_is_noted_once_unless_it_is_asked_for(inbox: Inbox) -> None:
    first = note(inbox, one())
    second = one(sha256=first.sha256, received=MOMENT + timedelta(days=1))
    with pytest.raises(ShareState):
        inbox.begin(second, "draft")
    inbox.begin(second, "draft", again=True)
    inbox.complete(second.reference)
    assert inbox.known(first.sha256) == second


def test_what_another_command_is_receiving_is_refused_and_not_listed(inbox: Inbox) -> None:
    first = one()
    inbox.begin(first, "draft")
    with pytest.raises(ShareState):
        inbox.begin(one(sha256=first.sha256), "other draft")
    assert list(inbox.all()) == []
    assert inbox.known(first.sha256) is None


def test_two_never_have_one_folder(inbox: Inbox) -> None:
    first = note(inbox, one(folder="2026-11-22-K7Q2-M9PX-8"))
    assert inbox.free_folder(first.folder) == "2026-11-22-K7Q2-M9PX-8-2"
    (inbox.folder / "2026-11-22-K7Q2-M9PX-8-2").mkdir()  # a person's own
    assert inbox.free_folder(first.folder) == "2026-11-22-K7Q2-M9PX-8-3"
    files.remove(inbox.folder / first.folder)  # its name still stands in the register
    assert inbox.free_folder(first.folder) == "2026-11-22-K7Q2-M9PX-8-3"
    with pytest.raises(ShareState):
        inbox.begin(one(folder=first.folder), "draft")


def test_a_reference_is_neither_a_shares_nor_of_anything_received(
    inbox: Inbox, store: Store, tmp_path: Path
) -> None:
    taken = [a_share(store, tmp_path), note(inbox, one()).reference]
    free = Reference.draw()
    drawn = iter([*taken, free])
    assert inbox.new_reference(lambda: next(drawn)) == free


def test_settling_completes_what_was_renamed_and_forgets_what_was_not(inbox: Inbox) -> None:
    renamed, begun, at_work = one(), one(), one()
    for received, draft in ((renamed, "gone-1"), (begun, "gone-2")):
        inbox.begin(received, draft)
    (inbox.folder / renamed.folder).mkdir()
    with files.publish_folder(inbox.folder / at_work.folder) as hidden:
        inbox.begin(at_work, hidden.name)
        inbox.settle()
        assert list(inbox.all()) == [renamed]
        assert not (inbox.folder / begun.folder).exists()
        assert hidden.is_dir()  # another command's, held locked
    inbox.settle()
    assert {received.reference for received in inbox.all()} == {
        renamed.reference,
        at_work.reference,
    }


def test_what_was_received_is_never_abandoned(inbox: Inbox) -> None:
    received = note(inbox, one())
    inbox.abandon(received.reference)
    assert list(inbox.all()) == [received]
