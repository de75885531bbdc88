"""A share as a row of the database, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from secshare.model import (
    DocumentKind,
    FileState,
    Reference,
    Road,
    SealFormat,
    SecretState,
    Share,
    ShareStatus,
    States,
)

if TYPE_CHECKING:
    import sqlite3

__all__ = ["SELECT", "moment", "read_share", "states_row", "told", "written_share"]

_COLUMNS: Final = """
    share.reference, status, created, recipient, subject, name, about, email, phone,
    road, format, work_factor, documents, size, sha256, kind, purpose,
    file, file_known, file_since, secret, secret_known, secret_since, sent, cleared, seals_again,
    blob IS NOT NULL AS words_kept"""

SELECT: Final = f"SELECT {_COLUMNS} FROM share LEFT JOIN sealed_words USING (reference)"  # noqa: S608 - our own names
"""What `read_share` reads; a WHERE may follow."""


def told(when: datetime) -> str:
    """Return a moment as rows hold it: UTC, ISO 8601, in an order that is that of time."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def moment(written: str | None) -> datetime | None:
    """Read what `told` wrote."""
    return datetime.fromisoformat(written) if written else None


def states_row(states: States) -> dict[str, object]:
    """Return the columns of a share's two states."""
    return {
        "file": states.file.value,
        "file_known": states.file_known,
        "secret": states.secret.value if states.secret else None,
        "secret_known": states.secret_known,
    }


def written_share(share: Share) -> dict[str, object]:
    """Return the columns of a share that begins."""
    created = told(share.created)
    return {
        "reference": str(share.reference),
        "status": share.status.value,
        "created": created,
        "recipient": share.recipient,
        "subject": share.subject,
        "name": share.name,
        "about": share.about,
        "email": share.email,
        "phone": share.phone,
        "road": share.road.value if share.road else None,
        "format": share.format.value,
        "work_factor": share.work_factor,
        "documents": share.documents,
        "kind": share.kind.value if share.kind else None,
        "purpose": share.purpose,
        **states_row(share.states),
        "file_since": created,
        "secret_since": created if share.states.secret else None,
        "seals_again": str(share.seals_again) if share.seals_again else None,
    }


def read_share(row: sqlite3.Row) -> Share:
    """Return a share from a row of `SELECT`."""
    return Share(
        reference=Reference(row["reference"]),
        status=ShareStatus(row["status"]),
        created=datetime.fromisoformat(row["created"]),
        recipient=row["recipient"],
        subject=row["subject"],
        name=row["name"],
        about=row["about"],
        email=row["email"],
        phone=row["phone"],
        road=Road(row["road"]) if row["road"] else None,
        format=SealFormat(row["format"]),
        work_factor=row["work_factor"],
        documents=row["documents"],
        size=row["size"],
        sha256=row["sha256"],
        words_kept=bool(row["words_kept"]),
        kind=DocumentKind(row["kind"]) if row["kind"] else None,
        purpose=row["purpose"],
        states=States(
            file=FileState(row["file"]),
            file_known=bool(row["file_known"]),
            secret=SecretState(row["secret"]) if row["secret"] else None,
            secret_known=bool(row["secret_known"]),
        ),
        file_since=moment(row["file_since"]),
        secret_since=moment(row["secret_since"]),
        sent=moment(row["sent"]),
        cleared=moment(row["cleared"]),
        seals_again=Reference(row["seals_again"]) if row["seals_again"] else None,
    )
