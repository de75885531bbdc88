"""The breach register keeps what a person wrote; the journal only that it was written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from secshare.errors import RecipientDataInvalid, ShareUnknown
from secshare.model import Reference, Share
from secshare.register import Journal, Operation, Register
from secshare.register.incidents import Incidents
from secshare.store import Store
from tests.registers import MOMENT, a_journal, a_share

LATER = MOMENT + timedelta(hours=5)
ADDRESS = "jeane.exmple@example.org"


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        yield opened


@pytest.fixture
def share(store: Store, tmp_path: Path) -> Share:
    register = Register(store, tmp_path, a_journal(store))
    prepared = a_share()
    register.begin(prepared, None, ".gone")
    register.complete(prepared.reference, 183, "00" * 32)
    return prepared


def opened(store: Store, tmp_path: Path, now=LATER) -> tuple[Incidents, Journal]:
    journal = a_journal(store, now)
    return Incidents(store, journal, Register(store, tmp_path, journal)), journal


def entries(journal: Journal, share: Share):
    found = journal.entries(share.reference)
    return [entry for entry in found if entry.operation is Operation.INCIDENT]


def test_an_incident_is_completed_and_corrected_and_never_loses_what_was_written(
    store, tmp_path, share
):
    incidents, _ = opened(store, tmp_path)
    incidents.record(share.reference, how="un appel", measures=["rappel des mots"])
    later, _ = opened(store, tmp_path, LATER + timedelta(hours=1))
    later.record(
        share.reference,
        people=2,
        how="un courrier",
        measures=["rappel des mots", "annuaire revu"],
    )
    kept = later.of(share.reference)
    assert kept is not None
    assert (kept.found, kept.recorded) == (LATER, LATER)
    assert (kept.people, kept.wrong_address) == (2, None)
    assert [(each.text, each.recorded) for each in kept.how] == [
        ("un appel", LATER),
        ("un courrier", LATER + timedelta(hours=1)),
    ]
    assert [(each.text, each.recorded) for each in kept.measures] == [
        ("rappel des mots", LATER),
        ("annuaire revu", LATER + timedelta(hours=1)),
    ]
    assert kept.deadline == LATER + timedelta(hours=72)
    assert list(later.all()) == [kept]


def test_the_journal_says_which_facts_changed_and_nothing_that_a_person_wrote(
    store, tmp_path, share
):
    incidents, journal = opened(store, tmp_path)
    incidents.record(share.reference, wrong_address=ADDRESS, how="Zoé appelle", measures=["Zut"])
    incidents.record(share.reference, people=3)
    last, first = entries(journal, share)
    assert first.facts == {"changed": ["found", "how", "measures", "wrong_address"]}
    assert last.facts == {"changed": ["people"], "people": 3}
    bodies = b"".join(row["body"] for row in store.connection.execute("SELECT body FROM entry"))
    for written in (ADDRESS, "Zoé appelle", "Zut", "exmple"):
        assert written.encode() not in bodies


def test_a_decision_is_dated_and_the_first_one_stops_the_clock(store, tmp_path, share):
    incidents, _ = opened(store, tmp_path)
    assert incidents.record(share.reference, how="un appel").decided is None
    incidents.record(share.reference, decision="Zut, pas notifié")
    later, journal = opened(store, tmp_path, LATER + timedelta(hours=1))
    kept = later.record(share.reference, decision="notifié, n° 7")
    assert kept == later.of(share.reference)
    assert [each.text for each in kept.decision] == ["Zut, pas notifié", "notifié, n° 7"]
    assert kept.decided == LATER
    assert [entry.facts for entry in entries(journal, share)][:2] == [{"changed": ["decision"]}] * 2
    bodies = b"".join(row["body"] for row in store.connection.execute("SELECT body FROM entry"))
    assert b"notifi" not in bodies


def test_nothing_is_written_where_nothing_changes(store, tmp_path, share):
    incidents, journal = opened(store, tmp_path)
    first = incidents.record(share.reference, how="un appel", people=2, measures=["a", "a"])
    again = incidents.record(
        share.reference, found=first.found, how="un appel", people=2, measures=["a"]
    )
    assert again == first
    assert len(first.measures) == 1
    assert len(entries(journal, share)) == 1


def test_it_is_found_between_the_share_and_now(store, tmp_path, share):
    incidents, journal = opened(store, tmp_path)
    for found in (MOMENT - timedelta(seconds=1), LATER + timedelta(seconds=1)):
        with pytest.raises(RecipientDataInvalid):
            incidents.record(share.reference, found=found)
    assert incidents.of(share.reference) is None
    assert entries(journal, share) == []
    for found in (MOMENT, LATER):
        assert incidents.record(share.reference, found=found).found == found


def test_a_reference_that_nothing_has_is_no_incident(store, tmp_path, share):
    incidents, _ = opened(store, tmp_path)
    with pytest.raises(ShareUnknown):
        incidents.record(Reference.draw(), how="un appel")
    assert list(incidents.all()) == []


def test_the_shares_that_sealed_it_again_are_found(store, tmp_path, share):
    register = Register(store, tmp_path, a_journal(store))
    again, begun = (a_share(seals_again=share.reference) for _ in range(2))
    for each in (again, begun, a_share()):
        register.begin(each, None, ".gone")
    register.complete(again.reference, 183, "00" * 32)
    incidents, _ = opened(store, tmp_path)
    assert incidents.sealed_again(share.reference) == (again.reference,)
