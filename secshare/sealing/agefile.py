"""One age file a share: the document itself, or a stored ZIP when there are several.

One file and one key derivation for several documents, because a passphrase must never wrap two
file keys under one salt, and because nobody types ten words three times.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, cast

from secshare import profiles
from secshare.age import ScryptRecipient, bridge, encrypt, parse_recipient
from secshare.files.archive import ArchiveSource
from secshare.model import SealedToWords, SealFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.age import Progress, Recipient
    from secshare.files import Source
    from secshare.model import Reference, Secret


def sealed_name(
    reference: Reference, names: Sequence[str], seal_format: SealFormat = SealFormat.AGE
) -> str:
    """Return the sealed file's name: the reference, and a kind of file that everybody has.

    What comes after a name's last point may be a patient's name, a finding or a date; so an
    extension is kept only if it is one of `profiles.EXTENSIONS`.
    """
    if seal_format is not SealFormat.AGE:
        return f"document-{reference}.{seal_format}"
    if len(names) > 1:
        return f"document-{reference}.zip.age"
    extension = PurePath(names[0]).suffix.lower()
    return f"document-{reference}{extension if extension in profiles.EXTENSIONS else ''}.age"


def work_factor(secret: Secret) -> int | None:
    """Return the scrypt work factor a secret is sealed with, None for keys."""
    if isinstance(secret, SealedToWords):
        return ScryptRecipient(secret.passphrase).work_factor
    return None


def seal(
    documents: Sequence[Source],
    sink: BinaryIO,
    secret: Secret,
    *,
    progress: Progress | None = None,
) -> None:
    """Seal one document, or several as one ZIP, into `sink`, to words or to keys, never both.

    Raises:
        InputUnreadable: a document changed while it was read; the sink is not to be used.
        RecipientDataInvalid: a key cannot be used.
    """
    recipients = _recipients(secret)
    clear = documents[0].file if len(documents) == 1 else ArchiveSource(documents)
    bridged = any(isinstance(recipient, bridge.BridgedRecipient) for recipient in recipients)
    write = bridge.encrypt if bridged else encrypt
    write(cast("BinaryIO", clear), sink, recipients, progress=progress)
    for document in documents:
        document.check_unchanged()


def _recipients(secret: Secret) -> list[Recipient]:
    if isinstance(secret, SealedToWords):
        return [ScryptRecipient(secret.passphrase)]
    return [parse_recipient(key) for key in secret.keys]
