"""DOCX and ODT, with every place in them where a text can stand."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tests.corpus.document import Break, Columns, Fields, Heading, Rows, Text

if TYPE_CHECKING:
    from random import Random

    from tests.corpus.document import Doc

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def package(members: dict[str, str | bytes], *, stored_first: str | None = None) -> bytes:
    """Return a ZIP of the members, dated 1980."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = ZipInfo(name)
            info.compress_type = 0 if name == stored_first else ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


# --- DOCX -----------------------------------------------------------------------------------------


def runs(text: str, draw: Random) -> str:
    """Return a paragraph's runs: Word splits them anywhere, also inside a word."""
    if len(text) > 8 and draw.random() < 0.4:
        cut = draw.randint(3, len(text) - 3)
        return _run(text[:cut]) + '<w:proofErr w:type="spellStart"/>' + _run(text[cut:])
    return _run(text)


def _run(text: str) -> str:
    parts = []
    for number, part in enumerate(text.split("\n")):
        if number:
            parts.append("<w:br/>")
        parts.append(f'<w:t xml:space="preserve">{escape(part)}</w:t>')
    return f"<w:r>{''.join(parts)}</w:r>"


def _p(text: str, draw: Random, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{runs(text, draw)}</w:p>"


def _table(rows: list[list[list[str]]], draw: Random) -> str:
    """Return a table; a cell is a list of paragraphs."""
    body = "".join(
        "<w:tr>"
        + "".join(
            f"<w:tc>{''.join(_p(text, draw) for text in cell) or '<w:p/>'}</w:tc>" for cell in row
        )
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr/>{body}</w:tbl><w:p/>"


def docx_body(doc: Doc, draw: Random) -> str:
    """Return the body of a document: fields as paragraphs, with tabulators or in tables."""
    out = []
    fields_as = draw.choice(("paragraphs", "tabs", "table"))
    for block in doc.blocks:
        match block:
            case Heading(text):
                out.append(_p(text, draw, "Titre1"))
            case Text(text):
                if draw.random() < 0.5:
                    out.append(_p(text, draw))
                else:
                    out += [_p(line, draw) for line in text.split("\n")]
            case Fields(pairs, one_line):
                if one_line:
                    out.append(_p("   ".join(f"{a} : {b}" for a, b in pairs), draw))
                elif fields_as == "table":
                    out.append(_table([[[label], [value]] for label, value in pairs], draw))
                elif fields_as == "tabs":
                    out += [
                        f"<w:p>{_run(a + ' :')}<w:r><w:tab/></w:r>{_run(b)}</w:p>" for a, b in pairs
                    ]
                else:
                    out += [_p(f"{a} : {b}", draw) for a, b in pairs]
            case Columns(left, right):
                out.append(_table([[left, right]], draw))
            case Rows(header, rows):
                out.append(_table([[[cell] for cell in row] for row in [header, *rows]], draw))
            case Break():
                out.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
    return "".join(out)


def text_box(text: str) -> str:
    """Return a paragraph that holds a text box, in the way of Word 2007."""
    return (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
        f"<w:txbxContent><w:p>{_run(text)}</w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
        "</w:r></w:p>"
    )


def deleted(text: str) -> str:
    """Return a paragraph of a text that a reviser deleted, and that is still there."""
    return (
        '<w:p><w:del w:id="7" w:author="Secrétariat" w:date="2026-11-02T10:00:00Z"><w:r>'
        f'<w:delText xml:space="preserve">{escape(text)}</w:delText></w:r></w:del></w:p>'
    )


def inserted(text: str) -> str:
    """Return a paragraph of a text that a reviser inserted."""
    return f'<w:p><w:ins w:id="8" w:author="Secrétariat">{_run(text)}</w:ins></w:p>'


def content_control(text: str) -> str:
    """Return a field of a form of Word."""
    return (
        f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:p>{_run(text)}</w:p></w:sdtContent>"
        "</w:sdt>"
    )


def nested(text: str) -> str:
    """Return a table inside a table."""
    inner = f"<w:tbl><w:tblPr/><w:tr><w:tc><w:p>{_run(text)}</w:p></w:tc></w:tr></w:tbl>"
    return f"<w:tbl><w:tblPr/><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"


def docx(doc: Doc, draw: Random, *, more: str = "", comment: str = "", footnote: str = "") -> bytes:
    """Return a DOCX. `more` is XML put after the body; a comment and a footnote, if any."""
    kinds = {
        "word/document.xml": "document.main", "word/header1.xml": "header",
        "word/footer1.xml": "footer", "word/comments.xml": "comments",
        "word/footnotes.xml": "footnotes",
    }  # fmt: skip
    members = {
        "word/document.xml": f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{REL}"><w:body>'
        f"{docx_body(doc, draw)}{more}<w:sectPr/></w:body></w:document>"
    }
    if doc.running:
        members["word/header1.xml"] = f'{HEAD}<w:hdr xmlns:w="{W}">{_p(doc.running, draw)}</w:hdr>'
    if doc.footer:
        members["word/footer1.xml"] = f'{HEAD}<w:ftr xmlns:w="{W}">{_p(doc.footer, draw)}</w:ftr>'
    if comment:
        members["word/comments.xml"] = (
            f'{HEAD}<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="Secrétariat">'
            f"{_p(comment, draw)}</w:comment></w:comments>"
        )
    if footnote:
        members["word/footnotes.xml"] = (
            f'{HEAD}<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{_p(footnote, draw)}'
            "</w:footnote></w:footnotes>"
        )
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{main}.{kinds[name]}+xml"/>' for name in members
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{REL}/{kinds[name]}" Target="{name[5:]}"/>'
        for n, name in enumerate(members)
        if n
    )
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(doc.title)}</dc:title><dc:creator>{escape(doc.author)}</dc:creator>"
        "</cp:coreProperties>"
    )
    return package(
        {
            "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default '
            'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
            f'+xml"/>{overrides}</Types>',
            "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
            f'Id="rId1" Type="{REL}/officeDocument" Target="word/document.xml"/><Relationship '
            f'Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>',
            **members,
            "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
            f"{relations}</Relationships>",
            "docProps/core.xml": core,
        }
    )


