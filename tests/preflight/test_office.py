"""Protects whoever sends a letter from what stands in a corner of it: nothing is missed there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.preflight import readers
from secshare.preflight.content import Why
from tests.preflight.office_files import ODF, TYPES, W, docx, odt, p, packed

LINK = "<r><Relationship Target='mailto:%s' TargetMode='External'/></r>"
BOX = f"<w:txbxContent>{p('%s')}</w:txbxContent>"

# Where it stands, the member or body that holds it with its word, whether a reader sees it there.
WORD_PLACES = {
    "a paragraph": (docx(p("%s")), True),
    "a table in a table": (
        docx(
            "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>"
            + p("%s")
            + "</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>"
        ),
        True,
    ),
    "a header": (docx(p("x"), word__header1_xml=f"<w:hdr {W}>{p('%s')}</w:hdr>"), True),
    "a footer": (docx(p("x"), word__footer2_xml=f"<w:ftr {W}>{p('%s')}</w:ftr>"), True),
    "a comment": (
        docx(
            p("x"),
            word__comments_xml=f"<w:comments {W}><w:comment>{p('%s')}</w:comment></w:comments>",
        ),
        True,
    ),
    "who commented": (
        docx(p("x"), word__comments_xml=f"<w:comments {W}><w:comment w:author='%s'/></w:comments>"),
        False,
    ),
    "a footnote": (
        docx(p("x"), word__footnotes_xml=f"<w:footnotes {W}>{p('%s')}</w:footnotes>"),
        True,
    ),
    "an endnote": (
        docx(p("x"), word__endnotes_xml=f"<w:endnotes {W}>{p('%s')}</w:endnotes>"),
        True,
    ),
    "a text box": (
        docx(
            "<w:p><w:r><mc:AlternateContent><mc:Choice><wps:txbx>"
            + BOX
            + "</wps:txbx></mc:Choice><mc:Fallback/></mc:AlternateContent></w:r></w:p>"
        ),
        True,
    ),
    "an old text box": (docx(f"<w:p><w:r><v:shape>{BOX}</v:shape></w:r></w:p>"), True),
    "a box that only old programs show": (
        docx(
            "<w:p><mc:AlternateContent><mc:Choice/><mc:Fallback>"
            + BOX
            + "</mc:Fallback></mc:AlternateContent></w:p>"
        ),
        True,
    ),
    "deleted text": (
        docx("<w:p><w:del><w:r><w:delText>%s</w:delText></w:r></w:del></w:p>"),
        False,
    ),
    "inserted text": (docx("<w:p><w:ins><w:r><w:t>%s</w:t></w:r></w:ins></w:p>"), True),
    "text moved away": (
        docx("<w:p><w:moveFrom><w:r><w:t>%s</w:t></w:r></w:moveFrom></w:p>"),
        False,
    ),
    "a content control": (
        docx("<w:sdt><w:sdtContent>" + p("%s") + "</w:sdtContent></w:sdt>"),
        True,
    ),
    "the name of a content control": (
        docx("<w:sdt><w:sdtPr><w:alias w:val='%s'/></w:sdtPr></w:sdt>" + p("x")),
        False,
    ),
    "a choice nobody took": (
        docx("<w:sdt><w:dropDownList><w:listItem w:displayText='%s'/></w:dropDownList></w:sdt>"),
        False,
    ),
    "hidden text": (
        docx("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>%s</w:t></w:r></w:p>"),
        False,
    ),
    "white text": (
        docx("<w:p><w:r><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>%s</w:t></w:r></w:p>"),
        False,
    ),
    "the instruction of a field": (
        docx("<w:p><w:r><w:instrText> MERGEFIELD %s </w:instrText></w:r></w:p>"),
        False,
    ),
    "an alternative text": (
        docx("<w:p><wp:inline><wp:docPr descr='%s'/></wp:inline></w:p>"),
        True,
    ),
    "a link": (docx(p("x"), **{"word/_rels/document.xml.rels": LINK}), True),
    "the title": (
        docx(p("x"), docProps__core_xml="<c xmlns:d='urn:d'><d:title>%s</d:title></c>"),
        True,
    ),
    "the author": (
        docx(p("x"), docProps__core_xml="<c xmlns:d='urn:d'><d:creator>%s</d:creator></c>"),
        False,
    ),
    "the company": (docx(p("x"), docProps__app_xml="<c><Company>%s</Company></c>"), False),
    "a property of one's own": (
        docx(p("x"), docProps__custom_xml="<c><property><lpwstr>%s</lpwstr></property></c>"),
        False,
    ),
    "custom XML": (docx(p("x"), customXml__item1_xml="<r><nom>%s</nom></r>"), False),
    "building blocks": (
        docx(p("x"), word__glossary__document_xml=f"<w:doc {W}>{p('%s')}</w:doc>"),
        False,
    ),
    "a variable": (
        docx(p("x"), word__settings_xml=f"<w:s {W}><w:docVar w:name='n' w:val='%s'/></w:s>"),
        False,
    ),
    "the values of a chart": (docx(p("x"), word__charts__chart1_xml="<c><v>%s</v></c>"), True),
    "a drawing with text": (
        docx(p("x"), **{"word__media__image1.svg": "<svg><text>%s</text></svg>"}),
        True,
    ),
    "a page of HTML inside": (
        docx(p("x"), **{"word__afchunk.htm": "<html><body>%s</body></html>"}),
        True,
    ),
}

STYLE = "<style:style style:name='%s'><style:text-properties %s/></style:style>"
LINE = "<text:p>%s</text:p>"
PLAIN = "<text:p>x</text:p>"
OPEN_PLACES = {
    "a paragraph": (odt(LINE), True),
    "a heading": (odt("<text:h>%s</text:h>"), True),
    "a table": (
        odt(
            "<table:table><table:table-row><table:table-cell><text:p>%s</text:p>"
            "</table:table-cell></table:table-row></table:table>"
        ),
        True,
    ),
    "a header": (
        odt(
            PLAIN,
            styles_xml=f"<office:document-styles {ODF}><style:header><text:p>%s</text:p>"
            "</style:header></office:document-styles>",
        ),
        True,
    ),
    "a comment": (
        odt("<text:p><office:annotation><text:p>%s</text:p></office:annotation></text:p>"),
        True,
    ),
    "a footnote": (
        odt(
            "<text:p>x<text:note><text:note-body><text:p>%s</text:p></text:note-body></text:note></text:p>"
        ),
        True,
    ),
    "a text box": (
        odt(
            "<text:p><draw:frame><draw:text-box><text:p>%s</text:p></draw:text-box></draw:frame></text:p>"
        ),
        True,
    ),
    "deleted text": (
        odt(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>%s</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes><text:p>x</text:p>"
        ),
        False,
    ),
    "hidden text": (odt("<text:p><text:hidden-text text:string-value='%s'/></text:p>"), False),
    "a paragraph in a style that is not shown": (
        odt(
            "<text:p text:style-name='P1'>%s</text:p>",
            automatic=STYLE % ("P1", "text:display='none'"),
        ),
        False,
    ),
    "white text": (
        odt(
            "<text:p><text:span text:style-name='T1'>%s</text:span></text:p>",
            automatic=STYLE % ("T1", "fo:color='#FFFFFF'"),
        ),
        False,
    ),
    "a variable": (
        odt("<text:user-field-decl office:string-value='%s'/><text:p>x</text:p>"),
        False,
    ),
    "a field of a form": (odt(f"<form:text form:current-value='%s'/>{PLAIN}"), False),
    "a link": (odt("<text:p><text:a xlink:href='mailto:%s'>x</text:a></text:p>"), False),
    "an alternative text": (odt("<draw:frame><svg:desc>%s</svg:desc></draw:frame>"), True),
    "the title": (
        odt(PLAIN, meta_xml=f"<m {ODF}><dc:title>%s</dc:title></m>"),
        True,
    ),
    "the author": (
        odt(PLAIN, meta_xml=f"<m {ODF}><dc:creator>%s</dc:creator></m>"),
        False,
    ),
    "a property of one's own": (
        odt(
            "<text:p>x</text:p>", meta_xml=f"<m {ODF}><meta:user-defined>%s</meta:user-defined></m>"
        ),
        False,
    ),
    "an object inside": (
        odt(PLAIN, **{"Object 1__content_xml": f"<o {ODF}><text:p>%s</text:p></o>"}),
        True,
    ),
}
WORD = "ZORBLAX"


def filled(data: bytes) -> bytes:
    """Return the document with the word where `%s` stands."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed(
            {name: archive.read(name).replace(b"%s", WORD.encode()) for name in archive.namelist()}
        )


