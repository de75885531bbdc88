"""Where the document goes: its name, its folder, and what happens if something is there already."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from secshare.errors import Declined, OutputRefused
from secshare.files import (
    documents_folder,
    is_mail_temporary,
    numbered,
    same_file,
)

if TYPE_CHECKING:
    from secshare.opener.arguments import Options
    from secshare.opener.talk import Talk

_ANSWERS: Final = 5


def usual_folder(sealed: Path, talk: Talk) -> Path:
    """Return the sealed file's folder; Documents when that one is a mail program's own.

    Documents too when nothing can be written beside the sealed file (a CD, a locked stick) and a
    person is there to read so: who opened it by a double click cannot give an option.
    """
    if is_mail_temporary(sealed.absolute()):
        reason = "mail_folder"
    elif not os.access(sealed.parent, os.W_OK) and talk.terminal is not None:
        reason = "closed_folder"
    else:
        return sealed.parent
    folder = documents_folder()
    talk.say(reason, folder=folder)
    return folder


def target(name: str, options: Options, talk: Talk, *, folder: bool) -> Path:
    """Return where a document or folder called `name` is to be written."""
    if options.output is None:
        return usual_folder(options.file, talk) / name
    if options.output.is_dir() or (options.into_folder and not folder):
        return options.output / name
    return options.output


def settle(path: Path, options: Options, talk: Talk, *, folder: bool) -> tuple[Path, bool]:
    """Return the path to write and whether what is there is replaced; ask if something is there.

    Raises:
        OutputRefused: it is the sealed file itself; or it exists, and nobody can be asked.
        Declined: the person gave up.
    """
    if same_file(path, options.file):
        raise OutputRefused("files.same", path=path)
    if not _there(path):
        return path, False
    replaceable = not folder and not path.is_dir()
    if options.force and replaceable:
        return path, True
    if talk.terminal is None:
        raise OutputRefused("opener.exists" if replaceable else "opener.exists_folder", path=path)
    other = _free(path)
    talk.converse("taken", path=path)
    question = talk.text("taken_ask" if replaceable else "taken_ask_folder", name=other.name)
    for _ in range(_ANSWERS):
        answer = talk.terminal.ask(question).casefold()
        if answer == "":
            return other, False
        if answer == "r" and replaceable:
            return path, True
        if answer in {"n", "non", "no"}:
            break
    raise Declined("opener.declined")


def _free(path: Path) -> Path:
    number = 2
    while _there(found := path.with_name(numbered(path.name, number))):
        number += 1
    return found


def _there(path: Path) -> bool:
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True
