"""`secshare release`: hand over words that were held; from then on they count as given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare.cli import giving
from secshare.cli.base import ByOption, PracticeOption, tr, verb
from secshare.cli.session import session_of
from secshare.cli.unlock import PassphraseFdOption, PassphraseFileOption, identities
from secshare.errors import RoadFailed, SecshareError
from secshare.model import Reference, Road

if TYPE_CHECKING:
    from secshare.cli.session import Session
    from secshare.model import Share
    from secshare.roads import Handover
    from secshare.sharing import Handing


@verb("release", "release.help")
def release(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help=tr("secret.arg_reference"))],
    given_as: Annotated[Road, typer.Option("--as", help=tr("release.opt_as"))],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=tr("release.opt_output"))
    ] = None,
    fd: Annotated[int | None, typer.Option("--fd", metavar="N", help=tr("release.opt_fd"))] = None,
    accept: giving.AcceptOption = None,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Hand over the words of one share."""
    from secshare.register import Operation, Runs
    from secshare.sharing import Desk, Handing, handover

    session = session_of(ctx)
    if given_as is Road.PHONE and output is None and fd is None:
        session.require_terminal("-o")
    with Desk(session.practice(practice), by=by) as desk:
        share = desk.register.share(Reference.parse(reference))
        giving.check_place(desk.practice, output, share.reference)
        giving.check_words(session, desk, share, Operation.RELEASE, accept)
        found = desk.directory.by_uid(share.recipient)
        phone = giving.phone_of(session, given_as, share, found, accept)
        unlocked = identities(session, desk.practice, passphrase_file, passphrase_fd)
        words = desk.register.words(share.reference, unlocked)
        language = Runs(desk.store).language(share.reference)
        carried = handover(desk.practice, share, found, phone, words, language=language)
        if output is None and fd is None and given_as is not Road.PHONE:
            output = desk.practice.secrets / carried.file_name(given_as)
        handing = Handing(desk, share, Operation.RELEASE, given_as.value)
        try:
            _hand_over(session, handing, carried, given_as, share, output, fd)
        except (SecshareError, OSError) as error:
            if not handing.committed or not desk.register.share(share.reference).words_kept:
                raise  # nothing was given; or it was recalled at the same time, which says so
            raise RoadFailed(
                "release.not_handed", reference=share.reference, road=given_as
            ) from error
        except BaseException:  # Ctrl-C, a closed window
            if handing.committed:
                _say_interrupted(session, share, given_as, shown=output is None and fd is None)
            raise
    if output is not None:
        session.result(tr("release.done", reference=share.reference, path=output))
    if given_as is not share.road:
        road = tr(f"seal.by_{share.road}")
        session.say("release.other_road", reference=share.reference, road=road)
    if output is None and fd is None:  # the sheet was read, or not; it is not there any more
        session.say("release.read_out", reference=share.reference, road=given_as)
    else:
        session.say("release.next", step=tr(f"seal.next_{given_as}"), reference=share.reference)


def _say_interrupted(session: Session, share: Share, given_as: Road, *, shown: bool) -> None:
    """Say that the words count as given, as whoever pressed Ctrl-C may not expect."""
    if shown:
        session.say("release.interrupted_shown", reference=share.reference)
        session.say("release.read_out", reference=share.reference, road=given_as)
    else:
        session.say("release.interrupted", reference=share.reference, road=given_as)


def _hand_over(
    session: Session,
    handing: Handing,
    carried: Handover,
    given_as: Road,
    share: Share,
    output: Path | None,
    fd: int | None,
) -> None:
    """Let the words out, by the one way that was asked for, once the register says so.

    Raises:
        OutputRefused, InputUnreadable, AnswerNeeded: there is no such way.
        ShareState, JournalBroken, RegisterUnwritable: as `Handing.commit`.
    """
    if output is not None:
        handing.write(output, giving.content(carried, given_as))
    elif fd is not None:
        giving.to_descriptor(handing, fd, giving.content(carried, given_as))
    else:
        shown = giving.screen(carried, given_as, share.name)
        terminal = session.require_terminal("-o")
        handing.commit()
        session.say("release.first", step=tr(f"seal.next_{given_as}"))
        terminal.show_secret(shown, tr("secret.any_key"))
