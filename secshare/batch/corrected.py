"""Whether a manifest whose run nobody named is another run's: corrected, or longer by now."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from secshare.batch import rows
from secshare.batch.identity import row_content
from secshare.batch.onelook import digest, opened
from secshare.errors import AnswerNeeded, SecshareError
from secshare.register import Runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from secshare.batch.wanted import Wanted
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["check_new"]


def check_new(desk: Desk, spool: Spool, run: str, stop: Callable[[], bool]) -> None:
    """Check that no other run has made a share of the same documents for the same person.

    Before anything is sealed both ways on are open: that run's name, or one of its own. Once a row
    is sealed in this run neither is: the other would seal that one again, and this one what the
    other has. So all rows are looked at, each document read once more (docs/decisions/102); where
    no other run has a share, none is.

    Args:
        run: of which nothing was sealed yet, and which nobody named.
        stop: whether somebody wants it to end; then this does.

    Raises:
        AnswerNeeded: one has. Fields: `run`, which it is, the newest; `own`, this one; `row`, the
            first that it sealed.
    """
    runs, key = Runs(desk.store), desk.practice.signer.mac_key
    if not runs.has_others(run):
        return
    for wanted in rows.every(spool):
        if stop():
            return
        with suppress(SecshareError):  # a document that is not there is its row's own error
            other = runs.elsewhere(run, row_content(key, wanted, _digests(wanted)))
            if other is not None:
                break
    else:
        return
    raise AnswerNeeded("running.elsewhere", run=other, own=run, row=wanted.number)


def _digests(wanted: Wanted) -> list[str]:
    with ExitStack() as held:
        return [digest(source) for source in opened(wanted.files, held)]
