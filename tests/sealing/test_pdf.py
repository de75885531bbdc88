"""The password PDF opens with its words, in any reader, and shows nothing without them."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import hashlib
import io
import os
import random
import re
import subprocess
import sys
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, String

from secshare import files, profiles, sealing
from secshare.errors import InputUnreadable, OutputRefused, PracticeInvalid, SecshareError
from secshare.files import Source
from secshare.messages import Language
from secshare.passphrase import draw, entropy
from secshare.sealing import pdf as sealing_pdf
from secshare.sealing.pdf import seal_pdf, words_needed
from tests.secrets_search import Secret
from tests.tools import missing, need

WORDS = draw(12, randbelow=random.Random(1).randrange).reveal()
TEXT = "compte rendu de Jeanne Exemple, page"
TITLE = "Bilan de Jeanne Exemple"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    f"<dc:source>{TITLE}</dc:source></rdf:Description></rdf:RDF></x:xmpmeta>"
)
IDENTIFIER = bytes(range(16, 32))

Change = Callable[[pikepdf.Pdf], None]


def document(
    *changes: Change, pages: int = 2, mode: ObjectStreamMode = ObjectStreamMode.disable
) -> bytes:
    """Make an invented document: text, a picture, a title, an attachment, a note, a destination."""
    pdf = pikepdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    picture = pdf.make_stream(zlib.compress(random.Random(2).randbytes(64 * 64)))
    picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.FlateDecode
    picture.Width = picture.Height = 64
    picture.BitsPerComponent, picture.ColorSpace = 8, Name.DeviceGray
    for number in range(pages):
        pdf.add_blank_page()
        page = pdf.pages[-1].obj
        drawn = f"BT /F 12 Tf 72 700 Td ({TEXT} {number}) Tj ET q 64 0 0 64 72 72 cm /I Do Q"
        page.Contents = pdf.make_stream(drawn.encode())
        page.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary(I=picture))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9])
    note.Contents = String("note sur Jeanne Exemple")
    if pages:
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])
        target = Array([pdf.pages[0].obj, Name.Fit])
        pdf.Root.Dests = Dictionary({"/chapitre-jeanne-exemple": target})
    pdf.docinfo["/Title"] = TITLE
    pdf.docinfo["/Author"] = "Dr Véra Exemple"
    described = pdf.make_stream(XMP.encode())
    described.Type, described.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = described
    pdf.Root.Lang = String("fr-FR")
    pdf.attachments["resultats jeanne exemple.csv"] = b"jeanne exemple;positif\n" * 9
    pdf.trailer.ID = Array([String(IDENTIFIER), String(IDENTIFIER)])
    for change in changes:
        change(pdf)
    written = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some changes make odd documents on purpose
        pdf.save(written, compress_streams=False, object_stream_mode=mode)
    return written.getvalue()


def sealed(folder: Path, content: bytes, words: str = WORDS) -> Path:
    clear, path = folder / "clear.pdf", folder / "sealed.pdf"
    clear.write_bytes(content)
    path.unlink(missing_ok=True)
    with files.open_source(clear) as source, files.publish(path) as sink:
        seal_pdf(source, sink, words)
    return path


def refusal(folder: Path, content: bytes) -> str:
    """Return why a document is refused; nothing is left of it."""
    with pytest.raises(InputUnreadable) as caught:
        sealed(folder, content)
    assert sorted(path.name for path in folder.iterdir()) == ["clear.pdf"]
    return caught.value.key


def by_pdfium(path: Path, words: str | None) -> str | None:
    try:
        opened = pypdfium2.PdfDocument(path, password=words)
    except pypdfium2.PdfiumError as error:
        assert "password" in str(error).lower()
        return None
    with opened:
        return "".join(page.get_textpage().get_text_bounded() for page in opened)


def by_poppler(path: Path, words: str | None) -> str | None:
    """Open it as Evince and Okular do: poppler's commands cut a password after 32 characters."""
    name = ctypes.util.find_library("poppler-glib")
    if name is None:
        missing("the library poppler-glib (libpoppler-glib8) is not installed")
    poppler = ctypes.CDLL(name)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for function, result, arguments in (
        (poppler.poppler_document_new_from_file, pointer, [text, text, pointer]),
        (poppler.poppler_document_get_n_pages, ctypes.c_int, [pointer]),
        (poppler.poppler_document_get_page, pointer, [pointer, ctypes.c_int]),
        (poppler.poppler_page_get_text, text, [pointer]),
    ):
        function.restype, function.argtypes = result, arguments
    password = words.encode() if words is not None else None
    opened = poppler.poppler_document_new_from_file(path.as_uri().encode(), password, None)
    if not opened:
        return None
    count = poppler.poppler_document_get_n_pages(opened)
    pages = [poppler.poppler_document_get_page(opened, number) for number in range(count)]
    return "".join(poppler.poppler_page_get_text(page).decode() for page in pages)


