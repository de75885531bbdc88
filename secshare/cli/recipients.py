"""`secshare recipients add` and `edit`: everything said aloud before it is written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare.cli import lookalikes, people
from secshare.cli.base import (
    ByOption,
    PracticeOption,
    YesOption,
    recipients_app,
    tr,
    verb,
)
from secshare.cli.session import Session, session_of
from secshare.errors import RecipientDataInvalid
from secshare.model import Kind

if TYPE_CHECKING:
    from secshare.model import Recipient
    from secshare.recipients import Directory
    from secshare.sharing import Desk


@verb("add", "recipients.add_help", recipients_app)
def add(
    ctx: typer.Context,
    name: people.Name = None,
    kind: people.KindOption = None,
    identifier: Annotated[str | None, people.option("id", "id", "ID")] = None,
    email: people.Email = None,
    phone: people.Phone = None,
    birth_date: people.BirthDate = None,
    road: people.RoadOption = None,
    language: people.LanguageOption = None,
    email_consent: people.Consent = None,
    email_consent_date: people.ConsentDate = None,
    purpose: people.Purposes = None,
    key: Annotated[list[str] | None, people.option("key", "key", "TEXT")] = None,
    represents: people.Represents = None,
    ground: people.Ground = None,
    until: people.Until = None,
    accept: lookalikes.AcceptOption = None,
    yes: YesOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Add somebody; the options are explained by `--help`."""
    from secshare.recipients import Contact, parse_keys
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        details = people.changes(
            desk.directory,
            date.today(),
            {
                "name": name,
                "kind": kind,
                "id": identifier,
                "email": email,
                "phone": phone,
                "birth_date": birth_date,
                "road": road,
                "language": language,
                "email_consent": email_consent,
                "email_consent_date": email_consent_date,
                "purposes": purpose,
            },
        )
        keys = parse_keys(key) if key else ()
        if name is None or kind is None:
            _ask_rest(session, desk.directory, date.today(), details)
        with people.naming_options():
            draft = desk.directory.draft(**details, keys=keys)
        tie = _representation(session, desk, represents, ground, until)
        if not yes:
            told = _told(draft, desk.directory.region)
            session.confirm("recipients.confirm_add", option="--yes", **told)
        alike, shared = lookalikes.ask(session, desk.directory, draft, accept or (), list(Contact))
        added = desk.directory.add(**details, keys=keys, look_alikes=alike, shared=shared)
        if tie is not None:
            desk.directory.represent(added, *tie)
    session.result(added.id)
    session.say("recipients.added", name=added.name, id=added.id)


