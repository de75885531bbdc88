"""The sheet to read on the telephone: who is there first, then the words one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.messages import text
from secshare.roads.lines import checked_public_name, dialled

if TYPE_CHECKING:
    from secshare.messages import Language
    from secshare.model import Reference

__all__ = ["sheet"]


def sheet(
    words: str,
    *,
    reference: Reference,
    public_name: str,
    phone: str | None,
    language: Language,
    birth_date_known: bool = True,
    organisation: bool = False,
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

    Raises:
        PracticeInvalid: the public name is not one line of ASCII that fits.
    """

    def say(name: str, **fields: object) -> str:
        return text(f"roads.{name}", language, **fields)

    name = checked_public_name(public_name)
    call = say("phone_call", phone=dialled(phone)) if phone else say("phone_call_record")
    asked = _questions(birth_date_known=birth_date_known, organisation=organisation)
    numbered = [f"{at:>4}. {word}" for at, word in enumerate(words.split("-"), 1)]
    parts = [
        [say("phone_title"), say("phone_heading", public_name=name, reference=reference)],
        [call, say("phone_machine")],
        [say("phone_check"), *(f"  [ ] {say(question)}" for question in asked)],
        [say("phone_stop")],
        [say("phone_read"), say("phone_short")],
        numbered,
        [say("phone_spell"), say("phone_alphabet_1"), say("phone_alphabet_2")],
        [say("phone_destroy")],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _questions(*, birth_date_known: bool, organisation: bool) -> tuple[str, ...]:
    """Return what is asked before the first word: only what the record can confirm."""
    if organisation:
        return "phone_ask_function", "phone_ask_reference"
    if birth_date_known:
        return "phone_ask_name", "phone_ask_birth", "phone_ask_reference"
    return "phone_ask_name", "phone_ask_reference"
