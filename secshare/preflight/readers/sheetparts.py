"""What stands in an XLSX file outside its cells: comments, names, headers, properties, copies.

By the members' raw XML (ECMA-376), all of them: a kind of part that this does not know is read as
any other, so that nothing is passed over for being new.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Part
from secshare.preflight.readers import trees
from secshare.preflight.readers.trees import is_text, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["Workbook"]

# By the beginning of a member's path: how its place is called, and whether nobody sees it.
_FIELDS: Final[tuple[tuple[str, str, bool], ...]] = (
    ("xl/comments", "comment", False),
    ("xl/threadedComments/", "comment", False),
    ("xl/persons/", "comment", False),
    ("xl/drawings/", "text box", False),
    ("xl/charts/", "text box", False),
    ("xl/diagrams/", "text box", False),
    ("xl/tables/", "table", False),
    ("xl/pivotCache/", "pivot cache", True),
    ("xl/externalLinks/", "linked workbook", True),
    ("docProps/", "properties", True),
    ("", "properties", True),
)
# Cells and how they look: the table reader's, or nothing that anybody wrote.
_CELLS: Final = re.compile(
    r"xl/(?:workbook\.xml|sharedStrings\.xml|styles\.xml|calcChain\.xml|worksheets/[^/]*|metadata\.xml"
    r"|theme/.*|media/.*|embeddings/.*|printerSettings/.*|charts/(?:style|colors)\d*\.xml"
    r"|(?:chart)?worksheets/sheet[^/]*)|\[Content_Types\]\.xml|docProps/thumbnail.*"
)
_SPOKEN: Final = frozenset(
    ("v", "displayname", "descr", "title", "alt", "tooltip", "display", "name", "author", "string")
)
_PARAGRAPHS: Final = frozenset(("p", "si", "text"))
_NUMBERS: Final = re.compile(r"[\w.-]{0,3}")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]*(?:&quot;|\")[^<]*)<")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*)")
_COLUMNS: Final = re.compile(rb"<(?:\w+:)?col\b([^>]*)")
_HIDDEN: Final = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)")
_HIDDEN_ROWS: Final = 1_000  # rows told as hidden: a filter may hide all but a few of 100,000
_TITLES: Final = {"title": "title", "subject": "title", "creator": "author", "author": "author"}


class Workbook:
    """The parts of one workbook, and which rows and columns of its sheets nobody sees.

    Attributes:
        names: the sheets' names, by member.
        sheets: their XML, by member.
    """

    def __init__(
        self, members: dict[str, bytes], place: Place, budget: Budget, content: Content
    ) -> None:
        self._members = members
        self._place = place
        self._budget = budget
        self._content = content
        self._book = self._tree("xl/workbook.xml")
        targets = self._targets("xl/workbook.xml")
        found = self._book.iter() if self._book is not None else ()
        self.names: dict[str, str] = {}
        for element in found:
            if local(element) == "sheet":
                link = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                self.names[targets.get(link, "")] = element.get("name", "")
        self.names.pop("", None)
        self.sheets = {
            path: data
            for path, data in members.items()
            if path in self.names or (path.startswith("xl/worksheets/") and path.endswith(".xml"))
        }
        self._owners = {
            part: name for path, name in self.names.items() for part in self._related(path)
        }

    def read(self) -> None:
        """Add every part that is not cells. A damaged one is unread; the others stay."""
        self._names()
        for path, data in self.sheets.items():
            self._around(path, data)
        for path, data in self._members.items():
            if _CELLS.fullmatch(path) or path in self.sheets or not data.strip():
                continue
            if path.endswith(".rels"):
                self._links(path)
            elif data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t").startswith(b"<"):
                self._part(path)
            elif path.endswith(".bin") and "/printerSettings" not in path:
                self._strings(path, data)

    def add_hidden(self, at: Place, rows: list[list[str]], first: int, left: int) -> None:
        """Add what the hidden rows and columns of a sheet hold; `first` and `left` count from 0."""
        path = next((path for path, name in self.names.items() if name == at.sheet), None)
        if path is None or at.hidden:
            return
        xml = self.sheets.get(path, b"")
        if b"hidden" not in xml or not _HIDDEN.search(xml):
            return
        width = max(map(len, rows), default=0)
        unseen = set(_hidden(_ROW, xml, b"r"))
        columns = {
            column - left
            for low, high in _ranges(xml)
            for column in range(max(low - 1, left), min(high, width + left))
        }
        lines = (
            cells if number in unseen else [cells[at] for at in sorted(columns) if at < len(cells)]
            for number, cells in enumerate(rows, first + 1)
        )
        told = [line for cells in lines if (line := "  ".join(filter(None, cells)))]
        text = "\n".join(told[:_HIDDEN_ROWS])
        if text:
            place = replace(at, field="hidden rows", hidden=True)
            self._content.parts.append(Part(place, text))

    def _tree(self, path: str) -> Element | None:
        data = self._members.get(path)
        if data is None:
            return None
        tree = trees.grow(data, self._budget)
        tree.tell(self._place, self._content)
        if tree.rest.strip():
            self._content.parts.append(Part(self._place, tree.rest))
        return tree.root

    def _targets(self, path: str) -> dict[str, str]:
        """Return the members that a member is related to, by id."""
        folder, name = posixpath.split(path)
        data = self._members.get(f"{folder}/_rels/{name}.rels")
        root = trees.grow(data, self._budget).root if data else None
        if root is None:
            return {}
        return {
            element.get("Id", ""): posixpath.normpath(
                posixpath.join(folder, element.get("Target", ""))
            ).lstrip("/")
            for element in root.iter()
            if local(element) == "Relationship" and element.get("TargetMode") != "External"
        }

    def _related(self, path: str) -> set[str]:
        """Return the members related to a sheet, and those related to its drawings."""
        near = set(self._targets(path).values())
        return near | {further for part in near for further in self._targets(part).values()}

    def _names(self) -> None:
        lines = [
            f"{element.get('name', '')} : {element.text or ''}"
            for element in (self._book.iter() if self._book is not None else ())
            if local(element) == "definedName"
        ]
        self._add("\n".join(lines), "defined name", hidden=True)

    def _around(self, path: str, data: bytes) -> None:
        """Add what a sheet holds after its cells, and formulas that hold a text of their own."""
        sheet = self.names.get(path)
        end = max(data.rfind(b"sheetData>"), data.rfind(b"<sheetData/>"))
        after = data[end:].partition(b">")[2] if end >= 0 else b""
        said = "\n".join(_said(trees.grow(b"<x>" + _bare(after) + b"</x>", self._budget).root))
        self._add(said, "header", sheet=sheet)
        formulas = sorted(set(_FORMULA.findall(data)))
        text = b"\n".join(formulas).decode("utf-8", "replace").replace("&quot;", '"')
        self._budget.spend_characters(len(text))
        self._add(text, "formula", sheet=sheet, hidden=True)

    def _links(self, path: str) -> None:
        """Add the addresses that cells link to: `mailto:` holds one of somebody's."""
        root = self._tree(path)
        found = root.iter() if root is not None else ()
        links = [e.get("Target", "") for e in found if e.get("TargetMode") == "External"]
        if links:
            folder, name = posixpath.split(path)
            owner = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
            self._add("\n".join(links), "link", sheet=self.names.get(owner), hidden=True)

    def _part(self, path: str) -> None:
        root = self._tree(path)
        if root is None:
            return
        _, field, hidden = next(known for known in _FIELDS if path.startswith(known[0]))
        sheet = self._owners.get(path)
        if path == "docProps/core.xml":
            for element in root.iter():
                name = local(element)
                self._add(element.text or "", _TITLES.get(name, field), hidden=True)
        elif field == "comment" and sheet is not None:
            self._comments(root, sheet)
        else:
            self._add("\n".join(_said(root)), field, sheet=sheet, hidden=hidden)

    def _comments(self, root: Element, sheet: str) -> None:
        lines = [element for element in root.iter() if local(element) == "author"]
        self._add("\n".join(element.text or "" for element in lines), "comment", sheet=sheet)
        for element in root.iter():
            if local(element) in {"comment", "threadedComment"}:
                self._add(
                    "\n".join(_said(element)), "comment", sheet=sheet, cell=element.get("ref")
                )

    def _strings(self, path: str, data: bytes) -> None:
        """Add the texts of a binary part (XLSB): runs of letters in UTF-16."""
        runs = re.findall(rb"(?:[\x20-\x7e\xa0-\xff]\0){3,}", data)
        text = "\n".join(run.decode("utf-16-le") for run in runs)
        self._budget.spend_characters(len(text))
        field = next(known for known in _FIELDS if path.startswith(known[0]))[1]
        if "/worksheets/" not in path:
            self._add(text, field)

    def _add(
        self,
        text: str,
        field: str,
        *,
        sheet: str | None = None,
        cell: str | None = None,
        hidden: bool = False,
    ) -> None:
        if text.strip():
            place = replace(self._place, sheet=sheet, cell=cell, field=field, hidden=hidden)
            self._content.parts.append(Part(place, text.strip(), title=field == "title"))