def by_qpdf(path: Path, words: str | None) -> str | None:
    given_words = [f"--password={words}"] if words else []
    command = [need("qpdf"), *given_words, "--check", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode in {0, 2}
    return None if ended.returncode else ended.stdout


READERS = pytest.mark.parametrize("reader", [by_pdfium, by_poppler, by_qpdf])


def one_wrong_letter(words: str) -> str:
    return words[:3] + ("a" if words[3] != "a" else "b") + words[4:]


@READERS
@pytest.mark.parametrize("mode", [ObjectStreamMode.disable, ObjectStreamMode.generate])
def test_a_reader_opens_it_with_the_words_and_not_without(
    tmp_path: Path, reader: Callable[[Path, str | None], str | None], mode: ObjectStreamMode
) -> None:
    path = sealed(tmp_path, document(mode=mode))
    read = reader(path, WORDS)
    assert read
    if reader is by_qpdf:
        assert "R = 6" in read
        assert read.count("AESv3") == 3
        assert "not allowed" not in read
        assert "No syntax or stream encoding errors found" in read
    else:
        assert all(f"{TEXT} {number}" in read for number in range(2))
    for refused in (None, "x", one_wrong_letter(WORDS), WORDS + "-", WORDS.replace("-", " ")):
        assert reader(path, refused) is None


@READERS
def test_the_longest_password_still_opens_it(
    tmp_path: Path, reader: Callable[[Path, str | None], str | None]
) -> None:
    longest = "abcdefgh-" * 14 + "z"
    assert len(longest) == 127
    path = sealed(tmp_path, document(), longest)
    assert reader(path, longest)
    assert reader(path, longest[:-1]) is None


@pytest.mark.parametrize("words", ["", "a" * 128, "été"])
def test_a_password_that_readers_understand_differently_is_refused(
    tmp_path: Path, words: str
) -> None:
    with pytest.raises(ValueError, match="127") as caught:
        sealed(tmp_path, document(), words)
    assert not words or words not in str(caught.value)
    assert not (tmp_path / "sealed.pdf").exists()


def test_nothing_of_the_document_remains_in_clear(tmp_path: Path) -> None:
    def digested(pdf: pikepdf.Pdf) -> None:  # as office programs leave it
        pdf.trailer.DocChecksum = Name("/" + hashlib.md5(TEXT.encode()).hexdigest().upper())

    content = document(digested)
    clear = [TEXT, TITLE, "Jeanne Exemple", "jeanne exemple", "jeanne-exemple", "resultats", "note"]
    assert Secret.of_text("jeanne-exemple").traces(content)
    assert b"DocChecksum" in content
    written = sealed(tmp_path, content).read_bytes()
    for text in clear:
        assert not Secret.of_text(text).traces(written), text
    for text in (TITLE, "Dr Véra Exemple"):
        assert text.encode("utf-16-be") not in written
        assert text.encode("utf-16-be").hex().encode() not in written.lower()
    for left in (b"DocChecksum", b"Helvetica", b"jeanne", b"fr-FR", b"Outlines", IDENTIFIER):
        assert left not in written, left
    assert IDENTIFIER.hex().encode() not in written.lower()


def test_what_stands_around_the_encrypted_objects_is_this_and_no_more(tmp_path: Path) -> None:
    written = sealed(tmp_path, document()).read_bytes()
    around = re.sub(rb"stream\n.*?endstream", b"", written, flags=re.DOTALL)
    names = set(re.findall(rb"/[A-Za-z0-9#._-]+", around))
    assert names <= {
        *(b"/Type", b"/Catalog", b"/Pages", b"/Dests", b"/Metadata", b"/Names", b"/Lang"),
        *(b"/Extensions", b"/ADBE", b"/BaseVersion", b"/1.7", b"/ExtensionLevel", b"/Version"),
        *(b"/ObjStm", b"/XRef", b"/Length", b"/N", b"/First", b"/W", b"/Size", b"/ID", b"/Index"),
        *(b"/XObject", b"/Subtype", b"/Image", b"/Width", b"/Height", b"/BitsPerComponent"),
        *(b"/ColorSpace", b"/DeviceGray", b"/Filter", b"/FlateDecode", b"/XML"),
        *(b"/EmbeddedFile", b"/Params", b"/CheckSum", b"/text#2fcsv", b"/CreationDate", b"/AF"),
        *(b"/Encrypt", b"/CF", b"/StdCF", b"/AuthEvent", b"/DocOpen", b"/CFM", b"/AESV3"),
        *(b"/Standard", b"/O", b"/OE", b"/P", b"/Perms", b"/R", b"/StmF", b"/StrF", b"/U", b"/UE"),
        *(b"/V", b"/Info", b"/Root", b"/ModDate"),
    }


def test_the_catalogues_own_entries_are_shown_only_where_everybody_has_them(
    tmp_path: Path,
) -> None:
    def dressed(pdf: pikepdf.Pdf) -> None:
        pdf.Root[Name("/OfJeanneExemple")] = Name("/ForJeanneExemple")
        pdf.Root[Name("/JeanneExempleKept")] = pdf.make_indirect(Dictionary(A=1))
        pdf.Root.PageMode = Name("/ModeJeanneExemple")
        pdf.Root.Version = Name("/JeanneExemple")
        pdf.Root.PageLayout = Name.TwoColumnLeft
        pdf.Root.PieceInfo = Dictionary({"/JeanneExemple": Dictionary(LastModified=String("D:1"))})
        level = Dictionary(BaseVersion=Name("/JeanneExemple"), ExtensionLevel=3)
        pdf.Root.Extensions = Dictionary(JeanneExemple=level, ADBE=level)

    content = document(dressed)
    assert content.count(b"JeanneExemple") >= 8
    path = sealed(tmp_path, content)
    assert b"JeanneExemple" not in path.read_bytes()
    assert by_qpdf(path, WORDS)
    with pikepdf.open(path, password=WORDS) as after:
        assert after.Root.PageLayout == Name.TwoColumnLeft
        assert "/PageMode" not in after.Root
        assert after.Root.PieceInfo.JeanneExemple.LastModified == String("D:1")
        assert list(after.Root.Extensions.keys()) == ["/ADBE"]
        assert after.Root.Extensions.ADBE.ExtensionLevel == 8
        assert after.Root.Extensions.ADBE.BaseVersion == Name("/1.7")


def test_the_identifier_says_nothing_of_the_document_and_is_new_each_time(tmp_path: Path) -> None:
    identifiers = set()
    for _ in range(2):
        written = sealed(tmp_path, document()).read_bytes()
        (first, second) = re.findall(rb"/ID \[<([0-9a-f]{32})><([0-9a-f]{32})>\]", written)[0]
        assert second == b"31415926535897932384626433832795"  # that of libqpdf: nothing is digested
        identifiers.add(first)
    assert len(identifiers) == 2


def test_the_document_inside_is_the_same(tmp_path: Path) -> None:
    content = document()
    path = sealed(tmp_path, content)
    with pikepdf.open(io.BytesIO(content)) as before, pikepdf.open(path, password=WORDS) as after:
        assert dict(after.docinfo.items()) == dict(before.docinfo.items())
        assert after.allow == pikepdf.Permissions(*[True] * 8)
        assert after.encryption.R == 6
        assert len(after.pages) == len(before.pages)
        for old, new in zip(before.pages, after.pages, strict=True):
            assert new.obj.Contents.read_raw_bytes() == old.obj.Contents.read_raw_bytes()
            pictures = [page.obj.Resources.XObject.I for page in (old, new)]
            assert pictures[0].read_raw_bytes() == pictures[1].read_raw_bytes()
        note = after.pages[0].obj.Annots[0]
        assert str(note.Contents) == "note sur Jeanne Exemple"
        assert after.Root.Dests["/chapitre-jeanne-exemple"][0].objgen == after.pages[0].obj.objgen
        assert TITLE.encode() in after.Root.Metadata.read_bytes()
        (name,) = after.attachments
        assert after.attachments[name].get_file().read_bytes() == b"jeanne exemple;positif\n" * 9


def test_a_portfolio_and_a_catalogue_of_many_kinds_are_sealed(tmp_path: Path) -> None:
    def dressed(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)
        pdf.Root.Extensions = Dictionary(
            ADBE=Dictionary(BaseVersion=Name("/1.7"), ExtensionLevel=3)
        )
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), DA=String("/Helv 0 Tf"))

    path = sealed(tmp_path, document(dressed))
    assert by_qpdf(path, WORDS)
    with pikepdf.open(path, password=WORDS) as after:
        assert after.Root.Collection.View == Name.D
        assert after.Root.Extensions.ADBE.ExtensionLevel == 8


