"""The document as Markdown, for CommonMark and for what adds tables and links to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from secshare.sharing.incidents.pieces import Ask, Line, Paragraph

if TYPE_CHECKING:
    from secshare.sharing.incidents.pieces import Document, Said, Table

__all__ = ["markdown"]

# What means something anywhere in a line, with tables, mathematics and struck text.
_ACTING: Final = re.compile(r"[\\`*_\[\]<>#|~$!&^{}]")
# Addresses that some readers make links of, without any mark around them.
_LINK: Final = re.compile(r"(?<=\w):(?=//)|(?<=\bwww)\.", re.IGNORECASE)
# What means something where a line begins.
_BEGINNING: Final = re.compile(r"^([-+=:]|\d{1,9}(?=[.)]))")


def markdown(document: Document) -> str:
    """Return the document as Markdown, every text of it as plain text."""
    written = [f"# {_plain(document.title)}", ""]
    for paragraph in document.intro:
        written += [_paragraph(paragraph), ""]
    for part in document.parts:
        written += [f"## {_plain(part.title)}", ""]
        for block in part.blocks:
            if isinstance(block, Paragraph):
                written += ["", _paragraph(block), ""]
            elif isinstance(block, Line):
                written += _line(block, document.marker, document.colon)
            else:
                written += ["", *_table(block), ""]
        written.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(written)).rstrip("\n") + "\n"


def _paragraph(paragraph: Paragraph) -> str:
    text = _plain(paragraph.text)
    return f"> **{text}**" if paragraph.marked else _begun(text)


def _line(line: Line, marker: str, colon: str) -> list[str]:
    said = [_said(each, marker, colon) for each in line.said]
    if len(said) == 1:
        return [f"- **{_plain(line.label)}**{colon} {said[0]}"]
    return [f"- **{_plain(line.label)}**{colon}", *(f"  - {_begun(each)}" for each in said)]


def _said(said: Said, marker: str, colon: str) -> str:
    if isinstance(said, Ask):
        return f"**{_plain(marker)}**{colon} {_plain(said.text)}"
    return _plain(said)


def _table(table: Table) -> list[str]:
    rule = f"|{' --- |' * len(table.columns)}"
    return [_row(table.columns), rule, *(_row(row) for row in table.rows)]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """Return one line of Markdown that shows `text`, and nothing else."""
    line = " ".join(text.split())
    line = _ACTING.sub(r"\\\g<0>", line)
    return _LINK.sub(r"\\\g<0>", line)


def _begun(line: str) -> str:
    """Return what `_plain` returned, where a line or an item begins with it."""
    return _BEGINNING.sub(_at_beginning, line)


def _at_beginning(found: re.Match[str]) -> str:
    # A digit cannot be escaped: what follows it, and makes a list of it, can.
    return f"{found[1]}\\" if found[1].isdigit() else f"\\{found[1]}"
