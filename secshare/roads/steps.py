"""What the mail says of opening the file: with what, how, and what nobody will ever ask for.

What needs nothing installed comes first, and the programs after it.
"""

from __future__ import annotations

from dataclasses import dataclass
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

_PASSWORD_HOW: Final = ("mail_pdf_open", "mail_pdf_asks", "mail_pdf_type")

_Told = tuple[str, tuple[str, ...], tuple[str, ...]]  # what the lines of `Steps` are made of


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
    *,
    road: Road | None,
    name: str,
    language: Language,
    page: str | None,
    seal_format: SealFormat,
    card: bool = False,
) -> Steps:
    """Return how a sealed file is opened, for what it is and for whom.

    Args:
        road: how the words travel; None for a recipient who opens with keys, and gets no words.
        name: the attachment's.
        page: the address where it opens; a password PDF opens in any reader and names none.
        card: whether the practice drew them a card, which stands for a patient: no command then.

    Raises:
        PracticeInvalid: the address is none of a page.
        ValueError: a format that no mail carries, or a password PDF for keys.
    """

    def say(keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text(f"roads.{key}", language, name=name, page=address) for key in keys)

    address = "" if page is None else checked_page(page)
    if seal_format is SealFormat.PDF and road is not None:
        told: _Told = _PASSWORD_COMES[road], _PASSWORD_HOW, ("mail_links_password",)
    elif seal_format is not SealFormat.AGE:
        msg = f"no mail carries this as {seal_format}"
        raise ValueError(msg)
    elif road is not None:
        told = _with_words(road, there_is_a_page=page is not None)
    else:
        told = _with_keys(card=card, there_is_a_page=page is not None)
    secret, how, never = told
    label = f"({text('roads.pdf_label', language)})" if seal_format is SealFormat.PDF else ""
    return Steps(text(f"roads.{secret}", language), say(how), say(never), label)


def _with_words(road: Road, *, there_is_a_page: bool) -> _Told:
    comes = _WORDS_COME[road]
    if not there_is_a_page:
        return comes, ("mail_step_save", "mail_step_words", "mail_step_type"), ("mail_links",)
    typed = "mail_page_scan" if road is Road.QR else "mail_page_type"
    how = ("mail_page_save", "mail_page_go", typed, "mail_page_free", "mail_page_programs")
    return comes, how, ("mail_only_words", "mail_links_page")


def _with_keys(*, card: bool, there_is_a_page: bool) -> _Told:
    how: tuple[str, ...]
    if card and there_is_a_page:
        how = "mail_page_save", "mail_page_go", "mail_page_show", "mail_page_free"
        return "mail_card", how, ("mail_only_card", "mail_links_page")
    if card:
        how = "mail_step_save", "mail_step_card", "mail_step_show"
        return "mail_card", how, ("mail_links_card",)
    if there_is_a_page:
        how = "mail_page_save", "mail_card_page", "mail_card_show"
        how += "mail_card_key", "mail_step_key_age"
        return "mail_keys_page", how, ("mail_only_keys", "mail_links_page")
    how = "mail_step_save", "mail_step_key", "mail_step_key_age"
    return "mail_keys", how, ("mail_links_key",)
