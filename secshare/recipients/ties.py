"""What two recipients' contacts have to do with each other, and what somebody answered to it.

A question is asked once for two contacts: its answer is kept as a tie between two people, or
between a person and a provider, and forgotten when either contact changes or either person goes.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from secshare.errors import RecipientDataInvalid
from secshare.recipients import keys as key_files
from secshare.recipients.likeness import Contact, alike, parts
from secshare.recipients.lookalikes import RANKS, Index, Known, by_contact, pairs
from secshare.recipients.lookup import Lookup
from secshare.recipients.providers import imitated
from secshare.recipients.rows import from_row
from secshare.recipients.skeleton import pretends

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from secshare.model import Recipient

__all__ = ["LookAlike", "Pair", "Relation", "SharedContact", "Ties", "provider_of"]

# The line break stands in the query as it is: char(10) would take twice the time.
_EVERYBODY: Final = (
    "SELECT group_concat(uid, '\n'), group_concat(ifnull(email, ''), '\n'),"
    " group_concat(ifnull(phone, ''), '\n') FROM recipient"
)


class Relation(StrEnum):
    """What was answered."""

    LOOK_ALIKE = "look-alike"
    SHARED = "shared"


@dataclass(frozen=True)
class LookAlike:
    """A contact that may be taken for somebody else's, or for one at a common provider.

    Attributes:
        other: whose contact it is like; None where it is like a provider's.
        provider: the host it is like; None where it is like somebody's.
        why: `edit` (one character or digit more, less, other, or two exchanged), `look` (written
            almost the same), `script` (letters of another alphabet), `ending` (.fr and .com) or
            `provider`.
    """

    contact: Contact
    other: Recipient | None
    provider: str | None
    why: str

    @property
    def tied(self) -> str:
        """Return what the answer is kept with: the other's uid, or the provider's host."""
        return self.other.uid if self.other is not None else self.provider or ""


@dataclass(frozen=True)
class SharedContact:
    """A contact that somebody else has too: a couple, a care home, or a mistake."""

    contact: Contact
    other: Recipient


@dataclass(frozen=True)
class Pair:
    """Two people, or a person and a provider, as the survey of a whole directory says them."""

    recipient: Recipient
    tie: LookAlike | SharedContact
    answered: bool


class Ties(Lookup):
    """The part of `Directory` that compares contacts."""

    _index: Index | None = None
    _index_state = b""

    def look_alikes(self, recipient: Recipient) -> tuple[LookAlike, ...]:
        """Return whose contacts are like this person's, and nobody has answered yet, nearest first.

        Args:
            recipient: as they are to be kept: an edit, or a draft that is not in the directory.
        """
        answers = self._answers(recipient)
        found = self._look_alikes(recipient)
        return tuple(one for one in found if (one.contact, one.tied) not in answers)

    def shared_contacts(self, recipient: Recipient) -> tuple[tuple[SharedContact, bool], ...]:
        """Return who has the very same address or number, each with whether that was answered."""
        answers = self._answers(recipient)
        found = []
        for contact, value in _contacts(recipient):
            for uid in self._searched().equal(contact, value):
                if uid != recipient.uid and (other := self.somebody(uid)) is not None:
                    answered = (contact, uid) in answers
                    found.append((SharedContact(contact, other), answered))
        return tuple(found)

    def known(self) -> list[Known]:
        """Return what is compared of everybody, by id."""
        rows = self._rows("1")
        return [Known(row["uid"], row["name"], row["email"], row["phone"]) for row in rows]

    def somebody(self, uid: str) -> Recipient | None:
        """Return somebody to name, as `by_uid`; a fault of their file of keys is not said here."""
        row = self._row("uid = ?", uid)
        return None if row is None else self._whole(row)

    def survey(self) -> Iterator[Pair]:
        """Yield every look-alike and every shared contact of the directory, each once.

        Where several share one contact, each is paired with the first of them.
        """
        rows = self._rows("1")
        people = self.known()
        ties = self.store.connection.execute("SELECT recipient, other, contact FROM contact_tie")
        answers = {(tie["contact"], tie["recipient"], tie["other"]) for tie in ties}

        def pair(one: int, contact: Contact, tie: LookAlike | SharedContact, other: str) -> Pair:
            uid = rows[one]["uid"]
            answered = bool({(contact, uid, other), (contact, other, uid)} & answers)
            return Pair(self._whole(rows[one]), tie, answered)

        for one, two, contact, why in sorted(pairs(people), key=lambda found: found[:2]):
            look = LookAlike(contact, self._whole(rows[two]), None, why)
            yield pair(one, contact, look, rows[two]["uid"])
        for contact in Contact:
            for sharing in by_contact(people, contact).values():
                for two in sharing[1:]:
                    shared = SharedContact(contact, self._whole(rows[two]))
                    yield pair(sharing[0], contact, shared, rows[two]["uid"])
        for place, person in enumerate(people):
            if person.email and (look_alike := provider_of(person.email)):
                yield pair(place, Contact.EMAIL, look_alike, look_alike.tied)

    def record_ties(
        self,
        connection: sqlite3.Connection,
        recipient: Recipient,
        look_alikes: Iterable[LookAlike],
        shared: Iterable[SharedContact],
    ) -> None:
        """Record, in the caller's transaction, that these were answered with a yes.

        The recipient is in the directory by then, with the contacts that were asked about.
        """
        today = datetime.now(UTC).date().isoformat()
        kept = [(found.tied, found.contact, Relation.LOOK_ALIKE) for found in look_alikes]
        kept += [(found.other.uid, found.contact, Relation.SHARED) for found in shared]
        connection.executemany(
            "INSERT OR REPLACE INTO contact_tie VALUES (?, ?, ?, ?, ?)",
            [
                (recipient.uid, other, contact.value, relation.value, today)
                for other, contact, relation in kept
            ],
        )

    def forget_ties(
        self, connection: sqlite3.Connection, uid: str, contacts: Iterable[Contact]
    ) -> None:
        """Forget, in the caller's transaction, what was answered about contacts of somebody."""
        connection.executemany(
            "DELETE FROM contact_tie WHERE contact = ? AND (recipient = ? OR other = ?)",
            [(contact.value, uid, uid) for contact in contacts],
        )

    # --- inside ---------------------------------------------------------------------------------

    def _look_alikes(self, recipient: Recipient) -> list[LookAlike]:
        found = []
        for contact, value in _contacts(recipient):
            for uid in self._searched().near(contact, value):
                row = None if uid == recipient.uid else self._row("uid = ?", uid)
                if row is None or row[contact.value] is None:
                    continue
                names = recipient.name, row["name"]
                if why := alike(contact, value, row[contact.value], names):
                    found.append(LookAlike(contact, self._whole(row), None, why))
        if recipient.email is not None and (provider := provider_of(recipient.email)):
            found.append(provider)
        return sorted(found, key=lambda one: (RANKS.index(one.why), one.other is None))

    def _answers(self, recipient: Recipient) -> set[tuple[Contact, str]]:
        """Return with whom which contacts were answered, for those they have in the directory."""
        row = self.store.connection.execute(
            "SELECT email, phone FROM recipient WHERE uid = ?", (recipient.uid,)
        ).fetchone()
        if row is None:
            return set()
        same = {contact for contact, value in _contacts(recipient) if row[contact.value] == value}
        ties = self.store.connection.execute(
            "SELECT contact, other FROM contact_tie WHERE recipient = ?"
            " UNION SELECT contact, recipient FROM contact_tie WHERE other = ?",
            (recipient.uid, recipient.uid),
        )
        answers = {(Contact(tie["contact"]), tie["other"]) for tie in ties}
        return {(contact, other) for contact, other in answers if contact in same}

    def _searched(self) -> Index:
        """Return everybody's contacts to search, read again when anybody's changed."""
        if (state := self.state()) != self._index_state or self._index is None:
            uids, emails, phones = self.store.connection.execute(_EVERYBODY).fetchone()
            self._index, self._index_state = Index(uids or "", emails or "", phones or ""), state
        return self._index

    def _whole(self, row: sqlite3.Row) -> Recipient:
        lines: tuple[str, ...] = ()
        with suppress(RecipientDataInvalid):
            lines = key_files.unchecked_keys(self.keys_folder, row["id"])
        return from_row(row, self._represents(row["uid"]), lines)


def provider_of(email: str) -> LookAlike | None:
    """Return the common provider that an address may be a slip of, or a mask."""
    host = parts(email).host
    provider = imitated(host)
    if provider is None:
        return None
    why = "script" if pretends(host) else "provider"
    return LookAlike(Contact.EMAIL, None, provider, why)


def _contacts(recipient: Recipient) -> list[tuple[Contact, str]]:
    held = ((Contact.EMAIL, recipient.email), (Contact.PHONE, recipient.phone))
    return [(contact, value) for contact, value in held if value]
