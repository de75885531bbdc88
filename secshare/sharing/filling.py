"""The sealed file of a share and what goes with it by mail, written into its hidden folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare import files, roads
from secshare.recipients import cards_of
from secshare.register.register import sealed_facts
from secshare.sharing import forms, sameness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.messages import Language
    from secshare.model import Reference, Secret, Share
    from secshare.practice import Practice
    from secshare.sharing.desk import Desk

__all__ = ["Filled", "add_mail", "fill"]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written.

    Attributes:
        size, sha256: of the sealed file, the digest in hexadecimal.
        macs: what the journal keeps of each document.
        mail_draft: the name of the mail draft; None where there is none.
    """

    size: int | None
    sha256: str | None
    macs: tuple[str, ...]
    mail_draft: str | None


def fill(
    practice: Practice,
    share: Share,
    documents: Sequence[Source],
    folder: Path,
    secret: Secret,
    *,
    language: Language,
    digests: Sequence[str | None] | None,
    mail: bool = True,
    card: bool = False,
    progress: Progress | None = None,
) -> Filled:
    """Seal documents into an empty folder, and write the draft of the mail that takes them away.

    Args:
        language: the recipient's.
        digests: of the documents as they were checked, None for one that was too large to be read;
            None where nothing was checked.
        mail: whether a draft is wanted.
        card: whether the recipient opens it with a card.

    Raises:
        InputUnreadable: a document is not what was checked, or changed while it was read.
        And what `forms.write` raises; what was written so far stays in the folder.
    """
    sameness.watch(documents, digests)
    name = forms.write(
        share, documents, folder, secret, practice=practice, language=language, progress=progress
    )
    sameness.check_same(documents, digests)
    macs = sameness.macs(documents, practice.signer.mac_key)
    draft = _write_mail(practice, folder, name, share, language, card=card) if mail else None
    size, sha256 = sealed_facts(folder)
    return Filled(size, sha256, tuple(macs), draft.name if draft else None)


def add_mail(desk: Desk, reference: Reference, language: Language) -> None:
    """Write the draft of the mail for a share that stands in the outbox, where there is none yet.

    Args:
        language: the recipient's.

    Raises:
        OutputRefused: the outbox cannot be written.
    """
    practice, share = desk.practice, desk.register.share(reference)
    folder = practice.outbox / str(reference)
    sealed = [path.name for path in folder.glob("document-*")]
    if len(sealed) != 1 or (folder / "message.txt").exists():  # which is written last
        return
    files.remove(folder / "message.eml")
    recipient = desk.directory.somebody(share.recipient)
    card = recipient is not None and bool(cards_of(desk.directory, recipient))
    _write_mail(practice, folder, sealed[0], share, language, card=card)


def _write_mail(
    practice: Practice, folder: Path, name: str, share: Share, language: Language, *, card: bool
) -> Path | None:
    """Write what may leave by mail. It is given no secret, so that it cannot hold one."""
    if share.email is None or not forms.goes_by_mail(share):
        return None
    settings = practice.settings
    return roads.write_mail(
        folder,
        sealed=folder / name,
        to=share.email,
        public_name=settings.public_name,
        phone=settings.phone,
        reference=share.reference,
        road=share.road,
        language=language,
        desk_language=settings.language,
        page=settings.page,
        seal_format=share.format,
        card=card,
    )
