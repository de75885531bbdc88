"""A report of a run that took several starts says what became of every row, whatever stopped it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from secshare import profiles
from secshare.age import HybridIdentity
from secshare.batch.report import Report, line
from secshare.batch.results import Result, State
from secshare.cli import batch_run
from secshare.cli.app import run as main
from secshare.model import Reference
from tests.batch.test_report import head, lines
from tests.batches import write_batch
from tests.fakes.executors import Inline
from tests.practices import make_practice

REFERENCE = Reference.parse("K7Q2-M9PX-8")
END = {"summary": "secshare batch"}


def attempt(path: Path, rows: dict[int, State], *, whole: bool | None) -> list[Any]:
    """Write what one start says, None for one that was killed; return it."""
    said: list[Any] = [head()]
    with Report.begin(path, head()) as report:
        for row, state in rows.items():
            said.append(line(Result(row, row, state, reference=REFERENCE)))
            report.write(said[-1])
        if whole is not None:
            said.append(END)
            report.end(END, whole=whole)
    return said


def test_a_second_start_that_is_stopped_too_keeps_what_the_first_said(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    first = attempt(path, {2: State.PREPARED, 3: State.PREPARED}, whole=False)
    second = attempt(path, {2: State.ALREADY}, whole=False)
    assert lines(path) == [*first, *second]
    killed = attempt(path, {2: State.ALREADY, 3: State.ALREADY}, whole=None)
    third = attempt(path, {}, whole=False)
    assert lines(path) == [*first, *second, *killed, *third]


def test_a_start_that_comes_to_its_end_says_all_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    attempt(path, {2: State.PREPARED, 3: State.PREPARED}, whole=False)
    attempt(path, {2: State.ALREADY}, whole=None)
    every = dict.fromkeys((2, 3, 4), State.ALREADY)
    whole = attempt(path, every, whole=True)
    assert lines(path) == whole
    after = attempt(path, {2: State.ALREADY}, whole=False)
    assert lines(path) == [*whole, *after], "until another is begun"
    attempt(path, every, whole=True)
    assert lines(path) == whole


# --- the command ----------------------------------------------------------------------------------


class Attempts:
    """Starts of one command, each in this process; somebody may want it to end."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        key = str(HybridIdentity.generate().recipient())
        self._manifest = write_batch(folder / "docs", 6, key=key)
        self._practice, self._report = folder / "practice", folder / "rapport.jsonl"
        make_practice(self._practice)
        self._after: int | None = None
        self._run = batch_run.run
        monkeypatch.setattr(batch_run, "run", self._run_here)
        monkeypatch.setattr(profiles, "BATCH_TOGETHER", 1)  # few are in flight when it stops
        monkeypatch.setattr(profiles, "BATCH_WAITING", 1)

    def _run_here(
        self,
        *arguments: Any,
        on_result: Callable[[Result], None],
        stop: Callable[[], bool],
        **options: Any,
    ) -> Any:
        told: list[Result] = []

        def take(result: Result) -> None:
            told.append(result)
            on_result(result)

        def stopping() -> bool:
            return stop() or (self._after is not None and len(told) >= self._after)

        with Inline() as engine:
            return self._run(*arguments, on_result=take, stop=stopping, executor=engine, **options)

    def start(self, *, stopped_after: int | None = None) -> tuple[int, list[dict[str, Any]]]:
        """Run the command; return its status, and what the report says by then."""
        self._after = stopped_after
        options = ["--yes", "--jobs", "1", "--practice", str(self._practice)]
        status = main(["batch", str(self._manifest), *options, "--report", str(self._report)])
        return status, lines(self._report)


def test_the_command_forgets_no_row_until_it_came_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = Attempts(tmp_path, monkeypatch)
    status, first = attempts.start(stopped_after=2)
    assert status == 130
    assert {each["state"] for each in first[1:-1]} == {"prepared"}
    assert 2 <= len(first[1:-1]) < 6
    status, second = attempts.start(stopped_after=0)
    assert status == 130
    assert second[:-2] == first
    assert (second[-1]["already"], second[-1]["standing"]) == (0, len(first[1:-1]))
    status, third = attempts.start()
    assert status == 0
    assert sorted(each["row"] for each in third[1:-1]) == list(range(2, 8))
    assert third[-1]["already"] == len(first[1:-1])
