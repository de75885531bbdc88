"""The table of shares: the intent committed first, the result after, and nothing half-done.

A share is `preparing` from its intent until its folder stands in the outbox. A process that dies
in between leaves a `preparing` row; `settle`, which every command calls first, completes it when
the folder is there and removes it when it is not.
"""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from secshare import files
from secshare.errors import InputUnreadable, ShareState, ShareUnknown
from secshare.model import (
    Answer,
    Answered,
    DocumentKind,
    Reference,
    Road,
    SealFormat,
    Severity,
    Share,
    ShareStatus,
)
from secshare.register.words import unseal_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from secshare.age import Identity
    from secshare.store import Store

_COLUMNS = """share.reference, status, created, recipient, subject, name, about, email, phone,
    road, format, work_factor, documents, size, sha256, kind, purpose,
    file, file_known, file_since, secret, secret_known, secret_since, sent, cleared, seals_again,
    blob IS NOT NULL AS words_kept"""
_SELECT = f"SELECT {_COLUMNS} FROM share LEFT JOIN sealed_words USING (reference)"  # noqa: S608


class Register:
    """What the practice knows of its shares. Use it from one thread; processes may be several.

    Args:
        store: the open database.
        outbox: the folder where a prepared share's own folder stands, named by its reference.
    """

    def __init__(self, store: Store, outbox: Path) -> None:
        self._store = store
        self._outbox = outbox

    def new_reference(self, draw: Callable[[], Reference] = Reference.draw) -> Reference:
        """Return a reference that no share has and no folder bears.

        Two processes that draw the same one at the same instant meet at `begin`, which refuses
        the second: with 40 random bits that is a matter of principle.
        """
        while True:
            reference = draw()
            taken = self._store.connection.execute(
                "SELECT 1 FROM share WHERE reference = ?", (str(reference),)
            ).fetchone()
            if taken is None and not (self._outbox / str(reference)).exists():
                return reference

    def begin(
        self,
        share: Share,
        words: bytes | None,
        draft: str,
        also: Callable[[sqlite3.Connection], None] = lambda _: None,
        *,
        findings: Sequence[Answered] = (),
    ) -> None:
        """Commit the intent: the share as `preparing`, its sealed words, and the rest, at once.

        Args:
            share: with status `preparing`; its size and digest are not known yet.
            words: what `seal_words` returned, None for a share sealed to keys.
            draft: the name of the hidden folder, in the outbox, that the share is written in and
                that this process holds locked: how `settle` knows that somebody is at work.
            also: writes what must stand or fall with the intent, through the same connection.
            findings: what the preflight found, and how somebody went past it.

        Raises:
            ShareState: the reference is taken.
            RegisterUnwritable: nothing was written.
        """
        row = _row(share) | {"draft": draft}
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        with self._store.transaction() as connection:
            try:
                connection.execute(f"INSERT INTO share ({names}) VALUES ({marks})", row)  # noqa: S608
            except sqlite3.IntegrityError as error:
                raise ShareState("register.taken", reference=share.reference) from error
            if words is not None:
                connection.execute(
                    "INSERT INTO sealed_words (reference, blob) VALUES (?, ?)",
                    (str(share.reference), words),
                )
            connection.executemany(
                "INSERT INTO share_finding VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (str(share.reference), number, it.rule, it.severity, it.answer, it.reason)
                    for number, it in enumerate(findings)
                ],
            )
            also(connection)

    def complete(
        self,
        reference: Reference,
        size: int | None,
        sha256: str | None,
        also: Callable[[sqlite3.Connection], None] = lambda _: None,
    ) -> None:
        """Commit that the share's folder stands in the outbox, and `also` with it.

        Args:
            size, sha256: of its sealed file, the digest in hexadecimal; None if it is not there.
            also: writes what holds once the share does, through the same connection.
        """
        with self._store.transaction() as connection:
            connection.execute(
                """UPDATE share SET status = 'prepared', size = ?, sha256 = ?, draft = NULL
                WHERE reference = ?""",
                (size, sha256, str(reference)),
            )
            also(connection)

    def abandon(self, reference: Reference) -> None:
        """Forget an intent that came to nothing; a prepared share is never forgotten so."""
        with self._store.transaction() as connection:
            connection.execute(
                "DELETE FROM share WHERE reference = ? AND status = 'preparing'", (str(reference),)
            )

    def settle(self) -> None:
        """Finish what a killed process left: after this, no share is half-done.

        A share that another running process is preparing is left alone.
        """
        files.sweep(self._outbox)  # leaves the drafts of running processes, which are locked
        rows = self._store.connection.execute(
            "SELECT reference, draft FROM share WHERE status = 'preparing'"
        ).fetchall()
        for row in rows:
            reference = Reference(row["reference"])
            # In this order: a draft becomes the share's folder in one rename, so that a share with
            # neither belongs to nobody any more.
            if (self._outbox / row["draft"]).exists():
                continue
            folder = self._outbox / str(reference)
            if folder.is_dir():
                self.complete(reference, *sealed_facts(folder))
            else:
                self.abandon(reference)

    def share(self, reference: Reference) -> Share:
        """Return one share.

        Raises:
            ShareUnknown: no share has this reference.
        """
        row = self._store.connection.execute(
            f"{_SELECT} WHERE reference = ?", (str(reference),)
        ).fetchone()
        if row is None:
            raise ShareUnknown("share.unknown", reference=reference)
        return _share(row)

    def shares(self, recipient: str | None = None) -> Iterator[Share]:
        """Yield shares, the newest first; those of one recipient (a `uid`) when it is given."""
        where, values = ("", ()) if recipient is None else (" WHERE recipient = ?", (recipient,))
        for row in self._store.connection.execute(
            f"{_SELECT}{where} ORDER BY created DESC", values
        ):
            yield _share(row)

    def findings(self, reference: Reference) -> tuple[Answered, ...]:
        """Return what the preflight found for a share, and how somebody went past it."""
        rows = self._store.connection.execute(
            "SELECT rule, severity, answer, reason FROM share_finding WHERE reference = ?"
            " ORDER BY number",
            (str(reference),),
        )
        return tuple(
            Answered(row["rule"], Severity(row["severity"]), Answer(row["answer"]), row["reason"])
            for row in rows
        )

    def words(self, reference: Reference, identities: Sequence[Identity]) -> str:
        """Return a share's words in canonical form. They are the secret.

        Raises:
            ShareUnknown: no share has this reference.
            ShareState: it was sealed to keys, or its words are not kept any more.
            IdentityMismatch, FileDamaged: see `unseal_words`.
        """
        share = self.share(reference)
        if share.road is None:
            raise ShareState("register.no_words_keys", reference=reference)
        row = self._store.connection.execute(
            "SELECT blob FROM sealed_words WHERE reference = ?", (str(reference),)
        ).fetchone()
        if row is None:
            raise ShareState("register.no_words_kept", reference=reference)
        return unseal_words(row["blob"], reference, share.recipient, share.road, identities)


def sealed_facts(folder: Path) -> tuple[int | None, str | None]:
    """Return the size and the SHA-256 (hexadecimal) of the sealed file in a share's folder.

    Nothing of either where it is not there alone any more: a folder that somebody tidied up must
    not stop every later command.
    """
    sealed = [path for path in folder.glob("document-*") if path.is_file()]
    if len(sealed) != 1:
        return None, None
    try:
        with files.open_source(sealed[0]) as source:
            return source.size, hashlib.file_digest(source.file, "sha256").hexdigest()
    except InputUnreadable:
        return None, None


def _row(share: Share) -> dict[str, object]:
    return {
        "reference": str(share.reference),
        "status": share.status.value,
        "created": share.created.astimezone(UTC).isoformat(),
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
    }


def _share(row: sqlite3.Row) -> Share:
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
    )
