"""Protects the example documents: real files that real readers open, and nobody real in them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import pypdfium2
import pytest

from tests.examples.run import run_example

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    listed = run_example("build_documents.py", folder).splitlines()
    paths = {path.name: path for path in folder.iterdir()}
    assert sorted(listed) == sorted(str(path) for path in paths.values())
    return paths


@pytest.fixture(scope="module")
def claims(documents):
    text = documents["feuille-de-soins.csv"].read_bytes().decode("cp1252")
    return list(csv.DictReader(io.StringIO(text), delimiter=";", strict=True))


def page_text(path):
    document = pypdfium2.PdfDocument(path)
    try:
        assert len(document) == 1
        return document[0].get_textpage().get_text_range()
    finally:
        document.close()


def test_the_documents_are_the_same_bytes_every_time(documents, tmp_path):
    run_example("build_documents.py", tmp_path)
    for name, path in documents.items():
        assert (tmp_path / name).read_bytes() == path.read_bytes(), name


def test_the_report_gives_its_accents_back(documents):
    text = page_text(documents["compte-rendu.pdf"])
    assert "Jeanne EXEMPLE, née le 12/04/1958" in text
    assert "Bruits du cœur réguliers" in text
    assert "œdème" in text
    assert "71 µmol/L" in text


def test_the_scanned_page_is_an_image_that_fills_the_page_and_holds_no_text(documents):
    path = documents["page-scannee.pdf"]
    assert page_text(path).strip() == ""
    document = pypdfium2.PdfDocument(path)
    (image,) = document[0].get_objects()
    assert image.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    assert image.get_px_size() == (1240, 1754)
    left, bottom, right, top = image.get_bounds()
    assert (right - left) * (top - bottom) > 0.9 * 595 * 842
    shades = document[0].render(scale=1, grayscale=True).to_pil().histogram()
    document.close()
    assert sum(shades[:128]) > 1_000, "typed lines are dark"
    assert sum(shades[128:]) > 10 * sum(shades[:128]), "on paper that is not"


def test_the_claims_sheet_is_what_french_excel_saves(documents, claims):
    data = documents["feuille-de-soins.csv"].read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert len(claims) == 20
    assert len({row["Nom"] for row in claims}) == 20
    assert claims[0]["Prénom"] == "Jeanne"


def test_identifiers_are_made_up_and_their_check_digits_are_right(claims):
    for row in claims:
        number = row["N° de sécurité sociale"].replace(" ", "")
        assert len(number) == 15
        assert 97 - int(number[:13]) % 97 == int(number[13:])
        assert number[5:10] == "99999", "born in no country"
        day, month, year = row["Né(e) le"].split("/")
        assert number[1:5] == year[2:] + month
        assert 1 <= int(day) <= 29
        iban = row["IBAN"].replace(" ", "")
        assert len(iban) == 27
        assert int(iban[4:] + "1527" + iban[2:4]) % 97 == 1
        assert iban[4:9] == "99999", "kept at no bank"
        assert re.fullmatch(r"06 39 98 \d\d \d\d", row["Téléphone"])
        assert row["Courriel"].endswith("@example.org")


def test_the_export_is_pseudonymous(documents, claims):
    rows = list(
        csv.DictReader(io.StringIO(documents["export-etude.csv"].read_text("utf-8")), delimiter=";")
    )
    assert len(rows) == 40
    assert len({row["pseudonyme"] for row in rows}) == 10
    text = documents["export-etude.csv"].read_text("utf-8")
    assert not any(row["Nom"] in text for row in claims)


@pytest.mark.parametrize("name", ["courrier.docx", "facturation.xlsx"])
def test_an_office_file_names_the_type_of_every_part(documents, name):
    with zipfile.ZipFile(documents[name]) as archive:
        assert archive.testzip() is None
        members = set(archive.namelist())
        assert archive.namelist()[0] == "[Content_Types].xml"
        trees = {member: ElementTree.fromstring(archive.read(member)) for member in members}
    typed = {
        node.get("PartName")[1:] for node in trees["[Content_Types].xml"].iter(f"{TYPES}Override")
    }
    plain = {m for m in members if not m.endswith(".rels") and m != "[Content_Types].xml"}
    assert typed == plain
    targets = {node.get("Target") for node in trees["_rels/.rels"].iter(f"{RELATIONS}Relationship")}
    assert targets <= members


def test_the_letter_gives_its_text_back(documents):
    with zipfile.ZipFile(documents["courrier.docx"]) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    text = "\n".join(node.text for node in body.iter(f"{WORD}t"))
    assert "Jeanne EXEMPLE" in text
    assert "le cœur est régulier" in text


def test_the_workbook_holds_the_claims_as_text(documents, claims):
    with zipfile.ZipFile(documents["facturation.xlsx"]) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    rows = [[cell.text for cell in row.iter(f"{SHEET}t")] for row in sheet.iter(f"{SHEET}row")]
    assert rows[0] == list(claims[0])
    assert rows[1:] == [list(row.values()) for row in claims]
