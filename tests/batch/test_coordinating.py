"""What is begun again after a process died, how often, and when nothing is begun any more."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from secshare import profiles
from secshare.age import HybridIdentity
from secshare.batch import coordinating, working
from secshare.batch.manifest import read_manifest
from secshare.batch.people import survey
from secshare.batch.results import Result, State
from secshare.batch.running import Options, run
from secshare.errors import InputUnreadable, PracticeInvalid
from secshare.files import FolderInWork
from secshare.practice import Practice
from secshare.sharing import Desk
from secshare.store.spool import Spool
from tests.batch.test_pool import nothing_begun
from tests.batch.test_running import OPTIONS, TODAY, Ran, shares
from tests.batches import Patient, write_batch
from tests.fakes.executors import Failing, Inline, Late
from tests.practices import make_practice

UNREAD = replace(OPTIONS, preflight=False)
"""Nobody's documents are looked into: that is not what may go wrong here."""

LOST = [BrokenProcessPool("gone"), MemoryError()]
"""With the engine, and without it."""

Act = Callable[..., Any]


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return make_practice(tmp_path / "practice")


def batch(tmp_path: Path, count: int) -> Path:
    """Write a manifest whose documents are sealed to a key, which takes no time."""
    return write_batch(tmp_path / "docs", count, key=str(HybridIdentity.generate().recipient()))


def numbers(act: Act, args: Any) -> list[int]:
    """Return the first rows of a task's shares."""
    if act is working.look:
        return list(args[1])
    rows = {Patient(number).name: number + 2 for number in range(60)}
    return [rows[task.share.name] for task in args[1]]


def run_with(
    engine: Inline, practice: Practice, manifest: Path, options: Options = UNREAD
) -> dict[int, Result]:
    """Run a manifest by an engine, which does one task whenever it is waited for if it is late."""
    results: dict[int, Result] = {}
    looks = count()

    def take(result: Result) -> None:
        assert result.number not in results, "told twice"
        results[result.number] = result

    def waiting(futures: Any, **_: Any) -> Any:
        if isinstance(engine, Late):
            engine.do_next()
        return wait(futures, timeout=0)

    def look(_: int) -> None:
        assert next(looks) < 500, "it goes on for ever"

    with (
        pytest.MonkeyPatch.context() as patched,
        Desk(practice) as desk,
        Spool.create(practice.private) as spool,
    ):
        patched.setattr(coordinating, "wait", waiting)
        read = read_manifest(manifest, spool, region="FR", today=TODAY)
        survey(desk, spool)
        run(desk, spool, read, options, on_result=take, on_look=look, executor=engine)
    return results


def states(results: dict[int, Result]) -> Counter[State]:
    return Counter(each.state for each in results.values())


# --- what is sealed again -------------------------------------------------------------------------


@pytest.mark.parametrize("error", LOST)
def test_what_was_lost_is_sealed_again_one_by_one_and_nothing_beside(
    tmp_path: Path, practice: Practice, error: Exception
) -> None:
    """It may be what ends processes: beside others it would take them with it a second time."""
    lost: set[int] = set()
    again: list[int] = []

    class Watched(Late):
        def submit(self, act: Act, /, *args: Any, **kwargs: Any) -> Future[Any]:
            asked = numbers(act, args)
            if act is working.seal and lost & set(asked):
                beside = [other for other, _, _ in self.under_way if other is working.seal]
                assert (len(asked), beside) == (1, [])
                again.extend(asked)
            return super().submit(act, *args, **kwargs)

    def once(act: Act, args: Any) -> Exception | None:
        if act is not working.seal or lost:
            return None
        lost.update(numbers(act, args))
        return error

    with Watched(once) as engine:
        results = run_with(engine, practice, batch(tmp_path, 20))
    assert len(lost) == profiles.BATCH_TOGETHER
    assert lost <= set(again)
    assert states(results) == {State.PREPARED: 20}
    assert len(shares(practice)) == 20