def test_an_older_version_inside_the_file_is_not_kept(tmp_path: Path) -> None:
    content = document()
    start = re.search(rb"startxref\n(\d+)\n", content)
    assert start
    page = re.search(rb"(\d+) 0 obj\n<< /Length (\d+) >>\nstream\nBT[^\n]*page 0", content)
    assert page
    blank = b"%b 0 obj\n<< /Length 4 >>\nstream\nq  Q\nendstream\nendobj\n" % page[1]
    table = b"xref\n%b 1\n%010d 00000 n \n" % (page[1], len(content))
    root = re.search(rb"/Root \d+ 0 R", content)
    assert root
    trailer = b"trailer\n<< /Size 99 %b /Prev %b >>\n" % (root[0], start[1])
    where = b"startxref\n%d\n%%%%EOF\n" % (len(content) + len(blank))
    read = by_pdfium(sealed(tmp_path, content + blank + table + trailer + where), WORDS)
    assert read is not None
    assert f"{TEXT} 0" not in read
    assert f"{TEXT} 1" in read


def test_a_file_that_would_open_without_words_is_never_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An empty owner password is the known way to make one: it opens without being asked.
    monkeypatch.setattr(sealing_pdf.secrets, "token_urlsafe", lambda _: "")
    with pytest.raises(OutputRefused) as caught:
        sealed(tmp_path, document())
    assert caught.value.key == "pdf.not_sealed"
    assert not (tmp_path / "sealed.pdf").exists()


