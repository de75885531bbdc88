"""Is this the right document for this person?

A document is read in a process of its own, through the descriptor it will be sealed from; what was
found in it is compared with the subject of the share, and answered with findings.

    with Checker() as checker, open_source(path) as source:
        facts = checker.facts(source, region="FR")
        report = judge([facts], Case(subject=Person("Camille Exemple", date(1980, 1, 2))))

What it does not do: it reads no handwriting and no picture, and never says that a document is
clean when it could not be read. A number is compared in memory, and neither kept nor shown whole.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from secshare.preflight.case import Case, Own, Person
    from secshare.preflight.checker import Checker
    from secshare.preflight.exports_told import bars, heading, reason
    from secshare.preflight.facts import Export, Facts
    from secshare.preflight.judging import judge
    from secshare.preflight.report import Report
    from secshare.preflight.rules import RULES, Rule

__all__ = [
    "RULES",
    "Case",
    "Checker",
    "Export",
    "Facts",
    "Own",
    "Person",
    "Report",
    "Rule",
    "bars",
    "heading",
    "judge",
    "reason",
]

# Found when asked for: the process that reads documents never judges one, and starts sooner.
_MODULES: Final = {
    "Case": "case",
    "Checker": "checker",
    "Export": "facts",
    "Facts": "facts",
    "Own": "case",
    "Person": "case",
    "RULES": "rules",
    "Report": "report",
    "Rule": "rules",
    "bars": "exports_told",
    "heading": "exports_told",
    "judge": "judging",
    "reason": "exports_told",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
