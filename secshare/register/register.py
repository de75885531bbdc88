"""The table of shares: the intent committed first, the result after, and nothing half-done.

A share is `preparing` from its intent until its folder stands in the outbox. A process that dies
in between leaves a `preparing` row; `settle`, which every command calls first, completes it when
the folder is there and removes it when it is not.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from secshare import files
from secshare.errors import InputUnreadable, ShareState
from secshare.model import Reference, SecretState, Share, ShareStatus
from secshare.register.changing import Changes
from secshare.register.entries import told_states
from secshare.register.reading import folder_of
from secshare.register.rows import told, written_share
from secshare.register.states import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from secshare.model import Answered
    from secshare.register.words import SealedWords

__all__ = ["Register", "sealed_facts"]


class Register(Changes):
    """The practice's shares. Use it from one thread; processes may be several."""

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
        words: SealedWords | None,
        draft: str,
        also: Callable[[sqlite3.Connection], None] = lambda _: None,
        *,
        findings: Sequence[Answered] = (),
        **facts: Any,  # noqa: ANN401 - what an entry may hold, see `entries.FACTS`
    ) -> None:
        """Commit the intent: the share as `preparing`, its sealed words, and the rest, at once.

        Args:
            share: with status `preparing`; its size and digest are not known yet.
            words: None for a share sealed to keys.
            draft: the name of the hidden folder, in the outbox, that the share is written in and
                that this process holds locked: how `settle` knows that somebody is at work.
            also: writes what must stand or fall with the intent, through the same connection.
            findings: what the preflight found, and how somebody went past it.
            facts: more for the journal.

        Raises:
            ShareState: the reference is taken.
            RegisterUnwritable: nothing was written.
        """
        row = written_share(share) | {"draft": draft}
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        with self._store.transaction() as connection:
            try:
                connection.execute(f"INSERT INTO share ({names}) VALUES ({marks})", row)  # noqa: S608 - our own words
            except sqlite3.IntegrityError as error:
                raise ShareState("register.taken", reference=share.reference) from error
            if words is not None:
                connection.execute(
                    "INSERT INTO sealed_words (reference, blob, expires) VALUES (?, ?, ?)",
                    (str(share.reference), words.blob, told(words.expires)),
                )
                facts["words_sha256"] = hashlib.sha256(words.blob).hexdigest()
            connection.executemany(
                "INSERT INTO share_finding VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (str(share.reference), number, it.rule, it.severity, it.answer, it.reason)
                    for number, it in enumerate(findings)
                ],
            )
            also(connection)
            self._journal.append(
                connection,
                Operation.PREPARE,
                share.reference,
                **_intent(share, findings),
                **facts,
            )

    def note_unlisted(self, connection: sqlite3.Connection, share: Share) -> None:
        """Note, in the caller's transaction, whom a share names and the directory does not.

        So that whoever asks what was shared with them is found by name, as somebody who left it.
        """
        connection.execute(
            "INSERT OR IGNORE INTO gone VALUES (?, ?)", (share.recipient, share.name)
        )

    def complete(
        self,
        reference: Reference,
        size: int | None,
        sha256: str | None,
        also: Callable[[sqlite3.Connection], None] = lambda _: None,
        *,
        hold: bool = True,
        **facts: Any,  # noqa: ANN401 - what an entry may hold, see `entries.FACTS`
    ) -> Share:
        """Commit that the share's folder stands in the outbox, and `also` with it.

        Args:
            size, sha256: of its sealed file, the digest in hexadecimal; None if it is not there.
            also: writes what holds once the share does, through the same connection.
            hold: whether its words stay here. Else they are about to be written, and count as
                written from now on: a file nobody knows of would be worse than one that is not.
            facts: more for the journal.
        """
        with self._store.transaction() as connection:
            share = self.share(reference)
            if share.status is ShareStatus.PREPARED:  # two commands settle at the same time
                return share
            states = share.states
            if not hold and states.secret is not None:
                states = replace(states, secret=SecretState.WRITTEN)
            connection.execute(
                """UPDATE share SET status = 'prepared', size = ?, sha256 = ?, draft = NULL
                WHERE reference = ?""",
                (size, sha256, str(reference)),
            )
            also(connection)
            facts |= {"size": size, "sha256": sha256}
            return self._write(connection, Operation.PREPARED, share, states, facts)

    def abandon(self, reference: Reference, *, settled: bool | None = None) -> None:
        """Forget an intent that came to nothing; a prepared share is never forgotten so.

        Nor is one that the journal knows as prepared, whatever its row says: somebody wrote to the
        register, and `verify` tells.

        Args:
            settled: whether it was another command's, which was killed.
        """
        with self._store.transaction() as connection:
            known = {entry.operation for entry in self._journal.entries(reference)}
            if Operation.PREPARED in known:
                return
            gone = connection.execute(
                "DELETE FROM share WHERE reference = ? AND status = 'preparing'", (str(reference),)
            )
            if gone.rowcount:
                self._journal.append(connection, Operation.ABANDONED, reference, settled=settled)

    def settle(self) -> None:
        """Finish what a killed process left: after this, no share is half-done.

        A share that another running process is preparing is left alone. Of one that is completed
        here no words were written yet: they are held.
        """
        files.sweep(self._outbox)  # leaves the drafts of running processes, which are locked
        rows = self._store.connection.execute(
            "SELECT reference, draft FROM share WHERE status = 'preparing'"
        ).fetchall()
        for row in rows:
            reference = Reference(row["reference"])
            # In this order: a draft becomes the share's folder in one rename, so that a share with
            # neither belongs to nobody any more.
            if row["draft"] and (self._outbox / row["draft"]).exists():
                continue
            folder = folder_of(self._outbox, reference)
            if folder.is_dir():
                self.complete(reference, *sealed_facts(folder), settled=True)
            else:
                self.abandon(reference, settled=True)


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


def _intent(share: Share, findings: Sequence[Answered]) -> dict[str, Any]:
    """Return what the journal says of a share that begins."""
    return {
        "recipient": share.recipient,
        "subject": share.subject,
        "purpose": share.purpose,
        "kind": share.kind.value if share.kind else None,
        "documents": share.documents,
        "format": share.format.value,
        "work_factor": share.work_factor,
        "road": share.road.value if share.road else None,
        "seals_again": str(share.seals_again) if share.seals_again else None,
        "findings": [
            {
                "rule": each.rule,
                "severity": each.severity.value,
                "answer": each.answer.value,
                "reason": each.reason,
            }
            for each in findings
        ],
        "states": told_states(share.states),
    }
