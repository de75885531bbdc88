"""What the addresses of a share tell: a look-alike, a shared contact, one that changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.model import Finding, Road, Severity
from secshare.recipients import (
    Contact,
    is_mssante,
    is_patient_mssante,
    masked_email,
    masked_phone,
    written_date,
)

if TYPE_CHECKING:
    from secshare.errors import RecipientRefused
    from secshare.model import Recipient
    from secshare.recipients import Directory, LookAlike, SharedContact
    from secshare.sharing.addressing import Addressed

_CHANGED: Final = {
    "email": "changed-contact",
    "phone": "changed-contact",
    "keys": "changed-key",
}


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
    new = directory.look_alikes(recipient)
    findings += [_look_alike(recipient, each, Severity.CONFIRM) for each in new]
    known = directory.known_look_alikes(recipient)
    findings += [_look_alike(recipient, each, Severity.NOTE) for each in known]
    shared = directory.shared_contacts(recipient)
    findings += _shared(recipient, shared)
    findings += _both_roads(addressed, shared)
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


def _look_alike(recipient: Recipient, alike: LookAlike, severity: Severity) -> Finding:
    if alike.other is None:
        return _finding(
            "look-alike",
            severity,
            recipient,
            key=f"contacts.look_alike_provider_{alike.contact}",
            provider=alike.provider,
        )
    return _finding(
        "look-alike",
        severity,
        recipient,
        key=f"contacts.look_alike_{alike.contact}",
        **_other(alike.other, alike.contact),
    )


def _shared(recipient: Recipient, shared: tuple[tuple[SharedContact, bool], ...]) -> list[Finding]:
    return [
        _finding(
            "shared-contact",
            Severity.NOTE if answered else Severity.CONFIRM,
            recipient,
            key=f"contacts.shared_{each.contact}",
            **_other(each.other, each.contact),
        )
        for each, answered in shared
    ]


def _both_roads(
    addressed: Addressed, shared: tuple[tuple[SharedContact, bool], ...]
) -> list[Finding]:
    """Return who would hold the document and its words both, as somebody else than the recipient.

    It asks until both shared contacts were answered for; then it is said.
    """
    if addressed.road not in {Road.SMS, Road.PHONE}:
        return []
    by_mail = {
        each.other.uid: answered for each, answered in shared if each.contact is Contact.EMAIL
    }
    return [
        _finding(
            "both-roads",
            Severity.NOTE if answered and by_mail[each.other.uid] else Severity.CONFIRM,
            addressed.recipient,
            key="contacts.both_roads",
            other=each.other.name,
        )
        for each, answered in shared
        if each.contact is Contact.PHONE and each.other.uid in by_mail
    ]


def _other(other: Recipient, contact: Contact) -> dict[str, object]:
    """Return what names the other person in a sentence, with no contact whole."""
    born = written_date(other.birth_date) if other.birth_date else "-"
    value = other.email if contact is Contact.EMAIL else other.phone
    mask = masked_email if contact is Contact.EMAIL else masked_phone
    return {"other": other.name, "other_born": born, "other_contact": mask(value or "")}


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
