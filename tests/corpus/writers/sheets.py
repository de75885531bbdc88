"""XLSX and ODS: several sheets, hidden ones, comments, numbers that are numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from html import escape

from tests.corpus.document import Doc
from tests.corpus.writers.office import HEAD, PACKAGE, REL, odf_text, opendocument, package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
Cell = str | int | float | date
EPOCH = date(1899, 12, 30)


@dataclass
class Sheet:
    """A sheet. `comments` are texts by the name of their cell."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    comments: dict[str, str] = field(default_factory=dict)


def xlsx(sheets: list[Sheet], *, title: str = "", shared: bool = True) -> bytes:
    """Return a workbook, its texts in the table of shared strings or in the cells."""
    strings: dict[str, int] = {}
    members: dict[str, str | bytes] = {}
    types = [
        ("xl/workbook.xml", "spreadsheetml.sheet.main"),
        ("xl/styles.xml", "spreadsheetml.styles"),
    ]
    listed, relations = [], []
    for number, sheet in enumerate(sheets, start=1):
        path = f"xl/worksheets/sheet{number}.xml"
        rows = "".join(
            f'<row r="{at}">'
            + "".join(_cell(at, n, value, strings, shared) for n, value in enumerate(row))
            + "</row>"
            for at, row in enumerate(sheet.rows, start=1)
        )
        members[path] = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        types.append((path, "spreadsheetml.worksheet"))
        state = ' state="hidden"' if sheet.hidden else ""
        listed.append(
            f'<sheet name="{escape(sheet.name)}" sheetId="{number}"{state} r:id="rId{number}"/>'
        )
        relations.append((f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml"))
        if sheet.comments:
            comments = "".join(
                f'<comment ref="{cell}" authorId="0"><text><r><t>{escape(text)}</t></r></text>'
                "</comment>"
                for cell, text in sheet.comments.items()
            )
            members[f"xl/comments{number}.xml"] = (
                f'{HEAD}<comments xmlns="{MAIN}"><authors><author>Secrétariat</author></authors>'
                f"<commentList>{comments}</commentList></comments>"
            )
            types.append((f"xl/comments{number}.xml", "spreadsheetml.comments"))
            members[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(
                [("rId1", "comments", f"../comments{number}.xml")]
            )
    relations.append(("rIdS", "styles", "styles.xml"))
    if strings:
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
        members["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'
        types.append(("xl/sharedStrings.xml", "spreadsheetml.sharedStrings"))
        relations.append(("rIdT", "sharedStrings", "sharedStrings.xml"))
    kind = "application/vnd.openxmlformats-officedocument"
    overrides = "".join(
        f'<Override PartName="/{path}" ContentType="{kind}.{name}+xml"/>' for path, name in types
    )
    return package(
        {
            "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default '
            'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
            f'+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
            "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
            f'Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/><Relationship '
            f'Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>',
            "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>'
            f"{''.join(listed)}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _relations(relations),
            "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
            '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
            '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
            **members,
            "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/'
            'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>",
        }
    )


def _relations(entries: list[tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{name}" Type="{REL}/{kind}" Target="{target}"/>'
        for name, kind, target in entries
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _cell(row: int, column: int, value: Cell, strings: dict[str, int], shared: bool) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - EPOCH).days}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if not value:
        return ""
    if shared:
        number = strings.setdefault(value, len(strings))
        return f'<c r="{place}" t="s"><v>{number}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def ods(sheets: list[Sheet], *, title: str = "") -> bytes:
    """Return a workbook of LibreOffice."""
    hidden = (
        '<style:style style:name="taH" style:family="table"><style:table-properties '
        'table:display="false"/></style:style><style:style style:name="taV" '
        'style:family="table"><style:table-properties table:display="true"/></style:style>'
    )
    tables = "".join(
        f'<table:table table:name="{escape(sheet.name)}" '
        f'table:style-name="{"taH" if sheet.hidden else "taV"}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                _ods_cell(value, sheet.comments.get(f"{chr(ord('A') + n)}{at}", ""))
                for n, value in enumerate(row)
            )
            + "</table:table-row>"
            for at, row in enumerate(sheet.rows, start=1)
        )
        + "</table:table>"
        for sheet in sheets
    )
    return opendocument(
        "application/vnd.oasis.opendocument.spreadsheet",
        f"<office:spreadsheet>{tables}</office:spreadsheet>",
        Doc([], title=title),
        automatic=hidden,
    )


def _ods_cell(value: Cell, comment: str) -> str:
    note = (
        f"<office:annotation><text:p>{odf_text(comment)}</text:p></office:annotation>"
        if comment
        else ""
    )
    if isinstance(value, date):
        kind, shown = f'office:value-type="date" office:date-value="{value}"', f"{value:%d/%m/%Y}"
    elif isinstance(value, (int, float)):
        kind, shown = f'office:value-type="float" office:value="{value!r}"', str(value)
    else:
        kind, shown = 'office:value-type="string"', value
    return f"<table:table-cell {kind}>{note}<text:p>{odf_text(shown)}</text:p></table:table-cell>"
