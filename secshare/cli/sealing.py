"""What `seal` and `reseal` do alike: from documents and a recipient to a share that is prepared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from secshare.cli import seal_told, settling
from secshare.cli.base import tr
from secshare.cli.progress import READING, bar
from secshare.errors import (
    OutputRefused,
    PreflightStopped,
    RecipientDataInvalid,
)
from secshare.model import Kind, SealFormat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from secshare.cli.session import Session
    from secshare.files import Source
    from secshare.model import Answered, DocumentKind, Recipient, Reference
    from secshare.practice import Practice
    from secshare.preflight import Checker
    from secshare.sharing import Addressed, Checked, Desk, Prepared


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line.

    Attributes:
        given: how findings are gone past, as said beforehand.
        seal_format: what the sealed document is made as.
        words: how many, where somebody said so.
        kind: what the documents are, where somebody said so.
        hold: keep the words back.
        yes: do not ask whether it is the right person.
        as_json: a script reads it, and has the findings wherever it stops.
        seals_again: the share that this one seals again.
    """

    given: settling.Given
    seal_format: SealFormat
    words: int | None = None
    kind: DocumentKind | None = None
    hold: bool = False
    yes: bool = False
    as_json: bool = False
    seals_again: Reference | None = None

    @property
    def by_hand(self) -> bool:
        """Whether the file does not go by e-mail, whatever the recipient's address."""
        return self.seal_format is SealFormat.HTML


def check_places(practice: Practice, sources: Sequence[Source], out: Path | None) -> None:
    """Keep documents and secrets apart: two roads, two folders.

    Raises:
        InputUnreadable: a secret of the practice is given as a document.
        OutputRefused: the copy is to go into the practice folder.
    """
    from secshare.sharing.forms import check_places as check_documents_places

    check_documents_places(practice, [source.path for source in sources])
    if out is not None and practice.part_of(out) is not None:
        raise OutputRefused("seal.out_in_practice", path=out)


def check_documents(
    desk: Desk, checker: Checker, addressed: Addressed, sources: Sequence[Source], wanted: Wanted
) -> Checked:
    """Refuse what cannot be sealed so, then read the documents and say what was found.

    Raises:
        RecipientDataInvalid: words are to be held for somebody who has keys.
        And what `sharing.check_form` and `sharing.check` raise.
    """
    from secshare.sharing import check, check_form

    if wanted.hold and addressed.road is None:
        raise RecipientDataInvalid("seal.hold_with_keys", id=addressed.recipient.id)
    check_form(wanted.seal_format, addressed, sources)
    size = sum(source.size for source in sources)
    with bar(tr("check.reading"), size, worth=READING, steps=len(sources)) as progress:
        checked = check(desk, checker, addressed, sources, kind=wanted.kind, progress=progress)
    checker.close()
    return checked


def prepare_checked(
    session: Session,
    desk: Desk,
    addressed: Addressed,
    sources: Sequence[Source],
    checked: Checked,
    wanted: Wanted,
) -> Prepared:
    """Go past every finding, ask whether it is the right person, and prepare the share.

    Raises:
        PreflightStopped, Declined, AnswerNeeded: nothing was written.
        And what `sharing.prepare` raises.
    """
    from secshare.sharing import prepare

    answered = _settle(session, desk, addressed, checked, wanted, documents=len(sources))
    kind = wanted.kind or checked.report.kind
    if wanted.seal_format is SealFormat.PDF:
        session.say("seal.pdf_label", label=tr("roads.pdf_label"))
    if wanted.seals_again is None and _of_no_patient(addressed, checked):
        session.say("seal.about_whom")
    if not wanted.yes:
        described = seal_told.described(addressed, sources, kind, by_hand=wanted.by_hand)
        key = "confirm" if addressed.recipient.uid == addressed.subject.uid else "confirm_for"
        name = desk.practice.settings.name
        session.confirm(f"seal.{key}", option="--yes", practice=name, **described)
    with bar(tr("seal.sealing"), sum(source.size for source in sources)) as progress:
        return prepare(
            desk,
            addressed,
            sources,
            seal_format=wanted.seal_format,
            words=wanted.words,
            kind=kind,
            hold=wanted.hold,
            seals_again=wanted.seals_again,
            checked=checked,
            answered=answered,
            progress=progress,
        )


def _settle(
    session: Session,
    desk: Desk,
    addressed: Addressed,
    checked: Checked,
    wanted: Wanted,
    *,
    documents: int,
) -> tuple[Answered, ...]:
    """Go past every finding, or stop; a script that reads JSON has the findings then too.

    Raises:
        PreflightStopped, Declined: as `settling.settle`.
    """
    from secshare.sharing import owner

    theirs = owner(desk, checked.findings)
    try:
        return settling.settle(
            session,
            checked,
            wanted.given,
            addressed,
            documents=documents,
            owner=theirs,
        )
    except PreflightStopped as stop:
        if wanted.as_json:
            session.result_json(seal_told.found_as_json(checked))
        if wanted.seals_again is not None and theirs is not None and "remedy" in stop.fields:
            raise _for_another(stop, addressed, theirs) from stop
        raise


def _for_another(
    stop: PreflightStopped, addressed: Addressed, owner: Recipient
) -> PreflightStopped:
    """Return the same refusal, with what mends it: who a share is for, `reseal` does not change."""
    recipient, whom = addressed.recipient, f"--to {owner.id}"
    if recipient.kind is not Kind.PATIENT or addressed.subject.uid != recipient.uid:
        whom = f"--to {recipient.id} --about {owner.id}"
    remedy = tr("reseal.remedy_owner", id=owner.id, whom=whom)
    return PreflightStopped(stop.key, **stop.fields | {"remedy": remedy})


def _of_no_patient(addressed: Addressed, checked: Checked) -> bool:
    """Return whether nobody said of which patient it is: it is in no patient's history then.

    What is about several people, as an export, is of no one of them.
    """
    recipient = addressed.recipient
    if recipient.kind is Kind.PATIENT or addressed.subject.uid != recipient.uid:
        return False
    return all(finding.rule != "several-people" for finding in checked.findings)
