"""What still stands of what was said of a share, and since when it is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.model import FileState
from secshare.register.states import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from secshare.register.entries import Entry

__all__ = ["Dates", "dates_of", "standing"]

# Where an entry's states hold what, see `entries.told_states`.
_FILE: Final = slice(0, 2)
_SECRET: Final = slice(2, 4)


@dataclass(frozen=True, slots=True)
class Dates:
    """Since when a share's file and its secret are what they are, and when it was last sent."""

    file: datetime
    secret: datetime
    sent: datetime | None


def standing(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries that changed a share and were not taken back.

    Args:
        entries: of one share, the newest first.
    """
    taken_back: set[int] = set()
    for entry in entries:
        if entry.operation is Operation.UNMARK:
            taken_back.add(entry.facts["corrects"])
        elif entry.number not in taken_back and _differs(entry, slice(None)):
            yield entry


def dates_of(entries: Sequence[Entry], created: datetime) -> Dates:
    """Return the dates that standing entries give a share.

    Args:
        entries: as `standing` yields them; where none tells, it is so since it was `created`.
    """
    return Dates(
        file=next((each.time for each in entries if _differs(each, _FILE)), created),
        secret=next((each.time for each in entries if _differs(each, _SECRET)), created),
        sent=next((each.time for each in entries if _says_sent(each)), None),
    )


def _differs(entry: Entry, part: slice) -> bool:
    """Return whether an entry changed a part of a share's states: words given again did not."""
    if "before" not in entry.facts:
        return False
    return bool(entry.facts["before"][part] != entry.facts["states"][part])


def _says_sent(entry: Entry) -> bool:
    """Return whether a share was sent from here on: somebody said so, or it was further on."""
    before: str = entry.facts["before"][0]
    after: str = entry.facts["states"][0]
    first = before == FileState.PREPARED != after
    return first or before != FileState.SENT == after
