"""Reading HTML: what a person sees, what is hidden in it, and the documents inside it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from secshare.preflight.content import Part, Unread, Why
from secshare.preflight.readers import inside
from secshare.preflight.readers.text import decoded

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["read", "read_text"]

_BLOCK_NAMES: Final = (
    "address article aside blockquote body br button caption center dd details dialog div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main "
    "nav ol option p pre section select summary table tbody textarea tfoot thead title tr ul"
)
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_CELLS: Final = frozenset({"td", "th"})
_VOID_NAMES: Final = "area base br col embed hr img input link meta param source track wbr"
_VOID: Final = frozenset(_VOID_NAMES.split())
# Elements that a browser never shows.
_UNSEEN: Final = frozenset({"script", "style", "template", "noscript", "datalist", "object"})
# Those that another of their kind ends, in the HTML that people write.
_SELF_ENDING: Final = frozenset({"p", "li", "td", "th", "tr", "option", "dt", "dd"})
_HIDING: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SEEN_ATTRIBUTES: Final = frozenset({"alt", "title", "placeholder", "label", "aria-label"})
_LINKS: Final = frozenset({"href", "src", "action", "data", "cite", "poster", "background"})
_REACHING: Final = re.compile(r"\s*(?:mailto|tel|sms):([^?]*)", re.IGNORECASE)
_DATA: Final = re.compile(r"\s*data:([^;,]*)((?:;[^;,]*)*),(.*)", re.IGNORECASE | re.DOTALL)
# Of other attributes, those that may be about a person: digits in a row, or an address.
_TELLING: Final = re.compile(r"@|\d(?:[ ./-]?\d){4}")
_META_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_HEAD: Final = 2048
_BLANKS: Final = re.compile(r"[ \f\v\r]+")
_BETWEEN_CELLS: Final = re.compile(r" ?\t[ \t]*")
# Where an element within a line ends and the next begins: a value against a label, `NomDurand`,
# `DURANDPrénom`, `1980Sexe`. What is written in pieces, `DUR` and `AND`, is one word.
_NEXT: Final = re.compile(
    r"(?:.?[a-zß-öø-ÿ]\|[A-ZÀ-Ý].?|[A-ZÀ-Ý]{2}\|[A-ZÀ-Ý][a-zß-öø-ÿ]|.?\d\|[A-ZÀ-Ý][a-zß-öø-ÿ]"
    r"|.?[a-zß-öø-ÿ]\|\d.?)",
    re.DOTALL,
)
_LAYOUT: Final = re.compile(r"[ \t\n]+")


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add an HTML document: its title, what is seen, what is not, and what is inside as `data:`."""
    text = _text(data)
    if text is None:
        content.unread.append(Unread(Why.UNKNOWN, place))
        return
    read_text(text, place, budget, content)


def read_text(text: str, place: Place, budget: Budget, content: Content) -> None:
    """Add HTML that is text already: the body of a mail.

    Scripts, styles, comments and hidden elements are a part of their own, hidden: what stands there
    leaves with the document.
    """
    budget.spend_characters(len(text))
    parser = _Reader()
    try:
        parser.feed(_closable(text))
        parser.close()
    except (ValueError, AssertionError):  # what the parser of the library says of broken markup
        content.unread.append(Unread(Why.BROKEN, place))
    for pieces, field, hidden, title in (
        (parser.title, "title", False, True),
        (parser.seen, "text", False, False),
        (parser.unseen, "hidden", True, False),
        (parser.comments, "comment", True, False),
    ):
        if written := _lines("".join(pieces)):
            where = replace(place, field=place.field or field, hidden=place.hidden or hidden)
            content.parts.append(Part(where, written, title))
    for number, link in enumerate(parser.documents, 1):
        _add_document(link, inside.member(place, f"document-{number}"), budget, content)


def _text(data: bytes) -> str | None:
    """Return the text: in the encoding that the page says, unless its bytes say otherwise."""
    said = _META_CHARSET.search(data[:_HEAD])
    if said and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = said[1].decode("ascii", "replace").lower()
        if name in {"iso-8859-1", "latin1", "latin-1", "us-ascii"}:
            name = "cp1252"  # what browsers read under these names (WHATWG Encoding)
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            pass
    return decoded(data)


