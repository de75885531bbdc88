"""Protects who reads a report: every line there as soon as it is known, nothing personal in it."""

from __future__ import annotations

import errno
import json
import os
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from secshare.batch.listed import ListedByRun
from secshare.batch.report import Report, cause, check_report, header, line, summary
from secshare.batch.results import Outcome, Result, State
from secshare.errors import AnswerNeeded, InputUnreadable, OutputRefused, PreflightStopped
from secshare.files import growing_file
from secshare.model import Answer, Answered, Finding, Place, Reference, Severity
from secshare.register import Doubled, Twin
from tests.files.test_other_systems import windows  # noqa: F401 - a fixture
from tests.tools import ROOT

REFERENCE, OTHER = Reference.parse("K7Q2-M9PX-8"), Reference.parse("J34E-P35N-N")
NAME, FILE = "Jeanne EXEMPLE", "exemple-jeanne.pdf"


def head(run: str = "lundi", *, dry_run: bool = False) -> dict[str, object]:
    begun = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    return header(run, "ab" * 32, rows=3, shares=2, documents=3, dry_run=dry_run, begun=begun)


def failed(number: int = 3) -> Result:
    return Result(
        number,
        number,
        State.FAILED,
        error=PreflightStopped("check.unanswered", rules="scan", options=NAME),
        findings=(
            Finding("other-person", Severity.BLOCK, "k", {"name": NAME}, Place(FILE, page=1)),
            Finding("other-person", Severity.BLOCK, "k", {"name": NAME}, Place(FILE, page=2)),
            Finding("scan", Severity.CONFIRM, "k", {}, Place(FILE)),
        ),
        answered=(Answered("scan", Severity.CONFIRM, Answer.ACCEPTED),),
        seconds=0.12345,
    )


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(each) for each in path.read_text("ascii").splitlines()]


def test_a_line_has_rows_codes_and_rules_and_nothing_else() -> None:
    assert line(failed()) == {
        "row": 3,
        "last_row": 3,
        "state": "failed",
        "code": 30,
        "error": "check.unanswered",
        "reference": None,
        "changed": None,
        "findings": [
            {"rule": "other-person", "severity": "block", "answer": None},
            {"rule": "scan", "severity": "confirm", "answer": "accepted"},
        ],
        "seconds": 0.123,
    }
    sealed = line(Result(4, 6, State.PREPARED, reference=REFERENCE, changed=REFERENCE))
    assert (sealed["row"], sealed["last_row"], sealed["code"]) == (4, 6, 0)
    assert sealed["reference"] == sealed["changed"] == "K7Q2-M9PX-8"


def test_no_name_of_a_person_or_a_file_is_in_a_line() -> None:
    missing = Result(5, 5, State.FAILED, error=InputUnreadable("files.missing", path=FILE))
    said = json.dumps([line(failed()), line(missing)])
    assert NAME not in said
    assert FILE not in said


def test_the_summary_counts_every_share_once() -> None:
    tally = Outcome(stopped=True, seconds=2.5)
    for result in (failed(), Result(4, 6, State.PREPARED, reference=REFERENCE)):
        tally.add(result)
    tally.stages.update({"seal": 1.25})
    tally.unasked = (REFERENCE,)
    tally.twice = 3
    tally.doubled = [Doubled(4, REFERENCE, Twin(OTHER, "mardi", newer=True, differs=True))]
    assert summary("lundi", tally, 5, 60, standing=3) == {
        "summary": "secshare batch",
        "run": "lundi",
        "code": 60,
        "prepared": 1,
        "already": 0,
        "checked": 0,
        "failed": 1,
        "not_done": 3,
        "standing": 3,
        "changed": 0,
        "former": 1,
        "twice": 3,
        "differing": 1,
        "unasked": ["K7Q2-M9PX-8"],
        "doubled": [["K7Q2-M9PX-8", "mardi", "J34E-P35N-N"]],
        "codes": {"30": 1},
        "stopped": True,
        "seconds": 2.5,
        "stages": {"seal": 1.25},
    }


