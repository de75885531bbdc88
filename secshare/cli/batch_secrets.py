"""`secshare batch secrets`: the words of a run, for a gateway's upload or to be printed."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from secshare import profiles
from secshare.batch.forms import Form, Left
from secshare.cli.base import ByOption, JsonOption, PracticeOption, tr, verb
from secshare.cli.giving import Accept, check_free
from secshare.cli.numbers import counted
from secshare.cli.pasting import ends, place_of_run, whole
from secshare.cli.progress import counting
from secshare.cli.session import Session, session_of
from secshare.cli.unlock import PassphraseFdOption, PassphraseFileOption, identities
from secshare.errors import AnswerNeeded, BatchIncomplete, RoadFailed, SecshareError, ShareState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.batch.secrets import Taking
    from secshare.model import Reference
    from secshare.register import Run
    from secshare.sharing import Desk

_NAMED: Final = 5  # references on one line; --json has all


@verb("batch secrets", "batch_secrets.help", epilog="batch_secrets.epilog")
def batch_secrets(
    ctx: typer.Context,
    run: Annotated[
        str | None, typer.Argument(metavar="RUN", help=tr("batch_secrets.arg_run"))
    ] = None,
    form: Annotated[Form | None, typer.Option("--as", help=tr("batch_secrets.opt_as"))] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help=tr("batch_secrets.opt_output")),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help=tr("batch_secrets.opt_again"))] = False,
    any_road: Annotated[
        bool, typer.Option("--any-road", help=tr("batch_secrets.opt_any_road"))
    ] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help=tr("batch_secrets.opt_unfinished"))
    ] = False,
    accept: Annotated[
        list[Accept] | None, typer.Option("--accept", help=tr("batch_secrets.opt_accept"))
    ] = None,
    as_json: JsonOption = False,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Take the words of a run out of the register, or list the runs."""
    from secshare.batch.choosing import find_run
    from secshare.batch.places import check_place, usual_place
    from secshare.batch.resting import at_rest, check_ended
    from secshare.batch.secrets import Taking
    from secshare.batch.uploads import separator
    from secshare.register import Runs
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        if run is None:
            _list(session, desk, practice, as_json=as_json)
            return
        found = find_run(desk.store, run, ends=ends(practice))
        if form is None:
            raise AnswerNeeded("batch_secrets.no_form")
        if output is None:
            output = whole(usual_place(desk.practice, found.name, form))
        check_place(desk.practice, output)
        check_free(output)
        check_ended(desk, found.name, unfinished=unfinished)
        taking = Taking(desk, form, again=again, changed_phones=bool(accept), any_road=any_road)
        taking.choose(Runs(desk.store).references(found.name))
        if not taking.count:
            _say_left(session, taking, practice)
            raise ShareState("batch_secrets.nothing")
        unlocked = identities(session, desk.practice, passphrase_file, passphrase_fd)
        with counting(tr("batch_secrets.unsealing"), taking.count) as progress:
            taking.unseal(unlocked, progress)
        with at_rest(desk, found.name, unfinished=unfinished):
            _write(session, taking, found, form, output, practice)
    if as_json:
        session.result_json(_as_json(taking, found, form, output))
    else:
        session.result(
            tr("batch_secrets.done", run=found.name, count=counted(taking.count), path=output)
        )
    _say_left(session, taking, practice)
    if taking.illegible:
        session.say("batch_secrets.illegible", **_told(taking.illegible))
    if form is Form.SMS_CSV:
        between = separator(desk.practice.settings.language)
        session.say("batch_secrets.separator", separator=between)
    session.say(f"batch_secrets.next_{form.road}", path=output)
    if damaged := taking.left.get(Left.DAMAGED):
        raise BatchIncomplete("batch_secrets.some_damaged", count=counted(len(damaged)))


def _write(
    session: Session,
    taking: Taking,
    run: Run,
    form: Form,
    output: Path,
    practice: Path | None,
) -> None:
    """Write the file, and say what counts as given where that fails half-way.

    Args:
        practice: as it was named, where it was.

    Raises:
        RoadFailed: words count as given that are in no file.
        OutputRefused, ShareState, JournalBroken, RegisterUnwritable: as `Taking.write`.
    """
    at = place_of_run(run.name, practice)
    try:
        with counting(tr("batch_secrets.recording"), taking.count) as progress:
            taking.write(output, progress)
    except (SecshareError, OSError) as error:
        if isinstance(error, ShareState):  # all of it was recalled or given at the same time
            _say_left(session, taking, practice)
        if not taking.committed or isinstance(error, ShareState):
            raise
        raise RoadFailed(
            "batch_secrets.not_handed",
            run=run.name,
            form=form,
            count=counted(taking.committed),
            **at,
        ) from error
    except BaseException:  # Ctrl-C, a closed window
        if taking.committed:
            count = counted(taking.committed)
            session.say("batch_secrets.interrupted", form=form, count=count, **at)
        raise


def _list(session: Session, desk: Desk, practice: Path | None, *, as_json: bool) -> None:
    """List the last runs.

    Args:
        practice: as it was named, for the command that is suggested.
    """
    from secshare.register import Runs

    runs = list(islice(Runs(desk.store).all(), profiles.RUNS_LISTED))
    if as_json:
        session.result_json(
            [
                {
                    "run": run.name,
                    "begun": run.begun.isoformat(timespec="seconds"),
                    "shares": run.shares,
                    "held": run.held,
                    "unfinished": run.unfinished,
                }
                for run in runs
            ]
        )
    elif not runs:
        session.say("batch_secrets.no_runs", ends=ends(practice))
    else:
        for run in runs:
            date = f"{run.begun.astimezone():%d/%m/%Y %H:%M}"
            # Of a run that is not finished no words are given: it fits a row without their count.
            key = "batch_secrets.listed_unfinished" if run.unfinished else "batch_secrets.listed"
            shares, held = counted(run.shares), counted(run.held)
            session.result(tr(key, name=run.name, date=date, shares=shares, held=held))
        if any(run.unfinished for run in runs):
            session.say("batch_secrets.some_unfinished", ends=ends(practice))


def _say_left(session: Session, taking: Taking, practice: Path | None) -> None:
    """Say what is left out, and what the commands lack that are said with it.

    Args:
        practice: as it was named, where it was.
    """
    commands = False
    for why in Left:
        if references := taking.left.get(why):
            line = tr(f"batch_secrets.left_{why.name.lower()}", **_told(references))
            session.write(line)
            commands = commands or "secshare " in line
    if commands and practice is not None:
        session.say("batch.in_practice", ends=ends(practice))


def _told(references: Sequence[Reference]) -> dict[str, object]:
    named = ", ".join(str(each) for each in references[:_NAMED])
    more = ", …" if len(references) > _NAMED else ""
    return {"count": counted(len(references)), "references": named + more}


def _as_json(taking: Taking, run: Run, form: Form, output: Path) -> dict[str, Any]:
    return {
        "run": run.name,
        "as": form.value,
        "path": str(output),
        "given": taking.count,
        "left_out": {why.value: [str(each) for each in taking.left.get(why, ())] for why in Left},
        "illegible": [str(each) for each in taking.illegible],
    }
