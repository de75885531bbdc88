"""What the mail says of opening the file: with what, how, and what nobody will ever ask for.

What needs nothing installed comes first, and the programs after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from secshare.messages import text
from secshare.model import Road, SealFormat
from secshare.roads.lines import checked_page

if TYPE_CHECKING:
    from secshare.messages import Language

__all__ = ["Steps", "steps"]

_WORDS_COME: Final = {
    Road.SMS: "mail_words_sms",
    Road.QR: "mail_words_qr",
    Road.PHONE: "mail_words_phone",
}
_PASSWORD_COMES: Final = {
    Road.SMS: "mail_password_sms",
    Road.QR: "mail_password_qr",
    Road.PHONE: "mail_password_phone",
}


@dataclass(frozen=True, slots=True)
class Steps:
    """Lines of a mail, in the recipient's language.

    Attributes:
        secret: what opens the file, and by which other road it comes.
        how: what to do, a line each.
        never: what this mail does not hold, and what nobody asks for. The mail is spoken of last.
        label: what the format is worth, where it is not the one we recommend; else empty.
    """

    secret: str
    how: tuple[str, ...]
    never: tuple[str, ...]
    label: str = ""


def steps(
    *, road: Road | None, name: str, language: Language, page: str | None, seal_format: SealFormat
) -> Steps:
    """Return how a sealed file is opened, for what it is and for whom.

    Args:
        road: how the words travel; None for a recipient who opens with keys, and gets no words.
        name: the attachment's.
        page: the address where it opens; a password PDF opens in any reader and names none.

    Raises:
        PracticeInvalid: the address is none of a page.
        ValueError: a format that no mail carries, or a password PDF for keys.
    """

    def say(*keys: str) -> tuple[str, ...]:
        return tuple(text(f"roads.{key}", language, name=name, page=address) for key in keys)

    def opens_with(secret: str, *, how: tuple[str, ...], never: tuple[str, ...]) -> Steps:
        return Steps(text(f"roads.{secret}", language), how, never)

    address = "" if page is None else checked_page(page)
    if seal_format is SealFormat.PDF and road is not None:
        how = say("mail_pdf_open", "mail_pdf_asks", "mail_pdf_type")
        opening = opens_with(_PASSWORD_COMES[road], how=how, never=say("mail_links_password"))
        return replace(opening, label=f"({text('roads.pdf_label', language)})")
    if seal_format is not SealFormat.AGE:
        msg = f"no mail carries this as {seal_format}"
        raise ValueError(msg)
    if road is None and page is None:
        how = say("mail_step_save", "mail_step_key", "mail_step_key_age")
        return opens_with("mail_keys", how=how, never=say("mail_links_key"))
    if road is None:
        how = say("mail_page_save", "mail_card_page", "mail_card_show", "mail_card_key")
        how += say("mail_step_key_age")
        return opens_with("mail_keys_page", how=how, never=say("mail_only_card", "mail_links_page"))
    if page is None:
        how = say("mail_step_save", "mail_step_words", "mail_step_type")
        return opens_with(_WORDS_COME[road], how=how, never=say("mail_links"))
    how = say("mail_page_save", "mail_page_go", "mail_page_type", "mail_page_free")
    how += say("mail_page_programs")
    never = say("mail_only_words", "mail_links_page")
    return opens_with(_WORDS_COME[road], how=how, never=never)
