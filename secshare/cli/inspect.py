"""`secshare inspect`: what a sealed file says of itself to anybody, without any secret."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from secshare import files
from secshare.cli.base import JsonOption, tr, verb
from secshare.cli.session import session_of


@verb("inspect", "inspect.help")
def inspect(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=tr("inspect.arg_file"))],
    as_json: JsonOption = False,
) -> None:
    """Say how a file was sealed: to words or keys, how many, how strong, how large."""
    from secshare.age import inspect as look  # the verb has the same name as what it calls
    from secshare.opening import mail_named

    session = session_of(ctx)
    with files.open_source(file) as source, mail_named(source):
        seen = look(source.file)
    if as_json:
        session.result_json(
            {
                "kind": seen.kind,
                "stanzas": list(seen.stanzas),
                "work_factor": seen.work_factor,
                "armor": seen.armor,
                "header_size": seen.header_size,
                "payload_size": seen.payload_size,
                "size": seen.size,
                "clear_size": seen.clear_size,
            }
        )
        return
    rows = {"kind": tr(f"inspect.{seen.kind}")}
    if seen.work_factor is not None:
        memory = (1 << seen.work_factor) >> 10
        rows["work"] = tr("inspect.work_factor", factor=seen.work_factor, memory=memory)
    else:
        # Some programs add a decoy, so that no reader comes to rely on which types exist.
        real = [stanza for stanza in seen.stanzas if not stanza.endswith("-grease")]
        counted = Counter(real).items()
        rows["stanzas"] = ", ".join(f"{name} ({count})" for name, count in counted)
    rows["armor"] = tr("inspect.yes" if seen.armor else "inspect.no")
    rows["size"] = tr("inspect.bytes", size=seen.size)
    rows["clear"] = tr("inspect.bytes", size=seen.clear_size)
    width = max(len(tr(f"inspect.row_{row}")) for row in rows)
    for row, value in rows.items():
        session.result(f"{tr(f'inspect.row_{row}'):<{width}}  {value}")
    session.say("inspect.unverified")
