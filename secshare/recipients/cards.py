"""Cards among a recipient's keys: the one that the practice drew, told from their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from secshare.errors import RecipientRefused, RecipientUnknown
from secshare.recipients import keys as key_files
from secshare.recipients.recorded import Change

if TYPE_CHECKING:
    from secshare.model import Recipient, Reference
    from secshare.recipients.directory import Directory

__all__ = ["cards_of", "set_card"]


def cards_of(directory: Directory, recipient: Recipient) -> dict[str, str]:
    """Return the drawn names of somebody's cards in use, by their public keys; one at most, but
    for a file that somebody wrote by hand.
    """
    known = key_files.read_cards(directory.keys_folder, recipient.id)
    return {key: name for key, name in known.items() if key in recipient.keys}


def set_card(
    directory: Directory, recipient: Recipient, card: tuple[str, Reference] | None
) -> Recipient:
    """Put a card's public key in the place of the former card's; None takes the card away.

    Keys that are no card's stay. What changes here was asked at the desk, and is not asked again
    at the next seal; a key that had changed before still is.

    Args:
        recipient: as the desk was shown them: refused if their keys are others by now.
        card: the public key, `age1pq1...`, and the card's drawn name.

    Raises:
        RecipientRefused: their keys changed meanwhile.
        RecipientUnknown: removed meanwhile.
        RecipientDataInvalid: the key cannot stand beside their others.
        OutputRefused, RegisterUnwritable: the keys are as they were.
    """
    former = cards_of(directory, recipient)
    own = [key for key in recipient.keys if key not in former]
    keys = tuple(own) if card is None else key_files.parse_keys((*own, card[0]))
    changed = replace(recipient, keys=keys)
    folder, new = directory.keys_folder, {card[0]: str(card[1])} if card else {}
    put = key_files.put_back_on_failure(folder, recipient, keys)
    with put, directory.store.transaction() as connection:
        now = directory.by_uid(recipient.uid)
        if now is None:
            raise RecipientUnknown("recipients.unknown", who=recipient.id)
        if now.keys != recipient.keys:
            raise RecipientRefused("card.meanwhile", id=recipient.id)
        if "keys" not in directory.changed_since_use(recipient):
            directory.record_keys(connection, changed)
        what = Change.CARD if card else Change.CARD_REVOKED
        directory.record(connection, what, recipient=recipient.uid)
        key_files.write_keys(folder, recipient.id, keys, new)
    return changed
