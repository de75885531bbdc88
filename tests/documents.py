"""Documents that say whom they are about, for tests that seal: the preflight reads them."""

from __future__ import annotations

from secshare.cli.demo_documents import Line, pdf_file, text_page

WITNESS = b"temoin"
"""Stands in clear in each of them: whoever finds it elsewhere has found a document."""


def report(name: str = "Jeanne EXEMPLE", born: str = "12/04/1958") -> bytes:
    """Return a report of one page about somebody, as a PDF that every reader reads."""
    lines = [
        Line("Compte rendu de consultation", 16, bold=True),
        Line(f"Patient : {name}"),
        Line(f"Date de naissance : {born}"),
        Line("Examen clinique normal, aucun traitement à modifier."),
    ]
    page = pdf_file("Compte rendu", [text_page(lines)], fonts=("Helvetica", "Helvetica-Bold"))
    return page + b"% " + WITNESS + b"\n"
