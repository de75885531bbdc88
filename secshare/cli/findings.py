"""Findings as people read them, and how somebody goes past them: an answer, an option, a reason."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from secshare.cli.base import LANGUAGE, tr
from secshare.errors import Declined, PreflightStopped
from secshare.messages import Language
from secshare.model import Answer, Answered, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from secshare.cli.session import Session
    from secshare.model import Finding, Place, Subject
    from secshare.preflight import Export

AcceptOption = Annotated[
    list[str] | None, typer.Option("--accept", metavar="RULE", help=tr("check.opt_accept"))
]
OverrideOption = Annotated[
    list[str] | None, typer.Option("--override", metavar="RULE", help=tr("check.opt_override"))
]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help=tr("check.opt_reason"))
]

_SHOWN: Final = ("scan", "unchecked", "encrypted")
"""Rules that a yes does not answer: something is to be read on the page."""

_QUESTIONS: Final = {
    "changed-contact": "check.ask_changed_contact",
    "changed-key": "check.ask_changed_key",
    "look-alike": "check.ask_look_alike",
    "shared-contact": "check.ask_shared_contact",
    "both-roads": "check.ask_both_roads",
}

_FIELDS: Final = {
    "title": "check.field_title",
    "author": "check.field_author",
    "form": "check.field_form",
    "note": "check.field_note",
    "attachment": "check.field_attachment",
    "comment": "check.field_comment",
    "header": "check.field_header",
    "footer": "check.field_footer",
    "file name": "check.field_file_name",
    "patient": "check.field_patient",
    "relative": "check.field_relative",
    "professional": "check.field_professional",
    "text box": "check.field_text_box",
    "defined name": "check.field_defined_name",
    "formula": "check.field_formula",
    "link": "check.field_link",
    "table": "check.field_table",
    "pivot cache": "check.field_pivot_cache",
    "linked workbook": "check.field_linked_workbook",
    "properties": "check.field_properties",
    "hidden rows": "check.field_hidden_rows",
    "text": "check.field_text",
    "entry": "check.field_entry",
}

_TRIES: Final = 3

_BARS: Final = 60
"""How wide the bars of an export are, in columns, where the terminal has room for them."""
_BESIDE: Final = 12
"""Columns of the terminal that bars leave free."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was said beforehand, on the command line.

    Attributes:
        accept: rules that ask, answered yes.
        override: rules that stop, gone past for `reason`.
    """

    accept: frozenset[str]
    override: frozenset[str]
    reason: str | None

    @classmethod
    def of(
        cls, accept: Collection[str] | None, override: Collection[str] | None, reason: str | None
    ) -> Given:
        """Read the three options.

        Raises:
            typer.BadParameter: no such rule, a rule that stops among those accepted, a reason
                that is missing or has nothing to give a reason for.
            RecipientDataInvalid: a reason that cannot be kept: a social-security number is in it.
        """
        from secshare.preflight import RULES
        from secshare.recipients import one_line

        for option, names in (("--accept", accept), ("--override", override)):
            for name in names or ():
                if name not in RULES:
                    raise typer.BadParameter(tr("check.no_such_rule", rule=name), param_hint=option)
        if override and not reason:
            raise typer.BadParameter(tr("check.reason_needed"), param_hint="--reason")
        if reason and not override:
            raise typer.BadParameter(tr("check.reason_alone"), param_hint="--reason")
        kept = one_line("--reason", reason) if reason else None
        return cls(frozenset(accept or ()), frozenset(override or ()), kept)


def tell(session: Session, findings: Sequence[Finding]) -> None:
    """Write the findings on stderr, the heaviest first, each with its place."""
    session.write(*(line(finding) for finding in findings))


def line(finding: Finding) -> str:
    """Return a finding on one line: what it does, its rule, its place, its sentence."""
    sentence = tr(finding.key, **finding.fields)
    if finding.place is not None:
        sentence = tr("check.placed", place=told_place(finding.place), sentence=sentence)
    return tr(f"check.line_{finding.severity}", rule=finding.rule, sentence=sentence)


def told_place(place: Place) -> str:
    """Return where something stands, as a person looks for it."""
    said = [place.file]
    if place.member:
        said.append(place.member)
    if place.field:
        key = _FIELDS.get(place.field)
        said.append(tr(key) if key else place.field)
    said += [
        tr(f"check.place_{name}", value=value)
        for name in ("page", "sheet", "cell", "line")
        if (value := getattr(place, name)) is not None
    ]
    if place.hidden:
        said.append(tr("check.place_hidden"))
    return ", ".join(said)


def as_json(findings: Sequence[Finding], verdict: Severity | None) -> dict[str, Any]:
    """Return `findings` and `verdict`, as every `--json` carries them."""
    return {
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "place": finding.place.as_json() if finding.place else None,
                "message": {each.value: finding.sentence(each) for each in Language},
            }
            for finding in findings
        ],
        "verdict": verdict or "ok",
    }


def export_lines(export: Export) -> tuple[str, ...]:
    """Return what a table tells of the people in it: why, in a paragraph, and groups as bars."""
    from secshare.preflight import bars, heading, reason

    width = min(shutil.get_terminal_size().columns - _BESIDE, _BARS)
    drawn = bars(export, width, ascii=not _draws_blocks())
    return (reason(export, LANGUAGE), heading(LANGUAGE), *drawn)


def _draws_blocks() -> bool:
    """Return whether stdout can write the blocks that bars are drawn with."""
    try:
        "█▏▎▍▌▋▊▉".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def export_reason(export: Export) -> str:
    """Return why a table is said to be what it is, in a paragraph."""
    from secshare.preflight import reason

    return reason(export, LANGUAGE)


def export_as_json(export: Export) -> dict[str, Any]:
    """Return an export's verdict and figures, for `--json`."""
    from secshare.preflight import reason

    return {
        "place": export.place.as_json(),
        "verdict": export.verdict,
        "reason": {each.value: reason(export, each) for each in Language},
        "rows": export.rows,
        "people": export.people,
        "direct": list(export.direct),
        "linking": list(export.linking),
        "describing": list(export.describing),
        "sensitive": list(export.sensitive),
        "unique": export.unique,
        "groups": [{"size": each.size, "count": each.count} for each in export.groups],
        "inferred": list(export.inferred),
    }


