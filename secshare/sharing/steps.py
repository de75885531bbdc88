"""The steps of preparing a share that the register knows of: intended, begun, complete, undone.

`preparing` takes them one after the other for one share; a batch for many at the same time, in
several processes. Their order is the same.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from secshare import files, passphrase
from secshare.errors import RecipientRefused, SecshareError
from secshare.model import (
    SealedToKeys,
    SealedToWords,
    SecretState,
    Share,
    ShareStatus,
    States,
)
from secshare.register import Bound, seal_words
from secshare.sharing import forms

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from secshare.model import Answered, DocumentKind, Recipient, Reference, SealFormat, Secret
    from secshare.practice import Practice
    from secshare.recipients import Directory
    from secshare.register import SealedWords
    from secshare.sharing.addressing import Addressed
    from secshare.sharing.checking import Checked
    from secshare.sharing.desk import Desk
    from secshare.sharing.filling import Filled

__all__ = ["Intent", "begin", "complete", "intend", "undo"]


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be sealed: recorded before anything of it is written.

    Attributes:
        words: sealed to the practice; None for a share sealed to keys.
    """

    share: Share
    secret: Secret
    words: SealedWords | None


def intend(
    practice: Practice,
    reference: Reference,
    addressed: Addressed,
    documents: int,
    *,
    seal_format: SealFormat,
    words: int | None = None,
    kind: DocumentKind | None = None,
    seals_again: Reference | None = None,
    created: datetime,
) -> Intent:
    """Draw the words of a share, and seal them to the practice. Nothing is written.

    Args:
        documents: how many.
    """
    secret = _draw(practice, addressed, words, seal_format)
    share = _intent(
        reference, addressed, secret, documents, seal_format=seal_format, created=created
    )
    share = replace(share, kind=kind, purpose=addressed.purpose, seals_again=seals_again)
    return Intent(share, secret, _seal_words(practice, share, secret))


def begin(
    desk: Desk,
    intent: Intent,
    addressed: Addressed,
    draft: str,
    *,
    answered: Sequence[Answered] = (),
    also: Callable[[sqlite3.Connection], None] = lambda _: None,
) -> None:
    """Commit an intent.

    Args:
        draft: the name of its hidden folder, which is there and locked.
        also: writes what must stand or fall with the intent.

    Raises:
        RecipientRefused: changed in the directory since `address`.
        RegisterUnwritable, JournalBroken: nothing was written.
    """

    def all_of_it(connection: sqlite3.Connection) -> None:
        _check_recipient(desk, addressed)
        if not addressed.listed:
            desk.register.note_unlisted(connection, intent.share)
        also(connection)

    desk.register.begin(
        intent.share,
        intent.words,
        draft,
        all_of_it,
        findings=answered,
        file_road="mail" if forms.goes_by_mail(intent.share) else "hand",
        words_drawn=_drawn_words(intent.secret),
    )


def complete(
    desk: Desk,
    reference: Reference,
    filled: Filled,
    addressed: Addressed,
    checked: Checked | None,
    *,
    hold: bool,
) -> Share:
    """Commit that a share's folder, filled and synced, has its name."""
    return desk.register.complete(
        reference,
        filled.size,
        filled.sha256,
        lambda connection: _keep(desk, connection, addressed, checked),
        hold=hold,
        macs=list(filled.macs),
    )


def _keep(
    desk: Desk, connection: sqlite3.Connection, addressed: Addressed, checked: Checked | None
) -> None:
    """Write what stands once the share does: what was used, and which contacts were asked about.

    Not with the intent: a share that comes to nothing has used nothing, and its answers are asked
    for again. An answer about somebody whose contact changed meanwhile was about another.
    """
    if not addressed.listed:
        return
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
    if addressed.listed and desk.directory.by_uid(asked.uid) != asked:
        raise RecipientRefused("sharing.changed_meanwhile", id=asked.id)


def undo(desk: Desk, reference: Reference) -> None:
    """Take back what was begun. What cannot be taken back now, the next command settles."""
    folder = desk.practice.outbox / str(reference)
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
    documents: int,
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
        documents=documents,
        states=States(secret=None if addressed.road is None else SecretState.HELD),
    )


def _seal_words(practice: Practice, share: Share, secret: Secret) -> SealedWords | None:
    if not isinstance(secret, SealedToWords):
        return None
    expires = share.created + timedelta(days=practice.settings.words_days)
    bound = Bound(share.reference, share.recipient, secret.road, expires)
    return seal_words(secret.passphrase.reveal(), bound, practice.recipient)