def test_what_is_begun_and_given_to_nobody_is_taken_back_and_sealed(
    tmp_path: Path, practice: Practice
) -> None:
    """Of two tasks of one commit the engine takes the first, and has died when the second comes."""
    refused: list[list[int]] = []
    sealed: list[int] = []

    def fails(act: Act, args: Any) -> Exception | None:
        if act is not working.seal:
            return None
        if sealed and not refused:
            refused.append(numbers(act, args))
            return BrokenProcessPool("gone")
        sealed.extend(numbers(act, args))
        return None

    with Failing(fails, at="submit") as engine:
        results = run_with(engine, practice, batch(tmp_path, 12))
    assert len(refused[0]) == 12 - profiles.BATCH_TOGETHER
    assert states(results) == {State.PREPARED: 12}
    assert len(shares(practice)) == 12


def test_a_row_that_no_process_ever_had_is_not_what_ends_them(
    tmp_path: Path, practice: Practice
) -> None:
    refused: list[int] = []

    def fails(act: Act, args: Any) -> Exception | None:
        if act is working.seal and 5 in numbers(act, args) and len(refused) < often:
            refused.append(5)
            return BrokenProcessPool("gone")
        return None

    often = profiles.BATCH_AGAIN + 1
    with Failing(fails, at="submit") as engine:
        ran = Ran(practice, batch(tmp_path, 6), UNREAD, executor=engine)
    assert len(refused) == often
    assert ran.outcome.states == {State.PREPARED: 6}


@pytest.mark.parametrize("error", LOST)
def test_once_something_ended_the_batch_nothing_is_sealed_again(
    tmp_path: Path, practice: Practice, error: Exception
) -> None:
    sealing: list[list[int]] = []

    class Watched(Late):
        def submit(self, act: Act, /, *args: Any, **kwargs: Any) -> Future[Any]:
            if act is working.seal:
                sealing.append(numbers(act, args))
            return super().submit(act, *args, **kwargs)

    done: list[object] = []

    def fails(act: Act, _: Any) -> Exception | None:
        if act is not working.seal:
            return None
        done.append(act)
        return PracticeInvalid("practice.none") if len(done) == 1 else error

    with Watched(fails) as engine, pytest.raises(PracticeInvalid):
        run_with(engine, practice, batch(tmp_path, 12))
    assert [len(each) for each in sealing] == [8, 4]
    assert len(done) == 2, "the other one was lost after it"
    nothing_begun(practice)


# --- how often ------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", [2, 3])
@pytest.mark.parametrize("error", LOST)
@pytest.mark.parametrize("act", [working.look, working.seal])
def test_a_row_is_begun_so_often_and_not_once_more(
    tmp_path: Path,
    practice: Practice,
    monkeypatch: pytest.MonkeyPatch,
    act: Act,
    error: Exception,
    again: int,
) -> None:
    """One row is lost every time, and another each time but the last."""
    monkeypatch.setattr(profiles, "BATCH_AGAIN", again)
    tries = Counter[int]()

    def fails(asked: Act, args: Any) -> Exception | None:
        if asked is not act:
            return None
        rows = set(numbers(asked, args))
        tries.update(rows)
        lost = 3 in rows or (4 in rows and tries[4] < again)
        return error if lost else None

    with Failing(fails) as engine:
        ran = Ran(practice, batch(tmp_path, 4), UNREAD, executor=engine)
    assert tries == {2: 2, 3: again, 4: again, 5: 2}
    assert ran.states() == [State.PREPARED, State.FAILED, State.PREPARED, State.PREPARED]
    assert ran.results[3].error is not None
    assert ran.results[3].error.key == "running.died"
    assert len(shares(practice)) == 3


# --- an engine that is broken ---------------------------------------------------------------------


@pytest.fixture
def _one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "BATCH_TOGETHER", 1)
    monkeypatch.setattr(profiles, "BATCH_WAITING", 1)


