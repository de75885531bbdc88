"""The practice's own identity: opened by itself, by the keyring, or by words that are asked."""

from __future__ import annotations

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import profiles
from secshare.cli.base import tr
from secshare.errors import InputUnreadable, PassphraseWrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from secshare.age import Identity
    from secshare.cli.session import Session
    from secshare.practice import Practice

PassphraseFileOption = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help=tr("unlock.opt_file")),
]
PassphraseFdOption = Annotated[
    int | None, typer.Option("--passphrase-fd", metavar="N", help=tr("unlock.opt_fd"))
]

_MOST = 4096


def identities(
    session: Session, practice: Practice, file: Path | None, fd: int | None
) -> tuple[Identity, ...]:
    """Return the practice's identities, the words read from where the person or script says.

    Raises:
        AnswerNeeded: the key is protected by words, and nobody and nothing can give them.
        PassphraseWrong: the words do not open the key.
        InputUnreadable: the file or descriptor cannot be read.
    """
    return practice.identities(asking(session, file, fd), corrected=announcing(session))


def announcing(session: Session) -> Callable[[int], None]:
    """Return what says that a word was read as another one: the paper may be wrong, too."""
    return lambda position: session.say("unlock.corrected", position=position)


def asking(session: Session, file: Path | None, fd: int | None) -> Callable[[], str]:
    """Return what asks for the words of the practice's key, where the person or script says.

    A person is asked as often as it is called, and told from the second time on that the words
    before did not open it; a file or descriptor is read once, and would say the same again: a
    second call raises PassphraseWrong.
    """
    calls = 0

    def ask() -> str:
        nonlocal calls
        calls += 1
        if file is not None or fd is not None:
            if calls > 1:
                raise PassphraseWrong("practice.key_words_wrong")
            return _read(file, fd)
        if calls > 1:
            session.say("unlock.again", left=profiles.TRIES - calls + 1)
        return session.require_terminal("--passphrase-file").ask_words(tr("unlock.ask"))

    return ask


def _read(file: Path | None, fd: int | None) -> str:
    # What fails to decode is the words: the error must not carry them, not even as its context.
    with suppress(OSError, UnicodeDecodeError):
        with open(fd if file is None else file, "rb", closefd=file is not None) as source:  # type: ignore[arg-type]
            data: bytes = source.read(_MOST)
        utf16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))  # PowerShell's `>`
        return data.decode("utf-16" if utf16 else "utf-8-sig").strip()
    raise InputUnreadable("unlock.unreadable", path=file or f"fd {fd}")


def write_fd(fd: int, content: bytes) -> None:
    """Write a secret to a descriptor that a script opened, and to nothing else.

    Raises:
        InputUnreadable: the descriptor is not open.
    """
    try:
        with os.fdopen(os.dup(fd), "wb") as sink:
            sink.write(content)
    except OSError as error:
        raise InputUnreadable("unlock.unreadable", path=f"fd {fd}") from error
