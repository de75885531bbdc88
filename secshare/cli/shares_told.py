"""What is told of a share's two states: in a word, in a line, as JSON; and what helps next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from secshare.cli.base import tr
from secshare.cli.pasting import pasted
from secshare.model import FileState, SecretState, ShareStatus

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from secshare.cli.session import Session
    from secshare.model import Answered, Recipient, Reference, Share
    from secshare.sharing import Desk

_ASSUMED: Final = {
    FileState.OPENED.value: "opened_assumed",
    SecretState.RELEASED.value: "released_assumed",
    SecretState.DESTROYED.value: "destroyed_assumed",
}
"""States that may be assumed, and are then told otherwise."""


def is_asked(desk: Desk, reference: Reference) -> bool:
    """Return whether a share is still asked for: by the manifest of its run, when that last ended.

    True of a share that no run made.
    """
    from secshare.register import Runs

    return not Runs(desk.store).is_unasked(reference)


def day(moment: datetime) -> str:
    """Return a moment as it is told."""
    return moment.astimezone().strftime("%d/%m/%Y %H:%M")


def person(name: str, found: Recipient | None, *, of_run: bool) -> str:
    """Return a name with what tells homonyms apart: the id, and the birth date if there is one.

    Args:
        found: in the directory; None for who is not there.
        of_run: whether a run of a batch made the share: who is not there now may never have been.
    """
    if found is None:
        return tr("shares.person_of_run" if of_run else "shares.person_gone", name=name)
    if found.birth_date is None:
        return tr("shares.person", name=name, id=found.id)
    born = found.birth_date.strftime("%d/%m/%Y")
    return tr("shares.person_born", name=name, id=found.id, born=born)


def recipient_of(desk: Desk, share: Share) -> str:
    """Return whom a share is for, as they are told."""
    return _person_of(desk, share, share.recipient, share.name)


def subject_of(desk: Desk, share: Share) -> str:
    """Return whom a share is about, as they are told."""
    return _person_of(desk, share, share.subject, share.about)


def _person_of(desk: Desk, share: Share, uid: str, name: str) -> str:
    found = desk.directory.by_uid(uid)
    of_run = found is None and desk.register.run_of(share.reference) is not None
    return person(name, found, of_run=of_run)


def short_file(share: Share) -> str:
    """Return how far the document went, in a word; with a question mark where it is assumed."""
    states = share.states
    return _sure(tr(f"shares.short_{states.file}"), known=states.file_known)


def short_words(share: Share) -> str:
    """Return how far the words went, in a word or two."""
    states = share.states
    if states.secret is None:
        return tr("shares.short_no_words")
    if states.secret is SecretState.DESTROYED and not states.secret_known:
        return tr("shares.short_destroyed_assumed")  # gone for sure; not that nobody had them
    return _sure(tr(f"shares.short_{states.secret}"), known=states.secret_known)


def _sure(state: str, *, known: bool) -> str:
    return state if known else tr("shares.assumed", state=state)


def states_as_json(share: Share) -> dict[str, Any]:
    """Return both states, each known or assumed, and since when; `secret` is null for keys."""
    states = share.states
    secret = None
    if states.secret is not None:
        secret = {
            "state": states.secret,
            "known": states.secret_known,
            "since": _iso(share.secret_since),
        }
    file = {"state": states.file, "known": states.file_known, "since": _iso(share.file_since)}
    return {"file": file, "secret": secret}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def told_states(share: Share) -> dict[str, str]:
    """Return the rows of the two states, and of the share that this one takes the place of."""
    if share.status is ShareStatus.PREPARING:
        return {"file": tr("shares.preparing")}
    states, since = share.states, day(share.file_since or share.created)
    file = tr(f"shares.file_{_key(states.file, known=states.file_known)}", date=since)
    if states.secret is None:
        words = tr("shares.words_none")
    else:
        since = day(share.secret_since or share.created)
        words = tr(f"shares.words_{_key(states.secret, known=states.secret_known)}", date=since)
        if not share.words_kept and states.secret is not SecretState.DESTROYED:
            words = tr("shares.not_kept", words=words)
    rows = {"file": file, "words": words}
    if share.seals_again is not None:
        rows["seals_again"] = str(share.seals_again)
    return rows


def was_recalled(desk: Desk, share: Share) -> bool:
    """Return whether somebody stopped the words: words that were given do not show it."""
    from secshare.register import Operation

    entries = desk.journal.entries(share.reference)
    return any(entry.operation is Operation.RECALL for entry in entries)


def told_answer(answered: Answered) -> str:
    """Return what a rule found, in words, and what was answered to it."""
    from secshare.preflight import RULES

    said = tr(f"shares.answer_{answered.answer}")
    if answered.reason:
        said = tr("shares.answer_reason", said=said, reason=answered.reason)
    if answered.rule not in RULES:  # of another version
        return f"{answered.rule} ({said})"
    found = tr(RULES[answered.rule].key).removesuffix(".")
    return tr("shares.answered", found=found, rule=answered.rule, said=said)


def _key(state: str, *, known: bool) -> str:
    return state if known else _ASSUMED.get(state, state)


def next_steps(
    share: Share,
    folder: Path,
    *,
    asked: bool,
    since: bool,
    stands: bool,
    phone: bool,
    recalled: bool,
    incident: bool,
    listed: bool,
) -> list[str]:
    """Return what usually helps next, most useful first; nothing that this share cannot do.

    Args:
        folder: its own, in the outbox.
        asked: whether the manifest of its run asks for it; True where no run made it.
        since: whether another run sealed the same since, for another address or number.
        stands: whether there is a share of another run for the same, that or another.
        phone: whether its recipient has a number.
        recalled: whether somebody stopped its words, too late or not.
        incident: whether one is recorded of it.
        listed: whether everybody whom it names is in the directory: else it cannot be sealed again.
    """
    here = folder.is_dir()
    if since:  # its run may ask for it: nobody corrected that run's manifest
        gone = recalled or share.states.secret is SecretState.DESTROYED
        first = ["next_stands"] if gone else ["next_sealed_since"]
        return [*first, *_next_of_former(share, here=here, incident=incident)]
    if not asked:
        return _next_of_unasked(share, here=here, incident=incident)
    steps = _next_steps(share, folder, phone=phone, stopped=recalled or incident, incident=incident)
    if stands:
        steps = ["next_stands" if step == "next_seal_anew" else step for step in steps]
    return steps if listed else [_UNLISTED.get(step, step) for step in steps]


_UNLISTED: Final = {
    "next_bounced": "next_bounced_unlisted",
    "next_reseal": "next_reseal_unlisted",
    "next_reseal_file": "next_reseal_unlisted",
    "next_seal_anew": "next_seal_anew_unlisted",
}


def _next_steps(
    share: Share, folder: Path, *, phone: bool, stopped: bool, incident: bool
) -> list[str]:
    if stopped or share.states.secret is SecretState.DESTROYED:
        return _next_of_stopped(share, incident=incident)
    here = folder.is_dir()
    (first, again), file = _leaving(share, folder), share.states.file
    steps = _next_of_words(share, phone=phone)
    if file is FileState.BOUNCED:
        steps.insert(0, "next_bounced")
    elif file is FileState.PREPARED and here:
        steps.insert(0, first)
    elif file is FileState.SENT and here:
        steps.insert(0, again)
    elif file is FileState.DELIVERED and here:  # it arrived: that it is lost is the rarer case
        steps.append(again)
    return [*steps, *_next_of_mistakes(share, here=here)]


def _leaving(share: Share, folder: Path) -> tuple[str, str]:
    """Return how its document leaves, and how once more: in its draft, in another mail, or by hand.

    A batch writes a draft only where it is asked for; what it seals goes by mail all the same.
    """
    from secshare.sharing.forms import goes_by_mail

    if not goes_by_mail(share):
        return "next_hand", "next_hand_again"
    if (folder / "message.eml").exists():
        return "next_send", "next_send_again"
    return "next_attach", "next_attach_again"


def _next_of_stopped(share: Share, *, incident: bool) -> list[str]:
    """Return what helps where nothing of it is to go out any more, the document nor the words."""
    steps = ["next_recall"] if _may_be_stopped(share) else []
    return [*steps, *_next_of_incident(share, recorded=incident), "next_seal_anew"]


def say_unasked(session: Session, desk: Desk, share: Share) -> None:
    """Say that the manifest of its run does not ask for a share any more, and what that takes."""
    run = pasted(desk.register.run_of(share.reference) or "")
    for key in ("unasked_of", *_stopping(share)):
        session.say(f"shares.{key}", reference=share.reference, run=run)


def _next_of_unasked(share: Share, *, here: bool, incident: bool) -> list[str]:
    """Return what helps where a batch went on with a manifest that has it no more.

    Nothing that sends it, and nothing that seals it again: the corrected row has its own share.
    """
    steps = ["next_unasked", *_stopping(share)]
    if share.road is None and here:
        steps.append("next_unasked_key")
    return [*steps, *_next_of_incident(share, recorded=incident)]


def _next_of_former(share: Share, *, here: bool, incident: bool) -> list[str]:
    """Return what helps once it is known that another run's share is the right one."""
    steps = ["next_recall_since"] if _may_be_stopped(share) else []
    if share.road is None and here:
        steps.append("next_key_since")
    return [*steps, *_next_of_incident(share, recorded=incident)]


