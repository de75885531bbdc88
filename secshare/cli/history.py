"""`secshare recipients history`: what a person may ask for, on a page to print and hand over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from secshare.cli.base import (
    ByOption,
    JsonOption,
    PracticeOption,
    recipients_app,
    tr,
    verb,
)
from secshare.cli.session import Session, session_of
from secshare.cli.shares_told import person as named
from secshare.messages import printable
from secshare.model import SecretState

if TYPE_CHECKING:
    from datetime import datetime

    from secshare.model import Recipient, Share, States
    from secshare.register.entries import Entry
    from secshare.register.incidents import Incident
    from secshare.sharing import Desk
    from secshare.sharing.history import History

_FORMS: Final = frozenset({"words", "sms", "qr", "phone"})


@verb("history", "history.help", recipients_app)
def history(
    ctx: typer.Context,
    who: Annotated[str, typer.Argument(metavar="WHO", help=tr("history.arg_who"))],
    as_json: JsonOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Print everything shared with somebody or about them; who at the practice did it is not said.

    A person may know what was done with their data and when, not which employee did it: that
    stands in the journal.
    """
    from secshare.sharing import Desk
    from secshare.sharing.history import history_of, person_of

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        found = history_of(desk, person_of(desk, who))
        if as_json:
            session.result_json(_as_json(desk, found))
        else:
            _print(session, desk, found)
    for reference in found.namesakes:
        session.say("history.namesakes", reference=reference)
    if not as_json:
        if found.person.recipient is not None:
            session.say("history.see_directory", id=found.person.recipient.id)
        if any(share.recipient != share.subject for share in found.shares):
            session.say("history.before_sharing")


# --- to read ------------------------------------------------------------------------------------


def _print(session: Session, desk: Desk, found: History) -> None:
    settings, person = desk.practice.settings, found.person
    told = named(person.name, person.recipient, of_run=bool(found.of_runs))
    session.result(tr("history.title", person=told))
    session.result(tr("history.by_practice", name=settings.name, date=_day(date.today())))
    session.result()
    session.result(tr("history.shares", count=len(found.shares)))
    for share in found.shares:
        session.result()
        _print_share(session, desk, found, share)
    session.result()
    session.result(tr("history.directory"))
    for entry in found.entries:
        session.result(f"  {_moment(entry.time)}  {_done(entry)}")
    if not found.entries:
        session.result(f"  {tr('history.nothing_done')}")
    session.result()
    if found.about_nobody == 1:
        session.result(tr("history.about_nobody_one"))
    elif found.about_nobody:
        session.result(tr("history.about_nobody", count=found.about_nobody))
    kept = {
        "shares": settings.shares_months,
        "journal": settings.journal_months,
        "words": settings.words_days,
    }
    session.result(tr("history.kept", **kept))


def _print_share(session: Session, desk: Desk, found: History, share: Share) -> None:
    recipient, subject = (desk.directory.by_uid(uid) for uid in (share.recipient, share.subject))
    of_run = share.reference in found.of_runs
    rows = [("to", named(share.name, recipient, of_run=of_run))]
    if share.subject != share.recipient:
        rows.append(("about", named(share.about, subject, of_run=of_run)))
    rows += [
        ("contents", _contents(share)),
        ("purpose", share.purpose or tr("seal.not_recorded")),
        ("file", tr("history.both", road=_file_road(share), state=_file(share))),
        ("words", _words(share)),
    ]
    rows += [_given(entry) for entry in found.words[share.reference]]
    if share.words_kept:
        rows.append(("copy", tr("history.copy_kept")))
    if share.seals_again is not None:
        rows.append(("again", str(share.seals_again)))
    for answer in reversed(found.answers[share.reference]):
        told = tr("history.answer", date=_moment(answer.received), count=answer.documents)
        rows.append(("answer", told))
    if incident := found.incidents.get(share.reference):
        rows.append(("incident", _incident(incident, share)))
    session.result(f"{share.reference}  {tr('history.prepared', date=_moment(share.created))}")
    width = max(len(tr(f"history.row_{row}")) for row, _ in rows)
    for row, value in rows:
        session.result(f"  {tr(f'history.row_{row}'):<{width}}  {printable(value)}")


def _contents(share: Share) -> str:
    if share.kind is None:
        return str(share.documents)
    kind = tr(f"check.kind_{share.kind}")
    return tr("history.contents_kind", count=share.documents, kind=kind)


def _file_road(share: Share) -> str:
    from secshare.recipients import masked_email
    from secshare.sharing.forms import goes_by_mail

    if not goes_by_mail(share):
        return tr("history.by_hand")
    return tr("history.by_mail", email=masked_email(share.email or ""))


def _file(share: Share) -> str:
    said = tr(f"history.file_{share.states.file}", date=_since(share, share.file_since))
    return said if share.states.file_known else tr("history.assumed", state=said)


