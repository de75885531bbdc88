"""How words leave: into a file, a descriptor that a script opened, or onto the screen."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files, roads
from secshare.cli.base import tr
from secshare.cli.pasting import pasted
from secshare.cli.session import Session
from secshare.cli.shares_told import is_asked, say_unasked
from secshare.errors import InputUnreadable, OutputRefused, RecipientDataInvalid, ShareState
from secshare.model import Road

if TYPE_CHECKING:
    from collections.abc import Collection

    from secshare.model import Recipient, Reference, Share
    from secshare.practice import Practice
    from secshare.register import Operation
    from secshare.roads import Handover
    from secshare.sharing import Desk, Handing


class Accept(StrEnum):
    """What a script may answer yes to beforehand."""

    CHANGED_CONTACT = "changed-contact"


class AcceptOne(StrEnum):
    """What may be answered so of one share."""

    CHANGED_CONTACT = Accept.CHANGED_CONTACT
    UNASKED = "unasked"


class As(StrEnum):
    """What the words are given as."""

    WORDS = "words"
    SMS = "sms"
    QR = "qr"
    PHONE = "phone"


AcceptOption = Annotated[
    list[AcceptOne] | None, typer.Option("--accept", help=tr("secret.opt_accept"))
]


def check_free(output: Path) -> None:
    """Refuse a file that could not be made, before ten words are typed for it.

    It is looked at once more, and kept, when it is written.

    Raises:
        OutputRefused: it exists; or the folder that it is to stand in does not.
    """
    with files.writing(output):
        if not output.parent.is_dir():
            raise OutputRefused("files.no_folder", path=output.parent)
        if output.is_symlink() or output.exists():
            raise OutputRefused("files.exists", path=output)


def check_place(practice: Practice, output: Path | None, reference: Reference) -> None:
    """Keep words out of the practice's other folders, and findable in `secrets/`.

    Raises:
        OutputRefused: the file would stand beside the document that they open; in `secrets/`, under
            a name that neither a recall nor the sweep looks for; or `-`, which elsewhere means the
            output that never has a secret. And as `check_free`.
    """
    if output is None:
        return
    if str(output) == "-":
        raise OutputRefused("secret.no_stdout", path=output)
    part = practice.part_of(output)
    if part not in {None, "secrets"}:
        raise OutputRefused("secret.two_roads", path=output)
    from secshare.sharing.desk import KINDS

    findable = output.name in {f"{reference}.{kind}" for kind in KINDS}
    if part == "secrets" and not (
        findable and output.parent.resolve() == practice.secrets.resolve()
    ):
        raise OutputRefused("secret.unfindable", path=output, reference=reference)
    check_free(output)


def check_words(
    session: Session,
    desk: Desk,
    share: Share,
    operation: Operation,
    accepted: Collection[AcceptOne] | None,
) -> None:
    """Refuse words that cannot be handed over, and ask about those that nobody asks for any more.

    Raises:
        ShareState: as `sharing.check_words`; or the manifest of its run has the share no more, and
            there is no terminal to ask on.
        Declined: anything but a yes was answered.
    """
    from secshare import sharing

    if is_asked(desk, share.reference):
        sharing.check_words(desk, share, operation)
        say_sealed_since(session, desk, share)
        return
    reference, run = share.reference, pasted(desk.register.run_of(share.reference) or "")
    if share.road is not None and not share.words_kept:  # the usual advice is to seal it again
        raise ShareState("secret.unasked_gone", reference=reference, run=run)
    sharing.check_words(desk, share, operation)
    if AcceptOne.UNASKED in (accepted or ()):
        return
    option = f"--accept {AcceptOne.UNASKED}"
    if session.terminal is None:
        raise ShareState("secret.unasked", reference=reference, run=run, option=option)
    say_unasked(session, desk, share)
    session.confirm("secret.confirm_unasked", option=option, name=share.name)


def say_sealed_since(session: Session, desk: Desk, share: Share) -> bool:
    """Say where another run sealed the same since, for another address or number; True if so."""
    from secshare.batch.choosing import sealed_since

    since = sealed_since(desk.store, share.reference)
    if since is not None:
        session.say("shares.since", reference=share.reference, twin=since.reference, run=since.run)
        session.say("shares.next_sealed_since", twin=since.reference)
    return since is not None


def phone_of(
    session: Session,
    form: As | Road,
    share: Share,
    found: Recipient | None,
    accepted: Collection[AcceptOne] | None,
) -> str | None:
    """Return the number that words by SMS or telephone go to: the one that holds today.

    A number that changed since the share is asked about: it may be the correction that the
    patient called for, or somebody else's.

    Raises:
        RecipientDataInvalid: there is no number, and the road needs one.
        AnswerNeeded, Declined: the number changed, and nobody said that it is right.
    """
    phone = found.phone if found else share.phone
    if form not in {Road.SMS, Road.PHONE}:
        return phone
    if phone is None:
        identifier = found.id if found else share.name
        raise RecipientDataInvalid("sharing.no_phone", id=identifier)
    if phone != share.phone and AcceptOne.CHANGED_CONTACT not in (accepted or ()):
        from secshare.recipients import masked_phone

        session.confirm(
            "secret.confirm_changed_phone",
            option=f"--accept {AcceptOne.CHANGED_CONTACT}",
            name=share.name,
            contact=masked_phone(phone),
        )
    return phone


def content(carried: Handover, form: As | Road) -> bytes:
    """Return what is written: the words alone, or what that road carries. It holds the secret."""
    return f"{carried.words}\n".encode() if form == As.WORDS else carried.content(Road(form))


def screen(carried: Handover, form: As | Road, name: str) -> str:
    """Return what is shown on a terminal. It holds the secret."""
    header = tr("secret.shown", reference=carried.reference, name=name)
    if form == As.QR:
        return "\n".join([header, "", *roads.qr.terminal_lines(carried.code), "", carried.words])
    return f"{header}\n\n{content(carried, form).decode()}"


def to_descriptor(handing: Handing, fd: int, secret: bytes) -> None:
    """Write a secret to a descriptor that a script opened, and to nothing else.

    Raises:
        InputUnreadable: it is not open, or nobody reads it.
        ShareState, JournalBroken, RegisterUnwritable: as `Handing.commit`; nothing was written.
    """
    try:
        sink = os.fdopen(os.dup(fd), "wb")
    except OSError as error:
        raise InputUnreadable("unlock.unreadable", path=f"fd {fd}") from error
    handing.commit()
    try:
        with sink:
            sink.write(secret)
    except OSError as error:
        raise InputUnreadable("unlock.unreadable", path=f"fd {fd}") from error
