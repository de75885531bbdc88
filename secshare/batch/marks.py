"""What the tags of a sheet tell that its cells do not, once the library has read them.

A sheet is told strictly: rows and cells in their order and their places, each once, each with one
value. Any other is no spreadsheet's, and what one program shows of it another may not read.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat

from secshare import profiles
from secshare.batch.reading import refused
from secshare.batch.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Marks", "SheetTags", "TextTags", "local", "parse", "parser", "space"]


class Marks(NamedTuple):
    """What the cells of one sheet do not tell by themselves.

    Attributes:
        spoilt: by row, from 1, and by column, from 0: what stands for an error of the
            spreadsheet's, or for a formula that was never worked out.
        hidden: rows that a filter hides, or a person; those with cells.
        hidden_columns: from 0.
    """

    spoilt: dict[int, dict[int, str]]
    hidden: set[int]
    hidden_columns: set[int]


_SEEN: Final = 1.0  # points of a row, digits of a column: in less, nobody reads anything
_SHOWN: Final = frozenset(("", "0", "false"))
_DATA, _ROW, _CELL, _VALUE = 1, 2, 3, 4  # how deep they stand


class SheetTags:
    """Marks what is to know of a sheet while its tags go by.

    Raises:
        ManifestInvalid: a cell lies where no manifest has one.
        ValueError: no sheet, or one that two programs may read in two ways.
    """

    def __init__(self, path: Path) -> None:
        self._marks = Marks(defaultdict(dict), set(), set())
        self._path = path
        self._parser = parser(self._begin, self._end)
        self._parser.CharacterDataHandler = self._said
        self._parser.StartCdataSectionHandler = self._apart
        self._parser.CommentHandler = self._apart
        self._parser.ProcessingInstructionHandler = self._apart
        self._space = ""
        self._texts = Texts("")
        self._depth = 0
        self._places: dict[str, int] = {}
        self._in_data = self._read = False
        self._row, self._column = 0, -1
        self._row_hidden = self._formula = self._valued = self._value = False
        self._kind = self._inside = ""
        self._ends = -1  # which byte the last piece of a value ends before
        self._columns: dict[str, int] = {}
        self._rows_unseen = self._columns_unseen = False
        self._columns_sized: set[int] = set()

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Read a piece of the sheet."""
        parse(self._parser, chunk, last=last)

    def marks(self) -> Marks:
        """Return what was marked, at the end."""
        if self._columns_unseen:
            every = range(profiles.MANIFEST_COLUMNS)
            self._marks.hidden_columns.update(set(every) - self._columns_sized)
        return self._marks

    def _begin(self, tag: str, said: dict[str, str]) -> None:
        depth, self._depth = self._depth, self._depth + 1
        if not self._in_data:
            self._around(tag, depth, said)
        elif depth <= _VALUE:
            if self._places.get(tag) != depth:
                raise ValueError("something else between the cells")
            if depth == _CELL:
                self._cell(said)
            elif depth == _VALUE:
                self._begin_value(tag)
            else:
                self._begin_row(said)
        elif self._inside == "is":
            self._texts.begin(tag, said)
        else:
            raise ValueError("a tag in a value, which the library takes for a part of it, or not")

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if not self._in_data:
            return
        if self._depth > _VALUE:
            self._texts.end(tag)
        elif self._depth == _VALUE:
            self._check_ends()
            self._inside, self._ends = "", -1
        elif self._depth == _CELL:
            if self._formula and not self._value:
                self._spoil("=")
        elif self._depth == _DATA:
            self._in_data = False

    def _around(self, tag: str, depth: int, said: dict[str, str]) -> None:
        if depth == 0:
            self._space = space(tag)
            self._texts = Texts(self._space)
            within = {"sheetFormatPr": 1, "cols": 1, "col": 2, "sheetData": _DATA, "row": _ROW}
            within |= {"c": _CELL, "f": _VALUE, "v": _VALUE, "is": _VALUE}
            self._places = {self._space + name: depth for name, depth in within.items()}
            return
        name = local(tag)
        if name == "sheetData":  # the library takes the first, in whatever it stands
            if self._read or self._places.get(tag) != depth:
                raise ValueError("cells in two places")
            self._in_data = self._read = True
        elif tag == self._space + "sheetFormatPr" and depth == 1:
            # Not `zeroHeight`: it hides the rows that are not there, those with cells are.
            self._columns_unseen = _small(said, "defaultColWidth")
            self._rows_unseen = _small(said, "defaultRowHeight") and _is_set(said, "customHeight")
        elif tag == self._space + "col":
            columns = range(_number(said["min"]) - 1, _number(said["max"]))
            columns = columns[: profiles.MANIFEST_COLUMNS]
            if "width" in said:
                self._columns_sized.update(columns)
            if _unseen(said, "width"):
                self._marks.hidden_columns.update(columns)

    def _begin_row(self, said: dict[str, str]) -> None:
        # A row or a cell that does not say where it is follows the one before.
        row = _number(said["r"]) if "r" in said else self._row + 1
        if row <= self._row:
            raise ValueError("a row twice, or out of its order")
        self._row, self._column = row, -1
        self._row_hidden = _unseen(said, "ht") or (self._rows_unseen and "ht" not in said)

    def _cell(self, said: dict[str, str]) -> None:
        row, column = self._row, self._column + 1
        if "r" in said:
            letters = said["r"].rstrip("0123456789")
            row = _number(said["r"][len(letters) :])
            if letters not in self._columns:
                self._columns[letters] = _column(letters)
            column = self._columns[letters]
        if row > 2 * profiles.MANIFEST_SHEET_ROWS or column >= profiles.MANIFEST_COLUMNS:
            raise refused("manifest.sheet_large", self._path, most=profiles.MANIFEST_SHEET_ROWS)
        if row != self._row:
            raise ValueError("a cell of another row")
        if column <= self._column:
            raise ValueError("a cell twice, or out of its order")
        self._column = column
        if self._row_hidden:
            self._marks.hidden.add(row)
        self._formula = self._valued = self._value = False
        self._kind = said.get("t", "")
        if self._kind == "e":
            self._spoil("#N/A")

    def _begin_value(self, tag: str) -> None:
        if self._valued:  # the library takes the last, and nothing where that is a formula
            raise ValueError("two values, or a formula behind one")
        if tag == self._space + "f":
            self._formula = True
            return
        # Programs that work nothing out write an empty value. Text may well be empty.
        self._valued, self._value = True, self._kind == "str"
        self._inside = local(tag)
        if self._inside == "is":
            self._texts.begin_one()

    def _said(self, text: str) -> None:
        if not self._inside:
            return
        self._value = True
        if (self._inside == "is") != (self._kind == "inlineStr"):
            raise ValueError("a value that is not where its kind has it")
        if self._kind == "s" and not (text.isascii() and text.isdigit()):
            raise ValueError("no number of a text: the library would take the first")
        if self._inside == "v" and self._kind != "str":
            self._check_ends()
            self._ends = self._parser.CurrentByteIndex + len(text)

    def _check_ends(self) -> None:
        """Check that a value goes on, or ends, where its last piece did.

        Where one of our own chunks ends, it does; behind a reference (`&#48;`) it does not.
        """
        if self._ends not in {-1, self._parser.CurrentByteIndex}:
            raise ValueError("a value in pieces, of which the library takes the first")

    def _apart(self, *_said: str) -> None:
        if self._inside == "v":
            raise ValueError("a value in a section or around a comment, which is cut there")

    def _spoil(self, stands: str) -> None:
        self._marks.spoilt[self._row][self._column] = stands


