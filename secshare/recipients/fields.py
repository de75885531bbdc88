"""The fields of a recipient, read from what people and files write in French or English."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from secshare.errors import RecipientDataInvalid
from secshare.messages import Language
from secshare.model import Kind, Road
from secshare.recipients.contacts import check_road, parse_email, parse_phone
from secshare.recipients.dates import parse_birth_date, parse_date
from secshare.recipients.names import check_id, fold, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping
    from datetime import date

    from secshare.model import Recipient

__all__ = ["CHECKED", "FIELDS", "normalised", "parse_field", "past_date"]

CHECKED: Final = frozenset(("name", "email", "phone", "road", "purposes"))
"""What `normalised` looks at."""

_KINDS: Final = {
    **dict.fromkeys(("patient", "patiente"), Kind.PATIENT),
    **dict.fromkeys(
        ("professional", "professionnel", "professionnelle", "praticien", "praticienne"),
        Kind.PROFESSIONAL,
    ),
    **dict.fromkeys(
        ("organisation", "organization", "organisme", "etablissement"), Kind.ORGANISATION
    ),
}
_ROADS: Final = {
    **dict.fromkeys(("sms", "texto"), Road.SMS),
    **dict.fromkeys(("qr", "qr code", "code qr"), Road.QR),
    **dict.fromkeys(("phone", "telephone", "tel"), Road.PHONE),
}
_LANGUAGES: Final = {
    **dict.fromkeys(("fr", "francais", "french"), Language.FR),
    **dict.fromkeys(("en", "anglais", "english"), Language.EN),
}
_ANSWERS: Final = {
    **dict.fromkeys(("oui", "yes", "accord", "o", "y", "vrai", "true"), True),
    **dict.fromkeys(("non", "no", "opposition", "refus", "n", "faux", "false"), False),
}


def past_date(field: str, text: str, *, today: date) -> date:
    """Read a day that has come.

    Raises:
        RecipientDataInvalid: not a date, or in the future.
    """
    day = parse_date(field, text)
    if day > today:
        raise RecipientDataInvalid("recipients.future", field=field)
    return day


def _purposes(field: str, text: str) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[,;|/]", text) if part.strip()]
    return tuple(dict.fromkeys(one_line(field, part.lower()) for part in parts)) or (
        one_line(field, text),
    )


def _choice(field: str, text: str, words: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401
    value = words.get(fold(text))
    if value is None:
        raise RecipientDataInvalid(key, field=field)
    return value


_READERS: Final[dict[str, Callable[[str, str, str, date], Any]]] = {
    "name": lambda field, text, region, today: one_line(field, text),
    "kind": lambda field, text, region, today: _choice(
        field, text, _KINDS, "recipients.choice_kind"
    ),
    "id": lambda field, text, region, today: check_id(text, field),
    "email": lambda field, text, region, today: parse_email(field, text),
    "phone": lambda field, text, region, today: parse_phone(field, text, region=region),
    "birth_date": lambda field, text, region, today: parse_birth_date(field, text, today=today),
    "road": lambda field, text, region, today: _choice(
        field, text, _ROADS, "recipients.choice_road"
    ),
    "language": lambda field, text, region, today: _choice(
        field, text, _LANGUAGES, "recipients.choice_language"
    ),
    "email_consent": lambda field, text, region, today: _choice(
        field, text, _ANSWERS, "recipients.choice_answer"
    ),
    "email_consent_date": lambda field, text, region, today: past_date(field, text, today=today),
    "purposes": lambda field, text, region, today: _purposes(field, text),
}
FIELDS: Final = tuple(_READERS)
"""Every field that is a text on a command line or in a file; keys are read by `keys.parse_keys`."""


def parse_field(name: str, text: str, *, region: str, today: date, label: str = "") -> Any:  # noqa: ANN401
    """Read one field.

    Args:
        name: one of `FIELDS`.
        region: the practice's, for national telephone numbers.
        label: what an error calls the field: an option, or a column as its file names it.

    Raises:
        RecipientDataInvalid: the text cannot be taken. It is not repeated in the error.
    """
    return _READERS[name](label or name, text, region, today)


def normalised(recipient: Recipient, fields: Container[str], *, region: str) -> Recipient:
    """Return a recipient with these fields checked, and as they are kept.

    Args:
        fields: of `CHECKED`, those to look at.

    Raises:
        RecipientDataInvalid: one cannot be taken.
    """
    kept: dict[str, Any] = {}
    if recipient.email_consent_date is not None and recipient.email_consent is None:
        raise RecipientDataInvalid("recipients.consent_date", field="email_consent_date")
    if "name" in fields:
        kept["name"] = one_line("name", recipient.name)
    if "email" in fields and recipient.email is not None:
        kept["email"] = parse_email("email", recipient.email)
    if "phone" in fields and recipient.phone is not None:
        kept["phone"] = parse_phone("phone", recipient.phone, region=region)
    phone = kept.get("phone", recipient.phone)
    if phone is not None and ("phone" in fields or "road" in fields):
        check_road(phone, recipient.road)
    if "purposes" in fields:
        kept["purposes"] = tuple(one_line("purposes", each) for each in recipient.purposes)
    return replace(recipient, **kept)