def test_words_are_as_many_as_a_fast_key_derivation_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    for language in Language:
        count = words_needed(language)
        assert count == 12
        assert entropy(count, language) >= 121 > entropy(count - 1, language)
        assert len("-".join(["abcdefgh"] * count)) <= 127
    monkeypatch.setattr(profiles, "PDF_BITS", 500)
    with pytest.raises(PracticeInvalid) as caught:
        words_needed(Language.FR)
    assert caught.value.key == "pdf.words"


# --- what is refused ----------------------------------------------------------------------------


def encrypted(**how: str) -> bytes:
    with pikepdf.open(io.BytesIO(document())) as pdf:
        written = io.BytesIO()
        pdf.save(written, encryption=pikepdf.Encryption(**how))  # type: ignore[arg-type]
        return written.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(b"%PD", "not_pdf", id="too short"),
        pytest.param(random.Random(1).randbytes(5000), "not_pdf", id="garbage"),
        pytest.param(b"PK\x03\x04" + bytes(3000), "not_pdf", id="an office file"),
        pytest.param(document()[9:], "not_pdf", id="without its header"),
        pytest.param(bytes(2000) + document(), "not_pdf", id="after too much of something else"),
        pytest.param(b"%PDF-1.7\n", "damaged", id="a header alone"),
        pytest.param(b"%PDF-1.7\n" + random.Random(1).randbytes(5000), "damaged", id="random"),
        pytest.param(b"%PDF-1.7\n%%EOF\n" * 900, "damaged", id="headers and ends"),
        pytest.param(document(pages=0), "no_page", id="no page"),
        pytest.param(encrypted(owner="a", user="b"), "encrypted", id="a password"),
        pytest.param(encrypted(owner="a", user=""), "encrypted", id="restrictions"),
        pytest.param(
            encrypted(owner="a", user="b").replace(b"/Filter /Standard", b"/Filter /Adobe.PK"),
            "encrypted",
            id="to certificates",
        ),
    ],
)
def test_what_cannot_be_sealed_is_refused_and_nothing_is_left(
    tmp_path: Path, content: bytes, why: str
) -> None:
    assert refusal(tmp_path, content) == f"pdf.{why}"


