"""What the verbs about recipients share: their options, and how a person is written out."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare.cli.base import LANGUAGE, tr
from secshare.errors import RecipientDataInvalid, SecshareError
from secshare.messages import printable, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from secshare.messages import Language
    from secshare.model import Recipient
    from secshare.recipients import Directory

__all__ = [
    "as_json",
    "changed",
    "changes",
    "columns",
    "differences",
    "facts",
    "in_words",
    "line",
    "naming_options",
    "option",
    "option_of",
    "represented",
    "summary",
    "tie",
]


def option(name: str, key: str, metavar: str | None = None) -> Any:  # noqa: ANN401
    """Return an option of the verbs about recipients."""
    return typer.Option(f"--{name}", metavar=metavar, help=tr(f"recipients.opt_{key}"))


Who = Annotated[str, typer.Argument(metavar="WHO", help=tr("recipients.arg_who"))]
Name = Annotated[str | None, option("name", "name", "TEXT")]
KindOption = Annotated[str | None, option("kind", "kind", tr("recipients.kinds"))]
KindOfAll = Annotated[str | None, option("kind", "kind_of_all", tr("recipients.kinds"))]
Email = Annotated[str | None, option("email", "email", "A")]
Phone = Annotated[str | None, option("phone", "phone", "N")]
BirthDate = Annotated[str | None, option("birth-date", "birth_date", "D")]
RoadOption = Annotated[str | None, option("road", "road", "sms|qr|phone")]
LanguageOption = Annotated[str | None, option("language", "language", "fr|en")]
Consent = Annotated[str | None, option("email-consent", "email_consent", tr("recipients.answers"))]
ConsentDate = Annotated[str | None, option("email-consent-date", "email_consent_date", "D")]
Purposes = Annotated[list[str] | None, option("purpose", "purpose", "TEXT")]
Represents = Annotated[str | None, option("represents", "represents", "WHO")]
Ground = Annotated[str | None, option("ground", "ground", "TEXT")]
Until = Annotated[str | None, option("until", "until", "D")]
CsvFile = Annotated[Path, typer.Argument(metavar="FILE.csv", help=tr("recipients.arg_file"))]


def changes(
    directory: Directory, today: date, given: Mapping[str, str | list[str] | None]
) -> dict[str, Any]:
    """Return the fields that were given, read; an empty text stands for nothing.

    Args:
        given: by the names of `model.Recipient`, as typed; None where an option was not given.

    Raises:
        RecipientDataInvalid: one cannot be taken; the option is named.
    """
    from secshare.recipients import parse_field

    read: dict[str, Any] = {}
    for name, typed in given.items():
        if typed is None:
            continue
        text = ", ".join(typed) if isinstance(typed, list) else typed
        if not text.strip() and name not in {"name", "kind", "purposes"}:
            read[name] = None
            continue
        read[name] = parse_field(
            name, text, region=directory.region, today=today, label=option_of(name)
        )
    if "email_consent" in read and "email_consent_date" not in read:
        read["email_consent_date"] = None if read["email_consent"] is None else today
    return read


# --- what an error calls a field ----------------------------------------------------------------


def option_of(name: str) -> str:
    """Return the option that gives a field of a recipient."""
    return "--purpose" if name == "purposes" else f"--{name.replace('_', '-')}"


def _renamed(error: SecshareError, name_of: Callable[[str], str]) -> SecshareError:
    from secshare.recipients import FIELDS

    field = error.fields.get("field")
    if field not in FIELDS:
        return error
    return type(error)(error.key, **{**error.fields, "field": name_of(str(field))})


def in_words(error: SecshareError, language: Language = LANGUAGE) -> SecshareError:
    """Return an error that calls its field as people do: a cell, an answer has no option."""
    return _renamed(error, lambda name: text(f"recipients.the_{name}", language))


@contextmanager
def naming_options() -> Iterator[None]:
    """Have the errors of the directory name the options of the command line."""
    try:
        yield
    except RecipientDataInvalid as error:
        raise _renamed(error, option_of) from error


# --- writing out --------------------------------------------------------------------------------


def columns() -> tuple[str, ...]:
    """Return the headings of the list, narrow enough to make no line longer."""
    keys = ("row_id", "row_name", "row_kind", "head_born", "row_email", "row_phone", "head_road")
    return (*(tr(f"recipients.{key}") for key in keys), "")


def line(recipient: Recipient) -> tuple[str, ...]:
    """Return the cells of one line of the list, contacts masked."""
    from secshare.recipients import masked_email, masked_phone, written_date

    return (
        recipient.id,
        printable(recipient.name),
        tr(f"recipients.kind_{recipient.kind}"),
        written_date(recipient.birth_date) if recipient.birth_date else "-",
        printable(masked_email(recipient.email)) if recipient.email else "-",
        masked_phone(recipient.phone) if recipient.phone else "-",
        _road(recipient) or "-",
        tr("recipients.is_revoked") if recipient.revoked else "",
    )


def summary(recipient: Recipient) -> dict[str, Any]:
    """Return what the list says of somebody as JSON, contacts masked: a list is not an export."""
    from secshare.recipients import masked_email, masked_phone

    return {
        "id": recipient.id,
        "name": recipient.name,
        "kind": recipient.kind,
        "birth_date": recipient.birth_date,
        "email": masked_email(recipient.email) if recipient.email else None,
        "phone": masked_phone(recipient.phone) if recipient.phone else None,
        "road": recipient.road,
        "keys": len(recipient.keys),
        "revoked": recipient.revoked,
    }


def as_json(directory: Directory, recipient: Recipient) -> dict[str, Any]:
    """Return everything about one person."""
    from secshare.recipients import cards_of, shown_email

    return summary(recipient) | {
        "email": shown_email(recipient.email) if recipient.email else None,
        "phone": recipient.phone,
        "language": recipient.language,
        "email_consent": recipient.email_consent,
        "email_consent_date": recipient.email_consent_date,
        "purposes": list(recipient.purposes),
        "represents": [
            {"id": subject.id, "ground": ground, "until": until}
            for subject, ground, until in represented(directory, recipient)
        ],
        "keys": list(recipient.keys),
        "cards": list(cards_of(directory, recipient).values()),
        "shared_with": [
            {"id": share.other.id, "contact": share.contact}
            for share, answered in directory.shared_contacts(recipient)
            if answered
        ],
        "changed_since_use": list(directory.changed_since_use(recipient)),
    }


def facts(directory: Directory, recipient: Recipient) -> list[tuple[str, str]]:
    """Return everything about one person, as labels and values to read."""
    from secshare.recipients import cards_of, spoken_fingerprint

    shown = {"id": recipient.id} | _shown(directory, recipient) | {"road": _road(recipient)}
    rows = [(_label(row, recipient), value) for row, value in shown.items()]
    for subject, ground, until in represented(directory, recipient):
        rows.append((tr("recipients.row_represents"), tie(subject, ground, until)))
    for share, answered in directory.shared_contacts(recipient):
        if answered:
            label = tr("lookalikes.shared_with", field=tr(f"recipients.row_{share.contact}"))
            rows.append((label, f"{share.other.name} ({share.other.id})"))
    cards = cards_of(directory, recipient)
    for key in recipient.keys:
        value = spoken_fingerprint(key)
        if key in cards:
            value = tr("recipients.key_on_card", fingerprint=value, card=cards[key])
        rows.append((tr("recipients.row_key"), value))
    rows.append((tr("recipients.row_revoked"), _day(recipient.revoked)))
    return [(label, printable(value)) for label, value in rows if value]


def differences(directory: Directory, before: Recipient, after: Recipient) -> list[str]:
    """Return what an edit changes, each in full, to be read aloud: `e-mail: a@... → b@...`."""
    old, new = _shown(directory, before), _shown(directory, after)
    rows = [row for row in old if old[row] != new[row]]
    if before.email != after.email and "email" not in rows:  # two that are masked alike
        rows.append("email")
    return [changed(_label(row, after), old[row], new[row]) for row in rows]


def changed(label: str, old: str | None, new: str | None) -> str:
    """Return one change, in words."""
    empty = tr("recipients.empty")
    return tr("recipients.change", label=label, old=old or empty, new=new or empty)


def tie(subject: Recipient, ground: str, until: date | None) -> str:
    """Return whom somebody represents, on which ground, until when, in words."""
    end = f", {tr('recipients.until', date=_day(until))}" if until else ""
    return tr("recipients.tie", name=subject.name, id=subject.id, ground=f"{ground}{end}")


def _shown(directory: Directory, recipient: Recipient) -> dict[str, str | None]:
    """Return the fields as people read them, None where nothing is recorded."""
    from secshare.recipients import shown_email, shown_phone

    phone, consent = recipient.phone, recipient.email_consent
    answer = None if consent is None else tr(f"recipients.consent_{consent}".lower())
    return {
        "name": recipient.name,
        "kind": tr(f"recipients.kind_{recipient.kind}"),
        "birth_date": _day(recipient.birth_date),
        "email": shown_email(recipient.email) if recipient.email else None,
        "phone": shown_phone(phone, region=directory.region) if phone else None,
        "road": tr(f"recipients.road_{recipient.road}") if recipient.road else None,
        "language": tr(f"recipients.language_{recipient.language}") if recipient.language else None,
        "email_consent": answer,
        "email_consent_date": _day(recipient.email_consent_date),
        "purposes": ", ".join(recipient.purposes),
    }


def _label(row: str, recipient: Recipient) -> str:
    if row == "email_consent_date":
        row = "opposed" if recipient.email_consent is False else "consented"
    return tr(f"recipients.row_{row}")


def _road(recipient: Recipient) -> str | None:
    if recipient.keys:
        return tr("recipients.by_key")
    return tr(f"recipients.road_{recipient.road}") if recipient.road else None


def _day(value: date | None) -> str | None:
    from secshare.recipients import written_date

    return written_date(value) if value else None


def represented(
    directory: Directory, recipient: Recipient
) -> list[tuple[Recipient, str, date | None]]:
    """Return whom somebody represents, on which ground, until when."""
    found = []
    for representation in recipient.represents:
        subject = directory.by_uid(representation.subject)
        if subject is not None:
            found.append((subject, representation.ground, representation.until))
    return found


def described(recipient: Recipient) -> dict[str, object]:
    """Return what names somebody in a question: the name, the id, the birth date."""
    from secshare.recipients import written_date

    born = recipient.birth_date
    return {
        "name": recipient.name,
        "id": recipient.id,
        "born": written_date(born) if born else tr("seal.born_not_recorded"),
    }
