"""`secshare seal`: prepare documents for one recipient. Nothing leaves by itself."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare import files, profiles
from secshare.cli import findings as told
from secshare.cli.base import JsonOption, PracticeOption, YesOption, tr, verb
from secshare.cli.progress import READING, bar
from secshare.cli.session import Session, session_of
from secshare.errors import (
    ExitCode,
    InputUnreadable,
    OutputRefused,
    PreflightStopped,
    RoadFailed,
)
from secshare.model import DocumentKind, Road, SealFormat, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.files import Source
    from secshare.model import Answered
    from secshare.practice import Practice
    from secshare.sharing import Addressed, Checked, Desk, Prepared


_NAMED = 3
"""How many documents the confirmation names."""


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
    accept: told.AcceptOption = None,
    override: told.OverrideOption = None,
    reason: told.ReasonOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tr("seal.opt_dry_run"))] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Seal documents for one recipient; the options are explained by `--help`."""
    from secshare.preflight import Checker
    from secshare.sharing import Desk, address, check, check_form, prepare

    session = session_of(ctx)
    given = told.Given.of(accept, override, reason)
    if out is not None and not out.is_dir():  # said before anything is prepared
        raise OutputRefused("files.no_folder", path=out)
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents]
        checker = held.enter_context(Checker())
        checker.start()  # while the practice is opened and the recipient is chosen
        desk = held.enter_context(Desk(session.practice(practice)))
        _check_places(desk.practice, sources, out)
        who = to or _choose(session, desk)
        by_hand = seal_format is SealFormat.HTML
        today = date.today()
        addressed = address(
            desk, who, about=about, road=road, by_hand=by_hand, purpose=purpose, today=today
        )
        check_form(seal_format, addressed, sources)
        size = sum(source.size for source in sources)
        with bar(tr("check.reading"), size, worth=READING) as progress:
            checked = check(desk, checker, addressed, sources, progress=progress)
        checker.close()
        kind = kind or checked.report.kind
        described = _described(addressed, sources, kind, by_hand=by_hand)
        told.tell(session, checked.findings)
        if any(finding.rule == "export" for finding in checked.findings):
            session.write(*(told.export_reason(each) for each in checked.report.exports))
        if dry_run:  # asks nothing, and ends as `check` does
            _say_plan(session, addressed, described, seal_format, checked, as_json=as_json)
            if checked.verdict in {Severity.CONFIRM, Severity.BLOCK}:
                raise typer.Exit(ExitCode.PREFLIGHT_STOPPED)
            return
        answered = _settle(session, addressed, checked, given, as_json=as_json)
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
        session.result_json(_as_json(addressed, prepared, copied, checked))
    else:
        _say_prepared(session, addressed, prepared, copied)


def _settle(
    session: Session, addressed: Addressed, checked: Checked, given: told.Given, *, as_json: bool
) -> tuple[Answered, ...]:
    """Go past every finding, or stop; a script that reads JSON has the findings then too.

    Raises:
        PreflightStopped, Declined: as `findings.settle`.
    """
    for key in addressed.recipient.keys if "keys" in addressed.changed else ():
        from secshare.recipients import spoken_fingerprint

        session.say("seal.fingerprint", fingerprint=spoken_fingerprint(key))
    try:
        return told.settle(session, checked.findings, given, addressed.subject)
    except PreflightStopped:
        if as_json:
            session.result_json(told.as_json(checked.findings, checked.verdict))
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


def _described(
    addressed: Addressed, sources: Sequence[Source], kind: DocumentKind, *, by_hand: bool
) -> dict[str, object]:
    """Return what the confirmation line shows: enough to be sure of the person, contacts masked."""
    from secshare.recipients import masked_email, masked_phone

    recipient = addressed.recipient
    born, none = recipient.birth_date, tr("seal.not_recorded")
    names = [source.name for source in sources[:_NAMED]]
    if len(sources) > _NAMED:
        names.append(tr("seal.and_more", count=len(sources) - _NAMED))
    return {
        "name": recipient.name,
        "about": addressed.subject.name,
        "documents": f"{', '.join(names)} ({tr(f'check.kind_{kind}')})",
        "born": born.strftime("%d/%m/%Y") if born else tr("seal.born_not_recorded"),
        "email": masked_email(recipient.email) if recipient.email else none,
        "phone": masked_phone(recipient.phone) if recipient.phone else none,
        "file_road": tr("seal.by_mail" if recipient.email and not by_hand else "seal.by_hand"),
        "words_road": tr(f"seal.by_{addressed.road}" if addressed.road else "seal.by_key"),
    }


def _say_plan(
    session: Session,
    addressed: Addressed,
    described: dict[str, object],
    seal_format: SealFormat,
    checked: Checked,
    *,
    as_json: bool,
) -> None:
    recipient, subject = addressed.recipient, addressed.subject
    if not as_json:
        form = tr(f"shares.format_{seal_format}", label=tr("roads.pdf_label"))
        session.result(tr("seal.dry_run", form=form, **described))
        return
    session.result_json(
        {
            "dry_run": True,
            "recipient": {"id": recipient.id, "name": recipient.name},
            "subject": {"id": subject.id, "name": subject.name},
            "road": addressed.road,
            "format": seal_format,
            "kind": checked.report.kind,
            **told.as_json(checked.findings, checked.verdict),
        }
    )


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


def _as_json(
    addressed: Addressed, prepared: Prepared, copied: tuple[Path, ...], checked: Checked
) -> dict[str, Any]:
    share = prepared.share
    draft = next((path for path in copied if path.name == "message.eml"), None)
    return {
        "reference": str(share.reference),
        "recipient": {"id": addressed.recipient.id, "name": addressed.recipient.name},
        "files": [str(path) for path in copied],
        "mail_draft": str(draft) if draft else None,
        "road": share.road,
        "secret_files": [str(path) for path in prepared.secret_files],
        "format": share.format,
        "work_factor": share.work_factor,
        "kind": share.kind,
        "purpose": share.purpose,
        **told.as_json(checked.findings, checked.verdict),
    }


def _say_prepared(
    session: Session, addressed: Addressed, prepared: Prepared, copied: tuple[Path, ...]
) -> None:
    share = prepared.share
    session.result(tr("seal.reference", reference=share.reference, name=addressed.recipient.name))
    file = "file_by_hand" if share.format is SealFormat.HTML else "file"
    for path in copied:
        session.result(tr(f"seal.{file}", path=path))
    for path in prepared.secret_files:
        session.result(tr("seal.secret_file", path=path))
    if prepared.too_large:
        session.say("seal.too_large")
    elif share.format is SealFormat.HTML:
        session.say("seal.html_by_hand")
    elif prepared.mail_draft is None:
        session.say("seal.no_address")
    first = tr("seal.next_mail" if prepared.mail_draft else "seal.next_hand")
    second = tr(f"seal.next_{share.road}" if share.road else "seal.next_key")
    session.say("seal.prepared", first=first, second=second)
