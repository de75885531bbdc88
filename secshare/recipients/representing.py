"""Who may open what is about somebody else: a parent, a guardian, a home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.errors import RecipientDataInvalid
from secshare.recipients.lookup import Lookup
from secshare.recipients.names import one_line
from secshare.recipients.recorded import Change, Records, nowhere

if TYPE_CHECKING:
    from datetime import date

    from secshare.model import Recipient

__all__ = ["Representing"]


class Representing(Lookup):
    """The part of `Directory` that ties people to those they act for."""

    record: Records = staticmethod(nowhere)

    def represent(
        self, recipient: Recipient, subject: Recipient, ground: str, until: date | None = None
    ) -> None:
        """Record that somebody may open what is about `subject`: a parent, a guardian, a home.

        Args:
            ground: why, as the practice writes it; a former one for the same person is replaced.
            until: the last day it holds, None where it does not end.

        Raises:
            RecipientDataInvalid: the same person, or a ground that cannot be taken.
            RegisterUnwritable: nothing was written.
        """
        if recipient.uid == subject.uid:
            raise RecipientDataInvalid("recipients.represents_self", id=recipient.id)
        written = one_line("ground", ground)
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO representation VALUES (?, ?, ?, ?)",
                (recipient.uid, subject.uid, written, until.isoformat() if until else None),
            )
            tie = {"recipient": recipient.uid, "subject": subject.uid}
            self.record(connection, Change.REPRESENTS, **tie)

    def stop_representing(self, recipient: Recipient, subject: Recipient) -> None:
        """Take a representation back.

        Raises:
            RecipientDataInvalid: there is none.
        """
        with self.store.transaction() as connection:
            gone = connection.execute(
                "DELETE FROM representation WHERE recipient = ? AND subject = ?",
                (recipient.uid, subject.uid),
            ).rowcount
            if not gone:
                raise RecipientDataInvalid(
                    "recipients.represents_nobody", id=recipient.id, about=subject.id
                )
            tie = {"recipient": recipient.uid, "subject": subject.uid}
            self.record(connection, Change.REPRESENTS_NO_MORE, **tie)
