"""Protects a check from a spreadsheet that holds what it does not show, or fills the memory."""

from __future__ import annotations

import io
import struct
import zipfile
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.model import Place
from secshare.preflight.content import Content, Why
from secshare.preflight.readers import read as read_any
from secshare.preflight.readers import sheets
from secshare.preflight.readers.budget import Budget, OverBudget
from tests.preflight.workbooks import (
    MAIN,
    compound,
    members,
    ods,
    ods_row,
    ods_table,
    record,
    relations,
    worksheet,
    xls,
    xlsx,
    zipped,
)

NUMBER = 255081416802538  # a test number, whose key is wrong
ROWS = [
    ["Nom", "Tél", "NIR"],
    ["TESTE Élise", 639980001.0, float(NUMBER)],
    ["TESTA Luc", 1.5, None],
]
READ = [["TESTE Élise", "0639980001", str(NUMBER)], ["TESTA Luc", "1.5"]]


def read(data):
    content = Content()
    sheets.read(data, Place("a"), Budget(), content)
    return content


def parts(content, field):
    return [part for part in content.parts if part.place.field == field]


def whys(content):
    return {unread.why for unread in content.unread}


WRITTEN = {
    "xlsx": lambda: xlsx({"Feuil1": worksheet(ROWS)}),
    "ods": lambda: ods(ods_table(*(ods_row(*(v for v in r if v is not None)) for r in ROWS))),
    "xls": lambda: xls([[v for v in row if v is not None] for row in ROWS]),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_numbers_are_digits_again_in_every_format(kind):
    content = read_any(f"a.{kind}", WRITTEN[kind]())
    (only,) = content.tables
    assert only.header == ("Nom", "Tél", "NIR")
    assert [[cell for cell in row if cell] for row in only.rows] == READ
    assert only.first_row == 2
    assert not content.unread


def test_days_are_written_as_days():
    styles = (
        f"<styleSheet {MAIN}><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='22'/>"
        "</cellXfs></styleSheet>"
    )
    sheet = worksheet([["Jour", "Heure"]]).replace(
        "</sheetData>",
        '<row r="2"><c r="A2" s="1"><v>46023</v></c><c r="B2" s="2"><v>46023.5</v></c></row>'
        "</sheetData>",
    )
    (only,) = read(xlsx({"F": sheet}, extra={"xl/styles.xml": styles})).tables
    assert only.rows == [["2026-01-01", "2026-01-01 12:00:00"]]


def test_rows_keep_their_numbers_and_columns_their_letters():
    sheet = worksheet([[None, None, "Nom", "Ville"], [None, None, "A", "Paris"]], first=7)
    (only,) = read(xlsx({"F": sheet})).tables
    assert only.first_row == 8
    assert only.rows[0] == ["", "", "A", "Paris"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_and_said_to_be_hidden(state):
    data = xlsx(
        {"Feuil1": worksheet([["a", "b"]]), "Liste": worksheet(ROWS)}, states={"Liste": state}
    )
    shown, hidden = read(data).tables
    assert not shown.place.hidden
    assert (hidden.place.sheet, hidden.place.hidden) == ("Liste", True)
    assert hidden.rows[0][0] == "TESTE Élise"


@pytest.mark.parametrize("hidden", [1, 2])
def test_a_hidden_sheet_of_an_old_file_is_hidden_too(hidden):
    (only,) = read(xls([["a", "b"], ["c", "d"]], hidden=hidden)).tables
    assert only.place.hidden


def test_a_hidden_sheet_of_an_open_document_is_hidden_too():
    styles = (
        '<style:style style:name="ta1" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    shown = ods_table(ods_row("a", "b"))
    unseen = ods_table(ods_row("c", "d"), name="Liste", marks='table:style-name="ta1"')
    assert [t.place.hidden for t in read(ods(shown + unseen, styles)).tables] == [False, True]


def test_hidden_rows_and_columns_are_told_as_hidden():
    sheet = worksheet(
        [["Nom", "Ville"], ["VU", "Paris"], ["CACHE", "Lyon"]],
        before='<cols><col min="2" max="16384" hidden="1"/></cols>',
        row_marks={3: ' hidden="1"'},
    )
    (part,) = parts(read(xlsx({"F": sheet})), "hidden rows")
    assert part.place.hidden and part.place.sheet == "F"
    assert part.text.split("\n") == ["Ville", "Paris", "CACHE  Lyon"]


def test_hidden_rows_and_columns_of_an_open_document_are_told_as_hidden():
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    filtered = ods_row("CACHE", "Lyon", marks='table:visibility="filter"')
    group = f"<table:table-row-group>{filtered}</table:table-row-group>"
    data = ods(ods_table(columns, ods_row("VU", "Paris"), group))
    (part,) = parts(read(data), "hidden rows")
    assert part.text.split("\n") == ["Paris", "CACHE  Lyon"]


EXTRA = {
    "xl/comments7.xml": f"<comments {MAIN}><authors><author>Auteur Test</author></authors>"
    '<commentList><comment ref="B2" authorId="0"><text><r><t>Rappeler </t></r><r><t>Mme TESTE</t>'
    "</r></text></comment></commentList></comments>",
    "xl/threadedComments/threadedComment1.xml": '<ThreadedComments xmlns="x"><threadedComment '
    'ref="C3"><text>Fil de TESTA</text></threadedComment></ThreadedComments>',
    "xl/persons/person.xml": '<personList xmlns="x"><person displayName="Relecteur Test"/>'
    "</personList>",
    "xl/worksheets/_rels/sheet1.xml.rels": relations(
        [
            ("r1", "comments", "../comments7.xml"),
            ("r2", "threadedComment", "../threadedComments/threadedComment1.xml"),
            ("r3", "hyperlink", "mailto:teste@example.org"),
            ("r4", "drawing", "/xl/drawings/drawing1.xml"),
        ]
    ),
    "xl/drawings/drawing1.xml": '<d xmlns:a="y"><a:p><a:r><a:t>Zone de </a:t></a:r><a:r><a:t>texte'
    '</a:t></a:r></a:p><pic name="Picture 1" descr="Photo de TESTI"/></d>',
    "xl/pivotCache/pivotCacheDefinition1.xml": '<p><sharedItems><s v="TESTU Paul"/></sharedItems>'
    "</p>",
    "xl/externalLinks/externalLink1.xml": '<e><row><cell r="A1" t="str"><v>TESTO Marc</v></cell>'
    "</row></e>",
    "docProps/core.xml": '<cp xmlns:dc="d"><dc:title>Liste TESTY</dc:title><dc:creator>Secrétaire'
    "</dc:creator></cp>",
    "docProps/app.xml": "<Properties><Company>Cabinet Test</Company></Properties>",
    "docProps/custom.xml": '<Properties><property name="Patient"><v>TESTZ Anne</v></property>'
    "</Properties>",
    "xl/newThing/thing1.xml": "<x><y>Nouveauté de TESTQ</y></x>",
}
AFTER = (
    "<headerFooter><oddHeader>&amp;LPatient TESTW</oddHeader></headerFooter>"
    '<dataValidations><dataValidation><formula1>"TESTV Luc,TESTV Zoé"</formula1></dataValidation>'
    '</dataValidations><hyperlinks><hyperlink ref="A1" r:id="r3" tooltip="écrire à TESTE"/>'
    "</hyperlinks>"
)


def test_everything_outside_the_cells_of_a_workbook_is_read():
    sheet = worksheet([["a", "b"]], after=AFTER).replace(
        "</row>", '<c r="C1" t="str"><f>IF(A1="TESTF","x","y")</f><v>x</v></c></row>'
    )
    names = "<definedNames><definedName name='Zone_TESTN'>Feuil1!$A$1</definedName></definedNames>"
    content = read(xlsx({"Feuil1": sheet}, names=names, extra=EXTRA))
    told = {(p.place.sheet, p.place.cell, p.place.field, p.place.hidden): p for p in content.parts}
    assert told["Feuil1", "B2", "comment", False].text == "Rappeler Mme TESTE"
    assert told["Feuil1", "C3", "comment", False].text == "Fil de TESTA"
    assert told["Feuil1", None, "comment", False].text == "Auteur Test"
    assert told[None, None, "comment", False].text == "Relecteur Test"
    assert "mailto:teste@example.org" in told["Feuil1", None, "link", True].text
    assert "Zone de texte" in told["Feuil1", None, "text box", False].text
    assert "Photo de TESTI" in told["Feuil1", None, "text box", False].text
    assert told[None, None, "pivot cache", True].text == "TESTU Paul"
    assert "TESTO Marc" in told[None, None, "linked workbook", True].text
    assert told[None, None, "title", True].text == "Liste TESTY"
    assert told[None, None, "title", True].title
    assert told[None, None, "author", True].text == "Secrétaire"
    properties = "\n".join(part.text for part in parts(content, "properties"))
    assert all(said in properties for said in ("Cabinet Test", "TESTZ Anne", "TESTQ"))
    header = told["Feuil1", None, "header", False].text
    assert all(said in header for said in ("Patient TESTW", "TESTV Zoé", "écrire à TESTE"))
    assert "TESTF" in told["Feuil1", None, "formula", True].text
    assert "Zone_TESTN" in told[None, None, "defined name", True].text
    assert not content.unread


def test_everything_outside_the_cells_of_an_open_document_is_read():
    table = ods_table(
        "<table:shapes><draw:frame><draw:text-box><text:p>Zone TESTI</text:p></draw:text-box>"
        "</draw:frame></table:shapes>",
        '<table:table-row><table:table-cell office:value-type="date" '
        'office:date-value="2026-01-02">'
        "<office:annotation><dc:creator>Auteur</dc:creator><text:p>Note sur <text:span>TESTE"
        "</text:span></text:p></office:annotation><text:p>02/01/26</text:p></table:table-cell>"
        "</table:table-row>",
    )
    content = read(
        ods(
            table,
            extra={
                "meta.xml": '<m xmlns:dc="d"><dc:title>Liste TESTY</dc:title></m>',
                "styles.xml": f"<s {SPACES_TEXT}><text:p>En-tête TESTW</text:p></s>",
            },
        )
    )
    (comment,) = parts(content, "comment")
    assert (comment.place.cell, comment.text) == ("A1", "Auteur\nNote sur TESTE")
    assert [part.text for part in parts(content, "text box")] == ["Zone TESTI"]
    assert [part.text for part in parts(content, "title")] == ["Liste TESTY"]
    assert [part.text for part in parts(content, "header")] == ["En-tête TESTW"]
    assert content.tables[0].rows == [["2026-01-02"]]


SPACES_TEXT = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'


def test_comments_headers_and_authors_of_an_old_file_are_read():
    content = read(xls([["a", "b"]], comment="Rappeler Mme TESTE, née Dupré", header="&LTESTW"))
    assert "Rappeler Mme TESTE, née Dupré" in parts(content, "comment")[0].text
    assert "Test Relecteur" in parts(content, "comment")[0].text
    assert [part.text for part in parts(content, "header")] == ["&LTESTW"]
    assert parts(content, "author")[0].place.hidden


# --- what cannot be checked ---------------------------------------------------------------------


def test_a_file_with_a_password_cannot_be_checked():
    assert whys(read(xls([["a", "b"]], password=True))) == {Why.ENCRYPTED}
    manifest = "<file-entry><encryption-data/></file-entry>"
    assert whys(read(ods(ods_table(ods_row("a", "b")), manifest=manifest))) == {Why.ENCRYPTED}
    packed = compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000})
    assert whys(read_any("a.xlsx", packed)) == {Why.ENCRYPTED}


def test_a_member_with_a_password_makes_the_file_unreadable():
    data = bytearray(xlsx({"F": worksheet(ROWS)}))
    at = data.rindex(b"PK\x01\x02")  # the directory's last entry
    data[at + 8] |= 1
    assert Why.ENCRYPTED in whys(read(bytes(data)))


@pytest.mark.parametrize(
    "cell",
    ["XFD1048576", "A1048576", "XFD1", "A4294967297", "ZZZZ1", "A99999999999", "xfd1048576"],
)
def test_cells_far_apart_do_not_fill_the_memory(cell):
    far = worksheet([["a", "b"]]).replace("</row>", f'<c r="{cell}"><v>1</v></c></row>')
    content = read(xlsx({"Loin": far, "Près": worksheet(ROWS)}))
    assert all(len(t.rows) * len(t.rows[0]) <= profiles.PREFLIGHT_CELLS for t in content.tables)
    assert [t.rows[0][0] for t in content.tables if t.place.sheet == "Près"] == ["TESTE Élise"]
    if cell not in {"A1048576", "XFD1"}:  # a single column, a single row: large, but they fit
        assert [(u.why, u.place.sheet) for u in content.unread] == [(Why.TOO_LARGE, "Loin")]


@pytest.mark.parametrize(
    "reference",
    ["r='XFD1048576'", 'r = "XFD1048576"', 's="1"\nr="XFD1048576"', 's="1"r="XFD1048576"'],
)
def test_far_cells_are_seen_however_they_are_written(reference):
    far = worksheet([["a", "b"]]).replace("</row>", f"<c {reference}><v>1</v></c></row>")
    content = read(xlsx({"Loin": far}))
    assert whys(content) & {Why.TOO_LARGE, Why.BROKEN}
    assert not content.tables


def test_a_far_cell_in_a_sheet_by_an_odd_path_is_seen():
    far = worksheet([["a", "b"]]).replace("</row>", '<c r="XFD1048576"><v>1</v></c></row>')
    book = members({"Loin": worksheet([["a"]])})
    book["xl/_rels/workbook.xml.rels"] = relations([("rId1", "worksheet", "Odd/Sheet.XML")])
    book["xl/Odd/Sheet.XML"] = far
    assert Why.TOO_LARGE in whys(read(zipped(book)))


def test_a_small_file_that_says_a_million_times_the_same_is_refused():
    repeated = (
        '<table:table-row table:number-rows-repeated="{0}"><table:table-cell office:value-type='
        '"string" table:number-columns-repeated="{1}"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    )
    for rows, columns in ((1_000_000, 16_000), (1, 999_999_999), (999_999_999, 1)):
        with pytest.raises(OverBudget):
            read(ods(ods_table(repeated.format(rows, columns))))


def test_the_empty_rows_that_programs_write_at_the_end_are_not_counted():
    tail = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    (only,) = read(ods(ods_table(ods_row("a", "b"), tail))).tables
    assert only.rows == [["a", "b"]]


def test_a_bomb_ends_its_own_member():
    bomb = members({"F": worksheet(ROWS)})
    bomb["xl/drawings/drawing1.xml"] = b" " * 50_000_000
    content = read(zipped(bomb))
    assert whys(content) == {Why.TOO_LARGE}
    assert content.tables[0].rows[0][0] == "TESTE Élise"


def test_a_member_larger_than_it_says_is_broken():
    data = bytearray(xlsx({"F": worksheet(ROWS)}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)  # the size when unpacked
    assert Why.BROKEN in whys(read(bytes(data)))


def test_a_member_that_is_there_twice_is_broken():
    with pytest.warns(UserWarning, match="Duplicate"):
        data = _twice()
    assert Why.BROKEN in whys(read(data))


def _twice():
    packed = io.BytesIO(xlsx({"F": worksheet(ROWS)}))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", worksheet([["autre"]]))
    return packed.getvalue()


def test_an_entity_bomb_in_a_comment_ends_the_comment_only():
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(
            f"<!ENTITY {made} '" + f"&{of};" * 10 + "'>" for of, made in pairwise("abcdefghij")
        )
        + "]><comments><text>&j;</text></comments>"
    )
    content = read(xlsx({"F": worksheet(ROWS)}, extra={"xl/comments1.xml": bomb}))
    assert content.tables[0].rows[0][0] == "TESTE Élise"
    assert whys(content) <= {Why.BROKEN, Why.TOO_LARGE}
    assert content.unread


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_cut_file_is_never_clean(kind):
    data = WRITTEN[kind]()
    for length in range(8, len(data) - 1, max(len(data) // 25, 1)):
        content = read_any(f"a.{kind}", data[:length])
        assert content.unread or content.tables[0].rows[0][0] == "TESTE Élise"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(WRITTEN)), st.data())
def test_a_damaged_file_raises_nothing_but_what_is_over_budget(kind, data):
    damaged = bytearray(WRITTEN[kind]())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(8, len(damaged) - 1))
        damaged[at] = data.draw(st.integers(0, 255))
    content = Content()
    try:
        sheets.read(bytes(damaged), Place("a"), Budget(), content)
    except OverBudget:
        return
    assert content.tables or content.unread or content.parts


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])), max_size=3),
    st.sampled_from(["<x>", "<row r='1'>", "<c r='A1'>", "</sheetData>", "&amp;", "&#0;", "<!--"]),
)
def test_a_hostile_sheet_raises_nothing(texts, tag):
    sheet = worksheet([["a"]]).replace("</sheetData>", tag.join(texts) + tag + "</sheetData>")
    content = Content()
    sheets.read(xlsx({"F": sheet}), Place("a"), Budget(), content)
    assert content.tables or content.unread


@pytest.mark.parametrize(
    "far",
    [
        (0x203, struct.pack("<HHHd", 65_535, 65_535, 0, 1.0)),
        (0xBD, struct.pack("<HHHIH", 65_535, 0, 0, 0, 65_535)),
        (0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)),
        (0x200, struct.pack("<IIHHH", 9, 0, 9, 0, 0)),
    ],
    ids=["a far number", "numbers over many columns", "large dimensions", "negative dimensions"],
)
def test_an_old_workbook_that_asks_for_too_much_room_is_not_opened(far):
    assert whys(read(xls([["a", "b"]], further=record(*far)))) == {Why.TOO_LARGE}


def test_a_member_without_a_name_is_no_error():
    data = bytearray(zipped({"x": b"1", **members({"F": worksheet(ROWS)})}))
    for mark, length, header in ((b"PK\x03\x04", 26, 30), (b"PK\x01\x02", 28, 46)):
        at = data.index(mark)
        struct.pack_into("<HH", data, at + length, 0, 1)  # no name, and one byte of extra
        assert data[at + header] == ord("x")
    content = read(bytes(data))
    assert content.tables[0].rows[0][0] == "TESTE Élise" or whys(content) == {Why.BROKEN}
