"""Protects a manifest that is a workbook from what a spreadsheet makes of cells, and from bombs."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.errors import InputUnreadable, ManifestInvalid
from secshare.messages import Language
from tests.batch.manifests import HEADER, as_csv, as_workbook, errors, ordinary, refused, taken
from tests.batch.parts import edited, renamed
from tests.corpus.writers.sheets import Sheet, xlsx


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return tmp_path_factory.mktemp("workbooks")


def test_a_workbook_says_what_the_same_rows_say_as_csv(tmp_path):
    rows = [HEADER, *ordinary(20)]
    _, from_csv = taken(tmp_path, as_csv(rows))
    read, from_sheet = taken(tmp_path, as_workbook(rows))
    assert from_sheet == from_csv
    assert (read.shares, read.rows) == (20, 20)


def test_a_day_is_a_day_and_a_number_of_a_group_is_its_name(tmp_path):
    rows = [
        ["fichier", "nom", "email", "naissance", "groupe"],
        ["a.pdf", "Jeanne Exemple", "j@example.org", date(1958, 4, 12), 7],
        ["b.pdf", "Jeanne Exemple", "j@example.org", date(1958, 4, 12), 7],
    ]
    _, (share,) = taken(tmp_path, as_workbook(rows))
    assert (share.birth_date, len(share.files)) == (date(1958, 4, 12), 2)


def test_what_the_spreadsheet_made_of_cells_is_said_where_it_did(tmp_path):
    header = ["fichier", "nom", "email", "tél", "NIR", "naissance", "voie"]
    good = ["a.pdf", "Jeanne Exemple", "j@example.org", "06 39 98 00 01", "", "12/04/1958", ""]
    rows = [header, good]
    for column, cell in (
        (3, 639980001),
        (4, 258047512345678),
        (4, 2.58e14),
        (5, 21287),
        (1, "#N/A"),
        (0, 20261122),
    ):
        row = [*good]
        row[0] = f"{len(rows)}.pdf"
        row[column] = cell
        rows.append(row)
    told = errors(tmp_path, as_workbook(rows))
    assert told == [
        (3, "tél", "recipients.phone_damaged"),
        (4, "NIR", "manifest.nir_number"),
        (5, "NIR", "manifest.nir_number"),
        (6, "naissance", "recipients.date_serial"),
        (7, "nom", "recipients.cell_spreadsheet"),
        (8, "fichier", "manifest.cell_number"),
    ]


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ('t="b"><v>1</v>', "manifest.cell_boolean"),
        ('t="e"><v>#N/A</v>', "recipients.cell_spreadsheet"),
        ('t="e"><v>#REF!</v>', "recipients.cell_spreadsheet"),
        ('><f>A2&amp;""</f>', "manifest.cell_formula"),
        ("><f>A2</f><v></v>", "manifest.cell_formula"),
        ("><f>A2</f><v/>", "manifest.cell_formula"),
        ('><f t="shared" si="0"/>', "manifest.cell_formula"),
        (' s="0"  t = "e" ><v>#N/A</v>', "recipients.cell_spreadsheet"),
        ("><v>7</v>", "manifest.cell_number"),
        ('t="str"><f>HYPERLINK("https://example.org")</f><v>=1</v>', "manifest.cell_formula"),
    ],
)
def test_a_cell_that_is_no_text_is_said(tmp_path, cell, key):
    book = as_workbook([["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    row = f'<row r="3"><c r="A3" t="str"><v>b.pdf</v></c><c r="B3" {cell}</c></row></sheetData>'
    data = edited(
        book, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", row.encode())
    )
    assert errors(tmp_path, data) == [(3, "destinataire", key)]


def test_a_table_may_begin_anywhere_and_its_errors_are_told_where_they_are(tmp_path):
    rows = [[], ["", "", "fichier", "destinataire", "nir"], ["", "", "a.pdf", "jeanne", ""]]
    rows.append(["", "", "b.pdf", "lucie", ""])
    book = as_workbook(rows)
    assert [each.number for each in taken(tmp_path, book)[1]] == [3, 4]
    cell = b'<c r="E4" t="e"><v>#N/A</v></c></row></sheetData>'
    data = edited(
        book, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</row></sheetData>", cell)
    )
    assert errors(tmp_path, data) == [(4, "nir", "recipients.cell_spreadsheet")]


def test_what_a_formula_gives_is_taken(tmp_path):
    book = as_workbook([["fichier", "destinataire", "nir"], ["a.pdf", "jeanne", ""]])
    row = '<row r="3"><c r="A3" t="str"><f>A2</f><v>b.pdf</v></c>'
    row += '<c r="B3" t="str"><f>B2</f><v>lucie</v></c><c r="C3" t="str"><f>C2</f><v></v></c></row>'
    data = edited(
        book,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", f"{row}</sheetData>".encode()),
    )
    assert [each.to for each in taken(tmp_path, data)[1]] == ["jeanne", "lucie"]


@pytest.mark.parametrize(
    "attribute",
    [
        b' hidden="1"',
        b" hidden='true'",
        b' hidden="&#49;"',
        b' spans="1>5" hidden="1"',
        b' ht="0" customHeight="1"',
        b' x="' + b"a" * 400 + b'" hidden="1"',
    ],
)
def test_a_row_that_a_filter_hides_is_said(tmp_path, attribute):
    rows = [["fichier", "destinataire"], ["a.pdf", "jeanne"], ["b.pdf", "lucie"], ["c.pdf", "omar"]]
    data = edited(
        as_workbook(rows),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<row r="3"', b'<row r="3"' + attribute),
    )
    assert errors(tmp_path, data) == [(3, None, "manifest.row_hidden")]


@pytest.mark.parametrize("pattern", [rb'<row r="[0-9]+"', rb' r="[A-Z]*[0-9]+"'])
def test_a_row_that_does_not_say_where_it_is_follows_the_one_before(tmp_path, pattern):
    rows = [["fichier", "destinataire"], ["a.pdf", "jeanne"], ["b.pdf", "lucie"], ["c.pdf", "omar"]]
    hidden = b'<row hidden="1" r="3"'

    def changed(xml):
        xml = xml.replace(b'<row r="3"', hidden)
        cell = b'<c r="B4" t="e"><v>#N/A</v></c></row></sheetData>'
        xml = re.sub(rb'<c r="B4".*?</c></row></sheetData>', cell, xml)
        return re.sub(pattern, lambda found: found[0].partition(b" r=")[0], xml)

    data = edited(as_workbook(rows), "xl/worksheets/sheet1.xml", changed)
    assert errors(tmp_path, data) == [
        (3, None, "manifest.row_hidden"),
        (4, "destinataire", "recipients.cell_spreadsheet"),
    ]


def test_hidden_rows_below_a_table_hide_nothing_of_it(tmp_path):
    below = b'<row r="9" hidden="1"/><row r="1048576" hidden="1"/></sheetData>'
    data = edited(
        as_workbook([["fichier", "destinataire"], ["a.pdf", "jeanne"]]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", below).replace(
            b"<sheetData>", b'<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/><sheetData>'
        ),
    )
    assert taken(tmp_path, data)[0].shares == 1


@pytest.mark.parametrize(
    "column", [b'min="2" max="3" hidden="1"', b'min="3" max="16384" width="0"']
)
def test_a_hidden_column_that_is_read_is_said(tmp_path, column):
    rows = [["fichier", "remarque", "destinataire"], ["a.pdf", "x", "jeanne"]]

    def hiding(rows):
        return edited(
            as_workbook(rows),
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b"<sheetData>", b"<cols><col %b/></cols><sheetData>" % column),
        )

    error = refused(tmp_path, hiding(rows))
    assert (error.key, error.fields["columns"]) == ("manifest.columns_hidden", "destinataire")
    others = [["fichier", "destinataire", ""], ["a.pdf", "jeanne", ""]]
    assert not column.startswith(b'min="3"') or taken(tmp_path, hiding(others))[0].shares == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"<worksheet", b"<!DOCTYPE worksheet><worksheet", 1),
        lambda xml: xml.replace(b'r="B2"', b'r="B3"'),
        lambda xml: xml.replace(b'r="B2"', 'r="B\u0662"'.encode()),
        lambda xml: xml.replace(b'r="B2"', b'r="2"'),
        lambda xml: xml.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ],
)
def test_a_sheet_that_no_spreadsheet_writes_is_refused(tmp_path, change):
    book = as_workbook([["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    data = edited(book, "xl/worksheets/sheet1.xml", change)
    assert data != edited(book, "xl/worksheets/sheet1.xml", lambda xml: xml)
    assert refused(tmp_path, data).key == "manifest.sheet_unreadable"


@pytest.mark.parametrize(("said", "junk"), [(0, b""), (0, b"x" * 5), (9, b"x" * 5), (7, b"")])
def test_of_two_workbooks_in_one_file_none_is_read(tmp_path, said, junk):
    """The second stands in the comment of the first: which one is read depends on the program."""
    first = as_workbook([["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    second = as_workbook([["fichier", "destinataire"], ["a.pdf", "lucie"]])
    rest = second[:-2] + struct.pack("<H", said) + junk
    data = first[:-2] + struct.pack("<H", len(rest)) + rest
    assert refused(tmp_path, data).key == "manifest.sheet_unreadable"


def test_what_was_looked_through_is_what_is_read(tmp_path):
    """Two lists of parts in one file, each with a sheet of its own, and an end that is cut."""
    part = "xl/worksheets/sheet1.xml"
    rows = [["fichier", "destinataire"], ["a.pdf", "jeanne"]]
    book = xlsx([Sheet("Nuit", rows)], shared=False)
    made = io.BytesIO(book)
    with zipfile.ZipFile(made, "a", 8) as archive:
        sheet = archive.read(part).replace(b"jeanne", b"lucie")
        archive.start_dir = len(book)  # nothing of the first list is written over
        archive.filelist.remove(archive.NameToInfo.pop(part))
        archive.writestr(part, sheet)
    rest = made.getvalue()[len(book) : -2] + struct.pack("<H", 7)
    data = book[:-2] + struct.pack("<H", len(rest)) + rest
    assert [each.to for each in taken(tmp_path, data)[1]] == ["lucie"]


def test_a_workbook_whose_parts_are_named_as_windows_does_is_read(tmp_path):
    part = "xl/worksheets/sheet1.xml"
    book = as_workbook([["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    assert taken(tmp_path, renamed(book, part, part.replace("/", "\\")))[0].shares == 1


@pytest.mark.parametrize(
    "part", ["sheets/s1.xml", "Worksheets/Sheet1.xml", "worksheets/a.rels.x", "sheets/Straße.xml"]
)
@pytest.mark.parametrize("target", ["{}", "/xl/{}"])
def test_a_sheet_is_looked_through_wherever_its_part_lies(tmp_path, part, target):
    rows = [["fichier", "destinataire"], ["a.pdf", "jeanne"], ["b.pdf", "lucie"]]
    hidden = edited(
        as_workbook(rows),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<row r="3"', b'<row hidden="1" r="3"'),
    )
    links = edited(
        hidden,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b"worksheets/sheet1.xml", target.format(part).encode()),
    )
    data = renamed(links, "xl/worksheets/sheet1.xml", f"xl/{part}")
    assert errors(tmp_path, data) == [(3, None, "manifest.row_hidden")]


def test_a_sheet_that_may_be_either_of_two_is_refused(tmp_path):
    rows = [["fichier", "destinataire"], ["a.pdf", "jeanne"]]
    part = "xl/worksheets/sheet1.xml"
    parts = renamed(as_workbook(rows), part, part, part.title())
    twice = edited(
        as_workbook(rows, rows), "xl/workbook.xml", lambda xml: xml.replace(b"Feuil1", b"Feuil0")
    )
    nowhere = edited(
        as_workbook(rows),
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b"worksheets/", b"../xl/worksheets/"),
    )
    for data in (parts, twice, nowhere):
        assert refused(tmp_path, data).key == "manifest.sheet_unreadable"


def test_a_hidden_sheet_is_not_the_manifest(tmp_path):
    hidden = Sheet("Modèle", [["fichier", "destinataire"], ["x.pdf", "omar"]], hidden=True)
    shown = Sheet("Nuit", [["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    assert [each.to for each in taken(tmp_path, xlsx([hidden, shown]))[1]] == ["jeanne"]


def test_rows_bear_the_numbers_that_the_spreadsheet_shows(tmp_path):
    rows = [[""], ["", ""], ["fichier", "destinataire"], ["", ""], ["a.pdf", "jeanne"], ["b.pdf"]]
    assert errors(tmp_path, as_workbook(rows)) == [(6, "destinataire", "manifest.nobody")]


def test_the_manifest_is_the_first_sheet_that_has_its_columns(tmp_path):
    notes = [["À lire avant l'envoi", ""], ["Merci", ""]]
    rows = [["fichier", "destinataire"], ["a.pdf", "jeanne"]]
    lists = [["voie", "format"], ["sms", "age"], ["qr", "pdf"]]
    people = [["nom", "email"], ["Jeanne Exemple", "j@example.org"]]
    _, (share,) = taken(tmp_path, as_workbook([], notes, rows, notes, lists, people, rows[:1]))
    assert share.to == "jeanne"
    assert refused(tmp_path, as_workbook(notes)).key == "manifest.headers"
    assert refused(tmp_path, as_workbook([])).key == "manifest.headers"


@pytest.mark.parametrize("above", [[], [["Semaine 47"], []]])
@pytest.mark.parametrize("header", [["fichier", "destinataire"], ["nom", "email", "fichier"]])
def test_a_second_sheet_of_shares_is_not_passed_over(tmp_path, above, header):
    monday = Sheet("Lundi", [["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    tuesday = Sheet("Mardi", [*above, header, ["b.pdf", "lucie", "c.pdf"]])
    notes = Sheet("Notes", [["Merci"]])
    error = refused(tmp_path, xlsx([monday, notes, tuesday]))
    assert (error.key, error.fields["sheets"]) == ("manifest.sheets_several", "Lundi, Mardi")
    tuesday.hidden = True
    assert [each.to for each in taken(tmp_path, xlsx([monday, notes, tuesday]))[1]] == ["jeanne"]


@pytest.mark.parametrize("reference", ["XFD2", "A1048576", "IV200001", "ZZZZ99999999"])
def test_a_cell_far_away_makes_no_room_in_memory(tmp_path, reference):
    book = as_workbook([["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    far = f'<row r="9"><c r="{reference}"><v>1</v></c></row></sheetData>'.encode()
    data = edited(book, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", far))
    assert refused(tmp_path, data).key == "manifest.sheet_large"


def test_a_part_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    book = as_workbook([["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    monkeypatch.setattr(profiles, "MANIFEST_SHEET_UNPACKED", 1 << 20)
    assert taken(tmp_path, book)[0].shares == 1
    data = edited(book, "xl/styles.xml", lambda xml: xml + b" " * (1 << 20))
    assert refused(tmp_path, data).key == "manifest.sheet_large"


def test_a_part_that_unpacks_to_more_than_it_says_is_refused(tmp_path, monkeypatch):
    book = as_workbook([["fichier", "destinataire"], ["a.pdf", "jeanne"]])
    monkeypatch.setattr(profiles, "MANIFEST_SHEET_UNPACKED", 1 << 20)
    said = b"<styleSheet/>"
    data = bytearray(edited(book, "xl/styles.xml", lambda _: said + b" " * (1 << 20)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo("xl/styles.xml").header_offset
        crc = struct.pack("<L", archive.getinfo("xl/styles.xml").CRC)
    name = data.rfind(b"xl/styles.xml")  # in the list of members, which is what is believed
    for place in (at + 14, name - 30):
        assert data[place : place + 4] == crc
        data[place : place + 4] = struct.pack("<L", zlib.crc32(said))
        data[place + 8 : place + 12] = struct.pack("<L", len(said))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("xl/styles.xml") == said
    assert refused(tmp_path, bytes(data)).key == "manifest.sheet_large"


def test_a_workbook_with_too_many_rows_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(profiles, "MANIFEST_SHEET_ROWS", 10)
    assert taken(tmp_path, as_workbook([HEADER, *ordinary(10)]))[0].rows == 10
    assert refused(tmp_path, as_workbook([HEADER, *ordinary(11)])).key == "manifest.rows_many"


def test_an_archive_that_is_no_workbook_is_said(tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert refused(tmp_path, data.getvalue()).key == "manifest.sheet_unreadable"


@given(st.data())
@settings(max_examples=40)
def test_a_damaged_workbook_is_read_or_said(shelf, data):
    book = bytearray(as_workbook([HEADER, *ordinary(3)]))
    for _ in range(data.draw(st.integers(1, 5))):
        book[data.draw(st.integers(4, len(book) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(8, len(book)))
    for content in (bytes(book), bytes(book[:cut])):
        try:
            taken(shelf, content)
        except (ManifestInvalid, InputUnreadable) as error:
            assert error.explain(Language.FR)


PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/styles.xml",
)


@given(
    st.sampled_from(PARTS),
    st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from('<>"=/ r019azAZ&')), max_size=4),
)
@example("xl/workbook.xml", [(0.118, "r")])  # encoding="UTFr8"
@settings(max_examples=40)
def test_a_workbook_of_damaged_parts_is_read_or_said(shelf, part, changes):
    def damaged(xml):
        altered = bytearray(xml)
        for place, character in changes:
            altered[int(place * len(altered))] = ord(character)
        return bytes(altered)

    content = edited(as_workbook([HEADER, *ordinary(3)]), part, damaged)
    try:
        taken(shelf, content)
    except ManifestInvalid as error:
        assert error.explain(Language.FR)
