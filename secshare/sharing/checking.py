"""Is this the right document, for the right person, at the right address? Asked before sealing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from secshare.errors import RecipientDataInvalid
from secshare.model import Kind, Severity
from secshare.preflight import Case, Own, Person, judge
from secshare.recipients import parse_phone
from secshare.sharing.contacts import contact_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.model import DocumentKind, Finding, Recipient
    from secshare.practice import Practice
    from secshare.preflight import Checker, Facts, Report
    from secshare.recipients import LookAlike, SharedContact
    from secshare.sharing.addressing import Addressed
    from secshare.sharing.desk import Desk


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found before a share is made.

    Attributes:
        report: of the documents.
        findings: of the documents and of the addresses, the heaviest first.
        look_alikes, shared: what is kept as answered once the share is prepared.
    """

    report: Report
    findings: tuple[Finding, ...]
    look_alikes: tuple[LookAlike, ...] = field(default=())
    shared: tuple[SharedContact, ...] = field(default=())

    @property
    def verdict(self) -> Severity | None:
        """Return the heaviest severity, None where there is no finding."""
        return heaviest(self.findings)


def check(
    desk: Desk,
    checker: Checker,
    addressed: Addressed,
    documents: Sequence[Source],
    *,
    kind: DocumentKind | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Read what is about to be sealed, through the descriptors it will be sealed from.

    Args:
        kind: what the documents are, where somebody said so: their word counts, not the guess.

    Raises:
        InputUnreadable: a document cannot be read, or changed while it was.
    """
    case = case_for(desk, addressed)
    return checked(desk, addressed, case, read(checker, documents, case, progress), kind=kind)


def case_for(desk: Desk, addressed: Addressed) -> Case:
    """Return what the documents of a share are compared with."""
    subject = desk.directory.by_uid(addressed.subject.uid) or addressed.recipient
    return case_of(desk, subject, addressed.recipient)


def read(
    checker: Checker, documents: Sequence[Source], case: Case, progress: Progress | None = None
) -> list[Facts]:
    """Read documents; `progress` is told the bytes read, a document at a time.

    Raises:
        InputUnreadable: a document cannot be read, or changed while it was.
    """
    total, done, facts = sum(document.size for document in documents), 0, []
    for document in documents:
        facts.append(checker.facts(document, region=case.region))
        done += document.size
        if progress is not None:
            progress(done, total)
    return facts


def checked(
    desk: Desk,
    addressed: Addressed,
    case: Case,
    facts: Sequence[Facts],
    *,
    kind: DocumentKind | None = None,
) -> Checked:
    """Judge what was read, and where it would go."""
    report = _judged(facts, case, kind)
    contacts = contact_findings(desk.directory, addressed)
    findings = sorted(
        _worth_saying((*contacts.findings, *report.findings)),
        key=lambda each: -each.severity.weight,
    )
    return Checked(report, tuple(findings), contacts.look_alikes, contacts.shared)


def examine(
    checker: Checker,
    documents: Sequence[Source],
    case: Case,
    *,
    kind: DocumentKind | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read documents and judge them; `progress` is told the bytes read, a document at a time.

    Args:
        kind: what they are, where somebody said so.

    Raises:
        InputUnreadable: a document cannot be read, or changed while it was.
    """
    return _judged(read(checker, documents, case, progress), case, kind)


def _judged(facts: Sequence[Facts], case: Case, kind: DocumentKind | None) -> Report:
    if kind is not None:
        facts = [replace(each, kind=kind, kind_sure=True) for each in facts]
    report = judge(facts, case)
    return replace(report, findings=_worth_saying(report.findings))


def _worth_saying(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Leave MSSanté out where it is what the address is, or where nothing will be sent anyway."""
    rules = {each.rule for each in findings}
    if rules & {"mssante-address", "mssante-patient"} or heaviest(findings) is Severity.BLOCK:
        return tuple(each for each in findings if each.rule != "mssante-kind")
    return tuple(findings)


def owner(desk: Desk, findings: Sequence[Finding]) -> Recipient | None:
    """Return whose the documents seem to be: the one person in the directory whom they name.

    None where what stops is something else too, where they name several people, or one whom the
    directory does not know or knows twice.
    """
    blocking = [each for each in findings if each.severity is Severity.BLOCK]
    names = {str(each.fields.get("name", "")) for each in blocking if each.rule == "other-person"}
    if len(names) != 1 or any(each.rule != "other-person" for each in blocking):
        return None
    words = names.pop().split()
    turned = {" ".join(words[at:] + words[:at]) for at in range(len(words))}  # EXEMPLE Jeanne
    found = {each.uid: each for name in turned for each in desk.directory.same_name(name)}
    return next(iter(found.values())) if len(found) == 1 else None


def case_of(desk: Desk, subject: Recipient | None, recipient: Recipient | None) -> Case:
    """Return what documents are compared with: the subject, and who else may stand in them."""
    directory, region = desk.directory, desk.practice.settings.region
    people = [each for each in (subject, recipient) if each is not None]
    known: dict[str, Recipient] = {each.uid: each for each in people}
    for person in people:
        for representation in person.represents:
            if (found := directory.by_uid(representation.subject)) is not None:
                known[found.uid] = found
        known |= {each.uid: each for each in directory.representatives(person)}
    homonyms: tuple[Person, ...] = ()
    if subject is not None:
        known.pop(subject.uid, None)
        homonyms = tuple(
            _person(each) for each in directory.same_name(subject.name) if each.uid != subject.uid
        )
    return Case(
        subject=_person(subject) if subject else None,
        recipient=_person(recipient) if recipient else None,
        known=tuple(_person(each) for each in known.values()),
        homonyms=homonyms,
        own=own(desk.practice, directory.correspondents()),
        kind=recipient.kind if recipient else Kind.PATIENT,
        emails=frozenset(each.email.lower() for each in people if each.email),
        phones=frozenset(each.phone for each in people if each.phone),
        scans=desk.practice.settings.scans,
        region=region,
    )


def own(practice: Practice, correspondents: Sequence[str] = ()) -> Own:
    """Return what is the practice's own and stands in its documents.

    Args:
        correspondents: names of the professionals and organisations in the directory.
    """
    settings = practice.settings
    phones = set()
    for region in {settings.region, "FR"}:
        try:
            phones.add(parse_phone("phone", settings.phone, region=region))
        except RecipientDataInvalid:  # as patients read it, which need not be how it is dialled
            continue
    return Own(
        names=(settings.name, settings.public_name, *settings.people, *correspondents),
        identifiers=frozenset(re.sub(r"[ .]", "", each).upper() for each in settings.identifiers),
        phones=frozenset(phones),
        emails=frozenset(fold_email(each) for each in settings.emails),
    )


def fold_email(address: str) -> str:
    """Return an address as it is compared."""
    return address.strip().lower()


def _person(recipient: Recipient) -> Person:
    return Person(recipient.name, recipient.birth_date)


def heaviest(findings: Sequence[Finding]) -> Severity | None:
    """Return the heaviest severity, None where there is no finding."""
    severities = (finding.severity for finding in findings)
    return max(severities, key=lambda severity: severity.weight, default=None)
