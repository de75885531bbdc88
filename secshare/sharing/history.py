"""What a person may ask for: what was shared with them or about them, and what was done besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.errors import RecipientUnknown, ShareUnknown
from secshare.model import Reference, ShareStatus
from secshare.register import Operation
from secshare.register.persons import about_nobody, entries_about, former
from secshare.sharing.incidents.facts import incidents_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.model import Recipient, Share
    from secshare.register import Received
    from secshare.register.entries import Entry
    from secshare.register.incidents import Incident
    from secshare.sharing.desk import Desk

_OF_WORDS: Final = frozenset({Operation.RELEASE, Operation.SECRET, Operation.RECALL})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the directory, or whom only the register knows.

    Attributes:
        name: as it is in the directory, or as the newest share has it.
        recipient: None for somebody who was removed, or whom only a manifest named.
    """

    uid: str
    name: str
    recipient: Recipient | None


@dataclass(frozen=True, slots=True)
class History:
    """What the practice keeps of somebody beside their entry of the directory.

    Attributes:
        shares: with them or about them, the newest first.
        answers: what says that it answers one of those, by its reference, the newest first.
        incidents: what went wrong with those, by reference.
        words: of the journal, what was done with the words of those, by reference, the oldest
            first: given again, let go of, recalled.
        entries: of the journal, about them and about no share, the oldest first.
        about_nobody: how many shares of the practice, with professionals, may be about them too:
            nobody said whom they are about.
        namesakes: references of shares of others who bear the same name and are not in the
            directory, one each: perhaps the same person, added twice, or whom a manifest named.
        of_runs: of those shares, the ones that a run of a batch made.
    """

    person: Person
    shares: tuple[Share, ...]
    answers: Mapping[Reference, tuple[Received, ...]]
    incidents: Mapping[Reference, Incident]
    words: Mapping[Reference, tuple[Entry, ...]]
    entries: tuple[Entry, ...]
    about_nobody: int
    namesakes: tuple[Reference, ...]
    of_runs: frozenset[Reference]


def person_of(desk: Desk, who: str) -> Person:
    """Return whom `who` means: an id or a name, in the directory or not, or a share for them.

    Raises:
        RecipientUnknown: nobody, or several; the text lists what tells them apart.
    """
    if uids := _of_register(desk, who):
        if len(uids) > 1:
            references = ", ".join(str(_newest(desk, uid).reference) for uid in uids)
            raise RecipientUnknown("history.several_gone", who=who, references=references)
        return _person(desk, uids[0])
    found = desk.directory.find(who)
    return Person(found.uid, found.name, found)


def history_of(desk: Desk, person: Person) -> History:
    """Return what is kept of somebody, after entering in the journal that it was asked for.

    Raises:
        JournalBroken, RegisterUnwritable: then it is not to be shown.
    """
    desk.register.entry(Operation.HISTORY, recipient=person.uid)
    shares = tuple(
        share
        for share in desk.register.shares(person.uid, subject=person.uid)
        if share.status is ShareStatus.PREPARED
    )
    of = incidents_of(desk).of
    others = set(former(desk.store, person.name)) - {person.uid}
    run_of = desk.register.run_of
    return History(
        person,
        shares,
        {share.reference: tuple(desk.inbox.all(share.reference)) for share in shares},
        {share.reference: incident for share in shares if (incident := of(share.reference))},
        {share.reference: _words(desk, share.reference) for share in shares},
        tuple(entries_about(desk.store, person.uid)),
        about_nobody(desk.store),
        tuple(_newest(desk, uid).reference for uid in sorted(others)),
        frozenset(share.reference for share in shares if run_of(share.reference)),
    )


def unlisted(desk: Desk, who: str) -> tuple[str, ...]:
    """Return the `uid` of whoever bears a name in the register and is not in the directory.

    Nobody where somebody of the directory has the name, in any order of its parts, or the id: they
    may be who is meant. Looked for before the directory searches what is near, which takes longer
    than all the rest.

    Raises:
        RecipientDataInvalid: somebody of this name has a damaged file of keys.
    """
    uids = former(desk.store, who)
    return () if uids and _listed(desk, who) else uids


def _words(desk: Desk, reference: Reference) -> tuple[Entry, ...]:
    entries = reversed(list(desk.journal.entries(reference)))
    return tuple(entry for entry in entries if entry.operation in _OF_WORDS)


def _of_register(desk: Desk, who: str) -> tuple[str, ...]:
    """Return who is not in the directory and bears this name, or whom this share is for."""
    try:
        uid = desk.register.share(Reference.parse(who)).recipient
    except ShareUnknown:
        return unlisted(desk, who)
    return () if _listed(desk, who) else (uid,)


def _listed(desk: Desk, who: str) -> bool:
    directory = desk.directory
    return bool(
        directory.same_name(who)
        or directory.by_id(who.strip().lower())
        or directory.candidates(who)
    )


def _person(desk: Desk, uid: str) -> Person:
    found = desk.directory.by_uid(uid)
    if found is not None:
        return Person(uid, found.name, found)
    share = _newest(desk, uid)
    return Person(uid, share.name if share.recipient == uid else share.about, None)


def _newest(desk: Desk, uid: str) -> Share:
    return next(desk.register.shares(uid, subject=uid))
