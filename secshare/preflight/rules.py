"""The rules of the preflight: their names, what each does unless told otherwise, and its help."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from secshare.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RULES", "Rule", "Where"]

Where = Literal["document", "export", "recipient", "address"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        name: what `--accept` and `--override` take. It is kept with shares, and never changes.
        severity: the default; a finding may be lighter, where what speaks for it is weak.
        where: what it is about: what is read, a table, who opens it, or the address it goes to.
    """

    name: str
    severity: Severity
    where: Where = "document"

    @property
    def key(self) -> str:
        """Return the key of the sentence that explains it."""
        return f"preflight.rule_{self.name.replace('-', '_')}"

    @property
    def acceptable(self) -> bool:
        """Return whether `--accept` goes past it: what asks."""
        return self.severity is Severity.CONFIRM

    @property
    def overridable(self) -> bool:
        """Return whether `--override` goes past it. Who may receive is changed in the directory."""
        return self.severity is Severity.BLOCK and self.where != "recipient"


_NOTE, _ASK, _STOP = Severity.NOTE, Severity.CONFIRM, Severity.BLOCK

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            Rule("other-number", _STOP),
            Rule("several-people", _STOP),
            Rule("other-person", _STOP),
            Rule("other-birth-date", _STOP),
            Rule("not-named", _ASK),
            Rule("name-absent", _ASK),
            Rule("homonym", _ASK),
            Rule("bank-details", _ASK),
            Rule("scan", _ASK),
            Rule("unchecked", _ASK),
            Rule("encrypted", _ASK),
            Rule("export", _ASK, "export"),
            Rule("identifier-in-name", _NOTE),
            Rule("number-key", _NOTE),
            Rule("mssante-kind", _NOTE),
            Rule("hidden", _NOTE),
            Rule("revoked", _STOP, "recipient"),
            Rule("opposed", _STOP, "recipient"),
            Rule("purpose", _STOP, "recipient"),
            Rule("not-represented", _STOP, "recipient"),
            Rule("look-alike", _ASK, "address"),
            Rule("shared-contact", _NOTE, "address"),
            Rule("both-roads", _ASK, "address"),
            Rule("changed-contact", _ASK, "address"),
            Rule("changed-key", _ASK, "address"),
            Rule("mssante-address", _NOTE, "address"),
            Rule("mssante-patient", _NOTE, "address"),
        )
    }
)
"""Every rule by its name, in the order of the table: documents, recipients, addresses."""
