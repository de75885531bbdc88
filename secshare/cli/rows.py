"""Lines as rows of a terminal: cut between words, and never inside what somebody will paste."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from secshare.cli.verbs import MODULES
from secshare.terminal.columns import columns

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["fitted"]

_NARROWEST: Final = 20  # columns: below, nothing is read better for being cut between words

_VERBS: Final = "|".join(sorted({name.split()[0] for name in MODULES}))

_WORD: Final = r"""(?>(?>"[^"]*"|'[^']*')+[^ ]*|[^ ]+)"""
"""One word of a command: quotes keep its blanks together."""

_COMMAND: Final = (
    rf"\(?secshare (?:{_VERBS})(?![\w-])[^ ]*(?:(?<![^./ ][.,;)]) (?![(:;?!»]|- ){_WORD})*"
)
"""A suggested command: to the end of its sentence, as a reader selects it.

What stands in brackets behind it is said of it. A point behind another, or behind a blank, is a
folder's name.
"""

_OPTION: Final = rf"--?[a-z][a-z-]*(?: (?!--|-[a-z](?: |$)|[(:;?!»]){_WORD})?(?![^ ])"
_OPTIONS: Final = rf"{_OPTION}(?: {_OPTION})*"
"""Options with what each names, to be added to a command."""

# French sets a blank before these: none of them begins a row.
_WORDS: Final = re.compile(rf"[ ]*(?:{_COMMAND}|{_OPTIONS}|[^ ]+)(?: [:;?!»]+(?![^ ]))*")


def fitted(line: str, stream: TextIO) -> list[str]:
    """Return a line as rows that a terminal shows without cutting a word; one row elsewhere.

    A word longer than a row stays whole, and so do a command, an option with what it names, and a
    line that is a path: they are copied, and the terminal folds them by itself, which leaves no
    line end in the copy.
    """
    try:
        width = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError, AttributeError):
        width = 0
    if width < _NARROWEST or columns(line) <= width or os.path.isabs(line.lstrip()):  # noqa: PTH117  a line, not a path
        return [line]
    rows, row = [], ""
    # Blanks at the end are shown by nobody, and of many each would be tried as a beginning.
    for piece in _WORDS.findall(line.rstrip(" ")):
        if row and columns(row) + columns(piece) > width:
            rows.append(row)
            row = piece.lstrip(" ")
        else:
            row += piece
    return [*rows, row]
