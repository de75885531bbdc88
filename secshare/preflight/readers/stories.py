"""What the XML of office documents says: lines that a reader sees, and what is hidden in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare.preflight.readers.pictures import A4_AREA
from secshare.preflight.readers.trees import is_text, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

__all__ = ["ODF", "Story", "open_document", "word"]

_PAGE_SHARE: Final = 0.5
_EMU: Final = 36_000.0  # English Metric Units in a millimetre: ECMA-376, 20.1.2.1
_UNITS: Final = {
    "mm": 1.0,
    "cm": 10.0,
    "in": 25.4,
    "pt": 25.4 / 72,
    "pc": 25.4 / 6,
    "px": 25.4 / 96,
}
_LENGTH: Final = re.compile(r"\s*([\d.]{1,12})\s*(mm|cm|in|pt|pc|px)")
_STYLE_SIZE: Final = re.compile(r"(width|height)\s*:\s*([\d.]{1,12}\s*[a-z]{2})")
_WHITE: Final = frozenset({"ffffff", "#ffffff", "white"})
_OFF: Final = frozenset({"0", "false", "off", "none"})
ODF: Final = "{urn:oasis:names:tc:opendocument"
_BREAKS: Final = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "line-break": "\n",
    "noBreakHyphen": "-",
}
_ENDS: Final = {"p": "\n", "tr": "\n", "txbxContent": "\n", "del": " ", "moveFrom": " "}
# What Word keeps of text and does not show, and what ends it. A number that was deleted with its
# runs is one again; the instructions of fields stand apart.
_UNSEEN_IN_WORD: Final = {"delText": "", "instrText": "\n", "delInstrText": "\n"}


@dataclass(slots=True)
class Story:
    """The text of one member, in the order of the file.

    Attributes:
        seen: what a reader sees; runs follow each other without blanks, as they do on paper.
        unseen: deleted, hidden or white text, names of fields, the authors of changes.
        aside: text by the field that a place has for it: `comment`, `footnote`.
        large: whether a picture covers half a page or more.
    """

    seen: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    aside: dict[str, list[str]] = field(default_factory=dict)
    large: bool = False

    def told(self) -> Iterator[tuple[str, str, bool]]:
        """Yield each text there is: what the field of its place is, the text, whether hidden."""
        asides = ((named, pieces, False) for named, pieces in self.aside.items())
        for named, pieces, hidden in (
            ("text", self.seen, False),
            *asides,
            ("text", self.unseen, True),
        ):
            if text := self.text(pieces):
                yield named, text, hidden

    def text(self, pieces: list[str]) -> str:
        """Return pieces as lines, without the empty ones."""
        lines = (re.sub(r" ?\t[ \t]*", "\t", line).strip() for line in "".join(pieces).split("\n"))
        return "\n".join(filter(None, lines))

    def picture(self, width: float, height: float) -> None:
        """Note a picture of this many millimetres."""
        self.large = self.large or width * height >= A4_AREA * _PAGE_SHARE


def word(root: Element) -> Story:
    """Return what a part of a WordprocessingML document says: body, header, notes, comments."""
    story = Story()
    _word(root, story.seen, story)
    return story


def _word(element: Element, pieces: list[str], story: Story) -> None:
    name = local(element)
    if name == "t":
        pieces.append(_blank(element.text))
    elif name in _UNSEEN_IN_WORD:
        story.unseen.append(_blank(element.text) + _UNSEEN_IN_WORD[name])
    elif name in _BREAKS:
        pieces.append(_BREAKS[name])
    elif name in {"inline", "anchor", "shape", "rect"}:
        _word_picture(element, name, story)
    elif name == "AlternateContent":
        element = _preferred(element)
    _word_attributes(element, name, story)
    into = story.unseen if _is_hidden_in_word(element, name) else pieces
    since = len(into)
    for one in element:
        if is_text(one):
            _word(one, into, story)
        else:
            story.unseen.append((one.text or "") + "\n")
    if name == "tc":
        _end_cell(into, since)
    elif name in _ENDS:
        into.append(_ENDS[name])
        story.unseen.append(_ENDS[name])


def _word_picture(element: Element, name: str, story: Story) -> None:
    """Note the size of a picture, not that of a text box or a chart, which are drawn alike."""
    inner = {local(one) for one in element.iter() if is_text(one)}
    if name in {"inline", "anchor"} and "blip" in inner and "txbxContent" not in inner:
        for one in element:
            if local(one) == "extent":
                story.picture(*(_number(one.get(side)) / _EMU for side in ("cx", "cy")))
    elif name in {"shape", "rect"} and "imagedata" in inner:
        sizes = dict(_STYLE_SIZE.findall(element.get("style") or ""))
        story.picture(_length(sizes.get("width")), _length(sizes.get("height")))


def _end_cell(pieces: list[str], since: int) -> None:
    """Part a cell from the next on the same line, unless it has several lines of its own.

    Labels one above the other in a cell, values one above the other in the next: on one line, the
    last label would stand before the first value.
    """
    while len(pieces) > since and not pieces[-1].strip(" \n"):
        pieces.pop()
    several = any("\n" in piece for piece in pieces[since:])
    pieces.append("\n" if several else "\t")


def _word_attributes(element: Element, name: str, story: Story) -> None:
    """Take the texts that stand in attributes: alternative texts, choices, authors, links."""
    for key, value in element.items():
        bare = key.rpartition("}")[2]
        if not value.strip():
            continue
        if bare in {"descr", "alt"} or (bare == "title" and name in {"docPr", "cNvPr", "shape"}):
            story.aside.setdefault("alternative text", []).append(value + "\n")
        elif bare in {"author", "initials", "displayText", "instr", "string", "fullDate"} or (
            bare == "val" and name in {"alias", "tag", "default", "result", "lvlText", "docVar"}
        ):
            story.unseen.append(value + "\n")


def _is_hidden_in_word(element: Element, name: str) -> bool:
    if name in {"moveFrom", "listItem"}:
        return True
    if name != "r":
        return False
    properties = next((one for one in element if is_text(one) and local(one) == "rPr"), None)
    if properties is None:
        return False
    for one in properties:
        value = next((v for k, v in one.items() if k.rpartition("}")[2] == "val"), "")
        if local(one) in {"vanish", "webHidden"} and value.lower() not in _OFF:
            return True
        if local(one) == "color" and value.lower() in _WHITE:
            return True
    return False


def _preferred(element: Element) -> Element:
    """Return the branch that a program of today shows; the other one says the same again."""
    branches = [one for one in element if is_text(one)]
    for one in branches:
        if local(one) == "Choice" and any((text or "").strip() for text in one.itertext()):
            return one
    return branches[-1] if branches else element.makeelement("none", {})


def open_document(root: Element) -> Story:
    """Return what a member of an OpenDocument text says: content, styles with their headers."""
    story = Story()
    _open(root, story.seen, story, _hiding_styles(root))
    return story


def _open(element: Element, pieces: list[str], story: Story, hiding: frozenset[str]) -> None:
    name = local(element)
    into = _open_place(element, name, pieces, story, hiding)
    since = len(into)
    if name == "frame" and any(local(one) == "image" for one in element):
        story.picture(*(_length(_attribute(element, side)) for side in ("width", "height")))
    elif name == "s":
        into.append(" " * min(int(_number(_attribute(element, "c")) or 1), 1000))
    elif name in _BREAKS:
        into.append(_BREAKS[name])
    _open_attributes(element, name, story)
    into.append(_blank(element.text))
    for one in element:
        if is_text(one):
            _open(one, into, story, hiding)
        else:
            story.unseen.append((one.text or "") + "\n")
        into.append(_blank(one.tail))
    if name in {"table-cell", "covered-table-cell"}:
        _end_cell(into, since)
    elif name in {"p", "h", "table-row", "annotation", "note-body", "creator", "initials"}:
        into.append("\n")


def _open_place(
    element: Element, name: str, pieces: list[str], story: Story, hiding: frozenset[str]
) -> list[str]:
    """Return where the text of an element goes."""
    if name in {"tracked-changes", "hidden-text", "hidden-paragraph", "script"}:
        return story.unseen
    if name == "annotation":
        return story.aside.setdefault("comment", [])
    if name == "note-body":
        return story.aside.setdefault("footnote", [])
    if name in {"title", "desc"} and element.tag.startswith(ODF):
        return story.aside.setdefault("alternative text", [])
    if _attribute(element, "style-name") in hiding or _attribute(element, "display") == "none":
        return story.unseen
    return pieces


def _open_attributes(element: Element, name: str, story: Story) -> None:
    for key, value in element.items():
        bare = key.rpartition("}")[2]
        if (
            bare in {"string-value", "current-value", "label", "hyperlink-target"}
            or (
                bare == "value" and name in {"text", "textarea", "option", "item", "formatted-text"}
            )
            or (bare == "href" and value.startswith(("mailto:", "tel:", "http")))
        ):
            story.unseen.append(value + "\n")


def _hiding_styles(root: Element) -> frozenset[str]:
    """Return the names of automatic styles whose text nobody sees."""
    found = set()
    for style in root.iter():
        if not is_text(style) or local(style) != "style":
            continue
        for one in style:
            if not is_text(one) or local(one) != "text-properties":
                continue
            shown = _attribute(one, "display")
            if shown == "none" or (_attribute(one, "color") or "").lower() in _WHITE:
                found.add(_attribute(style, "name") or "")
    return frozenset(found - {""})


def _attribute(element: Element, name: str) -> str | None:
    return next((v for k, v in element.items() if k.rpartition("}")[2] == name), None)


def _blank(text: str | None) -> str:
    """Return a text whose line ends only lay out the XML."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _length(text: str | None) -> float:
    found = _LENGTH.match(text or "")
    if found is None:
        return 0.0
    return _number(found[1]) * _UNITS[found[2]]


def _number(text: str | None) -> float:
    try:
        return abs(float(text or 0))
    except ValueError:
        return 0.0
