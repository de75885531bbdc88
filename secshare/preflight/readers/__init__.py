"""Reading documents of any kind: what a file is decides who reads it, its name only helps.

Everything here runs in the reading process (`worker.py`), where a hostile document is alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from secshare.model import Place
from secshare.preflight.content import Content, Unread, Why
from secshare.preflight.readers.budget import Budget, OverBudget
from secshare.preflight.readers.formats import Format, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[bytes, Place, Budget, Content], None]

__all__ = ["read", "read_into"]


def read(name: str, data: bytes) -> Content:
    """Return all that can be read of a document, with all the documents inside it.

    What cannot be read is in `Content.unread`, and a document of which nothing could be read is
    always there: it is never merely empty. Nothing is raised but MemoryError.
    """
    content = Content()
    read_into(data, Place(name), Budget(), content)
    if not _anything(content, (0, 0, 0, 0)):
        content.unread.append(Unread(Why.EMPTY, Place(name)))
    return content


def read_into(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Read a document that stands at `place`, inside another or alone, and add it to `content`.

    Beyond a limit of the budget what was read so far stays, and the rest is `Why.TOO_LARGE`.
    """
    before = _marks(content)
    try:
        with budget.nested():
            _read(data, place, budget, content)
    except OverBudget:
        content.unread.append(Unread(Why.TOO_LARGE, place))
    except MemoryError:
        raise
    except Exception:
        content.unread.append(Unread(Why.BROKEN, place))
    if data and not data.isspace() and not _anything(content, before):
        content.unread.append(Unread(Why.EMPTY, place))


def _read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    found = tell(place.member or place.file, data)
    why = {
        Format.ENCRYPTED: Why.ENCRYPTED,
        Format.PICTURE: Why.SCAN,
        Format.UNKNOWN: Why.UNKNOWN,
    }.get(found)
    if why is not None:
        content.unread.append(Unread(why, place))
        return
    _reader(found)(data, place, budget, content)


def _reader(found: Format) -> Reader:
    """Return who reads a kind of file. Each is imported when the first of its kind comes."""
    module, function = {
        Format.ARCHIVE: ("archive", "read"),
        Format.CSV: ("tables", "read"),
        Format.DOCX: ("office", "read_docx"),
        Format.HTML: ("html", "read"),
        Format.MAIL: ("mail", "read"),
        Format.ODT: ("office", "read_odt"),
        Format.PDF: ("pdf", "read"),
        Format.SHEET: ("sheets", "read"),
        Format.TEXT: ("text", "read"),
        Format.XML: ("xml", "read"),
    }[found]
    reader: Reader = getattr(import_module(f"{__name__}.{module}"), function)
    return reader


_Marks = tuple[int, int, int, int]


def _marks(content: Content) -> _Marks:
    return len(content.parts), len(content.tables), len(content.people), len(content.unread)


def _anything(content: Content, since: _Marks) -> bool:
    """Say whether anything was read, or said to be unread, since the marks were taken."""
    parts, tables, people, unread = since
    return (
        len(content.tables) > tables
        or len(content.people) > people
        or len(content.unread) > unread
        or any(part.text.strip() for part in content.parts[parts:])
    )
