"""Telling what became of each share of a batch, and counting it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from secshare import files
from secshare.batch.results import Outcome, Result, State
from secshare.errors import RecipientRefused, SecshareError
from secshare.sharing.copying import copy_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from secshare.batch.asked import Asked
    from secshare.batch.recording import InFlight
    from secshare.batch.tasks import Looked
    from secshare.model import Reference

__all__ = ["Teller"]


class Teller:
    """Tells of each share once, after what it tells is recorded.

    Args:
        asked: is told which shares the manifest asks for.
        outbox: the practice's.
        add_mail: writes the draft of a mail for a share that was sealed without one.
        out: where a copy of what may leave by mail is wanted; made before the share is told of.
    """

    def __init__(
        self,
        on_result: Callable[[Result], None],
        asked: Asked,
        outbox: Path,
        out: Path | None,
        add_mail: Callable[[Reference], None] = lambda _: None,
    ) -> None:
        self.outcome = Outcome()
        self._on_result, self._asked = on_result, asked
        self._outbox, self._out, self._add_mail = outbox, out, add_mail

    def prepared(self, share: InFlight) -> None:
        """Tell of a share that stands."""
        reference = share.reference
        copied = self._copied(reference)
        self._tell(share.looked, share.began, State.PREPARED, reference=reference, error=copied)

    def failed(self, looked: Looked, began: float, error: SecshareError) -> None:
        """Tell of one that came to nothing; what this run sealed of its row before stands.

        The row goes on asking for that, unless it went elsewhere than it is to go, or to somebody
        who may not have it by now.
        """
        astray = looked.astray or isinstance(error, RecipientRefused)
        if looked.earlier is not None and not astray:
            self._asked.note(looked.earlier)
        self._tell(looked, began, State.FAILED, reference=looked.earlier, error=error)

    def looked(self, looked: Looked, began: float, already: Reference | None) -> None:
        """Tell of one that is not to be sealed: it cannot be, or is already, or it is a dry run."""
        if already is not None:
            error = self._completed(already)
            self._tell(looked, began, State.ALREADY, reference=already, error=error)
        elif looked.error is not None:
            self.failed(looked, began, looked.error)
        else:
            self._tell(looked, began, State.CHECKED)

    def add_stages(self, stages: Mapping[str, float]) -> None:
        """Count seconds, by stage."""
        for stage, seconds in stages.items():
            self.outcome.stages[stage] += seconds

    def _tell(
        self,
        looked: Looked,
        began: float,
        state: State,
        *,
        reference: Reference | None = None,
        error: SecshareError | None = None,
    ) -> None:
        result = Result(
            number=looked.number,
            last=looked.last,
            state=state,
            reference=reference,
            error=error,
            findings=looked.findings,
            answered=looked.answered,
            changed=None if state in {State.FAILED, State.ALREADY} else looked.earlier,
            seconds=time.monotonic() - began,
        )
        if reference is not None and state is not State.FAILED:
            self._asked.note(reference)
        self.outcome.add(result)
        self._on_result(result)

    def _completed(self, reference: Reference) -> SecshareError | None:
        """Add what is wanted by now beside a share that stands; return why it could not be."""
        try:
            self._add_mail(reference)
        except SecshareError as error:
            return error
        return self._copied(reference)

    def _copied(self, reference: Reference) -> SecshareError | None:
        """Copy a share that stands, unless its copy does; return why there is none."""
        if self._out is None:
            return None
        folder = self._outbox / str(reference)
        try:
            with files.reading(folder):
                paths = sorted(folder.iterdir())
            copy_out(reference, paths, self._out)
        except SecshareError as error:
            return error
        return None