def field(pdf: pikepdf.Pdf, value: object = None, **entries: object) -> pikepdf.Object:
    made = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=[0, 0, 9, 9], T=String("signer"))
    for name, entry in entries.items():
        made[name] = entry
    if value is not None:
        made.V = value
    return pdf.make_indirect(made)


def signature(pdf: pikepdf.Pdf) -> pikepdf.Object:
    signed = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=[0, 1, 2, 3])
    signed.Contents = String(bytes(64))
    return pdf.make_indirect(signed)


def in_form(pdf: pikepdf.Pdf, *fields: object, flags: int = 0) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(list(fields)), SigFlags=flags)


def signed_plainly(pdf: pikepdf.Pdf) -> None:
    in_form(pdf, field(pdf, signature(pdf), **{"/FT": Name.Sig}), flags=3)


def signed_without_flags(pdf: pikepdf.Pdf) -> None:
    in_form(pdf, field(pdf, signature(pdf), **{"/FT": Name.Sig}))


def signed_in_a_group(pdf: pikepdf.Pdf) -> None:
    kid = field(pdf, signature(pdf))
    in_form(pdf, field(pdf, **{"/FT": Name.Sig, "/Kids": Array([field(pdf), kid])}))


def signed_on_a_page_only(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.Annots = Array([field(pdf, signature(pdf), **{"/FT": Name.Sig})])


def signed_by_what_is_above(pdf: pikepdf.Pdf, *, shown: bool, value_above: bool) -> None:
    """The kind stands on the group alone; the page shows the widget, which names its group."""
    group = field(pdf, **{"/FT": Name.Sig})
    kid = field(pdf, **{"/Parent": group})
    (group if value_above else kid).V = signature(pdf)
    if shown:
        pdf.pages[1].obj.Annots = Array([kid])
    if not (shown and value_above):
        group.Kids = Array([kid])
        in_form(pdf, group, flags=3)


def signed_in_a_group_that_is_shown(pdf: pikepdf.Pdf) -> None:
    signed_by_what_is_above(pdf, shown=True, value_above=False)


def signed_above_what_is_shown(pdf: pikepdf.Pdf) -> None:
    signed_by_what_is_above(pdf, shown=True, value_above=True)


def signed_in_a_group_that_is_not_shown(pdf: pikepdf.Pdf) -> None:
    signed_by_what_is_above(pdf, shown=False, value_above=False)


def signed_in_a_group_but_named_alone_first(pdf: pikepdf.Pdf) -> None:
    kid = field(pdf, signature(pdf))
    group = field(pdf, **{"/FT": Name.Sig, "/Kids": Array([kid])})
    in_form(pdf, kid, group, kid)


def signed_far_above_in_a_circle(pdf: pikepdf.Pdf) -> None:
    top = field(pdf, **{"/FT": Name.Sig})
    line = [top]
    for _ in range(3000):
        line.append(field(pdf, **{"/Parent": line[-1]}))
    line[9].V = signature(pdf)
    top.Parent = line[-2]
    pdf.pages[0].obj.Annots = Array([line[-1]])


def said_to_be_signed(pdf: pikepdf.Pdf) -> None:
    in_form(pdf, flags=1)


def certified(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Perms = Dictionary(DocMDP=signature(pdf))


@pytest.mark.parametrize(
    "change",
    [
        *(signed_plainly, signed_without_flags, signed_in_a_group),
        *(signed_on_a_page_only, said_to_be_signed, certified),
        *(signed_in_a_group_that_is_shown, signed_above_what_is_shown),
        *(signed_in_a_group_that_is_not_shown, signed_in_a_group_but_named_alone_first),
        signed_far_above_in_a_circle,
    ],
)
def test_a_signature_is_not_broken_in_silence(tmp_path: Path, change: Change) -> None:
    assert refusal(tmp_path, document(change)) == "pdf.signed"


def a_place_to_sign(pdf: pikepdf.Pdf) -> None:
    in_form(pdf, field(pdf, **{"/FT": Name.Sig}), flags=1)


def a_filled_form(pdf: pikepdf.Pdf) -> None:
    in_form(pdf, field(pdf, String("Jeanne Exemple"), **{"/FT": Name.Tx}))


def a_form_that_turns_in_circles(pdf: pikepdf.Pdf) -> None:
    group = field(pdf)
    group.Kids = Array([group, field(pdf, **{"/Kids": Array([group])})])
    in_form(pdf, group, 12, String("x"), Array([]), Dictionary(Kids=3))


def an_odd_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Dictionary(), SigFlags=Name.Yes)
    pdf.pages[0].obj.Annots = Dictionary()
    pdf.Root.Perms = Array([])


def a_form_that_lost_a_field(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.Annots = Array([field(pdf, String("Jeanne"), **{"/FT": Name.Tx})])


@pytest.mark.parametrize(
    "change",
    [
        *(a_place_to_sign, a_filled_form, a_form_that_turns_in_circles),
        *(an_odd_form, a_form_that_lost_a_field),
    ],
)
def test_what_is_not_signed_is_sealed(tmp_path: Path, change: Change) -> None:
    path = sealed(tmp_path, document(change))
    assert f"{TEXT} 1" in (by_pdfium(path, WORDS) or "")
    assert not Secret.of_text("Jeanne Exemple").traces(path.read_bytes())


def shown_on_a_page(pdf: pikepdf.Pdf, count: int) -> None:
    pdf.pages[0].obj.Annots = Array([field(pdf) for _ in range(count)])


def each_above_the_next(pdf: pikepdf.Pdf, count: int) -> None:
    line = [field(pdf)]
    for _ in range(count):
        line.append(field(pdf, **{"/Parent": line[-1]}))
    pdf.pages[0].obj.Annots = Array(line)


def each_below_all_others(pdf: pikepdf.Pdf, count: int) -> None:
    line = Array([field(pdf) for _ in range(count)])
    kids = pdf.make_indirect(line)
    for one in line:
        one.Kids = kids
    in_form(pdf, line[0])


@pytest.mark.parametrize("change", [shown_on_a_page, each_above_the_next, each_below_all_others])
def test_many_fields_are_each_looked_at_a_few_times(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[pikepdf.Pdf, int], None]
) -> None:
    work = 0

    class Counted(set[object]):
        """A copy of it costs as much as it holds."""

        def __sub__(self, other: object) -> set[object]:
            nonlocal work
            work += len(self)
            return set(self) - other  # type: ignore[operator]

    def counted(_: object, event: str, __: object) -> None:
        nonlocal work
        work += event in {"call", "c_call"}

    monkeypatch.setattr(sealing_pdf, "set", Counted, raising=False)
    with pikepdf.open(io.BytesIO(document(lambda pdf: change(pdf, 3000)))) as pdf:
        try:
            sys.setprofile(counted)
            assert not sealing_pdf.is_signed(pdf)
        finally:
            sys.setprofile(None)
    assert 3000 < work < 3000 * 100


# --- what is damaged ----------------------------------------------------------------------------


def whole_or_refused(folder: Path, content: bytes, pages: int) -> bool:
    """Say whether a damaged document was sealed; then it opens with words only, and is whole."""
    try:
        path = sealed(folder, content)
    except InputUnreadable as error:
        assert error.key.startswith("pdf.")
        assert not (folder / "sealed.pdf").exists()
        return False
    assert by_pdfium(path, None) is None
    read = by_pdfium(path, WORDS)
    assert read is not None
    assert all(f"{TEXT} {number}" in read for number in range(pages))
    return True


PLAIN, PACKED = document(pages=5), document(pages=5, mode=ObjectStreamMode.generate)
SLOW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@SLOW
@given(data=st.data(), content=st.sampled_from([PLAIN, PACKED]))
def test_a_cut_document_is_whole_again_or_refused(
    tmp_path: Path, data: st.DataObject, content: bytes
) -> None:
    cut = data.draw(st.integers(1, len(content) - 1))
    whole_or_refused(tmp_path, content[:cut], 5)


def test_a_document_with_a_wrong_table_is_repaired(tmp_path: Path) -> None:
    longer = PLAIN[:9] + b"%" + b"x" * 200 + b"\n" + PLAIN[9:]
    assert whole_or_refused(tmp_path, longer, 5)
    assert whole_or_refused(tmp_path, b"\n" * 300 + PLAIN, 5)
    assert whole_or_refused(tmp_path, PLAIN + bytes(500), 5)


def test_a_document_that_lost_its_end_is_refused_though_its_pages_are_there(tmp_path: Path) -> None:
    written = io.BytesIO()
    with pikepdf.new() as bare:  # so plain that only its end can be missing
        bare.add_blank_page()
        bare.save(written, object_stream_mode=ObjectStreamMode.disable)
    for content in (PLAIN, written.getvalue()):
        table = content.rindex(b"xref\n0 ")
        assert refusal(tmp_path, content[:table]) == "pdf.damaged"


def test_a_page_that_is_lost_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    page = re.search(
        rb"\d+ 0 obj\n<< /Length \d+ >>\nstream\nBT[^\n]*page 3.*?endobj\n", PLAIN, re.DOTALL
    )
    assert page
    assert refusal(tmp_path, PLAIN.replace(page[0], b"")) == "pdf.damaged"


@SLOW
@given(data=st.data(), content=st.sampled_from([PLAIN, PACKED]))
def test_altered_bytes_raise_no_other_error_and_open_nothing_without_words(
    tmp_path: Path, data: st.DataObject, content: bytes
) -> None:
    altered = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(8, len(content) - 1))
        altered[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    try:
        path = sealed(tmp_path, bytes(altered))
    except SecshareError as error:
        assert error.key.startswith("pdf.")
        assert not (tmp_path / "sealed.pdf").exists()
    else:
        assert by_pdfium(path, None) is None
        with pikepdf.open(path, password=WORDS) as opened:
            assert opened.encryption.R == 6


def test_a_damaged_document_makes_no_noise(tmp_path: Path) -> None:
    (tmp_path / "cut.pdf").write_bytes(PLAIN[:-700])
    (tmp_path / "moved.pdf").write_bytes(b"\n" * 300 + PLAIN)
    program = """
import sys
from pathlib import Path
from secshare import files
from secshare.errors import InputUnreadable
from secshare.sealing.pdf import seal_pdf
for name in ("cut.pdf", "moved.pdf"):
    try:
        with files.open_source(Path(name)) as source, files.publish(Path("out-" + name)) as sink:
            seal_pdf(source, sink, "abandon-abandon")
    except InputUnreadable:
        pass
"""
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert ended.stdout + ended.stderr == b""
    assert (tmp_path / "out-moved.pdf").exists()
    assert not (tmp_path / "out-cut.pdf").exists()


# --- what happens meanwhile ---------------------------------------------------------------------


def sealing_meanwhile(folder: Path, meanwhile: Callable[[Path], object]) -> str:
    clear = folder / "clear.pdf"
    clear.write_bytes(document())
    with (
        pytest.raises(SecshareError) as caught,
        files.open_source(clear) as source,
        files.publish(folder / "sealed.pdf") as sink,
    ):
        meanwhile(clear)
        seal_pdf(source, sink, WORDS)
    assert not (folder / "sealed.pdf").exists()
    return caught.value.key


def test_a_document_that_changed_is_not_sealed(tmp_path: Path) -> None:
    def replaced(clear: Path) -> None:
        clear.with_suffix(".new").write_bytes(document(pages=3))
        os.replace(clear.with_suffix(".new"), clear)

    def appended(clear: Path) -> None:
        with clear.open("ab") as file:
            file.write(b"\n")

    def cut(clear: Path) -> None:
        os.truncate(clear, clear.stat().st_size // 2)

    assert sealing_meanwhile(tmp_path, replaced) == "files.changed"
    assert sealing_meanwhile(tmp_path, appended) == "files.changed"
    assert sealing_meanwhile(tmp_path, cut) in {"files.changed", "pdf.damaged"}


class Failing(io.FileIO):
    """A disk that gives out after so many reads, for once or for good."""

    reads, times = 0, 1

    def readinto(self, buffer: object) -> int:
        self.reads -= 1
        if self.reads < 0 and self.times > 0:
            self.times -= 1
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().readinto(buffer)  # type: ignore[arg-type]


@pytest.mark.parametrize("times", [1, 1000])
@pytest.mark.parametrize("reads", [0, 1, 2, 5, 20, 60])
def test_a_disk_that_fails_is_named_and_its_gaps_are_not_repaired(
    tmp_path: Path, reads: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if reads > 1:  # an ordinary document is read at once; a large one here and there
        monkeypatch.setattr(profiles, "PREFLIGHT_BYTES", 0)
    clear = tmp_path / "clear.pdf"
    clear.write_bytes(document())
    with (
        pytest.raises(InputUnreadable) as caught,
        Failing(clear) as disk,
        files.publish(tmp_path / "sealed.pdf") as sink,
    ):
        disk.reads, disk.times = reads, times
        seal_pdf(Source(disk, clear), sink, WORDS)
    assert caught.value.key == "files.read_failed"
    assert not (tmp_path / "sealed.pdf").exists()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    import resource
    import signal

    old, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)

    def fills(*_: object) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, old[1]))

    try:
        assert sealing_meanwhile(tmp_path, fills) == "files.too_large"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)


