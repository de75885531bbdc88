"""What a document is made of, whatever form it is written in.

Every text is plain: whoever writes a form escapes all of it. A question is a type, not a way of
writing, so that nothing in a text can pass for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.messages import Language

__all__ = ["Ask", "Document", "Line", "Paragraph", "Part", "Said", "Table", "questions"]


@dataclass(frozen=True, slots=True)
class Ask:
    """What the register cannot know: to be completed by a person."""

    text: str


Said = str | Ask


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or several. `marked` where it must not be overlooked."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A label, and what is said under it."""

    label: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the names of their columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, and what stands under it."""

    title: str
    blocks: tuple[Paragraph | Line | Table, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language.

    Attributes:
        marker: what a question is marked with.
        colon: as it is set in that language.
    """

    language: Language
    title: str
    marker: str
    colon: str
    intro: tuple[Paragraph, ...]
    parts: tuple[Part, ...]


def questions(document: Document) -> Iterator[Ask]:
    """Yield what is left to complete."""
    for part in document.parts:
        for block in part.blocks:
            if isinstance(block, Line):
                yield from (said for said in block.said if isinstance(said, Ask))
