"""Build the fictitious documents of the examples into a folder: `python build_documents.py FOLDER`.

    compte-rendu.pdf       a consultation report, with accents
    page-scannee.pdf       a scanned page: one image, and no text at all
    feuille-de-soins.csv   twenty people with social-security numbers and bank details, as the
                           French Excel saves it: Windows-1252, semicolons
    export-etude.csv       a pseudonymous export
    courrier.docx          a letter to a colleague
    facturation.xlsx       the twenty people again, as a workbook

Nobody in them exists, and it shows: surnames are words such as EXEMPLE, everybody was born in
country 999 and banks at bank 99999, telephone numbers come from the ranges that the French
regulator keeps for fiction (01 99 00, 06 39 98), and addresses from example.org. Check digits are
right, since a check that only ever meets wrong ones checks nothing.

Standard library only, and the same bytes at every run.
"""

from __future__ import annotations

import sys
from pathlib import Path

from office import docx, xlsx
from people import claims
from scan import scanned_page

from secshare.cli.demo_documents import export_csv, report_pdf


def claims_csv() -> bytes:
    """The claims sheet, as the French Excel saves a CSV."""
    return "".join(";".join(row) + "\r\n" for row in claims()).encode("cp1252")


def letter_docx() -> bytes:
    """A letter to a colleague."""
    return docx(
        "Courrier à un confrère",
        [
            "Cabinet médical de démonstration – document fictif",
            "Cher confrère,",
            "Je vous adresse Mme Jeanne EXEMPLE, née le 12/04/1958, pour avis cardiologique.",
            "Elle présente des palpitations à l'effort, sans malaise ; le cœur est régulier.",
            "Traitement en cours : périndopril 4 mg le matin, bien toléré.",
            "Bien confraternellement,",
            "Dr Gaëlle MODÈLE",
        ],
    )


DOCUMENTS = {
    "compte-rendu.pdf": report_pdf,
    "page-scannee.pdf": scanned_page,
    "feuille-de-soins.csv": claims_csv,
    "export-etude.csv": export_csv,
    "courrier.docx": letter_docx,
    "facturation.xlsx": lambda: xlsx("Facturation", claims()),
}


def build(folder: Path) -> list[Path]:
    """Write every document into the folder, which is made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, make in DOCUMENTS.items():
        path = folder / name
        path.write_bytes(make())
        paths.append(path)
    return paths


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python build_documents.py FOLDER")
    for built in build(Path(sys.argv[1])):
        print(built)
