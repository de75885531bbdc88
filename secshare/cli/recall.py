"""`secshare recall`: stop the words of a share, and say in plain words what that is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from secshare.batch.forms import Form
from secshare.cli.base import ByOption, JsonOption, PracticeOption, tr, verb
from secshare.cli.pasting import pasted, place_of_run
from secshare.cli.session import session_of
from secshare.cli.shares_told import day, is_asked, states_as_json
from secshare.errors import ShareState
from secshare.model import FileState, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from secshare.cli.session import Session
    from secshare.model import Share
    from secshare.sharing import Desk, Stopped

_FORMS: Final = {".csv": Form.SMS_CSV, ".xlsx": Form.SMS_XLSX, ".pdf": Form.QR_SHEET}
"""What the words of a run were taken out as, by the end of the file's name."""


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
    from secshare.sharing.desk import is_sheet

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by, settle=False) as desk:
        share = desk.register.share(Reference.parse(reference))
        if as_json and share.road is None:  # the refusal follows, for people
            session.result_json(_as_json(share, "sealed-to-key"))
        stopped = stop(desk, share.reference)
        share = stopped.share
        if as_json:
            session.result_json(_as_json(share, stopped.worth, stopped.given, stopped.removed))
        elif stopped.worth is not Worth.TOO_LATE:
            say_worth(session, stopped)
        if not as_json:
            for path in stopped.removed:
                session.result(tr("recall.removed", name=path.name))
                run = desk.register.run_of(share.reference)
                if is_sheet(path.name) and run is not None:
                    at = place_of_run(run, practice)
                    form = _FORMS[path.suffix]
                    session.say("batch_secrets.sheet_removed", name=path.name, form=form, **at)
        if stopped.worth is Worth.TOO_LATE:
            key = "recall.too_late" if share.states.secret_known else "recall.too_late_assumed"
            raise ShareState(key, reference=share.reference, date=_when(stopped))
        if not as_json:
            _say_next(session, desk, share)


def _as_json(
    share: Share, worth: str, given: datetime | None = None, removed: Sequence[Path] = ()
) -> dict[str, Any]:
    return {
        "reference": str(share.reference),
        "worth": worth,
        "given": given.isoformat() if given else None,
        "removed": [str(path) for path in removed],
        **states_as_json(share),
    }


def say_worth(session: Session, stopped: Stopped) -> None:
    """Say what a recall is worth, with its condition."""
    key = f"recall.{stopped.worth.replace('-', '_')}"
    session.result(tr(key, reference=stopped.share.reference, date=_when(stopped)))


def _when(stopped: Stopped) -> str:
    return day(stopped.given) if stopped.given else ""


def _say_next(session: Session, desk: Desk, share: Share) -> None:
    """Say what helps now."""
    from secshare.register import twins

    asked, others = is_asked(desk, share.reference), twins(desk.store, share.reference)
    if share.states.file is FileState.PREPARED:
        session.say("recall.next_not_sent", reference=share.reference)
    session.say("recall.next_incident", reference=share.reference)
    if not asked:  # what a batch sealed in its place stands already
        run = pasted(desk.register.run_of(share.reference) or "")
        session.say("recall.next_unasked", run=run)
        session.say("recall.next_unasked_part", run=run)
    if others:  # sealed again, this person would have two that open
        session.say("recall.next_stands", twin=others[0].reference, run=others[0].run)
    elif asked and desk.directory.by_uid(share.recipient) is not None:  # `reseal` has an address
        session.say("recall.next_reseal", reference=share.reference)
    elif asked:
        session.say("recall.next_reseal_unlisted")
