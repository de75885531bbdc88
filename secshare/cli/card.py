"""`secshare recipients card`: a key on paper for a person at the desk, drawn once and forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare.cli import people
from secshare.cli.base import (
    ByOption,
    JsonOption,
    PracticeOption,
    YesOption,
    recipients_app,
    tr,
    verb,
)
from secshare.cli.session import session_of
from secshare.messages import printable

if TYPE_CHECKING:
    from secshare.model import Recipient


@verb("card", "card.help", recipients_app)
def card(
    ctx: typer.Context,
    who: people.Who,
    lost: Annotated[bool, typer.Option("--lost", help=tr("card.opt_lost"))] = False,
    revoke: Annotated[bool, typer.Option("--revoke", help=tr("card.opt_revoke"))] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=tr("card.opt_output"))
    ] = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Draw a card, replace a lost one, or revoke one; the options are explained by `--help`."""
    from secshare.recipients import spoken_fingerprint
    from secshare.sharing import Desk, check_card, draw_card, revoke_card

    session = session_of(ctx)
    if revoke and (lost or output is not None):
        raise typer.BadParameter(tr("card.one_of"))
    with Desk(session.practice(practice), by=by) as desk:
        recipient = desk.directory.find(who)
        former = ", ".join(check_card(desk, recipient, lost=lost, revoke=revoke))
        if not yes:
            key = "confirm_revoke" if revoke else "confirm_lost" if lost else "confirm"
            told = _described(recipient)
            session.confirm(f"card.{key}", option="--yes", card=former, **told)
        if revoke:
            revoke_card(desk, recipient)
            drawn = None
        else:
            drawn = draw_card(desk, recipient, lost=lost, out=output)
    if as_json:
        session.result_json(
            {
                "recipient": {"id": recipient.id, "name": recipient.name},
                "card": str(drawn.name) if drawn else None,
                "file": str(drawn.path) if drawn else None,
                "key": drawn.key if drawn else None,
                "fingerprint": spoken_fingerprint(drawn.key) if drawn else None,
                "revoked": former.split(", ") if former else [],
            }
        )
        return
    if drawn is None:
        session.say("card.revoked", card=former, name=recipient.name)
        return
    session.result(printable(drawn.path))
    session.say("card.drawn", card=drawn.name, name=recipient.name, id=recipient.id)
    if lost:
        session.say("card.lost", card=former, id=recipient.id)
    session.say("card.next")
    if output is None:
        session.say("card.swept")


def _described(recipient: Recipient) -> dict[str, object]:
    """Return what names somebody at the desk, contacts masked as in every question."""
    from secshare.recipients import masked_email, masked_phone

    none = tr("seal.not_recorded")
    return {
        **people.described(recipient),
        "email": masked_email(recipient.email) if recipient.email else none,
        "phone": masked_phone(recipient.phone) if recipient.phone else none,
    }
