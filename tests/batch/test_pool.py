"""A batch ends, and leaves nothing half done, whatever becomes of what works for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from secshare.batch import pool, working
from secshare.batch.manifest import read_manifest
from secshare.batch.people import survey
from secshare.batch.pool import Pool
from secshare.batch.results import Result, State
from secshare.batch.running import run
from secshare.errors import InputUnreadable, PracticeInvalid
from secshare.files import platform
from secshare.model import Kind
from secshare.practice import Practice
from secshare.register import Register
from secshare.sharing import Desk
from secshare.store.spool import Spool
from tests.batch.test_running import OPTIONS, TODAY, Ran, shares
from tests.batches import Patient, write_batch
from tests.fakes.executors import Failing, Inline
from tests.practices import make_practice
from tests.tools import ROOT, missing


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return make_practice(tmp_path / "practice")


# --- processes of this machine ------------------------------------------------------------------

KILLED = """\
import os, signal, sys, time
from pathlib import Path
from secshare.batch.pool import Pool

def nap(seconds):
    time.sleep(seconds)
    return os.getpid()

def reading(pid):  # in read(2): it waits for a task, with the lock of the queue
    return Path(f"/proc/{pid}/syscall").read_text().split()[0] in {"0", "63"}

if __name__ == "__main__":
    pool = Pool(4)
    workers = set()
    while len(workers) < 4:  # one may begin late, and another do its task
        workers |= {each.result() for each in [pool.submit(nap, 0.5) for _ in range(4)]}
    while not (idle := [pid for pid in workers if reading(pid)]):
        time.sleep(0.05)
    busy = pool.submit(nap, 60) if "busy" in sys.argv else None
    if busy is not None:
        while not (idle := [pid for pid in workers if reading(pid)]):
            time.sleep(0.05)
        time.sleep(0.5)
    os.kill(idle[0], signal.SIGKILL)
    if "renew" in sys.argv:
        try:
            while True:
                pool.submit(nap, 0).result()
        except Exception as error:
            print(type(error).__name__)
        pool.renew()
        print(pool.submit(nap, 0).result() not in workers)
    left = [pid for pid in workers if Path(f"/proc/{pid}/cmdline").exists()]
    left = [pid for pid in left if Path(f"/proc/{pid}/cmdline").read_bytes()]
    print(len(left) if "renew" in sys.argv else "-")
    pool.close(wait="close" in sys.argv)
"""


@pytest.mark.parametrize("how", [["renew"], ["renew", "busy"], ["close"], []])
def test_a_process_that_was_killed_while_it_waited_keeps_nobody(
    tmp_path: Path, how: list[str]
) -> None:
    """It dies with the lock that the others wait for, and they are deaf to what would end them."""
    if not Path("/proc/self/syscall").exists():
        missing("no system that tells which process waits for a task")
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    done = subprocess.run(
        [sys.executable, str(script), *how],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=45,  # it takes two seconds, or for ever
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if "renew" in how:
        assert done.stdout.split() == ["BrokenProcessPool", "True", "0"]


DEAF = """\
import signal
from secshare.batch import pool

class Listening(pool.ProcessPoolExecutor):
    def submit(self, *args):
        print(*sorted(each.name for each in signal.pthread_sigmask(signal.SIG_BLOCK, [])))
        return super().submit(*args)

if __name__ == "__main__":
    pool.ProcessPoolExecutor = Listening
    one = pool.Pool(1)
    for _ in range(2):
        one.submit(max, 1, 2).result()
    print(*signal.pthread_sigmask(signal.SIG_BLOCK, []))
    one.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no process inherits what another is deaf to")
def test_a_process_hears_no_end_from_its_first_instruction_on(tmp_path: Path) -> None:
    """The first one neither, though Python starts one of its own before it, and listens again."""
    script = tmp_path / "deaf.py"
    script.write_text(DEAF)
    done = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    deaf = "SIGHUP SIGINT SIGTERM"
    assert done.stdout.splitlines() == [deaf, deaf, ""]


def test_no_more_processes_than_windows_can_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(platform, "WINDOWS", True)

    class Counted(ThreadPoolExecutor):
        def __init__(self, workers: int, **_: object) -> None:
            asked.append(workers)
            super().__init__(1)

    monkeypatch.setattr(pool, "ProcessPoolExecutor", Counted)
    for jobs in (3, 400):
        one = Pool(jobs)
        assert one.submit(max, 1, 2).result() == 2
        one.close(wait=False)
    assert asked == [3, 61]


# --- another engine -----------------------------------------------------------------------------


def test_threads_do_in_the_place_of_processes(tmp_path: Path, practice: Practice) -> None:
    manifest = write_batch(tmp_path / "docs", 20)
    with ThreadPoolExecutor(2) as executor:
        ran = Ran(practice, manifest, executor=executor)
    assert ran.outcome.states == {State.PREPARED: 20}
    assert len(shares(practice)) == 20


@pytest.mark.parametrize(
    ("error", "at"),
    [
        (BrokenProcessPool("gone"), "submit"),
        (BrokenProcessPool("gone"), "result"),
        (CancelledError(), "result"),
        (MemoryError(), "result"),
    ],
)
def test_an_engine_that_is_broken_for_good_is_not_tried_for_ever(
    tmp_path: Path, practice: Practice, error: Exception, at: str
) -> None:
    manifest = write_batch(tmp_path / "docs", 60)
    with (
        Failing(lambda act, args: error, at=at, most=100) as executor,
        pytest.raises(InputUnreadable) as ended,
    ):
        Ran(practice, manifest, executor=executor)
    assert ended.value.key == "running.engine"
    assert ended.value.fields["kind"] == type(error).__name__
    assert shares(practice) == []


