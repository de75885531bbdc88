"""PDF files by their content streams, in the ways of the programs that print them.

A page is a list of `Draw`: a text at a place. How the draws become operators is what differs from
one program to another: a line a string, a word a string, kerned arrays, a letter a string, in the
order of the page or in any other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.corpus.document import Break, Columns, Fields, Heading, Rows, Text

if TYPE_CHECKING:
    from random import Random

    from tests.corpus.document import Doc

WIDTH, HEIGHT = 595, 842
LEFT, RIGHT, TOP, LINE = 50, 320, 800, 14
CHARACTERS = 95  # of a line


@dataclass
class Draw:
    """A text at a place. `spread` is the space added after every character."""

    x: float
    y: float
    text: str
    size: float = 10
    spread: float = 0
    turned: bool = False
    white: bool = False
    invisible: bool = False


@dataclass
class Page:
    """What is drawn on a page, in order."""

    draws: list[Draw] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    image: bytes | None = None  # a JPEG over the whole page


def encoded(text: str) -> bytes:
    """Return WinAnsi bytes; what it does not have is written as programs do, without its mark."""
    out = bytearray()
    for char in text:
        try:
            out += char.encode("cp1252")
        except UnicodeEncodeError:
            out += {"\u202f": b"\xa0", "ğ": b"g", "Ğ": b"G"}.get(char, b"?")
    return bytes(out)


def escaped(data: bytes) -> bytes:
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


# --- layout ---------------------------------------------------------------------------------------


def lay(doc: Doc, draw: Random, *, separator: str | None = None) -> list[Page]:
    """Lay a document out on pages of A4."""
    separator = separator or draw.choice((" : ", ": ", " :  ", " "))
    at = _Pen(doc)
    values_apart = draw.random() < 0.5  # values in a column of their own
    for block in doc.blocks:
        match block:
            case Heading(text):
                at.write(text, size=13)
            case Text(text):
                for line in text.split("\n"):
                    for part in wrapped(line):
                        at.write(part)
            case Fields(pairs, one_line):
                if one_line:
                    at.write("     ".join(f"{label}{separator}{value}" for label, value in pairs))
                    continue
                for label, value in pairs:
                    if values_apart and len(label) < 40:
                        at.put(LEFT, label + " :")
                        at.put(LEFT + 220, value)
                        at.down()
                    else:
                        for part in wrapped(f"{label}{separator}{value}"):
                            at.write(part)
            case Columns(left, right):
                at.columns(left, right, row_by_row=draw.random() < 0.5)
            case Rows(header, rows):
                step = (WIDTH - 2 * LEFT) / len(header)
                for row in [header, *rows]:
                    for number, cell in enumerate(row):
                        at.put(LEFT + number * step, cell, size=8)
                    at.down()
            case Break():
                at.page()
        at.down(0.6)
    return at.finish()


class _Pen:
    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.pages: list[Page] = []
        self.page()

    def page(self) -> None:
        self.now = Page()
        self.pages.append(self.now)
        self.y: float = TOP
        if self.doc.running:
            self.put(LEFT, self.doc.running, size=7)
            self.down()

    def put(self, x: float, text: str, size: float = 10) -> None:
        if text:
            self.now.draws.append(Draw(x, self.y, text, size))

    def down(self, lines: float = 1) -> None:
        self.y -= LINE * lines
        if self.y < 70:
            self.page()

    def write(self, text: str, size: float = 10) -> None:
        self.put(LEFT, text, size)
        self.down()

    def columns(self, left: list[str], right: list[str], *, row_by_row: bool) -> None:
        start, tall = self.y, max(len(left), len(right))
        if start - tall * LINE < 70:
            self.page()
            start = self.y
        places = [(LEFT, number, text) for number, text in enumerate(left)]
        places += [(RIGHT, number, text) for number, text in enumerate(right)]
        if row_by_row:
            places.sort(key=lambda place: place[1])
        self.now.draws += [Draw(x, start - n * LINE, text, 9) for x, n, text in places if text]
        self.y = start - tall * LINE

    def finish(self) -> list[Page]:
        if self.doc.footer:
            for page in self.pages:
                page.draws.append(Draw(LEFT, 40, self.doc.footer, 7))
        return self.pages


def wrapped(text: str, most: int = CHARACTERS) -> list[str]:
    """Break a line between words."""
    out, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > most:
            out.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*out, line]


# --- operators ------------------------------------------------------------------------------------

STYLES = ("lines", "lines", "words", "kerned", "by column", "bottom up", "letters")


def stream(page: Page, style: str, draw: Random) -> bytes:
    """Return the content of a page, as a program of that style writes it."""
    draws = list(page.draws)
    if style == "shuffled":
        draw.shuffle(draws)
    elif style == "by column":  # all labels, then all values; the right column before the left
        side = draw.choice((1, -1))
        draws.sort(key=lambda one: (side * one.x, -one.y))
    elif style == "bottom up":
        draws.reverse()
    if style == "words":
        draws = [word for one in draws for word in _words(one)]
    if style == "letters":
        draws = [letter for one in draws for letter in _letters(one)]
    out = []
    if page.image is not None:
        out.append(b"q %d 0 0 %d 0 0 cm /Im0 Do Q" % (WIDTH, HEIGHT))
    for x, y, wide, tall in page.boxes:
        out.append(b"%.1f %.1f %.1f %.1f re S" % (x, y, wide, tall))
    for one in draws:
        if one.turned:
            place = b"0 1 -1 0 %.2f %.2f Tm" % (one.x, one.y)
        else:
            place = b"1 0 0 1 %.2f %.2f Tm" % (one.x, one.y)
        shown = _kerned(one.text, draw) if style == "kerned" else _shown(one.text)
        out.append(
            b"BT %s/F1 %g Tf %g Tc %s%s %s ET"
            % (
                b"1 g " if one.white else b"0 g ", one.size, one.spread,
                b"3 Tr " if one.invisible else b"0 Tr ", place, shown,
            )
        )  # fmt: skip
    return b"\n".join(out)


def _shown(text: str) -> bytes:
    return b"(%s) Tj" % escaped(encoded(text))


def _kerned(text: str, draw: Random) -> bytes:
    """Return a TJ array, with a blank either as a character or as a gap."""
    gaps = draw.random() < 0.4
    parts: list[bytes] = []
    for number, word in enumerate(text.split(" ")):
        if number:
            parts.append(b"-278" if gaps else b"( )")
        middle = len(word) // 2
        parts.append(b"(%s)" % escaped(encoded(word[:middle])))
        parts.append(b"%d" % draw.choice((-15, 8, 18, 40)))
        parts.append(b"(%s)" % escaped(encoded(word[middle:])))
    return b"[%s] TJ" % b" ".join(parts)


def width(text: str, size: float) -> float:
    """Return the width of a text in Helvetica."""
    text = encoded(text).decode("cp1252", "replace")  # what is drawn
    return sum(_WIDTHS.get(char, 556) for char in text) * size / 1000


def _words(one: Draw) -> list[Draw]:
    if one.turned:
        return [one]
    out, x = [], one.x
    for word in one.text.split(" "):
        if word:
            out.append(replace(one, x=x, text=word))
        x += width(word + " ", one.size)
    return out


def _letters(one: Draw) -> list[Draw]:
    if one.turned:
        return [one]
    out, x = [], one.x
    for char in one.text:
        out.append(replace(one, x=x, text=char))
        x += width(char, one.size)
    return out


_WIDTHS = {
    **dict.fromkeys(" ,.:;/!|-’'()[]fIijlrt", 278), **dict.fromkeys("'’ijl", 222),
    **dict.fromkeys("-r()", 333), **dict.fromkeys("ckvxyszJç", 500), "m": 833, "w": 722,
    **dict.fromkeys("ABEKPSVXYÀÂÉÈÊË&", 667), **dict.fromkeys("CDHNRUÇÙÛÜÑ", 722),
    **dict.fromkeys("FTZ", 611), **dict.fromkeys("GOQÔÖ", 778), "L": 556, "M": 833, "W": 944,
    "Œ": 1000, "œ": 944, "°": 400, "î": 278, "ï": 278, "É": 667, "Î": 278, "Ï": 278,
}  # fmt: skip


# --- files ----------------------------------------------------------------------------------------


def build(pages: list[Page], draw: Random, *, style: str = "lines", title: str = "",
          author: str = "") -> pikepdf.Pdf:  # fmt: skip
    """Return a PDF of the pages."""
    pdf = pikepdf.new()
    encoding = Dictionary(
        Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding,
        Differences=Array([1, Name.fi, Name.fl]),
    )  # fmt: skip
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=encoding)
    )
    for page in pages:
        resources = Dictionary(Font=Dictionary(F1=font))
        if page.image is not None:
            resources.XObject = Dictionary(Im0=_image(pdf, page.image))
        pdf.pages.append(
            pikepdf.Page(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, WIDTH, HEIGHT]),
                    Resources=resources,
                    Contents=pdf.make_stream(stream(page, style, draw)),
                )
            )
        )
    if title:
        pdf.docinfo[Name.Title] = String(title)
    if author:
        pdf.docinfo[Name.Author] = String(author)
    return pdf


def _image(pdf: pikepdf.Pdf, jpeg: bytes) -> pikepdf.Object:
    from PIL import Image

    wide, tall = Image.open(BytesIO(jpeg)).size
    return pikepdf.Stream(
        pdf, jpeg,
        Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=wide, Height=tall,
                   ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.DCTDecode),
    )  # fmt: skip


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    """Return the bytes of a PDF, the same at every run."""
    out = BytesIO()
    pdf.save(out, deterministic_id="encryption" not in options, **options)
    return out.getvalue()


def write(doc: Doc, draw: Random, *, style: str | None = None) -> bytes:
    """Return a document as a PDF, in some program's style."""
    style = style or draw.choice(STYLES)
    title = doc.title if draw.random() < 0.7 else ""
    return saved(build(lay(doc, draw), draw, style=style, title=title, author=doc.author))


