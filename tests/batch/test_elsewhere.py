"""A manifest that was corrected, or that grew, seals nothing twice because nobody named its run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secshare import profiles
from secshare.batch import corrected, identity, onelook
from secshare.batch.corrected import check_new
from secshare.batch.manifest import read_manifest
from secshare.batch.resting import alone, starting
from secshare.batch.results import State
from secshare.batch.wanted import Wanted
from secshare.errors import AnswerNeeded, ShareState
from secshare.model import Kind
from secshare.practice import Practice
from secshare.register import Runs, twins
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
        (rows,) = asked.value.fields["runs"].rows.values()
        assert rows == tuple(at for at, number in enumerate(numbers, 2) if number in OLD)
        assert asked.value.fields["run"] == MONDAY.run
        assert asked.value.fields["own"] == TUESDAY.run
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
    for numbers, key in (
        (OLD[:2], "part"),
        (OLD[:2] + NEW, "several"),  # those rows are to be taken out
        (OLD[:4] + NEW, "mixed"),  # corrected, or a mailing of its own beside them
    ):
        with pytest.raises(AnswerNeeded) as asked:
            Ran(practice, manifest_of(docs, numbers), TUESDAY, executor=inline)
        assert asked.value.key == f"running.elsewhere_{key}"
        assert asked.value.fields["found"] == len(set(numbers) & set(OLD))
        assert asked.value.fields["held"] == len(OLD)
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, OLD[:3]), TUESDAY, executor=inline)
    assert asked.value.key == "running.elsewhere"
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
            check_new(desk, spool, TUESDAY.run, "", stop=lambda ends=ends: ends)
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
    assert str(asked.value.fields["runs"]) == f"the run {MONDAY.run} (rows 2 to 7)"


def test_of_what_is_away_nothing_that_was_recalled_is_another_run_s(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    with Desk(practice) as desk:
        for share in shares(practice):
            recall(desk, share.reference)
    for number in OLD:
        (docs / f"{number}.pdf").unlink()
    new = Ran(practice, manifest_of(docs, OLD), TUESDAY, executor=inline)
    assert new.outcome.states == {State.FAILED: len(OLD)}


def test_the_same_names_of_another_day_are_no_corrected_manifest_where_one_is_missing(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """To go on with yesterday's would have all of it recalled."""
    for number in OLD:
        (docs / f"{number}.pdf").write_bytes(document(Patient(number)) + b"% tomorrow\n")
    (docs / f"{OLD[3]}.pdf").unlink()
    tomorrow = Ran(practice, manifest_of(docs, OLD), TUESDAY, executor=inline)
    assert tomorrow.outcome.states == {State.PREPARED: len(OLD) - 1, State.FAILED: 1}


def test_a_former_manifest_does_not_take_back_what_was_corrected(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """Its run's name is made of it, and the run was gone on with since."""
    grown = manifest_of(docs, OLD + NEW[:1])
    Ran(practice, grown, replace(MONDAY, named=True), executor=inline)
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, OLD), MONDAY, executor=inline)
    assert asked.value.key == "running.gone_on"
    again = Ran(practice, manifest_of(docs, OLD + NEW[:1]), MONDAY, executor=inline)
    assert again.outcome.states == {State.ALREADY: len(OLD) + 1}
    assert not again.outcome.unasked


