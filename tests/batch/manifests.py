"""Manifests for tests: written, read, and their errors by row and column."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from secshare.batch import rows
from secshare.batch.manifest import Manifest, read_manifest
from secshare.errors import ManifestInvalid
from secshare.store.spool import Spool
from tests.batch.people import invented
from tests.corpus.writers.sheets import Sheet, xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from secshare.batch.wanted import Wanted

TODAY = date(2026, 11, 22)
HEADER = ("fichier", "nom", "email", "téléphone", "date de naissance")


def ordinary(count: int) -> list[list[str]]:
    """Return the rows of so many people, a document each."""
    return [
        [f"resultat-{number}.pdf", one.name, one.email, one.phone, f"{one.birth_date:%d/%m/%Y}"]
        for number in range(count)
        for one in [invented(number)]
    ]


def as_csv(table: Sequence[Sequence[object]], separator: str = ";") -> str:
    """Return a table as a spreadsheet saves it."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(table)
    return text.getvalue()


def as_workbook(*tables: Sequence[Sequence[object]]) -> bytes:
    """Return tables as the sheets of a workbook."""
    return xlsx(
        [Sheet(f"Feuil{at}", [list(row) for row in table]) for at, table in enumerate(tables)]
    )


def taken(folder: Path, content: bytes | str) -> tuple[Manifest, list[Wanted]]:
    """Read a manifest, and return what it asks for."""
    path = folder / "manifest.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with Spool.create(folder) as spool:
        read = read_manifest(path, spool, region="FR", today=TODAY)
        shares, after = [], 0
        while numbers := rows.numbers(spool, after, 3):
            shares += [rows.wanted(spool, number) for number in numbers]
            after = numbers[-1]
        return read, shares


def refused(folder: Path, content: bytes | str) -> ManifestInvalid:
    """Return the error of a manifest that cannot be taken; nothing is left of its reading."""
    before = set(folder.iterdir())
    try:
        taken(folder, content)
    except ManifestInvalid as error:
        assert set(folder.iterdir()) - before <= {folder / "manifest.csv"}
        return error
    msg = "the manifest was taken"
    raise AssertionError(msg)


def errors(folder: Path, content: bytes | str) -> list[tuple[int, str | None, str]]:
    """Return the errors of a manifest: row, column, key."""
    error = refused(folder, content)
    assert error.fields["count"] >= len(error.fields["problems"])
    return [(each.row, each.column, each.error.key) for each in error.fields["problems"]]
