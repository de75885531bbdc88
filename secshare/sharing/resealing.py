"""A share sealed again for the same person: with new words, by another road, in another form."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from secshare import files, profiles, sealing
from secshare.errors import FileDamaged, RecipientUnknown, ShareState
from secshare.register import Operation
from secshare.sharing import sameness
from secshare.sharing.addressing import address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from secshare.files import Source
    from secshare.model import Road, Share
    from secshare.sharing.addressing import Addressed
    from secshare.sharing.desk import Desk


def address_again(
    desk: Desk, share: Share, *, road: Road | None, by_hand: bool, today: date
) -> Addressed:
    """Return whom a share is sealed for again: as they are in the directory today, or refuse.

    Args:
        road: how the words travel; as for the share if None. Somebody who has keys by now gets it
            sealed to them.

    Raises:
        RecipientUnknown: they are not in the directory any more, or the subject is not.
        RecipientRefused, RecipientDataInvalid: as `address`.
    """
    recipient = desk.directory.by_uid(share.recipient)
    subject = desk.directory.by_uid(share.subject)
    if recipient is None or subject is None:
        raise RecipientUnknown("reseal.recipient_gone", reference=share.reference)
    return address(
        desk,
        recipient.id,
        about=None if share.subject == share.recipient else subject.id,
        road=road or (None if recipient.keys else share.road),
        by_hand=by_hand,
        purpose=share.purpose or profiles.PURPOSE,
        today=today,
    )


def sealed_copy(desk: Desk, share: Share) -> Path:
    """Return the sealed file of a share, where the outbox still has it and words open it.

    Raises:
        ShareState: it opens with the recipient's own key only, or is not there any more.
    """
    if share.road is None:
        raise ShareState("reseal.needs_file", reference=share.reference)
    found = sorted((desk.practice.outbox / str(share.reference)).glob("document-*"))
    if len(found) != 1:
        raise ShareState("reseal.cleared", reference=share.reference)
    return found[0]


@contextmanager
def unsealed(share: Share, path: Path, words: str) -> Iterator[list[Source]]:
    """Give the documents of a sealed file, read through its seal: nothing is written in clear.

    Args:
        path: what `sealed_copy` returned.
        words: the share's own, in canonical form. They are the secret.

    Raises:
        FileDamaged: it is not, to the byte, what the register knows that was sealed.
        PassphraseWrong, InputUnreadable: it does not open, or cannot be read.
    """
    with files.open_source(path) as source:
        if hashlib.file_digest(source.file, "sha256").hexdigest() != share.sha256:
            raise FileDamaged("reseal.altered", reference=share.reference)
        yield list(sealing.unseal(source, words, share.format, documents=share.documents))


def same_documents(desk: Desk, share: Share, documents: Sequence[Source]) -> bool | None:
    """Return whether these are the documents of a share, byte for byte and in any order.

    None where the journal does not say any more, or not yet, which they were.

    Raises:
        InputUnreadable: a document cannot be read, or changed meanwhile.
    """
    for entry in desk.journal.entries(share.reference):
        if entry.operation is Operation.PREPARED and "macs" in entry.facts:
            made = sameness.macs(documents, desk.practice.signer.mac_key)
            return sorted(made) == sorted(entry.facts["macs"])
    return None
