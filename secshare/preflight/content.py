"""What the readers take out of a document: texts with their places, tables, stated people."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from secshare.model.folding import fold

if TYPE_CHECKING:
    from datetime import date

    from secshare.model import DocumentKind, Place

__all__ = ["Content", "Part", "Role", "Stated", "Table", "Unread", "Why"]


class Why(StrEnum):
    """Why a document, or a part of one, could not be checked."""

    SCAN = "scan"
    """A picture of a page, or a picture: there is no text in it."""
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """A kind of file that no reader knows."""
    TOO_LARGE = "too_large"
    """Beyond the limits of `profiles`: size, pages, members, depth, unpacked size."""
    TOO_LONG = "too_long"
    """Reading took more time than it may, or more memory."""
    CRASHED = "crashed"
    """The reader's process died of it."""
    EMPTY = "empty"
    """Nothing to read in it, and nothing that says why."""


class Role(StrEnum):
    """What somebody named in a document is, there."""

    PATIENT = "patient"
    INSURED = "insured"
    """Assuré, ouvrant droit: whose number a child or a dependant bears."""
    PARENT = "parent"
    """Mother, father, guardian, legal representative."""
    CHILD = "child"
    """A newborn named in its mother's document, a child of the patient."""
    CONTACT = "contact"
    """To be called: personne à prévenir, personne de confiance, emergency contact."""
    PROFESSIONAL = "professional"
    HOLDER = "holder"
    """Of a bank account."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """A text and where it stands. Lines end in `\\n`; blanks are as they were.

    Attributes:
        title: whether it is the document's title or heading: it weighs in what kind it is.
    """

    place: Place
    text: str = field(repr=False)
    title: bool = False
    _folded: str | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def folded(self) -> str:
        """Return the text as `folding.fold` writes it, which is made once."""
        if self._folded is None:
            object.__setattr__(self, "_folded", fold(self.text))
        return self._folded or ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a CSV file or of a sheet, for the check of exports. Cells as text, stripped.

    Attributes:
        header: the first row if it names columns, else empty.
        first_row: the number, from 1, of the first of `rows` in the file or sheet.
    """

    place: Place
    header: tuple[str, ...]
    rows: list[list[str]] = field(repr=False)
    first_row: int = 2


@dataclass(frozen=True, slots=True)
class Stated:
    """Somebody as a document says them: by a field of its own, or in a context that tells.

    Attributes:
        names: full names, each a way to write the same person (birth name, used name).
        number: 13 characters of a social-security number.
        certain: said by a field (CDA, a column of a table), not guessed from a text.
    """

    role: Role
    names: tuple[str, ...] = field(default=(), repr=False)
    birth_date: date | None = field(default=None, repr=False)
    number: str | None = field(default=None, repr=False)
    place: Place | None = None
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A document, or a part of one, that could not be checked."""

    why: Why
    place: Place


@dataclass(slots=True)
class Content:
    """All that could be read of one document. It stays in the reading process.

    Attributes:
        people: whom the document states by fields of its own (CDA).
        declared: what a CDA document says it is.
        structured: whether `people` says by itself whom the document is about (CDA).
    """

    parts: list[Part] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    people: list[Stated] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    declared: DocumentKind | None = None
    structured: bool = False