class TextTags:
    """Lets the texts go by that the cells share, of which the library takes the number of each.

    Raises:
        ValueError: there is more than a spreadsheet shows.
    """

    def __init__(self) -> None:
        self._parser = parser(self._begin_first)

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Read a piece of them."""
        parse(self._parser, chunk, last=last)

    def _begin_first(self, tag: str, said: dict[str, str]) -> None:
        texts = Texts(space(tag))
        texts.begin(tag, said)
        self._parser.StartElementHandler = texts.begin
        self._parser.EndElementHandler = texts.end


# --- XML ----------------------------------------------------------------------------------------


def parser(
    begin: Callable[[str, dict[str, str]], object], end: Callable[[str], object] | None = None
) -> expat.XMLParserType:
    """Return what reads XML as the library does: UTF-8, without entities of its own.

    Names come with their namespace before them. The library does not look at that; a spreadsheet
    passes over what is of another.
    """
    made = expat.ParserCreate("utf-8", " ")
    made.StartElementHandler = begin
    made.EndElementHandler = end
    made.StartDoctypeDeclHandler = _doctype
    return made


def parse(reader: expat.XMLParserType, chunk: bytes, *, last: bool = False) -> None:
    """Read a piece of a part."""
    if b"\0" in chunk:  # UTF-16, which expat would take whatever it was told, the library not
        raise ValueError("not in UTF-8")
    reader.Parse(chunk, last)


def local(tag: str) -> str:
    """Return a name without its namespace."""
    return tag[tag.rfind(" ") + 1 :]


def space(tag: str) -> str:
    """Return the namespace of a name, as it stands before it."""
    return tag[: tag.rfind(" ") + 1]


def _doctype(*_said: object) -> None:
    raise ValueError("a document type: no spreadsheet writes one")


def _unseen(said: dict[str, str], size: str) -> bool:
    return _is_set(said, "hidden") or _small(said, size)


def _small(said: dict[str, str], size: str) -> bool:
    return size in said and float(said[size]) < _SEEN


def _is_set(said: dict[str, str], name: str) -> bool:
    return said.get(name, "").strip() not in _SHOWN


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
        raise ValueError("no number of a row")
    return int(digits)


def _column(letters: str) -> int:
    if not (letters.isascii() and letters.isalpha() and len(letters) < 5):
        raise ValueError("no name of a column")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1
