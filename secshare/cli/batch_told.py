"""What `batch` says to people: each share that failed, what became of all, and what to do next."""

from __future__ import annotations

import re
import sys
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.batch.results import State
from secshare.cli import people
from secshare.cli.base import LANGUAGE, tr
from secshare.cli.numbers import counted
from secshare.cli.pasting import ends, place_of_run, whole
from secshare.cli.problems import say_problems
from secshare.errors import ExitCode, ManifestInvalid
from secshare.messages import Language, explain
from secshare.model import Road, Severity
from secshare.terminal import is_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from secshare.batch.results import Outcome, Result
    from secshare.cli.session import Session
    from secshare.errors import SecshareError
    from secshare.register import Doubled

__all__ = ["Failures", "counted", "failure", "giving", "reason_of", "say_errors", "summary_lines"]

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
    ExitCode.SHARE_STATE: "batch.reason_state",
    ExitCode.ROAD_FAILED: "batch.reason_road",
}

_LISTED: Final = 20
"""References that the summary names; the report has them all."""

_PLAIN: Final = frozenset(("field", "rules", "kind", "reason"))
"""Fields of errors that are never of a person: which part of a row, which rules, what failed."""

_GIVEN: Final = (Road.SMS, Road.QR)
"""Roads of words that are given for a whole run at once."""

