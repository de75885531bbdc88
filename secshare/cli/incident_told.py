"""What is told of an incident: its 72 hours, a few lines of a list, and JSON; no address whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from secshare.cli.base import LANGUAGE, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.register.incidents import Note
    from secshare.sharing.incidents import Clock, Facts


def clock_said(clock: Clock) -> str:
    """Return what is left of the 72 hours, or what stopped them."""
    from secshare.sharing.incidents import shown_moment

    if clock.stopped is not None:
        key = "incident.clock_decided_late" if clock.passed else "incident.clock_decided"
        return tr(key, when=shown_moment(clock.stopped, LANGUAGE))
    deadline = shown_moment(clock.deadline, LANGUAGE)
    if clock.passed:
        if clock.days:
            return tr("incident.clock_passed_days", days=clock.days, deadline=deadline)
        if clock.hours:
            return tr("incident.clock_passed", hours=clock.hours, deadline=deadline)
        return tr("incident.clock_just_passed", deadline=deadline)
    if clock.hours:
        return tr("incident.clock_left", hours=clock.hours, deadline=deadline)
    return tr("incident.clock_less", deadline=deadline)


def lines(facts: Facts, clock: Clock) -> Iterator[str]:
    """Yield an incident as the register of breaches shows it."""
    from secshare.sharing.incidents import masked, shown_moment

    incident = facts.incident
    found = shown_moment(incident.found, LANGUAGE)
    yield tr("incident.line", reference=incident.reference, found=found)
    count = len(incident.measures)
    worth = tr(f"incident.worth_{_worth(facts).replace('-', '_')}")
    yield f"  {tr('incident.line_facts', nature=_nature(facts), worth=worth, count=count)}"
    for note in incident.decision:
        when = shown_moment(note.recorded, LANGUAGE)
        yield f"  {tr('incident.line_decision', when=when, text=masked(note.text))}"
    if not incident.decision:
        yield f"  {tr('incident.line_clock', clock=clock_said(clock))}"


def _nature(facts: Facts) -> str:
    from secshare.recipients import masked_email

    if wrong := facts.incident.wrong_address:
        return tr("incident.line_address", address=masked_email(wrong))
    return tr("incident.line_other")


def _worth(facts: Facts) -> str:
    if facts.share.states.secret is None:
        return "key"
    if facts.worth is not None:
        return facts.worth
    return "unknown" if facts.recall is not None else "none"


def incident_as_json(facts: Facts, clock: Clock) -> dict[str, Any]:
    """Return all that is recorded of an incident, and how far its share went."""
    from secshare.recipients import masked_email

    incident, states = facts.incident, facts.share.states
    address, recalled = incident.wrong_address, facts.recall.time if facts.recall else facts.stopped
    return {
        "reference": str(incident.reference),
        "recorded": incident.recorded.isoformat(),
        "found": incident.found.isoformat(),
        "deadline": incident.deadline.isoformat(),
        "passed": clock.passed,
        "hours": clock.hours,
        "decided": clock.stopped.isoformat() if clock.stopped else None,
        "decision": _notes(incident.decision),
        "nature": "wrong-address" if address else "other",
        "how": _notes(incident.how),
        "wrong_address": masked_email(address) if address else None,
        "people": incident.people,
        "measures": _notes(incident.measures),
        "states": {
            "file": states.file,
            "file_known": states.file_known,
            "secret": states.secret,
            "secret_known": states.secret_known,
            "recalled": recalled.isoformat() if recalled else None,
            "worth": facts.worth,
        },
    }


def _notes(notes: tuple[Note, ...]) -> list[dict[str, str]]:
    from secshare.sharing.incidents import masked

    return [{"recorded": each.recorded.isoformat(), "text": masked(each.text)} for each in notes]
