"""What happened, to whom and to which data: article 33.3 a, and the clock of article 33.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.model import DocumentKind, FileState
from secshare.preflight import RULES
from secshare.recipients import masked_email
from secshare.sharing.incidents.clock import clock
from secshare.sharing.incidents.pieces import Line, Paragraph, Part

if TYPE_CHECKING:
    from datetime import datetime

    from secshare.model import Answered
    from secshare.sharing.incidents.clock import Clock
    from secshare.sharing.incidents.facts import Facts
    from secshare.sharing.incidents.pieces import Said
    from secshare.sharing.incidents.voice import Voice

__all__ = ["data", "nature", "people", "rule", "the_clock"]

_HEALTH: Final = frozenset(
    {
        DocumentKind.REPORT,
        DocumentKind.LABORATORY,
        DocumentKind.IMAGING,
        DocumentKind.PRESCRIPTION,
        DocumentKind.CERTIFICATE,
    }
)
_OF_SEVERAL: Final = frozenset({DocumentKind.CLAIMS, DocumentKind.EXPORT})
_SAYS_SEVERAL: Final = frozenset({"several-people", "export", "other-person"})
_LEFT: Final = frozenset({FileState.SENT, FileState.DELIVERED, FileState.BOUNCED, FileState.OPENED})


def the_clock(voice: Voice, facts: Facts, now: datetime) -> Part:
    """Tell what is left of the 72 hours."""
    incident, say = facts.incident, voice.say
    told = clock(incident.deadline, now, incident.decided)
    decided: tuple[Said, ...] = voice.notes(incident.decision)
    lines = [
        Line(say("incident.found"), (voice.moment(incident.found),)),
        Line(say("incident.recorded"), (voice.moment(incident.recorded),)),
        Line(say("incident.deadline"), (voice.moment(incident.deadline),)),
        Line(
            say("incident.at_decision" if told.stopped else "incident.at_writing"),
            (_left(voice, told),),
        ),
        Line(say("incident.decision"), decided or (voice.ask("incident.ask_decision"),)),
    ]
    if told.passed and not told.stopped:
        lines.append(Line(say("incident.late"), (voice.ask("incident.ask_late"),)))
    rule = Paragraph(say("incident.clock_rule"))
    return Part(say("incident.part_clock"), (*lines, rule))


def _left(voice: Voice, told: Clock) -> str:
    if told.passed and told.days:
        return voice.say("incident.passed_days", days=told.days)
    if not told.hours:
        return voice.say("incident.passed_less" if told.passed else "incident.left_less")
    return voice.say("incident.passed" if told.passed else "incident.left", hours=told.hours)


def nature(voice: Voice, facts: Facts) -> Part:
    """Tell what went wrong, when, and how it was found."""
    incident, share, say = facts.incident, facts.share, voice.say
    went_wrong: Said = voice.ask("incident.ask_nature")
    if incident.wrong_address:
        went_wrong = say("incident.nature_address")
    how: tuple[Said, ...] = voice.notes(incident.how) or (voice.ask("incident.ask_how"),)
    if len(incident.how) == 1:
        how = (voice.quoted(incident.how[0].text),)
    prepared = say("incident.prepared", reference=share.reference, when=voice.moment(share.created))
    lines = (
        Line(say("incident.share"), (prepared,)),
        Line(say("incident.nature"), (went_wrong,)),
        Line(say("incident.wrong_address"), _address(voice, facts)),
        Line(say("incident.when"), _when(voice, facts)),
        Line(say("incident.how"), how),
        Line(say("incident.attached"), (voice.ask("incident.ask_attached"),)),
    )
    return Part(say("incident.part_nature"), lines)


def _address(voice: Voice, facts: Facts) -> tuple[Said, ...]:
    wrong, prepared_with = facts.incident.wrong_address, facts.share.email
    if not wrong:
        return (voice.ask("incident.ask_address"),)
    said = [voice.say("incident.address_masked", address=masked_email(wrong))]
    if prepared_with and wrong.casefold() == prepared_with.casefold():
        said.append(voice.say("incident.address_same"))
    elif prepared_with:
        said.append(voice.say("incident.address_other", address=masked_email(prepared_with)))
    return tuple(said)


def _when(voice: Voice, facts: Facts) -> tuple[Said, ...]:
    share = facts.share
    if share.states.file not in _LEFT or share.sent is None:
        return (voice.ask("incident.ask_when"),)
    marked = voice.say("incident.when_sent", when=voice.moment(share.sent))
    return marked, voice.ask("incident.ask_when_known")


def people(voice: Voice, facts: Facts) -> Part:
    """Tell which people the documents are about, and whom they were meant for."""
    share, say = facts.share, voice.say
    kind = facts.subject.kind if facts.subject else "gone"
    if facts.subject is None and facts.of_run and share.recipient == share.subject:
        kind = "of_run"  # about another person, a manifest names those of the directory only
    about: list[Said] = [say(f"incident.subject_{kind}", uid=share.subject)]
    if facts.subject is None:
        about.append(voice.ask("incident.ask_category"))
    if share.recipient == share.subject:
        meant = say("incident.intended_subject")
    else:
        kind = facts.recipient.kind if facts.recipient else "gone"
        meant = say(f"incident.intended_{kind}", uid=share.recipient)
    lines = (
        Line(say("incident.subject"), tuple(about)),
        Line(say("incident.intended"), (meant,)),
        Line(say("incident.number"), (_number(voice, facts),)),
    )
    return Part(say("incident.part_people"), lines)


def _number(voice: Voice, facts: Facts) -> Said:
    if facts.incident.people is not None:
        return voice.say("incident.number_given", count=facts.incident.people)
    rules = {finding.rule for finding in facts.findings}
    if facts.share.kind in _OF_SEVERAL or rules & _SAYS_SEVERAL:
        return voice.ask("incident.ask_number_several")
    return voice.ask("incident.ask_number")


def data(voice: Voice, facts: Facts) -> Part:
    """Tell which data: the kind, how much, and what the check before sealing said."""
    share, say = facts.share, voice.say
    kind: tuple[Said, ...] = (voice.ask("incident.ask_kind"),)
    if share.kind:
        kind = (say("incident.kind_confirmed", kind=say(f"check.kind_{share.kind}")),)
        if share.kind in _HEALTH:
            kind = (*kind, say("incident.kind_health"))
    purpose: Said = voice.ask("incident.ask_purpose")
    if share.purpose:
        purpose = voice.quoted(share.purpose)
    found = tuple(_finding(voice, each) for each in facts.findings)
    lines = (
        Line(say("incident.kind"), kind),
        Line(say("incident.documents"), (say("incident.documents_count", count=share.documents),)),
        Line(say("incident.records"), (voice.ask("incident.ask_records"),)),
        Line(say("incident.purpose"), (purpose,)),
        Line(say("incident.checked"), found or (say("incident.checked_nothing"),)),
        Line(say("incident.other_data"), (voice.ask("incident.ask_other_data"),)),
    )
    return Part(say("incident.part_data"), lines)


def _finding(voice: Voice, finding: Answered) -> str:
    return voice.say(f"incident.checked_{finding.answer}", rule=rule(voice, finding.rule))


def rule(voice: Voice, name: str) -> str:
    """Return what a rule of the preflight finds, in one sentence."""
    if known := RULES.get(name):
        return voice.say(known.key)
    return voice.say("incident.unknown_rule", rule=voice.quoted(name))
