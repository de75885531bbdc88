"""The smallest DOCX and XLSX that Word, Excel and LibreOffice open, by the standard library.

Stored, not compressed, and dated 1980: the same bytes whatever the machine and its zlib.
"""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZipFile, ZipInfo

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
_PACKAGE = "application/vnd.openxmlformats-package"
_OFFICE = "application/vnd.openxmlformats-officedocument"


def docx(title: str, paragraphs: list[str]) -> bytes:
    """A letter: one paragraph a text."""
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for text in paragraphs
    )
    document = f'<w:document xmlns:w="{_OPEN}/wordprocessingml/2006/main">'
    return _package(
        title,
        "word/document.xml",
        f"{_OFFICE}.wordprocessingml.document.main+xml",
        {"word/document.xml": f"{document}<w:body>{body}</w:body></w:document>"},
    )


def xlsx(sheet: str, rows: list[list[str]]) -> bytes:
    """A workbook of one sheet. Every cell is text: a telephone number keeps its zero."""
    cells = "".join(
        f'<row r="{number}">{"".join(_cell(number, at, text) for at, text in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    namespace = f'xmlns="{_OPEN}/spreadsheetml/2006/main"'
    relations = f"{_OPEN}/officeDocument/2006/relationships"
    return _package(
        sheet,
        "xl/workbook.xml",
        f"{_OFFICE}.spreadsheetml.sheet.main+xml",
        {
            "xl/workbook.xml": f'<workbook {namespace} xmlns:r="{relations}"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                (f"{relations}/worksheet", "worksheets/sheet1.xml")
            ),
            "xl/worksheets/sheet1.xml": f"<worksheet {namespace}><sheetData>{cells}</sheetData>"
            "</worksheet>",
        },
        {"xl/worksheets/sheet1.xml": f"{_OFFICE}.spreadsheetml.worksheet+xml"},
    )


def _cell(row: int, column: int, text: str) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _package(
    title: str,
    main: str,
    main_type: str,
    parts: dict[str, str],
    types: dict[str, str] | None = None,
) -> bytes:
    core = "docProps/core.xml"
    known = {main: main_type, core: f"{_PACKAGE}.core-properties+xml", **(types or {})}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in known.items()
    )
    whole = {
        "[Content_Types].xml": f'<Types xmlns="{_OPEN}/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{_PACKAGE}.relationships+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": _relations(
            (f"{_OPEN}/officeDocument/2006/relationships/officeDocument", main),
            (f"{_OPEN}/package/2006/relationships/metadata/core-properties", core),
        ),
        core: f'<cp:coreProperties xmlns:cp="{_OPEN}/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        "</cp:coreProperties>",
        **parts,
    }
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, text in whole.items():
            archive.writestr(ZipInfo(name), _HEAD + text)
    return out.getvalue()


def _relations(*targets: tuple[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{entries}</Relationships>'