def _stopping(share: Share) -> list[str]:
    """Return what stops one that is asked for no more; before that, what has it count again."""
    if share.states.secret is SecretState.DESTROYED:
        return []
    return ["next_unasked_part", *(["next_recall_unasked"] if _may_be_stopped(share) else [])]


def _may_be_stopped(share: Share) -> bool:
    return share.words_kept and share.states.secret in {SecretState.HELD, SecretState.WRITTEN}


def _next_of_incident(share: Share, *, recorded: bool) -> list[str]:
    if recorded:
        return ["next_incident_again"]
    return [] if share.states.file is FileState.PREPARED else ["next_incident"]


def _next_of_words(share: Share, *, phone: bool) -> list[str]:
    if share.road is None:
        return ["next_key"]
    if not share.words_kept:
        return []
    if share.states.secret is SecretState.HELD:
        return ["next_release"]
    return ["next_phone", "next_words"] if phone else ["next_words_no_phone"]


def _next_of_mistakes(share: Share, *, here: bool) -> list[str]:
    """Return what helps when it does not open, or when it is somebody else's."""
    steps = []
    if share.states.file is not FileState.BOUNCED:
        steps.append("next_reseal" if here and share.words_kept else "next_reseal_file")
    if _may_be_stopped(share):
        return [*steps, "next_recall"]
    return [*steps, *_next_of_incident(share, recorded=False)]
