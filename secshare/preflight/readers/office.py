"""Reading DOCX and ODT by their XML: every member, so that no corner of a document is missed.

Libraries for these formats read what a page shows first; of 14 places in a DOCX where an identifier
can sit, the best known misses 10.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.preflight.content import Part, Unread, Why
from secshare.preflight.readers import inside, stories, trees
from secshare.preflight.readers.members import opened
from secshare.preflight.readers.trees import is_text, local
from secshare.preflight.readers.xml import add_rest, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget
    from secshare.preflight.readers.members import Members

__all__ = ["read_docx", "read_odt"]

# The parts that hold text, and what their places are called. The first that fits.
_WORD: Final = (
    (re.compile(r"word/document\d*\.xml"), "text"),
    (re.compile(r"word/header\d*\.xml"), "header"),
    (re.compile(r"word/footer\d*\.xml"), "footer"),
    (re.compile(r"word/(footnotes|endnotes)\d*\.xml"), "footnote"),
    (re.compile(r"word/comments\w*\.xml"), "comment"),
    (re.compile(r"word/glossary/\w+\.xml"), "glossary"),
    (re.compile(r"word/numbering\d*\.xml"), "list"),
)
_OPEN: Final = (
    (re.compile(r"(.*/)?content\.xml"), "text"),
    (re.compile(r"(.*/)?styles\.xml"), "header"),
)
# Members without a text of anybody: formats, fonts, colours, printers, macros, a small picture.
_NOTHING: Final = re.compile(
    r"\[Content_Types\]\.xml|mimetype|META-INF/.*|.*/(fontTable|webSettings|styles|stylesWithEffects)"
    r"\.xml|.*/theme/.*|.*\.(odttf|ttf|obfuscated)|.*vbaProject\.bin(\.rels)?|.*vbaData\.xml|"
    r".*printerSettings\d*\.bin|docProps/thumbnail\..*|Thumbnails/.*|Configurations2/.*|"
    r"customXml/itemProps\d*\.xml|manifest\.rdf|layout-cache|Basic/.*|Scripts/.*|.*activeX\d*\.bin|"
    r"ObjectReplacements/.*",
    re.IGNORECASE,
)
_MEDIA: Final = re.compile(
    r"(?i).*\.(png|jpe?g|gif|bmp|tiff?|emf|wmf|svgz|wdp|webp|jfif|heic|svm)$"
)
_TITLES: Final = frozenset({"title"})
_AUTHORS: Final = frozenset({"creator", "lastModifiedBy", "initial-creator", "manager", "author"})
# Of the settings: values that a document computes with, and where letters take their names from.
_SETTINGS: Final = frozenset({"docVar", "mailMerge", "query", "connectString", "dataSource"})


def read_docx(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add a DOCX: text, headers, notes, comments, deleted text, properties, documents within it.

    A place says which part it is by its `field`. A picture that covers half a page, or a document
    of nothing but pictures, is `Why.SCAN`. Macros are not read: they are no text of a letter.
    """
    members = opened(data, place, budget, content)
    if members is not None:
        _Office(place, budget, content, _WORD, stories.word).read(members)


def read_odt(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add an OpenDocument text, as `read_docx` does a DOCX."""
    members = opened(data, place, budget, content)
    if members is None:
        return
    manifest = members.named("META-INF/manifest.xml")
    if manifest is not None and b"encryption-data" in manifest:
        content.unread.append(Unread(Why.ENCRYPTED, place))
        return
    _Office(place, budget, content, _OPEN, stories.open_document).read(members)


class _Office:
    """Reads one office file, whichever its two kinds of XML."""

    def __init__(
        self,
        place: Place,
        budget: Budget,
        content: Content,
        parts: tuple[tuple[re.Pattern[str], str], ...],
        story: Callable[[Element], stories.Story],
    ) -> None:
        self._place = place
        self._budget = budget
        self._content = content
        self._parts = parts
        self._story = story
        self._letters = 0
        self._large = False
        self._pictures = 0

    def read(self, members: Members) -> None:
        """Add every member."""
        for name, entry in members.each():
            if self._field(name) is None and _NOTHING.fullmatch(name):
                continue
            if _MEDIA.fullmatch(name):
                self._pictures += 1
                continue
            data = members.data(entry)
            if data is None or not data.strip():
                continue
            if name.lower().endswith((".xml", ".rels")):
                self._xml(name, data)
            else:
                inside.add(data, inside.member(self._place, name), self._budget, self._content)
        few = self._letters < profiles.PREFLIGHT_PAGE_CHARACTERS
        if self._large or (self._pictures and few):
            self._content.unread.append(Unread(Why.SCAN, self._place))

    def _field(self, name: str) -> str | None:
        """Return what the places of a part with text are called; None of any other member."""
        return next((said for pattern, said in self._parts if pattern.fullmatch(name)), None)

    def _xml(self, name: str, data: bytes) -> None:
        tree = trees.grow(data, self._budget)
        tree.tell(inside.member(self._place, name), self._content)
        add_rest(tree, self._place, self._content)
        if tree.root is None:
            return
        if (field := self._field(name)) is not None:
            self._told(tree.root, field)
        elif name.endswith(".rels"):
            self._links(tree.root)
        elif name.startswith("docProps/") or name.endswith("meta.xml"):
            self._properties(tree.root)
        elif name.endswith("settings.xml"):
            self._settings(tree.root)
        else:  # custom XML, charts, diagrams, forms, people: whatever else there may be
            body, packed = written(tree.root)
            self._add(body, "data", hidden=not name.startswith(("word/charts/", "word/diagrams/")))
            for number, text in enumerate(packed, 1):
                if (found := inside.from_base64(text)) is not None:
                    where = inside.member(self._place, f"{name}-{number}")
                    inside.add(found, where, self._budget, self._content)

    def _told(self, root: Element, field: str) -> None:
        story = self._story(root)
        self._letters += len(story.text(story.seen))
        self._large = self._large or story.large
        for aside, text, hidden in story.told():
            named = field if aside == "text" else aside
            self._add(text, named, hidden=hidden or field in {"glossary", "list"})

    def _links(self, root: Element) -> None:
        targets = [one.get("Target") or "" for one in root if one.get("TargetMode") == "External"]
        self._add("\n".join(re.sub("^(mailto|tel):", "", target) for target in targets), "link")

    def _properties(self, root: Element) -> None:
        """Add title, authors and the rest; of the title, the field says that it is one."""
        for one in root.iter():
            text = (one.text or "").strip()
            if not is_text(one) or not text:
                continue
            if local(one) in _TITLES:
                where = replace(self._place, field="title")
                self._content.parts.append(Part(where, text, title=True))
            elif local(one) in _AUTHORS:
                self._add(text, "author", hidden=True)
            elif not text.isdigit() or len(text) > 8:  # counts of pages, words, characters
                self._add(text, "property", hidden=True)

    def _settings(self, root: Element) -> None:
        values = [
            value
            for one in root.iter()
            if is_text(one) and local(one) in _SETTINGS
            for value in one.attrib.values()
        ]
        self._add("\n".join(values), "data", hidden=True)

    def _add(self, text: str, field: str, *, hidden: bool = False) -> None:
        if text.strip():
            where = replace(self._place, field=field, hidden=hidden or self._place.hidden)
            self._content.parts.append(Part(where, text))
