"""What `batch` says to people: each share that failed, what became of all, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.batch.results import State
from secshare.cli import people
from secshare.cli.base import LANGUAGE, tr
from secshare.cli.batch_bar import counted
from secshare.cli.problems import say_problems
from secshare.errors import ExitCode
from secshare.messages import Language, explain
from secshare.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from secshare.batch.results import Outcome, Result
    from secshare.cli.session import Session
    from secshare.errors import ManifestInvalid

__all__ = ["Failures", "counted", "failure", "reason_of", "say_errors", "summary_lines"]

_REASONS: Final[dict[int, str]] = {
    ExitCode.INPUT_UNREADABLE: "batch.reason_input",
    ExitCode.OUTPUT_REFUSED: "batch.reason_output",
    ExitCode.RECIPIENT_UNKNOWN: "batch.reason_unknown",
    ExitCode.RECIPIENT_REFUSED: "batch.reason_refused",
    ExitCode.RECIPIENT_DATA_INVALID: "batch.reason_data",
    ExitCode.WORK_REFUSED: "batch.reason_work",
    ExitCode.PREFLIGHT_STOPPED: "batch.reason_preflight",
    ExitCode.REGISTER_UNWRITABLE: "batch.reason_register",
    ExitCode.JOURNAL_BROKEN: "batch.reason_journal",
    ExitCode.ROAD_FAILED: "batch.reason_road",
}

_UNASKED: Final = 20
"""References that the summary names; the report has them all."""

_PLAIN: Final = frozenset(("field", "rules", "kind", "reason"))
"""Fields of errors that are never of a person: which part of a row, which rules, what failed."""

_COUNTS: Final = {
    State.PREPARED: "batch.count_prepared",
    State.CHECKED: "batch.count_checked",
    State.ALREADY: "batch.count_already",
}


class Failures:
    """Tells each share that failed, and stops where nobody reads on.

    Args:
        say: writes a line.
        whole: whether somebody looks on. In a log, what may be a person or a file is left out of
            the sentence: the number of the row finds them.
    """

    def __init__(self, say: Callable[[str], None], *, whole: bool) -> None:
        self._say = say
        self._whole = whole
        self._told = 0

    def tell(self, result: Result) -> None:
        """Say what happened to one share."""
        self._told += 1
        if self._told <= profiles.BATCH_FAILURES_SAID:
            self._say(failure(result, whole=self._whole))
        elif self._told == profiles.BATCH_FAILURES_SAID + 1:
            self._say(tr("batch.failed_more"))


def failure(result: Result, *, whole: bool) -> str:
    """Return why a share failed, by its rows; never with what a document holds.

    Args:
        whole: as in `Failures`.
    """
    key = "batch.failed_row" if result.number == result.last else "batch.failed_rows"
    reason = _reason(result, whole=whole)
    return tr(key, row=result.number, last=result.last, code=result.code, reason=reason)


def _reason(result: Result, *, whole: bool) -> str:
    # What the findings say quotes the document: their rules are told, in either place.
    if result.error is not None and "rules" in result.error.fields:
        rules = result.error.fields["rules"]
        blocked = any(each.severity is Severity.BLOCK for each in result.findings)
        return tr("batch.reason_rules" if blocked else "batch.reason_asks", rules=rules)
    if result.error is None:
        return reason_of(result.code)
    shown = {
        name: value if whole or name in _PLAIN or isinstance(value, int) else "…"
        for name, value in result.error.fields.items()
    }
    return explain(result.error.key, LANGUAGE, **shown)[0]


def reason_of(code: int) -> str:
    """Return what an exit status means for a row."""
    return tr(_REASONS.get(code, "batch.reason_other"))


def summary_lines(
    run: str, tally: Outcome, shares: int, *, folder: Path, report: Path | None
) -> Iterator[str]:
    """Yield the summary: counts, each code with its sentence, and where things are."""
    yield tr("batch.summary", run=run, done=counted(tally.done), shares=counted(shares))
    for state, key in _COUNTS.items():
        if count := tally.states[state]:
            yield tr(key, count=counted(count))
    if tally.changed:
        yield tr("batch.count_changed", count=counted(tally.changed))
    if tally.unasked:
        yield tr("batch.count_unasked", count=counted(len(tally.unasked)))
        yield from (f"    {reference}" for reference in tally.unasked[:_UNASKED])
        if (more := len(tally.unasked) - _UNASKED) > 0:
            yield tr("batch.more_unasked", count=counted(more))
    if tally.failed:
        yield tr("batch.count_failed", count=counted(tally.failed))
    for code, count in sorted(tally.codes.items()):
        reason = reason_of(code)
        yield tr("batch.count_code", count=counted(count), code=code, reason=reason)
    if left := shares - tally.done:
        yield tr("batch.count_not_done", count=counted(left))
    if tally.standing:
        yield tr("batch.folder", path=folder)
    if report is not None:
        yield tr("batch.report_at", path=report)


def say_errors(session: Session, error: ManifestInvalid, *, as_json: bool) -> None:
    """Say every error of a manifest, a line each, and how many there are beyond those.

    Args:
        as_json: as JSON Lines, as the result.

    Raises:
        ResultLost: stdout cannot be written.
    """
    problems: Any = error.fields.get("problems", ())
    if as_json:
        for each in problems:
            session.result_line_json(
                {
                    "row": each.row,
                    "column": each.column,
                    "error": each.error.key,
                    "message": {
                        one.value: " ".join(people.in_words(each.error, one).explain(one))
                        for one in Language
                    },
                }
            )
        return
    say_problems(session, error)
    count: Any = error.fields.get("count", 0)
    if (more := count - len(problems)) > 0:
        session.say("batch.more_problems", count=counted(more))
