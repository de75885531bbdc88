"""Protects who waits for a batch: how far it is, in a log too, and that it stops when asked."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from secshare import profiles
from secshare.batch.columns import read_columns
from secshare.batch.listed import Listed
from secshare.batch.results import Outcome, Result, State
from secshare.cli import base, batch_bar, batch_told
from secshare.cli.batch_bar import Minutes, Pace
from secshare.cli.batch_stop import Stop, StoppedNow
from secshare.cli.batch_told import Failures, failure, giving, say_errors, summary_lines
from secshare.cli.numbers import counted
from secshare.cli.session import Session
from secshare.errors import (
    ExitCode,
    InputUnreadable,
    ManifestInvalid,
    PreflightStopped,
    RecipientRefused,
    RecipientUnknown,
)
from secshare.messages import Language
from secshare.model import Finding, Place, Road, Severity
from secshare.recipients.table import Problem

PREPARED = Result(2, 2, State.PREPARED)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English, whatever the machine does."""
    for module in (base, batch_bar, batch_told):
        monkeypatch.setattr(module, "LANGUAGE", Language.EN)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def missing(row: int = 3) -> Result:
    error = InputUnreadable("files.missing", path="exemple-jeanne.pdf")
    return Result(row, row, State.FAILED, error=error)


def stopped(rules: str, *findings: Finding) -> Result:
    error = PreflightStopped("running.stops", rules=rules, options="Jeanne EXEMPLE")
    return Result(4, 6, State.FAILED, error=error, findings=findings)


def finding(rule: str, severity: Severity) -> Finding:
    place = Place("exemple-jeanne.pdf", page=1)
    return Finding(rule, severity, "preflight.k", {"name": "Jeanne EXEMPLE"}, place)


def test_the_rate_is_of_the_last_minute_and_not_of_the_whole_night() -> None:
    clock = Clock()
    pace = Pace(10_000, clock)
    assert pace.rate is pace.left is None
    pace.at(4_000)  # sealed before: they go by at once
    for second in range(1, 200):
        clock.now = 1000.0 + second
        pace.at(4_000 + 20 * second)
    assert pace.rate == pytest.approx(20, rel=0.05)
    assert pace.left == pytest.approx((10_000 - 7_980) / 20, rel=0.05)


def test_a_share_that_takes_longer_than_the_minute_still_has_a_rate() -> None:
    clock = Clock()
    pace = Pace(100, clock)
    assert pace.rate is None
    for done in (3, 4, 5):
        clock.now += 2 * profiles.BATCH_PACE
        pace.at(done)
    assert pace.rate == pytest.approx(1 / (2 * profiles.BATCH_PACE))


def test_one_that_fails_at_once_is_no_rate() -> None:
    clock = Clock()
    pace = Pace(100, clock)
    clock.now += 2.5
    pace.at(1)
    assert pace.rate is pace.left is None


def test_a_log_gets_one_plain_line_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock, tally = Clock(), Outcome()
    minutes = Minutes(Session(), 12_000, clock)
    for _ in range(8 * 350):
        clock.now += 0.125
        tally.add(PREPARED)
        minutes.at(tally)
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 5  # of nearly six minutes
    assert "\x1b" not in said
    assert "\r" not in said
    first = said.splitlines()[0]
    assert first == "480 of 12,000 (4 %); 8.0 a second; left: 24 min; failed: 0"


def test_a_log_is_told_no_name_and_a_person_is_told_which_file() -> None:
    assert failure(missing(), whole=True).startswith("row 3 (3): ")
    assert "exemple-jeanne.pdf" in failure(missing(), whole=True)
    assert failure(missing(), whole=False) == "row 3 (3): There is no file …."
    unknown = RecipientUnknown("recipients.unknown", who="Jeanne Exemple")
    told = failure(Result(3, 3, State.FAILED, error=unknown), whole=False)
    assert "Nobody in the directory is called …" in told
    assert "Jeanne" not in told


@pytest.mark.parametrize("whole", [True, False])
def test_what_a_document_says_is_told_in_neither_place(whole: bool) -> None:
    block, note = finding("other-person", Severity.BLOCK), finding("hidden", Severity.NOTE)
    said = failure(stopped("other-person", block, note), whole=whole)
    assert said == (
        "rows 4 to 6 (30): stopped: The document says that its patient is somebody else"
        " (other-person)."
    )
    said = failure(stopped("not-named", note, finding("scan", Severity.CONFIRM)), whole=whole)
    assert said == (
        "rows 4 to 6 (30): a question is open: Neither the subject's name nor their birth date"
        " is in the document (not-named)."
    )


