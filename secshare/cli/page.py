"""`secshare page`: the page on which patients open what was sealed for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files
from secshare.cli.base import JsonOption, PracticeOption, tr, verb
from secshare.cli.session import Session, session_of
from secshare.errors import OutputRefused

if TYPE_CHECKING:
    from secshare.practice import Practice

_NAME = "open.html"


@verb("page", "webpage.help")
def page(
    ctx: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=tr("webpage.opt_output"))
    ],
    plain: Annotated[bool, typer.Option("--plain", help=tr("webpage.opt_plain"))] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("webpage.opt_force"))] = False,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Write the page, with the practice's names, telephone number and public key in it."""
    from secshare.page import PracticeOnPage, write

    session = session_of(ctx)
    ours = None if plain else session.practice(practice)
    shown = PracticeOnPage.of(ours) if ours else None
    path = output / _NAME if output.is_dir() else output
    if ours and ours.part_of(path.parent):
        raise OutputRefused("webpage.inside", path=path)
    files.sweep(path.parent)
    # Not private: a site's server, or whoever gets the USB stick, has to read it.
    try:
        with files.publish(path, overwrite=force, private=False) as sink:
            write(sink, shown)
    except OutputRefused as error:
        if error.key != "files.exists":
            raise
        raise OutputRefused("webpage.exists", path=path) from error
    if as_json:
        session.result_json(
            {
                "path": str(path),
                "practice": shown.public_name if shown else None,
                "recipient": shown.recipient if shown else None,
                "address": ours.settings.page if ours else None,
            }
        )
        return
    session.result(str(path))
    _say_next(session, ours)


def _say_next(session: Session, ours: Practice | None) -> None:
    if ours is None:
        session.say("webpage.done_plain")
        session.say("webpage.next_plain")
        return
    session.say("webpage.done", name=ours.settings.public_name)
    if ours.settings.page is not None:
        session.say("webpage.next_set", address=ours.settings.page)
    else:
        from secshare.practice import SETTINGS

        session.say("webpage.next", settings=ours.folder / SETTINGS)
