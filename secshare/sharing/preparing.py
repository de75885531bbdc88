"""Checked: draw, record, seal, hand over. The order is the security argument, and stands here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from secshare import files, profiles
from secshare.errors import RoadFailed, SecshareError
from secshare.model import (
    Reference,
    SealedToWords,
    SealFormat,
    Secret,
    Share,
)
from secshare.recipients import cards_of
from secshare.sharing import forms
from secshare.sharing.filling import fill
from secshare.sharing.handing import handover
from secshare.sharing.releasing import take_back
from secshare.sharing.steps import begin, complete, intend, undo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.model import Answered, DocumentKind
    from secshare.sharing.addressing import Addressed
    from secshare.sharing.checking import Checked
    from secshare.sharing.desk import Desk


@dataclass(frozen=True, slots=True)
class Prepared:
    """What stands ready. Nothing has left the practice.

    Attributes:
        files: the sealed file, and what goes with it by mail.
        mail_draft: None above the mail limit, or when the recipient has no address.
        secret_files: what the other road carries; empty for a share sealed to keys.
    """

    share: Share
    files: tuple[Path, ...]
    mail_draft: Path | None
    too_large: bool
    secret_files: tuple[Path, ...] = field(default=())


def prepare(
    desk: Desk,
    addressed: Addressed,
    documents: Sequence[Source],
    *,
    seal_format: SealFormat = SealFormat.AGE,
    words: int | None = None,
    kind: DocumentKind | None = None,
    hold: bool = False,
    seals_again: Reference | None = None,
    checked: Checked | None = None,
    answered: Sequence[Answered] = (),
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress | None = None,
) -> Prepared:
    """Draw, record, seal, hand over, in that order; return what stands ready.

    Interrupted or failing anywhere, nothing is left: no file, no clear text, no entry. Killed
    outright, the next `Desk` completes or removes what was begun.

    Args:
        documents: open sources; the descriptors that were checked are the ones that are sealed.
        seal_format: what the sealed document is made as.
        words: how many, for this share; the practice's setting if None. A password PDF takes
            more where it needs them.
        kind: what the documents are, as somebody confirmed.
        hold: keep the words back; nothing is written of them until somebody releases them.
        seals_again: the share that this one seals again.
        checked: what the preflight found; what is sealed must be, to the byte, what it read.
        answered: how somebody went past each finding; kept with the share.

    Raises:
        InputUnreadable: a document changed since it was checked or while it was read, or cannot be
            made a password PDF.
        RecipientRefused: changed in the directory since `address`.
        WorkRefused: too large for the page.
        RecipientDataInvalid: a password PDF for somebody who has keys.
        ExtraMissing: the page is not built.
        OutputRefused: the outbox cannot be written, the disk is full.
        RegisterUnwritable: nothing was written.
        RoadFailed: the document is sealed and recorded, but what carries the words could not be
            written; they can be given again.
        ShareState: another command recalled the words as soon as the share stood.
    """
    forms.check_form(seal_format, addressed, documents)
    intent = intend(
        desk.practice,
        desk.register.new_reference(),
        addressed,
        len(documents),
        seal_format=seal_format,
        words=words,
        kind=kind,
        seals_again=seals_again,
        created=now(),
    )
    share, secret = intent.share, intent.secret
    folder = desk.practice.outbox / str(share.reference)
    try:
        # The hidden folder, with its lock, comes before the intent, so that no other command
        # takes this share for one that a killed process left.
        with files.publish_folder(folder) as hidden:
            begin(desk, intent, addressed, hidden.name, answered=answered)
            filled = fill(
                desk.practice,
                share,
                documents,
                hidden,
                secret,
                language=addressed.language,
                digests=checked.report.digests if checked else None,
                card=bool(cards_of(desk.directory, addressed.recipient)),
                progress=progress,
            )
        share = complete(desk, share.reference, filled, addressed, checked, hold=hold)
    except BaseException:
        undo(desk, share.reference)
        raise
    return Prepared(
        share=share,
        files=tuple(sorted(folder.iterdir())),
        mail_draft=folder / filled.mail_draft if filled.mail_draft else None,
        too_large=forms.travels_by_mail(share.format) and (filled.size or 0) > profiles.MAIL_BYTES,
        secret_files=() if hold else _hand_over(desk, share, addressed, secret),
    )


def _hand_over(desk: Desk, share: Share, addressed: Addressed, secret: Secret) -> tuple[Path, ...]:
    if not isinstance(secret, SealedToWords):
        return ()
    try:
        words = secret.passphrase.reveal()
        carried = handover(desk.practice, share, addressed.recipient, share.phone, words)
        path = carried.write(desk.practice.secrets, secret.road)
    except SecshareError as error:
        raise RoadFailed("sharing.road_failed", reference=share.reference) from error
    take_back(desk, share, path)
    return (path,)
