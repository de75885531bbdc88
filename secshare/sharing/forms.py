"""What each form of a sealed document is made by, what it needs, and what it cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from secshare import files, page, sealing
from secshare.errors import ExtraMissing, InputUnreadable, RecipientDataInvalid
from secshare.model import SealedToWords, SealFormat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.messages import Language
    from secshare.model import Secret, Share
    from secshare.practice import Practice
    from secshare.sharing.addressing import Addressed


def check_form(seal_format: SealFormat, addressed: Addressed, documents: Sequence[Source]) -> None:
    """Refuse what a form cannot do, before anything is asked, drawn or written.

    Raises:
        ExtraMissing: the page is not built.
        RecipientDataInvalid: a password PDF for somebody who has keys, and so no words.
        InputUnreadable: several documents in one password PDF, or one that cannot become it.
    """
    if seal_format is SealFormat.HTML and not page.available():
        raise ExtraMissing("webpage.not_built")
    if seal_format is not SealFormat.PDF:
        return
    if addressed.road is None:
        raise RecipientDataInvalid("sharing.pdf_with_keys", id=addressed.recipient.id)
    if len(documents) > 1:
        raise InputUnreadable("sharing.pdf_several")
    sealing.check_pdf(documents[0])


def check_places(practice: Practice, paths: Sequence[Path]) -> None:
    """Refuse to seal what is no document: two roads, two folders.

    Raises:
        InputUnreadable: a secret of the practice is given as a document.
    """
    for path in paths:
        if practice.part_of(path) in {"private", "secrets"}:
            raise InputUnreadable("seal.not_a_document", path=path)


def words_count(seal_format: SealFormat, wanted: int, language: Language) -> int:
    """Return how many words are drawn: as many as wanted, and what a password PDF needs."""
    if seal_format is SealFormat.PDF:
        return max(wanted, sealing.words_needed(language))
    return wanted


def work_factor(seal_format: SealFormat, secret: Secret) -> int | None:
    """Return the scrypt work factor; None for keys and for a PDF, which derives in its own way."""
    return None if seal_format is SealFormat.PDF else sealing.work_factor(secret)


def travels_by_mail(seal_format: SealFormat) -> bool:
    """Return whether a form may leave by mail: filters take a page with a file for malware."""
    return seal_format is not SealFormat.HTML


def goes_by_mail(share: Share) -> bool:
    """Return whether a mail can carry a share: its form does, and there is an address."""
    return share.email is not None and travels_by_mail(share.format)


def write(
    share: Share,
    documents: Sequence[Source],
    folder: Path,
    secret: Secret,
    *,
    practice: Practice,
    language: Language,
    progress: Progress | None,
) -> str:
    """Write the sealed file of a share into `folder`, and return its name.

    It reaches the disk with the folder, which gets its name after that.

    Args:
        language: the recipient's, which a page with the file inside speaks.

    Raises:
        What `sealing.seal`, `sealing.seal_html` and `sealing.seal_pdf` raise; nothing is left.
    """
    names = [document.name for document in documents]
    name = sealing.sealed_name(share.reference, names, share.format)
    with files.publish(folder / name, durable=False) as sink:
        if share.format is SealFormat.AGE:
            sealing.seal(documents, sink, secret, progress=progress)
        elif share.format is SealFormat.HTML:
            inside = sealing.sealed_name(share.reference, names)
            shown = replace(page.PracticeOnPage.of(practice), language=language)
            sealing.seal_html(documents, sink, secret, shown, inside, progress=progress)
        else:
            assert isinstance(secret, SealedToWords)  # noqa: S101  # check_form refused keys
            sealing.seal_pdf(documents[0], sink, secret.passphrase.reveal())
    return name
