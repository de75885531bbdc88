"""`secshare incident` and `secshare incidents`: what went wrong, and what has to be documented."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files
from secshare.cli.base import ByOption, JsonOption, PracticeOption, tr, verb
from secshare.cli.incident_told import clock_said, incident_as_json, lines
from secshare.cli.session import Session, session_of
from secshare.errors import OutputRefused
from secshare.messages import Language
from secshare.model import Reference, SecretState

if TYPE_CHECKING:
    from io import FileIO

    from secshare.practice import Practice
    from secshare.sharing.incidents import Clock, Facts

_FORMS = (".md", ".html")


@verb("incident", "incident.help")
def incident(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help=tr("secret.arg_reference"))],
    wrong_address: Annotated[
        str | None, typer.Option("--wrong-address", metavar="A", help=tr("incident.opt_address"))
    ] = None,
    found: Annotated[
        str | None, typer.Option("--found", metavar="WHEN", help=tr("incident.opt_found"))
    ] = None,
    how: Annotated[
        str | None, typer.Option("--how", metavar="TEXT", help=tr("incident.opt_how"))
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option("--measure", metavar="TEXT", help=tr("incident.opt_measure"))
    ] = None,
    decision: Annotated[
        str | None, typer.Option("--decision", metavar="TEXT", help=tr("incident.opt_decision"))
    ] = None,
    people: Annotated[
        int | None,
        typer.Option(
            "--people", metavar="N", min=1, max=99_999_999, help=tr("incident.opt_people")
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=tr("incident.opt_output"))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("incident.opt_force"))] = False,
    with_names: Annotated[
        bool, typer.Option("--with-names", help=tr("incident.opt_with_names"))
    ] = False,
    language: Annotated[
        Language | None, typer.Option("--language", help=tr("incident.opt_language"))
    ] = None,
    by: ByOption = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Record an incident, or complete it, and write what has to be documented."""
    from secshare.sharing import Desk
    from secshare.sharing import incidents as told

    session = session_of(ctx)
    opened = session.practice(practice)
    with Desk(opened, by=by) as desk, ExitStack() as held:
        # Before anything is recorded, so that a name that is taken is no surprise after it.
        sinks = _sinks(held, opened, output, force=force) if output else {}
        recorded = told.record(
            desk,
            Reference.parse(reference),
            found=found,
            how=how,
            wrong_address=wrong_address,
            people=people,
            measures=measure or (),
            decision=decision,
        )
        facts, now = told.collect(desk, recorded), datetime.now(UTC)
        spoken = language or opened.settings.language
        document = told.document(facts, spoken, now=now, with_names=with_names)
        markdown = told.markdown(document)
        for path, sink in sinks.items():
            content = told.html(document) if path.suffix == _FORMS[1] else markdown
            sink.write(told.with_digest(content))
    asked = len(list(told.questions(document)))
    clock = told.clock(recorded.deadline, now, recorded.decided)
    if as_json:
        session.result_json(
            incident_as_json(facts, clock)
            | {"questions": asked, "files": [str(path) for path in sinks]}
        )
    elif sinks:
        for path in sinks:
            session.result(str(path))
    else:
        for line in markdown.splitlines():
            session.result(line)
    _say_next(session, facts, clock, asked, document.marker)


@verb("incidents", "incident.list_help")
def incidents(
    ctx: typer.Context,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """List the incidents, the one found last first."""
    from secshare.sharing import Desk
    from secshare.sharing.incidents import clock, collect, incidents_of

    session, now = session_of(ctx), datetime.now(UTC)
    with Desk(session.practice(practice)) as desk:
        found = [
            (collect(desk, each), clock(each.deadline, now, each.decided))
            for each in incidents_of(desk).all()
        ]
    if as_json:
        session.result_json([incident_as_json(facts, told) for facts, told in found])
        return
    for facts, told in found:
        for line in lines(facts, told):
            session.result(line)
    if not found:
        session.say("incident.none")


def _sinks(held: ExitStack, practice: Practice, output: Path, *, force: bool) -> dict[Path, FileIO]:
    """Return the files to write, by their names: published together, or none of them.

    Raises:
        OutputRefused: a name is taken, was edited by hand, or lies in a part of the practice
            folder.
    """
    from secshare.sharing.incidents import is_untouched

    stem = output.with_suffix("") if output.suffix.lower() in _FORMS else output
    paths = [stem.with_name(f"{stem.name}{form}") for form in _FORMS]
    if practice.part_of(output.parent):
        raise OutputRefused("incident.inside", path=output)
    for path in paths:
        # What somebody typed into it is nowhere else: not even --force takes it.
        if path.is_file() and not is_untouched(path):
            raise OutputRefused("incident.edited", path=path)
    files.sweep(output.parent)
    sinks = {}
    for path in paths:
        try:
            sinks[path] = held.enter_context(files.publish(path, overwrite=force))
        except OutputRefused as error:
            if error.key != "files.exists":
                raise
            raise OutputRefused("incident.exists", path=path) from error
    return sinks


def _say_next(session: Session, facts: Facts, clock: Clock, asked: int, marker: str) -> None:
    share = facts.share
    if share.words_kept and share.states.secret in {SecretState.HELD, SecretState.WRITTEN}:
        session.say("incident.recall_first", reference=share.reference)
    session.say("incident.clock_said", clock=clock_said(clock))
    if asked == 1:
        session.say("incident.remaining_one", marker=marker)
    else:
        session.say("incident.remaining", count=asked, marker=marker)
