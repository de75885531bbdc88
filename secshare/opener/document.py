"""Opening one sealed file: verified first, written beside, named last."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from secshare import age, files
from secshare.age.opening import begin
from secshare.age.scrypt import work_factor
from secshare.errors import (
    FileDamaged,
    InputUnreadable,
    OutputRefused,
    SecshareError,
    WorkRefused,
    WrongKind,
)
from secshare.opener import place, view
from secshare.opener.words import Locked, unlock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from secshare.age import Identity
    from secshare.files import Source
    from secshare.files.archive import Member
    from secshare.opener.arguments import Options
    from secshare.opener.talk import Talk

_COPY_BYTES = 1 << 18


def open_document(options: Options, talk: Talk) -> None:
    """Open the sealed file, write what it holds, say where, and offer to show it.

    Raises:
        SecshareError: nothing was written.
    """
    files.sweep(options.file.parent)
    with files.open_source(options.file) as source:
        identities = _identities(source, options, talk)
        members = _members(source, identities, options, talk)
        if members:
            path = _write_folder(members, source, options, talk)
            talk.written = True
            talk.say("done_folder", count=len(members))
            talk.result(path)
            return
        path, head = _write(source, identities, options, talk)
    talk.written = True
    talk.say("done")
    talk.result(path)
    if options.view:
        _offer(path, head, talk)


def _identities(source: Source, options: Options, talk: Talk) -> Sequence[Identity]:
    stanzas = begin(source.file).header.stanzas
    source.file.seek(0)
    factor = work_factor(stanzas)
    words_given = options.words_file is not None or options.words_descriptor is not None
    if factor is None:
        if not options.identities:
            raise WrongKind("age.needs_key")
        from secshare.opener.identities import load

        return [one for path in options.identities for one in load(path, options, talk)]
    if options.identities and not words_given:
        raise WrongKind("age.needs_passphrase")
    if not words_given and talk.terminal is not None:
        talk.converse("ask_intro", name=source.name)
        talk.converse("ask_how")
    return [unlock(Locked(source.name, stanzas, factor, talk.text("ask")), options, talk)]


def _members(
    source: Source, identities: Sequence[Identity], options: Options, talk: Talk
) -> list[Member]:
    """Return the documents of an archive; none when it is one document, or is to be kept whole.

    The archive itself is never written in clear: it is read through its verified chunks.
    """
    if options.keep_zip or _bridged(identities):
        return []
    try:
        reader = _clear(source, identities, options)
    except WorkRefused as error:
        if error.key == "age.armor_memory":  # a large text: taken as one document
            return []
        raise
    from secshare.files import archive

    ours = archive.is_ours(reader)
    named = place.clear_name(source.name).casefold().endswith(".zip")
    if not ours and not (named and archive.is_archive(reader)):
        return []
    try:
        return archive.read_archive(reader)
    except (FileDamaged, InputUnreadable, WorkRefused) as error:
        if ours or not error.key.startswith("files.archive"):
            raise
        reason = error.explain(talk.language)[0]
        raise type(error)("opener.zip_refused", reason=reason) from error


def _clear(source: Source, identities: Sequence[Identity], options: Options) -> BinaryIO:
    source.file.seek(0)
    return age.open_reader(  # type: ignore[return-value]  # a raw stream is one for our purpose
        source.file,
        identities,
        max_work_factor=options.max_work_factor,
    )


def _write(
    source: Source, identities: Sequence[Identity], options: Options, talk: Talk
) -> tuple[Path, bytes]:
    """Write one document; return its path and its first bytes."""
    name = place.clear_name(source.name)
    head = b""
    if not options.output and "." not in name and not _bridged(identities):
        head = _clear(source, identities, options).read(view.HEAD_BYTES)
        name += view.kind(head) or ""
    path = place.target(name, options, talk, folder=False)
    files.sweep(path.parent)
    path, overwrite = place.settle(path, options, talk, folder=False)
    progress = talk.progress()
    source.file.seek(0)
    if _bridged(identities):
        age.decrypt_file(
            source.path, path, identities, max_work_factor=options.max_work_factor,
            overwrite=overwrite, progress=progress,
        )  # fmt: skip
        with files.open_source(path) as written:
            return path, written.file.read(view.HEAD_BYTES)
    with files.publish(path, overwrite=overwrite) as sink:
        with _named(source.path, path):
            age.decrypt(
                source.file,
                sink,
                identities,
                max_work_factor=options.max_work_factor,
                progress=progress,
            )
        source.check_unchanged()
        sink.seek(0)
        head = sink.read(view.HEAD_BYTES)
    return path, head


def _write_folder(members: Sequence[Member], source: Source, options: Options, talk: Talk) -> Path:
    """Write several documents into a new folder, which gets its name when all are complete."""
    name = place.clear_name(source.name)
    name = name[:-4] if name.casefold().endswith(".zip") else name
    path = place.target(files.safe_name(name), options, talk, folder=True)
    files.sweep(path.parent)
    path, _ = place.settle(path, options, talk, folder=True)
    progress = talk.progress()
    total = sum(member.size for member in members)
    done = 0
    with files.publish_folder(path) as folder:
        for member in members:
            with files.new_file(folder / member.name) as sink, member.open() as content:
                shutil.copyfileobj(content, sink, _COPY_BYTES)
            done += member.size
            progress(done, total)
        source.check_unchanged()
    return path


@contextmanager
def _named(source: Path, target: Path) -> Iterator[None]:
    """Word the failures of streams as those of files with names."""
    try:
        yield
    except (InputUnreadable, OutputRefused) as error:
        cause = error.__cause__
        if not isinstance(cause, OSError):
            raise
        if isinstance(error, InputUnreadable):
            raise files.input_trouble(cause, source) from cause
        raise files.output_trouble(cause, target) from cause


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


def _bridged(identities: Sequence[Identity]) -> bool:
    """Return whether a key is one that only whole files can be opened with (SSH, hardware)."""
    return any(hasattr(identity, "plugin") for identity in identities)
