"""`secshare journal`: what was done, whether it is all still there, and taking it elsewhere."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secshare import files
from secshare.cli.base import (
    ByOption,
    JsonOption,
    PracticeOption,
    journal_app,
    tr,
    verb,
)
from secshare.cli.journal_told import entry_as_json, entry_line, verified_as_json, verified_lines
from secshare.cli.journal_verified import kept_sha256_of, tell_kept, verified, verified_file
from secshare.cli.progress import database_bar
from secshare.cli.session import session_of
from secshare.errors import OutputRefused
from secshare.messages import printable
from secshare.model import Reference

if TYPE_CHECKING:
    from secshare.register.chain import Head


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
    from secshare.practice import fingerprint
    from secshare.sharing.auditing import records

    session = session_of(ctx)
    with records(session.practice(practice)) as opened:
        found, key = opened.journal.head(), fingerprint(opened.journal.public)
    if as_json:
        session.result_json({"head": str(found), "entries": found.number, "key": key})
    else:
        session.result(str(found))
        session.say("keys.journal", fingerprint=key)


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
        JournalBroken: it does not verify; what is wrong is told above.
        ShareState: it does, and the head that was written down is older than the last cut.
    """
    session, expected = session_of(ctx), _expected(expect)
    if file is None:
        if key is not None:
            raise typer.BadParameter(tr("journal.key_of_file"))
        found = verified(session, practice, expected)
    else:
        if (kept := kept_sha256_of(file)) is not None:
            tell_kept(session, practice, kept, as_json=as_json)
        found = verified_file(session, file, key, practice, expected)
    if as_json:
        session.result_json(verified_as_json(found.verified, found.key, own=found.own))
    else:
        for line in verified_lines(found.verified, found.key or "", own=found.own):
            session.result(line)
    if found.own and not found.verified.faults:
        session.say("journal.own_key")
    found.verified.check()


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
