"""Reading XML of any kind: every text and every attribute, each with the name it stands under."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Part
from secshare.preflight.readers import inside, labels, stories, trees
from secshare.preflight.readers.trees import is_text, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["add_comments", "add_rest", "read", "written"]

_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
# Elements that stand within a line, and split no word: names that HTML, CDA and DocBook share.
_INLINE: Final = frozenset(
    [
        "a",
        "b",
        "i",
        "u",
        "em",
        "strong",
        "span",
        "sub",
        "sup",
        "font",
        "content",
        "emphasis",
        "small",
    ]
)
# Slots of a person in the metadata of an exchanged document: HL7 v2, segment PID.
_SLOT: Final = re.compile(r"PID-(3|5|7)\|(.+)", re.DOTALL)


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add an XML document. HL7 clinical documents are read as such (`cda`), wherever they stand.

    `<nom>DURAND</nom>` is the line `Nom : DURAND`, and so is `<p nom="DURAND"/>`. Comments are a
    part of their own, hidden. What stands after a fault is there as plain text.
    """
    from secshare.preflight.readers import cda

    tree = trees.grow(data, budget)
    tree.tell(place, content)
    add_rest(tree, place, content)
    if tree.root is None:
        return
    documents = cda.documents(tree.root)
    for document in documents:
        cda.add(document, place, budget, content)
    if documents:
        cda.add_wrapping(tree.root, place, content)
    elif (story := _story(tree.root)) is not None:
        for field, text, hidden in story.told():
            content.parts.append(Part(_at(place, field, hidden=hidden), text))
    else:
        body, packed = written(tree.root)
        for child in tree.root:
            if local(child).lower() in {"title", "titre"} and (child.text or "").strip():
                where = _at(place, "title")
                content.parts.append(Part(where, (child.text or "").strip(), title=True))
                break
        content.parts.append(Part(_at(place, "text"), body))
        for number, text in enumerate(packed, 1):
            found = inside.from_base64(text)
            if found is not None:
                inside.add(found, inside.member(place, f"document-{number}"), budget, content)
    add_comments(tree.root, place, content)


def _story(root: Element) -> stories.Story | None:
    """Return the text of an office document that is one XML file: Word 2003, flat OPC, flat ODF."""
    if local(root) in {"wordDocument", "package"}:
        return stories.word(root)
    if local(root) == "document" and root.tag.startswith(stories.ODF):
        return stories.open_document(root)
    return None


def add_rest(tree: trees.Tree, place: Place, content: Content) -> None:
    """Add what stands after a fault of a document, as it is."""
    if tree.rest.strip():
        content.parts.append(Part(_at(place, "text"), tree.rest))


def add_comments(root: Element, place: Place, content: Content) -> None:
    """Add the comments of a document, which nobody sees who opens it."""
    found = [element.text or "" for element in root.iter() if not is_text(element)]
    if text := "\n".join(comment.strip() for comment in found):
        content.parts.append(Part(_at(place, "comment", hidden=True), text))


def written(root: Element) -> tuple[str, list[str]]:
    """Return the lines that a tree says, and the base64 texts in it that are documents."""
    writer = _Writer()
    writer.walk(root, "", None)
    return "\n".join(writer.lines), writer.packed


class _Writer:
    """Turns elements into lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.packed: list[str] = []

    def walk(self, element: Element, above: str, carrier: str | None) -> None:
        """Write an element that stands in one called `above`, of somebody who is a `carrier`."""
        name = local(element)
        said = _called(name, above)
        if (pair := _pair(element)) is not None:
            self._line(labels.label(pair[0]), pair[1], carrier)
            return
        found = labels.role(name)
        if found and (len(element) or element.attrib):
            self.lines.append(found)  # as the heading of a form's section
        carrier = found or carrier
        self._attributes(element, said, carrier)
        children = [child for child in element if is_text(child)]
        if not children:
            self._line(said, "".join(element.itertext()) if len(element) else element.text, carrier)
        elif _mixed(element):
            self._line(said, "".join(_inline(element)), carrier)
            for child in element.iter():
                if child is not element and is_text(child):
                    self._attributes(child, labels.label(local(child)), carrier)
        else:
            for child in children:
                self.walk(child, said, carrier)

    def _attributes(self, element: Element, said: str, carrier: str | None) -> None:
        for key, value in element.attrib.items():
            if key.startswith(_INSTANCE):
                continue
            bare = key.rpartition("}")[2]
            self._line(
                said if bare.lower() in labels.GENERIC else labels.label(bare), value, carrier
            )

    def _line(self, said: str, text: str | None, carrier: str | None) -> None:
        text = (text or "").strip()
        if not text:
            return
        if inside.seems_document(text):
            self.packed.append(text)
            return
        if slot := _SLOT.fullmatch(text):
            said, text = _slot(slot)
            carrier = "Patient"
        if said == labels.BIRTH_DATE:
            text = labels.readable_date(text)
        if not said:
            self.lines.append(text)
            return
        before = f"{carrier}, " if carrier and carrier != "Patient" else ""
        self.lines.append(f"{before}{said} : {text}")


def _called(name: str, above: str) -> str:
    """Return what the text of an element is called; nothing where that is a piece of a page."""
    if name.lower() in labels.PROSE:
        return ""
    if name.lower() in labels.GENERIC:
        return above if labels.known(above) else ""
    return labels.label(name)


def _pair(element: Element) -> tuple[str, str] | None:
    """Return a name and a value, where one element holds both, as children, attributes or text."""
    if not len(element) and len(element.attrib) == 2 and not (element.text or "").strip():
        (key, name), (other, value) = sorted(
            element.items(), key=lambda item: item[0].lower() not in labels.NAMING
        )
        naming = key.lower() in labels.NAMING and other.lower() in labels.GENERIC
        return (name, value) if naming and name.strip() and value.strip() else None
    if not len(element) and len(element.attrib) == 1 and (element.text or "").strip():
        ((key, value),) = element.items()
        naming = key.lower() in labels.NAMING and local(element).lower() in labels.GENERIC
        return (value, element.text or "") if naming and value.strip() else None
    if len(element) != 2 or not all(is_text(child) and not len(child) for child in element):
        return None
    first, second = element
    named = local(first).lower() in labels.NAMING and local(second).lower() in labels.GENERIC
    name, value = (first.text or "").strip(), (second.text or "").strip()
    return (name, value) if named and name and value else None


def _mixed(element: Element) -> bool:
    """Say whether text stands between the children: then the whole is one text."""
    return bool((element.text or "").strip()) or any(
        (child.tail or "").strip() for child in element
    )


def _inline(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if is_text(child):
            apart = "" if local(child).lower() in _INLINE else " "
            yield "\n" if local(child).lower() == "br" else apart
            yield from _inline(child)
            yield apart
        yield child.tail or ""


def _slot(slot: re.Match[str]) -> tuple[str, str]:
    """Return how a slot is called, and what it says: components of HL7 v2 stand between `^`."""
    number, value = slot[1], slot[2]
    components = value.split("^")
    if number == "7":
        return labels.BIRTH_DATE, value
    if number == "5":
        return "Patient", " ".join(filter(None, components[:3]))
    return labels.label("nir"), components[0]


def _at(place: Place, field: str, *, hidden: bool = False) -> Place:
    return replace(place, field=field, hidden=hidden or place.hidden)
