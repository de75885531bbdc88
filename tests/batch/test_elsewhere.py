"""A manifest that was corrected, or that grew, seals nothing twice because nobody named its run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from secshare import profiles
from secshare.batch.results import Result, State
from secshare.errors import AnswerNeeded
from secshare.practice import Practice
from secshare.register import Runs
from secshare.sharing import Desk
from tests.batch.test_running import OPTIONS, Ran, shares
from tests.batches import Patient, document, write_batch, write_manifest
from tests.fakes.executors import Inline
from tests.practices import make_practice

MONDAY = replace(OPTIONS, run="0123456789abcdef", named=False)
TUESDAY = replace(OPTIONS, run="fedcba9876543210", named=False)
OLD, NEW = (*range(6),), (*range(6, 16),)
GROWN = {
    "above": NEW + OLD,
    "around": NEW[:8] + OLD + NEW[8:],
    "among": (*NEW[:4], *(n for pair in zip(OLD, NEW[4:], strict=True) for n in pair)),
}


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return make_practice(tmp_path / "practice")


@pytest.fixture
def inline() -> Iterator[Inline]:
    with Inline() as executor:
        yield executor


def manifest_of(docs: Path, numbers: Sequence[int]) -> Path:
    return write_manifest(docs / "manifest.csv", [Patient(number) for number in numbers])


@pytest.fixture
def docs(tmp_path: Path, practice: Practice, inline: Inline) -> Path:
    """Return the folder of all documents, of which the old ones are sealed."""
    docs = tmp_path / "docs"
    write_batch(docs, len(OLD) + len(NEW))
    Ran(practice, manifest_of(docs, OLD), MONDAY, executor=inline)
    return docs


def often(practice: Practice) -> Counter[int]:
    """Return how many shares there are of each patient."""
    numbers = {Patient(number).name: number for number in OLD + NEW}
    return Counter(numbers[share.name or ""] for share in shares(practice))


@pytest.mark.parametrize("numbers", GROWN.values(), ids=GROWN)
def test_a_list_that_grew_seals_what_is_new_and_nothing_twice(
    practice: Practice, inline: Inline, docs: Path, numbers: Sequence[int]
) -> None:
    manifest = manifest_of(docs, numbers)
    for _ in range(2):  # somebody who starts it again has named it no more than before
        with pytest.raises(AnswerNeeded) as asked:
            Ran(practice, manifest, TUESDAY, executor=inline)
        assert asked.value.key == "running.held"
        assert asked.value.fields == {"run": MONDAY.run, "own": TUESDAY.run, "rows": len(OLD)}
        assert often(practice) == Counter(OLD + NEW)
    anew = Ran(practice, manifest, replace(TUESDAY, named=True), executor=inline)
    assert anew.outcome.states == {State.ALREADY: len(NEW), State.PREPARED: len(OLD)}


def test_another_option_does_not_seal_everything_again_unasked(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """A column that was empty is filled in, before printing: with what was the default, even."""
    manifest = manifest_of(docs, OLD)
    header, *rows = manifest.read_text("utf-8").splitlines()
    lines = [f"{header};langue", *(f"{row};fr" for row in rows), ""]
    manifest.write_text("\n".join(lines), "utf-8")
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest, TUESDAY, executor=inline)
    assert asked.value.key == "running.elsewhere"
    assert often(practice) == Counter(OLD)
    on = Ran(practice, manifest, replace(MONDAY, named=True), executor=inline)
    assert on.outcome.states == {State.PREPARED: len(OLD)}
    assert on.outcome.changed == len(on.outcome.unasked) == len(OLD), "it is said, to be recalled"


@pytest.mark.parametrize("numbers", [OLD[::-1], OLD + NEW[:2]])
def test_rows_that_are_held_back_are_an_end_of_the_run(
    practice: Practice, inline: Inline, docs: Path, numbers: Sequence[int]
) -> None:
    with pytest.raises(AnswerNeeded):
        Ran(practice, manifest_of(docs, NEW + OLD), TUESDAY, executor=inline)
    with Desk(practice) as desk:
        assert [run.unfinished for run in Runs(desk.store).all()] == [False, False]
    with pytest.raises(AnswerNeeded):  # nothing of it was sealed, or it would be in `all`
        Ran(practice, manifest_of(docs, numbers), replace(TUESDAY, run="0" * 16), executor=inline)
    assert often(practice) == Counter(OLD + NEW)


def test_before_anything_is_sealed_the_other_run_can_go_on(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    manifest = manifest_of(docs, OLD + NEW[:4])
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest, TUESDAY, executor=inline)
    assert asked.value.key == "running.elsewhere"
    assert often(practice) == Counter(OLD)
    on = Ran(practice, manifest, replace(MONDAY, named=True), executor=inline)
    assert on.outcome.states == {State.ALREADY: len(OLD), State.PREPARED: 4}


def test_a_run_that_was_stopped_and_started_again_seals_nothing_twice(
    practice: Practice, inline: Inline, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "BATCH_WAITING", 2)  # few are in flight when it stops
    manifest = manifest_of(docs, NEW + OLD)
    stopped = Ran(practice, manifest, TUESDAY, executor=inline, stop_after=1)
    assert stopped.outcome.stopped
    assert 0 < stopped.outcome.done < len(NEW)
    with pytest.raises(AnswerNeeded):
        Ran(practice, manifest, TUESDAY, executor=inline)
    assert often(practice) == Counter(OLD + NEW)


def test_a_dry_run_says_the_same(practice: Practice, inline: Inline, docs: Path) -> None:
    manifest = manifest_of(docs, NEW + OLD)
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest, replace(TUESDAY, dry_run=True), executor=inline)
    assert asked.value.key == "running.held"
    assert often(practice) == Counter(OLD)


def test_a_row_that_fails_now_is_told_and_not_asked_about(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    failed: list[Result] = []
    (docs / "0.pdf").write_bytes(document(Patient(0)) + b"% changed\n")
    (docs / "7.pdf").unlink()
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, NEW + OLD), TUESDAY, executor=inline, each=failed.append)
    assert asked.value.fields["rows"] == len(OLD) - 1
    assert Counter(result.state for result in failed) == {State.FAILED: 1, State.PREPARED: 10}
    assert often(practice)[0] == 2, "another document is another share"