@pytest.mark.parametrize("error", [CancelledError(), RuntimeError("worker lost"), MemoryError()])
@pytest.mark.parametrize("act", [working.look, working.seal])
def test_a_task_that_an_engine_loses_is_done_again(
    tmp_path: Path, practice: Practice, error: Exception, act: Callable[..., Any]
) -> None:
    manifest = write_batch(tmp_path / "docs", 12)
    lost: list[object] = []

    def once(asked: Callable[..., Any], _: object) -> Exception | None:
        if asked is not act or lost:
            return None
        lost.append(asked)
        return error

    with Failing(once) as executor:
        ran = Ran(practice, manifest, executor=executor)
    assert lost
    assert ran.outcome.states == {State.PREPARED: 12}
    assert len(shares(practice)) == 12


def test_a_row_whose_task_is_lost_every_time_fails_alone(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 12)

    def fails(act: Callable[..., Any], args: Any) -> Exception | None:
        if act is working.seal and any(task.share.name == Patient(3).name for task in args[1]):
            return MemoryError()
        return None

    with Failing(fails) as executor:
        ran = Ran(practice, manifest, executor=executor)
    assert ran.outcome.states == {State.PREPARED: 11, State.FAILED: 1}
    assert ran.results[5].error is not None
    assert ran.results[5].error.key == "running.died"
    assert len(shares(practice)) == 11


def test_a_row_that_was_given_up_was_looked_at_all_the_same(
    tmp_path: Path, practice: Practice
) -> None:
    manifest = write_batch(tmp_path / "docs", 12)
    looks: list[int] = []

    def fails(act: Callable[..., Any], args: Any) -> Exception | None:
        return BrokenProcessPool("gone") if act is working.look and 5 in args[1] else None

    with (
        Failing(fails) as executor,
        Desk(practice) as desk,
        Spool.create(practice.private) as spool,
    ):
        read = read_manifest(manifest, spool, region="FR", today=TODAY)
        survey(desk, spool)
        outcome = run(
            desk,
            spool,
            read,
            OPTIONS,
            on_result=lambda _: None,
            on_look=looks.append,
            executor=executor,
        )
    assert outcome.states == {State.PREPARED: 11, State.FAILED: 1}
    assert looks[-1] == 12, "a bar that counts them comes to its end"


@pytest.mark.parametrize("act", [working.look, working.seal])
def test_a_practice_that_cannot_be_opened_there_ends_it_and_leaves_nothing(
    tmp_path: Path, practice: Practice, act: Callable[..., Any]
) -> None:
    manifest = write_batch(tmp_path / "docs", 12)
    error = PracticeInvalid("practice.none")
    with (
        Failing(lambda asked, _: error if asked is act else None) as executor,
        pytest.raises(PracticeInvalid),
    ):
        Ran(practice, manifest, executor=executor)
    nothing_begun(practice)


# --- whatever is raised ---------------------------------------------------------------------------


def nothing_begun(practice: Practice, standing: int = 0) -> None:
    """Check what is left without a command that would settle it first."""
    with Desk(practice, settle=False) as desk:
        found = list(desk.register.shares())
    assert len(found) == standing
    assert {path.name for path in practice.outbox.iterdir()} == {
        str(share.reference) for share in found
    }
    assert len(shares(practice)) == standing


class Oops(Exception):
    """A fault of this program, or of whoever is told."""


def enter_as_opposed(practice: Practice, patient: Patient) -> None:
    with Desk(practice) as desk:
        desk.directory.add(
            name=patient.name, kind=Kind.PATIENT, email=patient.email, email_consent=False
        )


@pytest.mark.parametrize("told", ["missing", "refused", "prepared"])
def test_nothing_is_left_where_telling_a_result_fails(
    tmp_path: Path, practice: Practice, told: str
) -> None:
    """Of a row before anything of it is begun, of one whose intent is refused, of one that stands.

    Others are at another step then.
    """
    manifest = write_batch(tmp_path / "docs", 12)
    if told == "missing":
        (tmp_path / "docs" / "5.pdf").unlink()

    class Beside(Inline):
        entered = told != "refused"

        def submit(self, act: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(act, *args, **kwargs)
            if not self.entered:
                self.entered = True
                enter_as_opposed(practice, Patient(5))
            return future

    def fails(result: Result) -> None:
        assert (result.state is State.PREPARED) == (told == "prepared")
        raise Oops

    with Beside() as executor, pytest.raises(Oops):
        Ran(practice, manifest, executor=executor, each=fails)
    nothing_begun(practice, 12 if told == "prepared" else 0)


def test_nothing_is_left_where_an_end_cannot_be_recorded(
    tmp_path: Path, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = write_batch(tmp_path / "docs", 3)

    def fails(*_: object, **__: object) -> None:
        raise Oops

    monkeypatch.setattr(Register, "complete", fails)
    with Inline() as executor, pytest.raises(Oops):
        Ran(practice, manifest, executor=executor)
    monkeypatch.undo()
    assert not [path for path in practice.outbox.iterdir() if path.name.startswith(".")]
    assert len(shares(practice)) == 3, "they have their names: the next command completes them"