def _said(root: Element | None) -> list[str]:
    """Return what somebody may read in a tree: a line for each paragraph, and named attributes."""
    lines: list[str] = []
    written = set[int]()
    for element in root.iter() if root is not None else ():
        if not is_text(element):
            continue
        if local(element) in _PARAGRAPHS and id(element) not in written:
            lines.append("".join(element.itertext()).strip())
            written.update(map(id, element.iter()))
        elif element.text and id(element) not in written:
            lines.append(element.text.strip())
        for key, value in element.attrib.items():
            if key.rpartition("}")[2].lower() in _SPOKEN and not _NUMBERS.fullmatch(value):
                lines.append(value.strip())
    return list(dict.fromkeys(filter(None, lines)))


def _bare(xml: bytes) -> bytes:
    """Return elements without the root's end, nor prefixes that were declared before the cut."""
    xml = xml.rpartition(b"</")[0]
    return re.sub(rb"(</?|\s)\w+:(?=[\w.-]+[\s=/>])", rb"\1", xml)


def _hidden(pattern: re.Pattern[bytes], xml: bytes, name: bytes) -> list[int]:
    number = re.compile(rb"\b" + name + rb"\s*=\s*[\"'](\d{1,7})[\"']")
    found = [number.search(tag) for tag in pattern.findall(xml) if _HIDDEN.search(tag)]
    return [int(one[1]) for one in found if one]


def _ranges(xml: bytes) -> list[tuple[int, int]]:
    head = xml.partition(b"sheetData")[0]
    lows, highs = (_hidden(_COLUMNS, head, name) for name in (b"min", b"max"))
    return list(zip(lows, highs, strict=False))[:_HIDDEN_ROWS]
