"""TXT, CSV, HTML, XML, mails and ZIP files, in the encodings that programs leave them in."""

from __future__ import annotations

import csv
import re
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

from tests.corpus.document import Break, Columns, Fields, Heading, Rows, Text
from tests.corpus.people import unaccented
from tests.corpus.writers.office import package

if TYPE_CHECKING:
    from random import Random

    from tests.corpus.document import Doc

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")


def encode(text: str, draw: Random, encoding: str | None = None) -> bytes:
    """Return bytes in some encoding that has all the characters, with Windows line ends or not."""
    encoding = encoding or draw.choice(ENCODINGS)
    if draw.random() < 0.5:
        text = text.replace("\n", "\r\n")
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8")


def txt(doc: Doc, draw: Random) -> bytes:
    """Return a text file."""
    separator = draw.choice((" : ", ": ", ":", "\t", " = ", " ...... "))
    return encode("\n".join(doc.lines(separator)), draw)


# --- tables ---------------------------------------------------------------------------------------


def csv_file(header: list[str], rows: list[list[str]], draw: Random) -> bytes:
    """Return a CSV file as the French Excel saves it, or as programs export it."""
    out = StringIO()
    dialect = draw.choice((";", ";", ",", "\t"))
    quoting = draw.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(out, delimiter=dialect, quoting=quoting, lineterminator="\n")
    writer.writerows([header, *rows] if header else rows)
    return encode(out.getvalue(), draw, draw.choice(("cp1252", "utf-8-sig", "utf-8")))


# --- HTML -----------------------------------------------------------------------------------------


def html(doc: Doc, draw: Random) -> bytes:
    """Return a page, in utf-8 or in what its head says."""
    charset = draw.choice(("utf-8", "windows-1252", "iso-8859-15"))
    page = html_text(doc, draw, charset)
    codec = {"windows-1252": "cp1252"}.get(charset, charset)
    return page.encode(codec, "xmlcharrefreplace")


def html_text(doc: Doc, draw: Random, charset: str = "utf-8") -> str:
    """Return a page as text."""
    as_table = draw.choice((True, False))
    entities = draw.random() < 0.3

    def quoted(text: str) -> str:
        text = escape(text)
        if entities:
            text = "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in text)
        return text.replace("\n", "<br>")

    out = []
    if doc.running:
        out.append(f"<header>{quoted(doc.running)}</header>")
    for block in doc.blocks:
        match block:
            case Heading(text):
                out.append(f"<h2>{quoted(text)}</h2>")
            case Text(text):
                out.append(f"<p>{quoted(text)}</p>")
            case Fields(pairs, _):
                if as_table:
                    rows = "".join(
                        f"<tr><td>{quoted(a)}</td><td><b>{quoted(b)}</b></td></tr>"
                        for a, b in pairs
                    )
                    out.append(f"<table>{rows}</table>")
                else:
                    out += [
                        f"<div><span>{quoted(a)}&nbsp;:</span> {quoted(b)}</div>" for a, b in pairs
                    ]
            case Columns(left, right):
                cells = "".join(
                    f'<td valign="top">{"<br>".join(map(quoted, side))}</td>'
                    for side in (left, right)
                )
                out.append(f'<table width="100%"><tr>{cells}</tr></table>')
            case Rows(header, rows):
                body = "".join(
                    "<tr>" + "".join(f"<td>{quoted(cell)}</td>" for cell in row) + "</tr>"
                    for row in rows
                )
                head = "".join(f"<th>{quoted(cell)}</th>" for cell in header)
                out.append(f"<table><tr>{head}</tr>{body}</table>")
            case Break():
                out.append('<hr class="page">')
    if doc.footer:
        out.append(f"<footer>{quoted(doc.footer)}</footer>")
    return (
        f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="{charset}">'
        f"<title>{quoted(doc.title)}</title><style>body {{ font: 10pt sans-serif }}</style>"
        f"<script>var page = 1;</script></head><body>{''.join(out)}</body></html>"
    )


# --- XML of a program that is not CDA -------------------------------------------------------------


def xml(doc: Doc, draw: Random) -> bytes:
    """Return a document as a practice's program exports it: labels are elements or attributes."""
    style = draw.choice(("attributes", "labels", "elements"))
    encoding = draw.choice(("UTF-8", "ISO-8859-15", "windows-1252"))
    out = [f'<?xml version="1.0" encoding="{encoding}"?>', "<document>"]
    out.append(f"<titre>{escape(doc.title)}</titre>")
    for block in doc.blocks:
        match block:
            case Heading(text):
                out.append(f"<section>{escape(text)}</section>")
            case Text(text):
                out.append(f"<texte>{escape(text)}</texte>")
            case Fields(pairs, _):
                for label, value in pairs:
                    if style == "elements":
                        tag = _element(label)
                        out.append(f"<{tag}>{escape(value)}</{tag}>")
                    elif style == "attributes":
                        out.append(f'<champ libelle="{escape(label)}" valeur="{escape(value)}"/>')
                    else:
                        out.append(
                            f"<champ><libelle>{escape(label)}</libelle>"
                            f"<valeur>{escape(value)}</valeur></champ>"
                        )
            case Columns(left, right):
                for name, side in (("emetteur", left), ("destinataire", right)):
                    out.append(f"<{name}>")
                    out += [f"<ligne>{escape(line)}</ligne>" for line in side]
                    out.append(f"</{name}>")
            case Rows(header, rows):
                for row in rows:
                    cells = "".join(
                        f"<valeur nom={_attribute(h)}>{escape(c)}</valeur>"
                        for h, c in zip(header, row, strict=True)
                    )
                    out.append(f"<resultat>{cells}</resultat>")
            case Break():
                pass
    if doc.footer:
        out.append(f"<pied>{escape(doc.footer)}</pied>")
    out.append("</document>")
    codec = {"windows-1252": "cp1252"}.get(encoding, encoding)
    return "\n".join(out).encode(codec, "xmlcharrefreplace")


def _element(label: str) -> str:
    """Return a label as programs name an element: `DateDeNaissance`."""
    words = re.findall(r"[A-Za-z]+", unaccented(label))
    return "".join(word.capitalize() for word in words) or "Champ"


def _attribute(text: str) -> str:
    return f'"{escape(text)}"'


# --- mails ----------------------------------------------------------------------------------------


def eml(
    body: str,
    *,
    subject: str,
    sender: str,
    to: str,
    html_body: str | None = None,
    attachments: tuple[tuple[str, bytes], ...] = (),
) -> bytes:
    """Return a mail, with what is attached to it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Fri, 20 Nov 2026 09:12:00 +0100"
    mail["Message-ID"] = "<1@cabinet.example>"
    mail.set_content(body)
    if html_body:
        mail.add_alternative(html_body, subtype="html")
    for name, data in attachments:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if mail.is_multipart():  # the boundary is drawn by the library: name it, for equal bytes
        for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
            part.set_boundary(f"=_corpus_{number}")
    return mail.as_bytes()


def zip_file(members: dict[str, bytes]) -> bytes:
    """Return an archive."""
    return package(dict(members))
