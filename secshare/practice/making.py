"""A practice is made whole or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from secshare import files
from secshare.errors import PracticeInvalid
from secshare.practice import access, ring
from secshare.practice import keys as key_files
from secshare.practice.folder import SETTINGS, Practice
from secshare.practice.public import account, new_journal_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from secshare.model import Passphrase
    from secshare.practice.settings import Settings

__all__ = ["check_free", "create", "discard"]


def create(
    folder: Path,
    settings: Settings,
    *,
    protection: Passphrase | None,
    in_keyring: bool = False,
    populate: Callable[[Practice], None] = lambda _: None,
    today: date | None = None,
) -> Practice:
    """Make a practice folder, for its owner only. Failing or interrupted, nothing is left.

    Args:
        folder: a name that is free, or an empty folder; its parent exists.
        protection: drawn words that protect `practice.key`; None leaves it as it is written.
        in_keyring: have the user's keyring keep the words, so that nobody has to.
        populate: makes what belongs to upper layers (the database) in the folder before it gets
            its name; it is given a practice in a hidden place.

    Raises:
        PracticeInvalid: there is a practice, or something else; a refused drive; no keyring.
        OutputRefused: the folder cannot be made.
    """
    folder = Path(folder).expanduser().absolute()
    was_empty = check_free(folder)
    files.sweep(folder.parent)
    journal = new_journal_key()
    drawn, public = key_files.draw_identities(journal, today=today or datetime.now(UTC).date())
    try:
        if was_empty:
            files.remove(folder)
        with files.publish_folder(folder) as hidden:
            made = Practice(hidden, settings)
            for part in (made.keys, made.private, made.outbox, made.secrets, made.inbox):
                files.make_private_folder(part)
            access.write(hidden / SETTINGS, settings.dumps().encode())
            access.write(made.journal_key, journal)
            access.write(made.practice_key, key_files.seal_key(drawn, protection))
            access.write(made.practice_pub, public.dumps().encode())
            populate(made)
            if in_keyring and protection is not None:
                ring.keep(account(public.journal), protection.reveal())
    except BaseException:
        if in_keyring:
            ring.forget(account(public.journal))
        if was_empty:
            files.make_private_folder(folder)
        raise
    return Practice(folder, settings)


def discard(practice: Practice) -> None:
    """Remove a practice that was just made, and its words from the keyring.

    Raises:
        OutputRefused: it cannot be removed.
    """
    ring.forget(practice.account)
    files.remove(practice.folder)


def check_free(folder: Path) -> bool:
    """Return whether an empty folder of ours has the name, which is otherwise free.

    Raises:
        PracticeInvalid: a practice or something else has it, or the drive is refused.
        OutputRefused: it cannot be looked at.
    """
    folder = Path(folder).expanduser().absolute()
    access.check_drive(folder)
    if access.is_file(folder / SETTINGS):
        raise PracticeInvalid("practice.exists", path=folder)
    with files.writing(folder):
        if not folder.is_dir():
            return False  # a file in its place is refused when the folder is published
        if any(folder.iterdir()):
            raise PracticeInvalid("practice.not_empty", path=folder)
        if not files.belongs_to_us(folder):
            raise PracticeInvalid("practice.not_ours", path=folder)
    return True
