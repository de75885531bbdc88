"""The SMS: one part, ASCII, with the practice's name, the reference and the words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import PracticeInvalid
from secshare.messages import text
from secshare.roads.lines import checked_public_name

if TYPE_CHECKING:
    from secshare.messages import Language
    from secshare.model import Reference

__all__ = ["message", "septets", "sheet"]

# 3GPP TS 23.038, section 6.2.1: the characters of the default alphabet that are also ASCII, and
# those of its extension table, which are sent as an escape and a second septet. The grave accent
# of ASCII is in neither.
_BASIC: Final = frozenset(
    "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
_EXTENDED: Final = frozenset("\f[\\]^{|}~")


def message(public_name: str, reference: Reference, words: str, language: Language) -> str:
    """Return the SMS that carries the words: ASCII, one part of GSM-7.

    It holds the practice's public name, the reference and the words, and nothing about a person or
    a document. The longest wording that fits is taken; the shortest holds twelve words of either
    list after a name of thirty characters.

    Args:
        words: the canonical phrase; the message ends with it, so that nothing sticks to a copy.

    Raises:
        PracticeInvalid: the public name is not one line of ASCII, or leaves no room.
    """
    name = checked_public_name(public_name)
    for wording in ("sms_long", "sms_short"):
        written = text(
            f"roads.{wording}", language, public_name=name, reference=reference, words=words
        )
        if septets(written) <= profiles.SMS_SEPTETS:
            return written
    raise PracticeInvalid("roads.sms_room", most=profiles.SMS_SEPTETS)


def septets(written: str) -> int:
    """Return how many septets of GSM-7 an ASCII text takes: one a character, some two.

    Raises:
        PracticeInvalid: a character is not in GSM-7; it would turn the message into UCS-2, and
            cut it from 160 characters to 70.
    """
    count = 0
    for character in written:
        if character in _EXTENDED:
            count += 2
        elif character in _BASIC:
            count += 1
        else:
            raise PracticeInvalid("roads.sms_character")
    return count


def sheet(phone: str | None, written: str) -> str:
    """Return what a person copies into a telephone: the number, a blank line, the message."""
    return f"{phone or ''}\n\n{written}\n"
