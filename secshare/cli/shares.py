"""`secshare shares`: what was prepared, for whom, when, by which roads, and what to do next."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from secshare.cli.base import JsonOption, PracticeOption, shares_app, tr, verb
from secshare.cli.pasting import pasted
from secshare.cli.session import Session, session_of
from secshare.cli.shares_told import (
    day,
    is_asked,
    next_steps,
    recipient_of,
    short_file,
    short_words,
    states_as_json,
    subject_of,
    told_answer,
    told_states,
    was_recalled,
)
from secshare.errors import RecipientUnknown
from secshare.messages import printable
from secshare.model import FileState, Reference, Road, SealFormat, SecretState

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.model import Share
    from secshare.register.reading import Which
    from secshare.sharing import Desk


_LAST: Final = 50
"""Shares that a person is shown: a screen or two."""


class State(StrEnum):
    """What shares can be listed by: how far the document went, or the words."""

    PREPARED = FileState.PREPARED
    SENT = FileState.SENT
    BOUNCED = FileState.BOUNCED
    DELIVERED = FileState.DELIVERED
    OPENED = FileState.OPENED
    HELD = SecretState.HELD
    WRITTEN = SecretState.WRITTEN
    RELEASED = SecretState.RELEASED
    DESTROYED = SecretState.DESTROYED


@shares_app.callback()
def shares(
    ctx: typer.Context,
    to: Annotated[str | None, typer.Option("--to", metavar="WHO", help=tr("shares.opt_to"))] = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="NAME", help=tr("shares.opt_run"))
    ] = None,
    last: Annotated[
        int | None, typer.Option("--last", metavar="N", min=1, help=tr("shares.opt_last"))
    ] = None,
    state: Annotated[
        list[State] | None, typer.Option("--state", help=tr("shares.opt_state"))
    ] = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """List shares, the newest first.

    A person is shown 50 unless they ask for more, and told how many there are. A program cannot see
    that there are more, and gets all.
    """
    if ctx.invoked_subcommand is not None:
        return
    from secshare.register.reading import Which
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice)) as desk:
        which = Which(
            recipients=None if to is None else _uids(desk, to),
            states={each.value for each in state} if state else None,
            run=None if run is None else _run(desk, run),
        )
        if as_json:
            found = desk.register.listed(which, last)
            session.result_json([_as_json(desk, share) for share in found])
        else:
            _list(session, desk, which, last or _LAST)


def _list(session: Session, desk: Desk, which: Which, most: int) -> None:
    unasked = False
    for share in desk.register.listed(which, most):
        asked = is_asked(desk, share.reference)
        session.result(_line(desk, share, asked=asked))
        unasked = unasked or not asked
    if unasked:
        session.say("shares.some_unasked", said=tr("shares.short_unasked"))
    count = desk.register.count(which)
    if count > most:
        session.say("shares.more", shown=most, count=count)
    elif not count:
        anything = which.recipients is which.states is which.run is None
        session.say("shares.none" if anything else "shares.none_such")


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


def _uids(desk: Desk, who: str) -> tuple[str, ...]:
    """Return whom shares are for: somebody in the directory, or who is in the register only."""
    from secshare.register.reading import Which
    from secshare.sharing.history import unlisted

    try:
        return (desk.directory.find(who).uid,)
    except RecipientUnknown:
        uids = unlisted(desk, who)
        if not desk.register.count(Which(recipients=uids)):  # shares may be about them only
            raise
        return uids


def _run(desk: Desk, written: str) -> str:
    from secshare.batch.choosing import find_run

    return find_run(desk.store, written).name


def _line(desk: Desk, share: Share, *, asked: bool) -> str:
    road = tr(f"seal.by_{share.road}" if share.road else "shares.key")
    if not asked:  # nothing of it is to go by any road; the share in its place has the same name
        road = tr("shares.short_unasked")
    keys = ("shares.key", "shares.short_unasked", *(f"seal.by_{each}" for each in Road))
    widest = max(len(tr(key)) for key in keys)
    states = f"{short_file(share):<12}  {short_words(share):<17}"
    who = recipient_of(desk, share)
    return f"{share.reference}  {day(share.created)}  {states}  {road:<{widest}}  {who}"


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
        "subject": {"id": subject.id if subject else None, "name": share.about},
        "road": share.road,
        "format": share.format,
        "work_factor": share.work_factor,
        "documents": share.documents,
        "size": share.size,
        "sha256": share.sha256,
        "folder": str(folder) if folder.is_dir() else None,
        **states_as_json(share),
        "sent": share.sent.isoformat() if share.sent else None,
        "seals_again": str(share.seals_again) if share.seals_again else None,
        "words_kept": share.words_kept,
        "run": desk.register.run_of(share.reference),
        "asked": is_asked(desk, share.reference),
        "kind": share.kind,
        "purpose": share.purpose,
        "incident": _incident_as_json(desk, share),
        "findings": [
            {
                "rule": each.rule,
                "severity": each.severity,
                "answer": each.answer,
                "reason": each.reason,
            }
            for each in desk.register.findings(share.reference)
        ],
        "answers": [
            {
                "received": answer.received.isoformat(),
                "folder": str(desk.inbox.folder / answer.folder),
            }
            for answer in desk.inbox.all(share.reference)
        ],
    }


def _incident_as_json(desk: Desk, share: Share) -> dict[str, str | None] | None:
    from secshare.sharing.incidents import incidents_of

    incident = incidents_of(desk).of(share.reference)
    if incident is None:
        return None
    return {
        "recorded": incident.recorded.isoformat(),
        "found": incident.found.isoformat(),
        "deadline": incident.deadline.isoformat(),
        "decided": incident.decided.isoformat() if incident.decided else None,
    }


def _show(session: Session, desk: Desk, share: Share) -> None:
    from secshare.batch.choosing import sealed_since
    from secshare.recipients import masked_email, masked_phone
    from secshare.register import twins
    from secshare.sharing.incidents import incidents_of

    none, folder = tr("seal.not_recorded"), _folder(desk, share)
    by_mail = share.email is not None and share.format is not SealFormat.HTML
    found, run = desk.directory.by_uid(share.recipient), desk.register.run_of(share.reference)
    asked, others = is_asked(desk, share.reference), twins(desk.store, share.reference)
    since = sealed_since(desk.store, share.reference)
    careful = {} if asked else {"unasked": tr("shares.unasked")}
    if since is not None:
        careful = {"unasked": tr("shares.sealed_since", twin=since.reference, run=since.run)}
    rows: dict[str, object] = {
        "reference": str(share.reference),
        **careful,
        "name": recipient_of(desk, share),
        "about": subject_of(desk, share),
        "created": day(share.created),
        "documents": share.documents,
        "kind": tr(f"check.kind_{share.kind}") if share.kind else none,
        "purpose": share.purpose or none,
        "format": tr(f"shares.format_{share.format}", label=tr("roads.pdf_label")),
        "file_road": masked_email(share.email or "") if by_mail else tr("seal.by_hand"),
        "words_road": tr(f"seal.by_{share.road}" if share.road else "seal.by_key"),
        "phone": masked_phone(share.phone) if share.phone else none,
        **told_states(share),
        "folder": folder if folder.is_dir() else tr("shares.folder_gone"),
    }
    if run is not None:
        rows["run"] = run
    if findings := desk.register.findings(share.reference):
        counted = Counter(told_answer(each) for each in findings)
        rows["findings"] = "; ".join(
            said if count == 1 else f"{said} × {count}" for said, count in counted.items()
        )
    answers = list(desk.inbox.all(share.reference))
    if answers:
        rows["answered"] = ", ".join(day(answer.received) for answer in reversed(answers))
        rows["answer_folder"] = desk.inbox.folder / answers[0].folder
    incident = incidents_of(desk).of(share.reference)
    if incident is not None:
        recorded = f"{incident.recorded.astimezone():%d/%m/%Y}"
        rows["incident"] = (
            tr("shares.incident_decided", recorded=recorded, decided=day(incident.decided))
            if incident.decided
            else tr("shares.incident", recorded=recorded, until=day(incident.deadline))
        )
    width = max(len(tr(f"shares.row_{row}")) for row in rows)
    for row, value in rows.items():
        session.result(f"{tr(f'shares.row_{row}'):<{width}}  {printable(value)}")
    session.result()
    if not careful and found is not None and found.phone != share.phone:
        now = masked_phone(found.phone) if found.phone else none
        session.result(tr("shares.phone_changed", phone=now))
    phone = found.phone if found else share.phone
    steps = next_steps(
        share,
        folder,
        asked=asked,
        since=since is not None,
        stands=bool(others),
        phone=phone is not None,
        recalled=was_recalled(desk, share),
        incident=incident is not None,
        listed=None not in {found, desk.directory.by_uid(share.subject)},
    )
    fields = {"reference": share.reference, "road": share.road, "run": pasted(run or "")}
    if others:
        fields["twin"] = (since or others[0]).reference
    for key in steps:
        session.result(tr(f"shares.{key}", **fields))
