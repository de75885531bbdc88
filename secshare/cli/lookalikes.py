"""Contacts that resemble or equal somebody else's: the questions about them, and their survey."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare.cli import people
from secshare.cli.base import JsonOption, PracticeOption, recipients_app, tr, verb
from secshare.cli.session import Session, session_of
from secshare.messages import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from secshare.model import Recipient
    from secshare.recipients import Contact, Directory, LookAlike, Pair, SharedContact


class Accept(StrEnum):
    """What may be answered with a yes beforehand."""

    LOOK_ALIKE = "look-alike"
    SHARED_CONTACT = "shared-contact"


AcceptOption = Annotated[
    list[Accept] | None,
    typer.Option("--accept", help=tr("lookalikes.opt_accept"), show_default=False),
]

_NAMED = 3
"""How many others a question names."""


def ask(
    session: Session,
    directory: Directory,
    recipient: Recipient,
    accepted: Collection[Accept],
    contacts: Collection[Contact],
) -> tuple[Sequence[LookAlike], Sequence[SharedContact]]:
    """Ask about contacts that resemble or equal somebody else's; return what was answered yes.

    Args:
        contacts: those to ask about.

    Raises:
        AnswerNeeded: there is no terminal, and no `--accept`.
        Declined: anything but a yes was answered.
    """
    alike = [look for look in directory.look_alikes(recipient) if look.contact in contacts]
    shared = [
        share
        for share, answered in directory.shared_contacts(recipient)
        if share.contact in contacts and not answered
    ]
    for contact in contacts:
        same = [share.other for share in shared if share.contact is contact]
        name = _other(recipient, contact)
        if same and Accept.SHARED_CONTACT not in accepted:
            session.confirm(
                f"lookalikes.confirm_same_{contact}",
                option=f"--accept {Accept.SHARED_CONTACT}",
                name=name,
                others=_named([_other(other, contact) for other in same]),
            )
        near = [look for look in alike if look.contact is contact]
        if Accept.LOOK_ALIKE in accepted:
            continue
        if of_people := [_other(look.other, contact, look.why) for look in near if look.other]:
            session.confirm(
                f"lookalikes.confirm_like_{contact}",
                option=f"--accept {Accept.LOOK_ALIKE}",
                name=name,
                others=_named(of_people),
            )
        for provider in (look.provider for look in near if look.provider):
            session.confirm(
                "lookalikes.confirm_provider",
                option=f"--accept {Accept.LOOK_ALIKE}",
                name=name,
                host=(recipient.email or "").rpartition("@")[2],
                provider=provider,
            )
    return alike, shared


def _other(recipient: Recipient, contact: Contact, why: str | None = None) -> str:
    """Return somebody as a question names them: who they are, when born, the contact masked."""
    named = people.described(recipient) | {"contact": masked(recipient, contact)}
    if why is None:
        return tr("lookalikes.other", **named)
    return tr("lookalikes.other_why", why=tr(f"lookalikes.why_{why}"), **named)


def _named(others: Sequence[str]) -> str:
    named = list(others[:_NAMED])
    if len(others) > _NAMED:
        named.append(tr("lookalikes.more", count=len(others) - _NAMED))
    return tr("recipients.between").join(named)


def masked(recipient: Recipient, contact: Contact) -> str:
    """Return one of somebody's contacts, masked."""
    from secshare.recipients import Contact, masked_email, masked_phone

    if contact is Contact.EMAIL:
        return masked_email(recipient.email or "")
    return masked_phone(recipient.phone or "")


# --- the whole directory ------------------------------------------------------------------------


@verb("lookalikes", "lookalikes.help", recipients_app)
def lookalikes(
    ctx: typer.Context, as_json: JsonOption = False, practice: PracticeOption = None
) -> None:
    """List contacts that resemble or equal somebody else's, in the whole directory."""
    from secshare.sharing import Desk

    session = session_of(ctx)
    with Desk(session.practice(practice)) as desk:
        found = list(desk.directory.survey())
    if as_json:
        session.result_json([_as_json(pair) for pair in found])
        return
    lines = [_line(pair) for pair in found]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for cells in lines:
        padded = (f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
        session.result("  ".join(padded).rstrip())
    if not found:
        session.say("lookalikes.none")
        return
    session.say("lookalikes.count", count=len(found), open=sum(not pair.answered for pair in found))


def _line(pair: Pair) -> tuple[str, ...]:
    contact, why, other = _tie(pair)
    shown = _cell(other, contact) if other is not None else str(getattr(pair.tie, "provider", ""))
    return (
        _cell(pair.recipient, contact),
        printable(shown),
        tr(f"recipients.row_{contact}"),
        tr(f"lookalikes.why_{why}"),
        tr("lookalikes.answered") if pair.answered else "",
    )


def _cell(recipient: Recipient, contact: Contact) -> str:
    return printable(f"{recipient.name} ({recipient.id}) {masked(recipient, contact)}")


def _as_json(pair: Pair) -> dict[str, Any]:
    contact, why, other = _tie(pair)
    people_of = [pair.recipient, *([other] if other is not None else [])]
    return {
        "contact": contact,
        "why": why,
        "people": [
            {
                "id": each.id,
                "name": each.name,
                "birth_date": each.birth_date,
                contact.value: masked(each, contact),
            }
            for each in people_of
        ],
        "provider": getattr(pair.tie, "provider", None),
        "answered": pair.answered,
    }


def _tie(pair: Pair) -> tuple[Contact, str, Recipient | None]:
    tie = pair.tie
    return tie.contact, getattr(tie, "why", "shared"), tie.other
