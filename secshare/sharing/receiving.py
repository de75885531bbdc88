"""Open what somebody sealed to the practice, into its inbox, and register it: whole or not at all.

Nothing here says who wrote it. Whoever has the practice's public key can seal to it, and write any
reference into what is sealed: what a file says that it answers is what it says.
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.age import inspect
from secshare.errors import IdentityMismatch, OutputRefused, SecshareError, ShareUnknown, WrongKind
from secshare.model import Reference
from secshare.opening import SealedFile, clear_name, mail_named
from secshare.register import Received

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from secshare.age import Identity, Progress
    from secshare.files import Source
    from secshare.sharing.desk import Desk

# In a file's name: a reference as we write it, whatever a browser or a person put around it.
_NAMED: Final = re.compile(r"(?i)(?<![0-9A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z](?![0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of one sealed file.

    Attributes:
        received: as the register has it.
        folder: where it is, or was put.
        documents: their names; none for a file that was received before.
        named: the reference that it names, whether a share has it or not.
        fresh: whether it was opened now; else it was received before, and nothing was done.
    """

    received: Received
    folder: Path
    documents: tuple[str, ...]
    named: Reference | None
    fresh: bool


def receive(
    desk: Desk,
    source: Source,
    identities: Callable[[], Sequence[Identity]],
    *,
    again: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    progress: Progress | None = None,
) -> Opened:
    """Open a file that was sealed to the practice, and register it.

    Its documents get their names once every chunk is verified, all at once, in a folder of their
    own. A file that was received before, byte for byte, is opened again only if that is asked for.
    Interrupted or failing anywhere, nothing is left; killed outright, the next `Desk` completes or
    forgets it.

    Only archives that the page or secshare made are taken apart; any other file, a ZIP too, is one
    document.

    Args:
        identities: gives the practice's own; not called for what does not need them.
        again: open it although it was received before.

    Raises:
        WrongKind: it opens with words.
        IdentityMismatch, FileDamaged, NotAgeFile, WorkRefused: it does not open.
        OutputRefused, RegisterUnwritable: nothing was written.
        ShareState: another command is receiving the same file.
    """
    digest = hashlib.file_digest(source.file, "sha256").hexdigest()
    known = None if again else desk.inbox.known(digest)
    if known is not None:
        return Opened(known, desk.inbox.folder / known.folder, (), known.share, fresh=False)
    source.file.seek(0)
    with mail_named(source):
        kind = inspect(source.file).kind
    if kind == "words":  # before the practice's own words are asked for
        raise WrongKind("open.needs_words", path=source.path)
    sealed = SealedFile(source, identities())
    with _for_this_practice():
        return _open(desk, sealed, source, digest, again=again, moment=now(), progress=progress)


def _open(
    desk: Desk,
    sealed: SealedFile,
    source: Source,
    digest: str,
    *,
    again: bool,
    moment: datetime,
    progress: Progress | None,
) -> Opened:
    mark = sealed.mark()
    members = sealed.members() if mark else []
    documents = tuple(member.name for member in members) or (clear_name(source.name),)
    named = _reference(mark, source.name)
    reference, share = desk.inbox.new_reference(), _share(desk, named)
    name = f"{moment.astimezone():%Y-%m-%d}-{share or reference}"
    received = Received(
        reference=reference,
        received=moment,
        sha256=digest,
        size=source.size,
        documents=len(documents),
        share=share,
        folder=desk.inbox.free_folder(name),
    )
    with _recorded(desk, received, again=again) as hidden:
        if members:
            sealed.fill(members, hidden, progress=progress)
        else:
            sealed.write(hidden / documents[0], progress=progress)
    return Opened(received, desk.inbox.folder / received.folder, documents, named, fresh=True)


@contextmanager
def _for_this_practice() -> Iterator[None]:
    """Say in the desk's words that a file was sealed to somebody else."""
    try:
        yield
    except IdentityMismatch as error:
        if error.key != "age.no_match":
            raise
        raise IdentityMismatch("receive.other_practice") from error


@contextmanager
def _recorded(desk: Desk, received: Received, *, again: bool) -> Iterator[Path]:
    """Give the hidden folder to fill; it gets its name, and the register the result, at the end."""
    folder = desk.inbox.folder / received.folder
    ours: os.stat_result | None = None
    try:
        # The hidden folder, with its lock, comes before the intent: see `sharing.preparing`.
        with files.publish_folder(folder) as hidden:
            ours = hidden.stat()
            desk.inbox.begin(received, hidden.name, again=again)
            try:
                yield hidden
            except OutputRefused as error:  # people are told of the folder that they will look for
                raise OutputRefused(error.key, **{**error.fields, "path": folder}) from error
        desk.inbox.complete(received.reference)
    except BaseException:
        # What cannot be taken back now, the next command settles.
        with suppress(SecshareError):
            if _is(folder, ours):  # and not one that somebody else made meanwhile
                files.remove(folder)
        if not _is(folder, ours):
            with suppress(SecshareError):
                desk.inbox.abandon(received.reference)
        raise


def _is(folder: Path, ours: os.stat_result | None) -> bool:
    try:
        return ours is not None and os.path.samestat(folder.lstat(), ours)
    except OSError:
        return False


def _reference(mark: str | None, name: str) -> Reference | None:
    """Return the reference that a file names: the one sealed inside, else the one in its name."""
    from secshare.files.archive import answered

    inside = answered(mark)
    for written in [inside] if inside else _NAMED.findall(name):
        with suppress(ShareUnknown):
            return Reference.parse(written)
    return None


def _share(desk: Desk, named: Reference | None) -> Reference | None:
    """Return the reference if a share has it."""
    if named is not None:
        with suppress(ShareUnknown):
            return desk.register.share(named).reference
    return None
