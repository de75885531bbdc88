"""Which run a manifest belongs to that nobody named: perhaps it is another run's, corrected."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from secshare.errors import AnswerNeeded

if TYPE_CHECKING:
    from secshare.batch.looking import Ahead
    from secshare.batch.tasks import Looked

__all__ = ["WhichRun"]


class WhichRun:
    """Asks before the first share is sealed, or holds rows back and asks at the end.

    Before the first one both ways on are open: the other run's name, or one of its own. Once
    something is sealed in this run neither is: the other run would seal that again, and this one
    what the other has. So the rest is sealed, what another run has is held back, and then it is
    said (docs/decisions/102).

    Args:
        run: the one that is going on.
        empty: whether nothing was sealed in it by now, and nobody named it.
    """

    def __init__(self, run: str, *, empty: bool) -> None:
        self._run, self._unasked = run, empty
        self._held = Counter[str]()  # rows, by the run that sealed them

    def check(self, ahead: Ahead) -> None:
        """Ask before the first share.

        Raises:
            AnswerNeeded: most of what comes first was sealed in another run.
            PreflightStopped: a column slipped.
        """
        if self._unasked and ahead.may_begin:
            self._unasked = False
            if (other := ahead.elsewhere) is not None:
                raise AnswerNeeded("running.elsewhere", run=other, own=self._run)

    def holds(self, looked: Looked) -> bool:
        """Return whether a row that may be sealed is not to be before somebody says so."""
        if looked.elsewhere is None or looked.addressed is None:
            return False
        self._held[looked.elsewhere] += 1
        return True

    def held(self) -> AnswerNeeded | None:
        """Return what is to be asked at the end: None where nothing was held back.

        Its fields: `run`, which sealed most of the rows; `own`, this one; `rows`, how many.
        """
        if not self._held:
            return None
        ((other, _),) = self._held.most_common(1)
        return AnswerNeeded("running.held", run=other, own=self._run, rows=self._held.total())
