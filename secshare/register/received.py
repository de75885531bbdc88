"""What the practice received and opened: which file, when, what it says it answers, and where.

The order is that of a share (docs/decisions/050): a hidden folder that its writer holds locked,
the intent with that folder's name, the rename, the result. `settle` completes what a killed process
renamed, and forgets what it did not.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.errors import ShareState
from secshare.model import Reference
from secshare.register.states import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from secshare.register.journal import Journal
    from secshare.register.register import Register
    from secshare.store import Store

__all__ = ["Inbox", "Received"]

_SELECT: Final = "SELECT reference, received, sha256, size, documents, share, folder FROM received"
_DONE: Final = " WHERE status = 'received'"


@dataclass(frozen=True, slots=True)
class Received:
    """A sealed file that was received, opened and verified to its end.

    Attributes:
        reference: its own, drawn here; not that of a share.
        received: when it was opened.
        sha256, size: of the sealed file, the digest in hexadecimal: what tells it from another.
        documents: how many it held.
        share: the share that it says it answers; None where it says none that there is.
        folder: the name of its folder in the inbox.
    """

    reference: Reference
    received: datetime
    sha256: str
    size: int
    documents: int
    share: Reference | None
    folder: str


class Inbox:
    """The table of what was received. Use it from one thread; processes may be several.

    Args:
        store: the open database.
        folder: the practice's inbox, where each received file has a folder of its own.
        register: whose shares are answered.
        journal: what is received is an entry of it.
    """

    def __init__(self, store: Store, folder: Path, register: Register, journal: Journal) -> None:
        self._store = store
        self.folder = folder
        self._register = register
        self._journal = journal

    def new_reference(self, draw: Callable[[], Reference] = Reference.draw) -> Reference:
        """Return a reference that neither anything received nor a share has."""
        while True:
            reference = draw()
            if not self._store.connection.execute(
                "SELECT 1 FROM received WHERE reference = :it"
                " UNION SELECT 1 FROM share WHERE reference = :it",
                {"it": str(reference)},
            ).fetchall():
                return reference

    def free_folder(self, name: str) -> str:
        """Return `name`, or `name-2`, `name-3` ...: the first that never was in the inbox."""
        candidate, number = name, 1
        while (self.folder / candidate).exists() or self._row("folder = ?", candidate):
            number += 1
            candidate = f"{name}-{number}"
        return candidate

    def begin(self, received: Received, draft: str, *, again: bool = False) -> None:
        """Commit the intent, before anything is written in clear.

        Args:
            draft: the name of the hidden folder in the inbox, held locked by this process.
            again: take a file that was received before.

        Raises:
            ShareState: another command received the same file meanwhile, or took the folder.
            JournalBroken, RegisterUnwritable: nothing was written.
        """
        with self._store.transaction() as connection:
            self._journal.head()  # nothing is opened that could not be entered afterwards
            if not again and self._row("sha256 = ?", received.sha256):
                raise ShareState("receive.busy")
            try:
                connection.execute(
                    "INSERT INTO received VALUES (?, 'receiving', ?, ?, ?, ?, ?, ?, ?)",
                    (
                        str(received.reference),
                        received.received.astimezone(UTC).isoformat(),
                        received.sha256,
                        received.size,
                        received.documents,
                        str(received.share) if received.share else None,
                        received.folder,
                        draft,
                    ),
                )
            except sqlite3.IntegrityError as error:
                raise ShareState("receive.busy") from error

    def complete(self, reference: Reference) -> None:
        """Commit that the folder stands in the inbox, whole, and that the share was answered."""
        with self._store.transaction() as connection:
            row = connection.execute(
                "UPDATE received SET status = 'received', draft = NULL"
                " WHERE reference = ? AND status = 'receiving' RETURNING share, documents, size",
                (str(reference),),
            ).fetchone()
            if row is not None:
                self._tell(connection, reference, row)

    def _tell(self, connection: sqlite3.Connection, reference: Reference, row: sqlite3.Row) -> None:
        """Write the entry: of the share that it says it answers, else of its own."""
        facts = {"documents": row["documents"], "size": row["size"]}
        if row["share"] is None:
            self._journal.append(connection, Operation.RECEIVED, reference, **facts)
        else:
            share = Reference(row["share"])
            self._register.changed(
                connection, share, Operation.RECEIVED, what=str(reference), **facts
            )

    def abandon(self, reference: Reference) -> None:
        """Forget an intent that came to nothing; what was received is never forgotten so."""
        with self._store.transaction() as connection:
            connection.execute(
                "DELETE FROM received WHERE reference = ? AND status = 'receiving'",
                (str(reference),),
            )

    def settle(self) -> None:
        """Finish what a killed process left; what another running one receives is left alone."""
        files.sweep(self.folder)  # leaves the drafts of running processes, which are locked
        for row in self._store.connection.execute(
            "SELECT reference, folder, draft FROM received WHERE status = 'receiving'"
        ).fetchall():
            # In this order: a draft becomes the folder in one rename.
            if (self.folder / row["draft"]).exists():
                continue
            reference = Reference(row["reference"])
            if (self.folder / row["folder"]).is_dir():
                self.complete(reference)
            else:
                self.abandon(reference)

    def known(self, sha256: str) -> Received | None:
        """Return the last time that a file of this digest was received, None if it never was."""
        row = self._store.connection.execute(
            f"{_SELECT}{_DONE} AND sha256 = ? ORDER BY received DESC LIMIT 1", (sha256,)
        ).fetchone()
        return _received(row) if row else None

    def all(self, share: Reference | None = None) -> Iterator[Received]:
        """Yield what was received, the newest first; what says it answers `share` when given."""
        where, values = (_DONE, ()) if share is None else (f"{_DONE} AND share = ?", (str(share),))
        for row in self._store.connection.execute(
            f"{_SELECT}{where} ORDER BY received DESC, rowid DESC", values
        ):
            yield _received(row)

    def _row(self, where: str, value: str) -> bool:
        query = f"SELECT 1 FROM received WHERE {where}"  # noqa: S608 - our own words
        return self._store.connection.execute(query, (value,)).fetchone() is not None


def _received(row: sqlite3.Row) -> Received:
    return Received(
        reference=Reference(row["reference"]),
        received=datetime.fromisoformat(row["received"]),
        sha256=row["sha256"],
        size=row["size"],
        documents=row["documents"],
        share=Reference(row["share"]) if row["share"] else None,
        folder=row["folder"],
    )
