"""What stands in an entry that may be anything: altered, of another program, nothing at all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeGuard

from secshare.register.chain import HASH_BYTES
from secshare.register.states import Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CUT_FACTS",
    "IS_CUT",
    "Cut",
    "Removed",
    "adopted_by",
    "facts_of",
    "former_of",
    "moment",
    "number_of",
    "reference_of",
]

IS_CUT: Final = b'"operation":"cut"'
"""What stands in the entry of a cut, and in no other."""


CUT_FACTS: Final = ("number", "through", "through_hash", "kept")
"""What the entry of a cut says that walking along the chain needs to know first."""


_LARGEST: Final = (1 << 63) - 1  # of a number in the database
_YEARS: Final = range(1970, 9999)  # times that every time zone can say


def moment(written: object) -> datetime | None:
    """Return the time that an entry says; None where it says none that can be compared."""
    try:
        when = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return when if when and when.tzinfo and when.year in _YEARS else None


def facts_of(body: bytes) -> dict[str, Any]:
    """Return what stands in an entry; nothing where it is none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def former_of(first: Mapping[str, Any]) -> str | None:
    """Return what a first entry says of the journal before it: the SHA-256 of its file."""
    former = first.get("former_sha256")
    return former if isinstance(former, str) else None


def adopted_by(first: Mapping[str, Any]) -> int:
    """Return how many shares a first entry took over, from before the journal that it begins."""
    count = first.get("shares")
    return count if type(count) is int else 0


def number_of(body: bytes) -> int | None:
    """Return the number that an entry says it has."""
    number = facts_of(body).get("number")
    return number if _is_number(number) else None


def _is_number(value: object) -> TypeGuard[int]:
    """Return whether something may be the number of an entry, as the database can hold it."""
    return type(value) is int and 0 < value <= _LARGEST


def reference_of(body: bytes) -> bytes | None:
    """Return the share that an entry says it is about."""
    reference = facts_of(body).get("reference")
    return reference.encode("utf-8", "replace") if isinstance(reference, str) else None


@dataclass(frozen=True, slots=True)
class Removed:
    """What a cut says that it removed.

    Attributes:
        entries, shares, incidents: how many.
        months: how long these were kept then, in the same order.
    """

    entries: int
    shares: int
    incidents: int
    months: tuple[int, int, int]

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self | None:
        """Read the entry of a cut; None where it does not say it."""
        limits = facts.get("limits")
        if not isinstance(limits, dict):
            return None
        counts = [facts.get(name) for name in ("count", "purged_shares", "purged_incidents")]
        months = [limits.get(name) for name in ("journal", "shares", "incidents")]
        told = [value for value in (*counts, *months) if type(value) is int]
        if len(told) < len(counts) + len(months):
            return None
        return cls(told[0], told[1], told[2], (told[3], told[4], told[5]))


@dataclass(frozen=True, slots=True)
class Cut:
    """What an entry says that was removed.

    Attributes:
        number: of the entry that says so.
        through: the last number that was removed.
        through_hash: its hash, on which the next one hangs.
        kept: of each earlier entry that stayed, the hash over its own hash and its bytes.
        facts: all that it says.
        sound: whether it is what was written; where it is not, what it says is not used.
    """

    number: int
    through: int
    through_hash: bytes
    kept: Mapping[int, bytes]
    facts: Mapping[str, Any] = field(default_factory=dict)
    sound: bool = True

    @classmethod
    def loads(cls, body: bytes) -> Self | None:
        """Read the entry of a cut; None where it is none."""
        facts = facts_of(body)
        return cls.read(facts) if facts.get("operation") == Operation.CUT else None

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> Self | None:
        """Read what such an entry says; None where it does not say it.

        What it says came before itself, and the earlier entries stand in their order: anybody may
        have written it.
        """
        try:
            kept = {number: bytes.fromhex(seal) for number, seal in facts["kept"]}
            through_hash = bytes.fromhex(facts["through_hash"])
            number, through = facts["number"], facts["through"]
            sound = (
                len(through_hash) == HASH_BYTES
                and all(map(_is_number, (number, through, *kept)))
                and list(kept) == sorted(number for number, _ in facts["kept"])
                and max(kept, default=0) <= through < number
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        return cls(number, through, through_hash, kept, facts) if sound else None
