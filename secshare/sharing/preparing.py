"""Checked: draw, record, seal, hand over. The order is the security argument, and stands here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from secshare import files, passphrase, profiles, roads
from secshare.errors import RecipientRefused, RoadFailed, SecshareError
from secshare.model import (
    Reference,
    SealedToKeys,
    SealedToWords,
    SealFormat,
    Secret,
    SecretState,
    Share,
    ShareStatus,
    States,
)
from secshare.recipients import cards_of
from secshare.register import Bound, seal_words
from secshare.register.register import sealed_facts
from secshare.sharing import forms, sameness
from secshare.sharing.handing import handover
from secshare.sharing.releasing import take_back

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.model import Answered, DocumentKind, Recipient
    from secshare.practice import Practice
    from secshare.recipients import Directory
    from secshare.register import SealedWords
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
    secret = _draw(desk.practice, addressed, words, seal_format)
    reference = desk.register.new_reference()
    share = _intent(reference, addressed, secret, documents, seal_format=seal_format, created=now())
    share = replace(share, kind=kind, purpose=addressed.purpose, seals_again=seals_again)
    folder = desk.practice.outbox / str(reference)
    try:
        # The hidden folder, with its lock, comes before the intent, so that no other command
        # takes this share for one that a killed process left.
        with files.publish_folder(folder) as hidden:
            sealed_words = _seal_words(desk.practice, share, secret)
            desk.register.begin(
                share,
                sealed_words,
                hidden.name,
                lambda _: _check_recipient(desk, addressed),
                findings=answered,
                file_road="mail" if forms.goes_by_mail(share) else "hand",
                words_drawn=_drawn_words(secret),
            )
            sameness.watch(documents, checked)
            name = forms.write(
                share,
                documents,
                hidden,
                secret,
                practice=desk.practice,
                language=addressed.language,
                progress=progress,
            )
            sameness.check_same(documents, checked)
            macs = sameness.macs(documents, desk.practice.signer.mac_key)
            draft = _write_mail(desk, hidden, name, share, addressed)
            size, sha256 = sealed_facts(hidden)
        share = desk.register.complete(
            reference,
            size,
            sha256,
            lambda connection: _keep(desk, connection, addressed, checked),
            hold=hold,
            macs=macs,
        )
    except BaseException:
        _undo(desk, reference, folder)
        raise
    return Prepared(
        share=share,
        files=tuple(sorted(folder.iterdir())),
        mail_draft=folder / draft.name if draft else None,
        too_large=forms.travels_by_mail(share.format) and (size or 0) > profiles.MAIL_BYTES,
        secret_files=() if hold else _hand_over(desk, share, addressed, secret),
    )


def _keep(
    desk: Desk, connection: sqlite3.Connection, addressed: Addressed, checked: Checked | None
) -> None:
    """Write what stands once the share does: what was used, and which contacts were asked about.

    Not with the intent: a share that comes to nothing has used nothing, and its answers are asked
    for again. An answer about somebody whose contact changed meanwhile was about another.
    """
    recipient, directory = addressed.recipient, desk.directory
    directory.record_use(connection, recipient)
    if checked is not None:
        look_alikes = [each for each in checked.look_alikes if _as_asked(directory, each.other)]
        shared = [each for each in checked.shared if _as_asked(directory, each.other)]
        directory.record_ties(connection, recipient, look_alikes, shared)


def _as_asked(directory: Directory, other: Recipient | None) -> bool:
    """Return whether somebody else's contacts are still those that the question was about."""
    if other is None:  # a common provider
        return True
    now = directory.by_uid(other.uid)
    return now is not None and (now.email, now.phone) == (other.email, other.phone)


def _check_recipient(desk: Desk, addressed: Addressed) -> None:
    """Check, while nobody else can write, that the recipient is who was asked about.

    Raises:
        RecipientRefused: another command changed them while a question was open.
    """
    asked = addressed.recipient
    now = desk.directory.by_uid(asked.uid)
    if now != asked:
        raise RecipientRefused("sharing.changed_meanwhile", id=asked.id)


def _undo(desk: Desk, reference: Reference, folder: Path) -> None:
    """Take back what was begun. What cannot be taken back now, the next command settles."""
    with suppress(SecshareError):
        files.remove(folder)
    if not folder.exists():
        with suppress(SecshareError):
            desk.register.abandon(reference)


def _draw(
    practice: Practice, addressed: Addressed, words: int | None, seal_format: SealFormat
) -> Secret:
    if addressed.road is None:
        return SealedToKeys(addressed.recipient.keys)
    settings = practice.settings
    count = forms.words_count(seal_format, words or settings.words, settings.words_language)
    return SealedToWords(passphrase.draw(count, settings.words_language), addressed.road)


def _drawn_words(secret: Secret) -> int | None:
    """Return how many words were drawn, for the journal: their number is no secret."""
    return len(secret.passphrase.words) if isinstance(secret, SealedToWords) else None


def _intent(
    reference: Reference,
    addressed: Addressed,
    secret: Secret,
    documents: Sequence[Source],
    *,
    seal_format: SealFormat,
    created: datetime,
) -> Share:
    recipient = addressed.recipient
    return Share(
        reference=reference,
        status=ShareStatus.PREPARING,
        created=created,
        recipient=recipient.uid,
        subject=addressed.subject.uid,
        name=recipient.name,
        about=addressed.subject.name,
        email=recipient.email,
        phone=recipient.phone,
        road=addressed.road,
        format=seal_format,
        work_factor=forms.work_factor(seal_format, secret),
        documents=len(documents),
        states=States(secret=None if addressed.road is None else SecretState.HELD),
    )


def _seal_words(practice: Practice, share: Share, secret: Secret) -> SealedWords | None:
    if not isinstance(secret, SealedToWords):
        return None
    expires = share.created + timedelta(days=practice.settings.words_days)
    bound = Bound(share.reference, share.recipient, secret.road, expires)
    return seal_words(secret.passphrase.reveal(), bound, practice.recipient)


def _write_mail(
    desk: Desk, hidden: Path, name: str, share: Share, addressed: Addressed
) -> Path | None:
    """Write what may leave by mail. It is given no secret, so that it cannot hold one."""
    if share.email is None or not forms.goes_by_mail(share):
        return None
    settings = desk.practice.settings
    return roads.write_mail(
        hidden,
        sealed=hidden / name,
        to=share.email,
        public_name=settings.public_name,
        phone=settings.phone,
        reference=share.reference,
        road=share.road,
        language=addressed.language,
        desk_language=settings.language,
        page=settings.page,
        seal_format=share.format,
        card=bool(cards_of(desk.directory, addressed.recipient)),
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
