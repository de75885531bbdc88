"""What may stand on one line of a message that leaves the practice."""

from __future__ import annotations

import re
from typing import Final

from secshare import profiles
from secshare.errors import PracticeInvalid

__all__ = ["checked_page", "checked_phone", "checked_public_name", "dialled"]

_PRINTABLE: Final = re.compile(r"[ -~]+")
_MAINLAND: Final = re.compile(r"\+33[1-9][0-9]{8}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ().-]*")
# No `?`, `#`, `@` nor `:` in it, which lead elsewhere than people read; nor a dot at the end.
_PAGE: Final = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/[A-Za-z0-9._-]*)*(?<!\.)")


def checked_public_name(name: str) -> str:
    """Return the practice's public name if it is one line of ASCII that fits an SMS.

    The practice's settings are checked when they are read; this is the last gate before the name
    becomes a header of a mail or a part of an SMS, and it does not rely on the first.

    Raises:
        PracticeInvalid: it is empty, too long, or holds anything but printable ASCII.
    """
    if not _PRINTABLE.fullmatch(name) or len(name) > profiles.PUBLIC_NAME_CHARACTERS:
        raise PracticeInvalid("roads.public_name", most=profiles.PUBLIC_NAME_CHARACTERS)
    return name.strip()


def checked_page(address: str) -> str:
    """Return the address of the practice's page if it is one plain https address.

    The last gate, as for the public name: it becomes a part of a mail, of an SMS and of a code.

    Raises:
        PracticeInvalid: it is not https, too long, or holds anything but a host and plain folders.
    """
    if len(address) > profiles.PAGE_CHARACTERS or not _PAGE.fullmatch(address):
        raise PracticeInvalid("roads.page", most=profiles.PAGE_CHARACTERS)
    return address


def checked_phone(phone: str) -> str:
    """Return a telephone number as it is written, if it is nothing else.

    Raises:
        PracticeInvalid: it holds anything but digits and what people write between them.
    """
    if not _PHONE.fullmatch(phone):
        raise PracticeInvalid("roads.phone")
    return phone.strip()


def dialled(phone: str) -> str:
    """Return a French mainland number in its pairs; any other number as it is.

    Overseas numbers stay as they are: `+262` and its like are not dialled as `0` from everywhere.
    """
    if not _MAINLAND.fullmatch(phone):
        return phone
    national = "0" + phone[3:]
    return " ".join(national[at : at + 2] for at in range(0, len(national), 2))
