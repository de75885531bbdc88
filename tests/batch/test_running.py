"""A batch prepares what its rows ask for, once, and nothing for anybody else."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from secshare import age, profiles
from secshare.age import HybridIdentity, ScryptIdentity
from secshare.batch import working
from secshare.batch.manifest import read_manifest
from secshare.batch.people import survey
from secshare.batch.results import Outcome, Result, State
from secshare.batch.running import Options, run
from secshare.batch.tasks import Looked
from secshare.errors import (
    AnswerNeeded,
    ExitCode,
    OutputRefused,
    PreflightStopped,
    RegisterUnwritable,
    SecshareError,
    ShareState,
)
from secshare.messages import Language
from secshare.model import Kind, SecretState, Share, ShareStatus, States
from secshare.practice import Practice
from secshare.register import Operation, Runs
from secshare.register.verifying import verify
from secshare.sharing import Desk, recall
from secshare.store.spool import Spool
from tests.batches import Patient, document, write_batch, write_manifest
from tests.documents import WITNESS
from tests.fakes.executors import Inline
from tests.practices import make_practice
from tests.registers import a_share

TODAY = date(2026, 11, 22)
OPTIONS = Options(run="nuit", jobs=2, today=TODAY, named=True)


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return make_practice(tmp_path / "practice")


@pytest.fixture
def inline() -> Iterator[Inline]:
    with Inline() as executor:
        yield executor


class Ran:
    """One run, with what it told."""

    def __init__(
        self,
        practice: Practice,
        manifest: Path,
        options: Options = OPTIONS,
        *,
        executor: Inline | None = None,
        stop_after: int | None = None,
        each: object = None,
    ) -> None:
        self.results: dict[int, Result] = {}
        self.outcome = Outcome()

        def take(result: Result) -> None:
            assert result.number not in self.results, "told twice"
            self.results[result.number] = result
            if callable(each):
                each(result)

        def stop() -> bool:
            return stop_after is not None and len(self.results) >= stop_after

        with Desk(practice) as desk, Spool.create(practice.private) as spool:
            read = read_manifest(manifest, spool, region="FR", today=TODAY)
            survey(desk, spool)
            self.outcome = run(
                desk, spool, read, options, on_result=take, stop=stop, executor=executor
            )

    def states(self) -> list[State]:
        return [self.results[number].state for number in sorted(self.results)]


def shares(practice: Practice) -> list[Share]:
    """Return everything in the register, once it is certain that it is whole."""
    with Desk(practice) as desk:
        verify(desk.store, desk.practice.signer.public).check()
        found = list(desk.register.shares())
        assert all(share.status is ShareStatus.PREPARED for share in found)
        assert {path.name for path in practice.outbox.iterdir()} == {
            str(share.reference) for share in found
        }
        for path in practice.folder.rglob("*"):
            assert path.is_dir() or WITNESS not in path.read_bytes(), f"clear text in {path}"
    return found


def opened(practice: Practice, share: Share, identity: HybridIdentity | None = None) -> bytes:
    (sealed,) = (practice.outbox / str(share.reference)).glob("document-*")
    clear = io.BytesIO()
    with Desk(practice) as desk, sealed.open("rb") as source:
        key = identity or ScryptIdentity(
            desk.register.words(share.reference, practice.identities(lambda: ""))
        )
        age.decrypt(source, clear, [key])
    return clear.getvalue()


def test_each_row_is_sealed_for_its_person_and_for_nobody_else(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 7)
    ran = Ran(practice, manifest)
    assert ran.outcome.states == {State.PREPARED: 7}
    found = {share.name: share for share in shares(practice)}
    for number in range(7):
        patient = Patient(number)
        share = found[patient.name]
        assert share.email == patient.email
        assert share.states.secret is SecretState.HELD
        assert opened(practice, share) == document(patient)
        assert ran.results[number + 2].reference == share.reference
    assert not list(practice.secrets.iterdir()), "the words stay in the register"


def test_sealed_to_keys_there_are_no_words(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    identity = HybridIdentity.generate()
    manifest = write_batch(tmp_path / "docs", 3, key=str(identity.recipient()))
    Ran(practice, manifest, executor=inline)
    for share in shares(practice):
        assert share.road is None
        assert share.states.secret is None
        assert WITNESS in opened(practice, share, identity)


def test_the_same_run_goes_on_and_tomorrows_is_new(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 4)
    (tmp_path / "docs" / "2.pdf").rename(tmp_path / "late.pdf")
    first = Ran(practice, manifest, executor=inline)
    assert first.results[4].state is State.FAILED
    assert first.results[4].code == ExitCode.INPUT_UNREADABLE
    assert first.outcome.states == {State.PREPARED: 3, State.FAILED: 1}
    assert len(shares(practice)) == 3
    (tmp_path / "late.pdf").rename(tmp_path / "docs" / "2.pdf")
    again = Ran(practice, manifest, executor=inline)
    assert again.states() == [State.ALREADY, State.ALREADY, State.PREPARED, State.ALREADY]
    assert again.results[2].reference == first.results[2].reference
    assert len(shares(practice)) == 4
    Ran(practice, manifest, replace(OPTIONS, run="demain"), executor=inline)
    assert len(shares(practice)) == 8


def test_a_document_that_changed_is_sealed_again_and_said(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 2)
    first = Ran(practice, manifest, executor=inline)
    changed = tmp_path / "docs" / "1.pdf"
    changed.write_bytes(changed.read_bytes() + b"% corrige\n")
    again = Ran(practice, manifest, executor=inline)
    assert again.states() == [State.ALREADY, State.PREPARED]
    assert again.results[3].changed == first.results[3].reference
    assert again.outcome.changed == 1
    assert again.outcome.unasked == (first.results[3].reference,), "it stands, to be recalled"
    third = Ran(practice, manifest, executor=inline)
    assert third.states() == [State.ALREADY, State.ALREADY]


def test_a_corrected_manifest_is_not_taken_for_another_night(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    docs = tmp_path / "docs"
    manifest = write_batch(docs, 4)
    (docs / "3.pdf").unlink()
    nameless = replace(OPTIONS, run="0123456789abcdef", named=False)
    Ran(practice, manifest, nameless, executor=inline)
    corrected = write_manifest(docs / "corrected.csv", [Patient(n) for n in range(3)])
    other = replace(nameless, run="fedcba9876543210")
    for _ in range(2):  # the second time is no other
        with pytest.raises(AnswerNeeded) as stopped:
            Ran(practice, corrected, other, executor=inline)
        assert stopped.value.fields["run"] == nameless.run
    assert len(shares(practice)) == 3
    went_on = Ran(practice, corrected, replace(nameless, named=True), executor=inline)
    assert went_on.outcome.states == {State.ALREADY: 3}
    assert went_on.outcome.unasked == ()
    anew = Ran(practice, corrected, replace(other, named=True), executor=inline)
    assert anew.outcome.states == {State.PREPARED: 3}


def test_two_rows_of_one_document_for_one_person_are_one_share(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    docs = tmp_path / "docs"
    write_batch(docs, 1)
    (docs / "1.pdf").write_bytes((docs / "0.pdf").read_bytes())
    manifest = write_manifest(docs / "twice.csv", [Patient(0), Patient(0)], files=[0, 1])
    ran = Ran(practice, manifest, executor=inline)
    assert ran.outcome.states == {State.PREPARED: 1, State.ALREADY: 1}
    assert ran.results[2].reference == ran.results[3].reference
    assert len(shares(practice)) == 1


def test_a_dry_run_records_nothing(tmp_path: Path, practice: Practice, inline: Inline) -> None:
    manifest = write_batch(tmp_path / "docs", 3)
    (tmp_path / "docs" / "0.pdf").write_bytes(document(Patient(77)))
    before = practice.database.read_bytes()
    ran = Ran(practice, manifest, replace(OPTIONS, dry_run=True), executor=inline)
    assert ran.states() == [State.FAILED, State.CHECKED, State.CHECKED]
    assert ran.results[2].code == ExitCode.PREFLIGHT_STOPPED
    assert shares(practice) == []
    assert practice.database.read_bytes() == before


def test_a_column_that_slipped_stops_everything_before_anything_is_sealed(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    docs = tmp_path / "docs"
    write_batch(docs, 8)
    patients = [Patient(number) for number in range(8)]
    slipped = write_manifest(docs / "slipped.csv", patients, files=[0, 1, 3, 4, 5, 6, 7, 2])
    with pytest.raises(PreflightStopped):
        Ran(practice, slipped, executor=inline)
    assert shares(practice) == []


def test_somebody_who_is_in_no_directory_is_found_by_name_afterwards(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    Ran(practice, write_batch(tmp_path / "docs", 2), executor=inline)
    from secshare.register.persons import former

    with Desk(practice) as desk:
        assert list(desk.directory.all()) == [], "they are not written to the directory"
        (uid,) = former(desk.store, Patient(1).name)
        assert [share.name for share in desk.register.shares(uid)] == [Patient(1).name]


def test_somebody_opposed_gets_nothing_and_stops_nobody(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    patient = Patient(1)
    with Desk(practice) as desk:
        desk.directory.add(
            name=patient.name,
            kind=Kind.PATIENT,
            email=patient.email,
            birth_date=patient.born,
            email_consent=False,
            email_consent_date=TODAY,
        )
    ran = Ran(practice, write_batch(tmp_path / "docs", 3), executor=inline)
    assert ran.states() == [State.PREPARED, State.FAILED, State.PREPARED]
    assert ran.results[3].code == ExitCode.RECIPIENT_REFUSED


def test_an_end_asked_for_finishes_what_is_begun_and_the_same_run_goes_on(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 40)
    ran = Ran(practice, manifest, stop_after=3)
    assert ran.outcome.stopped
    done = ran.outcome.states[State.PREPARED]
    assert 3 <= done < 40
    assert len(shares(practice)) == done
    again = Ran(practice, manifest)
    assert again.outcome.states == {State.ALREADY: done, State.PREPARED: 40 - done}
    assert len(shares(practice)) == 40


def test_a_process_that_dies_costs_no_row_its_second_try(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 30)
    killed = []

    def kill(_: Result) -> None:
        if not killed:
            victim = multiprocessing.active_children()[0]
            killed.append(victim.pid)
            os.kill(victim.pid or 0, signal.SIGKILL)

    ran = Ran(practice, manifest, each=kill)
    assert killed
    assert len(ran.results) == 30
    assert ran.outcome.states == {State.PREPARED: 30}
    assert len(shares(practice)) == 30


def test_a_row_whose_process_dies_every_time_fails_alone(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 12)

    class Dying(Inline):
        def submit(self, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            if act is working.look and 5 in args[1]:
                future: Future[Any] = Future()
                future.set_exception(BrokenProcessPool("as when memory is short"))
                return future
            return super().submit(act, *args, **kwargs)

    with Dying() as executor:
        ran = Ran(practice, manifest, executor=executor)
    assert ran.outcome.states == {State.PREPARED: 11, State.FAILED: 1}
    assert ran.results[5].error is not None
    assert ran.results[5].error.key == "running.died"
    assert len(shares(practice)) == 11


def test_a_share_whose_process_dies_while_it_is_sealed_is_sealed_once(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 12)
    died = Counter[str]()

    class Dying(Inline):
        def submit(self, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(act, *args, **kwargs)
            if act is working.seal:
                names = {task.share.name for task in args[1]}
                often = 9 if Patient(3).name in names else 1
                if any(died[name] < often for name in names):
                    died.update(names)
                    broken: Future[Any] = Future()
                    broken.set_exception(BrokenProcessPool("as when memory is short"))
                    return broken
            return future

    with Dying() as executor:
        ran = Ran(practice, manifest, executor=executor)
    assert ran.outcome.states == {State.PREPARED: 11, State.FAILED: 1}
    assert ran.results[5].code == ExitCode.INPUT_UNREADABLE
    assert len(shares(practice)) == 11


def test_an_outbox_that_cannot_be_written_ends_it_and_leaves_nothing(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 3)
    practice.outbox.rename(tmp_path / "elsewhere")
    practice.outbox.write_text("a file stands in its place")
    with pytest.raises(OutputRefused):
        Ran(practice, manifest, executor=inline)
    practice.outbox.unlink()
    (tmp_path / "elsewhere").rename(practice.outbox)
    assert shares(practice) == []


def test_a_copy_goes_where_somebody_wants_one(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    options = replace(OPTIONS, out=out, drafts=True)
    manifest = write_batch(tmp_path / "docs", 2)
    Ran(practice, manifest, options, executor=inline)
    for share in shares(practice):
        copied = {path.name for path in (out / str(share.reference)).iterdir()}
        assert copied == {path.name for path in (practice.outbox / str(share.reference)).iterdir()}
        assert "message.eml" in copied
    removed = next(out.iterdir())
    for path in removed.iterdir():
        path.unlink()
    removed.rmdir()
    Ran(practice, manifest, replace(options, dry_run=True), executor=inline)
    assert not removed.exists(), "a dry run writes nothing"
    again = Ran(practice, manifest, options, executor=inline)
    assert again.outcome.states == {State.ALREADY: 2}
    assert removed.exists(), "what went missing of a copy is copied again"


def test_a_draft_that_is_wanted_later_is_copied_too(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    manifest = write_batch(tmp_path / "docs", 2)
    Ran(practice, manifest, replace(OPTIONS, out=out), executor=inline)
    assert not [*out.glob("*/message.eml")]
    Ran(practice, manifest, replace(OPTIONS, out=out, drafts=True), executor=inline)
    assert len([*out.glob("*/message.eml")]) == 2


def test_a_place_for_copies_that_the_system_refuses_stops_no_row(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 2)
    out = tmp_path / ("a" * 256)  # no file system takes the name
    for told in (State.PREPARED, State.ALREADY):
        ran = Ran(practice, manifest, replace(OPTIONS, out=out), executor=inline)
        assert ran.states() == [told, told]
        assert ran.outcome.codes == {ExitCode.ROAD_FAILED: 2}
    assert len(shares(practice)) == 2


def test_a_copy_goes_through_no_link_and_the_others_are_made(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 2)
    first = Ran(practice, manifest, executor=inline)
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    for folder in (out, elsewhere):
        folder.mkdir()
    linked, other = (first.results[row].reference for row in (2, 3))
    (out / str(linked)).symlink_to(elsewhere, target_is_directory=True)
    ran = Ran(practice, manifest, replace(OPTIONS, out=out), executor=inline)
    assert ran.states() == [State.ALREADY, State.ALREADY]
    assert [ran.results[row].code for row in (2, 3)] == [ExitCode.ROAD_FAILED, 0]
    assert ran.results[2].error is not None
    assert ran.results[2].error.key == "sharing.out_link"
    assert not [*elsewhere.iterdir()]
    assert (out / str(other)).is_dir()


def test_the_documents_of_a_group_are_one_share_in_any_order(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    docs = tmp_path / "docs"
    manifest = write_batch(docs, 2)
    row = f"{Patient(0).name};{Patient(0).email};qr;un"
    head = "fichier;nom;email;voie;groupe"
    for number in range(2):
        (docs / f"{number}.pdf").write_bytes(document(Patient(0)) + b"%%%d\n" % number)
    manifest.write_text(f"{head}\n0.pdf;{row}\n1.pdf;{row}\n", "utf-8")
    Ran(practice, manifest, OPTIONS, executor=inline)
    manifest.write_text(f"{head}\n1.pdf;{row}\n0.pdf;{row}\n", "utf-8")
    assert Ran(practice, manifest, OPTIONS, executor=inline).states() == [State.ALREADY]
    assert len(shares(practice)) == 1


def test_a_share_that_went_to_a_former_address_is_asked_for_no_more(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """Its words are not to be taken out with the others: whose that address is, is not known."""
    manifest = write_batch(tmp_path / "docs", 2)
    patient = Patient(1)
    with Desk(practice) as desk:
        listed = desk.directory.add(
            name=patient.name, kind=Kind.PATIENT, email=patient.email, birth_date=patient.born
        )
    header, *rows = manifest.read_text("utf-8").splitlines()
    rows = [f"{row};" for row in rows[:-1]] + [f"1.pdf;;;;qr;{listed.id}"]
    manifest.write_text("\n".join([f"{header};to", *rows, ""]), "utf-8")
    first = Ran(practice, manifest, executor=inline)
    former = first.results[3].reference
    with Desk(practice) as desk:
        desk.directory.edit(listed, email="autre@example.net")
    again = Ran(practice, manifest, executor=inline)
    assert again.states() == [State.ALREADY, State.FAILED]
    assert again.results[3].reference == former, "it is said which it is"
    assert again.outcome.unasked == (former,)


def test_a_run_that_did_not_come_to_its_end_is_known(
    tmp_path: Path, practice: Practice, inline: Inline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfinished() -> list[bool]:
        with Desk(practice) as desk:
            return [run.unfinished for run in Runs(desk.store).all()]

    monkeypatch.setattr(profiles, "BATCH_WAITING", 1)
    docs = tmp_path / "docs"
    manifest = write_batch(docs, 6)
    during: list[bool] = []
    each = lambda _: during.extend(unfinished())  # noqa: E731
    stopped = Ran(practice, manifest, executor=inline, stop_after=1, each=each)
    assert stopped.outcome.stopped
    assert unfinished() == [True]
    assert all(during), "nor while it is going on"
    Ran(practice, manifest, replace(OPTIONS, dry_run=True), executor=inline)
    assert unfinished() == [True], "a dry run is no end of it"
    Ran(practice, manifest, executor=inline)
    assert unfinished() == [False]
    slipped = write_manifest(docs / "s.csv", [*map(Patient, range(6))], files=[1, 2, 3, 4, 5, 0])
    with pytest.raises(PreflightStopped):
        Ran(practice, slipped, executor=inline)
    assert unfinished() == [True]


def test_a_run_in_which_everything_was_begun_when_it_was_stopped_came_to_its_end(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 4)
    asked = iter([False, False, True])  # while its shares are looked at, sealed, and recorded
    with Desk(practice) as desk, Spool.create(practice.private) as spool:
        read = read_manifest(manifest, spool, region="FR", today=TODAY)
        survey(desk, spool)
        outcome = run(
            *(desk, spool, read, OPTIONS),
            on_result=lambda _: None,
            stop=lambda: next(asked),
            executor=inline,
        )
        assert outcome.stopped
        assert outcome.states == {State.PREPARED: 4}
        assert [each.unfinished for each in Runs(desk.store).all()] == [False]


def test_a_lock_that_stays_is_waited_for_once_and_not_by_each_share_in_flight(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 60)
    waits: list[bool] = []
    other = sqlite3.connect(practice.database, isolation_level=None)

    def lock(_: Result) -> None:
        if not other.in_transaction:
            other.execute("BEGIN IMMEDIATE")

    with Desk(practice) as desk, Spool.create(practice.private) as spool:
        read = read_manifest(manifest, spool, region="FR", today=TODAY)
        survey(desk, spool)
        patient = desk.store.patient(0.5, lambda: waits.append(True))  # 5 times 100 ms
        with patient, pytest.raises(RegisterUnwritable):
            run(*(desk, spool, read, OPTIONS), on_result=lock)
    other.close()
    assert 0 < len(waits) <= 5
    assert Ran(practice, manifest).outcome.failed == 0
    assert len(shares(practice)) == 60


def test_a_row_whose_address_was_corrected_leaves_its_former_share_and_says_so(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 3)
    first = Ran(practice, manifest, executor=inline)
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace(Patient(1).email, "autre@example.net"), "utf-8")
    again = Ran(practice, manifest, executor=inline)
    assert again.states() == [State.ALREADY, State.PREPARED, State.ALREADY]
    assert again.outcome.unasked == (first.results[3].reference,)
    with Desk(practice) as desk:
        former, latter = first.results[3].reference, again.results[3].reference
        assert former is not None
        assert latter is not None
        runs = Runs(desk.store)
        assert (runs.is_unasked(former), runs.is_unasked(latter)) == (True, False)
    assert again.results[3].reference != first.results[3].reference


def test_another_command_at_the_same_time_completes_nothing_of_a_batch(
    tmp_path: Path, practice: Practice
) -> None:
    def look_in(_: Result) -> None:
        with Desk(practice):  # settles what it takes for left behind
            pass

    manifest = write_batch(tmp_path / "docs", 40)
    ran = Ran(practice, manifest, each=look_in)
    assert ran.outcome.states == {State.PREPARED: 40}
    found = shares(practice)
    with Desk(practice) as desk:
        for share in found:
            entries = list(desk.journal.entries(share.reference))
            assert [entry.operation for entry in entries] == [
                Operation.PREPARED,
                Operation.PREPARE,
            ]
            assert "settled" not in entries[0].facts
            assert len(entries[0].facts["macs"]) == 1


def test_the_same_run_started_twice_is_at_work_once(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 3)
    refused: list[SecshareError] = []

    def start_again(_: Result) -> None:
        if not refused:
            with pytest.raises(ShareState) as busy:
                Ran(practice, manifest)
            refused.append(busy.value)

    ran = Ran(practice, manifest, executor=inline, each=start_again)
    assert refused[0].key == "running.busy"
    assert ran.outcome.states == {State.PREPARED: 3}
    assert Ran(practice, manifest, replace(OPTIONS, run="autre")).outcome.states == {
        State.PREPARED: 3
    }, "another run is another matter"
    assert len(shares(practice)) == 6
    assert not [path for path in practice.private.iterdir() if path.name.endswith(".part")]


def test_a_row_that_the_same_run_is_sealing_elsewhere_is_left_to_it(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 3)
    begun: list[object] = []

    class Beside(Inline):
        def submit(self, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(act, *args, **kwargs)
            if act is working.look and not begun:
                begun.append(_begun_elsewhere(practice, future.result()[1]))
            return future

    with Beside() as executor:
        ran = Ran(practice, manifest, executor=executor)
    assert ran.states() == [State.PREPARED, State.FAILED, State.PREPARED]
    assert ran.results[3].code == ExitCode.SHARE_STATE
    assert len(shares(practice)) == 2, "what the other left is taken back"
    assert Ran(practice, manifest).outcome.states == {State.ALREADY: 2, State.PREPARED: 1}


def _begun_elsewhere(practice: Practice, looked: Looked) -> object:
    """Begin a share of a row as another process would, and leave it there."""
    with Desk(practice) as desk:
        share = replace(
            a_share(), recipient="uid", subject="uid", states=States(secret=None), road=None
        )
        row = {"name": OPTIONS.run, "reference": share.reference, "number": 3}
        digests = {"identity": looked.identity, "slot": looked.slot, "contents": looked.contents}
        desk.register.begin(
            share, None, "none", lambda c: Runs.add(c, **row, **digests, language=Language.FR)
        )
        return share


def test_no_cell_reaches_the_practices_own_secrets(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """A patient may have written a cell, and the manifest may lie above the practice."""
    accept = replace(OPTIONS, accept=frozenset(("not-named", "unchecked")))
    write_batch(tmp_path / "docs", 1)
    manifest = tmp_path / "manifest.csv"
    patient = Patient(0)
    files = ("docs/0.pdf", "practice/private/journal.key", "practice/private/practice.key")
    who = f"{patient.name};{patient.email};{patient.born:%d/%m/%Y};qr"
    lines = ["fichier;nom;email;date de naissance;voie", *(f"{file};{who}" for file in files)]
    manifest.write_text("\n".join(lines) + "\n", "utf-8")
    ran = Ran(practice, manifest, accept, executor=inline)
    assert ran.states() == [State.PREPARED, State.FAILED, State.FAILED]
    assert {result.code for result in ran.results.values() if result.code} == {
        ExitCode.INPUT_UNREADABLE
    }


def test_no_link_leads_out_of_the_folder_of_the_manifest(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    docs, elsewhere = tmp_path / "docs", tmp_path / "elsewhere"
    write_batch(elsewhere, 3)
    manifest = write_batch(docs, 4)
    for number, target in ((1, elsewhere / "1.pdf"), (2, docs / "inside.pdf")):
        (docs / f"{number}.pdf").rename(docs / "inside.pdf")
        (docs / f"{number}.pdf").symlink_to(target)
    ran = Ran(practice, manifest, executor=inline)
    assert ran.states() == [State.PREPARED, State.FAILED, State.PREPARED, State.PREPARED]
    assert ran.results[3].error is not None
    assert ran.results[3].error.key == "running.outside"
    (docs / "sub").symlink_to(elsewhere, target_is_directory=True)
    text = manifest.read_text("utf-8").replace("1.pdf", "sub/1.pdf")
    manifest.write_text(text, "utf-8")
    assert Ran(practice, manifest, executor=inline).results[3].state is State.FAILED


def test_a_share_that_was_recalled_does_not_count_as_sealed_and_is_copied_nowhere(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 2)
    first = Ran(practice, manifest, executor=inline)
    gone = first.results[2].reference
    assert gone is not None
    with Desk(practice) as desk:
        recall(desk, gone)
    out = tmp_path / "out"
    out.mkdir()
    again = Ran(practice, manifest, replace(OPTIONS, out=out), executor=inline)
    assert again.states() == [State.FAILED, State.ALREADY]
    assert again.results[2].code == ExitCode.SHARE_STATE
    assert [path.name for path in out.iterdir()] == [str(first.results[3].reference)]
    assert again.outcome.unasked == ()


def test_a_row_that_fails_now_still_asks_for_what_was_sealed_of_it(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """Whoever were told that it is asked for no more would recall a patient's own share."""
    manifest = write_batch(tmp_path / "docs", 3)
    Ran(practice, manifest, executor=inline)
    (tmp_path / "docs" / "1.pdf").unlink()  # an export moves what it gave
    again = Ran(practice, manifest, executor=inline)
    assert again.states() == [State.ALREADY, State.FAILED, State.ALREADY]
    assert again.outcome.unasked == ()
    assert again.results[3].changed is None


