"""What the verbs about recipients share: their options, and how a person is written out."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare.cli.base import tr
from secshare.messages import Language, printable
from secshare.model import Kind, Road

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.model import Recipient
    from secshare.recipients import Directory

__all__ = ["as_json", "changes", "facts", "line", "option", "summary"]


class Answer(StrEnum):
    """Whether somebody agreed to e-mail."""

    YES = "yes"
    NO = "no"


def option(name: str, key: str, metavar: str | None = None) -> Any:  # noqa: ANN401
    """Return an option of the verbs about recipients."""
    return typer.Option(f"--{name}", metavar=metavar, help=tr(f"recipients.opt_{key}"))


Who = Annotated[str, typer.Argument(metavar="WHO", help=tr("recipients.arg_who"))]
Name = Annotated[str | None, option("name", "name", "TEXT")]
KindOption = Annotated[Kind | None, option("kind", "kind")]
Email = Annotated[str | None, option("email", "email", "A")]
Phone = Annotated[str | None, option("phone", "phone", "N")]
BirthDate = Annotated[str | None, option("birth-date", "birth_date", "D")]
RoadOption = Annotated[Road | None, option("road", "road")]
LanguageOption = Annotated[Language | None, option("language", "language")]
Consent = Annotated[Answer | None, option("email-consent", "email_consent")]
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
        label = f"--{name.replace('_', '-')}"
        if name == "purposes":
            label = "--purpose"
        text = ", ".join(typed) if isinstance(typed, list) else typed
        if not text.strip() and name not in {"name", "kind", "purposes"}:
            read[name] = None
            continue
        read[name] = parse_field(name, text, region=directory.region, today=today, label=label)
    consent = read.get("email_consent")
    if consent is not None and "email_consent_date" not in read:
        read["email_consent_date"] = today
    return read


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
        tr("recipients.by_key") if recipient.keys else (recipient.road or "-"),
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
    return summary(recipient) | {
        "email": recipient.email,
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
        "changed_since_use": list(directory.changed_since_use(recipient)),
    }


def facts(directory: Directory, recipient: Recipient) -> list[tuple[str, str]]:
    """Return everything about one person, as labels and values to read."""
    from secshare.recipients import shown_phone, spoken_fingerprint, written_date

    def day(value: date | None) -> str | None:
        return written_date(value) if value else None

    consent = recipient.email_consent
    rows: list[tuple[str, str | None]] = [
        ("id", recipient.id),
        ("name", recipient.name),
        ("kind", tr(f"recipients.kind_{recipient.kind}")),
        ("birth_date", day(recipient.birth_date)),
        ("email", recipient.email),
        (
            "phone",
            shown_phone(recipient.phone, region=directory.region) if recipient.phone else None,
        ),
        ("road", tr("recipients.by_key") if recipient.keys else recipient.road),
        ("language", recipient.language),
        ("email_consent", None if consent is None else tr(f"recipients.consent_{consent}".lower())),
        ("email_consent_date", day(recipient.email_consent_date)),
        ("purposes", ", ".join(recipient.purposes)),
    ]
    for subject, ground, until in represented(directory, recipient):
        end = f", {tr('recipients.until', date=written_date(until))}" if until else ""
        rows.append(("represents", f"{subject.name} ({subject.id}): {ground}{end}"))
    rows += [("key", spoken_fingerprint(key)) for key in recipient.keys]
    rows.append(("revoked", day(recipient.revoked)))
    return [(tr(f"recipients.row_{row}"), printable(value)) for row, value in rows if value]


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
