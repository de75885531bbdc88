"""`secshare keys`: the practice's public key, recipients' keys, and new identities."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files, profiles
from secshare.cli.base import ByOption, JsonOption, PracticeOption, YesOption, keys_app, tr, verb
from secshare.cli.session import Session, session_of
from secshare.cli.unlock import PassphraseFdOption, PassphraseFileOption, announcing, asking
from secshare.errors import AnswerNeeded, InputUnreadable, PracticeInvalid
from secshare.messages import printable

if TYPE_CHECKING:
    from secshare.model import Passphrase, Recipient

_KEY_BEGINS = ("age1", "ssh-", "age-secret-key-", "-----begin")


class As(StrEnum):
    """How the practice's key is shown."""

    TEXT = "text"
    QR = "qr"


class Accept(StrEnum):
    """What a script may answer yes to beforehand."""

    CHANGED_KEY = "changed-key"


@verb("show", "keys.show_help", keys_app)
def show(
    ctx: typer.Context,
    given_as: Annotated[As, typer.Option("--as", help=tr("keys.opt_as"))] = As.TEXT,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Show the practice's public key, as a file of recipients or as a code to photograph."""
    from secshare.practice import fingerprint
    from secshare.recipients import spoken_fingerprint

    session = session_of(ctx)
    opened = session.practice(practice)
    public = opened.public_keys
    journal = fingerprint(public.journal)
    x25519, hybrid = str(public.x25519), str(public.hybrid)
    if as_json:
        session.result_json(
            {
                "practice": opened.settings.public_name,
                "x25519": x25519,
                "x25519_fingerprint": spoken_fingerprint(x25519),
                "hybrid": hybrid,
                "hybrid_fingerprint": spoken_fingerprint(hybrid),
                "journal_fingerprint": journal,
            }
        )
        return
    if given_as is As.QR:
        from secshare.roads import qr

        for line in qr.terminal_lines(x25519):
            session.result(line)
    session.result(f"# {printable(opened.settings.public_name)}")
    session.result(f"# {tr('keys.fingerprint', fingerprint=spoken_fingerprint(x25519))}")
    session.result(f"# {tr('keys.journal', fingerprint=journal)}")
    session.result(x25519)


@verb("add", "keys.add_help", keys_app)
def add(
    ctx: typer.Context,
    who: Annotated[str, typer.Argument(metavar="WHO", help=tr("keys.arg_who"))],
    key: Annotated[str, typer.Argument(metavar="FILE|TEXT", help=tr("keys.arg_key"))],
    replace: Annotated[bool, typer.Option("--replace", help=tr("keys.opt_replace"))] = False,
    accept: Annotated[Accept | None, typer.Option("--accept", help=tr("keys.opt_accept"))] = None,
    yes: YesOption = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Take somebody's public keys in; what is sealed for them from now on opens with those."""
    from secshare.recipients import parse_keys, spoken_fingerprint
    from secshare.sharing import Desk

    session = session_of(ctx)
    parsed = parse_keys([_text(key)])
    with Desk(session.practice(practice), by=by) as desk:
        recipient = desk.directory.find(who)
        if not replace:  # whether the keys can stand together is said before any question
            parse_keys((*recipient.keys, *parsed), whose=recipient.id)
        new = [found for found in parsed if found not in recipient.keys]
        if not new and not replace:
            session.say("keys.there_already", name=recipient.name)
            return
        for found in new:
            session.say("keys.fingerprint", fingerprint=spoken_fingerprint(found))
        _confirm(session, recipient, yes=yes, accepted=accept is not None)
        changed = desk.directory.set_keys(recipient, parsed, replace_all=replace)
        session.result(str(desk.practice.keys / f"{recipient.id}.pub"))
    session.say("keys.added", name=recipient.name, count=len(changed.keys))


def _confirm(session: Session, recipient: Recipient, *, yes: bool, accepted: bool) -> None:
    """Ask whether the fingerprint was compared; somebody's other key is never taken by `--yes`."""
    from secshare.recipients import written_date

    born = written_date(recipient.birth_date) if recipient.birth_date else tr("keys.no_date")
    fields = {"name": recipient.name, "id": recipient.id, "born": born}
    if recipient.keys:
        if not accepted:
            option = f"--accept {Accept.CHANGED_KEY}"
            session.confirm("keys.confirm_changed", option=option, **fields)
    elif not yes:
        session.confirm("keys.confirm", option="--yes", **fields)


def _text(given: str) -> str:
    """Return the text of a key, or of the file that holds it.

    Raises:
        InputUnreadable: no such file, or not one of keys.
    """
    if given.strip().lower().startswith(_KEY_BEGINS):
        return given
    path = Path(given)
    with files.open_source(path) as source:
        if source.size > profiles.KEY_FILE_BYTES:
            raise InputUnreadable("keys.not_keys", path=path)
        try:
            return source.file.readall().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InputUnreadable("keys.not_keys", path=path) from error


@verb("rotate", "keys.rotate_help", keys_app)
def rotate(
    ctx: typer.Context,
    yes: YesOption = False,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Draw new identities for the practice; the old ones stay, and still open."""
    from secshare.recipients import spoken_fingerprint
    from secshare.sharing import Desk, writing_keys

    session = session_of(ctx)
    with Desk(session.practice(practice), by=by) as desk:
        if not yes:
            session.confirm("keys.confirm_rotate", option="--yes", name=desk.practice.settings.name)
        desk.practice.rotate(
            asking(session, passphrase_file, passphrase_fd),
            corrected=announcing(session),
            # Two rotations at once would lose identities.
            writing=lambda: writing_keys(desk, "rotated"),
        )
        x25519 = str(desk.practice.public_keys.x25519)
    session.result(x25519)
    session.say("keys.fingerprint", fingerprint=spoken_fingerprint(x25519))
    session.say("keys.rotated")


@verb("protect", "keys.protect_help", keys_app)
def protect(
    ctx: typer.Context,
    unprotected: Annotated[
        bool, typer.Option("--unprotected", help=tr("keys.opt_unprotected"))
    ] = False,
    yes: YesOption = False,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Draw other words to protect the practice's own key, or take its protection away."""
    from secshare.cli.init import draw_protection
    from secshare.sharing import Desk, writing_keys

    session = session_of(ctx)
    in_keyring = not unprotected and session.terminal is None
    what = "unprotected" if unprotected else "protected"
    with Desk(session.practice(practice), by=by) as desk:
        settings = desk.practice.settings
        if unprotected and not yes:
            session.confirm("keys.confirm_unprotected", option="--yes", name=settings.name)

        def draw() -> Passphrase | None:
            if unprotected:
                return None
            return draw_protection(session, settings, refused="keys.not_written")[0]

        try:
            desk.practice.protect(
                asking(session, passphrase_file, passphrase_fd),
                draw,
                in_keyring=in_keyring,
                corrected=announcing(session),
                writing=lambda: writing_keys(desk, what),
            )
        except PracticeInvalid as error:
            if error.key == "practice.keyring_failed":
                raise AnswerNeeded("keys.protect_needs", option="--unprotected") from error
            raise
    session.say(f"keys.{what}")
    if in_keyring:
        session.say("init.in_keyring")