def settle(
    session: Session, findings: Sequence[Finding], given: Given, subject: Subject
) -> tuple[Answered, ...]:
    """Go past every finding, or stop. `--yes` answers none of them.

    Returns:
        What is kept with the share.

    Raises:
        PreflightStopped: a finding stops; or asks, and nobody can be asked.
        Declined: somebody answered no.
    """
    blocking = _rules(findings, Severity.BLOCK) - given.override
    if blocking:
        raise PreflightStopped("check.stopped", rules=", ".join(sorted(blocking)))
    asking = _rules(findings, Severity.CONFIRM) - given.accept
    if asking and session.terminal is None:
        options = " ".join(f"--accept {rule}" for rule in sorted(asking))
        raise PreflightStopped("check.unanswered", rules=", ".join(sorted(asking)), options=options)
    return tuple(_settled(session, finding, given, subject) for finding in findings)


def _rules(findings: Sequence[Finding], severity: Severity) -> set[str]:
    return {finding.rule for finding in findings if finding.severity is severity}


def _settled(session: Session, finding: Finding, given: Given, subject: Subject) -> Answered:
    rule, severity = finding.rule, finding.severity
    if severity is Severity.BLOCK:
        return Answered(rule, severity, Answer.OVERRIDDEN, given.reason)
    if rule in given.accept:
        return Answered(rule, severity, Answer.ACCEPTED)
    if severity is Severity.NOTE:
        return Answered(rule, severity, Answer.SHOWN)
    session.write(line(finding))  # again, beside its question
    if rule in _SHOWN:
        _read_on_page(session, finding, subject)
    else:
        session.confirm(_QUESTIONS.get(rule, "check.ask"), option=f"--accept {rule}")
    return Answered(rule, severity, Answer.CONFIRMED)


def _read_on_page(session: Session, finding: Finding, subject: Subject) -> None:
    """Ask for what only somebody who looks at the page can tell: a yes costs nothing.

    Raises:
        Declined: it is not what the directory says of the subject, three times.
    """
    what = "year" if subject.birth_date else "name"
    for _ in range(_TRIES):
        typed = session.ask(
            f"check.ask_{what}", option=f"--accept {finding.rule}", name=subject.name
        )
        if not typed:
            break
        if _is_theirs(typed, subject.name, subject.birth_date):
            return
        session.say(f"check.not_{what}", name=subject.name)
    raise Declined("check.not_read")


def _is_theirs(typed: str, name: str, born: date | None) -> bool:
    from secshare.recipients import fold

    if born is not None:
        return typed.strip().rpartition("/")[2] == f"{born.year}"
    words = set(fold(typed).split())
    return bool(words) and any(len(word) > 1 for word in words) and words <= set(fold(name).split())
