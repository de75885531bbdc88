"""Reading a manifest: every error of its own text by row and column, or shares to be made.

What depends on the practice or on the disk (somebody unknown or opposed, a document that is not
there) is not the manifest's: it is each share's, and stops no other.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.batch import reading, rows
from secshare.batch.cells import Place
from secshare.batch.columns import read_columns
from secshare.batch.drafting import Draft, Fault, draft
from secshare.batch.paths import as_on_disk
from secshare.batch.repeated import Repeated
from secshare.batch.wanted import Wanted
from secshare.errors import ManifestInvalid
from secshare.model import SealFormat
from secshare.recipients import fold
from secshare.recipients.table import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from secshare.batch.columns import Columns
    from secshare.batch.reading import Raw, Rows
    from secshare.store.spool import Spool

__all__ = ["Manifest", "read_manifest"]

_OF_ONE_ROW: Final = frozenset(("file", "group"))
"""What rows of one group need not have in common."""
_CONTACTS: Final[tuple[str, ...]] = ("email", "phone")


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest without an error; what it asks for is in the spool.

    Attributes:
        rows: those with a document.
        digest: SHA-256 of its file, in hexadecimal.
        folder: where it lies, links followed: no document is outside of it.
    """

    shares: int
    rows: int
    documents: int
    digest: str
    folder: Path


def read_manifest(
    path: Path,
    spool: Spool,
    *,
    region: str,
    today: date,
    progress: Callable[[int, int], None] | None = None,
) -> Manifest:
    """Read a manifest into an empty spool, in memory that does not grow with its rows.

    Args:
        region: by which national telephone numbers are read.
        today: no birth date is after it.
        progress: is told how much was read, of how much.

    Raises:
        ManifestInvalid: the fields have `path`, `count` of all errors, and `problems`, the first
            `profiles.MANIFEST_PROBLEMS` of them; none where the file cannot be read at all.
        InputUnreadable: missing, not regular, empty, or it changed meanwhile.
        RegisterUnwritable: the spool cannot be written.
    """
    rows.begin(spool)
    with reading.opened(path) as file:
        reader = _Reader(spool, file, Place(Path(path).absolute().parent, region, today))
        reader.read(path, progress)
    with spool.together():
        reader.finish()
    if count := rows.count_problems(spool):
        problems = tuple(rows.problems(spool, profiles.MANIFEST_PROBLEMS))
        raise ManifestInvalid("manifest.errors", path=path.name, count=count, problems=problems)
    if not reader.shares:
        raise reading.refused("manifest.no_rows", path)
    folder = Path(path).absolute().parent.resolve()
    return Manifest(reader.shares, reader.rows, reader.rows, file.digest, folder)


