"""Shares as the register has them: one, many, what was found for them, and their words."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare.errors import RegisterUnwritable, ShareState, ShareUnknown
from secshare.model import Answer, Answered, Reference, Severity, Share
from secshare.register.rows import SELECT, moment, read_share
from secshare.register.words import Bound, unseal_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from secshare.age import Identity
    from secshare.register.journal import Journal
    from secshare.store import Store

__all__ = ["Shares", "Which", "folder_of"]


@dataclass(frozen=True, slots=True)
class Which:
    """Which shares are listed: those that are all of this; what is None leaves none out.

    Attributes:
        recipients: for one of these (`uid`).
        states: of the document or of the words, one of these.
        run: made by the run of a batch that is called so.
    """

    recipients: Collection[str] | None = None
    states: Collection[str] | None = None
    run: str | None = None


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


def _where(which: Which) -> tuple[str, list[str]]:
    """Return the condition that shares are listed by, and its values."""
    wheres, values = ["true"], list[str]()
    if which.recipients is not None:
        wheres.append(f"recipient IN ({_marks(which.recipients)})")
        values += which.recipients
    if which.states is not None:
        marks = _marks(which.states)
        wheres.append(f"(file IN ({marks}) OR secret IN ({marks}))")
        values += [*which.states, *which.states]
    if which.run is not None:
        wheres.append("share.reference IN (SELECT reference FROM run_row WHERE run = ?)")
        values.append(which.run)
    return " AND ".join(wheres), values


def _marks(values: Collection[str]) -> str:
    return ", ".join("?" * len(values))


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

    def listed(self, which: Which, most: int | None = None) -> Iterator[Share]:
        """Yield shares, the newest first, `most` of them or all."""
        where, values = _where(which)
        rows = self._store.connection.execute(
            f"{SELECT} WHERE {where} ORDER BY created DESC LIMIT ?",
            (*values, -1 if most is None else most),
        )
        yield from map(read_share, rows)

    def count(self, which: Which) -> int:
        """Return how many shares `listed` would yield."""
        where, values = _where(which)
        row = self._store.connection.execute(
            f"SELECT count(*) FROM share WHERE {where}",  # noqa: S608 - our own words
            values,
        ).fetchone()
        count: int = row[0]
        return count

    def run_of(self, reference: Reference) -> str | None:
        """Return the name of the run of a batch that made a share; None for another share."""
        row = self._store.connection.execute(
            "SELECT run FROM run_row WHERE reference = ?", (str(reference),)
        ).fetchone()
        return row["run"] if row else None

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
