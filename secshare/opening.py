"""What opening a sealed file writes: one document, or the several of an archive, all or nothing.

Both commands open files through this, the patient's and the practice's: what is verified before
what is written does not depend on who asks.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final

from secshare import age, files, profiles
from secshare.errors import (
    FileDamaged,
    InputUnreadable,
    NotAgeFile,
    OutputRefused,
    SecshareError,
    WorkRefused,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from secshare.age import Identity, Progress
    from secshare.files import Source
    from secshare.files.archive import Member

__all__ = ["SealedFile", "clear_name", "folder_name", "mail_named"]

_COPY_BYTES: Final = 1 << 18

# `report.pdf.age`, `report.pdf.age (1)`; and `report.pdf (1).age`, as browsers number downloads.
_SEALED: Final = re.compile(r"(.+?)\.(?:age|asc)(?: ?\(\d+\))?", re.IGNORECASE | re.DOTALL)
_NUMBERED: Final = re.compile(r"(.+)(\.\w{1,8})( ?\(\d+\))", re.DOTALL)

# A mail that was saved: by its name, or by its first lines (RFC 5322), two of which every mail has.
_MAIL_NAMES: Final = (".eml", ".emlx", ".msg")
_MAIL_HEAD_BYTES: Final = 1 << 16  # what servers write above the names of people may be long
_MAIL_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:From |[!-9;-~]+:[ \t\r\n])")
_MAIL_LINE: Final = re.compile(
    rb"^(from|to|subject|date|received|return-path|message-id|mime-version|x-unsent):",
    re.IGNORECASE | re.MULTILINE,
)


@contextmanager
def mail_named(source: Source) -> Iterator[None]:
    """Name the likeliest mistake, where a file is no sealed one: it is the mail that brought it.

    Raises:
        NotAgeFile: as it came, or that the file is a mail.
    """
    try:
        yield
    except NotAgeFile as error:
        if error.key != "age.not_age" or not _is_mail(source):
            raise
        raise NotAgeFile("open.is_mail", name=source.name) from error


def _is_mail(source: Source) -> bool:
    if source.name.casefold().endswith(_MAIL_NAMES):
        return True
    source.file.seek(0)
    head = source.file.read(_MAIL_HEAD_BYTES) or b""
    names = {found.lower() for found in _MAIL_LINE.findall(head)}
    return _MAIL_START.match(head) is not None and len(names) > 1


def clear_name(sealed: str) -> str:
    """Return the document's name: the sealed file's without `.age`, made safe."""
    found = _SEALED.fullmatch(sealed)
    if found is None:  # somebody renamed it: the document cannot have the same name
        return files.numbered(files.safe_name(sealed), 2)
    name = found[1]
    if (twice := _NUMBERED.fullmatch(name)) is not None:
        name = f"{twice[1]}{twice[3].rstrip()}{twice[2]}"
    return files.safe_name(name)


def folder_name(sealed: str) -> str:
    """Return the name of the folder that the documents of an archive go into."""
    name = clear_name(sealed)
    return files.safe_name(name[:-4] if name.casefold().endswith(".zip") else name)


class SealedFile:
    """An open sealed file, with what opens it.

    Args:
        source: the sealed file; its descriptor is the one that everything is read from.
        identities: what opens it.
        max_work_factor: the heaviest scrypt work factor that is accepted.
    """

    def __init__(
        self,
        source: Source,
        identities: Sequence[Identity],
        *,
        max_work_factor: int = profiles.WORK_FACTOR_READ,
    ) -> None:
        self._source = source
        self._identities = identities
        self._max_work_factor = max_work_factor
        # Such keys (SSH, hardware) open whole files only.
        self._bridged = any(hasattr(identity, "plugin") for identity in identities)

    def members(
        self, *, failed: Callable[[SecshareError], SecshareError] = lambda error: error
    ) -> list[Member]:
        """Return the documents of an archive; none when the file holds one document.

        The archive itself is never written in clear: it is read through its verified chunks.

        Args:
            failed: words a refusal of an archive that another program made.

        Raises:
            WorkRefused, FileDamaged: an archive that is hostile or damaged.
            And what `age.open_reader` raises.
        """
        reader = self._at_any_place()
        if reader is None:
            return []
        from secshare.files import archive

        ours = archive.is_ours(reader)
        named = clear_name(self._source.name).casefold().endswith(".zip")
        if not ours and not (named and archive.is_archive(reader)):
            return []
        try:
            return archive.read_archive(reader)
        except (FileDamaged, InputUnreadable, WorkRefused) as error:
            if ours or not error.key.startswith("files.archive"):
                raise
            raise failed(error) from error

    def mark(self) -> str | None:
        """Return what an archive of ours says that it is; None for any other file.

        Raises:
            What `age.open_reader` raises.
        """
        reader = self._at_any_place()
        if reader is None:
            return None
        from secshare.files import archive

        return archive.mark(reader)

    def head(self, count: int) -> bytes:
        """Return the first bytes of the document; none where only whole files can be opened."""
        return b"" if self._bridged else self._clear().read(count)

    def write(
        self, path: Path, *, overwrite: bool = False, progress: Progress | None = None
    ) -> None:
        """Write the document as `path`, which gets its name once every chunk is verified.

        Raises:
            OutputRefused: `path` exists, or cannot be written.
            And what `age.decrypt` raises; nothing is left then.
        """
        source = self._source
        source.file.seek(0)
        if self._bridged:
            age.decrypt_file(
                source.path,
                path,
                self._identities,
                max_work_factor=self._max_work_factor,
                overwrite=overwrite,
                progress=progress,
            )
            return
        with files.publish(path, overwrite=overwrite) as sink:
            with _named(source.path, path):
                age.decrypt(
                    source.file,
                    sink,
                    self._identities,
                    max_work_factor=self._max_work_factor,
                    progress=progress,
                )
            source.check_unchanged()

    def write_all(
        self, members: Sequence[Member], path: Path, *, progress: Progress | None = None
    ) -> None:
        """Write an archive's documents into the new folder `path`, named when all are complete.

        Raises:
            OutputRefused: `path` exists, or cannot be written.
            PayloadDamaged, FileDamaged: a chunk or a document is damaged; nothing is left.
        """
        with files.publish_folder(path) as folder:
            self.fill(members, folder, progress=progress)

    def fill(
        self, members: Sequence[Member], folder: Path, *, progress: Progress | None = None
    ) -> None:
        """Write an archive's documents into a hidden folder, which the caller then publishes.

        Raises:
            PayloadDamaged, FileDamaged: a chunk or a document is damaged; nothing of the folder is
                to be trusted.
            OutputRefused: it cannot be written.
        """
        total, done = sum(member.size for member in members), 0
        for member in members:
            with files.new_file(folder / member.name) as sink, member.open() as content:
                while chunk := content.read(_COPY_BYTES):
                    rest = memoryview(chunk)
                    while rest:  # a disk that is nearly full takes less than it is given
                        rest = rest[sink.write(rest) or 0 :]
                    done += len(chunk)
                    if progress is not None:
                        progress(done, total)
        self._source.check_unchanged()

    def _at_any_place(self) -> BinaryIO | None:
        """Return the clear text, to be read at any place; None where it is taken as one document.

        That is what keys open that open whole files only, and a large text.
        """
        if self._bridged:
            return None
        try:
            return self._clear()
        except WorkRefused as error:
            if error.key == "age.armor_memory":
                return None
            raise

    def _clear(self) -> BinaryIO:
        self._source.file.seek(0)
        return age.open_reader(  # type: ignore[return-value]  # a raw stream is one for our purpose
            self._source.file, self._identities, max_work_factor=self._max_work_factor
        )


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
