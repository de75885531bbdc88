"""The use case: who it is for, the words drawn, the intent recorded, sealed, handed over.

The order is the security argument, and this module is the only place that knows it.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from secshare import files, passphrase, profiles, roads, sealing
from secshare.age import parse_recipient
from secshare.errors import (
    RecipientDataInvalid,
    RecipientRefused,
    RoadFailed,
    SecshareError,
)
from secshare.model import (
    Kind,
    Recipient,
    Reference,
    Road,
    SealedToKeys,
    SealedToWords,
    SealFormat,
    Secret,
    Share,
    ShareStatus,
    Subject,
)
from secshare.practice import create
from secshare.recipients import Directory, takes_sms
from secshare.register import Register, seal_words
from secshare.register.register import sealed_facts
from secshare.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.messages import Language
    from secshare.model import Passphrase
    from secshare.practice import Practice, Settings

__all__ = ["Addressed", "Desk", "Prepared", "address", "create_practice", "prepare"]


def create_practice(
    folder: Path, settings: Settings, *, protection: Passphrase | None, in_keyring: bool = False
) -> Practice:
    """Make a practice folder with its empty register, whole or not at all.

    Raises:
        PracticeInvalid, OutputRefused, RegisterUnwritable: as `secshare.practice.create`.
    """
    return create(
        folder,
        settings,
        protection=protection,
        in_keyring=in_keyring,
        populate=lambda made: Store.open(made.database, create=True).close(),
    )


class Desk:
    """A practice at work: its database open, its directory and register on top of it.

    Entering it settles what a killed command left and sweeps what is due from `secrets/`, so
    that every command starts from a whole register. Use it as a context manager.

    Attributes:
        practice, store, directory, register: the parts, for the verbs to use.
    """

    def __init__(self, practice: Practice, *, now: Callable[[], float] = time.time) -> None:
        self.practice = practice
        self._now = now
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        self.store = self._exit.enter_context(Store.open(self.practice.database))
        settings = self.practice.settings
        self.directory = Directory(self.store, self.practice.keys, region=settings.region)
        self.register = Register(self.store, self.practice.outbox)
        with self._exit.pop_all() as on_fault:
            self.register.settle()
            self._sweep_secrets()
            self._exit = on_fault.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()

    def _sweep_secrets(self) -> None:
        """Remove what somebody asked to print or copy a day ago: it was there to be used."""
        files.sweep(self.practice.secrets)
        due = self._now() - profiles.SECRETS_HOURS * 3600
        with files.reading(self.practice.secrets):
            for entry in list(self.practice.secrets.iterdir()):
                with suppress(FileNotFoundError):  # another command sweeps at the same time
                    if entry.lstat().st_mtime < due:
                        files.remove(entry)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A recipient who may have this, settled before anything is read or drawn.

    Attributes:
        road: how the words travel; None when the recipient has keys, and no words exist.
        changed: what is not as it was at the last share: `email`, `phone`, `keys`.
        language: the language of what the recipient reads.
    """

    recipient: Recipient
    subject: Subject
    road: Road | None
    changed: tuple[str, ...]
    language: Language


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


def address(
    desk: Desk, to: str, *, about: str | None = None, road: Road | None = None, today: date
) -> Addressed:
    """Return the one recipient that `to` names, or refuse.

    Args:
        to, about: an id or a whole name, of the recipient and of the person it is about.
        road: how the words travel; the recipient's own road, then the practice's, if None.

    Raises:
        RecipientUnknown: nobody, or several.
        RecipientRefused: revoked, opposed to e-mail, or not entitled to what is about `about`.
        RecipientDataInvalid: words by SMS or telephone for somebody without a number, a road
            asked for somebody who has keys.
    """
    recipient = desk.directory.find(to)
    if recipient.revoked is not None:
        raise RecipientRefused("sharing.revoked", id=recipient.id, date=recipient.revoked)
    if recipient.email_consent is False:
        raise RecipientRefused("sharing.opposed", id=recipient.id)
    about_whom = recipient if about is None else desk.directory.find(about)
    _refuse_stranger(recipient, about_whom, today)
    if recipient.keys and road is not None:
        raise RecipientDataInvalid("sharing.road_with_keys", id=recipient.id)
    settled = None if recipient.keys else road or recipient.road or desk.practice.settings.road
    if settled in {Road.SMS, Road.PHONE} and recipient.phone is None:
        raise RecipientDataInvalid("sharing.no_phone", id=recipient.id)
    if settled is Road.SMS and recipient.phone is not None and not takes_sms(recipient.phone):
        raise RecipientDataInvalid("sharing.landline", id=recipient.id)
    for key in recipient.keys:
        parse_recipient(key)  # a broken key is said now, before anything is drawn or written
    return Addressed(
        recipient=recipient,
        subject=Subject(about_whom.uid, about_whom.id, about_whom.name, about_whom.birth_date),
        road=settled,
        changed=desk.directory.changed_since_use(recipient),
        language=recipient.language or desk.practice.settings.language,
    )


