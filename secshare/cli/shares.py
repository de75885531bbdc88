"""`secshare shares`: what was prepared, for whom, when, by which roads, and what to do next."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare.cli.base import JsonOption, PracticeOption, shares_app, tr, verb
from secshare.cli.session import Session, session_of
from secshare.cli.shares_told import (
    day,
    next_steps,
    short_file,
    short_words,
    states_as_json,
    told_states,
)
from secshare.errors import RecipientUnknown
from secshare.messages import printable
from secshare.model import FileState, Reference, Road, SealFormat, SecretState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from secshare.model import Answered, Recipient, Share
    from secshare.sharing import Desk


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
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=1, help=tr("shares.opt_last"))
    ] = 50,
    state: Annotated[
        list[State] | None, typer.Option("--state", help=tr("shares.opt_state"))
    ] = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """List shares, the newest first."""
    if ctx.invoked_subcommand is not None:
        return
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice)) as desk:
        wanted = {each.value for each in state or ()}
        those = (
            share
            for share in _of(desk, to)
            if not wanted or wanted & {share.states.file, share.states.secret}
        )
        found = list(islice(those, last))
        if as_json:
            session.result_json([_as_json(desk, share) for share in found])
            return
        for share in found:
            session.result(_line(desk, share))
    if not found:
        session.say("shares.none_such" if state else "shares.none")


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


def _of(desk: Desk, to: str | None) -> Iterator[Share]:
    """Yield the shares for somebody in the directory, or who was when they were prepared."""
    from secshare.register.persons import former

    if to is None:
        yield from desk.register.shares()
        return
    try:
        yield from desk.register.shares(desk.directory.find(to).uid)
    except RecipientUnknown:
        found = [share for uid in former(desk.store, to) for share in desk.register.shares(uid)]
        if not found:
            raise
        yield from sorted(found, key=lambda share: share.created, reverse=True)


def _line(desk: Desk, share: Share) -> str:
    road = tr(f"seal.by_{share.road}" if share.road else "shares.key")
    widest = max(len(tr(key)) for key in ("shares.key", *(f"seal.by_{each}" for each in Road)))
    found = desk.directory.by_uid(share.recipient)
    states = f"{short_file(share):<12}  {short_words(share):<17}"
    who = person(share.name, found)
    return f"{share.reference}  {day(share.created)}  {states}  {road:<{widest}}  {who}"


def person(name: str, found: Recipient | None) -> str:
    """Return a name with what tells homonyms apart: the id, and the birth date if there is one."""
    if found is None:
        return tr("shares.person_gone", name=name)
    if found.birth_date is None:
        return tr("shares.person", name=name, id=found.id)
    born = found.birth_date.strftime("%d/%m/%Y")
    return tr("shares.person_born", name=name, id=found.id, born=born)


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
    from secshare.recipients import masked_email, masked_phone
    from secshare.sharing.incidents import incidents_of

    none, folder = tr("seal.not_recorded"), _folder(desk, share)
    by_mail = share.email is not None and share.format is not SealFormat.HTML
    found, subject = (desk.directory.by_uid(uid) for uid in (share.recipient, share.subject))
    rows: dict[str, object] = {
        "reference": str(share.reference),
        "name": person(share.name, found),
        "about": person(share.about, subject),
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
    if findings := desk.register.findings(share.reference):
        counted = Counter(_answered(each) for each in findings)
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
    if found is not None and found.phone != share.phone:
        now = masked_phone(found.phone) if found.phone else none
        session.result(tr("shares.phone_changed", phone=now))
    phone = found.phone if found else share.phone
    steps = next_steps(
        share,
        folder,
        phone=phone is not None,
        recalled=_recalled(desk, share),
        incident=incident is not None,
    )
    for key in steps:
        session.result(tr(f"shares.{key}", reference=share.reference))


def _recalled(desk: Desk, share: Share) -> bool:
    """Return whether somebody stopped the words: words that were given do not show it."""
    from secshare.register import Operation

    entries = desk.journal.entries(share.reference)
    return any(entry.operation is Operation.RECALL for entry in entries)


def _answered(answered: Answered) -> str:
    said = tr(f"shares.answer_{answered.answer}")
    if answered.reason:
        said = tr("shares.answer_reason", said=said, reason=answered.reason)
    return f"{answered.rule} ({said})"
