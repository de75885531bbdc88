"""A manifest that was corrected, or that grew, seals nothing twice because nobody named its run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from secshare import profiles
from secshare.batch import corrected
from secshare.batch.corrected import check_new
from secshare.batch.manifest import read_manifest
from secshare.batch.results import State
from secshare.errors import AnswerNeeded
from secshare.practice import Practice
from secshare.sharing import Desk, recall
from secshare.store.spool import Spool
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


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("numbers", GROWN.values(), ids=GROWN)
def test_of_a_list_that_grew_nothing_is_sealed_before_somebody_says_which_it_is(
    practice: Practice, inline: Inline, docs: Path, numbers: Sequence[int], dry_run: bool
) -> None:
    manifest = manifest_of(docs, numbers)
    for _ in range(2):  # somebody who starts it again has named it no more than before
        with pytest.raises(AnswerNeeded) as asked:
            Ran(practice, manifest, replace(TUESDAY, dry_run=dry_run), executor=inline)
        assert asked.value.key == "running.elsewhere"
        row = 2 + min(numbers.index(number) for number in OLD)
        assert asked.value.fields == {"run": MONDAY.run, "own": TUESDAY.run, "row": row}
        assert often(practice) == Counter(OLD)
    on = Ran(practice, manifest, replace(MONDAY, named=True), executor=inline)
    assert on.outcome.states == {State.ALREADY: len(OLD), State.PREPARED: len(NEW)}
    assert often(practice) == Counter(OLD + NEW)


def test_another_mailing_of_the_same_documents_is_given_a_name(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    manifest = manifest_of(docs, OLD[:1] + NEW)
    with pytest.raises(AnswerNeeded):
        Ran(practice, manifest, TUESDAY, executor=inline)
    anew = Ran(practice, manifest, replace(TUESDAY, named=True), executor=inline)
    assert anew.outcome.states == {State.PREPARED: 1 + len(NEW)}


def test_a_few_rows_of_a_mailing_are_not_told_to_go_on_as_the_whole_of_it(
    practice: Practice, inline: Inline, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under that run's name, all its other shares would count as asked for no more."""
    for numbers, key in ((OLD[:2] + NEW, "elsewhere_part"), (OLD[:3], "elsewhere")):
        with pytest.raises(AnswerNeeded) as asked:
            Ran(practice, manifest_of(docs, numbers), TUESDAY, executor=inline)
        assert asked.value.key == f"running.{key}"
        if key == "elsewhere_part":
            assert asked.value.fields["found"] == 2
            assert asked.value.fields["held"] == len(OLD)
    # Of what is on a drive that is away, only a few are asked about: the others may be there.
    monkeypatch.setattr(profiles, "RUN_UNREAD", 2)
    for number in OLD:
        (docs / f"{number}.pdf").unlink()
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, OLD), TUESDAY, executor=inline)
    assert asked.value.key == "running.elsewhere"


def test_a_folder_that_moved_is_known_by_what_is_in_it(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    moved = docs.rename(docs.with_name("moved"))
    for number in OLD:
        (moved / f"{number}.pdf").rename(moved / f"result-{number}.pdf")
    manifest = manifest_of(moved, OLD + NEW)
    table = re.sub(r"(?m)^([0-5]\.pdf)", r"result-\1", manifest.read_text())
    manifest.write_text(table)
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest, TUESDAY, executor=inline)
    assert asked.value.fields["run"] == MONDAY.run


