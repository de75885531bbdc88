"""`secshare receive`: open what came back, sealed to the practice, and say what it says it is."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secshare import files
from secshare.cli.base import LANGUAGE, ByOption, JsonOption, PracticeOption, tr, verb
from secshare.cli.progress import bar
from secshare.cli.session import Session, session_of
from secshare.cli.shares_told import recipient_of
from secshare.cli.unlock import PassphraseFdOption, PassphraseFileOption, identities
from secshare.errors import SecshareError, ShareUnknown
from secshare.messages import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from secshare.age import Identity, Progress
    from secshare.model import Reference, Share
    from secshare.register import Received
    from secshare.sharing import Desk, Opened


@verb("receive", "receive.help")
def receive(
    ctx: typer.Context,
    file: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help=tr("receive.arg_files"), show_default=False),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help=tr("receive.opt_again"))] = False,
    listed: Annotated[bool, typer.Option("--list", help=tr("receive.opt_list"))] = False,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    as_json: JsonOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Open each file by itself; the first failure's code is the command's, the others go on."""
    from secshare.sharing import Desk

    session = session_of(ctx)
    paths = file or []
    if bool(paths) == listed:
        raise typer.BadParameter(tr("receive.not_both" if listed else "receive.which"))
    with Desk(session.practice(practice), by=by) as desk:
        if listed:
            _list(session, desk, as_json=as_json)
            return
        keys = _Keys(lambda: identities(session, desk.practice, passphrase_file, passphrase_fd))
        results: list[dict[str, Any]] = []
        codes: list[int] = []
        for path in paths:
            try:
                opened = _receive(desk, path, keys, again=again)
            except SecshareError as error:
                if keys.refused:  # the practice's own key did not open: nor would the next file
                    raise
                results.append(_failed(path, error))
                codes.append(_say_failed(session, path, error, alone=len(paths) == 1))
            else:
                results.append(_as_json(desk, opened.received, path, opened))
                if not as_json:
                    _say(session, desk, path, opened)
        if as_json:
            session.result_json(results)
        elif any(result["status"] == "received" for result in results):
            session.say("receive.who")
    if codes:
        raise typer.Exit(codes[0])


class _Keys:
    """The practice's identities, asked for once, by the first file that needs them."""

    def __init__(self, ask: Callable[[], tuple[Identity, ...]]) -> None:
        self._ask = ask
        self._opened: tuple[Identity, ...] | None = None
        self.refused = False

    def __call__(self) -> tuple[Identity, ...]:
        if self._opened is None:
            try:
                self._opened = self._ask()
            except SecshareError:
                self.refused = True
                raise
        return self._opened


def _receive(desk: Desk, path: Path, keys: _Keys, *, again: bool) -> Opened:
    from secshare.sharing import receive as open_into_inbox

    with files.open_source(path) as source, ExitStack() as held:
        label = tr("receive.opening", name=source.name)
        shown: list[Progress | None] = []

        def progress(done: int, total: int | None) -> None:
            if not shown:  # a bar that runs while words are asked for would write over them
                shown.append(held.enter_context(bar(label, source.size)))
            (advance,) = shown
            if advance is not None:
                advance(done, total)

        return open_into_inbox(desk, source, keys, again=again, progress=progress)


def _say(session: Session, desk: Desk, path: Path, opened: Opened) -> None:
    name, received = path.name, opened.received
    if not opened.fresh:
        there = opened.folder.is_dir()
        key = "receive.before" if there else "receive.before_gone"
        session.say(key, name=name, date=_when(received.received))
        if there:
            session.result(printable(opened.folder))
        return
    session.result(printable(opened.folder))
    for document in opened.documents:
        session.result(tr("receive.document", name=document))
    session.say("receive.opened", name=name, count=len(opened.documents))
    share = _share(desk, received.share)
    if share is not None:
        told, date = recipient_of(desk, share), _when(share.created)
        session.say("receive.answers", name=name, reference=share.reference, date=date, person=told)
    elif opened.named is not None:
        session.say("receive.answers_nothing", name=name, reference=opened.named)
    else:
        session.say("receive.says_nothing", name=name)


def _say_failed(session: Session, path: Path, error: SecshareError, *, alone: bool) -> int:
    if not alone:
        session.say("receive.failed", name=path.name)
    return session.fail(error)


def _list(session: Session, desk: Desk, *, as_json: bool) -> None:
    found = list(desk.inbox.all())
    if as_json:
        session.result_json([_as_json(desk, received) for received in found])
        return
    for received in found:
        share = _share(desk, received.share)
        folder = printable(desk.inbox.folder / received.folder)
        if not (desk.inbox.folder / received.folder).is_dir():
            folder = tr("receive.line_gone", folder=folder)
        told = tr("receive.line_nothing")
        if share is not None:
            who = recipient_of(desk, share)
            told = tr("receive.line_answers", reference=share.reference, person=who)
        count = tr("receive.documents", count=received.documents)
        session.result(f"{_when(received.received)}  {count}  {told}  {folder}")
    if not found:
        session.say("receive.none")


def _share(desk: Desk, reference: Reference | None) -> Share | None:
    try:
        return desk.register.share(reference) if reference else None
    except ShareUnknown:
        return None


def _when(moment: datetime) -> str:
    return moment.astimezone().strftime("%d/%m/%Y %H:%M")


def _as_json(
    desk: Desk, received: Received, path: Path | None = None, opened: Opened | None = None
) -> dict[str, Any]:
    folder = desk.inbox.folder / received.folder
    told: dict[str, Any] = {
        "reference": str(received.reference),
        "received": received.received.isoformat(),
        "answers": str(received.share) if received.share else None,
        "documents": received.documents,
        "folder": str(folder) if folder.is_dir() else None,
        "size": received.size,
        "sha256": received.sha256,
    }
    if opened is None:
        return told
    status = "received" if opened.fresh else "received_before"
    named = str(opened.named) if opened.named else None
    paths = [str(folder / name) for name in opened.documents]
    return {"file": str(path), "status": status, "names": named, "files": paths, **told}


def _failed(path: Path, error: SecshareError) -> dict[str, Any]:
    what, _ = error.explain(LANGUAGE)
    return {"file": str(path), "status": "failed", "code": int(error.code), "error": what}
