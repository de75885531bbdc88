"""What stands in a PDF beside its pages, by qpdf: form, notes, titles, attachments."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any, Final

import pikepdf

from secshare.files.names import safe_name
from secshare.preflight import readers
from secshare.preflight.content import Part, Unread, Why
from secshare.preflight.readers import inside
from secshare.preflight.readers.budget import Budget, OverBudget
from secshare.preflight.readers.trees import grow, local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.model import Place
    from secshare.preflight.content import Content

__all__ = ["FOREIGN", "Objects", "opened"]

FOREIGN: Final = (
    *(pikepdf.PdfError, pikepdf.PasswordError, pikepdf.DataDecodingError),
    *(RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError),
)
"""What libqpdf and its binding raise for a file they cannot make sense of."""

_END: Final = b"%%EOF"
_END_WITHIN: Final = 2048
# Of the document's information: what programs say of themselves, and when.
_PROGRAMS: Final = frozenset(("/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped"))
_FIELDS: Final = {
    "/Title": "title",
    "/Author": "author",
    "/Subject": "subject",
    "/Keywords": "keywords",
}
# ... and in XMP (ISO 16684-1), by the names of elements and attributes.
_OF_PROGRAMS: Final = frozenset(
    (
        *("CreatorTool", "Producer", "CreateDate", "ModifyDate", "MetadataDate", "about", "xmptk"),
        *(
            "format",
            "DocumentID",
            "InstanceID",
            "OriginalDocumentID",
            "VersionID",
            "RenditionClass",
        ),
        *("part", "conformance", "lang", "parseType", "instanceID", "documentID", "when", "action"),
        *("softwareAgent", "changed", "parameters", "Trapped", "PDFVersion", "date"),
    )
)
_FIELD_TEXTS: Final = ("/V", "/DV", "/TU", "/RV")
_NOTE_TEXTS: Final = ("/Contents", "/RC", "/Subj")
_HIDDEN: Final = 0b10  # ISO 32000-2, table 167
_FLATE: Final = "/FlateDecode"
_TAG: Final = re.compile("<[^<>]*>")
_NODES: Final = 100_000  # of a form, an outline, a tree of names


def opened(data: bytes) -> Objects | Why:
    """Open a PDF, repaired if need be, or say why it cannot be."""
    try:
        pdf = pikepdf.open(io.BytesIO(data))
        return Objects(pdf, data)
    except pikepdf.PasswordError:
        return Why.ENCRYPTED
    except FOREIGN as error:  # to certificates, or by a method of somebody's own
        return Why.ENCRYPTED if "encryption" in str(error) else Why.BROKEN


class Objects:
    """An open PDF.

    Attributes:
        count: of its pages.
        lost: whether a part of it is not there: its end, a page, an object.
    """

    def __init__(self, pdf: pikepdf.Pdf, data: bytes) -> None:
        self._pdf = pdf
        self.count = len(pdf.pages)
        claimed = pdf.Root.Pages.get("/Count")
        self.lost = claimed != self.count or (
            bool(pdf.get_warnings())
            and (_END not in data[-_END_WITHIN:] or any((one is None) for one in pdf.objects))
        )

    def close(self) -> None:
        """Give back its memory."""
        self._pdf.close()

    def repaired(self) -> bytes:
        """Return the file as qpdf writes it.

        Raises:
            what `FOREIGN` lists.
        """
        written = io.BytesIO()
        self._pdf.save(written, compress_streams=False)
        return written.getvalue()

    def length(self, index: int) -> int:
        """Return how many bytes, packed, draw the page of this index; 0 where nothing does."""
        try:
            contents = self._pdf.pages[index].obj.get("/Contents")
            streams = contents if isinstance(contents, pikepdf.Array) else [contents]
            return sum(
                len(one.read_raw_bytes()) for one in streams if isinstance(one, pikepdf.Stream)
            )
        except FOREIGN:
            return 0

    def read_into(self, place: Place, budget: Budget, content: Content) -> None:
        """Add all texts that are not drawn on pages, and read what is attached.

        That one of these is damaged is no reason to leave the next: each is tried, and the
        document is `Why.BROKEN` where one failed.

        Raises:
            OverBudget: a limit was reached.
        """
        gone = False
        for texts in (self._information, self._metadata, self._notes, self._form, self._outline):
            try:
                for where, text in texts(place):
                    budget.spend_characters(len(text))
                    if text.strip():
                        content.parts.append(Part(where, text, title=where.field == "title"))
            except FOREIGN:
                gone = True
        attached: list[tuple[Place, pikepdf.Object]] = []
        try:
            attached += self._forms_in_xml(place)
            attached += self._attachments(place)
        except FOREIGN:
            gone = True
        for where, stream in attached:
            budget.spend_members()
            if where.member != place.member:
                name = replace(where, field="file name")
                content.parts.append(Part(name, (where.member or "").rpartition("/")[2]))
            try:
                data = unpacked(stream, budget)
            except FOREIGN:
                content.unread.append(Unread(Why.BROKEN, where))
            else:
                readers.read_into(data, where, budget, content)
        if gone:
            content.unread.append(Unread(Why.BROKEN, place))

    def _information(self, place: Place) -> Iterator[tuple[Place, str]]:
        information = self._pdf.trailer.get("/Info")
        if isinstance(information, pikepdf.Dictionary):
            for key, value in information.items():
                if key not in _PROGRAMS:
                    yield replace(place, field=_FIELDS.get(key, "property")), _words(value)

    def _metadata(self, place: Place) -> Iterator[tuple[Place, str]]:
        stream = self._pdf.Root.get("/Metadata")
        if isinstance(stream, pikepdf.Stream):
            tree = grow(unpacked(stream, Budget()), Budget()).root
            for element in [] if tree is None else tree.iter():
                name = local(element)
                for key, value in ((name, element.text), *element.attrib.items()):
                    if value and value.strip() and key.rpartition("}")[2] not in _OF_PROGRAMS:
                        yield replace(place, field="metadata"), value.strip()

    def _notes(self, place: Place) -> Iterator[tuple[Place, str]]:
        for page, note in self._annotations():
            flags = note.get("/F")
            hidden = isinstance(flags, int) and bool(flags & _HIDDEN)
            here = replace(place, page=page, hidden=hidden)
            kind = "form" if note.get("/Subtype") == "/Widget" else "note"
            for key in (*_FIELD_TEXTS, *_NOTE_TEXTS):
                yield replace(here, field=kind), _words(note.get(key))

    def _annotations(self) -> Iterator[tuple[int, pikepdf.Object]]:
        for number, page in enumerate(self._pdf.pages, 1):
            for note in _items(page.obj.get("/Annots")):
                if isinstance(note, pikepdf.Dictionary):
                    yield number, note

    def _form(self, place: Place) -> Iterator[tuple[Place, str]]:
        form = self._pdf.Root.get("/AcroForm")
        if isinstance(form, pikepdf.Dictionary):
            for field in _tree(form.get("/Fields"), "/Kids"):
                if field.get("/Subtype") != "/Widget":  # told with its page
                    for key in _FIELD_TEXTS:
                        yield replace(place, field="form"), _words(field.get(key))

    def _forms_in_xml(self, place: Place) -> Iterator[tuple[Place, pikepdf.Object]]:
        """Give the parts of a form of XFA (ISO 32000-1, 12.7.8), which are XML each."""
        form = self._pdf.Root.get("/AcroForm")
        packets = form.get("/XFA") if isinstance(form, pikepdf.Dictionary) else None
        for one in [packets] if isinstance(packets, pikepdf.Stream) else _items(packets):
            if isinstance(one, pikepdf.Stream):
                yield replace(place, field="form"), one

    def _outline(self, place: Place) -> Iterator[tuple[Place, str]]:
        top = self._pdf.Root.get("/Outlines")
        if isinstance(top, pikepdf.Dictionary):
            for entry in _tree(top.get("/First"), "/First", "/Next"):
                yield replace(place, field="outline"), _words(entry.get("/Title"))

    def _attachments(self, place: Place) -> Iterator[tuple[Place, pikepdf.Object]]:
        root = self._pdf.Root
        names = root.get("/Names")
        files: list[Any] = list(_items(root.get("/AF")))
        if isinstance(names, pikepdf.Dictionary):
            for node in _tree(names.get("/EmbeddedFiles"), "/Kids"):
                files += _items(node.get("/Names"))
        files += [note.get("/FS") for _, note in self._annotations()]
        files += [one for page in self._pdf.pages for one in _items(page.obj.get("/AF"))]
        given: set[tuple[int, int]] = set()
        for file in files:
            held = file.get("/EF") if isinstance(file, pikepdf.Dictionary) else None
            name = held and (_words(file.get("/UF")) or _words(file.get("/F")))
            for stream in held.values() if isinstance(held, pikepdf.Dictionary) else ():
                if isinstance(stream, pikepdf.Stream) and stream.objgen not in given:
                    given.add(stream.objgen)
                    yield inside.member(place, safe_name(name or "")), stream


def unpacked(stream: Any, budget: Budget) -> bytes:  # noqa: ANN401  pikepdf's classes are one
    """Return the content of a stream, counted before it is held.

    Raises:
        OverBudget: it is too large.
        what `FOREIGN` lists.
    """
    if stream.get("/Filter") == _FLATE and "/DecodeParms" not in stream:
        inflater = zlib.decompressobj()
        try:
            data = inflater.decompress(stream.read_raw_bytes(), budget.unpacked + 1)
        except zlib.error as error:
            raise ValueError from error
    else:
        data = stream.read_bytes()
    budget.spend_unpacked(len(data))
    return data


def _items(value: Any) -> Iterator[Any]:  # noqa: ANN401  what a hostile file put there
    if isinstance(value, pikepdf.Array):
        yield from value


def _tree(top: Any, *ways: str) -> Iterator[Any]:  # noqa: ANN401
    """Give the dictionaries of a tree, or of a list of trees, each once: it may bite its tail."""
    waiting = [top, *_items(top)]
    seen: set[tuple[int, int]] = set()
    for _ in range(_NODES):
        if not waiting:
            return
        one = waiting.pop()
        if not isinstance(one, pikepdf.Dictionary) or (one.is_indirect and one.objgen in seen):
            continue
        seen.add(one.objgen)
        yield one
        for way in ways:
            waiting += [one.get(way), *_items(one.get(way))]
    raise OverBudget


def _words(value: Any) -> str:  # noqa: ANN401
    """Return the text of a string, of a list of them, or of a text with its own markup."""
    if isinstance(value, pikepdf.String):
        text = str(value)
    elif isinstance(value, pikepdf.Array):
        text = "\n".join(str(one) for one in _items(value) if isinstance(one, pikepdf.String))
    elif isinstance(value, pikepdf.Stream):
        text = unpacked(value, Budget()).decode("utf-8", "replace")
    else:
        return ""
    if text.lstrip().startswith("<"):
        text = unescape(_TAG.sub(" ", text))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