def _refuse_stranger(recipient: Recipient, subject: Recipient, today: date) -> None:
    """Refuse what is about somebody the recipient does not represent.

    A professional or an organisation receives what is about its patients; a person receives what
    is about somebody else on a recorded ground only.
    """
    if recipient.uid == subject.uid or recipient.kind is not Kind.PATIENT:
        return
    for representation in recipient.represents:
        if representation.subject == subject.uid:
            if representation.until is None or today <= representation.until:
                return
            raise RecipientRefused(
                "sharing.representation_ended",
                id=recipient.id,
                about=subject.id,
                date=representation.until,
            )
    raise RecipientRefused("sharing.not_represented", id=recipient.id, about=subject.id)


def prepare(
    desk: Desk,
    addressed: Addressed,
    documents: Sequence[Source],
    *,
    words: int | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress | None = None,
) -> Prepared:
    """Draw, record, seal, hand over, in that order; return what stands ready.

    Interrupted or failing anywhere, nothing is left: no file, no clear text, no entry. Killed
    outright, the next `Desk` completes or removes what was begun.

    Args:
        documents: open sources; the descriptors that were checked are the ones that are sealed.
        words: how many, for this share; the practice's setting if None.

    Raises:
        InputUnreadable: a document changed while it was read.
        OutputRefused: the outbox cannot be written, the disk is full.
        RegisterUnwritable: nothing was written.
        RoadFailed: the document is sealed and recorded, but what carries the words could not be
            written; they can be given again.
    """
    secret = _draw(desk.practice, addressed, words)
    reference = desk.register.new_reference()
    share = _intent(reference, addressed, secret, documents, now())
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
                lambda connection: desk.directory.record_use(connection, addressed.recipient),
            )
            name = sealing.sealed_name(reference, [document.name for document in documents])
            with files.publish(hidden / name) as sink:
                sealing.seal(documents, sink, secret, progress=progress)
            draft = _write_mail(desk.practice, hidden, name, share, addressed)
            size, sha256 = sealed_facts(hidden)
    except BaseException:
        if not folder.exists():
            desk.register.abandon(reference)
        raise
    desk.register.complete(reference, size=size, sha256=sha256)
    share = replace(
        share,
        status=ShareStatus.PREPARED,
        size=size,
        sha256=sha256,
        words_kept=sealed_words is not None,
    )
    return Prepared(
        share=share,
        files=tuple(sorted(folder.iterdir())),
        mail_draft=folder / draft.name if draft else None,
        too_large=size > profiles.MAIL_BYTES,
        secret_files=_hand_over(desk.practice, share, addressed, secret),
    )


def _draw(practice: Practice, addressed: Addressed, words: int | None) -> Secret:
    if addressed.road is None:
        return SealedToKeys(addressed.recipient.keys)
    settings = practice.settings
    drawn = passphrase.draw(words or settings.words, settings.words_language)
    return SealedToWords(drawn, addressed.road)


def _intent(
    reference: Reference,
    addressed: Addressed,
    secret: Secret,
    documents: Sequence[Source],
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
        format=SealFormat.AGE,
        work_factor=sealing.work_factor(secret),
        documents=len(documents),
    )


def _seal_words(practice: Practice, share: Share, secret: Secret) -> bytes | None:
    if not isinstance(secret, SealedToWords):
        return None
    return seal_words(
        secret.passphrase.reveal(),
        share.reference,
        share.recipient,
        secret.road,
        practice.recipient,
    )


def _write_mail(
    practice: Practice, hidden: Path, name: str, share: Share, addressed: Addressed
) -> Path | None:
    """Write what may leave by mail. It is given no secret, so that it cannot hold one."""
    if share.email is None:
        return None
    return roads.write_mail(
        hidden,
        sealed=hidden / name,
        to=share.email,
        public_name=practice.settings.public_name,
        phone=practice.settings.phone,
        reference=share.reference,
        road=share.road,
        language=addressed.language,
        desk_language=practice.settings.language,
    )


def _hand_over(
    practice: Practice, share: Share, addressed: Addressed, secret: Secret
) -> tuple[Path, ...]:
    if not isinstance(secret, SealedToWords):
        return ()
    try:
        return roads.write_secret(
            practice.secrets,
            secret.road,
            words=secret.passphrase.reveal(),
            reference=share.reference,
            public_name=practice.settings.public_name,
            phone=share.phone,
            language=addressed.language,
            desk_language=practice.settings.language,
        )
    except SecshareError as error:
        raise RoadFailed("sharing.road_failed", reference=share.reference) from error
