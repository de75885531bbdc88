"""Words on their way out: the register says so before anybody can see them.

Whatever stops between that and the handing over, they count as given: that can be said of words
nobody saw, and never the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.errors import ShareState
from secshare.model import SecretState
from secshare.register import Operation
from secshare.roads.mail import write_whole

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from secshare.model import Share
    from secshare.sharing.desk import Desk

_ENDS: Final = {Operation.RECALL: "secret.recalled", Operation.FORGET: "secret.forgotten"}

_UNLISTED: Final = {
    "secret.recalled": "secret.recalled_unlisted",
    "secret.forgotten": "secret.forgotten_unlisted",
}
"""Of somebody whom the directory has not: nothing can be sealed again for them from the share."""


def check_kept(desk: Desk, share: Share) -> None:
    """Refuse a share whose words the register does not have, before anything is asked.

    Raises:
        ShareState: it is sealed to keys, or its words are gone: since when, and why.
    """
    if share.road is None:
        raise ShareState("register.no_words_keys", reference=share.reference)
    if not share.words_kept:
        raise _gone(desk, share)


def check_words(desk: Desk, share: Share, operation: Operation) -> None:
    """Refuse words that cannot be handed over, before the practice's own key is asked for.

    Args:
        operation: `RELEASE`, of words that are held, or `SECRET`, of words that were given before.

    Raises:
        ShareState: as `check_kept`; or they are held, or were written or given.
    """
    check_kept(desk, share)
    if operation is Operation.RELEASE and share.states.secret is SecretState.WRITTEN:
        since = day(share.secret_since or share.created)
        raise ShareState("release.not_held", reference=share.reference, date=since)
    desk.register.check(share, operation)


def _gone(desk: Desk, share: Share) -> ShareState:
    """Return why the register has no words any more, as the journal tells it."""
    listed = all(desk.directory.by_uid(uid) for uid in (share.recipient, share.subject))
    for entry in desk.journal.entries(share.reference):
        if (key := _ENDS.get(entry.operation)) is not None:
            key = key if listed else _UNLISTED[key]
            return ShareState(key, reference=share.reference, date=day(entry.time))
    return ShareState("register.no_words_kept", reference=share.reference)


def day(moment: datetime) -> str:
    """Return a moment as it is told."""
    return f"{moment.astimezone():%d/%m/%Y %H:%M}"


def take_back(desk: Desk, share: Share, path: Path) -> None:
    """Remove words that were recalled while they were being written: nobody else can by now.

    Raises:
        ShareState: they were, and are removed.
    """
    now = desk.register.share(share.reference)
    if not now.words_kept:
        files.remove(path)
        raise _gone(desk, now)


class Handing:
    """One handing over of a share's words.

    Args:
        operation: `RELEASE` or `SECRET`.
        given_as: what they are given as, for the journal.

    Attributes:
        committed: whether the register says by now that they are given.
    """

    def __init__(self, desk: Desk, share: Share, operation: Operation, given_as: str) -> None:
        self._desk = desk
        self._share = share
        self._operation = operation
        self._given_as = given_as
        self.committed = False

    def commit(self) -> None:
        """Have the register say that the words are given, and by whom; then give them.

        Two commands that release or recall one share at once: the second is refused here.

        Raises:
            ShareState: as `check_words`, of the share as it is by now.
            JournalBroken, RegisterUnwritable: nothing was written, and nothing is to be given.
        """
        reference, register = self._share.reference, self._desk.register

        def still_there(_: object) -> None:
            check_words(self._desk, register.share(reference), self._operation)

        register.change(reference, self._operation, also=still_there, given_as=self._given_as)
        self.committed = True

    def write(self, path: Path, content: bytes) -> None:
        """Write what carries the words to a file that is not there yet.

        That it can be written is found before the register says so. A recall that comes between
        finds no file to remove: it is removed here.

        Raises:
            OutputRefused: it exists, or cannot be written.
            ShareState, JournalBroken, RegisterUnwritable: as `commit`; there is no file.
        """
        with files.publish(path) as sink:
            self.commit()
            write_whole(sink, content)
        take_back(self._desk, self._share, path)
