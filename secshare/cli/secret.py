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
from secshare.errors import ShareState
from secshare.model import Reference, Road

if TYPE_CHECKING:
    from secshare.messages import Language
    from secshare.model import Share
    from secshare.practice import Practice


class As(StrEnum):
    """What the words are given as."""

    WORDS = "words"
    SMS = "sms"
    QR = "qr"
    PHONE = "phone"


@verb("secret", "secret.help")
def secret(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help=tr("secret.arg_reference"))],
    given_as: Annotated[As, typer.Option("--as", help=tr("secret.opt_as"))],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=tr("secret.opt_output"))
    ] = None,
    fd: Annotated[int | None, typer.Option("--fd", metavar="N", help=tr("secret.opt_fd"))] = None,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    practice: PracticeOption = None,
) -> None:
    """Give the words of one share again."""
    from secshare.sharing import Desk

    session = session_of(ctx)
    if output is None and fd is None:
        session.require_terminal("-o")
    with Desk(session.practice(practice)) as desk:
        share = desk.register.share(Reference.parse(reference))
        if share.road is None:  # said before the practice's own key is asked for
            raise ShareState("register.no_words_keys", reference=share.reference)
        unlocked = identities(session, desk.practice, passphrase_file, passphrase_fd)
        words = desk.register.words(share.reference, unlocked)
        found = desk.directory.by_uid(share.recipient)
        language = (found.language if found else None) or desk.practice.settings.language
        if output is not None:
            content = _content(given_as, words, share, desk.practice, language)
            with files.publish(output) as sink:
                sink.write(content)
            session.say("secret.written", path=output)
        elif fd is not None:
            write_fd(fd, _content(given_as, words, share, desk.practice, language).decode())
        else:
            _show(session, given_as, words, share, desk.practice, language)


def _content(
    given_as: As, words: str, share: Share, practice: Practice, language: Language
) -> bytes:
    """Return what is written: the words alone, or what that road carries."""
    if given_as is As.WORDS:
        return f"{words}\n".encode()
    return roads.secret_bytes(
        Road(given_as),
        words=words,
        reference=share.reference,
        public_name=practice.settings.public_name,
        phone=share.phone,
        language=language,
        desk_language=practice.settings.language,
    )


def _show(
    session: Session,
    given_as: As,
    words: str,
    share: Share,
    practice: Practice,
    language: Language,
) -> None:
    if given_as is As.QR:
        shown = "\n".join([*roads.qr.terminal_lines(words), "", words])
    else:
        shown = _content(given_as, words, share, practice, language).decode()
    header = tr("secret.shown", reference=share.reference, name=share.name)
    session.require_terminal("-o").show_secret(f"{header}\n\n{shown}", tr("secret.any_key"))
