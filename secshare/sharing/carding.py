"""Draw a card for somebody at the desk: on paper first, then in `keys/`, and forgotten.

In this order no key is ever in use without its card. Killed in between, there is a card that opens
nothing, which is swept like the rest of `secrets/`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare import files
from secshare.age import HybridIdentity
from secshare.errors import OutputRefused, RecipientRefused, SecshareError
from secshare.model import Reference
from secshare.recipients import cards_of, set_card
from secshare.roads import card as paper
from secshare.roads.mail import write_whole
from secshare.sharing.desk import CARD

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.model import Recipient
    from secshare.sharing.desk import Desk


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was drawn: the file to print is its only place.

    Attributes:
        name: its drawn name, which is printed on it.
        key: its public half, as it stands in `keys/`.
        path: the PDF; whoever has it opens what is sealed to the person from now on.
        revoked: the drawn names of the cards that it takes the place of.
    """

    name: Reference
    key: str
    path: Path
    revoked: tuple[str, ...]


def check_card(
    desk: Desk, recipient: Recipient, *, lost: bool = False, revoke: bool = False
) -> tuple[str, ...]:
    """Return the drawn names of somebody's cards, or refuse, before anything is asked.

    Args:
        lost, revoke: what is to be done with the card they have; to draw a first one if neither.

    Raises:
        RecipientRefused: no card where there should be one, or a key where there should be none;
            a card for somebody for whom nothing may be sealed.
    """
    if recipient.revoked is not None and not revoke:
        raise RecipientRefused("sharing.revoked", id=recipient.id, date=recipient.revoked)
    names, there = tuple(cards_of(desk.directory, recipient).values()), lost or revoke
    if there and not names:
        raise RecipientRefused("card.no_card", id=recipient.id)
    if not there and names:
        raise RecipientRefused("card.has_card", id=recipient.id, card=", ".join(names))
    if not there and recipient.keys:
        raise RecipientRefused("card.has_keys", id=recipient.id)
    return names


def draw_card(
    desk: Desk, recipient: Recipient, *, lost: bool = False, out: Path | None = None
) -> Card:
    """Draw a hybrid identity, print it on a card, and put its public half among somebody's keys.

    The private half is nowhere but in the PDF. Failing or interrupted, nothing is left; what was
    sealed to a lost card still opens with it, and its PDF is removed where it stands in `secrets/`.

    Args:
        lost: the card that they have is not to be sealed to any more, and is replaced.
        out: the PDF, outside the practice folder; a file of its own in `secrets/` where None.

    Raises:
        RecipientRefused: as `check_card`; their keys changed meanwhile.
        OutputRefused: the PDF or the keys cannot be written.
        RegisterUnwritable: nothing was changed.
        ExtraMissing: what draws the card is not installed.
    """
    former = check_card(desk, recipient, lost=lost)
    if out is not None and desk.practice.part_of(out) is not None:
        raise OutputRefused("card.in_practice", path=out)
    name = desk.inbox.new_reference()
    path = out or desk.practice.secrets / f"{CARD}{name}.pdf"
    settings = desk.practice.settings
    identity = HybridIdentity.generate()
    content = paper.pdf(
        identity.reveal(),
        public_name=settings.public_name,
        drawn=str(name),
        language=recipient.language or settings.language,
    )
    key = str(identity.recipient())
    del identity
    try:
        with files.publish(path) as sink:
            write_whole(sink, content)
        set_card(desk.directory, recipient, (key, name))
    except BaseException:
        with suppress(OSError, SecshareError):
            # Never the card of a key that is in use, and never somebody else's file.
            if not _in_use(desk, recipient, key) and path.read_bytes() == content:
                files.remove(path)
        raise
    _forget(desk, former)
    return Card(name, key, path, former)


def _forget(desk: Desk, former: tuple[str, ...]) -> None:
    """Remove the PDF of cards that are out of use, where it stands; what resists is swept later."""
    for name in former:  # as a comment in `keys/` says: it may be no drawn name, but a path
        with suppress(OSError, SecshareError):
            files.remove(desk.practice.secrets / f"{CARD}{Reference.parse(name)}.pdf")


def _in_use(desk: Desk, recipient: Recipient, key: str) -> bool:
    now = desk.directory.by_uid(recipient.uid)
    return now is not None and key in now.keys


def revoke_card(desk: Desk, recipient: Recipient) -> tuple[str, ...]:
    """Take somebody's card out of use, and return its drawn name; documents then take words again.

    What was sealed to it still opens with it: a sealed file cannot be called back. Its PDF is
    removed where it stands in `secrets/`.

    Raises:
        RecipientRefused: they have no card, or their keys changed meanwhile.
        OutputRefused, RegisterUnwritable: nothing was changed.
    """
    former = check_card(desk, recipient, revoke=True)
    set_card(desk.directory, recipient, None)
    _forget(desk, former)
    return former
