"""`secshare recipients`: who may receive, looked up, imported, revoked, removed."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer

from secshare.cli import lookalikes, people
from secshare.cli.base import (
    ByOption,
    JsonOption,
    PracticeOption,
    YesOption,
    recipients_app,
    tr,
    verb,
)
from secshare.cli.problems import say_problems
from secshare.cli.session import session_of
from secshare.errors import RecipientDataInvalid
from secshare.terminal import is_screen


@verb("remove", "recipients.remove_help", recipients_app)
def remove(
    ctx: typer.Context,
    who: people.Who,
    yes: YesOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Remove somebody and their keys; the register of what was prepared for them stays."""
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        recipient = desk.directory.find(who)
        count = sum(1 for _ in desk.register.shares(recipient.uid))
        if not yes:
            key = "recipients.confirm_remove_shares" if count else "recipients.confirm_remove"
            session.confirm(key, option="--yes", count=count, **people.described(recipient))
        desk.directory.remove(recipient)
    session.say("recipients.removed", name=recipient.name)
    if count:
        session.say("recipients.removed_shares", count=count)


@verb("revoke", "recipients.revoke_help", recipients_app)
def revoke(
    ctx: typer.Context,
    who: people.Who,
    undo: Annotated[bool, people.option("undo", "undo")] = False,
    yes: YesOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Let nothing be sealed for somebody any more, from today on."""
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        recipient = desk.directory.find(who)
        if not yes:
            key = "recipients.confirm_undo" if undo else "recipients.confirm_revoke"
            session.confirm(key, option="--yes", **people.described(recipient))
        desk.directory.revoke(recipient, None if undo else date.today())
    session.say("recipients.restored" if undo else "recipients.revoked", name=recipient.name)


@verb("list", "recipients.list_help", recipients_app)
def list_all(
    ctx: typer.Context, as_json: JsonOption = False, practice: PracticeOption = None
) -> None:
    """List everybody, with masked contacts."""
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice)) as desk:
        if as_json:
            session.result_json([people.summary(person) for person in desk.directory.all()])
            return
        lines = [people.line(person) for person in desk.directory.all()]
    if lines and is_screen(sys.stdout):
        lines.insert(0, people.columns())
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for cells in lines:
        padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        session.result("  ".join(padded).rstrip())
    if not lines:
        session.say("recipients.nobody")


@verb("show", "recipients.show_help", recipients_app)
def show(
    ctx: typer.Context,
    who: people.Who,
    as_json: JsonOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Show everything that is kept of one person."""
    from secshare.sharing import Desk, contact_seen

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        recipient = desk.directory.find(who)
        contact_seen(desk, recipient)
        if as_json:
            session.result_json(people.as_json(desk.directory, recipient))
            return
        rows = people.facts(desk.directory, recipient)
        changed = desk.directory.changed_since_use(recipient)
    width = max(len(label) for label, _ in rows)
    for label, value in rows:
        session.result(f"{label:<{width}}  {value}")
    for name in changed:
        session.say("recipients.has_changed", field=tr(f"recipients.row_{_LABELS[name]}"))


_LABELS = {"email": "email", "phone": "phone", "keys": "key"}


@verb("import", "recipients.import_help", recipients_app)
def import_csv(
    ctx: typer.Context,
    file: people.CsvFile,
    kind: people.KindOfAll = None,
    accept: lookalikes.AcceptOption = None,
    as_json: JsonOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Add everybody in a file, or nobody."""
    from secshare.recipients import Relation
    from secshare.sharing import Desk

    session = session_of(ctx)
    relations = {
        lookalikes.Accept.LOOK_ALIKE: Relation.LOOK_ALIKE,
        lookalikes.Accept.SHARED_CONTACT: Relation.SHARED,
    }
    taken = {relations[each] for each in accept or ()}
    with Desk(session.practice(practice), by=by) as desk:
        of_all = people.changes(desk.directory, date.today(), {"kind": kind}).get("kind")
        try:
            count = desk.directory.import_file(file, today=date.today(), kind=of_all, accept=taken)
        except RecipientDataInvalid as error:
            say_problems(session, error)
            raise
    if as_json:
        session.result_json({"added": count})
    else:
        session.say("recipients.imported", count=count)
