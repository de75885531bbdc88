"""`python -m tests.bench.preflight`: what it costs to check a document before it is sealed.

Milliseconds of `Checker.facts` and `judge` together, the document opened each time, in this
process and the one that reads; and the largest memory of that one. Beside a PDF, in the same
minutes, what pdfium alone takes to open it and give its text in this process: machines, and the
same machine from one minute to the next, differ by more than versions of this program. With
`--strict`, fails where one takes longer than what was promised.
"""

from __future__ import annotations

import argparse
import io
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageFont

from secshare.files import open_source
from secshare.preflight.case import Case, Person
from secshare.preflight.checker import Checker
from secshare.preflight.judging import judge

SUBJECT = Person("Zéphyrin Marin", date(1969, 5, 1))
PROMISED = {"PDF, 2 pages": 8.0, "PDF, 5 pages": 15.0, "CSV, 13 MB": 1500.0}  # issue 4
_TURN = 10  # documents, then as many by pdfium alone
TEXT = (
    "Cher confrère,",
    "Je vous remercie de m'avoir adressé M. Zéphyrin MARIN, né le 01/05/1969, pour un avis.",
    "Antécédents : hypertension artérielle traitée depuis 2011, appendicectomie à 12 ans.",
    "À l'examen, le patient est en bon état général, la tension est à 132/78 mmHg.",
    "La biologie du 12/03/2026 montre une hémoglobine à 14,2 g/dl et un ionogramme normal.",
    "L'échographie ne retrouve pas d'anomalie ; le traitement actuel est poursuivi.",
    "La radiographie du thorax est normale, sans foyer ni épanchement visible.",
    "L'électrocardiogramme inscrit un rythme sinusal régulier à 68 par minute.",
    "Il n'y a pas d'argument clinique pour une insuffisance cardiaque débutante.",
    "Les pouls périphériques sont perçus et symétriques, il n'y a pas de souffle.",
    "L'alimentation est équilibrée, l'activité physique régulière, il ne fume plus.",
    "Je propose de maintenir l'automesure de la tension pendant trois jours par mois.",
    "La prochaine consultation est à prévoir dans six mois, ou plus tôt au besoin.",
    "Le rappel du vaccin contre le tétanos a été fait, la grippe est à prévoir.",
    "Aucune allergie médicamenteuse n'est connue à ce jour dans le dossier.",
    "Je reste à votre disposition pour tout renseignement complémentaire utile.",
    "Bien confraternellement, et avec mes remerciements pour votre confiance.",
)


def pdf(pages: int, lines: int = 42, picture: int = 0) -> bytes:
    """Return a PDF of dense pages in an embedded font, each with a picture of so many pixels."""
    made = pikepdf.new()
    font = embedded(made)
    xobjects = Dictionary()
    if picture:
        jpeg = io.BytesIO()
        Image.effect_noise((picture, picture), 60).save(jpeg, "JPEG", quality=90)
        shown = made.make_stream(jpeg.getvalue())
        kind = {"Type": "/XObject", "Subtype": "/Image", "ColorSpace": "/DeviceGray"}
        for key, value in {**kind, "Filter": "/DCTDecode"}.items():
            shown[f"/{key}"] = Name(value)
        shown.Width = shown.Height = picture
        shown.BitsPerComponent = 8
        xobjects = Dictionary(I=shown)
    for number in range(pages):
        page = made.add_blank_page(page_size=(595, 842))
        drawn = [
            f"BT /F1 10 Tf 50 {800 - 700 * line // lines} Td ({text}) Tj ET"
            for line, text in enumerate((TEXT * lines)[number : number + lines])
        ]
        drawn += ["q 100 0 0 60 450 20 cm /I Do Q"] if picture else []
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font), XObject=xobjects)
        page.obj.Contents = made.make_stream("\n".join(drawn).encode("cp1252"))
    made.docinfo["/Title"] = "Compte rendu"
    written = io.BytesIO()
    made.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def embedded(made: pikepdf.Pdf) -> pikepdf.Object:
    """Return pillow's own font as one of a PDF."""
    font = ImageFont.load_default(1000)
    assert isinstance(font, ImageFont.FreeTypeFont)
    program = made.make_stream(font.font_bytes, Length1=len(font.font_bytes))
    letters = [bytes([code]).decode("cp1252", "replace") for code in range(32, 256)]
    described = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.Bench,
        Flags=32,
        FontBBox=Array([-200, -300, 1200, 1000]),
        ItalicAngle=0,
        Ascent=900,
        Descent=-200,
        CapHeight=700,
        StemV=80,
        FontFile2=program,
    )
    return made.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name.Bench,
            FirstChar=32,
            LastChar=255,
            Widths=Array([round(font.getlength(letter)) for letter in letters]),
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=made.make_indirect(described),
        )
    )


def csv(rows: int) -> bytes:
    """Return a table of people, nine columns a row."""
    head = "Nom;Prénom;Date de naissance;NIR;Téléphone;Adresse électronique;Acte;Date;Commentaire"
    return "\n".join([head, *map(row, range(rows))]).encode()


