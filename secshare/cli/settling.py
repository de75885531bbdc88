"""How somebody goes past findings: an answer, an option, a reason; or stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

import typer

from secshare import profiles
from secshare.cli import findings as told
from secshare.cli.base import tr
from secshare.cli.page_read import is_theirs
from secshare.errors import Declined, PreflightStopped
from secshare.model import Answer, Answered, Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from secshare.cli.session import Session
    from secshare.model import Finding, Recipient
    from secshare.sharing import Addressed, Checked

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

# What a rule does is not always what the table says: several people are asked about where a
# professional receives them, somebody who stands for the subject is no stranger, a contact that is
# shared asks once, and a practice may have scans stop.
_ALSO_ASK: Final = frozenset(("several-people", "other-person", "shared-contact"))
_ALSO_STOP: Final = frozenset(("scan",))

_TRIES: Final = 3


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
            typer.BadParameter: no such rule, one that never asks among those accepted, one that
                never stops, or that no option goes past, among those overridden, a reason that is
                missing or has nothing to give a reason for.
            RecipientDataInvalid: a reason that cannot be kept: a social-security number is in it.
        """
        from secshare.preflight import RULES
        from secshare.recipients import one_line

        for option, names in (("--accept", accept), ("--override", override)):
            for name in names or ():
                if name not in RULES:
                    raise typer.BadParameter(tr("check.no_such_rule", rule=name), param_hint=option)
        for name in accept or ():
            if not RULES[name].acceptable and name not in _ALSO_ASK:
                raise typer.BadParameter(tr("check.never_asks", rule=name), param_hint="--accept")
        for name in override or ():
            if not RULES[name].overridable and name not in _ALSO_STOP:
                key = "check.never_stops"
                if RULES[name].where == "recipient":
                    key = "check.never_overridden"
                raise typer.BadParameter(tr(key, rule=name), param_hint="--override")
        if override and not reason:
            raise typer.BadParameter(tr("check.reason_needed"), param_hint="--reason")
        if reason and not override:
            raise typer.BadParameter(tr("check.reason_alone"), param_hint="--reason")
        kept = one_line("--reason", reason) if reason else None
        return cls(frozenset(accept or ()), frozenset(override or ()), kept)


def settle(
    session: Session,
    checked: Checked,
    given: Given,
    addressed: Addressed,
    *,
    documents: int = 1,
    owner: Recipient | None = None,
) -> tuple[Answered, ...]:
    """Tell what was found and go past each of it, or stop. `--yes` answers none of them.

    On a terminal each question stands once, where it is answered, below what needs no answer.

    Args:
        documents: how many were checked.
        owner: whose the document seems to be, where somebody else's was taken.

    Returns:
        What is kept with the share.

    Raises:
        PreflightStopped: a finding stops; or asks, and nobody can be asked.
        Declined: somebody answered no, or nothing.
    """
    findings, beside = checked.findings, told.beside(checked, addressed)
    asking = [each for each in findings if _asks(each, given)]
    stop = _stop(findings, asking, given, addressed, documents, owner, session.terminal is None)
    if stop is not None:
        told.tell(session, findings, beside)
        raise stop
    told.tell(session, [each for each in findings if each not in asking], beside)
    answered = []
    for finding in findings:
        if finding in asking:
            _ask(session, finding, addressed, beside.get(finding.rule, ()))
        answered.append(_kept(finding, given))
    return tuple(answered)


def _asks(finding: Finding, given: Given) -> bool:
    return finding.severity is Severity.CONFIRM and finding.rule not in given.accept


def _kept(finding: Finding, given: Given) -> Answered:
    rule, severity = finding.rule, finding.severity
    if severity is Severity.BLOCK:
        return Answered(rule, severity, Answer.OVERRIDDEN, given.reason)
    if severity is Severity.NOTE:
        return Answered(rule, severity, Answer.SHOWN)
    answer = Answer.ACCEPTED if rule in given.accept else Answer.CONFIRMED
    return Answered(rule, severity, answer)