@verb("edit", "recipients.edit_help", recipients_app)
def edit(
    ctx: typer.Context,
    who: people.Who,
    name: people.Name = None,
    kind: people.KindOption = None,
    email: people.Email = None,
    phone: people.Phone = None,
    birth_date: people.BirthDate = None,
    road: people.RoadOption = None,
    language: people.LanguageOption = None,
    email_consent: people.Consent = None,
    email_consent_date: people.ConsentDate = None,
    purpose: people.Purposes = None,
    represents: people.Represents = None,
    ground: people.Ground = None,
    until: people.Until = None,
    no_longer_represents: Annotated[
        str | None, people.option("no-longer-represents", "no_longer_represents", "WHO")
    ] = None,
    accept: lookalikes.AcceptOption = None,
    yes: YesOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Change what is said; the rest stays. An empty text removes an address, a number, a date."""
    from secshare.recipients import Contact
    from secshare.sharing import Desk, contact_seen

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        recipient = desk.directory.find(who)
        details = people.changes(
            desk.directory,
            date.today(),
            {
                "name": name,
                "kind": kind,
                "email": email,
                "phone": phone,
                "birth_date": birth_date,
                "road": road,
                "language": language,
                "email_consent": email_consent,
                "email_consent_date": email_consent_date,
                "purposes": purpose,
            },
        )
        if not (details or represents or no_longer_represents):
            raise RecipientDataInvalid("recipients.nothing_to_change")
        with people.naming_options():
            edited = desk.directory.edited(recipient, **details)
        tie = _representation(session, desk, represents, ground, until)
        gone = desk.directory.find(no_longer_represents) if no_longer_represents else None
        told = people.differences(desk.directory, recipient, edited)
        told += _ties(desk, recipient, tie, gone)
        if not told:
            session.result(recipient.id)
            session.say("recipients.edit_same", name=recipient.name)
            return
        if not yes:
            # The question says what was there, whatever is answered to it.
            if (edited.email, edited.phone) != (recipient.email, recipient.phone):
                contact_seen(desk, recipient)
            session.confirm(
                "recipients.confirm_edit",
                option="--yes",
                name=recipient.name,
                id=recipient.id,
                changes=tr("recipients.between").join(told),
            )
        new = [each for each in Contact if getattr(recipient, each) != getattr(edited, each)]
        alike, shared = lookalikes.ask(session, desk.directory, edited, accept or (), new)
        edited = desk.directory.edit(recipient, look_alikes=alike, shared=shared, **details)
        if tie is not None:
            desk.directory.represent(edited, *tie)
        if gone is not None:
            desk.directory.stop_representing(edited, gone)
    session.result(edited.id)
    session.say("recipients.edited", name=edited.name)


def _ask_rest(session: Session, directory: Directory, today: date, details: dict[str, Any]) -> None:
    """Ask for what the command line did not say of a newcomer, again where it cannot be taken.

    Raises:
        AnswerNeeded: the name or the kind is missing, and there is no terminal.
    """
    from secshare.recipients import check_homonyms, fold, parse_field

    def read(name: str, typed: str) -> Any:  # noqa: ANN401
        if typed or name in {"name", "kind"}:
            return parse_field(name, typed, region=directory.region, today=today)
        if name == "birth_date":
            # Asked again here: the other answers need not be typed a second time.
            check_homonyms(directory.namesakes(fold(details["name"])), None)
        return None

    for name in ("name", "kind", "email", "phone", "birth_date"):
        if name == "birth_date" and details["kind"] is Kind.ORGANISATION:
            continue
        while name not in details:
            typed = session.ask(f"recipients.ask_{name}", option=people.option_of(name))
            try:
                details[name] = read(name, typed)
            except RecipientDataInvalid as error:
                session.fail(people.in_words(error))


def _representation(
    session: Session, desk: Desk, subject: str | None, ground: str | None, until: str | None
) -> tuple[Recipient, str, date | None] | None:
    """Return whom somebody represents, on which ground and until when; the ground is asked for."""
    from secshare.recipients import one_line, parse_date

    if subject is None:
        return None
    found = desk.directory.find(subject)
    if ground is None:
        ground = session.ask("recipients.ask_ground", option="--ground", name=found.name)
    return found, one_line("--ground", ground), parse_date("--until", until) if until else None


def _ties(
    desk: Desk,
    recipient: Recipient,
    added: tuple[Recipient, str, date | None] | None,
    gone: Recipient | None,
) -> list[str]:
    """Return what an edit changes in whom somebody represents.

    Raises:
        RecipientDataInvalid: it cannot be; said before anything is asked or written.
    """
    ties = {
        subject.uid: people.tie(subject, ground, until)
        for subject, ground, until in people.represented(desk.directory, recipient)
    }
    told = []
    if added is not None:
        if added[0].uid == recipient.uid:
            raise RecipientDataInvalid("recipients.represents_self", id=recipient.id)
        old, new = ties.get(added[0].uid), people.tie(*added)
        if old != new:
            told.append(people.changed(tr("recipients.row_represents"), old, new))
    if gone is not None:
        if gone.uid not in ties:
            raise RecipientDataInvalid(
                "recipients.represents_nobody", id=recipient.id, about=gone.id
            )
        told.append(people.changed(tr("recipients.row_represents"), ties[gone.uid], None))
    return told


def _told(draft: Recipient, region: str) -> dict[str, object]:
    """Return what is read aloud before somebody is added: everything as it will be kept."""
    from secshare.recipients import shown_email, shown_phone

    none = tr("seal.not_recorded")
    return {
        **people.described(draft),
        "kind": tr(f"recipients.kind_{draft.kind}"),
        "email": shown_email(draft.email) if draft.email else none,
        "phone": shown_phone(draft.phone, region=region) if draft.phone else none,
    }
