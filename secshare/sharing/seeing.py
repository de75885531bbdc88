"""What is entered in the journal before somebody reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.register import Operation

if TYPE_CHECKING:
    from secshare.model import Recipient
    from secshare.sharing.desk import Desk


def contact_seen(desk: Desk, recipient: Recipient) -> None:
    """Enter that somebody's address and number are about to be shown whole.

    Somebody with neither is no entry: there is nothing to see.

    Raises:
        JournalBroken, RegisterUnwritable: then they are not to be shown.
    """
    if recipient.email or recipient.phone:
        desk.register.entry(Operation.CONTACT, recipient=recipient.uid)