def test_every_field_is_explained() -> None:
    page = (ROOT / "docs" / "report.md").read_text("utf-8")
    said = [head(), line(failed()), summary("lundi", Outcome(), 0, 0, standing=0)]
    for field in {name for document in said for name in document}:
        assert f"`{field}`" in page
    assert all(f"`{state.value}`" in page for state in State)


def test_each_line_is_there_before_the_next(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    with Report.begin(path, head()) as report:
        assert lines(path) == [head()]
        report.write(line(failed()))
        assert lines(path) == [head(), line(failed())]
        report.end({"summary": "secshare batch"}, whole=True)
    assert len(lines(path)) == 3
    assert not path.stat().st_mode & 0o077


def test_a_run_that_was_killed_loses_no_whole_line(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    with Report.begin(path, head()) as report:
        report.write(line(failed()))
    with path.open("ab") as file:
        file.write(b'{"row": 4, "la')  # killed in the middle of a line
    with Report.begin(path, head()) as report:
        report.write(line(failed(4)))
    assert lines(path) == [head(), line(failed()), head(), line(failed(4))]


def test_a_run_that_came_to_its_end_replaces_what_it_said_before(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    for number in (3, 4):
        with Report.begin(path, head()) as report:
            report.write(line(failed(number)))
            report.end({"row": "end"}, whole=number == 4)
    assert lines(path) == [head(), line(failed(4)), {"row": "end"}]
    assert [each.name for each in tmp_path.iterdir()] == ["rapport.jsonl"]


@pytest.mark.parametrize(
    "there",
    [b"file;to\nx.pdf;jeanne\n", b"\x00\xff", b'{"report": "other"}\n', b"[]\n", b"{" * 9000],
)
def test_nothing_else_is_ever_replaced(tmp_path: Path, there: bytes) -> None:
    path = tmp_path / "rapport.jsonl"
    path.write_bytes(there)
    with pytest.raises(OutputRefused) as refused, Report.begin(path, head()):
        pass
    assert refused.value.key == "batch.report_other"
    assert path.read_bytes() == there


def test_a_folder_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(OutputRefused):
        check_report(tmp_path)


def test_a_report_of_nothing_is_in_nobody_s_way(tmp_path: Path) -> None:
    """Asked which run a manifest is, people go on with another name and the same file."""
    path = tmp_path / "rapport.jsonl"
    for told, standing, stays in (((), 0, False), ((), 3, True), ((failed(),), 0, True)):
        path.unlink(missing_ok=True)
        with Report.begin(path, head("0123456789abcdef")) as report:
            tally = Outcome()
            for result in told:
                tally.add(result)
                report.write(line(result))
            report.end(summary("0123456789abcdef", tally, 2, 13, standing=standing), whole=False)
        if stays:
            with pytest.raises(OutputRefused), Report.begin(path, head("lundi")):
                pass
        else:
            with Report.begin(path, head("lundi")):
                pass
            (only,) = path.read_text().splitlines()
            assert json.loads(only)["run"] == "lundi"


def test_another_runs_report_stays(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    with Report.begin(path, head("lundi")):
        pass
    before = path.read_bytes()
    with pytest.raises(OutputRefused) as refused, Report.begin(path, head("mardi")):
        pass
    assert refused.value.key == "batch.report_other_run"
    assert path.read_bytes() == before


def test_a_dry_run_does_not_write_into_what_says_what_was_sealed(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    with Report.begin(path, head(dry_run=True)):
        pass
    with Report.begin(path, head()):  # the other way round, it may
        pass
    with pytest.raises(OutputRefused) as refused, Report.begin(path, head(dry_run=True)):
        pass
    assert refused.value.key == "batch.report_of_shares"


def test_two_batches_do_not_write_into_one_report(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    with Report.begin(path, head()) as first:
        first.write(line(failed()))
        before = path.read_bytes()
        with path.open("ab") as file:
            file.write(b'{"row": 4, "la')  # in the middle of a line, as the other may find it
        with pytest.raises(OutputRefused) as refused, Report.begin(path, head()):
            pass
        assert refused.value.key == "files.output_in_use"
        assert path.read_bytes() == before + b'{"row": 4, "la'
    with Report.begin(path, head()) as second:  # it is free once the first has ended, however
        second.write(line(failed(5)))
        second.end({"row": "end"}, whole=True)
    with Report.begin(path, head()):
        pass
    assert lines(path) == [head(), line(failed(5)), {"row": "end"}, head()]


def test_who_waited_for_a_report_does_not_write_into_the_one_that_was_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rapport.jsonl"
    path.touch()

    def replaced(_: int) -> bool:  # by the batch that had it, just before it gave it back
        (tmp_path / "new").write_bytes(b"")
        (tmp_path / "new").replace(path)
        return True

    monkeypatch.setattr("secshare.files.private.reserve", replaced)
    with pytest.raises(OutputRefused) as refused, Report.begin(path, head()):
        pass
    assert refused.value.key == "files.output_in_use"


def test_a_report_is_never_written_through_a_link(tmp_path: Path) -> None:
    path, victim = tmp_path / "rapport.jsonl", tmp_path / "somebody's"
    for there in (b"", json.dumps(head()).encode() + b"\n"):
        victim.write_bytes(there)
        path.symlink_to(victim)
        for begin in (check_report, growing_file):
            with pytest.raises(OutputRefused):
                begin(path)
        with pytest.raises(OutputRefused), Report.begin(path, head()):
            pass
        assert victim.read_bytes() == there
        path.unlink()


def test_what_is_no_file_or_not_ours_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputRefused) as refused:
        growing_file(tmp_path / "pipe")
    assert refused.value.key == "files.no_permission"
    (tmp_path / "theirs").touch()
    monkeypatch.setattr(os, "geteuid", lambda: (tmp_path / "theirs").stat().st_uid + 1)
    with pytest.raises(OutputRefused) as refused:
        growing_file(tmp_path / "theirs")
    assert refused.value.key == "files.no_permission"


@pytest.mark.usefixtures("windows")
def test_on_windows_a_report_is_replaced_and_is_one_batchs_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, held = tmp_path / "rapport.jsonl", [False]

    def locking(descriptor: int, mode: int, count: int) -> None:
        far = os.lseek(descriptor, 0, os.SEEK_CUR)
        assert (mode, count, far > 1 << 30) == (2, 1, True)  # nobody is kept from reading it
        if held[0]:
            raise PermissionError(errno.EACCES, "locked")

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(LK_NBLCK=2, locking=locking))
    monkeypatch.setattr("secshare.batch.report.WINDOWS", True)
    for number in (3, 4):
        with Report.begin(path, head()) as report:
            report.write(line(failed(number)))
            report.end({"row": "end"}, whole=True)
    assert lines(path) == [head(), line(failed(4)), {"row": "end"}]
    held[0] = True
    with pytest.raises(OutputRefused) as refused, Report.begin(path, head()):
        pass
    assert refused.value.key == "files.output_in_use"


def test_an_empty_file_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "rapport.jsonl"
    path.touch()
    assert check_report(path) is None
    with Report.begin(path, head()):
        pass
    assert lines(path) == [head()]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputRefused) as refused,
        Report.begin(tmp_path / "gone" / "r.jsonl", head()),
    ):
        pass
    assert refused.value.key == "files.no_folder"


def test_a_line_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Report.begin(tmp_path / "rapport.jsonl", head()) as report:
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, hard))
        try:
            with pytest.raises(OutputRefused) as refused:
                for _ in range(10):
                    report.write(line(failed()))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.key == "files.too_large"
    with Report.begin(tmp_path / "rapport.jsonl", head()):  # what was cut short is cut off
        pass
    assert lines(tmp_path / "rapport.jsonl")[-1] == head()


def test_the_end_names_the_runs_that_have_rows_of_a_manifest() -> None:
    one = AnswerNeeded("running.elsewhere", runs=ListedByRun({"lundi": (2,)}))
    assert cause(one)["elsewhere"] == ["lundi"]
    several = AnswerNeeded("running.elsewhere_all", runs=ListedByRun({"a": (2,), "b": (3,)}))
    assert cause(several)["elsewhere"] == ["a", "b"]
    assert cause(AnswerNeeded("running.gone_on", run="lundi"))["elsewhere"] == []