def found(name: str, data: bytes):
    content = readers.read(name, data)
    return content, [part for part in content.parts if WORD in part.text]


@pytest.mark.parametrize("place", sorted(WORD_PLACES))
def test_a_docx_hides_nothing_in(place):
    data, seen = WORD_PLACES[place]
    content, parts = found("lettre.docx", filled(data))
    assert parts, [part.text for part in content.parts]
    assert any(not part.place.hidden for part in parts) == seen
    assert not content.unread


@pytest.mark.parametrize("place", sorted(OPEN_PLACES))
def test_an_odt_hides_nothing_in(place):
    data, seen = OPEN_PLACES[place]
    content, parts = found("lettre.odt", filled(data))
    assert parts, [part.text for part in content.parts]
    assert any(not part.place.hidden for part in parts) == seen
    assert not content.unread


def text(content, field="text"):
    return "\n".join(
        part.text for part in content.parts if part.place.field == field and not part.place.hidden
    )


def test_a_number_split_over_runs_is_whole():
    body = "<w:p>" + "".join(
        f"<w:r><w:t>{piece}</w:t></w:r>" for piece in ("06 3", "9 98 ", "00 01")
    )
    assert "06 39 98 00 01" in text(readers.read("a.docx", docx(body + "</w:p>")))
    spans = "<text:p>06 3<text:span>9</text:span> 98<text:s text:c='2'/>00 01</text:p>"
    assert "06 39 98  00 01" in text(readers.read("a.odt", odt(spans)))


