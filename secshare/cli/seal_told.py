"""What `seal` says: the person in the question, what would be done, what was prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from secshare.cli import findings as told
from secshare.cli.base import tr
from secshare.cli.shares_told import states_as_json
from secshare.model import SealFormat, SecretState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from secshare.cli.session import Session
    from secshare.files import Source
    from secshare.model import DocumentKind
    from secshare.sharing import Addressed, Checked, Prepared

_NAMED: Final = 3
"""How many documents the confirmation names."""


def described(
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


def say_plan(
    session: Session,
    addressed: Addressed,
    described: dict[str, object],
    seal_format: SealFormat,
    checked: Checked,
    *,
    as_json: bool,
) -> None:
    """Say what would be sealed, of `--dry-run`."""
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
            **found_as_json(checked),
        }
    )


def found_as_json(checked: Checked) -> dict[str, Any]:
    """Return what was found, as `check --json` gives it."""
    report = checked.report
    return {
        **told.as_json(checked.findings, checked.verdict),
        "kind": report.kind,
        "kind_sure": report.kind_sure,
        "exports": [told.export_as_json(each) for each in report.exports],
    }


def prepared_as_json(
    addressed: Addressed, prepared: Prepared, copied: tuple[Path, ...], checked: Checked
) -> dict[str, Any]:
    """Return what was prepared and what was found, for `--json`."""
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
        **states_as_json(share),
        **found_as_json(checked),
        "kind": share.kind,
        "purpose": share.purpose,
    }


def say_prepared(
    session: Session, addressed: Addressed, prepared: Prepared, copied: tuple[Path, ...]
) -> None:
    """Say what was prepared, where it is, and what is to be done with it."""
    share = prepared.share
    session.result(tr("seal.reference", reference=share.reference, name=addressed.recipient.name))
    file = "file_by_hand" if share.format is SealFormat.HTML else "file"
    for path in copied:
        session.result(tr(f"seal.{file}", path=path))
    for path in prepared.secret_files:
        session.result(tr("seal.secret_file", path=path))
    held = share.states.secret is SecretState.HELD
    if held:
        session.result(tr("seal.held"))
    if prepared.too_large:
        session.say("seal.too_large")
    elif share.format is SealFormat.HTML:
        session.say("seal.html_by_hand")
    elif prepared.mail_draft is None:
        session.say("seal.no_address")
    by = "mail" if prepared.mail_draft else "hand"
    first, third = tr(f"seal.next_{by}"), tr(f"seal.then_{by}", reference=share.reference)
    second = tr(f"seal.next_{share.road}" if share.road else "seal.next_key")
    if held:
        second = tr("seal.next_held", reference=share.reference, road=share.road)
    session.say("seal.prepared", first=first, second=second, third=third)
