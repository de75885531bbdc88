"""Stopping the second half of a secret; and what that is worth, which is not always much."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from secshare import files
from secshare.errors import OutputRefused, ShareState
from secshare.model import SecretState
from secshare.register import Worth
from secshare.register.entries import states_of
from secshare.sharing.desk import is_sheet

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from secshare.model import Reference, Share
    from secshare.sharing.desk import Desk


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a recall did. Neither the register nor `secrets/` holds the words any more.

    Attributes:
        worth: what that is worth.
        given: when the words were written or given; None where they never were.
        removed: what was in `secrets/`.
    """

    share: Share
    worth: Worth
    given: datetime | None
    removed: tuple[Path, ...]


def recall(desk: Desk, reference: Reference) -> Stopped:
    """Destroy the words of a share wherever this practice keeps them. Again: the same answer.

    The files go first: killed in between, the register says more than is left, never less. They
    are looked for again afterwards, since another command may have been writing one.

    Raises:
        ShareUnknown: no share has this reference.
        ShareState: it is sealed to keys.
        OutputRefused: destroyed in the register, but a file in `secrets/` could not be removed.
        RegisterUnwritable: not destroyed; or destroyed, but another program reads the database,
            and a copy of its former pages stays in the log until it ends.
    """
    if desk.register.share(reference).road is None:
        raise ShareState("recall.key", reference=reference)
    removed, _ = _remove(desk, reference)
    try:
        recalled = desk.register.recall(reference, found=bool(removed))
    finally:
        again, left = _remove(desk, reference)
    if left:
        raise OutputRefused("recall.files_left", reference=reference, path=left[0])
    given = None
    if recalled.worth is Worth.TOO_LATE:
        given = recalled.since
    elif recalled.worth is Worth.POSSIBLY_RELEASED:
        given = _written(desk, recalled.share)
    return Stopped(recalled.share, recalled.worth, given, (*removed, *again))


def _remove(desk: Desk, reference: Reference) -> tuple[list[Path], list[Path]]:
    """Remove a share's files from `secrets/`; return those removed, and those that stay.

    One with the words of many shares goes whole when this share's are in it: the others' can be
    given again. Never through a link: what it leads to is not ours.
    """
    folder = desk.practice.secrets
    removed: list[Path] = []
    left: list[Path] = []
    try:
        entries = [] if folder.is_symlink() else sorted(folder.iterdir())
    except FileNotFoundError:
        entries = []
    except OSError:  # nobody can say what is in it
        return [], [folder]
    for path in entries:
        if path.is_dir():
            continue
        try:
            if not path.name.startswith(f"{reference}.") and not _is_in(path, reference):
                continue
            files.remove(path)
        except FileNotFoundError:  # another recall, or the sweep
            continue
        except (OSError, OutputRefused):  # one that cannot be read may hold them
            left.append(path)
        else:
            removed.append(path)
    return removed, left


def _is_in(path: Path, reference: Reference) -> bool:
    """Return whether a file with the words of many shares holds those of this one.

    CSV and PDF name each share in the clear; the parts of a workbook are packed.

    Raises:
        OSError: it cannot be read.
    """
    if not is_sheet(path.name) or path.is_symlink():
        return False
    sought, data = str(reference).encode(), path.read_bytes()
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            return any(sought in parts.read(name) for name in parts.namelist())
    except (BadZipFile, NotImplementedError, zlib.error):  # no workbook
        return sought in data


def _written(desk: Desk, share: Share) -> datetime:
    """Return when the words were first written or shown.

    A share that the journal does not tell about, or not any more, was prepared with them written.
    """
    earliest = share.created
    for entry in desk.journal.entries(share.reference):
        told = entry.facts.get("states")
        if told is not None and states_of(told).secret is SecretState.WRITTEN:
            earliest = entry.time
    return earliest
