"""A share's words and what the roads need to carry them, whenever they are handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.model import Kind, SealFormat
from secshare.roads import Handover

if TYPE_CHECKING:
    from secshare.messages import Language
    from secshare.model import Recipient, Share
    from secshare.practice import Practice


def handover(
    practice: Practice,
    share: Share,
    recipient: Recipient | None,
    phone: str | None,
    words: str,
    *,
    language: Language | None = None,
) -> Handover:
    """Return what the roads carry.

    Args:
        recipient: as the directory has them today; None when they are no longer in it.
        phone: the number that the words go to, in E.164.
        words: the canonical phrase. This is the secret.
        language: of the recipient, where more is known of it than by the directory.
    """
    settings = practice.settings
    return Handover(
        words=words,
        reference=share.reference,
        public_name=settings.public_name,
        phone=phone,
        language=language or (recipient.language if recipient else None) or settings.language,
        desk_language=settings.language,
        birth_date_known=recipient is not None and recipient.birth_date is not None,
        organisation=recipient is not None and recipient.kind is Kind.ORGANISATION,
        page=settings.page,
        page_in_qr=settings.page_in_qr,
        exact=share.format is SealFormat.PDF,
        opens_itself=share.format is SealFormat.HTML,
    )
