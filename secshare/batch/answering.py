"""How findings are gone past where nobody can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.errors import PreflightStopped
from secshare.model import Answer, Answered, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from secshare.model import Finding

__all__ = ["unattended"]


def unattended(findings: Sequence[Finding], accept: Collection[str]) -> tuple[Answered, ...]:
    """Return how each finding is gone past; what is kept with the share.

    Args:
        accept: rules that ask, and were answered with a yes beforehand.

    Raises:
        PreflightStopped: one stops, or asks and was not answered; with the rules of all that do.
    """
    for severity, key in ((Severity.BLOCK, "running.stops"), (Severity.CONFIRM, "running.asks")):
        stopping = {
            each.rule
            for each in findings
            if each.severity is severity and (severity is Severity.BLOCK or each.rule not in accept)
        }
        if stopping:
            options = " ".join(f"--accept {rule}" for rule in sorted(stopping))
            raise PreflightStopped(key, rules=", ".join(sorted(stopping)), options=options)
    return tuple(
        Answered(
            each.rule,
            each.severity,
            Answer.SHOWN if each.severity is Severity.NOTE else Answer.ACCEPTED,
        )
        for each in findings
    )
