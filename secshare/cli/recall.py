"""`secshare recall`: stop the words of a share, and say in plain words what that is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from secshare.cli.base import ByOption, JsonOption, PracticeOption, tr, verb
from secshare.cli.session import session_of
from secshare.cli.shares_told import day, states_as_json
from secshare.errors import ShareState
from secshare.model import FileState, Reference

if TYPE_CHECKING:
    from secshare.cli.session import Session
    from secshare.sharing import Stopped


@verb("recall", "recall.help")
def recall(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help=tr("secret.arg_reference"))],
    by: ByOption = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Destroy the words of one share. In the first minutes after a mistake nobody is asked."""
    from secshare.register import Worth
    from secshare.sharing import Desk
    from secshare.sharing import recall as stop

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        stopped = stop(desk, Reference.parse(reference))
        share = stopped.share
        if as_json:
            session.result_json(
                {
                    "reference": str(share.reference),
                    "worth": stopped.worth,
                    "given": stopped.given.isoformat() if stopped.given else None,
                    "removed": [str(path) for path in stopped.removed],
                    **states_as_json(share),
                }
            )
        elif stopped.worth is not Worth.TOO_LATE:
            say_worth(session, stopped)
        if not as_json:
            for path in stopped.removed:
                session.say("recall.removed", name=path.name)
        if stopped.worth is Worth.TOO_LATE:
            key = "recall.too_late" if share.states.secret_known else "recall.too_late_assumed"
            raise ShareState(key, reference=share.reference, date=_when(stopped))
        if not as_json:
            _say_next(session, stopped)


def say_worth(session: Session, stopped: Stopped) -> None:
    """Say what a recall is worth, with its condition."""
    key = f"recall.{stopped.worth.replace('-', '_')}"
    session.result(tr(key, reference=stopped.share.reference, date=_when(stopped)))


def _when(stopped: Stopped) -> str:
    return day(stopped.given) if stopped.given else ""


def _say_next(session: Session, stopped: Stopped) -> None:
    share = stopped.share
    if share.states.file is FileState.PREPARED:
        session.say("recall.next_not_sent", reference=share.reference)
    session.say("recall.next_incident", reference=share.reference)
    session.say("recall.next_reseal", reference=share.reference)