def test_while_another_run_is_at_work_it_is_not_known_what_it_has(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    with Desk(practice) as desk:
        Runs(desk.store).begin("nuit", "0" * 64, datetime.now(UTC))
    with alone(practice, "nuit"), pytest.raises(ShareState) as asked:
        Ran(practice, manifest_of(docs, NEW), TUESDAY, executor=inline)
    assert (asked.value.key, asked.value.fields["run"]) == ("running.other_at_work", "nuit")
    with starting(practice), pytest.raises(ShareState) as asked:
        Ran(practice, manifest_of(docs, NEW), TUESDAY, executor=inline)
    assert asked.value.key == "running.starting"
    stopped = Ran(practice, manifest_of(docs, NEW), TUESDAY, executor=inline)  # `nuit` was killed
    assert stopped.outcome.states == {State.PREPARED: len(NEW)}


@pytest.mark.parametrize("grouped_first", [True, False])
def test_a_group_that_is_made_or_taken_apart_is_no_other_mailing(
    tmp_path: Path, practice: Practice, inline: Inline, grouped_first: bool
) -> None:
    """Each document is for whom it was for; the manifest alone has a column more, or less."""
    manifest = write_batch(tmp_path / "docs", 2)
    header, one, two = manifest.read_text("utf-8").splitlines()
    more = [two.replace("1.pdf", f"{name}.pdf") for name in ("2", "3")]
    for name in ("2", "3"):
        told = document(Patient(1)) + f"% {name}\n".encode()
        (manifest.parent / f"{name}.pdf").write_bytes(told)
    apart = "\n".join([header, one, two, *more, ""])
    grouped = "\n".join([f"{header};groupe", f"{one};", *(f"{row};a" for row in [two, *more]), ""])
    first, second = (grouped, apart) if grouped_first else (apart, grouped)
    manifest.write_text(first, "utf-8")
    Ran(practice, manifest, MONDAY, executor=inline)
    manifest.write_text(second, "utf-8")
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest, TUESDAY, executor=inline)
    assert asked.value.key == "running.elsewhere"
    anew = Ran(practice, manifest, replace(TUESDAY, named=True), executor=inline)
    assert anew.outcome.twice == len(anew.results)


def test_a_document_beside_one_that_was_sealed_before_makes_a_new_mailing(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """The same leaflet lies beside each month's report."""
    manifest = write_batch(tmp_path / "docs", 1)
    header, one = manifest.read_text("utf-8").splitlines()
    Ran(practice, manifest, MONDAY, executor=inline)
    (manifest.parent / "1.pdf").write_bytes(document(Patient(0)) + b"% of this month\n")
    other = one.replace("0.pdf", "1.pdf")
    manifest.write_text("\n".join([f"{header};groupe", f"{one};a", f"{other};a", ""]), "utf-8")
    new = Ran(practice, manifest, TUESDAY, executor=inline)
    assert new.outcome.states == {State.PREPARED: 1}


def test_a_document_that_is_missing_is_its_row_s_own_error(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    (docs / f"{NEW[0]}.pdf").unlink()
    new = Ran(practice, manifest_of(docs, NEW), TUESDAY, executor=inline)
    assert new.outcome.states == {State.FAILED: 1, State.PREPARED: len(NEW) - 1}


def test_where_several_runs_have_rows_no_one_of_them_is_suggested(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    late = NEW[:4]
    Ran(practice, manifest_of(docs, late), TUESDAY, executor=inline)
    third = replace(TUESDAY, run="2" * 16)
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, late + OLD), third, executor=inline)
    assert asked.value.key == "running.elsewhere_all"
    said = f"the run {TUESDAY.run} (rows 2 to 5), the run {MONDAY.run} (rows 6 to 11)"
    assert str(asked.value.fields["runs"]) == said
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, late + OLD + NEW[4:]), third, executor=inline)
    assert asked.value.key == "running.elsewhere_several"
    assert str(asked.value.fields["runs"]) == said
    rest = Ran(practice, manifest_of(docs, NEW[4:]), third, executor=inline)
    assert rest.outcome.states == {State.PREPARED: len(NEW) - 4}, "as it is said: those taken out"


def test_rows_that_failed_and_were_sealed_by_themselves_are_not_sealed_again(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """Neither of the two runs can be gone on with by all rows: each would seal the other's."""
    kept = docs / "kept"
    kept.mkdir()
    for number in NEW[:2]:
        (docs / f"{number}.pdf").rename(kept / f"{number}.pdf")
    whole = replace(TUESDAY, run="1" * 16)
    first = Ran(practice, manifest_of(docs, NEW), whole, executor=inline)
    assert first.outcome.states == {State.FAILED: 2, State.PREPARED: len(NEW) - 2}
    for path in kept.iterdir():
        path.rename(docs / path.name)
    corrected = Ran(practice, manifest_of(docs, NEW[:2]), TUESDAY, executor=inline)
    assert corrected.outcome.states == {State.PREPARED: 2}
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, NEW), whole, executor=inline)
    assert asked.value.key == "running.elsewhere_rows"
    assert str(asked.value.fields["runs"]) == f"the run {TUESDAY.run} (rows 2 and 3)"
    assert asked.value.fields["own"] == whole.run
    named = replace(whole, named=True)
    rest = Ran(practice, manifest_of(docs, NEW[2:]), named, executor=inline)
    assert rest.outcome.states == {State.ALREADY: len(NEW) - 2}
    assert not rest.outcome.unasked
    assert not rest.outcome.doubled
    assert often(practice) == Counter(OLD + NEW)


