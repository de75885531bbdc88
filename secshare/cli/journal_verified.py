"""Verifying a journal, of the practice or in a file, for `secshare journal verify`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from secshare import files, profiles
from secshare.cli.base import tr
from secshare.cli.progress import bar, database_bar
from secshare.errors import InputUnreadable, JournalBroken, PracticeInvalid

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.cli.session import Session
    from secshare.practice import Practice
    from secshare.register.chain import Head
    from secshare.register.faults import Verified


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, and whose key signed it.

    Attributes:
        key: its fingerprint; None where a file names none.
        own: whether nothing but the file itself says that it is the practice's.
    """

    verified: Verified
    key: str | None
    own: bool = False


def verified(session: Session, practice: Path | None, expected: Head | None) -> Looked:
    """Verify the practice's journal."""
    from secshare.practice import fingerprint
    from secshare.register.verifying import verify
    from secshare.sharing.auditing import records

    with (
        records(session.practice(practice)) as opened,
        database_bar(tr("journal.verifying"), opened.practice.database) as progress,
    ):
        public = opened.journal.public
        found = verify(opened.store, public, expect=expected, progress=progress)
    return Looked(found, fingerprint(public))


def kept_sha256_of(path: Path) -> str | None:
    """Return the SHA-256 of a broken journal that `restart` kept; None of any other file."""
    from secshare.register.restarting import kept_sha256

    with files.open_source(path) as source:
        found = kept_sha256(source.file)
        source.check_unchanged()
    return found


def tell_kept(session: Session, practice: Path | None, kept: str, *, as_json: bool) -> NoReturn:
    """Say what a broken journal is that was kept, and whether it is the one of this practice.

    Raises:
        JournalBroken: always: nobody signed it. Or the practice's own journal does not verify, so
            that it can vouch for nothing.
    """
    found = None
    if (opened := _practice(session, practice)) is not None:
        found = verified(session, opened.folder, None).verified
        if found.faults:
            session.say("journal.kept")
            found.check()
    former = found.former if found else None
    same = None if former is None else former == kept
    if as_json:
        session.result_json({"ok": False, "kept": True, "sha256": kept, "former": same})
    how = "unknown" if same is None else "same" if same else "other"
    raise JournalBroken(f"journal.kept_{how}")


def verified_file(
    session: Session,
    path: Path,
    key: Path | None,
    practice: Path | None,
    expected: Head | None,
) -> Looked:
    """Verify a file: with the key that is known, else with the one that it names itself."""
    from secshare.practice import fingerprint
    from secshare.register.exported import verify_file

    public = _key(session, key, practice)
    with files.open_source(path) as source, bar(tr("journal.verifying"), source.size) as progress:

        def advance(done: int, _: int | None) -> None:
            if progress is not None:
                progress(done, source.size)

        found = verify_file(source.file, public, expect=expected, progress=advance)
        source.check_unchanged()
    named = fingerprint(found.public) if found.public else None
    return Looked(found.verified, named, own=public is None)


def _key(session: Session, key: Path | None, practice: Path | None) -> bytes | None:
    """Return the key that must have signed: of `--key`, else of the practice there is, else None.

    Raises:
        InputUnreadable: `--key` names no practice's public keys.
        PracticeInvalid: there is a practice, and it cannot be opened.
    """
    from secshare.practice import journal_key_in

    if key is not None:
        with files.open_source(key) as source:
            data = source.file.read(profiles.KEY_FILE_BYTES) or b""
        try:
            return journal_key_in(data.decode("utf-8"))
        except ValueError:
            raise InputUnreadable("journal.not_a_key", path=key) from None
    opened = _practice(session, practice)
    return opened.signer.public if opened else None


def _practice(session: Session, practice: Path | None) -> Practice | None:
    """Return the practice there is, None where there is none.

    Raises:
        PracticeInvalid: there is one, and it cannot be opened.
    """
    try:
        return session.practice(practice)
    except PracticeInvalid as error:
        if practice is not None or error.key != "practice.none":
            raise
        return None
