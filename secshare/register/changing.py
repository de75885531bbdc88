"""What becomes of a share: each change one transaction with its entry of the journal."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from secshare import files
from secshare.errors import JournalBroken, OutputRefused, ShareState
from secshare.model import FileState, Reference, SecretState, Share, ShareStatus, States
from secshare.register import forgetting
from secshare.register.entries import states_of, told_states
from secshare.register.forgetting import Recalled, Worth
from secshare.register.reading import Shares, folder_of
from secshare.register.rows import states_row, told
from secshare.register.standing import dates_of, standing
from secshare.register.states import Operation, after, as_found

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from secshare.register.entries import Entry

__all__ = ["Changes"]


class Changes(Shares):
    """What somebody did with shares, and what their age does with them."""

    def change(
        self,
        reference: Reference,
        operation: Operation,
        *,
        mark: FileState | SecretState | None = None,
        also: Callable[[sqlite3.Connection], None] = lambda _: None,
        **facts: Any,  # noqa: ANN401 - what an entry may hold, see `entries.FACTS`
    ) -> Share:
        """Commit what was done with a share, with its entry; return the share as it is then.

        Args:
            mark: what somebody says that it became, for `Operation.MARK`.
            also: writes what must stand or fall with it, through the same connection.
            facts: more for the journal.

        Raises:
            ShareUnknown: no share has this reference.
            ShareState: it makes no sense for this share now, see `states.after`.
            JournalBroken, RegisterUnwritable: nothing was written.
        """
        with self._store.transaction() as connection:
            also(connection)
            return self.changed(connection, reference, operation, mark=mark, **facts)

    def changed(
        self,
        connection: sqlite3.Connection,
        reference: Reference,
        operation: Operation,
        *,
        mark: FileState | SecretState | None = None,
        **facts: Any,  # noqa: ANN401 - what an entry may hold, see `entries.FACTS`
    ) -> Share:
        """Do what `change` does in a transaction that is open."""
        share = self.share(reference)
        states = self.check(share, operation, mark)
        return self._write(connection, operation, share, states, facts)

    def check(
        self, share: Share, operation: Operation, mark: FileState | SecretState | None = None
    ) -> States:
        """Return what a share would become; for whoever asks a person for something first.

        Raises:
            ShareState: it makes no sense for this share now, see `states.after`; or another command
                is still preparing it, and would write what was stopped here.
        """
        if share.status is ShareStatus.PREPARING:
            raise ShareState("register.preparing", reference=share.reference)
        try:
            return after(operation, share.states, mark)
        except ValueError as refused:
            raise _refusal(str(refused), share, mark) from None

    def unmark(self, reference: Reference) -> Share:
        """Take back the last thing that somebody said of a share; both stay in the journal.

        Raises:
            ShareUnknown: no share has this reference.
            ShareState: nothing was said, or something else changed the share since.
        """
        with self._store.transaction() as connection:
            share = self.share(reference)
            stand = list(standing(self._journal.entries(reference)))
            if not stand or stand[0].operation is not Operation.MARK:
                raise ShareState("register.nothing_to_undo", reference=reference)
            mark, *earlier = stand
            states, facts = states_of(mark.facts["before"]), {"corrects": mark.number}
            self._write(connection, Operation.UNMARK, share, states, facts)
            self._put_back(connection, share, earlier)
            return self.share(reference)

    def _put_back(
        self, connection: sqlite3.Connection, share: Share, earlier: Sequence[Entry]
    ) -> None:
        """Date what a mark is taken back to by what made it so, not by the moment of taking back.

        Those dates are told to an authority, and to the person.

        Args:
            earlier: what still stands and changed the share, the newest first.
        """
        dates = dates_of(earlier, share.created)
        connection.execute(
            "UPDATE share SET file_since = ?, secret_since = ?, sent = ? WHERE reference = ?",
            (
                told(dates.file),
                told(dates.secret) if share.states.secret else None,
                told(dates.sent) if dates.sent else None,
                str(share.reference),
            ),
        )

    def entry(self, operation: Operation, reference: Reference | None = None, **facts: Any) -> None:  # noqa: ANN401 - see `entries.FACTS`
        """Write an entry of the journal about what changes no share."""
        with self._store.transaction() as connection:
            self._journal.append(connection, operation, reference, **facts)

    def _write(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        share: Share,
        states: States,
        facts: dict[str, Any],
    ) -> Share:
        """Write a share's states where they changed, and the entry."""
        both = {"before": told_states(share.states), "states": told_states(states)}
        self._journal.append(connection, operation, share.reference, **both, **facts)
        return self._store_states(connection, share, states)

    def _store_states(self, connection: sqlite3.Connection, share: Share, states: States) -> Share:
        """Write a share's states, and since when where they changed."""
        now, changes = told(self._journal.now()), states_row(states)
        if (states.file, states.file_known) != (share.states.file, share.states.file_known):
            changes["file_since"] = now
            changes["sent"] = _sent(states, share, now)
        if (states.secret, states.secret_known) != (
            share.states.secret,
            share.states.secret_known,
        ):
            changes["secret_since"] = now
        given = ", ".join(f"{name} = :{name}" for name in changes)
        connection.execute(
            f"UPDATE share SET {given} WHERE reference = :reference",  # noqa: S608 - our own words
            changes | {"reference": str(share.reference)},
        )
        return self.share(share.reference)

    # --- what is not kept for ever --------------------------------------------------------------

    def recall(self, reference: Reference, *, found: bool = False) -> Recalled:
        """Destroy the words of a share, and return what that is worth. Again: the same answer.

        They are overwritten, removed and gone from the database's log when this returns.

        Args:
            found: a file of them was there: they were written, whatever the register says.

        Raises:
            ShareUnknown: no share has this reference.
            ShareState: it is sealed to keys.
            JournalBroken: destroyed, but there is no journal to write it into.
            RegisterUnwritable: destroyed, but another program reads the database and keeps a copy
                of its former pages in the log; the next command, and this one again, clears it.
        """
        try:
            recalled = self._recall(reference, found, recorded=True)
        except JournalBroken as broken:
            # In the first minutes after a mistake, stopping the words comes before telling of it.
            self._recall(reference, found, recorded=False)
            forgetting.scrub(self._store)
            raise JournalBroken("register.recalled_unrecorded", reference=reference) from broken
        forgetting.scrub(self._store)
        return recalled

    def _recall(self, reference: Reference, found: bool, *, recorded: bool) -> Recalled:
        with self._store.transaction() as connection:
            share = self.share(reference)
            before = as_found(share.states) if found else share.states
            states = self.check(replace(share, states=before), Operation.RECALL)
            worth, since = _worth(before), share.secret_since
            if forgetting.destroy_words(connection, reference) or states != share.states:
                if recorded:
                    facts = {"worth": worth.value}
                    share = self._write(connection, Operation.RECALL, share, states, facts)
                else:
                    share = self._store_states(connection, share, states)
        return Recalled(share, worth, since)

    def forget(self, now: datetime) -> int:
        """Destroy the sealed words that reached their age; return how many.

        The documents do not expire. Words that nobody was given can then be given to nobody.
        """
        due = self._store.connection.execute(
            "SELECT reference FROM sealed_words JOIN share USING (reference)"
            " WHERE expires <= ? AND expires <> '' AND status = 'prepared'",
            (told(now),),
        ).fetchall()
        for row in due:
            reference = Reference(row["reference"])
            with self._store.transaction() as connection:
                if forgetting.destroy_words(connection, reference):
                    self.changed(connection, reference, Operation.FORGET)
        forgetting.scrub_pending(self._store)
        return len(due)

    def clear(self, now: datetime, days: int) -> int:
        """Remove from the outbox what was sent so many days ago; return how many shares.

        What came back stays: it is to be sent again.
        """
        due = self._store.connection.execute(
            "SELECT reference FROM share WHERE sent <= ? AND cleared IS NULL AND file <> 'bounced'",
            (told(now - timedelta(days=days)),),
        ).fetchall()
        for row in due:
            reference = Reference(row["reference"])
            folder = folder_of(self._outbox, reference)
            with suppress(OutputRefused):  # in use: the next command tries again
                files.remove(folder)
            if folder.exists():
                continue
            with self._store.transaction() as connection:
                cleared = connection.execute(
                    "UPDATE share SET cleared = ? WHERE reference = ? AND cleared IS NULL",
                    (told(now), str(reference)),
                )
                if cleared.rowcount:
                    self._journal.append(connection, Operation.CLEARED, reference)
        return len(due)


def _sent(states: States, share: Share, now: str) -> str | None:
    """Return when a share was last sent, as far as anybody said: what went on was sent before."""
    if states.file is FileState.PREPARED:
        return None
    return now if states.file is FileState.SENT or share.sent is None else told(share.sent)


def _worth(states: States) -> Worth:
    secret, known = states.secret, states.secret_known
    if secret is SecretState.RELEASED:
        return Worth.TOO_LATE
    if secret is SecretState.HELD or (secret is SecretState.DESTROYED and known):
        return Worth.NEVER_RELEASED
    return Worth.POSSIBLY_RELEASED


def _refusal(key: str, share: Share, mark: FileState | SecretState | None) -> ShareState:
    of_file = isinstance(mark, FileState) and key in {"register.already", "register.not_after"}
    since = share.file_since if of_file else share.secret_since
    day = f"{(since or share.created).astimezone():%d/%m/%Y %H:%M}"
    return ShareState(key, reference=share.reference, date=day)