def test_a_deleted_number_split_over_runs_is_whole():
    runs = "".join(f"<w:r><w:delText>{piece}</w:delText></w:r>" for piece in ("06 3", "9 98 00 01"))
    content = readers.read("a.docx", docx(f"<w:p><w:del>{runs}</w:del></w:p>" + p("x")))
    assert any("06 39 98 00 01" in part.text and part.place.hidden for part in content.parts)


def test_paragraphs_are_lines_and_cells_stand_apart():
    cell = "<w:tc>" + p("Nom") + "</w:tc><w:tc>" + p("MARTIN") + "</w:tc>"
    body = p("un") + p("deux") + f"<w:tbl><w:tr>{cell}</w:tr><w:tr>{cell}</w:tr></w:tbl>"
    assert text(readers.read("a.docx", docx(body))) == "un\ndeux\nNom\tMARTIN\nNom\tMARTIN"


def test_labels_above_each_other_do_not_stand_before_the_wrong_value():
    cells = f"<w:tc>{p('Nom')}{p('Prénom')}</w:tc><w:tc>{p('MARTIN')}{p('Lou')}</w:tc>"
    body = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    assert text(readers.read("a.docx", docx(body))).split("\n") == [
        "Nom",
        "Prénom",
        "MARTIN",
        "Lou",
    ]


def test_the_title_is_one():
    content = readers.read("a.docx", docx(p("x"), docProps__core_xml="<c><title>Bilan</title></c>"))
    (title,) = [part for part in content.parts if part.title]
    assert (title.text, title.place.field) == ("Bilan", "title")


def test_a_document_inside_is_read_under_its_name():
    inner = docx(p(WORD))
    content, parts = found("a.docx", docx(p("x"), **{"word__embeddings__lettre.docx": inner}))
    assert [part.place.member for part in parts] == ["word/embeddings/lettre.docx"]
    assert not content.unread


PICTURE = (
    "<w:p><w:r><w:drawing><wp:inline><wp:extent cx='%d' cy='%d'/><a:graphic><a:blip/></a:graphic>"
    "</wp:inline></w:drawing></w:r></w:p>"
)


