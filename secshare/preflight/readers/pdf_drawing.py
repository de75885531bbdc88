"""What stands on the page of a PDF beside its text, and which of its texts nobody sees."""

from __future__ import annotations

import ctypes  # noqa: TID251  the library's calls take its types, and the system is not called
import struct
from dataclasses import dataclass, field
from typing import Any, Final

import pypdfium2.raw as pdfium

__all__ = ["Drawn", "erase", "look"]

_FORMS: Final = 4  # how deep drawings are put into drawings
_OBJECTS: Final = 20_000  # of one page: a map has more, and what is left is not text
_SAID: Final = 200  # hidden pieces told one by one: pdfium looks through the page for each
_TEXT: Final = pdfium.FPDF_PAGEOBJ_TEXT
_WHITE: Final = 250  # of 255, in red, green and blue
_TINY: Final = 1.2  # points: no printer makes letters of it
_INVISIBLE: Final = frozenset((3, 7))  # ISO 32000-2, table 104: neither filled nor stroked
_SCAN: Final = 0.5  # invisible text over as large a picture is what a scanner read in it

_Box = tuple[float, float, float, float]  # left, bottom, right, top


def _called(function: Any, answer: Any, *taken: Any) -> Any:  # noqa: ANN401  of C
    """Return a function of pdfium as one that takes and gives addresses, and keeps Python's lock.

    It is for what answers at once and is asked some hundred times a page: to make a pointer of each
    answer, and to give the lock away and take it back, takes longer than the answer.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None  # noqa: S101  what was loaded stands somewhere
    return ctypes.PYFUNCTYPE(answer, *taken)(address)


_POINTER: Final = ctypes.c_void_p
_INTEGER: Final = ctypes.c_int
_object_of_page: Final = _called(pdfium.FPDFPage_GetObject, _POINTER, _POINTER, _INTEGER)
_object_of_form: Final = _called(pdfium.FPDFFormObj_GetObject, _POINTER, _POINTER, _INTEGER)
_kind: Final = _called(pdfium.FPDFPageObj_GetType, _INTEGER, _POINTER)
_mode: Final = _called(pdfium.FPDFTextObj_GetTextRenderMode, _INTEGER, _POINTER)
_bounds: Final = _called(pdfium.FPDFPageObj_GetBounds, _INTEGER, *(_POINTER,) * 5)
_fill: Final = _called(pdfium.FPDFPageObj_GetFillColor, _INTEGER, *(_POINTER,) * 5)
_segments: Final = _called(pdfium.FPDFPath_CountSegments, _INTEGER, _POINTER)
_inside: Final = _called(pdfium.FPDFFormObj_CountObjects, _INTEGER, _POINTER)


@dataclass(slots=True)
class Drawn:
    """What stands on a page.

    Attributes:
        pictures: which part of the page they cover together, at most.
        segments: lines and curves.
        texts: objects that draw glyphs.
        shadings: surfaces of changing colour.
        hidden: the text that nobody sees: white on white, too small, beside the page, or not
            drawn at all; the first pieces of it.
        unseen: the addresses of the objects that draw this text, each with that of the drawing it
            is in, if it is in one.
        more: whether there are pieces of it that `hidden` leaves out.
    """

    pictures: float = 0.0
    segments: int = 0
    texts: int = 0
    shadings: int = 0
    hidden: str = ""
    unseen: list[tuple[int, int | None]] = field(default_factory=list)
    more: bool = False

    @property
    def nothing(self) -> bool:
        """Whether the page is blank."""
        return not (self.pictures or self.segments or self.texts or self.shadings)


def look(page: Any, texts: Any) -> Drawn:  # noqa: ANN401  pointers of C
    """Look at the objects of a page and of the drawings in it, `_OBJECTS` at most."""
    box = _page_box(page)
    eye = _Eye(texts, box)
    address = ctypes.cast(page, _POINTER).value
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        eye.look(_object_of_page(address, index), None, 0)
        if eye.left <= 0:
            break
    return eye.seen()


def erase(page: Any, drawn: Drawn) -> None:  # noqa: ANN401  a pointer of C
    """Take what nobody sees out of a page, whose texts must not be loaded meanwhile."""
    for one, form in drawn.unseen:
        if form is None:
            gone = pdfium.FPDFPage_RemoveObject(page, _pointer(one))
        else:
            gone = pdfium.FPDFFormObj_RemoveObject(_pointer(form), _pointer(one))
        if gone:
            pdfium.FPDFPageObj_Destroy(_pointer(one))
    drawn.unseen.clear()


def _pointer(address: int) -> Any:  # noqa: ANN401  of C
    return ctypes.cast(address, pdfium.FPDF_PAGEOBJECT)


@dataclass(slots=True)
class _Eye:
    texts: Any
    page: _Box
    left: int = _OBJECTS
    drawn: Drawn = field(default_factory=Drawn)
    dark: list[_Box] = field(default_factory=list)
    unseen: list[tuple[str, int, int | None]] = field(default_factory=list)
    invisible: list[tuple[str, int, int | None]] = field(default_factory=list)

    def look(self, one: int, outer: _Box | None, depth: int, form: int | None = None) -> None:
        self.left -= 1
        kind = _kind(one)
        drawn = self.drawn
        if kind == _TEXT:  # most are
            drawn.texts += 1
            self._look_at_text(one, outer, form)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawn.segments += max(0, _segments(one))
            if not _is_white(one):
                self.dark.append(outer or _box(one))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = outer or _box(one)
            self.dark.append(box)
            drawn.pictures += _area(box) / max(_area(self.page), 1.0)
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
            drawn.shadings += 1
            self.dark.append(outer or _box(one))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _FORMS:
            # What is inside is measured in its own space: the whole drawing is taken for it.
            around = outer or _box(one)
            for index in range(min(self.left, _inside(one))):
                self.look(_object_of_form(one, index), around, depth + 1, one)

    def seen(self) -> Drawn:
        if self.drawn.pictures < _SCAN:
            self.unseen += self.invisible
        drawn = self.drawn
        drawn.hidden = " ".join(said for said, _, _ in self.unseen if said)
        drawn.unseen = [(one, form) for _, one, form in self.unseen]
        drawn.more = len(self.unseen) > _SAID
        return drawn

    def _look_at_text(self, one: int, outer: _Box | None, form: int | None) -> None:
        if _mode(one) in _INVISIBLE:
            self.invisible.append((self._said(one), one, form))
            return
        box = outer or _box(one)
        left, bottom, right, top = box
        first, lowest, last, highest = self.page
        beside = right < first or left > last or top < lowest or bottom > highest
        tiny = outer is None and 0 < top - bottom < _TINY and right - left > 0
        white = _is_white(one) and not self._on_dark(box)
        if beside or tiny or white:
            said = self._said(one)
            if not tiny or sum(map(str.isalnum, said)) > 1:  # a dot is tiny, and is seen
                self.unseen.append((said, one, form))

    def _on_dark(self, box: _Box) -> bool:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(one[0] <= x <= one[2] and one[1] <= y <= one[3] for one in self.dark)

    def _said(self, one: int) -> str:
        if len(self.unseen) + len(self.invisible) >= _SAID:
            return ""
        text = _pointer(one)
        size = pdfium.FPDFTextObj_GetText(text, self.texts, None, 0)
        units = (ctypes.c_ushort * (size // 2 + 1))()
        pdfium.FPDFTextObj_GetText(text, self.texts, units, size)
        return bytes(units).decode("utf-16-le", "replace").replace("\0", "").strip()


def _page_box(page: Any) -> _Box:  # noqa: ANN401
    found = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, found)
    return found.left, found.bottom, found.right, found.top


# Where pdfium writes what it is asked: made once, since it is asked some thousand times a page.
_EDGES: Final = (ctypes.c_float * 4)()
_EDGES_AT: Final = tuple(ctypes.addressof(_EDGES) + 4 * number for number in range(4))
_unpacked: Final = struct.Struct("4f").unpack_from
_COLOUR: Final = (ctypes.c_uint * 4)()
_COLOUR_AT: Final = tuple(ctypes.addressof(_COLOUR) + 4 * number for number in range(4))
_COLOUR_SEEN: Final = memoryview(_COLOUR).cast("B").cast("I")


def _box(one: int) -> _Box:
    _bounds(one, *_EDGES_AT)
    left, bottom, right, top = _unpacked(_EDGES)
    return left, bottom, right, top


def _area(box: _Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _is_white(one: int) -> bool:
    if not _fill(one, *_COLOUR_AT):
        return False
    red, green, blue, alpha = _COLOUR_SEEN
    return alpha == 0 or (red >= _WHITE and green >= _WHITE and blue >= _WHITE)
