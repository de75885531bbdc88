"""What a run sealed is known as long as its shares are, and to the same run only."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from secshare.messages import Language
from secshare.model import Reference, Share
from secshare.register import Elsewhere, Register, Runs
from secshare.store import Store
from tests.registers import MOMENT, a_register, a_share


def sealed(
    register: Register, runs: Runs, run: str, identity: bytes, slot: bytes, row: int
) -> Share:
    share = replace(a_share(), created=MOMENT + timedelta(seconds=row))

    def also(connection: sqlite3.Connection) -> None:
        runs.add(
            connection,
            name=run,
            reference=share.reference,
            identity=identity,
            slot=slot,
            contents=[identity],
            number=row,
            language=Language.FR,
        )

    register.begin(share, None, ".draft", also)
    return register.complete(share.reference, 1, "00")


def test_a_run_knows_its_rows_and_no_others(tmp_path: Path) -> None:
    with Store.open(tmp_path / "practice.db", create=True) as store:
        register, runs = a_register(store, tmp_path / "outbox"), Runs(store)
        runs.begin("monday", "aa", MOMENT)
        runs.begin("monday", "bb", MOMENT)  # goes on
        runs.begin("tuesday", "aa", MOMENT + timedelta(days=1))
        runs.begin("wednesday", "aa", MOMENT + timedelta(days=2))
        assert runs.count("monday") == 0
        first = sealed(register, runs, "monday", b"one", b"slot", 2)
        again = sealed(register, runs, "monday", b"two", b"slot", 2)
        other = sealed(register, runs, "tuesday", b"one", b"slot", 2)
        assert runs.sealed("monday", b"one") == first.reference
        assert runs.earlier("monday", b"slot") == again.reference
        assert runs.sealed("tuesday", b"two") is None
        assert runs.count("monday") == 2
        monday, wednesday = Elsewhere(store, "monday"), Elsewhere(store, "wednesday")
        assert (monday.having([b"one"]), monday.having([b"two"])) == ("tuesday", None)
        assert monday.having([b"one", b"two"]) is None, "not all of them"
        assert wednesday.having([b"one"]) == "tuesday", "the newest"
        assert wednesday.having_slot(b"slot") == "tuesday", "the newest"
        assert monday.having_slot(b"one") is None
        assert runs.references("monday") == [first.reference, again.reference]
        assert [(run.name, run.manifest, run.shares, run.held) for run in runs.all()] == [
            ("tuesday", "aa", 1, 1),
            ("monday", "bb", 2, 2),
        ]
        runs.end("monday", [first.reference])
        assert [run.held for run in runs.all()] == [1, 1], "nobody asks for those"
        assert runs.roads("monday")
        runs.end("monday", [first.reference, again.reference])
        assert not runs.roads("monday")
        assert runs.references("tuesday") == [other.reference]
        assert runs.language(other.reference) is Language.FR
        assert runs.language(Reference.draw()) is None
        assert register.run_of(other.reference) == "tuesday"
        assert register.run_of(Reference.draw()) is None


def test_what_is_asked_of_each_row_goes_through_no_other_row(tmp_path: Path) -> None:
    with Store.open(tmp_path / "practice.db", create=True) as store:
        runs, reference = Runs(store), Reference.draw()
        asked: list[str] = []
        store.connection.set_trace_callback(asked.append)
        runs.sealed("monday", b"one")
        runs.earlier("monday", b"slot")
        Elsewhere(store, "monday").having([b"one"])
        runs.language(reference)
        runs.is_unasked(reference)
        store.connection.set_trace_callback(None)
        assert len(asked) == 5
        for statement in asked:
            plan = store.connection.execute(f"EXPLAIN QUERY PLAN {statement}")
            steps = [row["detail"] for row in plan]
            assert all(step.startswith(("SEARCH", "USE TEMP")) for step in steps), steps
            assert not any(step.endswith("(run=?)") for step in steps), steps


def test_an_intent_that_comes_to_nothing_leaves_its_row_to_be_tried_again(tmp_path: Path) -> None:
    with Store.open(tmp_path / "practice.db", create=True) as store:
        register, runs = a_register(store, tmp_path / "outbox"), Runs(store)
        runs.begin("monday", "aa", MOMENT)
        share = a_share()
        row = {
            "identity": b"one",
            "slot": b"slot",
            "contents": [b"one"],
            "number": 2,
            "language": Language.EN,
        }
        register.begin(
            share,
            None,
            ".draft",
            lambda c: runs.add(c, name="monday", reference=share.reference, **row),
        )
        assert runs.sealed("monday", b"one") is None, "it does not stand yet"
        register.abandon(share.reference)
        assert sealed(register, runs, "monday", b"one", b"slot", 2)


def test_one_row_of_a_run_is_never_two_shares(tmp_path: Path) -> None:
    with Store.open(tmp_path / "practice.db", create=True) as store:
        register, runs = a_register(store, tmp_path / "outbox"), Runs(store)
        runs.begin("monday", "aa", MOMENT)
        sealed(register, runs, "monday", b"one", b"slot", 2)
        with pytest.raises(sqlite3.IntegrityError):
            sealed(register, runs, "monday", b"one", b"slot", 3)
        assert len(list(register.shares())) == 1


def test_of_many_intents_in_one_transaction_one_that_fails_fails_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path / "practice.db", create=True) as store:
        register = a_register(store, tmp_path / "outbox")
        shares = [a_share() for _ in range(3)]

        def refuse(_: object) -> None:
            raise ValueError("this row only")

        with store.transaction():
            register.begin(shares[0], None, ".a")
            with pytest.raises(ValueError, match="this row"):
                register.begin(shares[1], None, ".b", refuse)
            register.begin(shares[2], None, ".c")
        kept = {share.reference for share in register.shares()}
        assert kept == {shares[0].reference, shares[2].reference}
        assert isinstance(register.complete(shares[2].reference, 1, "00").reference, Reference)
