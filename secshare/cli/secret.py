"""`secshare secret`: give a share's words again, to the person asking and to nowhere else."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files, roads
from secshare.cli.base import PracticeOption, tr, verb
from secshare.cli.session import Session, session_of
from secshare.cli.unlock import PassphraseFdOption, PassphraseFileOption, identities, write_fd
from secshare.errors import AnswerNeeded, OutputRefused, RecipientDataInvalid, ShareState
from secshare.model import Reference, Road

if TYPE_CHECKING:
    from secshare.model import Recipient, Share
    from secshare.roads import Handover


class Accept(StrEnum):
    """What a script may answer yes to beforehand."""

    CHANGED_CONTACT = "changed-contact"


class As(StrEnum):
    """What the words are given as."""

    WORDS = "words"
    SMS = "sms"
    QR = "qr"
    PHONE = "phone"


def _content(carried: Handover, form: As) -> bytes:
    """Return what is written: the words alone, or what that road carries."""
    return f"{carried.words}\n".encode() if form is As.WORDS else carried.content(Road(form))


def _screen(carried: Handover, form: As, name: str) -> str:
    """Return what is shown on a terminal."""
    header = tr("secret.shown", reference=carried.reference, name=name)
    if form is As.QR:
        return "\n".join([header, "", *roads.qr.terminal_lines(carried.code), "", carried.words])
    return f"{header}\n\n{_content(carried, form).decode()}"


@verb("secret", "secret.help")
def secret(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help=tr("secret.arg_reference"))],
    given_as: Annotated[As, typer.Option("--as", help=tr("secret.opt_as"))],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=tr("secret.opt_output"))
    ] = None,
    fd: Annotated[int | None, typer.Option("--fd", metavar="N", help=tr("secret.opt_fd"))] = None,
    accept: Annotated[
        list[Accept] | None, typer.Option("--accept", help=tr("secret.opt_accept"))
    ] = None,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    practice: PracticeOption = None,
) -> None:
    """Give the words of one share again."""
    from secshare.sharing import Desk, handover

    session = session_of(ctx)
    if output is None and fd is None and session.terminal is None:
        raise AnswerNeeded("secret.no_terminal")
    with Desk(session.practice(practice)) as desk:
        if output is not None and desk.practice.part_of(output) not in {None, "secrets"}:
            raise OutputRefused("secret.two_roads", path=output)
        share = desk.register.share(Reference.parse(reference))
        if share.road is None:  # said before the practice's own key is asked for
            raise ShareState("register.no_words_keys", reference=share.reference)
        found = desk.directory.by_uid(share.recipient)
        phone = _phone(session, given_as, share, found, accepted=bool(accept))
        unlocked = identities(session, desk.practice, passphrase_file, passphrase_fd)
        words = desk.register.words(share.reference, unlocked)
        carried = handover(desk.practice, share, found, phone, words)
    if output is not None:
        content = _content(carried, given_as)
        with files.publish(output) as sink:
            sink.write(content)
        session.say("secret.written", path=output)
    elif fd is not None:
        write_fd(fd, _content(carried, given_as))
    else:
        shown = _screen(carried, given_as, share.name)
        session.require_terminal("-o").show_secret(shown, tr("secret.any_key"))


def _phone(
    session: Session, given_as: As, share: Share, found: Recipient | None, *, accepted: bool
) -> str | None:
    """Return the number that words by SMS or telephone go to: the one that holds today.

    A number that changed since the share is asked about: it may be the correction that the
    patient called for, or somebody else's.

    Raises:
        RecipientDataInvalid: there is no number, and the road needs one.
        AnswerNeeded, Declined: the number changed, and nobody said that it is right.
    """
    phone = found.phone if found else share.phone
    if given_as not in {As.SMS, As.PHONE}:
        return phone
    if phone is None:
        identifier = found.id if found else share.name
        raise RecipientDataInvalid("sharing.no_phone", id=identifier)
    if phone != share.phone and not accepted:
        from secshare.recipients import masked_phone

        session.confirm(
            "secret.confirm_changed_phone",
            option=f"--accept {Accept.CHANGED_CONTACT}",
            name=share.name,
            contact=masked_phone(phone),
        )
    return phone
