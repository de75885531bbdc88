"""Office documents made by hand: a word in every place where somebody's number can sit."""

from __future__ import annotations

import io
import zipfile

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
        "svg": "svg-compatible",
        "fo": "xsl-fo-compatible",
        "meta": "meta",
        "form": "form",
    }.items()
) + (' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"')


def packed(members: dict[str, str | bytes]) -> bytes:
    """Return a ZIP of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def docx(body: str = "", **members: str | bytes) -> bytes:
    """Return a DOCX; further members are named with `__` for `/` and `_xml` for `.xml`."""
    named = {
        name.replace("__", "/").replace("_xml", ".xml"): data for name, data in members.items()
    }
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": document, **named})


def odt(body: str = "", *, automatic: str = "", **members: str | bytes) -> bytes:
    """Return an OpenDocument text with this body; further members as `docx` names them."""
    named = {
        name.replace("__", "/").replace("_xml", ".xml"): data for name, data in members.items()
    }
    content = (
        f"<office:document-content {ODF}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            **named,
        }
    )


def p(text: str) -> str:
    """Return a paragraph of Word with one run."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