@pytest.mark.usefixtures("_one_by_one")
@pytest.mark.parametrize("error", LOST)
def test_a_broken_engine_ends_it_after_so_many_lost_tasks_and_not_before(
    tmp_path: Path, practice: Practice, error: Exception
) -> None:
    done: list[object] = []

    def fails(act: Act, _: Any) -> Exception | None:
        done.append(act)
        return error if len(done) <= lost else None

    manifest = batch(tmp_path, 12)
    lost = profiles.BATCH_BROKEN - 1
    with Late(fails) as engine:
        results = run_with(engine, practice, manifest, replace(UNREAD, run="avant"))
    assert len(results) == 12
    assert states(results).keys() == {State.PREPARED, State.FAILED}, "some rows were lost twice"
    done.clear()
    lost += 1
    with Late(fails) as engine, pytest.raises(InputUnreadable) as ended:
        run_with(engine, practice, manifest)
    assert ended.value.key == "running.engine"
    assert ended.value.fields["kind"] == type(error).__name__
    assert working.seal not in done, "what it had is heard out, and it gets nothing more"


@pytest.mark.usefixtures("_one_by_one")
def test_an_engine_that_takes_no_task_is_asked_so_often(tmp_path: Path, practice: Practice) -> None:
    asked: list[object] = []

    def fails(act: Act, _: Any) -> Exception | None:
        asked.append(act)
        return BrokenProcessPool("gone") if len(asked) <= lost else None

    manifest = batch(tmp_path, 12)
    lost = profiles.BATCH_BROKEN
    with Failing(fails, at="submit") as engine, pytest.raises(InputUnreadable):
        Ran(practice, manifest, UNREAD, executor=engine)
    assert len(asked) == lost
    asked.clear()
    lost -= 1
    with Failing(fails, at="submit") as engine:
        ran = Ran(practice, manifest, UNREAD, executor=engine)
    assert ran.outcome.states == {State.PREPARED: 12}, "no row was begun by then"


@pytest.mark.usefixtures("_one_by_one")
@pytest.mark.parametrize("error", LOST)
@pytest.mark.parametrize("act", [working.look, working.seal])
def test_what_comes_to_something_shows_that_an_engine_works(
    tmp_path: Path,
    practice: Practice,
    monkeypatch: pytest.MonkeyPatch,
    act: Act,
    error: Exception,
) -> None:
    """Each row is lost once: more of them than may be in a row, and never so many in a row."""
    monkeypatch.setattr(profiles, "BATCH_BROKEN", 3)
    lost: set[int] = set()
    times: list[int] = []

    def once(asked: Act, args: Any) -> Exception | None:
        rows = numbers(asked, args)
        if asked is not act or lost & set(rows):
            return None
        times.append(rows[0])
        lost.update(rows)
        if isinstance(error, BrokenProcessPool):  # with what it had besides
            lost.update(*(numbers(other, args) for other, args, _ in engine.under_way))
        return error

    with Late(once) as engine:
        results = run_with(engine, practice, batch(tmp_path, 12), replace(UNREAD, jobs=1))
    assert len(times) > profiles.BATCH_BROKEN
    assert states(results) == {State.PREPARED: 12}


# --- what is recorded -----------------------------------------------------------------------------


def test_a_share_gets_its_name_while_nobody_else_can_write(
    tmp_path: Path, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another command would take it for one that a killed process left, and complete it."""
    rename, kept = FolderInWork.rename, []

    def renamed(folder: FolderInWork) -> None:
        rename(folder)
        with closing(sqlite3.connect(practice.database, timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            kept.append(folder)

    monkeypatch.setattr(FolderInWork, "rename", renamed)
    with Inline() as engine:
        ran = Ran(practice, batch(tmp_path, 3), UNREAD, executor=engine)
    assert ran.outcome.states == {State.PREPARED: 3}
    assert len(kept) == 3
