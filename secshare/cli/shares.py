"""`secshare shares`: what was prepared, for whom, when, by which roads, and what to do next."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare.cli.base import JsonOption, PracticeOption, shares_app, tr, verb
from secshare.cli.session import Session, session_of
from secshare.messages import printable
from secshare.model import Reference

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.model import Share
    from secshare.sharing import Desk


@shares_app.callback()
def shares(
    ctx: typer.Context,
    to: Annotated[str | None, typer.Option("--to", metavar="WHO", help=tr("shares.opt_to"))] = None,
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=1, help=tr("shares.opt_last"))
    ] = 50,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """List shares, the newest first."""
    if ctx.invoked_subcommand is not None:
        return
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice)) as desk:
        recipient = desk.directory.find(to).uid if to else None
        found = list(islice(desk.register.shares(recipient), last))
        if as_json:
            session.result_json([_as_json(desk, share) for share in found])
            return
        for share in found:
            session.result(_line(share))
    if not found:
        session.say("shares.none")


@verb("show", "shares.show_help", shares_app)
def show(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help=tr("secret.arg_reference"))],
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Show one share: what to say to somebody on the telephone, and what to do next."""
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice)) as desk:
        share = desk.register.share(Reference.parse(reference))
        if as_json:
            session.result_json(_as_json(desk, share))
        else:
            _show(session, desk, share)


def _when(share: Share) -> str:
    return share.created.astimezone().strftime("%d/%m/%Y %H:%M")


def _line(share: Share) -> str:
    road = share.road.value if share.road else tr("shares.key")
    return f"{share.reference}  {_when(share)}  {road:<5}  {printable(share.name)}"


def _folder(desk: Desk, share: Share) -> Path:
    return desk.practice.outbox / str(share.reference)


def _as_json(desk: Desk, share: Share) -> dict[str, Any]:
    recipient, subject = (
        desk.directory.by_uid(share.recipient),
        desk.directory.by_uid(share.subject),
    )
    folder = _folder(desk, share)
    return {
        "reference": str(share.reference),
        "status": share.status,
        "created": share.created.isoformat(),
        "recipient": {"id": recipient.id if recipient else None, "name": share.name},
        "subject": {"id": subject.id if subject else None},
        "road": share.road,
        "format": share.format,
        "work_factor": share.work_factor,
        "documents": share.documents,
        "size": share.size,
        "sha256": share.sha256,
        "folder": str(folder) if folder.is_dir() else None,
        "words_kept": share.words_kept,
    }


def _show(session: Session, desk: Desk, share: Share) -> None:
    from secshare.recipients import masked_email, masked_phone

    none, subject = tr("seal.not_recorded"), desk.directory.by_uid(share.subject)
    folder = _folder(desk, share)
    rows = {
        "reference": str(share.reference),
        "name": share.name,
        "about": subject.name if subject else none,
        "created": _when(share),
        "documents": share.documents,
        "status": tr(f"shares.{share.status}"),
        "file_road": masked_email(share.email) if share.email else tr("seal.by_hand"),
        "words_road": tr(f"seal.by_{share.road}" if share.road else "seal.by_key"),
        "phone": masked_phone(share.phone) if share.phone else none,
        "folder": folder if folder.is_dir() else tr("shares.folder_gone"),
    }
    width = max(len(tr(f"shares.row_{row}")) for row in rows)
    for row, value in rows.items():
        session.result(f"{tr(f'shares.row_{row}'):<{width}}  {printable(value)}")
    session.result()
    for key in _next(share, in_outbox=folder.is_dir()):
        session.result(tr(f"shares.{key}", reference=share.reference))


def _next(share: Share, *, in_outbox: bool) -> list[str]:
    """Return what usually helps next, most useful first."""
    steps = []
    if in_outbox:
        steps.append("next_send_again")
    if share.road is None:
        steps.append("next_key")
    elif share.words_kept:
        steps += ["next_phone", "next_words"]
    steps.append("next_seal_again")
    return steps