def test_a_page_that_is_a_picture_cannot_be_checked():
    page = docx(p("Compte rendu de Lou MARTIN") + PICTURE % (7_000_000, 9_000_000))
    assert [unread.why for unread in readers.read("a.docx", page).unread] == [Why.SCAN]
    frame = "<draw:frame svg:width='18cm' svg:height='25cm'><draw:image/></draw:frame>"
    page = odt(f"<text:p>Compte rendu de Lou MARTIN {frame}</text:p>")
    assert [unread.why for unread in readers.read("a.odt", page).unread] == [Why.SCAN]


def test_a_document_of_nothing_but_pictures_cannot_be_checked():
    data = docx(PICTURE % (9, 9), **{"word__media__image1.png": b"\x89PNG"})
    assert [unread.why for unread in readers.read("a.docx", data).unread] == [Why.SCAN]


def test_a_letterhead_and_a_text_box_stop_nothing():
    box = (
        "<w:p><wp:anchor><wp:extent cx='7000000' cy='9000000'/>" + BOX % "un" + "</wp:anchor></w:p>"
    )
    body = p("Compte rendu de Lou MARTIN") + PICTURE % (2_000_000, 1_000_000) + box
    content = readers.read("a.docx", docx(body, **{"word__media__image1.png": b"\x89PNG"}))
    assert not content.unread


def test_an_encrypted_document_says_so():
    manifest = (
        "<manifest:manifest xmlns:manifest='urn:m'><manifest:encryption-data/></manifest:manifest>"
    )
    data = odt(PLAIN, **{"META-INF__manifest_xml": manifest})
    assert [unread.why for unread in readers.read("a.odt", data).unread] == [Why.ENCRYPTED]


BOMB = (
    "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(8))
    + "]>"
)


def test_an_entity_bomb_in_a_member_is_broken_and_the_rest_is_read():
    header = f"{BOMB}<w:hdr {W}>{p('&h;')}</w:hdr>"
    content, parts = found("a.docx", docx(p(WORD), word__header1_xml=header))
    assert [(unread.why, unread.place.member) for unread in content.unread] == [
        (Why.BROKEN, "word/header1.xml")
    ]
    assert parts
    assert sum(len(part.text) for part in content.parts) < 10_000


def test_a_member_that_unpacks_to_far_more_than_it_is_is_too_large():
    data = docx(p(WORD), word__header1_xml="<h>" + " " * 30_000_000 + "</h>")
    content, parts = found("a.docx", data)
    assert [unread.why for unread in content.unread] == [Why.TOO_LARGE]
    assert parts


def test_members_beyond_number_are_too_many():
    many = {f"customXml__item{n}_xml": "<a/>" for n in range(profiles.PREFLIGHT_MEMBERS + 1)}
    content = readers.read("a.docx", docx(p("x"), **many))
    assert Why.TOO_LARGE in [unread.why for unread in content.unread]


def test_a_truncated_member_keeps_what_stands_before_the_fault():
    data = packed(
        {
            "[Content_Types].xml": TYPES,
            "word/document.xml": f"<w:document {W}>{p(WORD)}<w:p><w:r",
        }
    )
    content, parts = found("a.docx", data)
    assert parts
    assert [unread.why for unread in content.unread] == [Why.BROKEN]


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=300), cut=st.integers(0, 400))
def test_no_bytes_raise(body, cut):
    for name, whole in (
        ("a.docx", packed({"[Content_Types].xml": TYPES, "word/document.xml": body})),
        (
            "a.odt",
            packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body}),
        ),
    ):
        for data in (whole, whole[:cut], whole[:-cut] if cut else whole):
            content = readers.read(name, data)
            assert content.unread or any(part.text for part in content.parts)


def test_an_office_document_that_is_one_xml_file_is_read_as_one():
    runs = "<w:p><w:r><w:t>06 39 9</w:t></w:r><w:r><w:t>8 00 01</w:t></w:r></w:p>"
    word = f"<?xml version='1.0'?><w:wordDocument {W}><w:body>{runs}</w:body></w:wordDocument>"
    assert text(readers.read("a.xml", word.encode())) == "06 39 98 00 01"
    spans = "<text:p>06 39 9<text:span>8 00 01</text:span></text:p>"
    flat = f"<?xml version='1.0'?><office:document {ODF}>{spans}</office:document>"
    assert text(readers.read("a.fodt", flat.encode())) == "06 39 98 00 01"