# --- ODT ------------------------------------------------------------------------------------------

ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)


def odf_text(text: str) -> str:
    """Return a text as ODF has it: runs of blanks and line ends are elements."""
    out = escape(text).replace("\n", "<text:line-break/>").replace("\t", "<text:tab/>")
    while "  " in out:
        start = out.index("  ")
        count = len(out[start:]) - len(out[start:].lstrip(" "))
        out = f'{out[:start]} <text:s text:c="{count - 1}"/>{out[start + count :]}'
    return out


def _tp(text: str, draw: Random) -> str:
    if len(text) > 8 and draw.random() < 0.3:
        cut = draw.randint(3, len(text) - 3)
        return (
            f"<text:p>{odf_text(text[:cut])}"
            f'<text:span text:style-name="T1">{odf_text(text[cut:])}</text:span></text:p>'
        )
    return f"<text:p>{odf_text(text)}</text:p>"


def _odf_table(rows: list[list[list[str]]], draw: Random) -> str:
    return "<table:table>" + "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell>{''.join(_tp(text, draw) for text in cell)}</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    ) + "</table:table>"  # fmt: skip


def odt_body(doc: Doc, draw: Random) -> str:
    """Return the text of an ODT."""
    out = []
    for block in doc.blocks:
        match block:
            case Heading(text):
                out.append(f'<text:h text:outline-level="1">{odf_text(text)}</text:h>')
            case Text(text):
                out.append(_tp(text, draw))
            case Fields(pairs, one_line):
                lines = [f"{label} :\t{value}" for label, value in pairs]
                out += [_tp("   ".join(lines), draw)] if one_line else [_tp(x, draw) for x in lines]
            case Columns(left, right):
                out.append(_odf_table([[left, right]], draw))
            case Rows(header, rows):
                out.append(_odf_table([[[c] for c in row] for row in [header, *rows]], draw))
            case Break():
                out.append('<text:p text:style-name="PageBreak"/>')
    return "".join(out)


def odt(doc: Doc, draw: Random, *, more: str = "", before: str = "") -> bytes:
    """Return an ODT. `more` is XML put after the body, `before` in front of it."""
    return opendocument(
        "application/vnd.oasis.opendocument.text",
        f"<office:text>{before}{odt_body(doc, draw)}{more}</office:text>",
        doc,
    )


def opendocument(kind: str, body: str, doc: Doc, automatic: str = "") -> bytes:
    """Return an OpenDocument package."""
    styles = (
        f"{HEAD}<office:document-styles {ODF}><office:master-styles>"
        '<style:master-page style:name="Standard">'
        f"<style:header><text:p>{odf_text(doc.running)}</text:p></style:header>"
        f"<style:footer><text:p>{odf_text(doc.footer)}</text:p></style:footer>"
        "</style:master-page></office:master-styles></office:document-styles>"
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{media}"/>'
        for path, media in (("/", kind), ("content.xml", "text/xml"), ("styles.xml", "text/xml"),
                            ("meta.xml", "text/xml"))
    )  # fmt: skip
    return package(
        {
            "mimetype": kind,
            "content.xml": f"{HEAD}<office:document-content {ODF}><office:automatic-styles>"
            f"{automatic}</office:automatic-styles><office:body>{body}</office:body>"
            "</office:document-content>",
            "styles.xml": styles,
            "meta.xml": f"{HEAD}<office:document-meta {ODF}><office:meta><dc:title>"
            f"{escape(doc.title)}</dc:title></office:meta></office:document-meta>",
            "META-INF/manifest.xml": f'{HEAD}<manifest:manifest xmlns:manifest="{manifest}">'
            f"{entries}</manifest:manifest>",
        },
        stored_first="mimetype",
    )


def odt_deleted(text: str) -> str:
    """Return the tracked changes of an ODT, with a text that was deleted."""
    return (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        "<office:change-info><dc:creator>Secrétariat</dc:creator></office:change-info>"
        f"<text:p>{odf_text(text)}</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes>"
    )


def odt_comment(text: str) -> str:
    """Return a paragraph with a comment."""
    return (
        "<text:p>Vu.<office:annotation><dc:creator>Secrétariat</dc:creator>"
        f"<text:p>{odf_text(text)}</text:p></office:annotation></text:p>"
    )
