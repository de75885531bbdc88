"""`secshare batch`: many shares from a manifest. One question before, none after it."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from secshare import files
from secshare.cli import settling
from secshare.cli.base import ByOption, PracticeOption, tr, verb
from secshare.cli.session import Session, session_of
from secshare.errors import InputUnreadable, ManifestInvalid, OutputRefused

if TYPE_CHECKING:
    from secshare.batch.manifest import Manifest
    from secshare.practice import Practice
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

_LOCK: Final = re.compile(r"~\$(?P<excel>.+)|\.~lock\.(?P<office>.+)#")
"""What Excel and LibreOffice call the mark of a workbook that is open."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line.

    Attributes:
        run: its name, where somebody said so.
        practice: its folder, where somebody said so.
    """

    manifest: Path
    out: Path | None
    jobs: int | None
    run: str | None
    report: Path | None
    dry_run: bool
    yes: bool
    accept: frozenset[str]
    drafts: bool
    as_json: bool
    practice: Path | None


@verb("batch", "batch.help", epilog="batch.epilog")
def batch(
    ctx: typer.Context,
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST", help=tr("batch.arg_manifest"))],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=tr("batch.opt_out"))
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help=tr("batch.opt_jobs"))
    ] = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="NAME", help=tr("batch.opt_run"))
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help=tr("batch.opt_report"))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tr("batch.opt_dry_run"))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=tr("batch.opt_yes"))] = False,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="RULE", help=tr("batch.opt_accept"))
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help=tr("batch.opt_drafts"))] = False,
    by: ByOption = None,
    as_json: Annotated[bool, typer.Option("--json", help=tr("batch.opt_json"))] = False,
    practice: PracticeOption = None,
) -> None:
    """Seal the documents of a manifest; the options are explained by `--help`.

    Raises:
        AnswerNeeded: there is no terminal, and no `--yes`.
        Declined: it was not the right manifest.
        And what `batch_naming.checked_name`, `settle_name`, `_read` and `Batch.run` raise.
    """
    from secshare.cli.batch_naming import checked_name, settle_name
    from secshare.sharing import Desk

    session = session_of(ctx)
    asked = Asked(
        manifest=manifest,
        out=out,
        jobs=jobs,
        run=None if run is None else checked_name(run),
        report=report,
        dry_run=dry_run,
        yes=yes or dry_run,
        accept=settling.Given.of(accept, None, None).accept,
        drafts=drafts,
        as_json=as_json,
        practice=practice,
    )
    if not asked.yes:
        session.require_terminal("--yes")
    opened = session.practice(practice)
    _check_places(opened, asked)
    with Desk(opened, by=by) as desk:
        if asked.run is not None:
            settle_name(session, desk, asked.run)
        _batch(session, desk, asked)


def _check_places(practice: Practice, asked: Asked) -> None:
    """Refuse, before anything is read, what would be refused after it.

    Raises:
        InputUnreadable: the manifest is a secret of the practice; or a mark that a spreadsheet
            leaves beside a workbook while it is open, and that looks like one in a list of files.
        OutputRefused: a copy or the report would go into the practice folder; the report would
            replace something else.
    """
    from secshare.batch.report import check_report

    if practice.part_of(asked.manifest) in {"private", "secrets"}:
        raise InputUnreadable("seal.not_a_document", path=asked.manifest)
    if of := _LOCK.fullmatch(asked.manifest.name):
        other = asked.manifest.with_name(of["excel"] or of["office"])
        raise InputUnreadable("batch.lock_file", path=asked.manifest, other=other)
    if asked.out is not None:
        if not asked.out.is_dir():
            raise OutputRefused("files.no_folder", path=asked.out)
        if practice.part_of(asked.out) is not None:
            raise OutputRefused("seal.out_in_practice", path=asked.out)
    if asked.report is not None:
        if practice.part_of(asked.report) is not None:
            raise OutputRefused("batch.report_in_practice", path=asked.report)
        check_report(asked.report)


def _batch(session: Session, desk: Desk, asked: Asked) -> None:
    from secshare.batch.identity import manifest_name, run_name
    from secshare.batch.pool import default_jobs
    from secshare.batch.report import Report, header
    from secshare.batch.running import Options
    from secshare.cli.batch_run import Batch
    from secshare.store.spool import Spool

    today = date.today()
    with ExitStack() as held:
        spool = held.enter_context(Spool.create(desk.practice.private))
        manifest = _read(session, desk, spool, asked, today)
        known = manifest_name(desk.practice.signer.mac_key, manifest.digest)
        name = asked.run or run_name(known)
        if not asked.yes:
            _confirm(session, desk, spool, manifest, name)
        if asked.out is not None and not asked.dry_run:
            files.sweep(asked.out)  # what a killed batch was copying
        head = header(
            name,
            known,
            rows=manifest.rows,
            shares=manifest.shares,
            documents=manifest.documents,
            dry_run=asked.dry_run,
            begun=datetime.now(UTC),
        )
        report = held.enter_context(Report.begin(asked.report, head)) if asked.report else None
        options = Options(
            run=name,
            jobs=asked.jobs or default_jobs(),
            today=today,
            named=asked.run is not None,
            accept=asked.accept,
            out=asked.out,
            drafts=asked.drafts,
            dry_run=asked.dry_run,
        )
        one = Batch(
            session,
            desk,
            options,
            manifest,
            report,
            asked.report,
            as_json=asked.as_json,
            practice=asked.practice,
        )
        one.begin(head)
        one.run(spool)


def _read(session: Session, desk: Desk, spool: Spool, asked: Asked, today: date) -> Manifest:
    """Read the manifest, and say every error of it or what it asks for.

    Raises:
        ManifestInvalid: its errors are told above.
        InputUnreadable: it cannot be read.
    """
    from secshare.batch.manifest import read_manifest
    from secshare.batch.people import survey
    from secshare.cli.batch_told import counted, say_errors
    from secshare.cli.progress import bar

    size = asked.manifest.stat().st_size if asked.manifest.is_file() else 0
    try:
        with bar(tr("batch.reading"), size, worth=1 << 20) as progress:
            region = desk.practice.settings.region
            manifest = read_manifest(
                asked.manifest, spool, region=region, today=today, progress=progress
            )
    except ManifestInvalid as error:
        say_errors(session, error, as_json=asked.as_json)
        raise
    session.say(
        "batch.read",
        rows=counted(manifest.rows),
        shares=counted(manifest.shares),
        documents=counted(manifest.documents),
    )
    survey(desk, spool)
    return manifest


def _confirm(session: Session, desk: Desk, spool: Spool, manifest: Manifest, name: str) -> None:
    """Ask the one question.

    Raises:
        Declined: it is not the right manifest; nothing was done.
    """
    from secshare.batch.people import count_people
    from secshare.cli.batch_told import counted
    from secshare.register import Runs

    people, unknown = count_people(spool)
    if unknown:
        session.say("batch.unknown", count=counted(unknown))
    sealed = Runs(desk.store).count_standing(name)
    session.confirm(
        "batch.confirm_on" if sealed else "batch.confirm",
        option="--yes",
        sealed=counted(sealed),
        practice=desk.practice.settings.name,
        shares=counted(manifest.shares),
        documents=counted(manifest.documents),
        people=counted(people),
        run=name,
    )