def _closable(text: str) -> str:
    """Return the page with what opens a comment, a section or a tag and never ends as plain text.

    For each of them the library's parser looks for the end through all that follows: a page of
    nothing else would take it hours, where browsers take it for text or leave it out.
    """
    for opening, end in (("<!--", "-->"), ("<![", "]>"), ("<", ">")):
        last = text.rfind(end) + 1
        if opening in text[last:]:
            text = text[:last] + text[last:].replace(opening, "&lt;" + opening[1:])
    return text


def _lines(text: str) -> str:
    parted = _BETWEEN_CELLS.sub("\t", _BLANKS.sub(" ", text))
    return "\n".join(filter(None, (line.strip() for line in parted.split("\n"))))


def _add_document(link: re.Match[str], place: Place, budget: Budget, content: Content) -> None:
    packed = link[3]
    if "base64" in link[2].lower():
        data = inside.from_base64(unquote(packed))
    else:
        data = unquote(packed).encode()
    if data is None:
        content.unread.append(Unread(Why.BROKEN, place))
    elif data.strip():
        inside.add(data, place, budget, content)


class _Reader(HTMLParser):
    """Sorts a page into what is seen and what is not. No element costs more for being nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.seen: list[str] = []
        self.unseen: list[str] = []
        self.comments: list[str] = []
        self.documents: list[re.Match[str]] = []
        self._open: list[tuple[str, bool]] = []
        self._counted: Counter[str] = Counter()
        self._hiding = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SELF_ENDING and self._open and self._open[-1][0] == tag:
            self._pop()
        named = {name: value or "" for name, value in attrs}
        hiding = (
            tag in _UNSEEN
            or "hidden" in named
            or _HIDING.search(named.get("style", "")) is not None
            or (tag == "input" and named.get("type", "").lower() == "hidden")
        )
        if tag not in _VOID:
            self._open.append((tag, hiding))
            self._counted[tag] += 1
            self._hiding += hiding
            self._in_title = self._in_title or tag == "title"
        self._break(tag)
        self._attributes(tag, named, hidden=hiding or self._hiding > 0)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers take no notice of the slash in HTML

    def handle_endtag(self, tag: str) -> None:
        if self._counted[tag] > 0:
            while self._pop() != tag:
                pass
        self._break(tag)

    def handle_data(self, data: str) -> None:
        data = data.replace("\r\n", "\n").replace("\r", "\n")
        if self._hiding:
            self.unseen.append(data)
        elif self._in_title:
            self.title.append(data)
        else:
            preformatted = self._counted["pre"] > 0 or self._counted["textarea"] > 0
            if self.seen and _NEXT.fullmatch(f"{self.seen[-1][-2:]}|{data[:2]}"):
                self.seen.append(" ")  # two fields that a style sheet draws apart
            self.seen.append(data if preformatted else _LAYOUT.sub(" ", data))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data + "\n")

    def unknown_decl(self, data: str) -> None:
        self.comments.append(data + "\n")

    def handle_pi(self, data: str) -> None:
        self.comments.append(data + "\n")

    def updatepos(self, i: int, j: int) -> int:
        """Not count lines, which nobody asks for."""
        return j

    def _pop(self) -> str:
        tag, hiding = self._open.pop()
        self._counted[tag] -= 1
        self._hiding -= hiding
        if tag == "title":
            self._in_title = False
        return tag

    def _break(self, tag: str) -> None:
        """End the line before and after a block, and part the cells of a row."""
        pieces = self.unseen if self._hiding else self.seen
        if tag in _BLOCKS:
            pieces.append("\n")
        elif tag in _CELLS:
            pieces.append("\t")

    def _attributes(self, tag: str, named: dict[str, str], *, hidden: bool) -> None:
        shown = self.unseen if hidden else self.seen
        for name, value in named.items():
            if not value.strip():
                continue
            if name in _LINKS and (link := _DATA.fullmatch(value)):
                self.documents.append(link)
            elif name in _LINKS and (found := _REACHING.match(value)):
                shown.append(f"\n{unquote(found[1])}\n")
            elif name in _SEEN_ATTRIBUTES or (name == "value" and tag != "input"):
                shown.append(f" {value} ")
            elif name == "value":
                shown.append(f" {named.get('name', '')} : {value}\n" if hidden else f" {value} ")
            elif tag == "meta" and name == "content":
                self.unseen.append(f"\n{named.get('name', '')} : {value}\n")
            elif _TELLING.search(value) and name not in {"style", "class", "d", "points"}:
                told = unquote(value) if name in _LINKS else value
                self.unseen.append(f"\n{name.removeprefix('data-')} : {told}\n")
