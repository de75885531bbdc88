"""E-mail addresses and telephone numbers: written in many ways, kept in one."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from typing import Final

from secshare.errors import RecipientDataInvalid
from secshare.model import Road

__all__ = ["check_road", "parse_email", "parse_phone", "shown_phone", "takes_sms"]

_PHONE: Final = re.compile(r"\+?[0-9 .()/\u2010-\u2015-]+")
_SCIENTIFIC: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+", re.ASCII)

# Where a national number begins with 0, so that one without it lost it, usually in a spreadsheet.
_ZERO_FIRST: Final = frozenset(("FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "BE", "CH"))

_MOBILE: Final = ("+336", "+337")

# 06 39 98 xx xx is nobody's: ARCEP keeps it for fiction and examples. The library refuses it.
_FICTION: Final = re.compile(r"\+3363998\d{4}", re.ASCII)


def parse_email(field: str, text: str) -> str:
    """Return a bare address, normalised: composed letters, host in lower case.

    Whether the host exists is not asked: that would tell the network whom we write to. A host with
    accents is taken (IDNA); before the `@` they are not, since few servers send to them (RFC 6531).

    Raises:
        RecipientDataInvalid: not one address: a display name, two addresses, a line break ...
    """
    from email_validator import EmailNotValidError, validate_email  # 36 ms

    text = text.strip()
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        key = "recipients.email"
        if not text.rpartition("@")[0].isascii():
            with suppress(EmailNotValidError):
                validate_email(text, check_deliverability=False)
                key = "recipients.email_accents"
        raise RecipientDataInvalid(key, field=field) from error
    return found.normalized


def parse_phone(field: str, text: str, *, region: str) -> str:
    """Return a telephone number in E.164: `+33639980000`.

    A national number is read by the practice's region and by no other: 06 is never mainland France
    in an overseas department. A number of another region carries its country code.

    Raises:
        RecipientDataInvalid: not a number of that region, or one that lost its first zero.
    """
    import phonenumbers  # 23 ms

    text = unicodedata.normalize("NFKC", text).strip()
    if _SCIENTIFIC.fullmatch(text):
        raise RecipientDataInvalid("recipients.phone_damaged", field=field)
    if not _PHONE.fullmatch(text):  # letters too: the library would read them as a dial
        raise RecipientDataInvalid("recipients.phone", field=field, region=region)
    if region in _ZERO_FIRST and text.lstrip("( ")[:1] not in {"0", "+"}:
        raise RecipientDataInvalid("recipients.phone_damaged", field=field)
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise RecipientDataInvalid("recipients.phone", field=field, region=region) from error
    written: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not (phonenumbers.is_valid_number(number) or _FICTION.fullmatch(written)):
        raise RecipientDataInvalid("recipients.phone", field=field, region=region)
    return written


def takes_sms(phone: str) -> bool:
    """Return whether an SMS may reach this E.164 number: False for what is surely a landline.

    Where the numbering plan does not tell, as for the numbers kept for examples, it is True.
    """
    if phone.startswith(_MOBILE):
        return True
    import phonenumbers  # 23 ms, which most shares do without

    kind = phonenumbers.number_type(phonenumbers.parse(phone))
    types = phonenumbers.PhoneNumberType
    return kind in {
        types.MOBILE,
        types.FIXED_LINE_OR_MOBILE,
        types.PERSONAL_NUMBER,
        types.UNKNOWN,
    }


def check_road(phone: str, road: Road | None) -> None:
    """Check that words by SMS, where somebody asked for them, do not go to a landline.

    Raises:
        RecipientDataInvalid: they would.
    """
    if road is Road.SMS and not takes_sms(phone):
        raise RecipientDataInvalid("recipients.road_landline", field="phone")


def shown_phone(phone: str, *, region: str) -> str:
    """Return an E.164 number as people in `region` read it: `01 99 00 12 34`, `+262 262 ...`."""
    import phonenumbers

    number = phonenumbers.parse(phone)
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    style = phonenumbers.PhoneNumberFormat
    return str(
        phonenumbers.format_number(number, style.NATIONAL if at_home else style.INTERNATIONAL)
    )
