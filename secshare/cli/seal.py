"""`secshare seal`: prepare documents for one recipient. Nothing leaves by itself."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files, profiles
from secshare.cli import findings as told
from secshare.cli import seal_told, sealing, settling
from secshare.cli.base import ByOption, JsonOption, PracticeOption, YesOption, tr, verb
from secshare.cli.session import Session, session_of
from secshare.errors import ExitCode, OutputRefused, RecipientRefused
from secshare.model import DocumentKind, Road, SealFormat, Severity

if TYPE_CHECKING:
    from secshare.sharing import Addressed, Desk


@verb("seal", "seal.help")
def seal(
    ctx: typer.Context,
    documents: Annotated[list[Path], typer.Argument(metavar="FILE...", help=tr("seal.arg_files"))],
    to: Annotated[str | None, typer.Option("--to", metavar="WHO", help=tr("seal.opt_to"))] = None,
    about: Annotated[
        str | None, typer.Option("--about", metavar="WHO", help=tr("seal.opt_about"))
    ] = None,
    road: Annotated[Road | None, typer.Option("--road", help=tr("seal.opt_road"))] = None,
    seal_format: Annotated[
        SealFormat, typer.Option("--format", help=tr("seal.opt_format"))
    ] = SealFormat.AGE,
    words: Annotated[
        int | None, typer.Option("--words", metavar="N", min=10, max=12, help=tr("seal.opt_words"))
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=tr("seal.opt_out"))
    ] = None,
    hold: Annotated[bool, typer.Option("--hold", help=tr("seal.opt_hold"))] = False,
    kind: Annotated[DocumentKind | None, typer.Option("--kind", help=tr("check.opt_kind"))] = None,
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help=tr("check.opt_purpose"))
    ] = profiles.PURPOSE,
    accept: settling.AcceptOption = None,
    override: settling.OverrideOption = None,
    reason: settling.ReasonOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tr("seal.opt_dry_run"))] = False,
    yes: YesOption = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Seal documents for one recipient; the options are explained by `--help`."""
    from secshare.preflight import Checker

    session = session_of(ctx)
    wanted = sealing.Wanted(
        given=settling.Given.of(accept, override, reason),
        seal_format=seal_format,
        words=words,
        kind=kind,
        hold=hold,
        yes=yes,
        as_json=as_json,
    )
    if out is not None and not out.is_dir():  # said before anything is prepared
        raise OutputRefused("files.no_folder", path=out)
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents]
        checker = held.enter_context(Checker())
        checker.start()  # while the rest is loaded, and the recipient is chosen
        from secshare.sharing import Desk

        desk = held.enter_context(Desk(session.practice(practice), by=by))
        sealing.check_places(desk.practice, sources, out)
        who = to or _choose(session, desk)
        addressed = _addressed(session, desk, who, about, road, purpose, wanted)
        checked = sealing.check_documents(desk, checker, addressed, sources, wanted)
        if dry_run:  # asks nothing, and ends as `check` does
            told.tell(session, checked.findings, told.beside(checked, addressed))
            described = seal_told.described(
                addressed, sources, kind or checked.report.kind, by_hand=wanted.by_hand
            )
            seal_told.say_plan(session, addressed, described, seal_format, checked, as_json=as_json)
            if checked.verdict in {Severity.CONFIRM, Severity.BLOCK}:
                raise typer.Exit(ExitCode.PREFLIGHT_STOPPED)
            return
        prepared = sealing.prepare_checked(session, desk, addressed, sources, checked, wanted)
    copied = prepared.files
    if out is not None:
        from secshare.sharing.copying import copy_out

        copied = copy_out(prepared.share.reference, prepared.files, out)
    if as_json:
        session.result_json(seal_told.prepared_as_json(addressed, prepared, copied, checked))
    else:
        seal_told.say_prepared(session, addressed, prepared, copied)


def _addressed(
    session: Session,
    desk: Desk,
    who: str,
    about: str | None,
    road: Road | None,
    purpose: str,
    wanted: sealing.Wanted,
) -> Addressed:
    """Return whom it is for; a script that reads JSON is told a refusal as a finding, too.

    Raises:
        RecipientUnknown, RecipientRefused, RecipientDataInvalid: as `sharing.address`.
    """
    from secshare.sharing import address, refusal

    today = date.today()
    try:
        return address(
            desk, who, about=about, road=road, by_hand=wanted.by_hand, purpose=purpose, today=today
        )
    except RecipientRefused as refused:
        if wanted.as_json:
            session.result_json(told.as_json([refusal(refused)], Severity.BLOCK))
        raise


def _choose(session: Session, desk: Desk) -> str:
    session.require_terminal("--to")
    from secshare.cli.choose import choose

    return choose(desk.directory)