def test_whose_address_it_is_stands_at_a_terminal_and_in_no_log() -> None:
    fields = {"name": "Jeanne Exemple", "others": "Paul Imaginaire"}
    shared = Finding("shared-contact", Severity.CONFIRM, "contacts.shared_email", fields)
    result = stopped("shared-contact", shared)
    assert "Paul Imaginaire have the same e-mail address" in failure(result, whole=True)
    said = failure(result, whole=False)
    assert "Paul" not in said
    assert "The address or telephone is another recipient's too" in said
    assert said.endswith("(shared-contact).")


def test_what_to_do_about_each_kind_of_failure_is_said_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def asks(rule: str) -> Result:
        error = PreflightStopped("running.asks", rules=rule, options="")
        found = (finding(rule, Severity.CONFIRM),)
        return Result(9, 9, State.FAILED, error=error, findings=found)

    failures = Failures(lambda _: None, whole=True)
    for result in (missing(3), missing(4), asks("scan"), asks("not-named"), asks("scan")):
        failures.tell(result)
    failures.advise(Session())
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert said[0] == f"(3) {missing().error.explain(Language.EN)[1]}"  # type: ignore[union-attr]
    assert "secshare check FILE" in said[1]
    assert said[2].endswith("with --accept not-named --accept scan")