def test_what_a_run_has_itself_is_not_asked_about_though_another_has_it_too(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """The same command again, as for drafts of the mails."""
    Ran(practice, manifest_of(docs, OLD), replace(TUESDAY, named=True), executor=inline)
    on = Ran(practice, manifest_of(docs, OLD), MONDAY, executor=inline)
    assert on.outcome.states == {State.ALREADY: len(OLD)}
    away = docs.rename(docs.with_name("away"))
    docs.mkdir()
    manifest = (away / "manifest.csv").rename(docs / "manifest.csv")
    missing = Ran(practice, manifest, MONDAY, executor=inline)
    assert missing.outcome.states == {State.FAILED: len(OLD)}


def test_what_two_runs_have_is_said_with_the_other_s_reference(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """A corrected row that was sealed by itself leaves its former share in the run it was in."""
    (former,) = [each for each in shares(practice) if each.name == Patient(0).name]
    manifest = manifest_of(docs, OLD[:1])
    corrected = manifest.read_text().replace(Patient(0).email, "right@example.org")
    manifest.write_text(corrected)
    alone = replace(TUESDAY, named=True)
    sealed = Ran(practice, manifest, alone, executor=inline)
    (doubled,) = sealed.outcome.doubled
    assert sealed.outcome.twice == 1
    twin = doubled.twin
    assert (doubled.number, twin.run, twin.reference) == (2, MONDAY.run, former.reference)
    assert (twin.newer, twin.differs) == (False, True)
    with Desk(practice) as desk:
        ((back,)) = twins(desk.store, former.reference)
        assert (back.reference, back.newer, back.differs) == (doubled.reference, True, True)
    monday = Ran(practice, manifest_of(docs, OLD), MONDAY, executor=inline)
    assert [each.twin.newer for each in monday.outcome.doubled] == [True]
    with Desk(practice) as desk:
        recall(desk, former.reference)
        assert twins(desk.store, former.reference), "of what was recalled, too"
        assert not twins(desk.store, doubled.reference)
    manifest.write_text(corrected)
    assert not Ran(practice, manifest, alone, executor=inline).outcome.twice


def test_what_is_sealed_anew_for_the_same_address_is_counted_and_nothing_to_recall(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """As a leaflet is, month by month: of several other runs, too."""
    for run in ("mars", "avril"):
        anew = replace(TUESDAY, run=run, named=True)
        sealed = Ran(practice, manifest_of(docs, OLD), anew, executor=inline)
        assert sealed.outcome.twice == len(OLD)
        assert not sealed.outcome.doubled


def test_titles_that_are_taken_out_make_neither_another_mailing_nor_other_people(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    manifest = manifest_of(docs, NEW[:3])
    plain = manifest.read_text("utf-8")
    for number in NEW[:3]:
        name = Patient(number).name
        manifest.write_text(manifest.read_text("utf-8").replace(name, f"Mme {name}"), "utf-8")
    titled = replace(TUESDAY, named=True)
    Ran(practice, manifest, titled, executor=inline)
    manifest.write_text(plain, "utf-8")
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest, replace(TUESDAY, run="3" * 16), executor=inline)
    assert asked.value.key == "running.elsewhere"
    on = Ran(practice, manifest, titled, executor=inline)
    assert on.outcome.states == {State.PREPARED: 3}
    assert len(on.outcome.unasked) == 3
    assert not on.outcome.lone, "another stands in the place of each"


def test_a_name_that_was_corrected_leaves_its_row_in_the_run_that_was_named(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    """The only row of a run: its address is the same."""
    manifest = manifest_of(docs, NEW[:1])
    right = manifest.read_text("utf-8")
    manifest.write_text(right.replace(Patient(NEW[0]).name, "Odile Essai"), "utf-8")
    options = replace(TUESDAY, named=True, preflight=False)
    Ran(practice, manifest, options, executor=inline)
    manifest.write_text(right, "utf-8")
    on = Ran(practice, manifest, options, executor=inline)
    assert on.outcome.states == {State.PREPARED: 1}
    assert len(on.outcome.unasked) == 1


def test_the_same_people_by_name_and_by_id_are_the_same(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    with Desk(practice) as desk:
        known = [
            desk.directory.add(
                name=Patient(number).name, kind=Kind.PATIENT, email=Patient(number).email
            ).id
            for number in OLD
        ]
    lines = ["fichier;destinataire", *(f"{n}.pdf;{each}" for n, each in enumerate(known)), ""]
    (docs / "manifest.csv").write_text("\n".join(lines), "utf-8")
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, docs / "manifest.csv", TUESDAY, executor=inline)
    assert asked.value.key == "running.elsewhere"


def test_what_a_former_version_noted_of_groups_and_titles_is_known(
    tmp_path: Path, practice: Practice, inline: Inline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def former(key: bytes, wanted: Wanted, digests: Sequence[str]) -> tuple[bytes]:
        return (identity.former_content(key, wanted, digests),)

    manifest = write_batch(tmp_path / "docs", 3)
    header, one, two, three = manifest.read_text("utf-8").splitlines()
    two = two.replace(Patient(1).name, f"Mme {Patient(1).name}")
    more = three.replace("2.pdf", "3.pdf")
    (manifest.parent / "3.pdf").write_bytes(document(Patient(2)) + b"% more\n")
    rows = [f"{header};groupe", f"{one};", f"{two};", f"{three};a", f"{more};a", ""]
    manifest.write_text("\n".join(rows), "utf-8")
    noted: list[Wanted] = []
    monkeypatch.setattr(onelook, "row_identity", _noting(noted))
    monkeypatch.setattr(
        onelook, "row_contents", lambda key, _, digests: former(key, noted[-1], digests)
    )
    Ran(practice, manifest, MONDAY, executor=inline)
    monkeypatch.undo()
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest, TUESDAY, executor=inline)
    (found,) = asked.value.fields["runs"].rows.values()
    assert found == (2, 3, 4)


def _noting(noted: list[Wanted]) -> Callable[..., bytes]:
    def identify(key: bytes, wanted: Wanted, digests: Sequence[str]) -> bytes:
        noted.append(wanted)
        return identity.row_identity(key, wanted, digests)

    return identify


@pytest.mark.parametrize("dry_run", [False, True])
def test_another_mailing_is_not_sealed_under_a_run_s_name(
    practice: Practice, inline: Inline, docs: Path, dry_run: bool
) -> None:
    """Both would say of the other that nobody asks for it any more, and to recall it."""
    monday = replace(MONDAY, named=True)
    with pytest.raises(AnswerNeeded) as asked:
        Ran(practice, manifest_of(docs, NEW), replace(monday, dry_run=dry_run), executor=inline)
    assert asked.value.key == "running.other_mailing"
    assert asked.value.fields == {"run": MONDAY.run, "held": len(OLD)}
    assert often(practice) == Counter(OLD)
    one = Ran(practice, manifest_of(docs, NEW + OLD[-1:]), monday, executor=inline)
    assert one.outcome.states == {State.ALREADY: 1, State.PREPARED: len(NEW)}


def test_a_named_run_is_known_by_its_people_where_all_of_it_was_corrected(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    monday = replace(MONDAY, named=True)
    manifest = manifest_of(docs, OLD)
    manifest.write_text(manifest.read_text().replace("@", "@new."))
    corrected = Ran(practice, manifest, monday, executor=inline)
    assert corrected.outcome.states == {State.PREPARED: len(OLD)}
    assert len(corrected.outcome.unasked) == len(OLD)
    assert not corrected.outcome.lone
    for number in OLD:
        (docs / f"{number}.pdf").write_bytes(document(Patient(number)) + b"% corrected\n")
    changed = Ran(practice, manifest, monday, executor=inline)
    assert changed.outcome.changed == len(OLD)
    assert len(changed.outcome.unasked) == 2 * len(OLD)
    few = Ran(practice, manifest_of(docs, OLD[:1]), monday, executor=inline)
    assert len(few.outcome.unasked) == 3 * len(OLD)
    for number in OLD[1:]:  # of those, what each row had at its former address counts by itself
        assert often(practice)[number] == 3
    assert few.outcome.lone == 2 * (len(OLD) - 1) + 1


def test_a_run_whose_shares_were_all_recalled_may_be_of_anything(
    practice: Practice, inline: Inline, docs: Path
) -> None:
    with Desk(practice) as desk:
        for share in shares(practice):
            recall(desk, share.reference)
    new = Ran(practice, manifest_of(docs, NEW), replace(MONDAY, named=True), executor=inline)
    assert new.outcome.states == {State.PREPARED: len(NEW)}


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
