"""The sheet to read on the telephone: who is there first, then the words one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.messages import text
from secshare.roads.lines import checked_page, checked_public_name, dialled

if TYPE_CHECKING:
    from secshare.messages import Language
    from secshare.model import Reference

__all__ = ["sheet"]

_FOUR_LETTERS: Final = ("phone_read", "phone_short")


def sheet(
    words: str,
    *,
    reference: Reference,
    public_name: str,
    phone: str | None,
    language: Language,
    birth_date_known: bool = True,
    organisation: bool = False,
    page: str | None = None,
    exact: bool = False,
    opens_itself: bool = False,
) -> str:
    """Return the sheet, in the language of the practice; the words are what they are.

    The questions come before the words, and their answers are nowhere on the sheet: whoever finds
    it learns no name and no birth date, and whoever reads it cannot give the answer away. The
    words are numbered one a line, which `passphrase.understand` reads back from the whole sheet.

    Args:
        words: the canonical phrase. What is returned is this secret.
        phone: the number to call, None where the practice has none on record.
        birth_date_known: whether the record has one: else no answer could be checked.
        organisation: whether somebody answers for many, by name and function.
        page: the address where the document opens, to read out after the words.
        exact: whether the words are a password to be typed exactly, dashes and all.
        opens_itself: whether the file is a page, with the document inside: no mail carries it, and
            its reference stands in its name and on it.

    Raises:
        PracticeInvalid: the public name is not one line of ASCII that fits, or the address is none
            of a page.
    """

    def say(name: str, **fields: object) -> str:
        return text(f"roads.{name}", language, **fields)

    name = checked_public_name(public_name)
    call = say("phone_call", phone=dialled(phone)) if phone else say("phone_call_record")
    asked = (
        *_questions(birth_date_known=birth_date_known, organisation=organisation),
        "phone_ask_reference_inside" if opens_itself else "phone_ask_reference",
    )
    how = ("phone_exact_1", "phone_exact_2", "phone_exact_3") if exact else _FOUR_LETTERS
    listed = words.replace("-", " -\n").split("\n") if exact else words.split("-")
    numbered = [f"{at:>4}. {word}" for at, word in enumerate(listed, 1)]
    where = [say("phone_page", page=checked_page(page)), say("phone_page_read")] if page else []
    parts = [
        [say("phone_title"), say("phone_heading", public_name=name, reference=reference)],
        [call, say("phone_machine")],
        [say("phone_check"), *(f"  [ ] {say(question)}" for question in asked)],
        [say("phone_stop")],
        [say(line) for line in how],
        numbered,
        where,
        [say("phone_spell"), say("phone_alphabet_1"), say("phone_alphabet_2")],
        [say("phone_destroy")],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _questions(*, birth_date_known: bool, organisation: bool) -> tuple[str, ...]:
    """Return what is asked of the person: only what the record can confirm."""
    if organisation:
        return ("phone_ask_function",)
    return ("phone_ask_name", "phone_ask_birth") if birth_date_known else ("phone_ask_name",)