_LETTERS: Final = re.compile("[A-Z]{1,3}")
"""How a spreadsheet calls a column without a name."""

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
        called: what somebody of the directory is called, whose id an error has.
    """

    def __init__(
        self, say: Callable[[str], None], *, whole: bool, called: Callable[[str], str] = str
    ) -> None:
        self._say = say
        self._whole = whole
        self._called = called
        self._told = 0
        self._kinds: dict[str, list[SecshareError]] = {}  # by key, the first two
        self._rules: dict[str, set[str]] = {"running.stops": set(), "running.asks": set()}

    def tell(self, result: Result) -> None:
        """Say what happened to one share."""
        self._told += 1
        if (error := result.error) is not None:
            if error.key in self._rules:
                self._rules[error.key].update(str(error.fields["rules"]).split(", "))
            elif len(seen := self._kinds.setdefault(error.key, [])) < 2:
                seen.append(error)
        if self._told <= profiles.BATCH_FAILURES_SAID:
            self._say(failure(result, whole=self._whole, called=self._called))
        elif self._told == profiles.BATCH_FAILURES_SAID + 1:
            self._say(tr("batch.failed_more"))

    def advise(self, session: Session) -> bool:
        """Say what to do about each kind of failure, once; return whether it named a command."""
        commands = False
        for errors in sorted(self._kinds.values(), key=lambda errors: errors[0].code):
            # Of several, no field of the first is the others' too.
            whole = self._whole and len(errors) == 1
            _, do = _worded(errors[0], whole=whole)
            session.say("batch.advice", code=int(errors[0].code), do=do)
            commands = commands or "secshare " in do
        about = {_about(rule) for rule in chain(*self._rules.values())}
        if about - {"address"}:
            session.say("batch.look")
            commands = True
        if "address" in about:
            session.say("batch.look_address")
        if asking := self._rules["running.asks"]:
            options = " ".join(f"--accept {rule}" for rule in sorted(asking))
            session.say("batch.may_accept", options=options)
        return commands


def failure(result: Result, *, whole: bool, called: Callable[[str], str] = str) -> str:
    """Return why a share failed, by its rows; never with what a document holds.

    Args:
        whole, called: as in `Failures`.
    """
    key = "batch.failed_row" if result.number == result.last else "batch.failed_rows"
    reason = _reason(result, whole=whole, called=called)
    return tr(key, row=result.number, last=result.last, code=result.code, reason=reason)


def _reason(result: Result, *, whole: bool, called: Callable[[str], str]) -> str:
    if result.error is not None and "rules" in result.error.fields:
        told = " ".join(_rules(result, str(result.error.fields["rules"]), whole=whole))
        blocked = any(each.severity is Severity.BLOCK for each in result.findings)
        return tr("batch.reason_rules" if blocked else "batch.reason_asks", rules=told)
    if result.error is None:
        return reason_of(result.code)
    return _worded(result.error, whole=whole, called=called)[0]


def _rules(result: Result, rules: str, *, whole: bool) -> Iterator[str]:
    """Yield what each rule that stopped a share says.

    What a finding says of a document quotes it: there the rule's own sentence is told. Whose
    address or number it is stands in no document, and somebody who looks on may read it.
    """
    from secshare.preflight import RULES

    for name in rules.split(", "):
        found = [
            each.sentence(LANGUAGE)
            for each in result.findings
            if whole and each.rule == name and each.place is None
        ]
        said = found or ([tr(RULES[name].key)] if name in RULES else [])
        told = " ".join(said).removesuffix(".")
        yield tr("batch.reason_rule", rule=name, said=told) if said else name


def _about(rule: str) -> str:
    """Return what a rule is about, as `preflight.Rule` says it."""
    from secshare.preflight import RULES

    return RULES[rule].where if rule in RULES else "document"


def _worded(
    error: SecshareError, *, whole: bool, called: Callable[[str], str] = str
) -> tuple[str, str]:
    error = people.in_words(error)
    shown = {
        name: value if whole or name in _PLAIN or isinstance(value, int) else "…"
        for name, value in error.fields.items()
    }
    if whole and "id" in shown:
        shown["id"] = called(str(shown["id"]))
    return explain(error.key, LANGUAGE, **shown)


def giving(run: str, roads: Collection[Road], practice: Path | None) -> Iterator[str]:
    """Yield the commands that take the words of a run out, by the roads that it has.

    Args:
        practice: as it was named, where it was.
    """
    given = [road for road in _GIVEN if road in roads]
    for road in given:
        yield tr(f"batch.give_{road}", **place_of_run(run, practice))
    if not given and roads:
        yield tr("batch.give_one", ends=ends(practice))


def reason_of(code: int) -> str:
    """Return what an exit status means for a row."""
    return tr(_REASONS.get(code, "batch.reason_other"))


def summary_lines(
    run: str,
    tally: Outcome,
    shares: int,
    *,
    standing: int,
    folder: Path,
    report: Path | None,
    dry_run: bool,
) -> Iterator[str]:
    """Yield the summary: counts, each code with its sentence, and where things are.

    Args:
        standing: how many shares of the run stand, whichever start of it sealed them.
    """
    key = "batch.summary_dry" if dry_run else "batch.summary"
    well = tally.states[State.CHECKED] if dry_run else tally.standing
    yield tr(key, run=run, done=counted(well), shares=counted(shares))
    for state, key in _COUNTS.items():
        if count := tally.states[state]:
            yield tr(key, count=counted(count))
    if tally.changed:
        yield tr("batch.count_changed", count=counted(tally.changed))
    yield from _first_of("batch.count_unasked", [str(reference) for reference in tally.unasked])
    if tally.twice > len(tally.doubled):
        yield tr("batch.count_twice", count=counted(tally.twice))
    yield from _first_of("batch.count_doubled", [_doubled(each) for each in tally.doubled])
    if tally.failed:
        yield tr("batch.count_failed", count=counted(tally.failed))
    for code, count in sorted(tally.codes.items()):
        reason = reason_of(code)
        yield tr("batch.count_code", count=counted(count), code=code, reason=reason)
    if left := shares - tally.done:
        yield tr("batch.count_not_done", count=counted(left))
    if standing > tally.standing + len(tally.unasked):
        yield tr("batch.count_standing", count=counted(standing))
    if standing and not dry_run:
        yield tr("batch.folder", path=whole(folder))
    if report is not None:
        yield tr("batch.report_at", path=report)


def _doubled(each: Doubled) -> str:
    twin = each.twin
    return tr(
        "batch.row_newer" if twin.newer else "batch.row_older",
        row=each.number,
        reference=each.reference,
        run=twin.run,
        other=twin.reference,
    )


def _first_of(key: str, told: Sequence[str]) -> Iterator[str]:
    """Yield how many there are, and the first of them."""
    if told:
        yield tr(key, count=counted(len(told)))
        yield from (f"    {each}" for each in told[:_LISTED])
        if (more := len(told) - _LISTED) > 0:
            yield tr("batch.more_listed", count=counted(more))


def say_errors(session: Session, error: ManifestInvalid, *, as_json: bool) -> None:
    """Say every error of a manifest, a line each, and how many there are beyond those.

    Args:
        as_json: as JSON Lines, as the result.

    Raises:
        ManifestInvalid: where the result has them, in words that say so.
        ResultLost: stdout cannot be written.
    """
    problems: Any = error.fields.get("problems", ())
    if as_json:
        for each in problems:
            session.result_line_json(
                {
                    "row": each.row,
                    "column": each.column and _no_cell(each.column),
                    "error": each.error.key,
                    "message": {
                        one.value: " ".join(people.in_words(each.error, one).explain(one))
                        for one in Language
                    },
                }
            )
        fields = error.fields | {"shown": len(problems)}
        raise ManifestInvalid("batch.errors_listed", **fields)
    say_problems(session, error, str if is_screen(sys.stderr) else _no_cell)
    count: Any = error.fields.get("count", 0)
    if (more := count - len(problems)) > 0:
        session.say("batch.more_problems", count=counted(more))


def _no_cell(column: str) -> str:
    """Return the name of a column for a log. Of a file without names the first row stands there.

    A column that is missing has the names that it may have, in both languages.
    """
    from secshare.batch.columns import field_of

    known = all(field_of(name) for name in column.split(" / "))
    return column if known or _LETTERS.fullmatch(column) else "…"
