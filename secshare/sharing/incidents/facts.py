"""What the register knows of an incident, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.model import SecretState
from secshare.register import Operation, Worth
from secshare.register.incidents import Incidents

if TYPE_CHECKING:
    from datetime import datetime

    from secshare.model import Answered, Recipient, Reference, Share
    from secshare.practice import Settings
    from secshare.register import Received
    from secshare.register.entries import Entry
    from secshare.register.incidents import Incident
    from secshare.sharing.desk import Desk

__all__ = ["Facts", "collect", "incidents_of"]

_DESTROY: Final = frozenset({Operation.RECALL, Operation.FORGET})


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the document of an incident may state.

    Attributes:
        recipient, subject: as the directory has them now; None where they are not in it.
        steps: the journal's entries of the share, the oldest first.
        recall: the last of them that recalled its words.
        answers: what came back and says that it answers the share, the oldest first.
        in_outbox: whether its sealed file still stands there.
        again: the shares that sealed its documents again.
        of_run: whether a run of a batch made it: who is not in the directory may never have been,
            and is called in the register by what a manifest said of them (docs/decisions/103).
    """

    incident: Incident
    share: Share
    settings: Settings
    recipient: Recipient | None = None
    subject: Recipient | None = None
    findings: tuple[Answered, ...] = ()
    steps: tuple[Entry, ...] = ()
    recall: Entry | None = None
    answers: tuple[Received, ...] = ()
    in_outbox: bool = False
    again: tuple[Reference, ...] = ()
    of_run: bool = False

    @property
    def stopped(self) -> datetime | None:
        """Since when the words are destroyed, where only the share's row says so.

        The entry that told of it was cut, or left with a journal that was begun anew; or there was
        no journal to write it into.
        """
        if self.share.states.secret is not SecretState.DESTROYED:
            return None
        told = any(step.operation in _DESTROY for step in self.steps)
        return None if told else self.share.secret_since or self.share.created

    @property
    def worth(self) -> Worth | None:
        """What the recall was worth, or what their age did; None where the words still stand."""
        if self.recall is not None and (worth := self.recall.facts.get("worth")) in list(Worth):
            return Worth(worth)
        if self.share.states.secret is not SecretState.DESTROYED:
            return None
        return Worth.NEVER_RELEASED if self.share.states.secret_known else Worth.POSSIBLY_RELEASED


def incidents_of(desk: Desk) -> Incidents:
    """Return the practice's register of breaches."""
    return Incidents(desk.store, desk.journal, desk.register)


def collect(desk: Desk, incident: Incident) -> Facts:
    """Return what the register knows of an incident.

    Raises:
        ShareUnknown: its share is not there.
        RegisterUnwritable: the register cannot be read.
    """
    share = desk.register.share(incident.reference)
    steps = tuple(reversed(list(desk.journal.entries(share.reference))))
    recalls = [step for step in steps if step.operation is Operation.RECALL]
    return Facts(
        incident=incident,
        share=share,
        settings=desk.practice.settings,
        recipient=desk.directory.by_uid(share.recipient),
        subject=desk.directory.by_uid(share.subject),
        findings=desk.register.findings(share.reference),
        steps=steps,
        recall=recalls[-1] if recalls else None,
        answers=tuple(reversed(list(desk.inbox.all(share.reference)))),
        in_outbox=(desk.practice.outbox / str(share.reference)).is_dir(),
        again=incidents_of(desk).sealed_again(share.reference),
        of_run=desk.register.run_of(share.reference) is not None,
    )
