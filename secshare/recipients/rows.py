"""A recipient as a row of the database, and back."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from secshare.messages import Language
from secshare.model import Kind, Recipient, Representation, Road
from secshare.recipients.dates import written_date
from secshare.recipients.masking import masked_email, masked_phone
from secshare.recipients.names import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

__all__ = ["COLUMNS", "described", "from_row", "representation", "to_row"]

COLUMNS: Final = (
    "uid",
    "id",
    "name",
    "folded",
    "kind",
    "email",
    "phone",
    "birth_date",
    "road",
    "language",
    "email_consent",
    "email_consent_date",
    "purposes",
    "revoked",
)


def to_row(recipient: Recipient) -> dict[str, Any]:
    """Return the values of `COLUMNS`."""
    return {
        "uid": recipient.uid,
        "id": recipient.id,
        "name": recipient.name,
        "folded": fold(recipient.name),
        "kind": recipient.kind.value,
        "email": recipient.email,
        "phone": recipient.phone,
        "birth_date": _iso(recipient.birth_date),
        "road": recipient.road.value if recipient.road else None,
        "language": recipient.language.value if recipient.language else None,
        "email_consent": recipient.email_consent,
        "email_consent_date": _iso(recipient.email_consent_date),
        "purposes": json.dumps(recipient.purposes, ensure_ascii=False),
        "revoked": _iso(recipient.revoked),
    }


def from_row(
    row: sqlite3.Row, represents: tuple[Representation, ...], keys: tuple[str, ...]
) -> Recipient:
    """Return the recipient of a row."""
    consent = row["email_consent"]
    return Recipient(
        uid=row["uid"],
        id=row["id"],
        name=row["name"],
        kind=Kind(row["kind"]),
        email=row["email"],
        phone=row["phone"],
        birth_date=_date(row["birth_date"]),
        road=Road(row["road"]) if row["road"] else None,
        language=Language(row["language"]) if row["language"] else None,
        email_consent=None if consent is None else bool(consent),
        email_consent_date=_date(row["email_consent_date"]),
        purposes=tuple(json.loads(row["purposes"])),
        represents=represents,
        keys=keys,
        revoked=_date(row["revoked"]),
    )


def representation(row: sqlite3.Row) -> Representation:
    """Return the representation of a row of its table."""
    return Representation(row["subject"], row["ground"], _date(row["until"]))


def described(rows: Iterable[sqlite3.Row | dict[str, Any]]) -> str:
    """Return people as an error lists them: id, name, birth date, masked contact."""
    return "; ".join(f"{row['id']} ({', '.join(_facts(row))})" for row in rows)


def _facts(row: sqlite3.Row | dict[str, Any]) -> Iterable[str]:
    yield row["name"]
    if row["birth_date"]:
        yield written_date(date.fromisoformat(row["birth_date"]))
    if row["email"]:
        yield masked_email(row["email"])
    elif row["phone"]:
        yield masked_phone(row["phone"])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
