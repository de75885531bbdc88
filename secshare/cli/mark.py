"""`secshare mark`: what happened to shares outside of secshare, as a person says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from secshare.cli.base import ByOption, JsonOption, PracticeOption, tr, verb
from secshare.cli.giving import say_sealed_since
from secshare.cli.session import session_of
from secshare.cli.shares_told import is_asked, say_unasked, short_file, short_words, states_as_json
from secshare.messages import Language, explain, text
from secshare.model import FileState, Reference, SecretState
from secshare.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.cli.session import Session
    from secshare.model import Share
    from secshare.sharing import Desk, Marked

_WORDS: Final = tuple(
    tr(f"mark.word_{name}") for name in ("sent", "bounced", "delivered", "opened", "released")
)
"""The states, as people say them; the English words are understood everywhere."""


@verb("mark", "mark.help")
def mark(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar=f"REF... [{'|'.join(_WORDS)}]", help=tr("mark.arg_words")),
    ],
    undo: Annotated[bool, typer.Option("--undo", help=tr("mark.opt_undo"))] = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Mark one share or several; each that is refused is said, and does not stop the others."""
    from secshare.sharing import Desk
    from secshare.sharing import mark as said

    session = session_of(ctx)
    typed, state = _read(words, undo=undo)
    # All of them are read before any is marked: a misread one is a reason to look again.
    references = list(dict.fromkeys(Reference.parse(each) for each in typed))
    refused, results = [], []
    with Desk(session.practice(practice), by=by) as desk:
        for marked in said(desk, references, state):
            results.append(_as_json(desk, marked))
            if marked.refused is not None:
                refused.append(marked.refused)
                if len(references) > 1:  # a single one ends the command with its own two lines
                    session.fail(marked.refused)
            elif marked.share is not None and not as_json:
                if marked.unchanged and state is not None:
                    _say_unchanged(session, marked.reference, state)
                else:
                    _say_marked(session, marked.share)
                if not undo:
                    _say_next(session, desk, marked.share, unchanged=marked.unchanged)
    if as_json:
        session.result_json(results)
    if refused and len(references) == 1:
        raise refused[0]
    if refused:
        raise typer.Exit(refused[0].code)


def _read(
    words: Sequence[str], *, undo: bool
) -> tuple[Sequence[str], FileState | SecretState | None]:
    """Tell the references from the state, which comes last and which no reference looks like.

    Raises:
        typer.BadParameter: no state, or one too many.
    """
    *before, last = words
    state = read_state(last)
    if undo:
        if state is not None:
            raise typer.BadParameter(tr("mark.undo_takes_none", state=last))
        return words, None
    if state is None:
        raise typer.BadParameter(tr("mark.no_state", states=", ".join(_WORDS), given=last))
    if not before:
        raise typer.BadParameter(tr("mark.no_reference", state=last))
    return before, state


def read_state(said: str) -> FileState | SecretState | None:
    """Return the state that a word stands for, in either language and as people write it."""
    from secshare.sharing import MARKS

    wanted = _folded(said)
    for name, state in MARKS.items():
        if wanted in {_folded(text(f"mark.word_{name}", language)) for language in Language}:
            return state
    return None


def _folded(word: str) -> str:
    """Return a word without accents, nor the endings that French gives it: `envoyées`."""
    return fold(word).rstrip("es")


def _as_json(desk: Desk, marked: Marked) -> dict[str, Any]:
    if marked.share is not None:
        return {
            "reference": str(marked.reference),
            **states_as_json(marked.share),
            "asked": is_asked(desk, marked.reference),
            "unchanged": marked.unchanged,
        }
    assert marked.refused is not None  # noqa: S101  one of the two
    from secshare.cli.base import LANGUAGE

    what, do = explain(marked.refused.key, LANGUAGE, **marked.refused.fields)
    return {
        "reference": str(marked.reference),
        "refused": {"code": int(marked.refused.code), "what": what, "do": do},
    }


def _say_unchanged(session: Session, reference: Reference, state: FileState | SecretState) -> None:
    key = "mark.unchanged_words" if state is SecretState.RELEASED else "mark.unchanged"
    session.result(tr(key, reference=reference, state=tr(f"mark.word_{state}")))


def _say_marked(session: Session, share: Share) -> None:
    line = tr(
        "mark.done",
        reference=share.reference,
        file=short_file(share),
        words=short_words(share),
    )
    session.result(line)


def _say_next(session: Session, desk: Desk, share: Share, *, unchanged: bool) -> None:
    """Say what is left to do; of what nobody asks for any more, each time: it is to be stopped."""
    if not is_asked(desk, share.reference):
        say_unasked(session, desk, share)
        session.say("recall.next_incident", reference=share.reference)
    elif unchanged or say_sealed_since(session, desk, share):
        return
    elif share.states.file is FileState.BOUNCED:
        session.say("mark.after_bounced", reference=share.reference)
    elif share.states.secret is SecretState.HELD and share.states.file is not FileState.PREPARED:
        session.say("mark.after_sent_held", reference=share.reference, road=share.road)