def test_somebody_entered_as_opposed_since_they_were_looked_up_gets_nothing(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 3)
    patient, entered = Patient(1), []

    class Beside(Inline):
        def submit(self, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(act, *args, **kwargs)
            if act is working.look and not entered:
                with Desk(practice) as desk:
                    added = desk.directory.add(
                        name=patient.name,
                        kind=Kind.PATIENT,
                        email=patient.email,
                        email_consent=False,
                    )
                    entered.append(added)
            return future

    with Beside() as executor:
        ran = Ran(practice, manifest, executor=executor)
    assert ran.states() == [State.PREPARED, State.FAILED, State.PREPARED]
    assert ran.results[3].code == ExitCode.RECIPIENT_REFUSED
    assert len(shares(practice)) == 2


def test_an_address_that_was_corrected_in_the_directory_is_not_sealed_already(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    docs, patient = tmp_path / "docs", Patient(1)
    write_batch(docs, 2)
    with Desk(practice) as desk:
        known = desk.directory.add(
            name=patient.name, kind=Kind.PATIENT, email="faute@example.net", birth_date=patient.born
        )
    manifest = docs / "to.csv"
    manifest.write_text(f"fichier;destinataire;voie\n1.pdf;{known.id};qr\n", "utf-8")
    first = Ran(practice, manifest, executor=inline)
    assert first.states() == [State.PREPARED]
    with Desk(practice) as desk:
        desk.directory.edit(known, email=patient.email)
    again = Ran(practice, manifest, executor=inline)
    assert again.states() == [State.FAILED]
    assert again.results[2].code == ExitCode.RECIPIENT_DATA_INVALID
    assert len(shares(practice)) == 1, "and nothing is sealed twice in silence"


def test_what_is_no_difference_to_anybody_seals_nothing_again(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 2)
    Ran(practice, manifest, executor=inline)
    text, patient = manifest.read_text("utf-8"), Patient(1)
    first, last = patient.name.split()
    text = text.replace(patient.name, f"{last.upper()} {first}")
    manifest.write_text(text.replace(patient.email, patient.email.upper()), "utf-8")
    again = Ran(practice, manifest, executor=inline)
    assert again.states() == [State.ALREADY, State.ALREADY]


def test_neither_the_manifest_nor_a_row_can_be_guessed_from_the_register(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 1)
    Ran(practice, manifest, executor=inline)
    plain = hashlib.sha256(manifest.read_bytes())
    for path in practice.private.iterdir():
        content = path.read_bytes()
        assert plain.digest() not in content
        assert plain.hexdigest().encode() not in content


def test_a_draft_that_somebody_wants_later_is_written_then(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    manifest = write_batch(tmp_path / "docs", 2)
    first = Ran(practice, manifest, executor=inline)
    folder = practice.outbox / str(first.results[2].reference)
    assert not (folder / "message.eml").exists()
    drafts = replace(OPTIONS, drafts=True)
    again = Ran(practice, manifest, drafts, executor=inline)
    assert again.outcome.states == {State.ALREADY: 2}
    written = (folder / "message.eml").read_bytes()
    assert Patient(0).email.encode() in written
    assert (folder / "message.txt").is_file()
    Ran(practice, manifest, drafts, executor=inline)
    assert (folder / "message.eml").read_bytes() == written
    assert len(shares(practice)) == 2
