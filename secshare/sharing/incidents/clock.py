"""Moments as people type and read them, and what is left of the 72 hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from secshare.errors import RecipientDataInvalid
from secshare.messages import Language

__all__ = ["Clock", "clock", "parse_found", "shown_moment"]

_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:(?: |T|,? à |,? at )(\d{1,2})[:hH](\d{2}))?", re.ASCII
)
_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_DAY_HOURS: Final = 24
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """What is left of the time to notify.

    Attributes:
        passed: whether it is over.
        hours: whole hours left, or since it was over; 0 is less than an hour.
        stopped: when a decision was written down, which is then what `passed` and `hours` say of.
    """

    deadline: datetime
    passed: bool
    hours: int
    stopped: datetime | None = None

    @property
    def days(self) -> int:
        """Whole days since it was over, where they are what a person counts in; else 0."""
        return self.hours // _DAY_HOURS if self.passed and self.hours >= 2 * _DAY_HOURS else 0


def clock(deadline: datetime, now: datetime, decided: datetime | None = None) -> Clock:
    """Return what is left until `deadline`, or how long ago it was: now, or when it was decided."""
    at = now if decided is None else decided
    # Of UTC: hours, not those of the clock on the wall.
    left = deadline.astimezone(UTC) - at.astimezone(UTC)
    return Clock(deadline, left <= timedelta(), abs(left) // _HOUR, decided)


def shown_moment(moment: datetime, language: Language, zone: tzinfo | None = None) -> str:
    """Return `22/11/2026 à 14:05 (UTC+01:00)`, in the hour of this computer where no zone is given.

    The English one begins with the year: `2026-11-22 at 14:05 (UTC+01:00)`.
    """
    local = moment.astimezone(zone)
    offset = f"{local:%z}"
    there = f"(UTC{offset[:3]}:{offset[3:5]})"
    if language is Language.FR:
        return f"{local:%d/%m/%Y} à {local:%H:%M} {there}"
    return f"{local:%Y-%m-%d at %H:%M} {there}"


def parse_found(text: str, made: datetime, zone: tzinfo | None = None) -> datetime:
    """Read when something was discovered: `22/11/2026 14:05`, `22/11/2026`, or ISO 8601.

    In the hour of this computer unless it says otherwise. A day alone is its beginning: the 72
    hours end sooner then, never later. What is typed is to the minute, or to the day, and so is
    never before what happened within that minute or that day.

    Args:
        made: when the share was made.

    Raises:
        RecipientDataInvalid: it is no such moment.
    """
    said, whole = _read(text.strip(), zone)
    return made if said <= made < said + (_DAY if whole else _MINUTE) else said


def _read(text: str, zone: tzinfo | None) -> tuple[datetime, bool]:
    try:
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year, hour, minute = found.groups()
            said = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
            return _local(said, zone), hour is None
        said = datetime.fromisoformat(text)
    except ValueError as error:
        raise RecipientDataInvalid("incident.not_a_moment", field="--found") from error
    whole = re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text, re.ASCII) is not None
    return (said.astimezone(UTC) if said.tzinfo else _local(said, zone)), whole


def _local(said: datetime, zone: tzinfo | None) -> datetime:
    """Return a moment of a zone, or of this computer's; of an hour that comes twice, the first."""
    there = said.replace(tzinfo=zone) if zone else said
    return there.astimezone(UTC)
