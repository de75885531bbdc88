"""What the addresses of a share tell: a look-alike, a shared contact, one that changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.model import Finding, Road, Severity
from secshare.recipients import (
    Contact,
    is_mssante,
    is_patient_mssante,
    masked_email,
    masked_phone,
    told_difference,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.errors import RecipientRefused
    from secshare.model import Recipient
    from secshare.recipients import Directory, LookAlike, SharedContact
    from secshare.sharing.addressing import Addressed

_CHANGED: Final = {
    "email": "changed-contact",
    "phone": "changed-contact",
    "keys": "changed-key",
}

_NAMED: Final = 3
"""How many people a sentence names."""

_REFUSALS: Final = {
    "sharing.revoked": "revoked",
    "sharing.opposed": "opposed",
    "sharing.purpose": "purpose",
    "sharing.not_represented": "not-represented",
    "sharing.representation_ended": "not-represented",
}


@dataclass(frozen=True, slots=True)
class Contacts:
    """The findings about a share's addresses, and what an answer to them is kept as."""

    findings: tuple[Finding, ...]
    look_alikes: tuple[LookAlike, ...]
    shared: tuple[SharedContact, ...]


def contact_findings(directory: Directory, addressed: Addressed) -> Contacts:
    """Return what asks, or is worth saying, about where a share would go."""
    recipient = addressed.recipient
    findings = [_changed(recipient, which) for which in addressed.changed]
    new = directory.look_alikes(recipient)  # those answered already are not spoken of again
    findings += [_look_alike(recipient, each) for each in new]
    shared = directory.shared_contacts(recipient)
    findings += _shared(addressed, shared)
    if recipient.email and is_patient_mssante(recipient.email):
        key = "contacts.mssante_patient"
        findings.append(_finding("mssante-patient", Severity.NOTE, recipient, key=key))
    elif recipient.email and is_mssante(recipient.email):
        key = "contacts.mssante_address"
        findings.append(_finding("mssante-address", Severity.NOTE, recipient, key=key))
    return Contacts(tuple(findings), new, tuple(each for each, answered in shared if not answered))


def refusal(error: RecipientRefused) -> Finding:
    """Return, as a finding, why `address` refuses a recipient: what `check` says of it."""
    rule = _REFUSALS[error.key]
    return Finding(rule, Severity.BLOCK, f"contacts.{rule.replace('-', '_')}", error.fields)


def _changed(recipient: Recipient, which: str) -> Finding:
    return _finding(_CHANGED[which], Severity.CONFIRM, recipient, key=f"contacts.changed_{which}")


def _look_alike(recipient: Recipient, alike: LookAlike) -> Finding:
    if alike.other is None:
        return _finding(
            "look-alike",
            Severity.CONFIRM,
            recipient,
            key=f"contacts.look_alike_provider_{alike.contact}",
            provider=alike.provider,
        )
    mine, theirs = (getattr(each, alike.contact.value) or "" for each in (recipient, alike.other))
    return _finding(
        "look-alike",
        Severity.CONFIRM,
        recipient,
        key=f"contacts.look_alike_{alike.contact}",
        others=_named([alike.other]),
        difference=told_difference(alike.contact, mine, theirs),
    )


def _shared(addressed: Addressed, shared: Sequence[tuple[SharedContact, bool]]) -> list[Finding]:
    """Return who has the same contacts: one finding for all those who have the same ones.

    Somebody who has both would hold the document and its words, where these go by telephone. It
    asks until each contact was answered for; then it is said, in a line.
    """
    contacts: dict[str, set[Contact]] = defaultdict(set)
    open_: set[str] = set()
    people: dict[str, Recipient] = {}
    for each, answered in shared:
        people[each.other.uid] = each.other
        contacts[each.other.uid].add(each.contact)
        if not answered:
            open_.add(each.other.uid)
    alike: dict[tuple[str, bool], list[Recipient]] = defaultdict(list)
    for uid, person in people.items():
        which = "both" if len(contacts[uid]) > 1 else min(contacts[uid]).value
        alike[which, uid not in open_].append(person)
    by_phone = addressed.road in {Road.SMS, Road.PHONE}
    findings = []
    for (which, answered), others in alike.items():
        rule, key = "shared-contact", f"contacts.shared_{which}"
        if which == "both" and by_phone:
            rule = "both-roads"
            key = "contacts.both_roads_answered" if answered else "contacts.both_roads"
        severity = Severity.NOTE if answered else Severity.CONFIRM
        findings.append(
            _finding(rule, severity, addressed.recipient, key=key, others=_named(others))
        )
    return findings


def _named(others: Sequence[Recipient]) -> str:
    """Return people in a sentence: their names, their ids, the years they were born in."""
    named = [
        f"{each.name} ({each.id}, {each.birth_date.year})"
        if each.birth_date
        else f"{each.name} ({each.id})"
        for each in sorted(others, key=lambda each: each.id)[:_NAMED]
    ]
    more = len(others) - _NAMED
    return ", ".join(named) + (f" (+{more})" if more > 0 else "")


def _finding(
    rule: str, severity: Severity, recipient: Recipient, *, key: str, **more: object
) -> Finding:
    return Finding(
        rule,
        severity,
        key,
        {
            "name": recipient.name,
            "id": recipient.id,
            "email": masked_email(recipient.email) if recipient.email else "-",
            "phone": masked_phone(recipient.phone) if recipient.phone else "-",
            **more,
        },
    )
