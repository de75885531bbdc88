"""`secshare init`: make the practice folder, and prove that its protecting words were written."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from secshare import profiles
from secshare.cli.base import LANGUAGE, YesOption, tr, verb
from secshare.cli.session import Session, session_of
from secshare.errors import AnswerNeeded, Declined, PracticeInvalid, SecshareError
from secshare.messages import Language

if TYPE_CHECKING:
    from collections.abc import Callable

    from secshare.model import Passphrase
    from secshare.practice import Practice, Settings
    from secshare.terminal import Terminal

_FOLDER: Final = "secshare"
_PROVED: Final = 2
_LETTERS: Final = 4


@verb("init", "init.help")
def init(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help=tr("init.arg_folder"))
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="TEXT", help=tr("init.opt_name"))
    ] = None,
    public_name: Annotated[
        str | None, typer.Option("--public-name", metavar="TEXT", help=tr("init.opt_public_name"))
    ] = None,
    phone: Annotated[
        str | None, typer.Option("--phone", metavar="NUMBER", help=tr("init.opt_phone"))
    ] = None,
    region: Annotated[
        str, typer.Option("--region", metavar="FR|RE|GP|...", help=tr("init.opt_region"))
    ] = "FR",
    language: Annotated[
        Language | None, typer.Option("--language", help=tr("init.opt_language"))
    ] = None,
    unprotected: Annotated[
        bool, typer.Option("--unprotected", help=tr("init.opt_unprotected"))
    ] = False,
    yes: YesOption = False,
) -> None:
    """Make a practice folder; the options are explained by `--help`."""
    from secshare.practice import check_free, default
    from secshare.sharing import create_practice

    session = session_of(ctx)
    chosen = (folder or Path.home() / _FOLDER).expanduser().absolute()
    check_free(chosen)
    settings = _settings(
        session, name=name, public_name=public_name, phone=phone, region=region, language=language
    )
    if not yes:
        session.confirm(
            "init.confirm",
            option="--yes",
            folder=chosen,
            name=settings.name,
            public_name=settings.public_name,
            phone=settings.phone,
        )
    protection, in_keyring = None, False
    if not unprotected:
        protection, in_keyring = draw_protection(session, settings, refused="init.not_written")
    former = _former(default)
    try:
        made = create_practice(chosen, settings, protection=protection, in_keyring=in_keyring)
    except PracticeInvalid as error:
        if error.key == "practice.keyring_failed":
            raise AnswerNeeded("init.no_keyring", option="--unprotected") from error
        raise
    _make_default(made)
    session.result(str(made.folder))
    session.say("init.made", public_name=settings.public_name)
    if former is not None and former != made.folder:
        session.say("init.former", folder=former)
    if in_keyring:
        session.say("init.in_keyring")
    elif protection is None:
        session.say("init.unprotected")
    session.say("init.next")


def _make_default(made: Practice) -> None:
    from secshare.practice import discard, set_default

    try:
        set_default(made.folder)
    except BaseException:
        discard(made)
        raise


def _former(default: Callable[[], Path | None]) -> Path | None:
    try:
        return default()
    except PracticeInvalid:  # a damaged file, which is about to be replaced
        return None


# --- settings ----------------------------------------------------------------------------------


def _settings(
    session: Session,
    *,
    name: str | None,
    public_name: str | None,
    phone: str | None,
    region: str,
    language: Language | None,
) -> Settings:
    """Return the settings, asked for where they were not given and asked again where refused.

    Raises:
        AnswerNeeded: one is missing, and there is no terminal.
        PracticeInvalid, RecipientDataInvalid: one that was given cannot be taken.
    """
    from secshare.practice import Settings
    from secshare.recipients import parse_phone, shown_phone

    region = region.upper()
    made = _named(
        lambda: Settings("-", "-", "01 99 00 00 00", region, language or Language(LANGUAGE))
    )

    def with_name(typed: str) -> Settings:
        return _named(lambda: replace(made, name=typed.strip()))

    def with_public_name(typed: str) -> Settings:
        return _named(lambda: replace(made, public_name=typed.strip()))

    def with_phone(typed: str) -> Settings:
        number = parse_phone("--phone", typed, region=region)
        return _named(lambda: replace(made, phone=shown_phone(number, region=region)))

    made = _taken(session, name, "init.ask_name", "--name", with_name)
    made = _taken(session, public_name, "init.ask_public_name", "--public-name", with_public_name)
    return _taken(session, phone, "init.ask_phone", "--phone", with_phone)


def _taken(
    session: Session, given: str | None, key: str, option: str, check: Callable[[str], Settings]
) -> Settings:
    if given is not None:
        return check(given)
    while True:
        typed = session.ask(key, option=option)
        try:
            return check(typed)
        except SecshareError as error:
            session.fail(error)


def _named(make: Callable[[], Settings]) -> Settings:
    """Return what `make` makes; an error names the option instead of the setting."""
    try:
        return make()
    except PracticeInvalid as error:
        option = f"--{str(error.fields['setting']).replace('_', '-')}"
        raise PracticeInvalid(error.key, **{**error.fields, "setting": option}) from error


# --- the words that protect the practice's key --------------------------------------------------


def draw_protection(
    session: Session, settings: Settings, *, refused: str
) -> tuple[Passphrase, bool]:
    """Return new words to protect the key, and whether a keyring is to keep them.

    On a terminal they are shown once, and two are asked back; without one the keyring keeps them.

    Args:
        refused: the error's text where the words were not written down.

    Raises:
        Declined: the words were not written down.
    """
    from secshare import passphrase

    drawn = passphrase.draw(settings.words, settings.words_language)
    if session.terminal is None:
        return drawn, True
    for _ in range(profiles.TRIES):
        session.terminal.show_secret(_shown(drawn), tr("init.write_then_key"))
        if _proved(session.terminal, drawn):
            return drawn, False
        session.terminal.say(tr("init.not_these"))
    raise Declined(refused)


def _shown(drawn: Passphrase) -> str:
    lines = [f"{number:>4}  {word}" for number, word in enumerate(drawn.words, start=1)]
    return "\n".join([tr("init.words_title"), "", *lines, "", tr("init.words_why")])


def _proved(terminal: Terminal, drawn: Passphrase) -> bool:
    """Return whether two of the words, chosen by lot, were typed back; four letters are enough."""
    from secshare.recipients import fold

    positions: set[int] = set()
    while len(positions) < _PROVED:
        positions.add(secrets.randbelow(len(drawn.words)))
    for position in sorted(positions):
        typed = fold(terminal.ask_words(tr("init.ask_word", number=position + 1)))
        if len(typed) < _LETTERS or not drawn.words[position].startswith(typed):
            return False
    return True
