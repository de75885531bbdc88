"""Whether a manifest fits its documents: a column that slipped stops the whole batch."""

from __future__ import annotations

from dataclasses import dataclass

from secshare import profiles
from secshare.batch.listed import Listed
from secshare.batch.slips import Column, Documents, told
from secshare.errors import PreflightStopped

__all__ = ["Guard", "Seen", "refuse"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one share says about whose it is.

    Attributes:
        number: its first row.
        own: True where a document names the row's own subject, False where it is somebody else's,
            None where it says nothing: a scan, no name, a file that is missing.
        fits: the first rows of the shares whose subject it fits instead.
        address: True where the address spells the row's own name, False another row's, else None.
        address_fits: the first rows whose name it spells instead, and which have not their own.
        address_sure: whether the address there spells the name of a third.
    """

    number: int
    own: bool | None = None
    fits: tuple[int, ...] = ()
    address: bool | None = None
    address_fits: tuple[int, ...] = ()
    address_sure: bool = False

    @classmethod
    def sealed(cls, number: int) -> Seen:
        """Return what a share says that this run sealed before: it was let past then.

        A scan that said nothing counts as right, too; why is in docs/decisions/104.
        """
        return cls(number, own=True, address=True)


def refuse(seen: Seen) -> None:
    """Refuse a share whose document is that of another row's person.

    Its own check may only ask, whether the subject is not named; here it is known who is.

    Raises:
        PreflightStopped: of this share alone. Fields: `row`, and `other` whose person it is.
    """
    if seen.own is False and seen.fits:
        raise PreflightStopped("guard.document", row=seen.number, other=seen.fits[0])


class Guard:
    """Told what each share says, it stops the batch when a column slipped; and when not to wait.

    A slip moves documents among rows: none that it displaces has its own. So a document that is
    another row's person's is an error of its row alone only where that person's row has its own
    document. Otherwise the batch stops, as it does where the other row says nothing
    (docs/decisions/104).

    What is told may come in any order, and the answer does not depend on it. It keeps one byte a
    row, and at most `profiles.GUARD_ROWS` rows that are not explained yet.
    """

    def __init__(self, shares: int) -> None:
        self._shares = shares
        self._early: dict[int, Seen] = {}
        self._front = 0  # the first position that was not told yet
        self._documents = Documents()
        self._addresses = Column()
        self._strangers: list[int] = []  # rows with documents of nobody in the manifest
        self._doubted: int | None = None  # the front when a slip was found

    def see(self, position: int, seen: Seen) -> None:
        """Take what the share at a position says; each position once, in any order.

        Args:
            position: 0 for the first share of the manifest.

        Raises:
            PreflightStopped: a column slipped, or the files are another manifest's. Fields:
                `rows`, as a sentence names them; `pairs`, of a row and the row whose person it is
                about; `first`; `offset`, of shares, negative above, None where they did not move
                together.
        """
        self._early[position] = seen
        while (one := self._early.pop(self._front, None)) is not None:
            slipped = self._documents.take(one.number, one.own, one.fits)
            slipped |= self._addresses.take(
                one.number, one.address, one.address_fits, sure=one.address_sure
            )
            if slipped and self._doubted is None:
                self._doubted = self._front
            self._front += 1
            self._stop_at_strangers(one)
            # A few rows more say how far a shift goes, and in which direction.
            if self._doubted is not None and self._front >= min(
                self._shares, self._doubted + profiles.GUARD_SAID
            ):
                self._stop()

    def knows(self, position: int) -> bool:
        """Return whether the share at this position may be sealed: enough after it were told.

        Raises:
            PreflightStopped: as `see`.
        """
        knows = self._front >= min(self._shares, position + 1 + profiles.GUARD_ROWS)
        if knows and self._doubted is not None:
            self._stop()
        return knows

    def _stop_at_strangers(self, seen: Seen) -> None:
        """Stop where the first documents are all of people who are in no row: another night's."""
        enough = min(self._shares, profiles.GUARD_ROWS)
        if self._front > enough:
            return
        if seen.own is False and not seen.fits:
            self._strangers.append(seen.number)
        strangers = self._strangers
        if (
            self._front == enough
            and not self._documents.own
            and len(strangers) >= profiles.GUARD_STRANGERS
        ):
            raise PreflightStopped(
                "guard.strangers", rows=Listed(tuple(strangers)), first=strangers[0], pairs=()
            )

    def _stop(self) -> None:
        if self._documents.slip is not None:
            how, fields = told(self._documents, self._documents.slip)
            raise PreflightStopped(f"guard.documents_{how}", **fields)
        if self._addresses.slip is not None:
            how, fields = told(self._addresses, self._addresses.slip)
            raise PreflightStopped(f"guard.addresses_{how}", **fields)
