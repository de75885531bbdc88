"""Encrypting and decrypting from one path to another, all or nothing."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from secshare import files, profiles
from secshare.age import bridge, engine
from secshare.errors import (
    IdentityMismatch,
    InputUnreadable,
    NotAgeFile,
    OutputRefused,
    SecshareError,
    WrongKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from os import PathLike
    from typing import BinaryIO

    from secshare.age.protocols import Identity, Progress, Recipient


def encrypt_file(
    source: str | PathLike[str],
    target: str | PathLike[str],
    recipients: Iterable[Recipient],
    *,
    armor: bool = False,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> None:
    """Encrypt the file `source` as the new file `target`, for all of `recipients`.

    `target` exists once it is complete and on the disk, readable by its owner only; on any
    failure, Ctrl-C included, nothing is left of it. SSH keys and plugins are taken too.

    Args:
        overwrite: whether an existing `target` may be replaced, which happens at the very end.
        armor, progress: as in `encrypt`.

    Raises:
        InputUnreadable: missing, not a regular file, empty, or changed while it was read.
        OutputRefused: `target` exists, is `source`, or cannot be written.
        ExtraMissing: an SSH key or a plugin without pyrage, or without the plugin's program.
        And what `encrypt` raises.
    """
    recipients = list(recipients)
    bridged = any(isinstance(one, bridge.BridgedRecipient) for one in recipients)
    with _ends(Path(source), Path(target), overwrite=overwrite) as (reading, writing):
        encrypt = bridge.encrypt if bridged else engine.encrypt
        encrypt(reading, writing, recipients, armor=armor, progress=progress)


def decrypt_file(
    source: str | PathLike[str],
    target: str | PathLike[str],
    identities: Sequence[Identity],
    *,
    max_work_factor: int = profiles.WORK_FACTOR_READ,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> None:
    """Decrypt the age file `source` as the new file `target`.

    `target` exists once all of it is verified and on the disk, readable by its owner only; on any
    failure, Ctrl-C included, nothing is left of it. SSH keys and plugins are taken too, after all
    other identities.

    Args:
        overwrite: whether an existing `target` may be replaced, which happens at the very end.
        max_work_factor, progress: as in `decrypt`.

    Raises:
        InputUnreadable: missing, not a regular file, or changed while it was read.
        OutputRefused: `target` exists, is `source`, or cannot be written.
        ExtraMissing: an SSH key or a plugin without pyrage, or without the plugin's program.
        And what `decrypt` raises.
    """
    theirs = [one for one in identities if isinstance(one, bridge.BridgedIdentity)]
    ours = [one for one in identities if not isinstance(one, bridge.BridgedIdentity)]
    with _ends(Path(source), Path(target), overwrite=overwrite) as (reading, writing):
        if ours or not theirs:
            try:
                engine.decrypt(
                    reading, writing, ours, max_work_factor=max_work_factor, progress=progress
                )
            except (IdentityMismatch, WrongKind):  # found in the header: nothing is written yet
                if not theirs:
                    raise
            else:
                return
        reading.seek(0)
        bridge.decrypt(reading, writing, theirs, progress=progress)


@contextmanager
def _ends(source: Path, target: Path, *, overwrite: bool) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    if files.same_file(source, target):
        raise OutputRefused("age.same_file")
    try:
        with (
            files.open_source(source) as opened,
            files.publish(target, overwrite=overwrite) as file,
        ):
            yield opened.file, file
            opened.check_unchanged()
    except (InputUnreadable, OutputRefused) as error:
        raise _named(error, source, target) from error.__cause__


def _named(error: SecshareError, source: Path, target: Path) -> SecshareError:
    """Return the error of a stream as the error of a file with a name."""
    if error.key == "files.empty":
        return NotAgeFile("age.empty")
    if not error.key.startswith("age.") or isinstance(error, NotAgeFile):
        return error
    if error.key == "age.source_changed":
        return InputUnreadable("files.changed", path=source)
    if isinstance(error.__cause__, OSError):
        if isinstance(error, InputUnreadable):
            return files.input_trouble(error.__cause__, source)
        return files.output_trouble(error.__cause__, target)
    return error
