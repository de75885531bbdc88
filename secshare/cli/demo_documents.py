"""The documents that `secshare demo` seals: a report as a PDF and an export as a CSV.

Nobody in them exists. They are built here from the standard library alone, so that the demo runs
from an installed wheel, and they are the same bytes at every run. `examples/build_documents.py`
uses the same writer for more of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Line", "export_csv", "pdf_file", "report_pdf", "text_page"]

_A4: Final = (595, 842)  # points, 1/72 inch
_LEFT: Final = 57  # 20 mm
_TOP: Final = 780


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    Attributes:
        text: what Windows-1252 can write: French with its accents and ligatures.
        size: in points.
        bold: in the bold face of the same family.
    """

    text: str
    size: int = 11
    bold: bool = False


def report_pdf() -> bytes:
    """Return a consultation report of one page, with accents and ligatures in its text."""
    return pdf_file(
        "Compte rendu de consultation", [text_page(_REPORT)], fonts=("Helvetica", "Helvetica-Bold")
    )


def export_csv() -> bytes:
    """Return a pseudonymous export: UTF-8, semicolons, ten people, four measurements each."""
    rows = ["pseudonyme;annee_naissance;sexe;departement;date_mesure;mesure;valeur;unite"]
    for person in range(10):
        who = (
            f"P{1000 + person * 37 % 400};{1938 + person * 13 % 60};{'FM'[person % 2]};"
            f"{_DEPARTMENTS[person % len(_DEPARTMENTS)]};2026-{1 + person % 9:02d}-{3 + person:02d}"
        )
        for measure, base, step, unit in _MEASURES:
            value = f"{base + step * (person * 7 % 11):.1f}".replace(".", ",")
            rows.append(f"{who};{measure};{value};{unit}")
    return ("\r\n".join(rows) + "\r\n").encode()


def text_page(lines: Sequence[Line]) -> bytes:
    """Return a page's content: the lines from the top, in the fonts `/F1` and bold `/F2`.

    Raises:
        UnicodeEncodeError: a line holds a character that Windows-1252 cannot write.
    """
    height = _TOP
    drawn = [b"BT"]
    for line in lines:
        height -= round(line.size * 1.45)
        font = b"/F2" if line.bold else b"/F1"
        drawn.append(b"%s %d Tf 1 0 0 1 %d %d Tm" % (font, line.size, _LEFT, height))
        drawn.append(b"(%s) Tj" % _escaped(line.text))
    drawn.append(b"ET")
    return b"\n".join(drawn)


def pdf_file(
    title: str,
    contents: Sequence[bytes],
    *,
    fonts: Sequence[str] = (),
    image: tuple[bytes, bytes] | None = None,
) -> bytes:
    """Return a PDF 1.4 file of A4 pages, the same bytes for the same arguments.

    Args:
        title: the document's title, as a reader shows it in its window.
        contents: one content stream a page.
        fonts: standard fonts, named `/F1`, `/F2` ... in the contents.
        image: the dictionary entries and the data of one image, named `/Im1` in the contents.
    """
    faces = b" ".join(
        b"/F%d << /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
        % (number, name.encode("ascii"))
        for number, name in enumerate(fonts, start=1)
    )
    resources = b"<< /Font << %s >> %s >>" % (faces, b"/XObject << /Im1 4 0 R >>" if image else b"")
    first = 5
    kids = b" ".join(b"%d 0 R" % (first + 2 * index) for index in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 %d %d] /Resources %s >>"
        % (kids, len(contents), *_A4, resources),
        b"<< /Title (%s) >>" % _escaped(title),
        _stream(b"/Type /XObject /Subtype /Image " + image[0], image[1]) if image else b"null",
    ]
    for index, content in enumerate(contents):
        page = first + 2 * index
        objects.append(b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>" % (page + 1))
        objects.append(_stream(b"", content))
    return _numbered(objects)


def _numbered(objects: Sequence[bytes]) -> bytes:
    out = BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")  # four high bytes: mail programs keep it binary
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table)
    )
    return out.getvalue()


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def _escaped(text: str) -> bytes:
    """Return the inside of a PDF string in WinAnsiEncoding."""
    data = text.encode("cp1252")
    for special in (b"\\", b"(", b")"):
        data = data.replace(special, b"\\" + special)
    return data


_DEPARTMENTS: Final = ("22", "29", "35", "44", "56", "974")

_MEASURES: Final = (
    ("hemoglobine_glyquee", 5.4, 0.2, "%"),
    ("tension_systolique", 112.0, 3.0, "mmHg"),
    ("creatinine", 58.0, 4.0, "micromol/L"),
    ("indice_masse_corporelle", 20.5, 0.7, "kg/m2"),
)

_REPORT: Final = (
    Line("Cabinet médical de démonstration – document fictif", 10),
    Line("1 quai de l'Exemple, 00000 Nullepart – 01 99 00 00 01", 10),
    Line(""),
    Line("Compte rendu de consultation", 18, bold=True),
    Line(""),
    Line("Patiente : Mme Jeanne EXEMPLE, née le 12/04/1958", bold=True),
    Line("Consultation du 12/10/2026"),
    Line(""),
    Line("Motif", 13, bold=True),
    Line("Contrôle à trois mois d'une hypertension artérielle, sous traitement bien toléré."),
    Line(""),
    Line("Examen", 13, bold=True),
    Line("Tension artérielle : 132/78 mmHg au bras gauche, assise, après cinq minutes de repos."),
    Line("Bruits du cœur réguliers, sans souffle. Pas d'œdème des membres inférieurs."),
    Line("Poids : 64,5 kg (stable). Périmètre abdominal inchangé."),
    Line(""),
    Line("Biologie du 05/10/2026", 13, bold=True),
    Line("Créatininémie : 71 µmol/L. Kaliémie : 4,2 mmol/L. LDL-cholestérol : 1,08 g/L."),
    Line(""),
    Line("Conclusion", 13, bold=True),
    Line("Objectif tensionnel atteint. Traitement reconduit à l'identique pour six mois."),
    Line("Marche quotidienne encouragée ; naître, vieillir et bouger vont ensemble, dit-elle."),
    Line("Prochain rendez-vous au printemps, avec un ionogramme la semaine précédente."),
    Line(""),
    Line("Dr Gaëlle MODÈLE"),
    Line(""),
    Line("Personnes, adresses et résultats sont inventés : ce document sert d'exemple.", 9),
)
