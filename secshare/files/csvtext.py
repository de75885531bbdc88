"""CSV as spreadsheets write it: its encoding, Excel's own first line, numbers kept as text."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["bare", "decoded", "rows", "stated_separator"]

_STATED: Final = re.compile(r"sep=([^\w\s\"]|\t)\r?\n")
_EXCEL_TEXT: Final = re.compile(r'="(.*)"')


def decoded(data: bytes) -> str | None:
    """Return the text of UTF-16 with its mark, UTF-8 or cp1252; None where it is in none of them.

    cp1252 comes after UTF-8, which it cannot be mistaken for. A text holds no NUL.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None


def stated_separator(text: str) -> tuple[str | None, str]:
    """Return the separator that Excel's own first line (`sep=;`) names, and what follows it."""
    found = _STATED.match(text)
    return (found[1], text[found.end() :]) if found else (None, text)


def rows(text: str, separator: str, *, strict: bool = True) -> Iterator[list[str]]:
    """Return the cells of each row, as they are. A blank line is a row without cells.

    Raises:
        csv.Error: while the rows are taken: a quote that is not closed, or closed too early, where
            `strict`; a cell of more than 131,072 characters.
    """
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)


def bare(cell: str) -> str:
    """Return a cell without blanks around it, nor the `="..."` that keeps a number's first zero."""
    cell = cell.strip()
    found = _EXCEL_TEXT.fullmatch(cell)
    return found[1].strip() if found else cell
