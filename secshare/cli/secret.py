"""`secshare secret`: give a share's words again, to the person asking and to nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from secshare.cli import giving
from secshare.cli.base import ByOption, PracticeOption, tr, verb
from secshare.cli.session import session_of
from secshare.cli.unlock import PassphraseFdOption, PassphraseFileOption, identities
from secshare.errors import AnswerNeeded
from secshare.model import Reference


@verb("secret", "secret.help")
def secret(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help=tr("secret.arg_reference"))],
    given_as: Annotated[giving.As, typer.Option("--as", help=tr("secret.opt_as"))],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=tr("secret.opt_output"))
    ] = None,
    fd: Annotated[int | None, typer.Option("--fd", metavar="N", help=tr("secret.opt_fd"))] = None,
    accept: giving.AcceptOption = None,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Give the words of one share again."""
    from secshare.register import Operation, Runs
    from secshare.sharing import Desk, Handing, handover

    session = session_of(ctx)
    if output is None and fd is None and session.terminal is None:
        raise AnswerNeeded("secret.no_terminal")
    with Desk(session.practice(practice), by=by) as desk:
        share = desk.register.share(Reference.parse(reference))
        giving.check_place(desk.practice, output, share.reference)
        giving.check_words(session, desk, share, Operation.SECRET, accept)
        found = desk.directory.by_uid(share.recipient)
        phone = giving.phone_of(session, given_as, share, found, accept)
        unlocked = identities(session, desk.practice, passphrase_file, passphrase_fd)
        words = desk.register.words(share.reference, unlocked)
        language = Runs(desk.store).language(share.reference)
        carried = handover(desk.practice, share, found, phone, words, language=language)
        handing = Handing(desk, share, Operation.SECRET, given_as.value)
        if output is not None:
            handing.write(output, giving.content(carried, given_as))
            session.say("secret.written", path=output)
            return
        if fd is not None:
            giving.to_descriptor(handing, fd, giving.content(carried, given_as))
            return
        shown = giving.screen(carried, given_as, share.name)
        terminal = session.require_terminal("-o")
        handing.commit()
    terminal.show_secret(shown, tr("secret.any_key"))  # as long as somebody reads: nothing is held
