"""How it was sealed, how far both roads went, what was recalled; and article 34."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare import profiles
from secshare.model import FileState, SealFormat, SecretState
from secshare.register import Worth
from secshare.sharing.incidents.pieces import Line, Paragraph, Part

if TYPE_CHECKING:
    from datetime import datetime

    from secshare.sharing.incidents.facts import Facts
    from secshare.sharing.incidents.pieces import Said
    from secshare.sharing.incidents.voice import Voice

__all__ = ["persons", "recall", "roads", "sealed"]


def sealed(voice: Voice, facts: Facts) -> Part:
    """Tell what the document was sealed with."""
    share, say = facts.share, voice.say
    lines = [Line(say("incident.format"), (say(f"incident.format_{share.format}"),))]
    if share.road is None:
        lines.append(Line(say("incident.opens"), (say("incident.opens_keys"),)))
    else:
        words = _drawn(voice, facts)
        work = say("incident.work_none")
        if share.work_factor is not None:
            work = say("incident.work_scrypt", factor=share.work_factor)
        lines += [Line(say("incident.opens"), (words,)), Line(say("incident.work"), (work,))]
    file: Said = voice.ask("incident.ask_file")
    if share.size is not None:
        file = say("incident.size_bytes", size=share.size)
    lines.append(Line(say("incident.size"), (file,)))
    if share.sha256 is not None:
        lines.append(Line(say("incident.sha256"), (share.sha256,)))
    return Part(say("incident.part_sealed"), tuple(lines))


def _drawn(voice: Voice, facts: Facts) -> str:
    """Tell how many words were drawn; a share of before the journal has only the least there is."""
    for step in facts.steps:
        if isinstance(count := step.facts.get("words_drawn"), int):
            return voice.say("incident.opens_words", count=count)
    return voice.say("incident.opens_words_least", least=profiles.WORDS)


def roads(voice: Voice, facts: Facts) -> Part:
    """Tell how far the file and its words went."""
    say = voice.say
    lines = [
        Line(say("incident.file_road"), _file(voice, facts)),
        Line(say("incident.words_road"), _words(voice, facts)),
    ]
    if facts.share.road is not None:
        kept = "incident.copies_kept" if facts.share.words_kept else "incident.copies_gone"
        lines.append(Line(say("incident.copies"), (say(kept),)))
    if facts.answers:
        came = tuple(
            say("incident.answer", when=voice.moment(answer.received)) for answer in facts.answers
        )
        lines.append(Line(say("incident.answers"), came))
    lines.append(Line(say("incident.folder"), (_folder(voice, facts),)))
    return Part(say("incident.part_roads"), tuple(lines))


def _file(voice: Voice, facts: Facts) -> tuple[Said, ...]:
    share, states = facts.share, facts.share.states
    by_mail = share.email is not None and share.format is not SealFormat.HTML
    since = voice.moment(share.file_since or share.created)
    said: list[Said] = [voice.say("incident.by_mail" if by_mail else "incident.by_hand")]
    if states.file is FileState.OPENED and not states.file_known:
        said.append(voice.say("incident.file_opened_assumed", when=since))
    else:
        said.append(voice.say(f"incident.file_{states.file}", when=since))
        if not states.file_known:
            said.append(voice.say("incident.assumed"))
    if states.file is FileState.OPENED:
        said.append(voice.ask("incident.ask_opened"))
    return tuple(said)


def _words(voice: Voice, facts: Facts) -> tuple[Said, ...]:
    share, states = facts.share, facts.share.states
    if share.road is None or states.secret is None:
        return voice.say("incident.words_key"), voice.ask("incident.ask_key")
    road = voice.say(f"incident.words_by_{share.road}")
    said = voice.say(f"incident.words_{_secret(facts)}", when=_since(voice, facts))
    match states.secret:
        case SecretState.HELD:
            return road, said
        case SecretState.DESTROYED if states.secret_known:
            return road, said
        case SecretState.RELEASED:
            return road, said, voice.ask("incident.ask_words")
        case _:
            return road, said, voice.ask("incident.ask_words_possibly")


def _secret(facts: Facts) -> str:
    """Return how the secret's state is called in the catalogues."""
    states = facts.share.states
    if states.secret is None:
        return "key"
    if not states.secret_known:
        match states.secret:
            case SecretState.RELEASED:
                return "released_assumed"
            case SecretState.DESTROYED:
                return "destroyed_assumed"
    return states.secret.value


def _since(voice: Voice, facts: Facts) -> str:
    return voice.moment(facts.share.secret_since or facts.share.created)


def _folder(voice: Voice, facts: Facts) -> str:
    if facts.in_outbox:
        return voice.say("incident.folder_there")
    cleared: datetime | None = facts.share.cleared
    if cleared is not None:
        return voice.say("incident.folder_cleared", when=voice.moment(cleared))
    return voice.say("incident.folder_gone")


def recall(voice: Voice, facts: Facts) -> Part:
    """Tell whether the words were recalled, and on which condition that helps."""
    share, say = facts.share, voice.say
    said = []
    if share.road is None:
        said.append(say("incident.recall_key"))
    elif facts.stopped is not None:
        said.append(say("incident.recall_row", when=voice.moment(facts.stopped)))
    elif facts.recall is None:
        said.append(say("incident.recall_none"))
        if share.words_kept:
            said.append(say("incident.recall_now", reference=share.reference))
    else:
        said.append(_recalled(voice, facts.recall.facts.get("worth"), facts.recall.time))
    said.append(say("incident.recall_file"))
    return Part(say("incident.part_recall"), tuple(Paragraph(each) for each in said))


def _recalled(voice: Voice, worth: object, moment: datetime) -> str:
    when = voice.moment(moment)
    match worth:
        case Worth.NEVER_RELEASED:
            return voice.say("incident.recall_never", when=when)
        case Worth.POSSIBLY_RELEASED:
            return voice.say("incident.recall_possibly", when=when)
        case Worth.TOO_LATE:
            return voice.say("incident.recall_late", when=when)
        case _:
            return voice.say("incident.recall_unworded", when=when)


def persons(voice: Voice, facts: Facts) -> Part:
    """Tell what article 34(3)(a) asks, and on which condition it is so here."""
    share, say = facts.share, voice.say
    name = _secret(facts)
    when = {"when": _since(voice, facts)} if name == "written" else {}
    said = [
        Paragraph(say("incident.persons_rule")),
        Paragraph(say(f"incident.persons_{name}", **when), marked=True),
    ]
    if share.states.file is FileState.OPENED:
        said.append(Paragraph(say("incident.persons_opened"), marked=True))
    if share.format is SealFormat.PDF:
        said.append(Paragraph(say("incident.persons_pdf")))
    said.append(Paragraph(say("incident.persons_clear")))
    told = Line(say("incident.told"), (voice.ask("incident.ask_told"),))
    return Part(say("incident.part_persons"), (*said, told))