def test_a_run_that_was_stopped_and_corrected_is_gone_on_with_by_its_name(
    practice: Practice, inline: Inline, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that were corrected leave one share each: what went to the former address is said."""
    monkeypatch.setattr(profiles, "BATCH_WAITING", 2)  # few are in flight when it stops
    first = replace(TUESDAY, run="1" * 16)
    stopped = Ran(practice, manifest_of(docs, NEW), first, executor=inline, stop_after=3)
    assert stopped.outcome.stopped
    assert 0 < stopped.outcome.done < len(NEW)
    manifest = manifest_of(docs, NEW)
    corrected = manifest.read_text().replace(Patient(NEW[0]).email, "corrected@example.org")
    manifest.write_text(corrected)
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest, TUESDAY, executor=inline)
    assert asked.value.fields["run"] == first.run
    on = Ran(practice, manifest, replace(first, named=True), executor=inline)
    assert [share.name for share in shares(practice) if share.reference in on.outcome.unasked] == [
        Patient(NEW[0]).name
    ]
    assert often(practice) == Counter(OLD + NEW + NEW[:1])


def test_no_document_is_read_for_it_where_there_is_no_other_run_nor_once_an_end_is_wanted(
    tmp_path: Path, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    monkeypatch.setattr(corrected, "digest", lambda source: read.append(source) or "")
    manifest = write_batch(tmp_path / "docs", 3)
    for ends in (False, True):
        with Desk(practice) as desk, Spool.create(practice.private) as spool:
            read_manifest(manifest, spool, region="FR", today=OPTIONS.today)
            check_new(desk, spool, TUESDAY.run, lambda ends=ends: ends)
        with Inline() as executor:
            Ran(practice, write_batch(tmp_path / "other", 1, first=9), MONDAY, executor=executor)
    assert not read


def test_tomorrow_the_same_names_of_other_documents_are_new(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    for number in OLD:
        (docs / f"{number}.pdf").write_bytes(document(Patient(number)) + b"% tomorrow\n")
    tomorrow = Ran(practice, manifest_of(docs, OLD), TUESDAY, executor=inline)
    assert tomorrow.outcome.states == {State.PREPARED: len(OLD)}


def test_what_was_recalled_may_be_sealed_anew(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    with Desk(practice) as desk:
        for share in shares(practice):
            recall(desk, share.reference)
    again = Ran(practice, manifest_of(docs, OLD + NEW), TUESDAY, executor=inline)
    assert again.outcome.states == {State.PREPARED: len(OLD + NEW)}


def test_a_drive_that_is_away_does_not_make_a_manifest_new(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """Else what is there would be sealed in this run, and with it the rest once the drive is."""
    away = docs.rename(docs.with_name("away"))
    docs.mkdir()
    (away / f"{NEW[0]}.pdf").rename(docs / f"{NEW[0]}.pdf")
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, OLD + NEW[:1]), TUESDAY, executor=inline)
    assert asked.value.fields == {"run": MONDAY.run, "own": TUESDAY.run, "row": 2}


def test_a_document_that_is_missing_is_its_row_s_own_error(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    (docs / f"{NEW[0]}.pdf").unlink()
    new = Ran(practice, manifest_of(docs, NEW), TUESDAY, executor=inline)
    assert new.outcome.states == {State.FAILED: 1, State.PREPARED: len(NEW) - 1}


def test_where_several_runs_have_rows_no_one_of_them_is_suggested(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    Ran(practice, manifest_of(docs, NEW), TUESDAY, executor=inline)
    third = replace(TUESDAY, run="2" * 16)
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, NEW + OLD), third, executor=inline)
    assert asked.value.key == "running.elsewhere_several"
    assert set(asked.value.fields["run"].split(", ")) == {MONDAY.run, TUESDAY.run}


@pytest.mark.parametrize("column", ["téléphone", "date de naissance"])
def test_a_number_that_is_corrected_or_filled_in_makes_nobody_somebody_else(
    practice: Practice, inline: Inline, docs: Path, column: str
) -> None:
    """Words would lie in two runs, those for the former number among them."""
    manifest = manifest_of(docs, OLD)
    header, *lines = manifest.read_text("utf-8").splitlines()
    if column in header:
        lines = [re.sub(r"\d\d/\d\d/\d{4}", "01/02/1970", line) for line in lines]
    else:
        header, lines = (
            f"{header};{column}",
            [f"{line};+3363998000{at}" for at, line in enumerate(lines)],
        )
    manifest.write_text("\n".join([header, *lines, ""]), "utf-8")
    with pytest.raises(AnswerNeeded):
        Ran(practice, manifest, replace(TUESDAY, preflight=False), executor=inline)


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
