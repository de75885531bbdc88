"""What became of each share of a manifest, and of all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.errors import SecshareError
    from secshare.model import Answered, Finding, Reference
    from secshare.register import Doubled

__all__ = ["Outcome", "Result", "State"]


class State(StrEnum):
    """What became of one share."""

    PREPARED = "prepared"
    """Sealed now."""
    ALREADY = "already"
    """Sealed earlier in this run, from the same documents, for the same person."""
    CHECKED = "checked"
    """Could be sealed, in a dry run."""
    FAILED = "failed"
    """Came to nothing; `Result.error` says why."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one share of the manifest.

    Attributes:
        number, last: its first and its last row.
        reference: of the share that stands: of a row that failed, the one that an earlier start of
            the run made of it. None where none does.
        error: why it came to nothing; its `code` is what `seal` would have ended with.
        findings: what was found in the documents and about the addresses.
        answered: how each finding was gone past; kept with the share.
        changed: the share that this run sealed from this row before its documents or its options
            changed; it still stands.
        seconds: from the beginning of its check to its end, waiting included.
    """

    number: int
    last: int
    state: State
    reference: Reference | None = None
    error: SecshareError | None = None
    findings: tuple[Finding, ...] = ()
    answered: tuple[Answered, ...] = ()
    changed: Reference | None = None
    seconds: float = 0.0

    @property
    def code(self) -> int:
        """Return the exit status that this row alone would have given: 0 where it is well."""
        return int(self.error.code) if self.error is not None else 0


@dataclass(slots=True)
class Outcome:
    """What became of all of them.

    Attributes:
        states: how many shares by what became of them.
        codes: how many failed, by exit status.
        changed: how many were sealed again since their documents or options changed.
        unasked: shares of the run that stand, and that the manifest does not ask for any more: of
            rows that were corrected or taken out since, and of those that changed.
        lone: how many of them no other share of the run stands in the place of.
        twice: how many shares another run has as well, of the same documents for the same person.
        doubled: those of them whose twin is for another address or number.
        stopped: whether somebody stopped it; what is left is for the same command again.
        seconds: by the clock.
        stages: seconds by the clock, of all processes together, by stage: `read`, `check`, `seal`
            of those that work, `words` and `commit` of the one writer, `sync` of both.
    """

    states: Counter[State] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    changed: int = 0
    unasked: tuple[Reference, ...] = ()
    lone: int = 0
    twice: int = 0
    doubled: Sequence[Doubled] = ()
    stopped: bool = False
    seconds: float = 0.0
    stages: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, result: Result) -> None:
        """Count a result."""
        self.states[result.state] += 1
        if result.error is not None:
            self.codes[result.code] += 1
        self.changed += result.changed is not None

    @property
    def done(self) -> int:
        """Return of how many shares it is known what became of them."""
        return self.states.total()

    @property
    def standing(self) -> int:
        """Return of how many rows a share stands."""
        return self.states[State.PREPARED] + self.states[State.ALREADY]

    @property
    def failed(self) -> int:
        """Return how many came to nothing."""
        return self.states[State.FAILED]
