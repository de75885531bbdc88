"""PDF: the text of its pages by pdfium, and by qpdf all that stands elsewhere in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Unread, Why
from secshare.preflight.readers import pdf_objects, pdf_pages
from secshare.preflight.readers.pdf_objects import FOREIGN, Objects

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["read"]

_ARCHIVE_END: Final = b"PK\x05\x06"
_ARCHIVE_WITHIN: Final = 22 + 0xFFFF  # bytes of that record, its comment included
_FOOTER: Final = 2_048  # bytes that web servers and mail gateways leave behind a file


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Read a PDF: pages, form, notes, titles, attachments.

    A page without text on which something is drawn is `Why.SCAN`. A file that has to be repaired
    is read, and is `Why.BROKEN` too where a part of it is lost. What follows its end is
    `Why.UNKNOWN`: an archive behind a PDF opens as an archive, and no page shows it.

    Raises:
        OverBudget: it has more pages or text than is read; the first are in `content`.
    """
    objects = pdf_objects.opened(data)
    if isinstance(objects, Why):
        content.unread.append(Unread(objects, place))
        return
    try:
        if _goes_on(data):
            content.unread.append(Unread(Why.UNKNOWN, place))
        if objects.lost:
            content.unread.append(Unread(Why.BROKEN, place))
        try:
            if not _read_pages(data, objects, place, budget, content):
                content.unread.append(Unread(Why.BROKEN, place))
        finally:  # after too many pages too: what is attached to them may be small
            objects.read_into(place, budget, content)
    finally:
        objects.close()


def _goes_on(data: bytes) -> bool:
    """Return whether something else follows the PDF: an archive, or more than a server's footer."""
    archive = data.rfind(_ARCHIVE_END, max(0, len(data) - _ARCHIVE_WITHIN))
    if archive >= 0:
        comment = int.from_bytes(data[archive + 20 : archive + 22], "little")
        if archive + 22 + comment == len(data):  # APPNOTE.TXT 4.3.16: the comment ends an archive
            return True
    end = data.rfind(b"%%EOF")
    return end >= 0 and len(data[end + 5 :].strip(b"\0 \t\r\n")) > _FOOTER


def _read_pages(
    data: bytes, objects: Objects, place: Place, budget: Budget, content: Content
) -> bool:
    """Read the pages as they are, or, where pdfium does not find them all, as qpdf repairs them."""
    with pdf_pages.opened(data) as pages:
        if pages is not None and pages.count >= objects.count:
            pages.read_into(place, budget, content, objects.length)
            return True
    try:
        repaired = objects.repaired()
    except FOREIGN:
        return False
    with pdf_pages.opened(repaired) as pages:
        if pages is None or pages.count < objects.count:
            return False
        pages.read_into(place, budget, content, objects.length)
        return True
