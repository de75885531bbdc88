"""`secshare reseal`: a share once more, with new words, by another road or in another form."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files
from secshare.cli import seal_told, sealing, settling
from secshare.cli.base import ByOption, JsonOption, PracticeOption, YesOption, tr, verb
from secshare.cli.recall import say_worth
from secshare.cli.session import Session, session_of
from secshare.cli.unlock import PassphraseFdOption, PassphraseFileOption, identities
from secshare.model import Reference, Road, SealFormat, SecretState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from secshare.files import Source
    from secshare.model import Share
    from secshare.sharing import Desk


@verb("reseal", "reseal.help")
def reseal(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help=tr("secret.arg_reference"))],
    documents: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE...", help=tr("reseal.arg_files"))
    ] = None,
    road: Annotated[Road | None, typer.Option("--road", help=tr("reseal.opt_road"))] = None,
    seal_format: Annotated[
        SealFormat | None, typer.Option("--format", help=tr("reseal.opt_format"))
    ] = None,
    words: Annotated[
        int | None, typer.Option("--words", metavar="N", min=10, max=12, help=tr("seal.opt_words"))
    ] = None,
    hold: Annotated[bool, typer.Option("--hold", help=tr("reseal.opt_hold"))] = False,
    recall: Annotated[bool, typer.Option("--recall", help=tr("reseal.opt_recall"))] = False,
    accept: settling.AcceptOption = None,
    override: settling.OverrideOption = None,
    reason: settling.ReasonOption = None,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    yes: YesOption = False,
    by: ByOption = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Seal a share again for the same recipient; the options are explained by `--help`."""
    from secshare.preflight import Checker

    session = session_of(ctx)
    given = settling.Given.of(accept, override, reason)
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents or ()]
        checker = held.enter_context(Checker())
        checker.start()
        from secshare.sharing import Desk, address_again
        from secshare.sharing import recall as stop

        desk = held.enter_context(Desk(session.practice(practice), by=by))
        sealing.check_places(desk.practice, sources, None)
        share = desk.register.share(Reference.parse(reference))
        wanted = sealing.Wanted(
            given=given,
            seal_format=seal_format or share.format,
            words=words,
            # What it was confirmed to be; documents that are given may be others.
            kind=None if sources else share.kind,
            hold=hold or share.states.secret is SecretState.HELD,
            yes=yes,
            as_json=as_json,
            seals_again=share.reference,
        )
        addressed = address_again(
            desk, share, road=road, by_hand=wanted.by_hand, today=date.today()
        )
        if sources:
            for source in sources:
                source.file.watch()  # the preflight's own reading tells which document it is
        else:
            sources = held.enter_context(
                _from_outbox(session, desk, share, passphrase_file, passphrase_fd)
            )
        checked = sealing.check_documents(desk, checker, addressed, sources, wanted)
        if documents:
            _say_whether_same(session, desk, share, sources)
        prepared = sealing.prepare_checked(session, desk, addressed, sources, checked, wanted)
        stopped = stop(desk, share.reference) if recall else None
    if as_json:
        told = seal_told.prepared_as_json(addressed, prepared, prepared.files, checked)
        told |= {
            "seals_again": str(share.reference),
            "recalled": stopped.worth if stopped else None,
        }
        session.result_json(told)
        return
    seal_told.say_prepared(session, addressed, prepared, prepared.files)
    if stopped is not None:
        say_worth(session, stopped)
    elif share.states.secret is not SecretState.DESTROYED:
        valid = "reseal.old_valid" if share.road else "reseal.old_valid_key"
        session.say(valid, reference=share.reference)


def _from_outbox(
    session: Session, desk: Desk, share: Share, file: Path | None, fd: int | None
) -> AbstractContextManager[list[Source]]:
    """Return what gives the documents of the sealed copy, opened with the words of the register.

    Raises:
        ShareState: there is no such copy, or no words any more: said before the practice's own
            key is asked for.
        PassphraseWrong, AnswerNeeded, InputUnreadable: that key does not open.
    """
    from secshare.sharing import check_kept, sealed_copy, unsealed

    path = sealed_copy(desk, share)
    check_kept(desk, share)
    unlocked = identities(session, desk.practice, file, fd)
    return unsealed(share, path, desk.register.words(share.reference, unlocked))


def _say_whether_same(
    session: Session, desk: Desk, share: Share, sources: Sequence[Source]
) -> None:
    from secshare.sharing import same_documents

    same = same_documents(desk, share, sources)
    if same is not None:
        key = "reseal.same_document" if same else "reseal.another_document"
        session.say(key, reference=share.reference)