class _Reader:
    """Takes a manifest's rows one by one, and puts adjacent ones of one group together."""

    def __init__(self, spool: Spool, file: Rows, place: Place) -> None:
        self._spool = spool
        self._file = file
        self._place = place
        self._problems: list[tuple[int, Problem]] = []
        self._made: list[Wanted] = []
        self._first: Draft | None = None  # of the share whose rows are being read
        self._last = 0
        self._files: list[str] = []
        self._sound = True
        self.rows = self.shares = 0
        with spool.together() as connection:
            connection.execute("CREATE TABLE grouped (name TEXT PRIMARY KEY, row INTEGER) STRICT")
            self._repeated = Repeated(spool)
            header = [str(cell) for cell in file.header.cells]
            self._columns = read_columns(header, file.header.number, self._tell_column)
            self._write()

    def read(self, path: Path, progress: Callable[[int, int], None] | None) -> None:
        """Take every row.

        Raises:
            ManifestInvalid: there are too many.
        """
        while batch := list(islice(self._file.rows, profiles.SPOOL_ROWS)):
            self.rows += len(batch)
            if self.rows > self._file.most:
                raise reading.refused("manifest.rows_many", path, most=self._file.most)
            with self._spool.together():
                for raw in batch:
                    self._take(raw)
                self._write()
            if progress is not None:
                progress(min(batch[-1].done, self._file.total), self._file.total)

    def finish(self) -> None:
        """End the last share, and find what rows should not have in common."""
        self._end()
        self._write()
        columns = self._columns
        rows.add_problems(
            self._spool,
            (
                self._problem(row, columns, "file", ManifestInvalid("manifest.twice", other=first))
                for row, first in self._repeated.twice()
            ),
        )
        rows.add_problems(
            self._spool,
            (
                self._problem(
                    row, columns, field, ManifestInvalid(f"manifest.shared_{field}", rows=count)
                )
                for row, field, count in self._repeated.dragged()
            ),
        )

    @staticmethod
    def _problem(
        row: int, columns: Columns, field: str, error: ManifestInvalid
    ) -> tuple[int, Problem]:
        place = columns.place(field)
        return place, Problem(row, columns.named(place), error)

    def _tell_column(self, problem: Problem) -> None:
        self._sound = False
        self._problems.append((len(self._problems), problem))

    def _write(self) -> None:
        rows.add_shares(self._spool, self._made)
        rows.add_problems(self._spool, self._problems)
        self._repeated.write()
        self._made.clear()
        self._problems.clear()

    def _take(self, raw: Raw) -> None:
        if raw.error is not None:
            self._told(raw.number, [Fault(-1, raw.error)])
            return
        row = draft(raw.number, raw.cells, self._columns, self._place)
        if "file" in row.values:
            row.values["file"] = as_on_disk(self._place.folder, row.values["file"])
        group = row.values.get("group")
        if self._first is not None and group and group == self._first.values.get("group"):
            self._join(self._first, row)
        else:
            self._end()
            self._begin(row, group)
        self._told(row.number, row.faults)
        if "file" in row.values:
            self._files.append(row.values["file"])
        self._last = row.number
        self._note(row)

    def _told(self, number: int, faults: list[Fault]) -> None:
        if faults:
            self._sound = False
        for fault in faults:
            problem = Problem(number, self._columns.named(fault.place), fault.error)
            self._problems.append((fault.place, problem))

    def _begin(self, row: Draft, group: str | None) -> None:
        self._first = row
        if group is None:
            return
        connection = self._spool.connection
        there = connection.execute("SELECT row FROM grouped WHERE name = ?", (group,)).fetchone()
        if there is None:
            connection.execute("INSERT INTO grouped VALUES (?, ?)", (group, row.number))
        else:
            error = ManifestInvalid("manifest.group_again", other=there["row"])
            row.faults.append(Fault(self._columns.place("group"), error))

    def _join(self, first: Draft, row: Draft) -> None:
        """Take a further row of a group: it says what its first one says, but for the document."""
        broken = {fault.place for fault in (*first.faults, *row.faults)}
        for place, field in enumerate(self._columns.fields):
            if field is None or field in _OF_ONE_ROW or place in broken or -1 in broken:
                continue
            if field != "first_name" and first.values.get(field) != row.values.get(field):
                error = ManifestInvalid("manifest.group_differs", other=first.number)
                row.faults.append(Fault(place, error))
        place = self._columns.place("group")
        if first.values.get("format") is SealFormat.PDF:
            row.faults.append(Fault(place, ManifestInvalid("manifest.pdf_several")))
        if len(self._files) == profiles.MANIFEST_DOCUMENTS:
            most = profiles.MANIFEST_DOCUMENTS
            row.faults.append(Fault(place, ManifestInvalid("manifest.group_long", most=most)))

    def _end(self) -> None:
        if self._first is None:
            return
        self.shares += 1
        if self._sound:  # otherwise nothing of the manifest will be made
            self._made.append(_wanted(self._first, self._last, tuple(self._files)))
        self._first = None
        self._files.clear()

    def _note(self, row: Draft) -> None:
        values = row.values
        name, email = values.get("name"), values.get("email")
        if name and email:
            recipient = f"{fold(name)}\n{email.lower()}"
            contacts = {field: values[field] for field in _CONTACTS if field in values}
            self._repeated.reach(row.number, name, values.get("birth_date"), contacts)
        elif "to" in values:
            recipient = fold(values["to"])
        else:
            return
        if "file" in values:
            self._repeated.send(row.number, os.path.normcase(values["file"]), recipient)


def _wanted(first: Draft, last: int, documents: tuple[str, ...]) -> Wanted:
    values: dict[str, Any] = dict(first.values)
    for field in _OF_ONE_ROW:
        values.pop(field, None)
    values["keys"] = values.pop("key", ())
    return Wanted(number=first.number, last=last, files=documents, **values)
