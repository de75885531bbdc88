"""What the preflight answers with, and what somebody answered to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from secshare.messages import text, without_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.messages import Language

__all__ = ["Answer", "Answered", "DocumentKind", "Finding", "Place", "Severity"]


class Severity(StrEnum):
    """What a finding does: it is said, it asks, or it stops."""

    NOTE = "note"
    CONFIRM = "confirm"
    BLOCK = "block"

    @property
    def weight(self) -> int:
        """Return 1, 2 or 3: the heavier, the worse."""
        return list(Severity).index(self) + 1


class DocumentKind(StrEnum):
    """What a document is. Guessed, confirmed by a person, and kept with the share."""

    REPORT = "report"
    LABORATORY = "laboratory"
    IMAGING = "imaging"
    PRESCRIPTION = "prescription"
    CERTIFICATE = "certificate"
    LETTER = "letter"
    INVOICE = "invoice"
    CLAIMS = "claims"
    EXPORT = "export"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something stands.

    Attributes:
        file: the document's name, as it was given.
        member: the path inside it, of an archive or of a mail with attachments: `a.zip/b.pdf`.
        page, line: counted from 1.
        sheet, cell: of a spreadsheet: `Feuil1`, `B12`.
        field: what is neither page nor line: `title`, `author`, `form`, `note`, `attachment`,
            `comment`, `header`, `file name`, `patient` (what a CDA document says of itself) ...
        hidden: whether somebody who opens the document does not see it: a hidden sheet, deleted
            text.
    """

    file: str
    member: str | None = None
    page: int | None = None
    line: int | None = None
    sheet: str | None = None
    cell: str | None = None
    field: str | None = None
    hidden: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what is known of the place, and no social-security number that names it."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: without_numbers(value) if isinstance(value, str) else value
            for name, value in values.items()
            if value not in {None, False}
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the preflight found.

    Attributes:
        rule: the name of the rule, as `--accept` and `--override` take it.
        key, fields: the sentence, in the catalogues. A field never holds an identifier whole:
            at most its last three digits.
        place: None for what is not of one document: an address, a representation.
    """

    rule: str
    severity: Severity
    key: str
    fields: Mapping[str, object] = field(default_factory=dict)
    place: Place | None = None

    def sentence(self, language: Language) -> str:
        """Return what was found, in one sentence."""
        return text(self.key, language, **self.fields)


class Answer(StrEnum):
    """How somebody went past a finding."""

    SHOWN = "shown"
    """A note: it was shown, and the share was prepared."""
    CONFIRMED = "confirmed"
    """Answered on a terminal."""
    ACCEPTED = "accepted"
    """`--accept RULE`."""
    OVERRIDDEN = "overridden"
    """`--override RULE --reason TEXT`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A finding as it is kept with the share: no place and no sentence, which name documents.

    Attributes:
        reason: what somebody wrote, for a `block` that they overrode.
    """

    rule: str
    severity: Severity
    answer: Answer
    reason: str | None = None
