"""Protects a workbook that is a manifest from being read otherwise than a spreadsheet shows it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from secshare.batch.marks import SheetTags
from tests.batch.manifests import as_workbook, errors, refused, taken
from tests.batch.parts import added, edited, part
from tests.corpus.writers.office import REL
from tests.corpus.writers.sheets import MAIN, Sheet, ods, xlsx

ROWS = [["fichier", "destinataire", "nir"], ["a.pdf", "jeanne", ""], ["b.pdf", "lucie", ""]]
BOOK = as_workbook(ROWS)
OTHER = as_workbook([ROWS[0], ["a.pdf", "omar", ""]])
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
LIST = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
ROOT = "_rels/.rels"
AS_BOOK = b'Target="xl/workbook.xml"'
WHOLE_ODS = ("mimetype", "content.xml", "META-INF/manifest.xml")
IN_OTHER_PROGRAMS = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice xmlns:z="urn:z" Requires="z">{}</mc:Choice></mc:AlternateContent>'
)


def replaced(name, old, new, book=BOOK):
    """Return a workbook of which a part has another text."""
    old, new = (each.encode() if isinstance(each, str) else each for each in (old, new))
    assert old in part(book, name)
    return edited(book, name, lambda xml: xml.replace(old, new, 1))


def unreadable(folder, data):
    return refused(folder, data).key == "manifest.sheet_unreadable"


def to(folder, data):
    return [share.to for share in taken(folder, data)[1]]


# --- parts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        *("other/workbook.xml", "/other/workbook.xml", "other/book2.xml", "Other/workbook.xml"),
        *("other/", "oth&#101;r/workbook.xml", "xl/../other/workbook.xml", "xl/book2.xml"),
    ],
)
@pytest.mark.parametrize("last", [False, True])
def test_a_workbook_that_begins_elsewhere_is_refused(tmp_path, target, last):
    """The library reads the folder that the last link names, and a spreadsheet that very part."""
    inside = ("workbook.xml", "_rels/workbook.xml.rels", "styles.xml", "sharedStrings.xml")
    parts = {f"other/{name}": part(OTHER, f"xl/{name}") for name in (*inside, SHEET[3:])}
    book = added(BOOK, parts)
    link = f'<Relationship Id="rId9" Type="{REL}/officeDocument" Target="{target}"/>'
    if last:
        data = replaced(ROOT, "</Relationships>", f"{link}</Relationships>", book)
    else:
        data = replaced(ROOT, AS_BOOK, f'Target="{target}"', book)
    assert unreadable(tmp_path, data)


@pytest.mark.parametrize("target", ["/xl/workbook.xml", "XL/Workbook.xml"])
def test_a_workbook_that_begins_where_it_usually_does_is_read(tmp_path, target):
    data = replaced(ROOT, AS_BOOK, f'Target="{target}"')
    assert to(tmp_path, data) == ["jeanne", "lucie"]


@pytest.mark.parametrize("name", ["sharedStrings", "styles"])
@pytest.mark.parametrize("last", [False, True])
def test_texts_and_formats_that_are_elsewhere_than_the_library_looks_are_refused(
    tmp_path, name, last
):
    book = added(BOOK, {"xl/others.xml": part(OTHER, f"xl/{name}.xml")})
    if last:
        link = f'<Relationship Id="rId9" Type="{REL}/{name}" Target="others.xml"/>'
        data = replaced(LINKS, "</Relationships>", f"{link}</Relationships>", book)
    else:
        data = replaced(LINKS, f'Target="{name}.xml"', 'Target="others.xml"', book)
    assert unreadable(tmp_path, data)
    whole = replaced(LINKS, f'Target="{name}.xml"', f'Target="/xl/{name}.xml"')
    assert to(tmp_path, whole) == ["jeanne", "lucie"]


def test_a_link_that_leads_to_either_of_two_sheets_is_refused(tmp_path):
    book = added(BOOK, {f"xl/{SHEET}": part(OTHER, SHEET)})
    assert unreadable(tmp_path, replaced(LINKS, '"worksheets/', '"xl/worksheets/', book))
    link = f'<Relationship Id="rId1" Type="{REL}/worksheet" Target="/xl/{SHEET}"/>'
    data = replaced(LINKS, "</Relationships>", f"{link}</Relationships>", book)
    assert unreadable(tmp_path, data)


def test_a_workbook_that_is_one_of_another_program_besides_is_not_read_as_that(tmp_path):
    """What the library cannot open as XLSX it tries as OpenDocument, then as something else."""
    other = ods([Sheet("Feuil0", [ROWS[0], ["a.pdf", "omar", ""]])])
    parts = {name: part(other, name) for name in WHOLE_ODS}
    data = replaced(LIST, "<sheet ", '<sheet state="no word" ', added(BOOK, parts))
    assert unreadable(tmp_path, data)


@pytest.mark.parametrize(
    "around",
    [
        IN_OTHER_PROGRAMS + "<sheets>",
        "<sheets>" + IN_OTHER_PROGRAMS,
        "<extLst><ext>{}</ext></extLst><sheets>",
    ],
)
def test_a_sheet_that_only_other_programs_show_is_no_manifest(tmp_path, around):
    book = added(BOOK, {"xl/worksheets/sheet9.xml": part(OTHER, SHEET)})
    link = f'<Relationship Id="rId9" Type="{REL}/worksheet" Target="worksheets/sheet9.xml"/>'
    book = replaced(LINKS, "</Relationships>", f"{link}</Relationships>", book)
    sheet = '<sheet name="Autre" sheetId="9" r:id="rId9"/>'
    assert unreadable(tmp_path, replaced(LIST, "<sheets>", around.format(sheet), book))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ('<workbookPr date1904="1"/>', date(1962, 4, 13)),
        ('<workbookPr date1904="false"/>', date(1958, 4, 12)),
        ('<workbookPr date1904=" 1 "/>', None),
        ('<z:workbookPr xmlns:z="urn:z" date1904="1"/>', None),
    ],
)
def test_days_are_counted_as_the_spreadsheet_counts_them(tmp_path, said, day):
    """From 1904 on a Mac of old."""
    header = ["fichier", "nom", "email", "naissance"]
    row = ["a.pdf", "Jeanne Exemple", "j@example.org", date(1958, 4, 12)]
    data = replaced(LIST, "<sheets>", f"{said}<sheets>", as_workbook([header, row]))
    if day is None:
        assert unreadable(tmp_path, data)
    else:
        assert [share.birth_date for share in taken(tmp_path, data)[1]] == [day]


@pytest.mark.parametrize(("flag", "day"), [("", date(1958, 4, 12)), ("1", date(1962, 4, 13))])
def test_a_workbook_as_excel_writes_it_is_read(tmp_path, flag, day):
    """What it says to its newer selves bears names that matter elsewhere."""
    microsoft = "http://schemas.microsoft.com/office/spreadsheetml"
    header = ["fichier", "nom", "email", "naissance"]
    line = ["a.pdf", "Jeanne Exemple", "j@example.org", date(1958, 4, 12)]
    path = f'<x15ac:absPath xmlns:x15ac="{microsoft}/2010/11/ac" url="C:\\x\\"/>'
    counted = f' date1904="{flag}"' if flag else ""
    data = replaced(
        LIST,
        "<sheets>",
        f'<fileVersion appName="xl"/><workbookPr{counted} defaultThemeVersion="166925"/>'
        f"{IN_OTHER_PROGRAMS.format(path)}<sheets>",
        as_workbook([header, line]),
    )
    data = replaced(
        LIST,
        "</workbook>",
        '<calcPr calcId="191029"/><extLst><ext uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}" '
        f'xmlns:x15="{microsoft}/2010/11/main"><x15:workbookPr chartTrackingRefBase="1"/></ext>'
        "</extLst></workbook>",
        data,
    )
    data = replaced(
        SHEET,
        "<sheetData>",
        f'<sheetFormatPr xmlns:x14ac="{microsoft}/2009/9/ac" baseColWidth="10" '
        'defaultColWidth="11.42578125" defaultRowHeight="15" x14ac:dyDescent="0.25"/>'
        '<cols><col min="1" max="1" width="20.7109375" customWidth="1"/></cols><sheetData>',
        data,
    )
    lists = f'<x14:formula1 xmlns:x14="{microsoft}/2009/9/main"><f>A1</f></x14:formula1>'
    data = replaced(
        SHEET,
        "</worksheet>",
        '<autoFilter ref="A1:D2"/><dataValidations><dataValidation sqref="B2"><formula1>A1'
        f"</formula1></dataValidation></dataValidations><extLst><ext>{lists}</ext></extLst>"
        "</worksheet>",
        data,
    )
    assert [share.birth_date for share in taken(tmp_path, data)[1]] == [day]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_sheet_that_nobody_can_show_is_not_the_manifest(tmp_path, state):
    data = replaced(LIST, "<sheet ", f'<sheet state="{state}" ')
    assert refused(tmp_path, data).key == "manifest.headers"


def test_a_workbook_of_strict_office_xml_is_read(tmp_path):
    data = BOOK
    for name in (ROOT, LIST, LINKS, SHEET, TEXTS):
        data = edited(
            data,
            name,
            lambda xml: xml.replace(
                MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"
            ).replace(REL.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
        )
    assert to(tmp_path, data) == ["jeanne", "lucie"]


# --- cells --------------------------------------------------------------------------------------


def text(place, said):
    return f'<c r="{place}" t="str"><v>{said}</v></c>'


HEADER = '<row r="1">{}</row>'.format("".join(map(text, ("A1", "B1", "C1"), ROWS[0])))


def row(number, name, attributes=""):
    cells = text(f"A{number}", f"{number}.pdf") + text(f"B{number}", name)
    return f'<row r="{number}"{attributes}>{cells}</row>'


def of_rows(*written, before="", behind=""):
    """Return a workbook whose sheet is written so."""
    data = f"{before}<sheetData>{''.join(written)}</sheetData>{behind}"
    old = re.search(rb"<sheetData>.*</sheetData>", part(BOOK, SHEET))
    return replaced(SHEET, old[0], data)


@pytest.mark.parametrize(
    "rows",
    [
        (HEADER, row(2, "jeanne"), row(2, "lucie")),
        (HEADER, row(3, "jeanne"), row(2, "lucie")),
        (HEADER, f'<row r="2">{text("B2", "jeanne")}{text("A2", "a.pdf")}</row>'),
        (HEADER, row(2, "jeanne").replace("</row>", text("B2", "lucie") + "</row>")),
        (HEADER, f'<row r="4">{row(5, "jeanne")}</row>'),
        (HEADER, IN_OTHER_PROGRAMS.format(row(2, "jeanne"))),
        (HEADER, f'<row r="2">{text("A2", "a")}{IN_OTHER_PROGRAMS.format(text("B2", "x"))}</row>'),
        (HEADER, row(2, "jeanne"), row(3, "x").replace("<row", '<row xmlns="urn:z"')),
        (HEADER, row(2, "jeanne"), text("A3", "b.pdf") + text("B3", "lucie")),
    ],
    ids=[
        *("row twice", "rows out of order", "cells out of order", "cell twice", "row in a row"),
        *("rows of others", "cells of others", "another namespace", "no row"),
    ],
)
def test_rows_and_cells_that_stand_as_in_no_spreadsheet_are_refused(tmp_path, rows):
    assert unreadable(tmp_path, of_rows(*rows))


@pytest.mark.parametrize(
    "more",
    [
        {"behind": f"<sheetData>{row(3, 'lucie')}</sheetData>"},
        {"before": "<sheetData/>"},
        {"before": f"<extLst><ext><sheetData>{HEADER}{row(2, 'omar')}</sheetData></ext></extLst>"},
        {"before": '<z:sheetData xmlns:z="urn:z"/>'},
    ],
)
def test_a_sheet_with_cells_in_two_places_is_refused(tmp_path, more):
    assert unreadable(tmp_path, of_rows(HEADER, row(2, "jeanne"), **more))


def test_what_stands_around_the_cells_moves_no_row(tmp_path):
    """Where the controls of a sheet are is told by tags of the same names."""
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    place = f'<from xmlns:xdr="{drawing}"><xdr:col>0</xdr:col><xdr:row>100</xdr:row></from>'
    controls = IN_OTHER_PROGRAMS.format(f"<controls>{place}</controls>")
    bare = re.sub(r' r="[A-Z]?[0-9]"', "", HEADER + row(2, "jeanne") + row(3, "lucie", ' ht="0"'))
    data = of_rows(bare, before=place + '<row r="100"/>', behind=controls)
    assert errors(tmp_path, data) == [(3, None, "manifest.row_hidden")]


@pytest.mark.parametrize(
    "cell",
    [
        '><f>"x"</f><v>x</v><v></v>',
        "><v>x</v><v>y</v>",
        '><v>x</v><f>"x"</f>',
        't="str"><v>x<![CDATA[y]]></v>',
        't="inlineStr"><v>x</v>',
        't="str"><is><t>x</t></is>',
        't="s"><v>2x</v>',
        't="s"><v>-1</v>',
    ],
)
def test_a_cell_of_which_the_library_reads_something_else_is_refused(tmp_path, cell):
    """Where it may be empty, nobody would miss what was lost."""
    written = row(2, "jeanne").replace("</row>", f'<c r="C2" {cell}</c></row>')
    assert unreadable(tmp_path, of_rows(HEADER, written))


@pytest.mark.parametrize(
    "inside",
    [
        "<r><t>jea</t></r><r><rPr><b/></rPr><t>nne</t></r>",
        '<t>jeanne</t><rPh sb="0" eb="6"><t>ジャンヌ</t></rPh><phoneticPr fontId="1"/>',
        "<t>je<!-- c --><![CDATA[an]]>&#110;e</t>",
        "<t>je_x0061_nne</t>",
        '<t xml:space="preserve"> jeanne </t>',
    ],
)
def test_a_text_is_read_as_it_is_shown(tmp_path, inside):
    old = '<t xml:space="preserve">jeanne</t>'
    assert to(tmp_path, replaced(TEXTS, old, inside)) == ["jeanne", "lucie"]
    book = xlsx([Sheet("Nuit", ROWS)], shared=False)
    inline = replaced(SHEET, "<t>jeanne</t>", inside, book)
    assert to(tmp_path, inline) == ["jeanne", "lucie"]


@pytest.mark.parametrize(
    "more",
    [
        IN_OTHER_PROGRAMS.format("<t>tte</t>"),
        '<z:t xmlns:z="urn:z">tte</z:t>',
        "<extLst><ext><t>tte</t></ext></extLst>",
    ],
)
def test_a_text_that_only_other_programs_show_is_refused(tmp_path, more):
    """The library adds it, and takes another text for each that follows."""
    shown = '<t xml:space="preserve">jeanne</t>'
    assert unreadable(tmp_path, replaced(TEXTS, shown, shown + more))
    whole = more.replace("<t>tte</t>", "<si><t>tte</t></si>")
    assert unreadable(tmp_path, replaced(TEXTS, "<si>", f"{whole}<si>"))
    inline = xlsx([Sheet("Nuit", ROWS)], shared=False)
    assert unreadable(tmp_path, replaced(SHEET, "<t>jeanne</t>", f"<t>jeanne</t>{more}", inline))


# --- what nobody sees ---------------------------------------------------------------------------


def test_columns_that_nobody_sees_unless_it_is_told_are_hidden(tmp_path):
    unseen = '<sheetFormatPr defaultColWidth="0" defaultRowHeight="15"/>'
    rows = (HEADER, row(2, "jeanne"))
    error = refused(tmp_path, of_rows(*rows, before=unseen))
    assert error.fields["columns"] == "fichier, destinataire, nir"
    some = unseen + '<cols><col min="1" max="1" width="9"/><col min="3" max="3" width="9"/></cols>'
    error = refused(tmp_path, of_rows(*rows, before=some))
    assert (error.key, error.fields["columns"]) == ("manifest.columns_hidden", "destinataire")
    every = unseen + '<cols><col min="1" max="3" width="9"/></cols>'
    assert to(tmp_path, of_rows(*rows, before=every)) == ["jeanne"]


def test_rows_that_nobody_sees_unless_it_is_told_are_hidden(tmp_path):
    unseen = '<sheetFormatPr defaultRowHeight="0" customHeight="1" zeroHeight="1"/>'
    told = row(2, "jeanne", ' ht="15" customHeight="1"')
    header = HEADER.replace('r="1"', 'r="1" ht="15"', 1)
    data = of_rows(header, told, row(3, "lucie"), before=unseen)
    assert errors(tmp_path, data) == [(3, None, "manifest.row_hidden")]
    assert to(tmp_path, of_rows(header, told, before=unseen)) == ["jeanne"]


def test_where_rows_without_cells_are_hidden_those_with_cells_are_not(tmp_path):
    """As spreadsheets do it that hide what lies below a table."""
    unseen = '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>'
    data = of_rows(HEADER, row(2, "jeanne"), row(5, "lucie"), before=unseen)
    assert to(tmp_path, data) == ["jeanne", "lucie"]


def test_a_row_is_as_high_as_others_unless_the_sheet_is_told_otherwise(tmp_path):
    """A height that nobody set is worked out anew from what stands in the row."""
    unsaid = '<sheetFormatPr defaultRowHeight="0"/>'
    data = of_rows(HEADER, row(2, "jeanne"), before=unsaid)
    assert to(tmp_path, data) == ["jeanne"]


# --- values and texts in pieces -----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["", "n", "s", "b", "d", "e"])
@pytest.mark.parametrize(
    "said",
    [
        *("1<!-- -->0", "1<?x?>0", "1&#48;", "&#49;0", "&#49;", "10<!-- -->", "<!-- -->1"),
        *("<?x?>1", "1<b>0</b>", "<b/>1", "1<![CDATA[0]]>"),
    ],
)
def test_a_value_in_pieces_is_refused(tmp_path, kind, said):
    """The library takes the first piece of a number; a spreadsheet shows all of them."""
    cell = f'<c r="C2" t="{kind}"><v>{said}</v></c>'.replace(' t=""', "")
    data = of_rows(HEADER, row(2, "jeanne").replace("</row>", f"{cell}</row>"))
    assert unreadable(tmp_path, data)


@pytest.mark.parametrize("said", ["j&#101;anne", "j&amp;nne", "jeanné"])
def test_a_text_that_was_worked_out_is_whole_with_its_references(tmp_path, said):
    shown = {"j&#101;anne": "jeanne", "j&amp;nne": "j&nne"}.get(said, said)
    assert to(tmp_path, of_rows(HEADER, row(2, said))) == [shown]


@pytest.mark.parametrize("said", ["jea<b>nne</b>", "<t>jeanne</t>", "jea<!-- -->nne"])
def test_a_text_that_was_worked_out_has_no_tags(tmp_path, said):
    assert unreadable(tmp_path, of_rows(HEADER, row(2, said)))


@pytest.mark.parametrize("size", [1, 2, 7, 1 << 20])
def test_a_value_goes_on_where_our_own_chunk_ended(tmp_path, size):
    cells = "<v>1234.5</v></c><c><f>1+1</f><v>12</v></c><c><v>7</v></c>"
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row><c>{cells}</row></sheetData></worksheet>'
    tags, data = SheetTags(tmp_path), xml.encode()
    for at in range(0, len(data), size):
        tags.feed(data[at : at + size])
    tags.feed(b"", last=True)
    assert tags.marks().spoilt == {}


EXCELS = (  # in two fonts, and spoken
    '<r><rPr><b/><sz val="11"/><color theme="1"/><rFont val="Calibri"/><family val="2"/>'
    '<scheme val="minor"/></rPr><t>jea</t></r><r><t xml:space="preserve">nne</t></r>'
    '<rPh sb="0" eb="1"><t>ジャン</t></rPh><rPh sb="1" eb="2"><t>ヌ</t></rPh>'
    '<phoneticPr fontId="1" type="noConversion"/>'
)
EMPTIES = ("<t/>", "<r/>", "<r><rPr/><t/></r>", "", "<phoneticPr/>")


def in_texts(inside):
    """Return workbooks of which a text is written so: one that cells share, and one in a cell."""
    yield replaced(TEXTS, '<t xml:space="preserve">jeanne</t>', inside)
    inline = xlsx([Sheet("Nuit", ROWS)], shared=False)
    yield replaced(SHEET, "<t>jeanne</t>", inside, inline)


@pytest.mark.parametrize("inside", [EXCELS, "<t>jeanne</t>", "<r><t>jeanne</t></r>"])
def test_a_text_as_spreadsheets_write_it_is_read(tmp_path, inside):
    for data in in_texts(inside):
        assert to(tmp_path, data) == ["jeanne", "lucie"]


@pytest.mark.parametrize("inside", EMPTIES)
def test_a_text_of_nothing_moves_no_other(tmp_path, inside):
    for data in in_texts(inside):
        assert errors(tmp_path, data) == [(2, "destinataire", "manifest.nobody")]


@pytest.mark.parametrize(
    "inside",
    [
        *("<t>jea</t><t>nne</t>", "<t>jea</t><r><t>nne</t></r>", "<r><t>jea</t></r><t>nne</t>"),
        *("<r><t>jea</t><t>nne</t></r>", "<r><rPr><t>jea</t></rPr><t>nne</t></r>"),
        *("<t>jea<b>nne</b></t>", "<r><r><t>jeanne</t></r></r>", "<x><t>jeanne</t></x>"),
        *("<r><rPr><b><t>jea</t></b></rPr><t>nne</t></r>", "<si><t>jeanne</t></si>"),
        *("<rPh><t>a</t><rPh/></rPh><t>jeanne</t>", "<phoneticPr><t>a</t></phoneticPr>"),
        *("<is><t>jeanne</t></is>", "<rPr/><t>jeanne</t>"),
    ],
)
def test_a_text_of_pieces_that_are_out_of_their_places_is_refused(tmp_path, inside):
    """The library joins them, wherever they stand."""
    for data in in_texts(inside):
        assert unreadable(tmp_path, data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<si>", "<x><si><t>omar</t></si></x><si>"),
        ("<si>", "<si><si><t>omar</t></si></si><si>"),
        ("<si>", "<t>omar</t><si>"),
        ("<si>", "<extLst><ext><si><t>omar</t></si></ext></extLst><si>"),
        ("<si>", "<sst><si><t>omar</t></si></sst><si>"),
        ("sst", "st"),
    ],
)
def test_texts_that_cells_share_stand_in_their_list(tmp_path, old, new):
    """Each that a spreadsheet passes over would move all that follow."""
    data = edited(BOOK, TEXTS, lambda xml: xml.replace(old.encode(), new.encode()))
    assert unreadable(tmp_path, data)
