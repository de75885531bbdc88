"""One document of the corpus, and what is known of it: for whom it is said to be, whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secshare.preflight.case import Case


class Label(StrEnum):
    """What a document is, for the person it is said to be for."""

    RIGHT = "right"
    MISDIRECTED = "misdirected"
    ASKS = "asks"
    """Right or not, somebody has to look: a scan, a list for a colleague, a leaflet."""


@dataclass(frozen=True)
class Sample:
    """A document.

    Attributes:
        name: of the file.
        format: of the file, as the figures are given by format.
        what: which template or trap it is.
        why: how it is right, or wrong: `stranger`, `twin`, `child under a parent's number` ...
        rules: for what must stop: the rule that should answer, then others that may as well.
        notes: rules that should speak too, of whatever severity.
    """

    name: str
    data: bytes = field(repr=False)
    format: str
    what: str
    why: str
    label: Label
    case: Case
    rules: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
