"""`secshare journal`: what was done, whether it is all still there, and taking it elsewhere."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files, profiles
from secshare.cli.base import (
    ByOption,
    JsonOption,
    PracticeOption,
    journal_app,
    tr,
    verb,
)
from secshare.cli.journal_told import entry_as_json, entry_line, verified_as_json, verified_lines
from secshare.cli.progress import bar, database_bar
from secshare.cli.session import Session, session_of
from secshare.errors import InputUnreadable, OutputRefused, PracticeInvalid
from secshare.messages import printable
from secshare.model import Reference

if TYPE_CHECKING:
    from secshare.register.chain import Head
    from secshare.register.faults import Verified


class As(StrEnum):
    """What a journal is exported as."""

    JSONL = "jsonl"
    CSV = "csv"


@verb("show", "journal.show_help", journal_app)
def show(
    ctx: typer.Context,
    reference: Annotated[
        str | None, typer.Argument(metavar="[REF]", help=tr("journal.arg_reference"))
    ] = None,
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=1, help=tr("journal.opt_last"))
    ] = 50,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """List entries, the newest first; those of one share all of them.

    Raises:
        ShareUnknown: no entry and no share has this reference.
    """
    from secshare.sharing.auditing import entries_of, records

    session = session_of(ctx)
    about = None if reference is None else Reference.parse(reference)
    with records(session.practice(practice)) as opened:
        found = (
            list(islice(opened.journal.entries(), last))
            if about is None
            else entries_of(opened, about)
        )
        if as_json:
            session.result_json([entry_as_json(entry, opened.directory) for entry in found])
            return
        for entry in found:
            session.result(entry_line(entry, opened.directory))
    if not found:
        session.say("journal.none")


@verb("head", "journal.head_help", journal_app)
def head(ctx: typer.Context, as_json: JsonOption = False, practice: PracticeOption = None) -> None:
    """Print the head: what stands for all entries so far, to be written down elsewhere."""
    from secshare.sharing.auditing import records

    session = session_of(ctx)
    with records(session.practice(practice)) as opened:
        found = opened.journal.head()
    if as_json:
        session.result_json({"head": str(found), "entries": found.number})
    else:
        session.result(str(found))


@verb("verify", "journal.verify_help", journal_app)
def verify(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help=tr("journal.arg_file"))
    ] = None,
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="HEAD", help=tr("journal.opt_expect"))
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help=tr("journal.opt_key"))
    ] = None,
    as_json: JsonOption = False,
    practice: PracticeOption = None,
) -> None:
    """Verify the journal of the practice, or one that was exported.

    Raises:
        JournalBroken: it does not verify; all that is wrong is told above.
    """
    session, expected = session_of(ctx), _expected(expect)
    if file is None:
        if key is not None:
            raise typer.BadParameter(tr("journal.key_of_file"))
        found, fingerprint = _verified(session, practice, expected), None
    else:
        found, fingerprint = _verified_file(session, file, key, practice, expected)
    if as_json:
        session.result_json(verified_as_json(found))
    else:
        for line in verified_lines(found):
            session.result(line)
    if fingerprint is not None:
        session.say("journal.own_key", fingerprint=fingerprint)
    found.check()


@verb("export", "journal.export_help", journal_app)
def export(
    ctx: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=tr("journal.opt_output"))
    ],
    as_: Annotated[As, typer.Option("--as", help=tr("journal.opt_as"))] = As.JSONL,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Write the journal to a file, signed; or as a table, which nothing can verify.

    Raises:
        JournalBroken: it does not verify: nothing is written.
    """
    from secshare.register import Operation
    from secshare.register.exporting import export_csv, export_jsonl
    from secshare.sharing.auditing import records

    session = session_of(ctx)
    opened = session.practice(practice)
    if opened.part_of(output) is not None:
        raise OutputRefused("journal.inside", path=output)
    files.sweep(output.parent)
    with records(opened, by=by) as record, files.publish(output) as sink:
        with record.store.transaction() as connection:
            record.journal.append(connection, Operation.EXPORT, None, what=as_.value)
        with database_bar(tr("journal.exporting"), opened.database) as progress:
            if as_ is As.JSONL:
                export_jsonl(record.store, opened.signer, sink, progress)
            else:
                export_csv(record.store, opened.signer.public, sink, progress)
    session.result(printable(output))
    session.say("journal.exported" if as_ is As.JSONL else "journal.exported_csv")


@verb("restart", "journal.restart_help", journal_app)
def restart(
    ctx: typer.Context,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=tr("journal.opt_reason"))],
    yes: Annotated[bool, typer.Option("--yes", "-y", help=tr("journal.opt_yes"))] = False,
    by: ByOption = None,
    practice: PracticeOption = None,
) -> None:
    """Keep a broken journal as it was found, and begin another.

    Raises:
        ShareState: the journal verifies.
    """
    from secshare.register.restarting import check_broken
    from secshare.sharing.auditing import begin_anew, records

    session = session_of(ctx)
    with records(session.practice(practice), by=by) as opened:
        found = check_broken(opened.store, opened.journal.public)
        for line in verified_lines(found):
            session.write(line)
        if not yes:
            session.confirm("journal.confirm_restart", option="--yes")
        path = begin_anew(opened, reason)
    session.result(printable(path))
    session.say("journal.restarted")


def _expected(written: str | None) -> Head | None:
    """Return the head that somebody wrote down.

    Raises:
        typer.BadParameter: it is none.
    """
    from secshare.register.chain import Head

    if written is None:
        return None
    try:
        return Head.parse(written)
    except ValueError:
        raise typer.BadParameter(tr("journal.no_head")) from None


def _verified(session: Session, practice: Path | None, expected: Head | None) -> Verified:
    from secshare.register.verifying import verify as verified
    from secshare.sharing.auditing import records

    with (
        records(session.practice(practice)) as opened,
        database_bar(tr("journal.verifying"), opened.practice.database) as progress,
    ):
        return verified(opened.store, opened.journal.public, expect=expected, progress=progress)


def _verified_file(
    session: Session,
    path: Path,
    key: Path | None,
    practice: Path | None,
    expected: Head | None,
) -> tuple[Verified, str | None]:
    """Verify a file; return with it the fingerprint of its own key, where no other was known."""
    from secshare.practice import fingerprint
    from secshare.register.exported import verify_file

    public = _key(session, key, practice)
    with files.open_source(path) as source, bar(tr("journal.verifying"), source.size) as progress:

        def advance(done: int, _: int | None) -> None:
            if progress is not None:
                progress(done, source.size)

        found = verify_file(source.file, public, expect=expected, progress=advance)
        source.check_unchanged()
    own = fingerprint(found.public) if public is None and found.public else None
    return found.verified, own


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
    try:
        return session.practice(practice).signer.public
    except PracticeInvalid as error:
        if practice is not None or error.key != "practice.none":
            raise
        return None
