"""`secshare open`: open what was sealed to the practice, or to an identity that is given."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files, profiles
from secshare.cli.base import JsonOption, PracticeOption, tr, verb
from secshare.cli.progress import bar
from secshare.cli.session import Session, session_of
from secshare.cli.unlock import PassphraseFdOption, PassphraseFileOption, identities
from secshare.errors import IdentityMismatch, OutputRefused, WrongKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.age import Identity
    from secshare.files import Source

_SEALED_KEY = (b"age-encryption.org/", b"-----BEGIN AGE")


@verb("open", "open.help")
def open_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("open.arg_file"))],
    identity: Annotated[
        list[Path] | None,
        typer.Option("--identity", "-i", metavar="FILE", help=tr("open.opt_identity")),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help=tr("open.opt_output"))
    ] = None,
    passphrase_file: PassphraseFileOption = None,
    passphrase_fd: PassphraseFdOption = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Open one sealed file; where it goes is said on stdout."""
    from secshare.opening import SealedFile, clear_name, folder_name

    session = session_of(ctx)
    with files.open_source(file) as source:
        _check_kind(source)
        if identity:
            folder, keys = file.parent, [key for path in identity for key in _read_key(path)]
        else:
            ours = session.practice(practice)
            folder = ours.inbox
            keys = list(identities(session, ours, passphrase_file, passphrase_fd))
        sealed = SealedFile(source, keys)
        members = sealed.members()
        name = folder_name(source.name) if members else clear_name(source.name)
        path = _target(name, folder, output, file)
        files.sweep(path.parent)
        with bar(tr("open.opening"), source.size) as progress:
            if members:
                sealed.write_all(members, path, progress=progress)
            else:
                sealed.write(path, progress=progress)
    _say(session, path, [member.name for member in members], as_json=as_json)


def _check_kind(source: Source) -> None:
    """Refuse a file that opens with words before the practice's own are asked for.

    Raises:
        WrongKind: it opens with words.
        NotAgeFile, FileDamaged, WorkRefused: as `age.inspect`.
    """
    from secshare.age import inspect
    from secshare.opening import mail_named

    with mail_named(source):
        kind = inspect(source.file).kind
    if kind == "words":
        raise WrongKind("open.needs_words", path=source.path)


def _read_key(path: Path) -> Sequence[Identity]:
    """Return the identities of a key file.

    Raises:
        IdentityMismatch: it is no key file, or is itself sealed.
    """
    from secshare.age import parse_identities

    with files.open_source(path) as source:
        data = source.file.read(profiles.KEY_FILE_BYTES + 1) or b""
    if data.startswith(_SEALED_KEY):
        raise IdentityMismatch("open.key_protected", path=path)
    if len(data) > profiles.KEY_FILE_BYTES:
        raise IdentityMismatch("age.key_file_large", most=profiles.KEY_FILE_BYTES)
    try:
        return parse_identities(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise IdentityMismatch("age.identity_invalid") from None


def _target(name: str, folder: Path, output: Path | None, sealed: Path) -> Path:
    """Return where to write: never over a file that is there; a free number where nobody chose.

    Raises:
        OutputRefused: the output is the sealed file itself.
    """
    if output is not None and not output.is_dir():
        if files.same_file(output, sealed):
            raise OutputRefused("files.same", path=output)
        return output
    path, number = (output or folder) / name, 1
    while path.exists() or path.is_symlink():
        number += 1
        path = path.with_name(files.numbered(name, number))
    return path


def _say(session: Session, path: Path, documents: list[str], *, as_json: bool) -> None:
    if as_json:
        session.result_json({"path": str(path), "documents": documents})
        return
    if documents:
        session.say("open.done_folder", count=len(documents))
    else:
        session.say("open.done")
    session.result(str(path))
