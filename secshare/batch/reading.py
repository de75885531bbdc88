"""A manifest's rows as its file holds them, one at a time: nothing is read whole but a workbook."""

from __future__ import annotations

import codecs
import csv
import io
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from secshare import files, profiles
from secshare.batch.columns import field_of, names_line
from secshare.errors import InputUnreadable, ManifestInvalid, RecipientDataInvalid
from secshare.files import csvtext
from secshare.recipients.headers import SEPARATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from secshare.batch.cells import Cell
    from secshare.errors import SecshareError
    from secshare.files import Source

__all__ = ["Raw", "Rows", "digest_of", "no_names", "opened", "refused"]

_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 16  # characters in which the line of column names is looked for
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_CP1252: Final = re.compile(rb"[\x00\x81\x8d\x8f\x90\x9d]")


class Raw(NamedTuple):
    """One row that is not blank.

    Attributes:
        number: as a spreadsheet numbers it.
        error: why it is not read, if it is not; nor is what follows it in a text, where the place
            at which the next one begins is not known.
        done: how much was read by then, of `Rows.total`: characters or rows.
    """

    number: int
    cells: Sequence[Cell]
    done: int
    error: SecshareError | None = None


class Rows(NamedTuple):
    """What a manifest holds.

    Attributes:
        digest: SHA-256 of the file, in hexadecimal.
        header: the line of column names, the first of `rows`.
        most: rows that a manifest of its kind may have.
    """

    digest: str
    total: int
    most: int
    header: Raw
    rows: Iterator[Raw]


@contextmanager
def opened(path: Path) -> Iterator[Rows]:
    """Open a manifest, CSV or a workbook, by what it is and not by its name.

    Raises:
        InputUnreadable: missing, not regular, empty; or it changed while it was read.
        ManifestInvalid: too large, in no encoding we know, without a line of column names.
    """
    with files.open_source(path) as source:
        with files.reading(path):
            source.file.watch()
            begins = source.file.read(8)
        if begins.startswith(_OLE):
            raise refused("manifest.old_workbook", path)
        if begins.startswith(_ZIP):
            from secshare.batch import sheets

            with files.reading(path):
                rows = sheets.read(source)
            yield rows
        else:
            with _text(source) as rows:
                yield rows
        source.check_unchanged()


@contextmanager
def _text(source: Source) -> Iterator[Rows]:
    with files.reading(source.path):
        encoding, digest = _looked_through(source)
    buffer = io.BufferedReader(source.file, _CHUNK)
    text = io.TextIOWrapper(buffer, encoding, "strict", newline="")
    try:
        with files.reading(source.path):
            rows = _csv(source, text, encoding, digest)
        yield rows
    finally:
        text.detach()
        buffer.detach()  # the descriptor is the source's to close
    if source.file.seen(source.size) not in {None, digest}:
        raise InputUnreadable("files.changed", path=source.path)


def digest_of(source: Source) -> str:
    """Return the SHA-256 of a file that was just read, in hexadecimal.

    Raises:
        InputUnreadable: it is shorter or longer than when it was opened.
    """
    found = source.file.seen(source.size)
    if found is None:
        raise InputUnreadable("files.changed", path=source.path)
    return found


def refused(key: str, path: Path, **fields: object) -> ManifestInvalid:
    """Return what says that a manifest cannot be read at all: no row of it is to blame."""
    return ManifestInvalid(key, path=path.name, count=0, problems=(), **fields)


def no_names(path: Path, row: int | None) -> ManifestInvalid:
    """Return what says that a manifest does not begin with the names of its columns.

    Args:
        row: the line further down that has them, under a title or a blank line.
    """
    if row is None:
        return refused("manifest.headers", path)
    return refused("manifest.headers_below", path, row=row)


def _looked_through(source: Source) -> tuple[str, str]:
    """Return a text's encoding, as `csvtext.decoded` tells it, and its digest. Nothing is kept."""
    source.file.seek(0)
    wide = utf_8 = cp1252 = True
    decoder: codecs.IncrementalDecoder | None = None
    while chunk := source.file.read(_CHUNK):
        if decoder is None:
            wide = chunk.startswith(_MARKS)
            decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")()
        cp1252 = cp1252 and not wide and not _NOT_CP1252.search(chunk)
        utf_8 = utf_8 and _decodes(decoder, chunk)
    utf_8 = utf_8 and decoder is not None and _decodes(decoder, b"", final=True)
    if not (utf_8 or cp1252):
        raise refused("manifest.encoding", source.path)
    return ("utf-16" if wide else "utf-8-sig") if utf_8 else "cp1252", digest_of(source)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        return "\0" not in decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False


class _Lines:
    """The lines of a text, no row of them longer than memory is meant for."""

    def __init__(self, text: io.TextIOWrapper, path: Path) -> None:
        self._text = text
        self._path = path
        self.held = 0
        self.done = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(profiles.MANIFEST_LINE + 1)
        except OSError as error:
            raise files.input_trouble(error, self._path) from error
        except UnicodeDecodeError as error:  # it was another text a moment ago
            raise InputUnreadable("files.changed", path=self._path) from error
        if not line:
            raise StopIteration
        self.held += len(line)
        self.done += len(line)
        if self.held > profiles.MANIFEST_LINE:
            raise _TooLong
        return line


class _TooLong(Exception):
    """A row is longer than `profiles.MANIFEST_LINE`."""


def _csv(source: Source, text: io.TextIOWrapper, encoding: str, digest: str) -> Rows:
    text.seek(0)
    stated, _ = csvtext.stated_separator(text.readline(_HEAD))
    if stated is None:
        text.seek(0)
    head = text.read(_HEAD)
    separator = stated or max(SEPARATORS, key=lambda each: len(_known(head, each)))
    if not _known(head, separator):
        raise no_names(source.path, _names_line(head))
    text.seek(0)
    if stated:
        text.readline()
    rows = _rows(text, separator, source.path)
    header = next(rows)
    if header.error is not None or len(header.cells) > profiles.MANIFEST_COLUMNS:
        raise refused("manifest.headers", source.path)
    total = source.size // 2 if encoding == "utf-16" else source.size
    return Rows(digest, total, profiles.MANIFEST_ROWS, header, rows)


def _known(head: str, separator: str) -> list[str]:
    try:
        names = next(csvtext.rows(head, separator), [])
    except csv.Error:
        return []
    return [name for name in names if field_of(name)]


def _names_line(head: str) -> int | None:
    """Return the line of a text that has the names of columns, by whichever separator."""
    for separator in SEPARATORS:
        with suppress(csv.Error):
            found = names_line(enumerate(csvtext.rows(head, separator), start=1))
            if found is not None:
                return found
    return None


def _rows(text: io.TextIOWrapper, separator: str, path: Path) -> Iterator[Raw]:
    """Yield the rows; the first that cannot be told from what follows it is the last."""
    lines = _Lines(text, path)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        lines.held = 0
        error: SecshareError | None = None
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLong:
            error = ManifestInvalid("manifest.row_long")
        except csv.Error as fault:
            long = "field larger" in str(fault)
            error = (
                ManifestInvalid("manifest.row_long")
                if long
                else RecipientDataInvalid("recipients.row_quotes")
            )
        if error is not None or any(cell and not cell.isspace() for cell in cells):
            yield Raw(number, cells, lines.done, error)
        if error is not None:
            return
