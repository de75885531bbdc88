"""Writing what may leave by mail beside the sealed file, in a folder that never holds a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare import files, profiles
from secshare.messages import text
from secshare.model import SealFormat
from secshare.roads.mail import bare_address, texts, write_draft, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.messages import Language
    from secshare.model import Reference, Road

__all__ = ["message_text", "write_mail"]


def write_mail(
    folder: Path,
    *,
    sealed: Path,
    to: str,
    public_name: str,
    phone: str,
    reference: Reference,
    road: Road | None,
    language: Language,
    desk_language: Language | None = None,
    page: str | None = None,
    seal_format: SealFormat = SealFormat.AGE,
    card: bool = False,
) -> Path | None:
    """Write `message.eml` and `message.txt` into `folder`; return the draft.

    Above `profiles.MAIL_BYTES` a mail would not arrive: nothing is written and None is returned,
    for the caller to say what to do instead.

    Args:
        sealed: the sealed file, which is attached under its own name.
        to: the recipient's address.
        phone: the practice's own, for questions.
        road: how the words travel; None for a recipient who opens with keys.
        language: of the mail; `desk_language` of the labels in `message.txt`, the same if None.
        page: the address of the practice's page, where the file opens with nothing installed.
        card: whether the recipient opens it with a card that the practice drew.
        seal_format: what the file is. No mail carries a page: filters take it for malware.

    Raises:
        RecipientDataInvalid: the address cannot stand in a mail.
        PracticeInvalid: the public name or the telephone is not one plain line, or the address is
            none of a page.
        InputUnreadable: the sealed file cannot be read.
        OutputRefused: the folder cannot be written, or holds these files already.
    """
    address = bare_address(to)
    subject, body = texts(
        public_name=public_name,
        phone=phone,
        reference=reference,
        road=road,
        name=sealed.name,
        language=language,
        page=page,
        seal_format=seal_format,
        card=card,
    )
    copied = message_text(address, subject, body, sealed.name, desk_language or language)
    draft = folder / "message.eml"
    with files.open_source(sealed) as source:
        if source.size > profiles.MAIL_BYTES:
            return None
        with files.publish(draft) as sink:
            write_draft(
                sink,
                to=address,
                subject=subject,
                body=body,
                attachment=source.file,
                attachment_name=sealed.name,
            )
    with files.publish(folder / "message.txt") as sink:
        write_whole(sink, copied.encode())
    return draft


def message_text(to: str, subject: str, body: str, attachment_name: str, language: Language) -> str:
    """Return what a person copies into a mail program, each part alone on its lines."""
    parts = (
        ("txt_address", to),
        ("txt_subject", subject),
        ("txt_attachment", attachment_name),
        ("txt_body", body),
    )
    return "\n".join(f"--- {text(f'roads.{label}', language)}\n{part}\n" for label, part in parts)
