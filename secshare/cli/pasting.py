"""Names and paths in the commands that are suggested: pasted into a shell, they stay one word."""

from __future__ import annotations

import os
import re
import shlex
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ends", "pasted", "place_of_run", "whole"]

_PLAIN: Final = re.compile(r"[\w.:+/-]+")
"""What means nothing to any shell."""

_ACTS: Final = frozenset('"$`\u201c\u201d\u201e')
"""What is no plain character between double quotes in one of them.

PowerShell takes the quotes of printed text for quotes. The `%` of cmd is left to it: no quotes keep
that from being read there, and single ones are none, so that blanks would part what is named.
"""

_ACTS_POSIX: Final = _ACTS | frozenset("\\!")

_SINGLE: Final = re.compile("['\u2018-\u201b]")
"""What ends a text between single quotes in PowerShell, unless it stands there twice."""

_DASHES: Final = ("-", "\u2013", "\u2014", "\u2015")
"""What begins an option in PowerShell, which takes a bare `-a.b` for two words."""


def pasted(text: str, *, windows: bool = os.name == "nt") -> str:
    """Return a text as one word of a command line, as readable as can be.

    Double quotes are understood everywhere, so single ones are taken only where they must be: the
    shells of POSIX take those literally, and so does PowerShell where each is doubled.

    Args:
        windows: for its shells, to which the `\\` of its paths means nothing.
    """
    read = text.replace("\\", "/") if windows else text
    if _PLAIN.fullmatch(read) and not (windows and text.startswith(_DASHES)):
        return text
    if not (_ACTS if windows else _ACTS_POSIX) & set(read):
        return f'"{text}"'
    return "'" + _SINGLE.sub(r"\g<0>\g<0>", text) + "'" if windows else shlex.quote(text)


def ends(practice: Path | None) -> str:
    """Return the end of a suggested command that names the practice, where it was named."""
    return "" if practice is None else f" --practice {pasted(str(practice))}"


def place_of_run(run: str, practice: Path | None = None) -> dict[str, str]:
    """Return the fields of a text like `secshare batch secrets{named} --as FORM{ends}`.

    A name that begins with `-` is no option only where it comes last, after `--`. Each field brings
    its own blank: two in a row would end the command for `rows.fitted`.
    """
    if run.startswith("-"):
        return {"named": "", "ends": f"{ends(practice)} -- {pasted(run)}"}
    return {"named": f" {pasted(run)}", "ends": ends(practice)}


def whole(path: Path) -> Path:
    """Return a path without the `..` of a practice that was named from another folder.

    Links are followed then: without that, `..` leads elsewhere. Others stay as they were named.
    """
    return path.resolve() if ".." in path.parts else path
