"""Manifests with their documents, for tests and benchmarks of batches: everybody is invented."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pikepdf

from secshare.recipients import fold
from tests.documents import WITNESS, report

FIRST = ("Jeanne", "Paul", "Camille", "Louise", "Marcel", "Odile", "Hugo", "Fanny")
CONSONANTS, VOWELS = "bdfgjklmnprstvz", "aeiou"


@dataclass(frozen=True)
class Patient:
    """Somebody who does not exist, unlike any other of the same manifest."""

    number: int

    @property
    def surname(self) -> str:
        """Syllables that nobody bears, another name for each number."""
        syllables, left = [], self.number * 7919 % 421_875
        for _ in range(3):
            left, at = divmod(left, 75)
            syllables.append(CONSONANTS[at // 5] + VOWELS[at % 5])
        return "Fictif" + "".join(syllables)

    @property
    def name(self) -> str:
        return f"{FIRST[self.number % len(FIRST)]} {self.surname}"

    @property
    def email(self) -> str:
        return ".".join(fold(self.name).split()) + "@example.org"

    @property
    def born(self) -> date:
        return date(1930, 1, 1) + timedelta(days=self.number * 37 % 30_000)

    @property
    def phone(self) -> str:
        return f"+3363998{self.number % 10_000:04}"


def document(patient: Patient, size: int = 0) -> bytes:
    """Return a report about a patient; with a size, of two pages and so many bytes at least."""
    one = report(patient.name, f"{patient.born:%d/%m/%Y}")
    if not size:
        return one
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(one)) as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.Root.Padding = pikepdf.Stream(pdf, os.urandom(size))
        pdf.save(made, compress_streams=False)
    return made.getvalue() + b"% " + WITNESS + b"\n"


def write_batch(
    folder: Path,
    count: int,
    *,
    first: int = 0,
    size: int = 0,
    key: str | None = None,
    road: str = "qr",
) -> Path:
    """Write `count` documents and the manifest that asks for each of them to be sealed."""
    folder.mkdir(exist_ok=True)
    patients = [Patient(number) for number in range(first, first + count)]
    for patient in patients:
        (folder / f"{patient.number}.pdf").write_bytes(document(patient, size))
    return write_manifest(folder / "manifest.csv", patients, key=key, road=road)


def write_manifest(
    path: Path,
    patients: Sequence[Patient],
    *,
    files: Sequence[int] | None = None,
    key: str | None = None,
    road: str = "qr",
) -> Path:
    """Write a manifest of patients; `files` are the numbers of their documents, where they slip."""
    with path.open("w", encoding="utf-8", newline="") as sink:
        rows = csv.writer(sink, delimiter=";")
        rows.writerow(["fichier", "nom", "email", "date de naissance", "clé" if key else "voie"])
        for row in _rows(patients, files, key or road):
            rows.writerow(row)
    return path


def _rows(
    patients: Sequence[Patient], files: Sequence[int] | None, last: str
) -> Iterator[list[str]]:
    for at, patient in enumerate(patients):
        file = patient.number if files is None else files[at]
        yield [f"{file}.pdf", patient.name, patient.email, f"{patient.born:%d/%m/%Y}", last]
