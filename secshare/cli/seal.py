"""`secshare seal`: prepare documents for one recipient. Nothing leaves by itself."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files, profiles
from secshare.cli import findings as told
from secshare.cli import seal_told, settling
from secshare.cli.base import JsonOption, PracticeOption, YesOption, tr, verb
from secshare.cli.progress import READING, bar
from secshare.cli.session import Session, session_of
from secshare.errors import (
    ExitCode,
    InputUnreadable,
    OutputRefused,
    PreflightStopped,
    RecipientRefused,
    RoadFailed,
)
from secshare.model import DocumentKind, Road, SealFormat, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.files import Source
    from secshare.model import Answered
    from secshare.practice import Practice
    from secshare.sharing import Addressed, Checked, Desk, Prepared


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
    kind: Annotated[DocumentKind | None, typer.Option("--kind", help=tr("check.opt_kind"))] = None,
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help=tr("check.opt_purpose"))
    ] = profiles.PURPOSE,
    accept: settling.AcceptOption = None,
    override: settling.OverrideOption = None,
    reason: settling.ReasonOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tr("seal.opt_dry_run"))] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Seal documents for one recipient; the options are explained by `--help`."""
    from secshare.preflight import Checker

    session = session_of(ctx)
    given = settling.Given.of(accept, override, reason)
    if out is not None and not out.is_dir():  # said before anything is prepared
        raise OutputRefused("files.no_folder", path=out)
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents]
        checker = held.enter_context(Checker())
        checker.start()  # while the rest is loaded, and the recipient is chosen
        from secshare.sharing import Desk, check, check_form, prepare

        desk = held.enter_context(Desk(session.practice(practice)))
        _check_places(desk.practice, sources, out)
        who = to or _choose(session, desk)
        by_hand = seal_format is SealFormat.HTML
        addressed = _addressed(
            session, desk, who, about, road, by_hand=by_hand, purpose=purpose, as_json=as_json
        )
        check_form(seal_format, addressed, sources)
        size = sum(source.size for source in sources)
        with bar(tr("check.reading"), size, worth=READING, steps=len(sources)) as progress:
            checked = check(desk, checker, addressed, sources, kind=kind, progress=progress)
        checker.close()
        kind = kind or checked.report.kind
        described = seal_told.described(addressed, sources, kind, by_hand=by_hand)
        if dry_run:  # asks nothing, and ends as `check` does
            told.tell(session, checked.findings, told.beside(checked, addressed))
            seal_told.say_plan(session, addressed, described, seal_format, checked, as_json=as_json)
            if checked.verdict in {Severity.CONFIRM, Severity.BLOCK}:
                raise typer.Exit(ExitCode.PREFLIGHT_STOPPED)
            return
        answered = _settle(
            session, desk, addressed, checked, given, documents=len(sources), as_json=as_json
        )
        if seal_format is SealFormat.PDF:
            session.say("seal.pdf_label", label=tr("roads.pdf_label"))
        if not yes:
            key = "confirm" if addressed.recipient.uid == addressed.subject.uid else "confirm_for"
            name = desk.practice.settings.name
            session.confirm(f"seal.{key}", option="--yes", practice=name, **described)
        with bar(tr("seal.sealing"), size) as progress:
            prepared = prepare(
                desk,
                addressed,
                sources,
                seal_format=seal_format,
                words=words,
                kind=kind,
                checked=checked,
                answered=answered,
                progress=progress,
            )
    copied = _copy_out(prepared, out) if out else prepared.files
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
    *,
    by_hand: bool,
    purpose: str,
    as_json: bool,
) -> Addressed:
    """Return whom it is for; a script that reads JSON is told a refusal as a finding, too.

    Raises:
        RecipientUnknown, RecipientRefused, RecipientDataInvalid: as `sharing.address`.
    """
    from secshare.sharing import address, refusal

    today = date.today()
    try:
        return address(
            desk, who, about=about, road=road, by_hand=by_hand, purpose=purpose, today=today
        )
    except RecipientRefused as refused:
        if as_json:
            session.result_json(told.as_json([refusal(refused)], Severity.BLOCK))
        raise


def _settle(
    session: Session,
    desk: Desk,
    addressed: Addressed,
    checked: Checked,
    given: settling.Given,
    *,
    documents: int,
    as_json: bool,
) -> tuple[Answered, ...]:
    """Go past every finding, or stop; a script that reads JSON has the findings then too.

    Raises:
        PreflightStopped, Declined: as `settling.settle`.
    """
    from secshare.sharing import owner

    try:
        return settling.settle(
            session,
            checked,
            given,
            addressed,
            documents=documents,
            owner=owner(desk, checked.findings),
        )
    except PreflightStopped:
        if as_json:
            session.result_json(seal_told.found_as_json(checked))
        raise


def _check_places(practice: Practice, sources: Sequence[Source], out: Path | None) -> None:
    """Keep documents and secrets apart: two roads, two folders.

    Raises:
        InputUnreadable: a secret of the practice is given as a document.
        OutputRefused: the copy is to go into the practice folder.
    """
    for source in sources:
        if practice.part_of(source.path) in {"private", "secrets"}:
            raise InputUnreadable("seal.not_a_document", path=source.path)
    if out is not None and practice.part_of(out) is not None:
        raise OutputRefused("seal.out_in_practice", path=out)


def _choose(session: Session, desk: Desk) -> str:
    session.require_terminal("--to")
    from secshare.cli.choose import choose

    return choose(desk.directory)


def _copy_out(prepared: Prepared, out: Path) -> tuple[Path, ...]:
    """Copy what may leave by mail to a folder of the person's choice; the outbox keeps its own.

    Raises:
        RoadFailed: the share is prepared, but the copy could not be made.
    """
    target = out / str(prepared.share.reference)
    try:
        with files.publish_folder(target) as hidden:
            for path in prepared.files:
                with files.open_source(path) as source, files.publish(hidden / path.name) as sink:
                    files.copy(source.file, sink)
    except OutputRefused as error:
        raise RoadFailed(
            "sharing.out_failed", reference=prepared.share.reference, path=target
        ) from error
    return tuple(target / path.name for path in prepared.files)