def test_about_an_address_nobody_is_told_to_open_a_document(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failures = Failures(lambda _: None, whole=True)
    failures.tell(stopped("look-alike", finding("look-alike", Severity.CONFIRM)))
    failures.advise(Session())
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("Where a check asks about an address, a number or a key")


def test_somebody_of_the_directory_is_called_by_their_name_and_by_their_id_in_a_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said: list[str] = []
    failures = Failures(said.append, whole=True, called=lambda who: f"Colette Inventée ({who})")
    error = RecipientRefused("sharing.opposed", id="colette-inventee")
    failures.tell(Result(5, 5, State.FAILED, error=error))
    assert said[0].startswith("row 5 (11): Colette Inventée (colette-inventee) is opposed")
    failures.advise(Session())
    assert "secshare recipients edit colette-inventee --email-consent" in capsys.readouterr().err
    assert "colette" not in failure(Result(5, 5, State.FAILED, error=error), whole=False)


def test_the_sum_counts_as_sealed_what_is_sealed() -> None:
    tally = Outcome()
    for state, count in ((State.PREPARED, 4), (State.ALREADY, 2), (State.FAILED, 9)):
        tally.states[state] = count
    options = {"standing": 6, "folder": Path("outbox"), "report": None}
    assert "6 of 15" in next(summary_lines("lundi", tally, 15, dry_run=False, **options))  # type: ignore[arg-type]
    tally.states[State.CHECKED] = 5
    assert "5 of 15" in next(summary_lines("lundi", tally, 15, dry_run=True, **options))  # type: ignore[arg-type]


def test_the_words_are_taken_out_as_their_roads_ask() -> None:
    assert list(giving("lundi", {Road.QR}, None)) == [
        "To print the words that are given on paper: secshare batch secrets lundi --as qr-sheet"
    ]
    both = list(giving("le lundi", {Road.QR, Road.SMS, Road.PHONE}, Path("a b")))
    assert [each.split(" --as ")[1].split()[0] for each in both] == ["sms-csv", "qr-sheet"]
    assert both[0].startswith("To take out the words that go by SMS: ")
    assert all('secrets "le lundi" ' in each for each in both)
    assert all(each.endswith('--practice "a b"') for each in both)
    (last,) = giving("-lundi", {Road.QR}, None)
    assert last.endswith("secrets --as qr-sheet -- -lundi")
    assert next(giving("lundi", {Road.PHONE}, None)).endswith("secshare release REF --as phone")
    assert not list(giving("lundi", set(), None))


def test_a_first_row_that_stands_where_names_do_is_in_no_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = ("Jeanne Exemple", "Téléphone", "AB")
    problems = tuple(Problem(1, each, ManifestInvalid("manifest.nir")) for each in columns)
    error = ManifestInvalid("manifest.errors", path="lot.csv", count=3, problems=problems)
    say_errors(Session(), error, as_json=False)
    with pytest.raises(ManifestInvalid) as said:
        say_errors(Session(), error, as_json=True)
    assert "listed above" not in str(said.value)  # there is nothing above it
    assert "each a line on standard output" in said.value.explain(Language.EN)[0]
    told = capsys.readouterr()
    assert "Jeanne" not in told.out + told.err
    assert [each.split(":")[0] for each in told.err.splitlines()] == [
        *("row 1, …", "row 1, Téléphone", "row 1, AB")
    ]


def test_a_column_that_is_missing_is_named_in_a_log_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problems: list[Problem] = []
    read_columns(["nom"], 1, problems.append)
    error = ManifestInvalid("manifest.errors", path="lot.csv", count=2, problems=tuple(problems))
    say_errors(Session(), error, as_json=False)
    told = capsys.readouterr().err.splitlines()
    assert [each.split(":")[0] for each in told] == ["row 1, fichier / file", "row 1, email"]


def test_what_is_wrong_with_many_rows_is_said_once_with_every_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As those that a filter hides; no list is so long that a row of it is left out."""
    hidden = ManifestInvalid("manifest.row_hidden")
    rows = [3, *range(5, 12), *range(20, 80, 3)]
    problems = [Problem(row, None, hidden) for row in rows]
    problems += [Problem(row, "nom", ManifestInvalid("manifest.nir")) for row in (3, 4)]
    problems += [Problem(90, None, ManifestInvalid("manifest.nir"))]
    error = ManifestInvalid("manifest.errors", path="a.csv", count=9, problems=tuple(problems))
    say_errors(Session(), error, as_json=False)
    told = [each.partition(": ") for each in capsys.readouterr().err.splitlines()]
    what = " ".join(hidden.explain(Language.EN))
    assert [head for head, _, said in told if said == what] == [
        f"rows {Listed((3, *range(5, 12), *range(20, 50, 3)))}",
        f"rows {Listed(tuple(range(50, 80, 3)))}",
    ]
    assert [head for head, _, said in told if said != what] == [
        *("row 3, nom", "row 4, nom", "row 90, the whole row")
    ]


def test_nobody_is_told_ten_thousand_failures_one_by_one() -> None:
    said: list[str] = []
    failures = Failures(said.append, whole=True)
    for row in range(2, 10_002):
        failures.tell(missing(row))
    assert len(said) == profiles.BATCH_FAILURES_SAID + 1
    assert "--report" in said[-1]


def test_every_code_that_a_row_can_have_is_a_sentence() -> None:
    for code in ExitCode:
        tally = Outcome()
        tally.codes[code] = 1
        tally.states[State.FAILED] = 1
        said = list(
            summary_lines(
                *("lundi", tally, 2),
                standing=0,
                folder=Path("outbox"),
                report=None,
                dry_run=False,
            )
        )
        assert f"    1 ({int(code)}): " in said[2]
        if code == ExitCode.SHARE_STATE:
            assert "recalled since" in said[2]
    assert any("not done" in each for each in said)


def test_where_the_sealed_files_are_is_said_without_the_way_there(tmp_path: Path) -> None:
    (tmp_path / "envoi").mkdir()
    folder = tmp_path / "envoi" / ".." / "cabinet" / "outbox"
    tally = Outcome()
    tally.states[State.PREPARED] = 1
    said = [
        *summary_lines("lundi", tally, 1, standing=1, folder=folder, report=None, dry_run=False)
    ]
    assert said[-1] == f"  sealed files: {tmp_path.resolve() / 'cabinet' / 'outbox'}"


def test_numbers_are_read_in_threes() -> None:
    assert (counted(999), counted(10_000)) == ("999", "10,000")


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_asked_once_it_finishes_and_asked_twice_it_ends(name: str, status: int) -> None:
    number, said = getattr(signal, name), []
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    before = {getattr(signal, each): signal.getsignal(getattr(signal, each)) for each in names}
    try:
        with Stop(lambda: said.append("stopping")) as stop:
            assert not stop.asked()
            os.kill(os.getpid(), number)
            assert not said, "a handler writes nothing"
            assert stop.asked()
            assert stop.asked()
            assert said == ["stopping"]
            assert stop.status == status
            stop.check()
            os.kill(os.getpid(), number)  # raises nothing: it may come anywhere
            with pytest.raises(StoppedNow):
                stop.check()
        assert signal.getsignal(number) is signal.SIG_IGN  # while the interpreter ends
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_signals_mean_again_what_they_meant_where_nobody_asked() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Stop(lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_what_nohup_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Stop(lambda: None) as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not stop.asked()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_batch_that_ends_itself_says_nothing_of_a_person() -> None:
    said: list[str] = []
    with Stop(lambda: said.append("stopping")) as stop:
        stop.ask()
        assert stop.asked()
    assert not said
