"""Nothing that stands in a PDF escapes: pages, forms, notes, titles, attachments; nor do scans."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from secshare import profiles
from secshare.preflight.content import Content, Why
from secshare.preflight.readers import read
from tests.preflight.pdfs import form, laughing, new, picture, saved, shown, simple, with_picture

NUMBER = "2 69 05 49 588 157 80"


def whys(content: Content) -> list[Why]:
    return [one.why for one in content.unread]


def whole(content: Content) -> str:
    return "\n".join(part.text for part in content.parts)


def test_each_page_is_a_part_with_its_number():
    content = read("a.pdf", simple("première page", "deuxième page"))
    assert [(part.place.page, part.text) for part in content.parts] == [
        (1, "première page"),
        (2, "deuxième page"),
    ]
    assert not content.unread


def test_a_number_drawn_in_groups_out_of_order_is_read_in_order():
    groups = [shown("157 80", 200), shown("49 588", 140), shown("2 69 05", 90), shown("NIR", 50)]
    assert f"NIR {NUMBER}" in whole(read("a.pdf", saved(new([" ".join(groups)]))))


def test_lines_end_alike_and_a_hyphen_stays_one():
    drawn = "BT /F1 12 Tf 50 700 Td (Jean-) Tj 0 -14 Td (Pierre) Tj 0 -14 Td (fin) Tj ET"
    assert whole(read("a.pdf", saved(new([drawn])))) == "Jean-\nPierre\nfin"


@pytest.mark.parametrize(
    "drawn",
    [
        shown(NUMBER, before="1 1 1 rg"),
        shown(NUMBER, size=0.5),
        shown(NUMBER, x=-400),
        shown(NUMBER, before="3 Tr"),
    ],
    ids=["white", "tiny", "beside the page", "invisible"],
)
def test_what_nobody_sees_is_read_and_said_to_be_hidden(drawn):
    content = read("a.pdf", saved(new([f"{shown('Page une', y=500)} q {drawn} Q"])))
    assert [part.place.hidden for part in content.parts] == [False, True]
    assert [NUMBER in part.text for part in content.parts] == [False, True]


def test_white_letters_on_a_dark_line_are_seen_by_everybody():
    drawn = "0 0 1 rg 40 690 300 30 re f " + shown("RESULTATS", before="1 1 1 rg")
    assert [part.place.hidden for part in read("a.pdf", saved(new([drawn]))).parts] == [False]


def test_what_a_scanner_read_in_its_picture_is_not_hidden():
    pdf = new(["q 595 0 0 842 0 0 cm /I Do Q " + shown("compte rendu " * 20, before="3 Tr")])
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=picture(pdf))
    content = read("a.pdf", saved(pdf))
    assert [part.place.hidden for part in content.parts] == [False]
    assert not content.unread


def filled() -> pikepdf.Pdf:
    pdf = new([shown("page")])
    pdf.docinfo["/Title"] = "in the title"
    pdf.docinfo["/Author"] = "in the author"
    pdf.docinfo["/PatientName"] = "in a property"
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:description"] = "in the metadata"
    widget = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String("f"),
        V=String("in the form"),
        DV=String("by default"),
        Rect=Array([0, 0, 9, 9]),
    )
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=Array([0, 0, 9, 9]),
        Contents=String("in a note"),
        RC=String("<p>in a <b>rich</b> note &eacute;</p>"),
    )
    unseen = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), F=2, Contents=String("unseen")
    )
    widget, note, unseen = (pdf.make_indirect(one) for one in (widget, note, unseen))
    pdf.pages[0].obj.Annots = Array([widget, note, unseen])
    above = Dictionary(T=String("g"), V=String("above the form"), Kids=Array([widget]))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(above)]))
    outline = pdf.make_indirect(Dictionary(Title=String("in the outline")))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=outline, Last=outline, Count=1))
    pdf.attachments["2690549588157 bilan.txt"] = b"in the attachment"
    return pdf


FILLED = {
    "title": "in the title",
    "author": "in the author",
    "property": "in a property",
    "metadata": "in the metadata",
    "form": "in the form",
    "note": "in a note",
    "outline": "in the outline",
    "file name": "2690549588157 bilan.txt",
}


@pytest.mark.parametrize("streams", list(pikepdf.ObjectStreamMode.__members__))
@pytest.mark.parametrize("field", FILLED)
def test_what_stands_beside_the_pages_is_read(field, streams):
    mode = pikepdf.ObjectStreamMode[streams]
    content = read("a.pdf", saved(filled(), object_stream_mode=mode))
    assert FILLED[field] in [part.text for part in content.parts if part.place.field == field]
    assert not content.unread


def test_every_text_of_a_form_and_of_a_note_is_read():
    told = whole(read("a.pdf", saved(filled())))
    for text in ("by default", "above the form", "rich", "note é", "in the attachment"):
        assert text in told


def test_a_note_that_is_not_shown_is_hidden():
    parts = read("a.pdf", saved(filled())).parts
    assert [part.place.hidden for part in parts if part.text == "unseen"] == [True]


def test_what_a_note_draws_is_read_as_it_is_seen():
    pdf = new([shown("page")])
    stamp = form(pdf, shown("drawn by a stamp").encode(), Font=pdf.pages[0].obj.Resources.Font)
    pdf.pages[0].obj.Annots = Array(
        [
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Stamp,
                    F=4,
                    Rect=Array([0, 0, 595, 842]),
                    AP=Dictionary(N=stamp),
                )
            )
        ]
    )
    assert "drawn by a stamp" in whole(read("a.pdf", saved(pdf)))


@pytest.mark.parametrize("alone", [True, False])
def test_a_form_of_xml_is_read(alone):
    pdf = new([shown("Please wait...")])
    xml = b"<xdp><datasets><nom>Zephyrin</nom></datasets></xdp>"
    stream = pdf.make_stream(xml)
    packets = stream if alone else Array([String("datasets"), stream])
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=packets)
    assert "Zephyrin" in whole(read("a.pdf", saved(pdf)))


def test_a_pdf_attached_to_a_pdf_is_read_with_its_place():
    pdf = new([shown("letter")])
    pdf.attachments["inside.pdf"] = simple("one", NUMBER)
    found = [part.place for part in read("a.pdf", saved(pdf)).parts if part.text == NUMBER]
    assert [(place.member, place.page) for place in found] == [("inside.pdf", 2)]


@pytest.mark.parametrize(
    ("text", "width", "height"),
    [
        ("", 560, 800),
        ("p. 1/2", 560, 800),
        ("", 300, 190),
        ("recu le 12/03/2026 09:12 p. 01", 560, 800),
    ],
    ids=["no text", "a number", "a card", "a fax's line"],
)
def test_a_picture_of_a_page_is_a_scan(text, width, height):
    assert whys(read("a.pdf", with_picture(text, width, height))) == [Why.SCAN]


def test_a_letter_with_a_logo_or_a_background_is_no_scan():
    letter = "Le patient va bien, et reviendra dans un an pour un controle. " * 3
    assert not read("a.pdf", with_picture(letter, 560, 800)).unread
    assert not read("a.pdf", with_picture("Cordialement", 60, 60)).unread


def test_only_the_pages_that_are_scans_are_named():
    pdf = new([shown("une page de texte, avec des mots"), "q 560 0 0 800 9 9 cm /I Do Q"])
    pdf.pages[1].obj.Resources.XObject = Dictionary(I=picture(pdf))
    assert [(one.why, one.place.page) for one in read("a.pdf", saved(pdf)).unread] == [
        (Why.SCAN, 2)
    ]


def test_text_drawn_as_curves_is_a_scan():
    curves = " ".join(f"{x} 100 m {x + 2} 140 {x + 3} 150 {x + 5} 170 c S" for x in range(50, 400))
    assert whys(read("a.pdf", saved(new([curves])))) == [Why.SCAN]


def test_letters_of_a_font_that_does_not_say_which_they_are_cannot_be_checked():
    pdf = new([shown("\x01\x02\x03\x04\x05\x06\x07\x08" * 10)])
    assert whys(read("a.pdf", saved(pdf))) == [Why.SCAN]


def test_a_blank_page_is_no_scan_and_a_blank_document_is_empty():
    assert not read("a.pdf", saved(new([shown("text"), "0.5 w 50 50 m 500 50 l S"]))).unread
    assert whys(read("a.pdf", saved(new(["", ""])))) == [Why.EMPTY]


def test_a_page_whose_content_is_damaged_is_not_blank():
    pdf = new([shown("first"), ""])
    damaged = pdf.make_stream(b"")
    damaged.write(b"\x78\x9c" + b"no deflate at all" * 20, filter=Name.FlateDecode)
    pdf.pages[1].obj.Contents = damaged
    assert [(one.why, one.place.page) for one in read("a.pdf", saved(pdf)).unread] == [
        (Why.BROKEN, 2)
    ]


@pytest.mark.parametrize("user", ["words", ""], ids=["password", "restrictions only"])
def test_a_password_stops_the_reading_and_restrictions_do_not(user):
    data = saved(filled(), encryption=pikepdf.Encryption(owner="owner", user=user, R=6))
    content = read("a.pdf", data)
    if user:
        assert (whys(content), content.parts) == ([Why.ENCRYPTED], [])
    else:
        assert not content.unread
        assert "in the attachment" in whole(content)


@pytest.mark.parametrize("left", [0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_truncated_file_is_read_as_far_as_it_goes_and_never_clean(left):
    data = saved(filled())
    content = read("a.pdf", data[: int(len(data) * left)])
    assert Why.BROKEN in whys(content)


def test_a_file_that_lost_its_table_only_is_read_whole():
    data = saved(new([shown("kept")]), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = data.rfind(b"startxref")
    content = read("a.pdf", data[:start] + b"startxref\n1\n%%EOF\n")
    assert whole(content) == "kept"


def test_garbage_after_a_header_is_broken():
    assert whys(read("a.pdf", b"%PDF-1.4\n" + bytes(range(256)) * 20)) == [Why.BROKEN]


def test_pages_beyond_the_limit_are_not_read_and_it_is_said(monkeypatch):
    monkeypatch.setattr(profiles, "PREFLIGHT_PAGES", 3)
    pdf = new([shown(f"page {number}") for number in range(5)])
    pdf.docinfo["/Title"] = "titled"
    content = read("a.pdf", saved(pdf))
    assert [part.text for part in content.parts] == ["page 0", "page 1", "page 2", "titled"]
    assert whys(content) == [Why.TOO_LARGE]


def test_an_attachment_that_unpacks_beyond_the_limit_is_not_held(monkeypatch):
    monkeypatch.setattr(profiles, "PREFLIGHT_UNPACKED", 1_000_000)
    pdf = new([shown("letter")])
    pdf.attachments["zeros.txt"] = bytes(5_000_000)
    assert Why.TOO_LARGE in whys(read("a.pdf", saved(pdf, compress_streams=True)))


def test_a_form_and_an_outline_that_bite_their_tails_end():
    pdf = new([shown("page")])
    field = pdf.make_indirect(Dictionary(T=String("f"), V=String("once")))
    field.Kids = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    entry = pdf.make_indirect(Dictionary(Title=String("again")))
    entry.Next = entry
    pdf.Root.Outlines = Dictionary(First=entry)
    texts = [part.text for part in read("a.pdf", saved(pdf)).parts]
    assert texts.count("once") == 1
    assert texts.count("again") == 1


def test_a_tree_of_pages_that_bites_its_tail_is_broken():
    pdf = new([shown("page")])
    data = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(io.BytesIO(data)) as opened:
        tree = opened.Root.Pages
        number = f"{tree.objgen[0]} 0 R".encode()
        kid = f"{opened.pages[0].obj.objgen[0]} 0 R".encode()
    assert len(number) == len(kid)
    content = read("a.pdf", data.replace(b"/Kids [ " + kid, b"/Kids [ " + number))
    assert Why.BROKEN in whys(content)


def test_a_drawing_in_drawings_is_looked_at_to_an_end():
    assert "ha" in whole(read("a.pdf", laughing(3, 3)))
