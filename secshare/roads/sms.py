"""The SMS: one part, ASCII, with the practice's name, the reference and the words.

The words of a password PDF must be typed exactly: they stand alone on their line, or in a second
message, so that nothing else is copied with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import PracticeInvalid
from secshare.messages import text
from secshare.roads.lines import checked_page, checked_public_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from secshare.messages import Language
    from secshare.model import Reference

__all__ = ["exact_messages", "message", "septets", "sheet"]

# 3GPP TS 23.038, section 6.2.1: the characters of the default alphabet that are also ASCII, and
# those of its extension table, which are sent as an escape and a second septet. The grave accent
# of ASCII is in neither.
_BASIC: Final = frozenset(
    "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)
_EXTENDED: Final = frozenset("\f[\\]^{|}~")


def message(
    public_name: str,
    reference: Reference,
    words: str,
    language: Language,
    *,
    page: str | None = None,
) -> str:
    """Return the SMS that carries the words: ASCII, one part of GSM-7.

    It holds the practice's public name, the reference and the words, and nothing about a person or
    a document. The longest wording that fits is taken; the shortest holds twelve words of either
    list after a name of thirty characters, and so does not name the page.

    Args:
        words: the canonical phrase; the message ends with it, so that nothing sticks to a copy.
        page: the address of the practice's page, named if it fits: never in a second part.

    Raises:
        PracticeInvalid: the public name is not one line of ASCII, or leaves no room; the address
            is none of a page.
    """
    fields = {
        "public_name": checked_public_name(public_name),
        "reference": reference,
        "words": words,
        "page": checked_page(page) if page is not None else "",
    }
    with_page = ("sms_page_long", "sms_page_short") if page is not None else ()
    written = _first_that_fits((*with_page, "sms_long", "sms_short"), language, fields)
    if written is None:
        raise PracticeInvalid("roads.sms_room", most=profiles.SMS_SEPTETS)
    return written


def exact_messages(
    public_name: str, reference: Reference, words: str, language: Language
) -> tuple[str, ...]:
    """Return the one or two SMS that carry a password to be typed exactly, each of one part.

    The password is alone on the last line; where that does not fit, alone in the second message.

    Raises:
        PracticeInvalid: the public name is not one line of ASCII, or leaves no room.
    """
    fields = {
        "public_name": checked_public_name(public_name),
        "reference": reference,
        "words": words,
    }
    written = _first_that_fits(("sms_exact_long", "sms_exact_short"), language, fields)
    if written is not None:
        return (written,)
    first = _first_that_fits(("sms_exact_first",), language, fields)
    if first is None or septets(words) > profiles.SMS_SEPTETS:
        raise PracticeInvalid("roads.sms_room", most=profiles.SMS_SEPTETS)
    return first, words


def _first_that_fits(
    wordings: Sequence[str], language: Language, fields: Mapping[str, object]
) -> str | None:
    for wording in wordings:
        written = text(f"roads.{wording}", language, **fields)
        if septets(written) <= profiles.SMS_SEPTETS:
            return written
    return None


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


def sheet(phone: str | None, written: str, second: str | None = None, *, label: str = "") -> str:
    """Return what a person copies into a telephone: the number, a blank line, the message.

    A second message stands alone under a line with its label.
    """
    copied = f"{phone or ''}\n\n{written}\n"
    return copied if second is None else f"{copied}\n--- {label}\n{second}\n"