# --- awkward --------------------------------------------------------------------------------------


def comb(page: Page, x: float, y: float, text: str, step: float = 13) -> None:
    """Draw a text as a form has it: a box a character."""
    for number, char in enumerate(text):
        page.boxes.append((x + number * step, y - 3, step, 15))
        if char != " ":
            page.draws.append(Draw(x + number * step + 3, y, char, 10))


def scanned(lines: list[str], draw: Random) -> bytes:
    """Return a picture of a page, a little crooked."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (WIDTH * 2, HEIGHT * 2), 250)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(22)
    for number, line in enumerate(lines[:50]):
        pen.text((100, 100 + number * 30), line, fill=20, font=font)
    picture = picture.rotate(draw.uniform(-0.8, 0.8), fillcolor=250)
    out = BytesIO()
    picture.save(out, "JPEG", quality=50)
    return out.getvalue()


def form(pdf: pikepdf.Pdf, values: dict[str, str]) -> None:
    """Add a form with its values filled in; no appearance is drawn, as programs leave it."""
    fields = []
    for number, (label, value) in enumerate(values.items()):
        y = 500 - number * 24
        fields.append(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String(label),
                    V=String(value), Rect=Array([150, y, 400, y + 18]), F=4,
                    DA=String("/Helv 10 Tf 0 g"),
                )
            )
        )  # fmt: skip
    pdf.pages[0].obj.Annots = Array(fields)
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields), NeedAppearances=True)


def note(pdf: pikepdf.Pdf, text: str) -> None:
    """Stick a note on the first page."""
    annotation = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([400, 700, 420, 720]),
                   Contents=String(text), T=String("Secrétariat"))
    )  # fmt: skip
    page = pdf.pages[0].obj
    page.Annots = Array([*page.get("/Annots", Array([])), annotation])


def attach(pdf: pikepdf.Pdf, name: str, data: bytes) -> None:
    """Attach a file."""
    pdf.attachments[name] = pikepdf.AttachedFileSpec(
        pdf, data, filename=name, mime_type="application/octet-stream",
        creation_date="D:20261120091200Z", mod_date="D:20261120091200Z",
    )  # fmt: skip


def signed_date(when: date) -> str:
    """Return a date as comb boxes have it."""
    return f"{when:%d%m%Y}"
