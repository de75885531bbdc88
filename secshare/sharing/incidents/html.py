"""The document as one HTML file: no script, no address, nothing asked of any network; to print."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from secshare.sharing.incidents.pieces import Ask, Line, Paragraph

if TYPE_CHECKING:
    from secshare.sharing.incidents.pieces import Document, Part, Said, Table

__all__ = ["html"]

_STYLE: Final = """
:root { color-scheme: light; }
@page { size: A4; margin: 16mm 18mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 48rem; background: #fff;
  color: #1b2326; font: 1rem/1.5 "DejaVu Sans", Verdana, Arial, sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; color: #0b4f56; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-top: .5rem; color: #0b4f56;
  border-top: 2px solid #0b4f56; break-after: avoid; }
p { margin: .5rem 0; }
.marked { font-weight: bold; padding: .5rem .75rem; border: 2px solid #0b4f56; }
dl { margin: 0; }
dt { font-weight: bold; margin-top: .6rem; break-after: avoid; }
dd { margin: .1rem 0 .1rem 1rem; }
.ask { padding: .35rem .75rem; background: #fff6d9; border-left: 4px solid #8a5a00;
  break-inside: avoid; }
.ask strong { color: #6b4500; }
.room { display: none; }
table { width: 100%; border-collapse: collapse; margin: .5rem 0; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border: 1px solid #6d7a7e; }
th { background: #eef3f3; }
tr { break-inside: avoid; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .ask { background: none; border: 1px solid #8a5a00; border-left-width: 4px; }
  .room { display: block; height: 14mm; }
}
""".strip()

# A style of its own, and nothing that is fetched, sent or run: also where a text got past us.
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


# French sets a space before these signs: a line never breaks there.
_SPACED: Final = re.compile(r" (?=[?!:;»])|(?<=«) ")


def html(document: Document) -> str:
    """Return the document as one HTML file, every text of it as plain text."""
    title = _text(document.title)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{document.language.value}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="robots" content="noindex">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{title}</title>",
            f"<style>\n{_STYLE}\n</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{title}</h1>",
            *(_paragraph(paragraph) for paragraph in document.intro),
            *(line for part in document.parts for line in _part(part, document)),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _part(part: Part, document: Document) -> list[str]:
    written, in_list = ["<section>", f"<h2>{_text(part.title)}</h2>"], False
    for block in part.blocks:
        if isinstance(block, Line) != in_list:
            in_list = not in_list
            written.append("<dl>" if in_list else "</dl>")
        if isinstance(block, Line):
            written.append(f"<dt>{_text(block.label)}</dt>")
            written += [_said(each, document) for each in block.said]
        elif isinstance(block, Paragraph):
            written.append(_paragraph(block))
        else:
            written += _table(block)
    return [*written, *(["</dl>"] if in_list else []), "</section>"]


def _paragraph(paragraph: Paragraph) -> str:
    marked = ' class="marked"' if paragraph.marked else ""
    return f"<p{marked}>{_text(paragraph.text)}</p>"


def _said(said: Said, document: Document) -> str:
    if isinstance(said, Ask):
        # Printed, a question leaves room for the answer.
        marker = _text(document.marker + document.colon)
        asked = f"<strong>{marker}</strong> {_text(said.text)}"
        return f'<dd class="ask">{asked}<span class="room"></span></dd>'
    return f"<dd>{_text(said)}</dd>"


def _table(table: Table) -> list[str]:
    head = "".join(f'<th scope="col">{_text(column)}</th>' for column in table.columns)
    rows = (f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
    return ["<table>", f"<thead><tr>{head}</tr></thead>", "<tbody>", *rows, "</tbody>", "</table>"]


def _text(text: str) -> str:
    return escape(_SPACED.sub("\u00a0", text))
