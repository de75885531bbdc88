"""Opening one sealed file: verified first, written beside, named last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare import files
from secshare.age.opening import begin
from secshare.age.scrypt import work_factor
from secshare.errors import SecshareError, WrongKind
from secshare.opener import place, view
from secshare.opener.asking import unlock
from secshare.opener.photo import reads_photos
from secshare.opener.words import Locked
from secshare.opening import SealedFile, clear_name, folder_name, mail_named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from secshare.age import Identity
    from secshare.files import Source
    from secshare.files.archive import Member
    from secshare.opener.arguments import Options
    from secshare.opener.talk import Talk


def open_document(options: Options, talk: Talk) -> None:
    """Open the sealed file, write what it holds, say where, and offer to show it.

    Raises:
        SecshareError: nothing was written.
    """
    files.sweep(options.file.parent)
    with files.open_source(options.file) as source:
        identities = _identities(source, options, talk)
        sealed = SealedFile(source, identities, max_work_factor=options.max_work_factor)
        members = [] if options.keep_zip else sealed.members(failed=_refused(talk))
        if members:
            path = _write_folder(sealed, members, folder_name(source.name), options, talk)
            talk.written = True
            talk.say("done_folder", count=len(members))
            talk.result(path)
            return
        path, head = _write(sealed, clear_name(source.name), options, talk)
    talk.written = True
    talk.say("done")
    talk.result(path)
    if options.view:
        _offer(path, head, talk)


def _identities(source: Source, options: Options, talk: Talk) -> Sequence[Identity]:
    with mail_named(source):
        stanzas = begin(source.file).header.stanzas
    source.file.seek(0)
    factor = work_factor(stanzas)
    if factor is None:
        return _keys(source, options, talk)
    if (options.identities or options.cards) and not options.words_given:
        raise WrongKind("age.needs_passphrase")
    if not options.words_given and talk.terminal is not None:
        talk.converse("ask_intro", name=source.name)
        talk.converse("ask_how_photo" if reads_photos() else "ask_how")
    return [unlock(Locked(source.name, stanzas, factor, talk.text("ask")), options, talk)]


def _keys(source: Source, options: Options, talk: Talk) -> Sequence[Identity]:
    """Return the keys and cards that were given; ask for a card if there are none.

    Who opened the file by a double click cannot give an option, and has a card, not a key.
    """
    from secshare.opener import card, identities

    if not options.identities and not options.cards:
        if talk.terminal is None or options.words_given:
            raise WrongKind("opener.needs_card")
        return card.ask(source.name, options, talk)
    keys = [one for path in options.identities for one in identities.load(path, options, talk)]
    return keys + [one for path in options.cards for one in card.load(path, options, talk)]


def _refused(talk: Talk) -> Callable[[SecshareError], SecshareError]:
    """Return what words the refusal of an archive that another program made."""

    def worded(error: SecshareError) -> SecshareError:
        return type(error)("opener.zip_refused", reason=error.explain(talk.language)[0])

    return worded


def _write(sealed: SealedFile, name: str, options: Options, talk: Talk) -> tuple[Path, bytes]:
    """Write one document; return its path and its first bytes."""
    if not options.output and "." not in name:
        name += view.kind(sealed.head(view.HEAD_BYTES)) or ""
    path = place.target(name, options, talk, folder=False)
    files.sweep(path.parent)
    path, overwrite = place.settle(path, options, talk, folder=False)
    sealed.write(path, overwrite=overwrite, progress=talk.progress())
    with path.open("rb") as written:
        return path, written.read(view.HEAD_BYTES)


def _write_folder(
    sealed: SealedFile, members: Sequence[Member], name: str, options: Options, talk: Talk
) -> Path:
    """Write several documents into a new folder, which gets its name when all are complete."""
    path = place.target(name, options, talk, folder=True)
    files.sweep(path.parent)
    path, _ = place.settle(path, options, talk, folder=True)
    sealed.write_all(members, path, progress=talk.progress())
    return path


def _offer(path: Path, head: bytes, talk: Talk) -> None:
    """Offer to show the document; whatever happens here, the document is there."""
    if talk.terminal is None or not view.may_be_shown(path, head):
        return
    if (command := view.viewer()) is None:
        return
    try:
        answer = talk.terminal.ask(talk.text("view")).casefold()
    except (SecshareError, KeyboardInterrupt):
        return
    if answer in {"", "o", "oui", "y", "yes"} and not view.show(path, command):
        talk.say("view_failed")