def _words(share: Share) -> str:
    from secshare.recipients import masked_phone

    states = share.states
    if share.road is None or states.secret is None:
        return tr("history.by_key")
    phone = masked_phone(share.phone) if share.phone else tr("seal.not_recorded")
    road = tr(f"history.by_{share.road}", phone=phone)
    state = _secret(states, _since(share, share.secret_since))
    return tr("history.both", road=road, state=state)


def _secret(states: States, since: str) -> str:
    if states.secret is SecretState.DESTROYED and not states.secret_known:
        return tr("history.secret_destroyed_assumed", date=since)
    told = tr(f"history.secret_{states.secret}", date=since)
    return told if states.secret_known else tr("history.assumed", state=told)


def _given(entry: Entry) -> tuple[str, str]:
    """Return what was done with the words of a share, besides the state that they are in."""
    form = entry.facts.get("given_as")
    key = f"history.on_{form}" if form in _FORMS else "history.on"
    return str(entry.operation), tr(key, date=_moment(entry.time))


def _incident(incident: Incident, share: Share) -> str:
    from secshare.recipients import masked_email

    told, wrong = _moment(incident.recorded), incident.wrong_address
    if not wrong:
        return tr("history.incident", date=told)
    same = share.email is not None and wrong.casefold() == share.email.casefold()
    key = "history.incident_wrong" if same else "history.incident_other"
    return tr(key, date=told, email=masked_email(wrong))


def _done(entry: Entry) -> str:
    """Return what an entry says was done with somebody's own entry of the directory."""
    what = entry.facts.get("what")
    if what is None:
        return tr(f"history.was_{entry.operation}")
    fields = ", ".join(_field(name) for name in entry.facts.get("changed", ()))
    return tr(f"history.what_{what.replace('-', '_')}", fields=fields)


def _field(name: str) -> str:
    return tr(
        "recipients.row_consented" if name == "email_consent_date" else f"recipients.row_{name}"
    )


def _since(share: Share, moment: datetime | None) -> str:
    return _moment(moment or share.created)


def _moment(moment: datetime) -> str:
    return moment.astimezone().strftime("%d/%m/%Y %H:%M")


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


# --- for a program ------------------------------------------------------------------------------


def _as_json(desk: Desk, found: History) -> dict[str, Any]:
    person, settings = found.person, desk.practice.settings
    return {
        "practice": settings.name,
        "person": _person(person.name, person.recipient),
        "shares": [_share(desk, found, share) for share in found.shares],
        "directory": [
            {
                "time": entry.time.isoformat(),
                "operation": entry.operation,
                "what": entry.facts.get("what"),
                "changed": entry.facts.get("changed", []),
            }
            for entry in found.entries
        ],
        "about_nobody": found.about_nobody,
        "namesakes": [str(reference) for reference in found.namesakes],
        "kept": {
            "shares_months": settings.shares_months,
            "journal_months": settings.journal_months,
            "words_days": settings.words_days,
        },
    }


def _person(name: str, found: Recipient | None) -> dict[str, Any]:
    return {
        "id": found.id if found else None,
        "name": name,
        "birth_date": found.birth_date if found else None,
    }


def _share(desk: Desk, found: History, share: Share) -> dict[str, Any]:
    from secshare.recipients import masked_email, masked_phone
    from secshare.sharing.forms import goes_by_mail

    states = share.states
    file_since, secret_since = (
        (moment or share.created).isoformat() for moment in (share.file_since, share.secret_since)
    )
    secret = {"state": states.secret, "known": states.secret_known, "since": secret_since}
    incident = found.incidents.get(share.reference)
    wrong = incident.wrong_address if incident else None
    return {
        "reference": str(share.reference),
        "created": share.created.isoformat(),
        "recipient": _person(share.name, desk.directory.by_uid(share.recipient)),
        "subject": _person(share.about, desk.directory.by_uid(share.subject)),
        "documents": share.documents,
        "kind": share.kind,
        "purpose": share.purpose,
        "by_mail": goes_by_mail(share),
        "email": masked_email(share.email) if share.email else None,
        "road": share.road,
        "phone": masked_phone(share.phone) if share.phone else None,
        "file": {"state": states.file, "known": states.file_known, "since": file_since},
        "secret": secret if states.secret else None,
        "words_kept": share.words_kept,
        "words": [
            {
                "time": entry.time.isoformat(),
                "operation": entry.operation,
                "given_as": entry.facts.get("given_as"),
            }
            for entry in found.words[share.reference]
        ],
        "incident": {
            "recorded": incident.recorded.isoformat(),
            "wrong_address": masked_email(wrong) if wrong else None,
        }
        if incident
        else None,
        "seals_again": str(share.seals_again) if share.seals_again else None,
        "by_manifest": share.reference in found.of_runs,
        "answers": [
            {"received": answer.received.isoformat(), "documents": answer.documents}
            for answer in found.answers[share.reference]
        ],
    }
