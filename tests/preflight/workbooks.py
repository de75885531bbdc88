"""Spreadsheets written member by member and record by record, as no library would let one."""

from __future__ import annotations

import io
import struct
import zipfile
from xml.sax.saxutils import escape

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def zipped(members, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return packed.getvalue()


# --- XLSX ---------------------------------------------------------------------------------------


def letters(column):
    said = ""
    while column >= 0:
        said, column = chr(ord("A") + column % 26) + said, column // 26 - 1
    return said


def cell(column, row, value):
    where = f"{letters(column)}{row}"
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f'<c r="{where}"><v>{value!r}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def worksheet(rows, first=1, before="", after="", row_marks=None):
    """The XML of a sheet; `row_marks` gives attributes to rows by their number."""
    body = "".join(
        f'<row r="{number}"{(row_marks or {}).get(number, "")}>'
        + "".join(cell(column, number, value) for column, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, first)
    )
    return f"<worksheet {MAIN}>{before}<sheetData>{body}</sheetData>{after}</worksheet>"


def relations(links):
    """Of (id, type, target) a member that relates."""
    said = "".join(
        f'<Relationship Id="{name}" Type="{RELATED}/{kind}" Target="{target}"'
        + (' TargetMode="External"' if kind == "hyperlink" else "")
        + "/>"
        for name, kind, target in links
    )
    return f"<Relationships {PACKAGE}>{said}</Relationships>"


def members(sheets, states=None, names="", extra=None):
    """The members of a workbook: `sheets` are XML by name, `states` hidden or veryHidden."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"'
        + (f' state="{states[name]}"' if states and name in states else "")
        + "/>"
        for number, name in enumerate(sheets, 1)
    )
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": relations([("r1", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATED}"><sheets>{listed}</sheets>'
        f"{names}</workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            [
                (f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml")
                for number, _ in enumerate(sheets, 1)
            ]
        ),
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)},
        **(extra or {}),
    }


def xlsx(sheets, **options):
    return zipped(members(sheets, **options))


# --- ODS ----------------------------------------------------------------------------------------

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
        ("meta", "meta"),
    )
)


def ods(tables, styles="", extra=None, manifest=""):
    """A file whose tables are given as XML."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": f'<office:document-content {SPACES} xmlns:dc="http://purl.org/dc/'
            f'elements/1.1/"><office:automatic-styles>{styles}</office:automatic-styles>'
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>",
            **(extra or {}),
        }
    )


def ods_row(*values, marks=""):
    cells = "".join(
        f'<table:table-cell office:value-type="float" office:value="{value!r}"><text:p>~</text:p>'
        "</table:table-cell>"
        if isinstance(value, (int, float))
        else f'<table:table-cell office:value-type="string"><text:p>{value}</text:p>'
        "</table:table-cell>"
        for value in values
    )
    return f"<table:table-row {marks}>{cells}</table:table-row>"


def ods_table(*rows, name="Feuille1", marks=""):
    return f'<table:table table:name="{name}" {marks}>{"".join(rows)}</table:table>'


# --- XLS ----------------------------------------------------------------------------------------


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def wide(text):
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def xls(rows, name="Feuil1", hidden=0, password=False, comment=None, header=None, further=b""):
    """A workbook of Excel 97 with one sheet: its records, inside a compound file (MS-CFB)."""
    begin = struct.pack("<HHHHII", 0x600, 5, 0xDBB, 0x7CC, 0, 6)
    sheet_name = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    top = record(0x809, begin)
    if password:
        top += record(0x2F, struct.pack("<H", 0) + bytes(4))
    top += record(0x42, struct.pack("<H", 1200)) + record(0x5C, wide("Test Auteur").ljust(112))
    size = len(top) + 4 + 6 + len(sheet_name) + 4
    globals_ = top + record(0x85, struct.pack("<IBB", size, hidden, 0) + sheet_name) + record(0x0A)
    body = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0xDBB, 0x7CC, 0, 6))
    width = max(map(len, rows))
    body += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    if header:
        body += record(0x14, wide(header))
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            where = struct.pack("<HHH", at, column, 0)
            if isinstance(value, str):
                body += record(0x204, where + wide(value))
            else:
                body += record(0x203, where + struct.pack("<d", value))
    if comment:
        text = comment.encode("utf-16-le")
        half = len(comment) // 2 * 2
        body += record(0x1B6, struct.pack("<HHHHHHHI", 0, 0, 0, 0, 0, len(comment), 16, 0))
        body += record(0x3C, b"\x01" + text[:half]) + record(0x3C, b"\x01" + text[half:])
        body += record(0x1C, struct.pack("<HHHH", 0, 0, 0, 1) + wide("Test Relecteur"))
    return compound({"Workbook": globals_ + body + further + record(0x0A)})


def compound(streams):
    """A compound file of streams of 4,096 bytes at least, one after the other."""
    sector = 512
    entries, chunks, table = [], b"", []
    for name, given in streams.items():
        data = given.ljust(4096, b"\0")
        data += bytes(-len(data) % sector)
        start, count = len(table), len(data) // sector
        table += [*range(start + 1, start + count), 0xFFFFFFFE]
        chunks += data
        entries.append((name, 2, start, len(data)))
    first_directory = len(table)
    table.append(0xFFFFFFFE)
    first_table = len(table)
    table.append(0xFFFFFFFD)
    root = ("Root Entry", 5, 0xFFFFFFFE, 0)
    directory = b""
    for number, (name, kind, start, size) in enumerate([root, *entries]):
        said = (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
        directory += said + struct.pack("<HBB", len(name) * 2 + 2, kind, 1)
        child = 1 if number == 0 else 0xFFFFFFFF
        right = number + 1 if 0 < number < len(entries) else 0xFFFFFFFF
        directory += struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36)
        directory += struct.pack("<IQ", start, size)
    directory = directory.ljust(sector, b"\0")
    assert len(directory) == sector and len(table) <= sector // 4
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, first_directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", first_table, *[0xFFFFFFFF] * 108)
    packed = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    return header + chunks + directory + packed
