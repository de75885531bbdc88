"""Shares as the register has them: one, many, what was found for them, and their words."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from secshare.errors import RegisterUnwritable, ShareState, ShareUnknown
from secshare.model import Answer, Answered, Reference, Severity, Share
from secshare.register.rows import SELECT, moment, read_share
from secshare.register.words import Bound, unseal_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from secshare.age import Identity
    from secshare.register.journal import Journal
    from secshare.store import Store

__all__ = ["Shares", "folder_of"]


def folder_of(outbox: Path, reference: Reference) -> Path:
    """Return the folder of a share, which is one of the outbox and nothing else.

    Raises:
        RegisterUnwritable: the register calls a share by what is no reference: somebody wrote to
            it, and what stands there may be a path to anything.
    """
    with suppress(ShareUnknown):
        if Reference.parse(reference.value) == reference:
            return outbox / reference.value
    raise RegisterUnwritable("store.damaged")


class Shares:
    """What the practice knows of its shares, to be read.

    Args:
        store: the open database.
        outbox: the folder where a prepared share's own folder stands, named by its reference.
        journal: what is done with shares is an entry of it.
    """

    def __init__(self, store: Store, outbox: Path, journal: Journal) -> None:
        self._store = store
        self._outbox = outbox
        self._journal = journal

    def share(self, reference: Reference) -> Share:
        """Return one share.

        Raises:
            ShareUnknown: no share has this reference.
        """
        row = self._store.connection.execute(
            f"{SELECT} WHERE reference = ?", (str(reference),)
        ).fetchone()
        if row is None:
            raise ShareUnknown("share.unknown", reference=reference)
        return read_share(row)

    def shares(
        self, recipient: str | None = None, *, subject: str | None = None
    ) -> Iterator[Share]:
        """Yield shares, the newest first.

        Args:
            recipient, subject: only those for somebody, or about somebody (a `uid`); with both,
                those for the one and those about the other.
        """
        wheres, values = [], []
        for column, uid in (("recipient", recipient), ("subject", subject)):
            if uid is not None:
                wheres.append(f"{column} = ?")
                values.append(uid)
        where = f" WHERE {' OR '.join(wheres)}" if wheres else ""
        for row in self._store.connection.execute(f"{SELECT}{where} ORDER BY created DESC", values):
            yield read_share(row)

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
            "SELECT blob, expires FROM sealed_words WHERE reference = ?", (str(reference),)
        ).fetchone()
        expires = moment(row["expires"]) if row else None
        if expires is None or expires <= self._journal.now():
            raise ShareState("register.no_words_kept", reference=reference)
        bound = Bound(reference, share.recipient, share.road, expires)
        return unseal_words(row["blob"], bound, identities)
