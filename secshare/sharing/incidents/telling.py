"""An incident, in the order of articles 33 and 34: what is known, and what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.messages import Language
from secshare.model import SecretState
from secshare.register import Operation
from secshare.register.entries import states_of
from secshare.sharing.incidents import breach, protection
from secshare.sharing.incidents.pieces import Document, Line, Paragraph, Part, Table
from secshare.sharing.incidents.voice import Voice

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from secshare.model import Recipient
    from secshare.register.entries import Actor, Entry
    from secshare.sharing.incidents.facts import Facts
    from secshare.sharing.incidents.pieces import Said

__all__ = ["document"]

_STEPS: Final = frozenset(
    {
        Operation.PREPARE,
        Operation.PREPARED,
        Operation.RELEASE,
        Operation.SECRET,
        Operation.MARK,
        Operation.UNMARK,
        Operation.RECALL,
        Operation.FORGET,
        Operation.CLEARED,
        Operation.RECEIVED,
        Operation.INCIDENT,
    }
)

_FORMS: Final = frozenset({"words", "sms", "qr", "phone"})


def document(
    facts: Facts,
    language: Language,
    *,
    now: datetime,
    zone: tzinfo | None = None,
    with_names: bool = False,
) -> Document:
    """Return what has to be documented, in one language.

    Every statement is a fact of `facts`, or says what an article asks; everything else is a
    question. No person is named, but in the part that `with_names` adds (docs/decisions/099).

    Args:
        zone: whose hours are told; this computer's if None.
    """
    voice = Voice(language, zone)
    say, marker = voice.say, voice.say("incident.marker")
    practice = facts.settings.name
    parts = [
        breach.the_clock(voice, facts, now),
        breach.nature(voice, facts),
        breach.people(voice, facts),
        breach.data(voice, facts),
        protection.sealed(voice, facts),
        protection.roads(voice, facts),
        protection.recall(voice, facts),
        _consequences(voice),
        _measures(voice, facts),
        protection.persons(voice, facts),
        _contact(voice, facts),
        _steps(voice, facts, with_names=with_names),
    ]
    intro = say("incident.intro", now=voice.moment(now), practice=practice, marker=marker)
    paragraphs = [Paragraph(intro), Paragraph(say("incident.no_advice"))]
    if with_names:
        parts.append(_names(voice, facts))
    else:
        paragraphs.append(Paragraph(say("incident.no_names")))
    return Document(
        language=language,
        title=say("incident.title", reference=facts.share.reference),
        marker=marker,
        colon=" :" if language is Language.FR else ":",
        intro=tuple(paragraphs),
        parts=tuple(parts),
    )


def _consequences(voice: Voice) -> Part:
    say = voice.say
    return Part(
        say("incident.part_consequences"),
        (
            Paragraph(say("incident.consequences_known")),
            Line(say("incident.reached"), (voice.ask("incident.ask_reached"),)),
            Line(say("incident.deleted"), (voice.ask("incident.ask_deleted"),)),
            Line(say("incident.effects"), (voice.ask("incident.ask_effects"),)),
        ),
    )


def _measures(voice: Voice, facts: Facts) -> Part:
    say = voice.say
    taken: list[Said] = []
    if facts.recall is not None:
        taken.append(say("incident.measure_recall", when=voice.moment(facts.recall.time)))
    elif facts.stopped is not None:
        taken.append(say("incident.measure_recall_row", when=voice.moment(facts.stopped)))
    taken += [say("incident.measure_again", reference=again) for again in facts.again]
    taken += voice.notes(facts.incident.measures)
    if not facts.incident.measures:
        taken.append(voice.ask("incident.ask_measures"))
    return Part(say("incident.part_measures"), (Line(say("incident.measures"), tuple(taken)),))


def _contact(voice: Voice, facts: Facts) -> Part:
    say, settings = voice.say, facts.settings
    emails: tuple[Said, ...] = tuple(voice.shown(email) for email in settings.emails)
    return Part(
        say("incident.part_contact"),
        (
            Line(say("incident.practice"), (voice.shown(settings.name),)),
            Line(say("incident.phone"), (voice.shown(settings.phone),)),
            Line(say("incident.email"), emails or (voice.ask("incident.ask_email"),)),
            Line(say("incident.officer"), (voice.ask("incident.ask_officer"),)),
        ),
    )


def _steps(voice: Voice, facts: Facts, *, with_names: bool) -> Part:
    say, title = voice.say, voice.say("incident.part_steps")
    rows = [
        (
            voice.moment(step.time),
            _step(voice, step),
            _states(voice, step),
            *([_actor(voice, step.actor)] if with_names else []),
        )
        for step in facts.steps
        if step.operation in _STEPS
    ]
    if not rows:
        return Part(title, (Paragraph(say("incident.steps_none")),))
    columns = [
        say("incident.column_when"),
        say("incident.column_what"),
        say("incident.column_states"),
    ]
    if with_names:
        columns.append(say("incident.column_who"))
    return Part(title, (Table(tuple(columns), tuple(rows)),))


def _step(voice: Voice, step: Entry) -> str:
    """Return what was done, and the form in which words were given."""
    told, form = voice.say(f"incident.step_{step.operation}"), step.facts.get("given_as")
    if form not in _FORMS:
        return told
    return voice.say("incident.step_as", step=told, form=voice.say(f"incident.as_{form}"))


def _states(voice: Voice, step: Entry) -> str:
    """Return the states that an entry left a share in; nothing where it tells none."""
    told = step.facts.get("states")
    if told is None:
        return ""
    states, say = states_of(told), voice.say
    file = say(f"incident.state_{states.file}")
    if not states.file_known:
        file = say("incident.state_assumed", state=file)
    secret = say(f"incident.state_{states.secret}" if states.secret else "incident.state_none")
    if states.secret is SecretState.DESTROYED and not states.secret_known:
        secret = say("incident.state_destroyed_assumed")
    elif not states.secret_known:
        secret = say("incident.state_assumed", state=secret)
    return say("incident.states", file=file, secret=secret)


def _actor(voice: Voice, actor: Actor) -> str:
    if actor.by is None:
        return voice.say("incident.actor", user=actor.user)
    return voice.say("incident.actor_by", by=actor.by, user=actor.user)


def _names(voice: Voice, facts: Facts) -> Part:
    say, share = voice.say, facts.share
    lines = [
        Line(say("incident.name_recipient"), (_name(voice, share.name, facts.recipient),)),
        Line(say("incident.name_subject"), (_name(voice, share.about, facts.subject),)),
    ]
    reasons = tuple(
        say(
            "incident.reason_of",
            rule=breach.rule(voice, each.rule),
            reason=voice.quoted(each.reason),
        )
        for each in facts.findings
        if each.reason
    )
    if reasons:
        lines.append(Line(say("incident.reason"), reasons))
    rule = Paragraph(say("incident.names_rule"), marked=True)
    return Part(say("incident.part_names"), (rule, *lines))


def _name(voice: Voice, name: str, found: Recipient | None) -> str:
    name = voice.quoted(name)
    if found is None:
        return voice.say("incident.name_gone", name=name)
    return voice.say("incident.name", name=name, id=found.id)
