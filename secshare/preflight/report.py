"""What the preflight answers about one set of documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare.model import DocumentKind

if TYPE_CHECKING:
    from secshare.model import Finding, Severity
    from secshare.preflight.facts import Export

__all__ = ["Report"]


@dataclass(frozen=True, slots=True)
class Report:
    """The findings about documents that go to one person, heaviest first.

    Attributes:
        kind, kind_sure: what the documents seem to be, and whether they all say so.
        digests: SHA-256 of each document as it was read, in the order given; None for one that was
            too large to read. What is sealed must have them.
    """

    findings: tuple[Finding, ...] = ()
    kind: DocumentKind = DocumentKind.OTHER
    kind_sure: bool = False
    exports: tuple[Export, ...] = ()
    digests: tuple[str | None, ...] = ()

    @property
    def verdict(self) -> Severity | None:
        """Return the heaviest severity, None where there is nothing to say."""
        severities = [finding.severity for finding in self.findings]
        return max(severities, key=lambda severity: severity.weight, default=None)