def row(number: int) -> str:
    year, month = 1930 + number % 80, 1 + number % 12
    thirteen = f"{1 + number % 2}{year % 100:02}{month:02}75{number % 900 + 1:03}{number % 999:03}"
    nir = f"{thirteen}{97 - int(thirteen) % 97:02}"
    name, given = f"Patronyme{number % 7001}", f"Prénom{number % 601}"
    return (
        f"{name};{given};{1 + number % 28:02}/{month:02}/{year};{nir};06 39 98 {number % 100:02} "
        f"{number // 100 % 100:02};{given}.{name}{number}@courriel.example;CCAM{number % 8000:04};"
        f"{1 + number % 28:02}/03/2026;consultation de suivi, contrôle annuel sans anomalie, "
        "traitement poursuivi à l'identique, prochain rendez-vous dans un an, courrier envoyé au "
        "médecin traitant, résultats remis en main propre, ordonnance renouvelée, rien à signaler."
    )


DOCUMENTS: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "PDF, 2 pages": ("2.pdf", lambda: pdf(2, picture=620), 200),
    "PDF, 5 pages": ("5.pdf", lambda: pdf(5, picture=620), 200),
    "PDF, 200 pages": ("200.pdf", lambda: pdf(200, 90), 5),
    "text, 2 pages": ("2.txt", lambda: "\n".join(TEXT * 14).encode(), 200),
    "CSV, 13 MB": ("people.csv", lambda: csv(37_000), 5),
}


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench.preflight", description=__doc__)
    options.add_argument("--quick", action="store_true", help="each document three times")
    options.add_argument("--strict", action="store_true", help="fail where a promise is broken")
    given = options.parse_args()
    late = False
    with tempfile.TemporaryDirectory() as name:
        print("| | kB | first, ms | median | p90 | least | pdfium alone | ratio | process, MiB |")
        print("|---|---|---|---|---|---|---|---|---|")
        for title, (file, made, repeats) in DOCUMENTS.items():
            path = Path(name) / file
            path.write_bytes(made())
            median = measured(title, path, 3 if given.quick else repeats)
            late |= median > PROMISED.get(title, median)
        started(Path(name) / "2.pdf", 3 if given.quick else 20)
    return int(late and given.strict)


def measured(title: str, path: Path, repeats: int) -> float:
    times: list[float] = []
    beside: list[float] = []
    with Checker() as checker:
        times += timed(checker, path, 1)
        while len(times) <= repeats:  # in turn, since the machine's own speed goes up and down
            times += timed(checker, path, min(_TURN, repeats + 1 - len(times)))
            if path.suffix == ".pdf":
                beside += [alone(path) for _ in range(min(_TURN, repeats))]
        peak = memory(checker)
    first, warm = times[0], sorted(times[1:])
    median = statistics.median(warm)
    p90 = warm[min(len(warm) - 1, len(warm) * 9 // 10)]
    peer, ratio = "", ""
    if beside:
        least = min(beside)
        middle = statistics.median(beside)
        peer = f"{middle:.1f}, least {least:.1f}"
        ratio = f"{median / middle:.1f}, of the least {warm[0] / least:.1f}"
    print(
        f"| {title} | {path.stat().st_size // 1000} | {first:.1f} | {median:.1f} | {p90:.1f} "
        f"| {warm[0]:.1f} | {peer} | {ratio} | {peak} |",
        flush=True,
    )
    return median


def alone(path: Path) -> float:
    """Return how long pdfium takes to open a PDF and give the text of its pages, and no more."""
    start = time.perf_counter()
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        for page in document:
            texts = page.get_textpage()
            assert texts.get_text_bounded()
            texts.close()
            page.close()
    return 1000 * (time.perf_counter() - start)


def timed(checker: Checker, path: Path, times: int) -> Iterator[float]:
    for _ in range(times):
        start = time.perf_counter()
        with open_source(path) as source:
            facts = checker.facts(source)
        judge([facts], Case(subject=SUBJECT))
        yield 1000 * (time.perf_counter() - start)
        assert facts.sha256
        assert not facts.unread, facts.unread
        assert facts.texts


def started(path: Path, repeats: int) -> None:
    """Print how long a document takes with a process of its own, as in one command."""
    times = []
    for _ in range(repeats):
        with Checker() as checker:
            times += timed(checker, path, 1)
    print(f"| one PDF, process started for it | | {statistics.median(times):.1f} | | | | | | |")


def memory(checker: Checker) -> str:
    """Return the most memory, in MiB, that the reading process ever had, where Linux says so."""
    if not sys.platform.startswith("linux") or checker._reader is None:
        return "-"
    status = Path(f"/proc/{checker._reader._process.pid}/status").read_text()
    peak = re.search(r"VmHWM:\s+(\d+)", status)
    return "-" if peak is None else f"{int(peak[1]) / 1024:.0f}"


if __name__ == "__main__":
    sys.exit(main())
