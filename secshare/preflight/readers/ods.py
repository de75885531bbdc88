"""OpenDocument spreadsheets: cells as they are kept, with what a program would have to unfold.

Not by python-calamine: a file of a few bytes may say "a million times the same row", and this is
where the budget can be asked first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.preflight.content import Part, Unread, Why
from secshare.preflight.readers import packages, trees
from secshare.preflight.readers.budget import OverBudget
from secshare.preflight.readers.tables import add_table
from secshare.preflight.readers.trees import is_text, local

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["read"]

_SPACE: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE: Final = _SPACE + "office:1.0}"
_TABLE: Final = _SPACE + "table:1.0}"
_TEXT: Final = _SPACE + "text:1.0}"
_STYLE: Final = _SPACE + "style:1.0}"
_CELLS: Final = frozenset(("table-cell", "covered-table-cell"))
_NUMBERS: Final = frozenset(("float", "currency", "percentage"))
_FIELDS: Final = {
    "meta.xml": "properties",
    "styles.xml": "header",
    "settings.xml": "properties",
}


def read(members: dict[str, bytes], place: Place, budget: Budget, content: Content) -> None:
    """Add the sheets of a file, and its comments, text boxes, headers and properties.

    Raises:
        OverBudget: more cells than `profiles.PREFLIGHT_CELLS`, repeated ones counted.
    """
    manifest = members.get("META-INF/manifest.xml", b"")
    if b"encryption-data" in manifest:
        content.unread.append(Unread(Why.ENCRYPTED, place))
        return
    tree = trees.grow(members["content.xml"], budget)
    tree.tell(place, content)
    if tree.rest.strip():
        content.parts.append(Part(place, tree.rest))
    if tree.root is not None:
        hidden = _hidden_styles(tree.root)
        counter = _Counter()
        for element in tree.root.iter():
            if local(element) == "table":
                at = replace(
                    place,
                    sheet=element.get(_TABLE + "name"),
                    hidden=element.get(_TABLE + "style-name") in hidden,
                )
                _Sheet(at, counter, content).add(element)
    for name, data in members.items():
        path, _, last = name.rpartition("/")
        inner = path.startswith("Object") and last in {"content.xml", "styles.xml"}
        if name in _FIELDS or inner:
            _part(data, replace(place, field=_FIELDS.get(name, "text box")), budget, content)
    packages.read_inside(members, "Pictures/", place, budget, content)


def _part(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    tree = trees.grow(data, budget)
    tree.tell(place, content)
    for element in tree.root.iter() if tree.root is not None else ():
        name = local(element)
        said = (element.text or "").strip()
        if name in {"title", "subject", "creator", "initial-creator"} and said:
            field = "title" if name in {"title", "subject"} else "author"
            at = replace(place, field=field, hidden=True)
            content.parts.append(Part(at, said, title=field == "title"))
        elif name in {"p", "h", "keyword", "description", "user-defined"} and (
            written := _written(element)
        ):
            content.parts.append(Part(place, written))
    if tree.rest.strip():
        content.parts.append(Part(place, tree.rest))


class _Counter:
    """Counts the cells of a file before they are unfolded."""

    def __init__(self) -> None:
        self.left = profiles.PREFLIGHT_CELLS

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise OverBudget


class _Sheet:
    """Turns one sheet into a table and parts."""

    def __init__(self, place: Place, counter: _Counter, content: Content) -> None:
        self._place = place
        self._counter = counter
        self._content = content
        self._rows: list[list[str]] = []
        self._blank = 0
        self._unseen: list[str] = []

    def add(self, table: Element) -> None:
        columns = _unseen_columns(table)
        for element in _outside_cells(table):
            name = local(element)
            if name == "table-row":
                self._row(element, columns)
            elif name in {"p", "h"} and (text := _written(element)):
                self._part(text, "text box")
        if self._unseen:
            at = replace(self._place, field="hidden rows", hidden=True)
            self._content.parts.append(Part(at, "\n".join(self._unseen)))
        if self._rows:
            add_table(self._rows, self._place, self._content)

    def _row(self, row: Element, columns: set[int]) -> None:
        cells: list[str] = []
        blank = 0
        for cell in row:
            if local(cell) not in _CELLS:
                continue
            times = _times(cell, _TABLE + "number-columns-repeated")
            text = self._cell(cell, len(cells) + blank)
            if not text:
                blank += times
                continue
            self._counter.spend(blank + times)
            cells += [""] * blank + [text] * times
            blank = 0
        times = _times(row, _TABLE + "number-rows-repeated")
        if not cells:
            self._blank += times
            return
        self._counter.spend(self._blank + len(cells) * (times - 1) + times)
        self._rows += [[]] * self._blank + [cells] * times
        self._blank = 0
        if row.get(_TABLE + "visibility") in {"collapse", "filter"}:
            self._unseen.append("  ".join(filter(None, cells)))
        elif unseen := [cells[at] for at in sorted(columns) if at < len(cells) and cells[at]]:
            self._unseen.append("  ".join(unseen))

    def _cell(self, cell: Element, column: int) -> str:
        lines = []
        for child in cell:
            name = local(child)
            if name == "annotation":
                where = f"{_letters(column)}{len(self._rows) + self._blank + 1}"
                self._part("\n".join(_paragraphs(child)), "comment", where)
            elif name in {"p", "h"}:
                lines.append(_written(child))
            elif is_text(child):
                self._part("\n".join(_paragraphs(child)), "text box")
        return _value(cell, "\n".join(lines)).strip()

    def _part(self, text: str, field: str, cell: str | None = None) -> None:
        if text.strip():
            at = replace(self._place, field=field, cell=cell)
            self._content.parts.append(Part(at, text.strip()))


def _value(cell: Element, shown: str) -> str:
    """Return what a cell holds: of a number or a day its value, not how it is shown."""
    kind = cell.get(_OFFICE + "value-type")
    if kind in _NUMBERS:
        value = cell.get(_OFFICE + "value") or shown
        try:
            number = float(value)
        except ValueError:
            return shown
        if number.is_integer() and abs(number) < 1e16:
            return str(int(number))
        return value
    if kind == "date":
        return (cell.get(_OFFICE + "date-value") or shown).removesuffix("T00:00:00")
    return shown or cell.get(_OFFICE + "string-value") or ""


def _written(element: Element) -> str:
    """Return a paragraph as it reads: blanks, tabs and line ends are elements."""
    said = element.text or ""
    for child in element:
        name = local(child)
        if name == "s":
            said += " " * min(_times(child, _TEXT + "c"), 1000)
        elif name == "tab":
            said += "\t"
        elif name == "line-break":
            said += "\n"
        elif is_text(child):
            said += _written(child)
        said += child.tail or ""
    return said


def _paragraphs(element: Element) -> list[str]:
    """Return the texts inside a comment or a shape, who wrote it too."""
    return [
        written
        for child in element.iter()
        if local(child) in {"p", "h", "creator", "title", "desc"} and (written := _written(child))
    ]


def _outside_cells(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, and what stands beside them, without going into rows."""
    for child in table:
        yield child
        if local(child) != "table-row" and is_text(child):
            yield from _outside_cells(child)


def _unseen_columns(table: Element) -> set[int]:
    unseen: set[int] = set()
    at = 0
    for element in _outside_cells(table):
        if local(element) == "table-column":
            times = _times(element, _TABLE + "number-columns-repeated")
            if element.get(_TABLE + "visibility") in {"collapse", "filter"}:
                unseen.update(range(at, min(at + times, profiles.EXPORT_COLUMNS)))
            at += times
    return unseen


def _hidden_styles(root: Element) -> set[str | None]:
    return {
        style.get(_STYLE + "name")
        for style in root.iter()
        if local(style) == "style"
        for child in style
        if local(child) == "table-properties" and child.get(_TABLE + "display") == "false"
    }


def _times(element: Element, name: str) -> int:
    """Return how often something is repeated; what is no number is once, as nobody wrote it."""
    value = element.get(name, "1")
    return max(int(value), 1) if value.isascii() and value.isdigit() and len(value) < 10 else 1


def _letters(column: int) -> str:
    letters = ""
    while column >= 0:
        letters, column = chr(ord("A") + column % 26) + letters, column // 26 - 1
    return letters
