"""`secshare check`: is this the right document for this person? Nothing is written."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from secshare import files
from secshare.cli import findings as told
from secshare.cli.base import LANGUAGE, JsonOption, PracticeOption, tr, verb
from secshare.cli.progress import READING, bar
from secshare.cli.session import Session, session_of
from secshare.errors import (
    ExitCode,
    InputUnreadable,
    PracticeInvalid,
    RecipientDataInvalid,
    RecipientRefused,
)
from secshare.messages import Language, text
from secshare.model import Finding, Place, Road, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.preflight import Case, Checker, Report
    from secshare.sharing import Addressed, Desk

_NO_ROAD: Final = {
    "sharing.no_phone": "check.no_road_no_phone",
    "sharing.landline": "check.no_road_landline",
}


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
        raise typer.BadParameter(tr("check.no_file"), param_hint="FILE")
    from secshare.preflight import Checker

    with ExitStack() as held:
        sources, empty = _opened(held, documents)
        checker = held.enter_context(Checker())
        checker.start()  # while the rest is loaded
        desk = _desk(session, held, practice, needed=bool(to or about or practice))
        size = sum(source.size for source in sources)
        with bar(tr("check.reading"), size, worth=READING, steps=len(sources)) as progress:
            report, findings = _checked(session, desk, checker, sources, to, about, progress)
    findings = tuple(sorted((*findings, *empty), key=lambda each: -each.severity.weight))
    alone = not (to or about)
    _print(session, report, findings, documents=len(documents), alone=alone, as_json=as_json)
    from secshare.sharing import heaviest

    if heaviest(findings) in {Severity.CONFIRM, Severity.BLOCK}:
        raise typer.Exit(ExitCode.PREFLIGHT_STOPPED)


def _opened(held: ExitStack, documents: Sequence[Path]) -> tuple[list[Source], list[Finding]]:
    """Open documents; an empty one, among others, is said and does not end the command.

    Raises:
        InputUnreadable: missing, a folder, not readable, in use.
    """
    sources, empty = [], []
    for path in documents:
        try:
            sources.append(held.enter_context(files.open_source(path)))
        except InputUnreadable as error:
            if error.key != "files.empty":
                raise
            place, key = Place(path.name), "preflight.unchecked_empty"
            empty.append(Finding("unchecked", Severity.CONFIRM, key, {}, place))
    return sources, empty


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
    session: Session,
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
        addressed = _addressed(session, desk, to, about)
    except RecipientRefused as refused:  # what `seal` would end with before it reads anything
        case = _case_of(desk, to, about)
        report = sharing.examine(checker, sources, case, progress=progress)
        return report, (sharing.refusal(refused), *report.findings)
    found = sharing.check(desk, checker, addressed, sources, progress=progress)
    return found.report, found.findings


def _addressed(session: Session, desk: Desk, to: str, about: str | None) -> Addressed:
    """Return whom it would be for. Words without a road are said, and are no reason not to look.

    Raises:
        RecipientUnknown, RecipientRefused, RecipientDataInvalid: as `sharing.address`.
    """
    from secshare.sharing import address

    today = date.today()
    try:
        return address(desk, to, about=about, today=today)
    except RecipientDataInvalid as error:
        if error.key not in _NO_ROAD:
            raise
        session.say(_NO_ROAD[error.key])
        return address(desk, to, about=about, road=Road.QR, today=today)


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
    documents: int,
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
    for line in told.lines(findings):
        session.result(line)
    for export in report.exports:
        for line in told.export_lines(export):
            session.result(line)
    key = "kind" if report.kind_sure else "kind_guessed"
    session.result(tr(f"check.{key}", kind=tr(f"check.kind_{report.kind}")))
    if (stopped := told.told_stops(findings, documents)) is not None:
        session.result(stopped)
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
