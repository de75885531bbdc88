"""XML as a tree, whatever was done to it: no entity is fetched, none multiplies, no depth hurts.

What could be read before a fault is kept, and what stands after it is kept as plain text, so that
somebody's number in a damaged file still stops it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Comment, Element, TreeBuilder
from xml.parsers import expat

from secshare import profiles
from secshare.preflight.content import Unread, Why
from secshare.preflight.readers.budget import OverBudget
from secshare.preflight.readers.text import decoded

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["Tree", "grow", "is_text", "local"]

# An entity that names another is how a few bytes become gigabytes; nobody writes one in a document.
_NESTED: Final = re.compile("[&%][^#;&%\\s][^;&%\\s]*;")
_TAG: Final = re.compile("</?|/?>")  # not what is in it: attributes hold names


@dataclass(frozen=True, slots=True)
class Tree:
    """What an XML document holds.

    Attributes:
        root: names are `{namespace}local`, comments are `xml.etree` comments. None where not even
            the first element could be read.
        rest: after a fault, what stands there and behind it, each tag on a line of its own.
        why: that it could not be read to its end.
    """

    root: Element | None
    rest: str = ""
    why: Why | None = None

    def tell(self, place: Place, content: Content) -> None:
        """Add to `content` that the document could not be read to its end, if so."""
        if self.why is not None:
            content.unread.append(Unread(self.why, place))


def grow(data: bytes, budget: Budget) -> Tree:
    """Return the tree of an XML document. Nothing is raised but MemoryError.

    Entities that name entities, and elements nested beyond `profiles.PREFLIGHT_NESTING`, end the
    reading. A reference to something outside is passed over, and the document is `Why.BROKEN`:
    what it would have shown was not read.
    """
    grower = _Grower(budget)
    why: Why | None = None
    rest = ""
    try:
        grower.parser.Parse(data, True)
    except OverBudget:
        why = Why.TOO_LARGE
    except (expat.ExpatError, ValueError, LookupError):  # its syntax, its encoding
        why = Why.BROKEN
        rest = _rest(data, grower.at)
        try:
            budget.spend_characters(len(rest))
        except OverBudget:
            why, rest = Why.TOO_LARGE, ""
    if why is None and grower.outside:
        why = Why.BROKEN
    return Tree(grower.close(), rest, why)


def local(element: Element) -> str:
    """Return an element's name without its namespace; of a comment, an empty string."""
    return element.tag.rpartition("}")[2] if is_text(element) else ""


def is_text(element: Element) -> bool:
    """Say whether it is an element, and not a comment."""
    return isinstance(element.tag, str)


class _Grower:
    """Hands what expat reads to a tree builder, and stops it in time."""

    def __init__(self, budget: Budget) -> None:
        self.outside = False
        # Where the last thing that was read begins. Up to a fault, expat may have more in hand.
        self.at = 0
        self._budget = budget
        self._builder = TreeBuilder(insert_comments=True, comment_factory=Comment)
        self._open: list[str] = []
        self._started = False
        parser = self.parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = False  # what is in the buffer at a fault would be lost
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.CommentHandler = self._comment
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._external
        parser.SkippedEntityHandler = self._skipped
        # As if there were a document type somewhere else: then `&eacute;` is skipped, not an error,
        # and found in HTML's own table.
        parser.UseForeignDTD(True)
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE)

    def close(self) -> Element | None:
        """End what is still open, and return the root."""
        if not self._started:
            return None
        while self._open:
            self._builder.end(self._open.pop())
        return self._builder.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.at = self.parser.CurrentByteIndex
        if len(self._open) >= profiles.PREFLIGHT_NESTING:
            raise OverBudget
        self._budget.spend_characters(sum(map(len, attributes.values())) + len(attributes))
        tag = _named(name)
        self._builder.start(tag, {_named(key): value for key, value in attributes.items()})
        self._open.append(tag)
        self._started = True

    def _end(self, _name: str) -> None:
        self.at = self.parser.CurrentByteIndex
        self._builder.end(self._open.pop())

    def _data(self, text: str) -> None:
        self.at = self.parser.CurrentByteIndex
        self._budget.spend_characters(len(text))
        self._builder.data(text)

    def _comment(self, text: str) -> None:
        self._budget.spend_characters(len(text))
        if self._open:  # outside the root is what wrote the file
            self._builder.comment(text)

    def _entity(
        self,
        _name: str,
        parameter: bool,
        value: str | None,
        _base: str | None,
        _system: str | None,
        _public: str | None,
        _notation: str | None,
    ) -> None:
        if parameter or (value is not None and _NESTED.search(value)):
            raise ValueError

    def _external(
        self, context: str | None, _base: str | None, system: str | None, _public: str | None
    ) -> int:
        if context is not None:
            self.outside = True
        elif system is None:
            self.parser.ExternalEntityParserCreate(context).Parse(b"", True)
        return 1

    def _skipped(self, name: str, parameter: bool) -> None:
        if parameter:
            return
        known = html5.get(f"{name};")
        if known is None:
            self.outside = True
        else:
            self._data(known)


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def _rest(data: bytes, at: int) -> str:
    written = data[max(at, 0) :]
    text = decoded(written)
    return unescape(_TAG.sub("\n", written.decode("utf-8", "replace") if text is None else text))
