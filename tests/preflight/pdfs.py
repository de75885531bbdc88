"""PDFs made for one test each: small, and odd in one way."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

A4 = (595, 842)


def shown(text: str, x: float = 50, y: float = 700, size: float = 12, before: str = "") -> str:
    """Return what draws a text on a page."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"{before} BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET"


def new(pages: Sequence[str]) -> pikepdf.Pdf:
    """Return a PDF whose pages are drawn by these contents, Helvetica being /F1."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )
    for content in pages:
        page = pdf.add_blank_page(page_size=A4)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = pdf.make_stream(content.encode("cp1252"))
    return pdf


def saved(pdf: pikepdf.Pdf, **how: object) -> bytes:
    """Return the bytes of a PDF."""
    written = io.BytesIO()
    pdf.save(written, **how)
    return written.getvalue()


def simple(*texts: str) -> bytes:
    """Return a PDF with one line of text on each page."""
    return saved(new([shown(text) for text in texts]))


def form(pdf: pikepdf.Pdf, content: bytes, **resources: object) -> pikepdf.Object:
    """Return a drawing that pages and other drawings can use."""
    return pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, *A4]),
        Resources=Dictionary(**resources),
    )


def picture(pdf: pikepdf.Pdf, grey: int = 200) -> pikepdf.Object:
    """Return a picture of one colour."""
    return pdf.make_stream(
        bytes([grey]) * 100,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=10,
        Height=10,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )


def with_picture(text: str, width: float, height: float) -> bytes:
    """Return a page with a line of text, and a picture as large as this."""
    pdf = new([shown(text) + f" q {width} 0 0 {height} 20 20 cm /I Do Q"])
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=picture(pdf))
    return saved(pdf)


def laughing(levels: int, times: int) -> bytes:
    """Return a page whose drawing uses another `times` times, which uses another ..."""
    pdf = new([""])
    font = pdf.pages[0].obj.Resources.Font
    one = form(pdf, shown("ha").encode(), Font=font)
    for _ in range(levels):
        one = form(pdf, b"/X Do " * times, XObject=Dictionary(X=one))
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=one))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/X Do")
    return saved(pdf)
