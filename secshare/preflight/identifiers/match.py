"""What a search for identifiers answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secshare.preflight.facts import IdentifierKind

__all__ = ["Match"]


@dataclass(frozen=True, slots=True)
class Match:
    """One identifier in a text: `text[start:end]` is how it is written there.

    Attributes:
        value: normalised, as `facts.Found` says. Whole: it never leaves memory.
        key: whether its check holds (NIR key, mod 97, Luhn); None where there is none.
    """

    kind: IdentifierKind
    value: str = field(repr=False)
    start: int
    end: int
    key: bool | None = None
