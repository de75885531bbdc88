"""Contacts that resemble or equal somebody else's: the questions about them, and their survey."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from secshare.cli import people
from secshare.cli.base import JsonOption, PracticeOption, recipients_app, tr, verb
from secshare.cli.session import Session, session_of
from secshare.errors import AnswerNeeded
from secshare.messages import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

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

_UNANSWERED = {
    Accept.LOOK_ALIKE: "lookalikes.unanswered_like",
    Accept.SHARED_CONTACT: "lookalikes.unanswered_same",
}

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
    questions = [
        *([] if Accept.SHARED_CONTACT in accepted else _of_shared(recipient, shared)),
        *([] if Accept.LOOK_ALIKE in accepted else _of_alike(recipient, alike)),
    ]
    if questions and session.terminal is None:
        session.write(*(question.told for question in questions))
        asked = sorted({question.accept for question in questions})
        raise AnswerNeeded(
            "lookalikes.unanswered" if len(asked) > 1 else _UNANSWERED[asked[0]],
            options=" ".join(f"--accept {each}" for each in asked),
        )
    for question in questions:
        option = f"--accept {question.accept}"
        session.confirm(question.key, option=option, told=question.told)
    return alike, shared


class _Question(NamedTuple):
    """What is told of contacts, the question to it, and what answers it beforehand."""

    told: str
    key: str
    accept: Accept


def _of_shared(recipient: Recipient, shared: Sequence[SharedContact]) -> Iterator[_Question]:
    """Yield a question for all those with whom both contacts are shared, then for each contact."""
    contacts: dict[str, set[Contact]] = {}
    for share in shared:
        contacts.setdefault(share.other.uid, set()).add(share.contact)
    for which in ("both", *sorted({share.contact for share in shared})):
        others = {
            share.other.uid: share.other
            for share in shared
            if (len(contacts[share.other.uid]) > 1) == (which == "both")
            and which in {"both", share.contact}
        }
        if others:
            told = tr(
                f"lookalikes.same_{which}",
                name=recipient.name,
                others=_named([_other(other) for other in others.values()]),
            )
            yield _Question(told, "lookalikes.confirm_same", Accept.SHARED_CONTACT)


def _of_alike(recipient: Recipient, alike: Sequence[LookAlike]) -> Iterator[_Question]:
    for contact in sorted({look.contact for look in alike}):
        near = [look for look in alike if look.contact is contact]
        if of_people := [_other_why(recipient, look, look.other) for look in near if look.other]:
            told = tr(f"lookalikes.like_{contact}", name=recipient.name, others=_named(of_people))
            yield _Question(told, f"lookalikes.confirm_like_{contact}", Accept.LOOK_ALIKE)
        for provider in (look.provider for look in near if look.provider):
            host = (recipient.email or "").rpartition("@")[2]
            told = tr("lookalikes.like_provider", name=recipient.name, host=host, provider=provider)
            yield _Question(told, "lookalikes.confirm_provider", Accept.LOOK_ALIKE)


def _other(other: Recipient) -> str:
    """Return somebody as a question names them: who they are, when born."""
    return tr("lookalikes.other", **people.described(other))


def _other_why(recipient: Recipient, look: LookAlike, other: Recipient) -> str:
    """Return somebody as a question names them, where the contacts differ, and why it asks."""
    return tr(
        "lookalikes.other_why",
        difference=difference(recipient, other, look.contact),
        why=tr(f"lookalikes.why_{look.why}"),
        **people.described(other),
    )


def _named(others: Sequence[str]) -> str:
    named = list(others[:_NAMED])
    if len(others) > _NAMED:
        named.append(tr("lookalikes.more", count=len(others) - _NAMED))
    return tr("recipients.between").join(named)


def difference(one: Recipient, other: Recipient, contact: Contact) -> str:
    """Return where two people's contacts differ, and neither of them whole."""
    from secshare.recipients import told_difference

    return told_difference(
        contact, getattr(one, contact.value) or "", getattr(other, contact.value) or ""
    )


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
    shown = _cell(other) if other is not None else str(getattr(pair.tie, "provider", ""))
    return (
        _cell(pair.recipient),
        printable(shown),
        tr(f"recipients.row_{contact}"),
        printable(_difference(pair) or masked(pair.recipient, contact)),
        tr(f"lookalikes.why_{why}"),
        tr("lookalikes.answered") if pair.answered else "",
    )


def _cell(recipient: Recipient) -> str:
    return printable(f"{recipient.name} ({recipient.id})")


def _difference(pair: Pair) -> str | None:
    """Return where the contacts of two people who are taken for one another differ."""
    contact, why, other = _tie(pair)
    if other is None or why == "shared":
        return None
    return difference(pair.recipient, other, contact)


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
        "difference": _difference(pair),
        "provider": getattr(pair.tie, "provider", None),
        "answered": pair.answered,
    }


def _tie(pair: Pair) -> tuple[Contact, str, Recipient | None]:
    tie = pair.tie
    return tie.contact, getattr(tie, "why", "shared"), tie.other
