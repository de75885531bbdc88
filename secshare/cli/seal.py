"""`secshare seal`: prepare documents for one recipient. Nothing leaves by itself."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare import files
from secshare.cli.base import JsonOption, PracticeOption, YesOption, tr, verb
from secshare.cli.progress import bar
from secshare.cli.session import Session, session_of
from secshare.errors import InputUnreadable, OutputRefused, RoadFailed
from secshare.model import Road, SealFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.files import Source
    from secshare.practice import Practice
    from secshare.sharing import Addressed, Desk, Prepared


class Accept(StrEnum):
    """What a script may answer yes to beforehand, one by one."""

    CHANGED_CONTACT = "changed-contact"
    CHANGED_KEY = "changed-key"


_NAMED = 3
"""How many documents the confirmation names."""

_CHANGES = {
    "email": Accept.CHANGED_CONTACT,
    "phone": Accept.CHANGED_CONTACT,
    "keys": Accept.CHANGED_KEY,
}


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
    accept: Annotated[
        list[Accept] | None, typer.Option("--accept", help=tr("seal.opt_accept"))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tr("seal.opt_dry_run"))] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Seal documents for one recipient; the options are explained by `--help`."""
    from secshare.sharing import Desk, address, check_form, prepare

    session = session_of(ctx)
    if out is not None and not out.is_dir():  # said before anything is prepared
        raise OutputRefused("files.no_folder", path=out)
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents]
        desk = held.enter_context(Desk(session.practice(practice)))
        _check_places(desk.practice, sources, out)
        who = to or _choose(session, desk)
        by_hand = seal_format is SealFormat.HTML
        today = date.today()
        addressed = address(desk, who, about=about, road=road, by_hand=by_hand, today=today)
        check_form(seal_format, addressed, sources)
        described = _described(addressed, sources, by_hand=by_hand)
        _ask_changes(session, addressed, described, accepted=accept or [])
        if seal_format is SealFormat.PDF:
            session.say("seal.pdf_label", label=tr("roads.pdf_label"))
        if not yes:
            key = "confirm" if addressed.recipient.uid == addressed.subject.uid else "confirm_for"
            name = desk.practice.settings.name
            session.confirm(f"seal.{key}", option="--yes", practice=name, **described)
        if dry_run:
            _say_plan(session, addressed, described, seal_format, as_json=as_json)
            return
        with bar(tr("seal.sealing"), sum(source.size for source in sources)) as progress:
            prepared = prepare(
                desk, addressed, sources, seal_format=seal_format, words=words, progress=progress
            )
    copied = _copy_out(prepared, out) if out else prepared.files
    if as_json:
        session.result_json(_as_json(addressed, prepared, copied))
    else:
        _say_prepared(session, addressed, prepared, copied)


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


def _ask_changes(
    session: Session,
    addressed: Addressed,
    described: dict[str, object],
    *,
    accepted: Sequence[Accept],
) -> None:
    """Ask about each contact or key that changed since the last share: `--yes` never answers it."""
    from secshare.recipients import spoken_fingerprint

    for changed in addressed.changed:
        needed = _CHANGES[changed]
        if needed in accepted:
            continue
        if changed == "keys":
            for key in addressed.recipient.keys:
                session.say("seal.fingerprint", fingerprint=spoken_fingerprint(key))
        session.confirm(
            f"seal.confirm_changed_{changed}",
            option=f"--accept {needed}",
            name=addressed.recipient.name,
            contact=described["phone" if changed == "phone" else "email"],
        )


def _described(
    addressed: Addressed, sources: Sequence[Source], *, by_hand: bool
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
        "documents": ", ".join(names),
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


def _as_json(addressed: Addressed, prepared: Prepared, copied: tuple[Path, ...]) -> dict[str, Any]:
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
