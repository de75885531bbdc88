"""Dates as people write them: 14/08/1950, or 1950-08-14."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from secshare import profiles
from secshare.errors import RecipientDataInvalid

__all__ = ["parse_birth_date", "parse_date", "written_date"]

_DAY_FIRST: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_SERIAL: Final = re.compile(r"\d{4,5}(?:[.,]\d+)?", re.ASCII)


def parse_date(field: str, text: str) -> date:
    """Read a day: the day first with `/`, `.` or `-`, or ISO 8601. The year has four digits.

    Raises:
        RecipientDataInvalid: not such a date, not in the calendar, or the serial number that a
            spreadsheet made of one.
    """
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, _, month, year = found.groups()
    else:
        key = "recipients.date_serial" if _SERIAL.fullmatch(text) else "recipients.date"
        raise RecipientDataInvalid(key, field=field)
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise RecipientDataInvalid("recipients.date", field=field) from error


def parse_birth_date(field: str, text: str, *, today: date) -> date:
    """Read a day somebody now known to the practice may be born on: not after `today`, not too old.

    Raises:
        RecipientDataInvalid: as `parse_date`, and for a day in the future or before the first.
    """
    day = parse_date(field, text)
    if day > today or day.year < profiles.BIRTH_YEAR_FIRST:
        raise RecipientDataInvalid(
            "recipients.birth_date", field=field, first=profiles.BIRTH_YEAR_FIRST
        )
    return day


def written_date(day: date) -> str:
    """Return `14/08/1950`, as a French practice writes and reads it."""
    return day.strftime("%d/%m/%Y")