def _stop(
    findings: Sequence[Finding],
    asking: Sequence[Finding],
    given: Given,
    addressed: Addressed,
    documents: int,
    owner: Recipient | None,
    nobody: bool,
) -> PreflightStopped | None:
    """Return what ends it here: what stops, or what asks where nobody can be asked."""
    blocking = [
        each
        for each in findings
        if each.severity is Severity.BLOCK and each.rule not in given.override
    ]
    rules = ", ".join(sorted({each.rule for each in blocking or asking}))
    if blocking:
        told_which = told.told_stops(blocking, documents)
        return PreflightStopped(
            "check.stopped",
            stopped=told_which or tr("check.stopped_by", rules=rules),
            remedy=_remedy(blocking, addressed, documents, owner),
        )
    if asking and nobody:
        options = " ".join(f"--accept {rule}" for rule in sorted({each.rule for each in asking}))
        return PreflightStopped("check.unanswered", rules=rules, options=options)
    unseen = sorted({each.rule for each in asking if each.rule in _SHOWN})
    if unseen and _of_no_patient(addressed):
        options = " ".join(f"--accept {rule}" for rule in unseen)
        return PreflightStopped("check.whose", options=options)
    return None


def _of_no_patient(addressed: Addressed) -> bool:
    """Return whether nobody said of which patient it is: then nothing on the page tells."""
    recipient = addressed.recipient
    return recipient.kind is not Kind.PATIENT and addressed.subject.uid == recipient.uid


def _remedy(
    blocking: Sequence[Finding], addressed: Addressed, documents: int, owner: Recipient | None
) -> str:
    """Return what usually mends it: another person, or one document fewer."""
    stopped = told.stops(blocking)
    if owner is not None:
        to = addressed.recipient.uid == addressed.subject.uid
        option = "--to" if to and addressed.recipient.kind is Kind.PATIENT else "--about"
        said = tr("check.remedy_owner", id=owner.id, option=option)
        if len(stopped) == documents:
            return said
        return f"{tr('check.remedy_take_out', files=', '.join(stopped))} {said}"
    if stopped and len(stopped) < documents:
        return tr("check.remedy_take_out", files=", ".join(stopped))
    return tr("check.remedy")


def _ask(session: Session, finding: Finding, addressed: Addressed, beside: Sequence[str]) -> None:
    """Ask about one finding.

    Raises:
        Declined: the answer was not a yes, or not what is to be read.
    """
    option = f"--accept {finding.rule}"
    terminal = session.require_terminal(option)
    for line in (told.line(finding), *beside):
        terminal.say(line)
    if finding.key == "preflight.unchecked_broken":  # nobody can look at its page either
        session.confirm("check.ask_broken", option=option)
    elif finding.rule in _SHOWN:
        if finding.key == "preflight.unchecked_too_large":
            size = profiles.PREFLIGHT_BYTES // 1_000_000
            terminal.say(tr("check.limits", size=size, pages=profiles.PREFLIGHT_PAGES))
        _read_on_page(session, finding, addressed)
    else:
        session.confirm(_QUESTIONS.get(finding.rule, "check.ask"), option=option)


def _read_on_page(session: Session, finding: Finding, addressed: Addressed) -> None:
    """Ask for what only somebody who looks at the page can tell: a yes costs nothing.

    Raises:
        Declined: nothing was answered, or what is not the subject's, three times.
    """
    subject = addressed.subject
    what = "date" if subject.birth_date else "name"
    file = finding.place.file if finding.place else "-"
    for _ in range(_TRIES):
        typed = session.ask(f"check.ask_{what}", option=f"--accept {finding.rule}", file=file)
        if not typed:
            raise Declined("check.no_answer")
        if is_theirs(typed, subject.name, subject.birth_date):
            if subject.birth_date is None:
                session.say("check.record_birth_date", id=subject.id)
            return
        session.say(f"check.not_{what}", name=subject.name)
    raise Declined("check.not_read")