class Stopped(io.BytesIO):
    """A sink that takes little at a time, and is interrupted after so many writes."""

    def __init__(self, writes: int) -> None:
        super().__init__()
        self.writes = writes

    def write(self, data: object) -> int:
        self.writes -= 1
        if self.writes == 0:
            raise KeyboardInterrupt
        return super().write(memoryview(data)[:100])  # type: ignore[arg-type]


@pytest.mark.parametrize("writes", [1, 5, 40])
def test_an_interruption_passes_as_it_is(tmp_path: Path, writes: int) -> None:
    (tmp_path / "clear.pdf").write_bytes(document())
    with files.open_source(tmp_path / "clear.pdf") as source:
        with pytest.raises(KeyboardInterrupt):
            seal_pdf(source, Stopped(writes), WORDS)
        slow = Stopped(-1)
        seal_pdf(source, slow, WORDS)
    (tmp_path / "slow.pdf").write_bytes(slow.getvalue())
    assert by_qpdf(tmp_path / "slow.pdf", WORDS)


def test_nothing_heavy_is_imported_before_a_pdf_is_sealed() -> None:
    program = "import sys, secshare.sealing.pdf; assert not {'pikepdf', 'lxml'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_name_of_a_sealed_pdf_ends_as_a_telephone_knows_it() -> None:
    from secshare.model import Reference, SealFormat

    reference = Reference.draw(random.Random(1).randrange)
    name = sealing.sealed_name(reference, ["Bilan de Jeanne.PDF"], SealFormat.PDF)
    assert name == f"document-{reference}.pdf"
