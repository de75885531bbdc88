"""`secshare purge`: what reached its age leaves the register, and the journal says that it did."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from secshare.cli.base import ByOption, JsonOption, PracticeOption, tr, verb
from secshare.cli.progress import database_bar
from secshare.cli.session import session_of

if TYPE_CHECKING:
    from secshare.register.cutting import Purged


@verb("purge", "purge.help")
def purge(
    ctx: typer.Context,
    before: Annotated[
        str | None, typer.Option("--before", metavar="DATE", help=tr("purge.opt_before"))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=tr("purge.opt_dry_run"))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=tr("journal.opt_yes"))] = False,
    as_json: JsonOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Remove entries, shares and incidents that reached their age.

    Raises:
        ShareState: `--before` is younger than what has to be kept.
        JournalBroken: the journal does not verify; nothing is removed.
    """
    from secshare.register.cutting import Retention
    from secshare.register.cutting import purge as cut
    from secshare.sharing import Desk

    session, day = session_of(ctx), _day(before)
    with Desk(session.practice(practice), by=by) as desk:
        settings = desk.practice.settings
        keep = Retention(settings.journal_months, settings.shares_months, settings.incidents_months)

        def run(*, dry_run: bool) -> Purged:
            with database_bar(tr("journal.verifying"), desk.practice.database) as progress:
                return cut(
                    desk.store,
                    desk.journal,
                    desk.practice.outbox,
                    keep,
                    before=day,
                    dry_run=dry_run,
                    progress=progress,
                )

        found = run(dry_run=True)
        if found.number is not None and not dry_run:
            if not yes:
                session.confirm("purge.confirm", option="--yes", **_counts(found))
            found = run(dry_run=False)
    if as_json:
        session.result_json(
            {
                "before": found.before.isoformat(),
                "entries": found.entries,
                "shares": found.shares,
                "incidents": found.incidents,
                "spared": found.spared,
                "cut": None if dry_run else found.number,
                "dry_run": dry_run,
            }
        )
    elif found.number is None:
        session.say("purge.nothing", date=found.before.astimezone().date())
    else:
        session.result(tr("purge.would" if dry_run else "purge.done", **_counts(found)))
        if found.spared:
            session.say("purge.spared", count=found.spared)


def _counts(found: Purged) -> dict[str, object]:
    return {
        "entries": found.entries,
        "shares": found.shares,
        "incidents": found.incidents,
        "date": found.before.astimezone().date(),
    }


def _day(written: str | None) -> datetime | None:
    """Return the beginning of a day, in the local time.

    Raises:
        typer.BadParameter: it is no day.
    """
    if written is None:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(written, form).astimezone()
        except ValueError:
            continue
    raise typer.BadParameter(tr("purge.no_day", day=written))
