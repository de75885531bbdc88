"""Protects who is named as having two shares: one person at two addresses, and not two people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from secshare.batch.choosing import sealed_since
from secshare.model import Kind
from secshare.register import Elsewhere, Runs, twins
from secshare.sharing import Desk
from tests.batch.sealed_runs import Sealed, add_share, begin_run
from tests.practices import make_practice

LEAFLET = b"leaflet for this name"
NIGHTS = ("nuit-18", "nuit-19", "nuit-20")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(make_practice(tmp_path / "practice")) as desk:
        for night in NIGHTS:
            begin_run(desk, night)
        yield desk


def add(desk: Desk, run: str, number: int, **more: object) -> Sealed:
    return add_share(desk, run, number, contents=[LEAFLET], **more)  # type: ignore[arg-type]


def differing(desk: Desk, run: str) -> list[tuple[object, object]]:
    found = Elsewhere(desk.store, run).doubled()
    return [(each.reference, each.twin.reference) for each in found if each.twin.differs]


def test_a_number_that_was_filled_in_makes_no_address_wrong(desk: Desk) -> None:
    add(desk, "nuit-18", 1, phone=None)
    add(desk, "nuit-19", 1, phone="+33639980001")
    assert not differing(desk, "nuit-19")
    assert [each.differs for each in twins(desk.store, add(desk, "nuit-20", 1).reference)]


def test_a_number_that_changed_for_good_is_said_once(desk: Desk) -> None:
    """Of the newest other run: the nights after it have the new number, and nothing to recall."""
    old = add(desk, "nuit-18", 1)
    new = add(desk, "nuit-19", 1, phone="+33639980009")
    last = add(desk, "nuit-20", 1, phone="+33639980009")
    assert not differing(desk, "nuit-20")
    assert sealed_since(desk.store, old.reference) is not None
    assert sealed_since(desk.store, new.reference) is None
    assert sealed_since(desk.store, last.reference) is None


def test_namesakes_of_the_directory_are_two_people(desk: Desk) -> None:
    one, two = (
        desk.directory.add(
            name="Paul Exemple",
            kind=Kind.PATIENT,
            phone=f"+3363998000{n}",
            birth_date=date(1950 + n, 1, 1),
        ).uid
        for n in (1, 2)
    )
    for night in NIGHTS:
        add(desk, night, 1, uid=one, name="Paul Exemple")
    assert not next(Elsewhere(desk.store, "nuit-20").doubled()).twin.differs
    other = add(desk, "nuit-20", 2, uid=two, name="Paul Exemple", phone="+33639980002")
    assert not twins(desk.store, other.reference)


def test_m_and_mme_of_one_name_who_both_have_theirs_are_not_each_other(desk: Desk) -> None:
    for night in NIGHTS[:2]:
        add(desk, night, 1, name="M. Exemple")
        add(desk, night, 2, name="Mme Exemple")
    assert len(list(Elsewhere(desk.store, "nuit-19").doubled())) == 2
    assert not differing(desk, "nuit-19")
    assert all(
        sealed_since(desk.store, reference) is None
        for reference in Runs(desk.store).references("nuit-18")
    )


@pytest.mark.parametrize("first", ["M. Exemple", "Mme Exemple"])
def test_of_two_the_one_of_the_same_name_is_named(desk: Desk, first: str) -> None:
    names = sorted(("M. Exemple", "Mme Exemple"), key=lambda name: name != first)
    former = {name: add(desk, "nuit-18", n, name=name) for n, name in enumerate(names, 1)}
    new = add(desk, "nuit-19", 9, name="M. Exemple", phone="+33639980009")
    assert differing(desk, "nuit-19") == [(new.reference, former["M. Exemple"].reference)]


def test_what_a_run_sealed_anew_is_no_newer_than_the_correction(desk: Desk) -> None:
    """As for another language, with the manifest that nobody corrected."""
    former = add(desk, "nuit-18", 1)
    right = add(desk, "nuit-19", 1, phone="+33639980009")
    anew = add(desk, "nuit-18", 1)
    with desk.store.transaction() as connection:
        connection.execute(
            "UPDATE run_row SET slot = (SELECT slot FROM run_row WHERE reference = ?)"
            " WHERE reference = ?",
            (str(former.reference), str(anew.reference)),
        )
    assert sealed_since(desk.store, right.reference) is None
    for wrong in (former, anew):
        since = sealed_since(desk.store, wrong.reference)
        assert since is not None
        assert since.reference == right.reference
