"""Which run it is, which words of it are given, and why others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.batch.entered import met
from secshare.batch.forms import Left
from secshare.batch.identity import is_drawn
from secshare.batch.uploads import is_number
from secshare.errors import ShareState, ShareUnknown
from secshare.model import Recipient, Road, SecretState, ShareStatus
from secshare.register import Runs, telling, twins
from secshare.sharing import check_kept

if TYPE_CHECKING:
    from secshare.batch.forms import Form
    from secshare.model import Reference, Share
    from secshare.register import Run, Twin
    from secshare.sharing import Desk
    from secshare.store import Store

__all__ = ["Choice", "find_run", "sealed_since"]

_OTHER_ROADS: Final = {
    Road.SMS: Left.BY_SMS,
    Road.QR: Left.BY_QR,
    Road.PHONE: Left.BY_PHONE,
}


_ENOUGH: Final = 8  # characters of it


def find_run(store: Store, written: str, *, ends: str = "") -> Run:
    """Return the run of this name; of one that nobody named, 8 characters or more are enough.

    A name that somebody gave is taken as it is and no other: beside `night-20261121` no run of
    tonight is there where nothing was sealed, and `night-2026112` is one of ten.

    Args:
        ends: of the commands that an error suggests.

    Raises:
        ShareUnknown: there is none, or there are several, or it made no share.
    """
    found = list(Runs(store).all())
    for run in found:
        if run.name == written:
            return run
    begun = store.connection.execute("SELECT 1 FROM run WHERE name = ?", (written,))
    if begun.fetchone() is not None:
        raise ShareUnknown("batch_secrets.run_empty", run=written, ends=ends)
    if len(written) >= _ENOUGH:
        found = [run for run in found if is_drawn(run.name) and run.name.startswith(written)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(run.name for run in found[: profiles.NEAREST])
            raise ShareUnknown("batch_secrets.several_runs", run=written, names=names)
    raise ShareUnknown("batch_secrets.no_run", run=written, ends=ends)


def sealed_since(store: Store, reference: Reference) -> Twin | None:
    """Return what another run sealed since of the same, for another address or number; the newest.

    Somebody who seals a corrected row by itself, under another run's name, leaves the former share
    as it was: its own run knows nothing of the correction, and asks for it as before.
    """
    newer = [twin for twin in twins(store, reference) if twin.newer]
    twin = telling(newer) if newer else None
    return twin if twin is not None and twin.differs else None


class Choice:
    """What somebody asked to be given.

    Args:
        again: also what was given before.
        changed_phones: also to numbers that changed since the share was sealed.
        any_road: also what was to go by another road than this form's.
    """

    def __init__(
        self, desk: Desk, form: Form, *, again: bool, changed_phones: bool, any_road: bool
    ) -> None:
        self._desk = desk
        self._road = form.road
        self._again = again
        self._changed_phones = changed_phones
        self._any_road = any_road
        self._runs = Runs(desk.store)

    def why_not(self, share: Share) -> Left | None:
        """Return why the words of a share are left out; None where they are given."""
        if share.status is not ShareStatus.PREPARED:
            return Left.UNFINISHED
        if share.road is None:
            return Left.KEYS
        found = met(self._desk, share)
        # First: nothing of that is to be given by another road either.
        if kept := self._why_not_kept(share, found):
            return kept
        if share.road is not self._road and not self._any_road:
            return _OTHER_ROADS[share.road]
        return self._why_not_sent(share, found) if self._road is Road.SMS else None

    def _why_not_kept(self, share: Share, found: Recipient | Left | None) -> Left | None:
        try:
            check_kept(self._desk, share)
        except ShareState as gone:
            recalled = gone.key in {"secret.recalled", "secret.recalled_unlisted"}
            return Left.RECALLED if recalled else Left.FORGOTTEN
        if found is Left.REFUSED:  # the better reason, where the batch was started again since
            return Left.REFUSED
        if self._runs.is_unasked(share.reference):
            return Left.REPLACED
        if sealed_since(self._desk.store, share.reference) is not None:
            return Left.SEALED_SINCE
        given = share.states.secret is not SecretState.HELD
        return Left.GIVEN if given and not self._again else None

    def _why_not_sent(self, share: Share, found: Recipient | Left | None) -> Left | None:
        if found is Left.UNSURE:
            return Left.UNSURE
        phone = _number(share, found)
        if phone is None or not is_number(phone):
            return Left.NO_PHONE
        # It may be the correction that the person called for, or somebody else's.
        changed = phone != share.phone and not self._changed_phones
        return Left.CHANGED_PHONE if changed else None

    def phone(self, share: Share) -> str | None:
        """Return the number of today; the share's, of who is not in the directory."""
        return _number(share, met(self._desk, share))


def _number(share: Share, found: Recipient | Left | None) -> str | None:
    return found.phone if isinstance(found, Recipient) else share.phone
