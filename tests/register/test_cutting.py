"""What reached its age leaves the register and its files, and what stays still verifies."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secshare.errors import JournalBroken, ShareState
from secshare.messages import Language
from secshare.model import Reference
from secshare.register.chain import Head
from secshare.register.cutting import Purged, Retention, months_before, purge
from secshare.register.exported import verify_file
from secshare.register.exporting import export_jsonl
from secshare.register.faults import Kind
from secshare.register.found import Removed
from secshare.register.journal import Journal
from secshare.register.runs import Runs
from secshare.register.states import Operation
from secshare.register.verifying import verify
from secshare.store import Store
from tests.register.edits import campaign_database, campaign_file
from tests.register.journals import ACTOR, Clock, signer
from tests.register.long import fill

KEEP = Retention(12, 60, 60)
FIRST = datetime(2024, 1, 2, 8, tzinfo=UTC)
SHARES = 40
INCIDENT = "INSERT INTO incident (reference, recorded, found) VALUES (?, ?, '')"


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
def references(store: Store) -> list[str]:
    """Forty shares, one every twentieth day."""
    return fill(store, SHARES, first=FIRST, every=timedelta(days=20))


def at(day: datetime, store: Store) -> Journal:
    return Journal(store, signer(), ACTOR, now=Clock(day))


def cut(store: Store, outbox: Path, day: datetime, **options: object) -> Purged:
    return purge(store, at(day, store), outbox, options.pop("keep", KEEP), **options)


def faults(store: Store) -> tuple[object, ...]:
    return verify(store, signer().public).faults


def numbers(store: Store) -> list[int]:
    return [row[0] for row in store.connection.execute("SELECT number FROM entry ORDER BY number")]


def incident(store: Store, reference: str, day: datetime) -> None:
    store.connection.execute(INCIDENT, (reference, day.isoformat(timespec="microseconds")))
    with store.transaction() as connection:
        at(day, store).append(connection, Operation.INCIDENT, Reference(reference))


def day(year: int, month: int = 1, of: int = 2) -> datetime:
    return datetime(year, month, of, 8, tzinfo=UTC)


def test_a_month_ago_is_the_same_day_or_the_last_one() -> None:
    assert months_before(day(2026, 3, 31), 1) == day(2026, 2, 28)
    assert months_before(day(2026, 1, 15), 12) == day(2025, 1, 15)
    assert months_before(day(2026, 1, 15), 1) == day(2025, 12, 15)


def test_what_is_older_than_its_retention_goes_and_the_rest_verifies(
    store: Store, references: list[str], outbox: Path
) -> None:
    before = numbers(store)
    purged = cut(store, outbox, day(2026, 2))
    assert 0 < purged.entries < len(before)
    assert (purged.shares, purged.incidents, purged.spared) == (0, 0, 0)
    assert numbers(store) == [*before[purged.entries :], len(before) + 1]
    assert faults(store) == ()
    last = next(at(day(2026, 2), store).entries())
    assert last.operation is Operation.CUT
    assert last.facts["through"] == purged.entries
    assert last.facts["count"] == purged.entries


def test_nothing_due_writes_nothing(store: Store, references: list[str], outbox: Path) -> None:
    before = numbers(store)
    assert cut(store, outbox, day(2024, 6)).number is None
    assert numbers(store) == before


def test_a_second_cut_takes_the_place_of_the_first(
    store: Store, references: list[str], outbox: Path
) -> None:
    cut(store, outbox, day(2025, 6))
    first = numbers(store)
    cut(store, outbox, day(2026, 1))
    assert faults(store) == ()
    cut(store, outbox, day(2030, 1))
    assert faults(store) == ()
    assert len(numbers(store)) < len(first)
    with store.transaction() as connection:
        at(day(2030, 1), store).append(connection, Operation.CONTACT)
    assert faults(store) == ()


def test_a_share_with_an_incident_keeps_its_entries_and_they_are_verified(
    store: Store, references: list[str], outbox: Path
) -> None:
    incident(store, references[2], day(2024, 3))
    purged = cut(store, outbox, day(2026, 1))
    assert purged.spared == 5
    assert faults(store) == ()
    kept = numbers(store)[:5]
    assert kept == list(range(12, 17))
    cut(store, outbox, day(2026, 6))
    assert numbers(store)[:5] == kept
    assert faults(store) == ()
    for column, altered in (("body", "x'7b7d'"), ("hash", "zeroblob(32)")):
        former = store.connection.execute(
            f"SELECT {column} FROM entry WHERE number = 14"
        ).fetchone()[0]
        store.connection.execute(f"UPDATE entry SET {column} = {altered} WHERE number = 14")
        assert [(f.kind, f.number) for f in faults(store)] == [(Kind.ALTERED, 14)]
        store.connection.execute(f"UPDATE entry SET {column} = ? WHERE number = 14", (former,))
    store.connection.execute("DELETE FROM entry WHERE number = 14")
    assert (faults(store)[0].kind, faults(store)[0].number) == (Kind.MISSING, 14)


def test_an_entry_that_was_cut_cannot_come_back(
    store: Store, references: list[str], outbox: Path
) -> None:
    row = store.connection.execute("SELECT * FROM entry WHERE number = 3").fetchone()
    cut(store, outbox, day(2026, 1))
    store.connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", tuple(row))
    assert [(f.kind, f.number) for f in faults(store)] == [(Kind.EXTRA, 3)]


def test_every_edit_after_a_cut_is_found_and_named_also_in_an_export(
    store: Store, references: list[str], outbox: Path
) -> None:
    import random

    incident(store, references[2], day(2024, 3))
    cut(store, outbox, day(2026, 1))
    with store.transaction() as connection:
        at(day(2026, 1), store).append(connection, Operation.CONTACT)
    _, failed = campaign_database(store, 80, random.Random(7))
    assert failed == []
    sink = io.BytesIO()
    export_jsonl(store, signer(), sink)
    assert verify_file(io.BytesIO(sink.getvalue())).verified.faults == ()
    _, failed = campaign_file(sink.getvalue(), 60, random.Random(7))
    assert failed == []


def test_shares_and_incidents_go_with_all_that_is_theirs(
    store: Store, references: list[str], outbox: Path
) -> None:
    incident(store, references[3], day(2024, 4))
    incident(store, references[-1], day(2027, 1))
    for reference in (references[0], references[-1]):
        (outbox / reference).mkdir()
        (outbox / reference / "document-x.age").write_bytes(b"sealed")
    runs = Runs(store)
    for name, when, of in (("old", 2023, references[0]), ("kept", 2023, references[-1])):
        runs.begin(name, "aa", day(when, 12))
        row = {"name": name, "reference": Reference(of), "number": 2, "language": Language.FR}
        with store.transaction() as connection:
            runs.add(connection, **row, identity=b"one", slot=b"slot", contents=[b"one"])
    runs.begin("about to have its first share", "aa", day(2029, 5))
    purged = cut(store, outbox, day(2029, 6))
    assert purged.incidents == 1
    assert [row[0] for row in store.connection.execute("SELECT name FROM run ORDER BY name")] == [
        "about to have its first share",
        "kept",
    ]
    left = [row[0] for row in store.connection.execute("SELECT reference FROM share")]
    assert references[0] not in left
    assert references[3] not in left
    assert references[-1] in left
    assert len(left) == SHARES - purged.shares
    assert not (outbox / references[0]).exists()
    assert (outbox / references[-1]).exists()
    for table in ("share_finding", "sealed_words"):
        there = {row[0] for row in store.connection.execute(f"SELECT reference FROM {table}")}
        assert there <= set(left)
    assert faults(store) == ()


def test_a_share_that_an_entry_still_speaks_of_stays(
    store: Store, references: list[str], outbox: Path
) -> None:
    with store.transaction() as connection:
        at(day(2029, 5), store).append(
            connection, Operation.CONTACT, Reference(references[0]), recipient="uid"
        )
    cut(store, outbox, day(2029, 6))
    left = [row[0] for row in store.connection.execute("SELECT reference FROM share")]
    assert references[0] in left
    assert references[1] not in left


def test_what_has_to_be_kept_cannot_be_cut(
    store: Store, references: list[str], outbox: Path
) -> None:
    before = numbers(store)
    with pytest.raises(ShareState) as refused:
        cut(store, outbox, day(2026, 1), before=day(2025, 6))
    assert refused.value.key == "purge.too_young"
    assert numbers(store) == before
    assert cut(store, outbox, day(2026, 1), before=day(2024, 6)).before == day(2024, 6)


def test_trying_changes_nothing(store: Store, references: list[str], outbox: Path) -> None:
    (outbox / references[0]).mkdir()
    before = numbers(store)
    tried = cut(store, outbox, day(2029, 6), dry_run=True)
    assert tried.entries > 0
    assert tried.shares > 0
    assert numbers(store) == before
    assert (outbox / references[0]).exists()
    assert faults(store) == ()


def test_what_does_not_verify_is_not_cut(store: Store, references: list[str], outbox: Path) -> None:
    store.connection.execute("UPDATE entry SET hash = zeroblob(32) WHERE number = 3")
    before = numbers(store)
    with pytest.raises(JournalBroken):
        cut(store, outbox, day(2026, 1))
    assert numbers(store) == before


def test_what_was_removed_stands_in_no_file_any_more(
    tmp_path: Path, store: Store, references: list[str], outbox: Path
) -> None:
    gone = store.connection.execute("SELECT hash FROM entry WHERE number = 4").fetchone()[0]
    cut(store, outbox, day(2029, 6))
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("practice.db*"))
    assert gone not in stored
    assert references[0].encode() not in stored
    assert b'"operation":"mark"' not in stored


def test_a_head_from_before_the_cut_is_said_to_be_cut(
    store: Store, references: list[str], outbox: Path
) -> None:
    hashes = dict(tuple(row) for row in store.connection.execute("SELECT number, hash FROM entry"))
    through = cut(store, outbox, day(2026, 1)).entries

    def found(number: int) -> int | None:
        expect = Head(number, hashes[number])
        said = verify(store, signer().public, expect=expect)
        sink = io.BytesIO()
        export_jsonl(store, signer(), sink)
        sink.seek(0)
        exported = verify_file(sink, signer().public, expect=expect).verified
        assert said.faults == exported.faults == ()
        assert said.uncompared == exported.uncompared
        return said.uncompared

    assert found(through) is found(through + 1) is None
    assert found(through - 1) == through - 1
    expect = Head(through - 1, hashes[through - 1])
    with pytest.raises(ShareState) as older:
        verify(store, signer().public, expect=expect).check()
    assert older.value.fields["number"] == through - 1
    store.connection.execute("DELETE FROM head")  # what is broken is never only not compared
    with pytest.raises(JournalBroken):
        verify(store, signer().public, expect=expect).check()


def test_a_cut_says_what_it_removed(store: Store, references: list[str], outbox: Path) -> None:
    incident(store, references[3], day(2024, 4))
    purged = cut(store, outbox, day(2029, 6))
    said = verify(store, signer().public).removed
    assert said == Removed(purged.entries, purged.shares, purged.incidents, (12, 60, 60))
    assert min(purged.shares, purged.incidents) > 0
    sink = io.BytesIO()
    export_jsonl(store, signer(), sink)
    assert verify_file(io.BytesIO(sink.getvalue())).verified.removed == said


def test_words_that_outlive_their_entries_are_still_verified(
    store: Store, references: list[str], outbox: Path
) -> None:
    cut(store, outbox, day(2026, 6))
    for altered, kind in (
        ("UPDATE sealed_words SET blob = x'00' WHERE reference = ?", Kind.WORDS),
        ("DELETE FROM sealed_words WHERE reference = ?", Kind.WORDS_MISSING),
        ("INSERT INTO sealed_words VALUES (?, x'00', '')", Kind.WORDS_BACK),
    ):
        reference = references[1 if kind is Kind.WORDS_BACK else 0]
        store.connection.execute("SAVEPOINT altered")
        store.connection.execute(altered, (reference,))
        assert [(f.kind, f.reference) for f in faults(store)] == [(kind, reference)]
        store.connection.execute("ROLLBACK TO altered")
        store.connection.execute("RELEASE altered")


def test_a_share_with_an_incident_outlives_its_own_retention(
    store: Store, references: list[str], outbox: Path
) -> None:
    incident(store, references[0], day(2024, 3))
    cut(store, outbox, day(2029, 6), keep=Retention(12, 12, 120))
    left = [row[0] for row in store.connection.execute("SELECT reference FROM share")]
    assert left == [references[0]]


def test_what_is_exactly_as_old_as_its_retention_stays_one_day_more(
    store: Store, references: list[str], outbox: Path
) -> None:
    assert cut(store, outbox, FIRST.replace(year=2025), dry_run=True).entries == 0
    next_day = FIRST.replace(year=2025) + timedelta(days=1)
    # The entry that began the journal, and the five of the first share.
    assert cut(store, outbox, next_day, dry_run=True).entries == 6
    old = Retention(12, 12, 12)
    assert cut(store, outbox, FIRST.replace(year=2025), keep=old, dry_run=True).shares == 0
    assert cut(store, outbox, next_day, keep=old, dry_run=True).shares == 1
