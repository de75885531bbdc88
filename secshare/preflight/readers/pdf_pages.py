"""The pages of a PDF by pdfium: their text, and whether they are pictures."""

from __future__ import annotations

import ctypes  # noqa: TID251  the library's calls take its types, and the system is not called
import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pypdfium2.raw as pdfium

from secshare import profiles
from secshare.preflight.content import Part, Unread, Why
from secshare.preflight.readers import pdf_drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget
    from secshare.preflight.readers.pdf_drawing import Drawn

__all__ = ["Pages", "opened"]

_EVERYWHERE: Final = (-1e7, 1e7, 1e7, -1e7)  # left, top, right, bottom: outside of the page too
_HYPHEN: Final = re.compile("[\x02\ufffe](?:\r?\n)?")  # pdfium's mark of a word that goes on
_UNMAPPED: Final = re.compile("[\ufffd\ue000-\uf8ff\0-\x08\x0e-\x1f]")


@contextmanager
def opened(data: bytes) -> Iterator[Pages | None]:
    """Open a PDF, or give None where pdfium cannot."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    try:
        count = pdfium.FPDF_GetPageCount(document) if document else 0
        yield Pages(document, count) if count > 0 else None
    finally:
        if document:
            pdfium.FPDF_CloseDocument(document)


class Pages:
    """An open PDF.

    Attributes:
        count: of its pages, as pdfium finds them.
    """

    def __init__(self, document: Any, count: int) -> None:  # noqa: ANN401  a pointer of C
        self.count = count
        self._document = document

    def read_into(
        self, place: Place, budget: Budget, content: Content, length: Callable[[int], int]
    ) -> None:
        """Add every page's text, and say which pages are pictures.

        Args:
            length: bytes of what draws a page, counted from 0, as the file has them.

        Raises:
            OverBudget: too many pages, or too much text on them.
        """
        unread: list[Unread] = []
        try:
            for index in range(self.count):
                budget.spend_pages()
                here = replace(place, page=index + 1)
                why = self._read_page(index, here, budget, content, length)
                if why is not None:
                    unread.append(Unread(why, here))
        finally:
            scans = len(unread) == self.count and all(one.why is Why.SCAN for one in unread)
            content.unread += [Unread(Why.SCAN, place)] if scans else unread

    def _read_page(
        self,
        index: int,
        place: Place,
        budget: Budget,
        content: Content,
        length: Callable[[int], int],
    ) -> Why | None:
        with self._page(index) as page:
            if page is None:
                return Why.BROKEN
            texts = pdfium.FPDFText_LoadPage(page)
            try:
                text = _text(texts)
                budget.spend_characters(len(text))
                drawn = pdf_drawing.look(page, texts)
            finally:
                pdfium.FPDFText_ClosePage(texts)
            seen, hidden = text, drawn.hidden
            if drawn.unseen:
                seen, hidden = _seen(page, drawn), text if drawn.more else hidden
        if seen.strip():
            content.parts.append(Part(place, seen))
        if hidden.strip():
            content.parts.append(Part(replace(place, hidden=True), hidden))
        return _unreadable(text, drawn, lambda: length(index))

    @contextmanager
    def _page(self, index: int) -> Iterator[Any]:
        """Load a page, what its notes and fields show drawn into it; give None if it is lost."""
        page = pdfium.FPDF_LoadPage(self._document, index)
        try:
            if page and pdfium.FPDFPage_GetAnnotCount(page) > 0:
                flat = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
                if flat == pdfium.FLATTEN_SUCCESS:
                    pdfium.FPDF_ClosePage(page)
                    page = pdfium.FPDF_LoadPage(self._document, index)
            yield page or None
        finally:
            if page:
                pdfium.FPDF_ClosePage(page)


def _seen(page: Any, drawn: Drawn) -> str:  # noqa: ANN401  a pointer of C
    """Return the text of a page that a reader sees, once what nobody sees is taken out of it."""
    pdf_drawing.erase(page, drawn)
    texts = pdfium.FPDFText_LoadPage(page)
    try:
        return _text(texts)
    finally:
        pdfium.FPDFText_ClosePage(texts)


def _text(texts: Any) -> str:  # noqa: ANN401  a pointer of C
    """Return a page's text, lines in the order in which pdfium reads them."""
    room = 2 * max(0, pdfium.FPDFText_CountChars(texts)) + 64  # pairs, and line ends of its own
    units = (ctypes.c_ushort * room)()
    size = pdfium.FPDFText_GetBoundedText(texts, *_EVERYWHERE, units, room)
    if size > room:
        units = (ctypes.c_ushort * size)()
        pdfium.FPDFText_GetBoundedText(texts, *_EVERYWHERE, units, size)
    text = bytes(units)[: 2 * size].decode("utf-16-le", "replace").replace("\0", "")
    if "\x02" in text or "\ufffe" in text:
        text = _HYPHEN.sub("-\n", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unreadable(text: str, drawn: Drawn, length: Callable[[], int]) -> Why | None:
    """Say why a page cannot be checked, if it cannot.

    A scan may bear a line of text: the fax's, the scanner's, a number. Text may be drawn as
    curves, or in a font that does not say which letters its glyphs are.
    """
    letters = sum(map(len, text.split()))
    if len(_UNMAPPED.findall(text)) > letters * profiles.PREFLIGHT_UNMAPPED_SHARE:
        return Why.SCAN
    if letters < profiles.PREFLIGHT_PAGE_CHARACTERS:
        if drawn.pictures > profiles.PREFLIGHT_PICTURE_SHARE or drawn.shadings:
            return Why.SCAN
        if drawn.segments > profiles.PREFLIGHT_PAGE_SEGMENTS or (drawn.texts and not letters):
            return Why.SCAN
        if not letters and drawn.nothing and length() > profiles.PREFLIGHT_BLANK_BYTES:
            return Why.BROKEN  # there was something, and it did not come out
    elif letters < profiles.PREFLIGHT_HEADER_CHARACTERS:
        return Why.SCAN if drawn.pictures > profiles.PREFLIGHT_SCAN_SHARE else None
    return None
