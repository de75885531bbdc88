"""`secshare check`: is this the right document for this person? Nothing is written."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files
from secshare.cli import findings as told
from secshare.cli.base import LANGUAGE, JsonOption, PracticeOption, tr, verb
from secshare.cli.progress import READING, bar
from secshare.cli.session import Session, session_of
from secshare.errors import ExitCode, PracticeInvalid, RecipientRefused
from secshare.messages import Language, text
from secshare.model import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.preflight import Case, Checker, Report
    from secshare.sharing import Desk


@verb("check", "check.help")
def check(
    ctx: typer.Context,
    documents: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help=tr("check.arg_files"))
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="WHO", help=tr("check.opt_to"))] = None,
    about: Annotated[
        str | None, typer.Option("--about", metavar="WHO", help=tr("seal.opt_about"))
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help=tr("check.opt_rules"))] = False,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Check documents; the options are explained by `--help`."""
    session = session_of(ctx)
    if rules:
        _print_rules(session, as_json=as_json)
        return
    if not documents:
        raise typer.BadParameter(tr("check.arg_files"), param_hint="FILE")
    from secshare.preflight import Checker
    from secshare.sharing import heaviest

    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents]
        checker = held.enter_context(Checker())
        checker.start()
        desk = _desk(session, held, practice, needed=bool(to or about or practice))
        size = sum(source.size for source in sources)
        with bar(tr("check.reading"), size, worth=READING) as progress:
            report, findings = _checked(desk, checker, sources, to, about, progress)
    _print(session, report, findings, alone=not (to or about), as_json=as_json)
    if heaviest(findings) in {Severity.CONFIRM, Severity.BLOCK}:
        raise typer.Exit(ExitCode.PREFLIGHT_STOPPED)


def _desk(session: Session, held: ExitStack, practice: Path | None, *, needed: bool) -> Desk | None:
    """Return the practice at work; None where there is none, and nobody was named."""
    from secshare.sharing import Desk

    try:
        return held.enter_context(Desk(session.practice(practice)))
    except PracticeInvalid:
        if needed:
            raise
        return None


def _checked(
    desk: Desk | None,
    checker: Checker,
    sources: Sequence[Source],
    to: str | None,
    about: str | None,
    progress: Progress | None,
) -> tuple[Report, tuple[Finding, ...]]:
    from secshare import sharing
    from secshare.preflight import Case

    if desk is None:
        report = sharing.examine(checker, sources, Case(), progress=progress)
        return report, report.findings
    if to is None:
        subject = desk.directory.find(about) if about else None
        case = sharing.case_of(desk, subject, None)
        report = sharing.examine(checker, sources, case, progress=progress)
        return report, report.findings
    try:
        addressed = sharing.address(desk, to, about=about, today=date.today())
    except RecipientRefused as refused:  # what `seal` would end with before it reads anything
        case = _case_of(desk, to, about)
        report = sharing.examine(checker, sources, case, progress=progress)
        return report, (sharing.refusal(refused), *report.findings)
    found = sharing.check(desk, checker, addressed, sources, progress=progress)
    return found.report, found.findings


def _case_of(desk: Desk, to: str, about: str | None) -> Case:
    from secshare import sharing

    recipient = desk.directory.find(to)
    subject = desk.directory.find(about) if about else recipient
    return sharing.case_of(desk, subject, recipient)


def _print(
    session: Session,
    report: Report,
    findings: Sequence[Finding],
    *,
    alone: bool,
    as_json: bool,
) -> None:
    from secshare.sharing import heaviest

    verdict = heaviest(findings)
    if as_json:
        exports = [told.export_as_json(each) for each in report.exports]
        session.result_json(
            {
                **told.as_json(findings, verdict),
                "kind": report.kind,
                "kind_sure": report.kind_sure,
                "exports": exports,
            }
        )
        return
    for finding in findings:
        session.result(told.line(finding))
    for export in report.exports:
        for line in told.export_lines(export):
            session.result(line)
    key = "kind" if report.kind_sure else "kind_guessed"
    session.result(tr(f"check.{key}", kind=tr(f"check.kind_{report.kind}")))
    session.result(tr(f"check.verdict_{verdict}" if verdict else "check.ok"))
    if alone:
        session.say("check.alone")


def _print_rules(session: Session, *, as_json: bool) -> None:
    from secshare.preflight import RULES

    if as_json:
        session.result_json(
            [
                {
                    "rule": rule.name,
                    "severity": rule.severity,
                    "help": {each.value: text(rule.key, each) for each in Language},
                }
                for rule in RULES.values()
            ]
        )
        return
    width = max(len(name) for name in RULES)
    for rule in RULES.values():
        session.result(f"{rule.name:<{width}}  {rule.severity:<7}  {text(rule.key, LANGUAGE)}")
