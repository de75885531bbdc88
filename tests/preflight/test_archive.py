"""What lies in an archive is read, names and folders too; what cannot be is never silent."""

from __future__ import annotations

import io
import struct
import zipfile

import pikepdf
import pytest

from secshare import page, profiles
from secshare.errors import ExtraMissing
from secshare.preflight.content import Content, Why
from secshare.preflight.readers import read
from tests.preflight.pdfs import new, saved, shown, simple
from tests.tools import missing


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return written.getvalue()


def whys(content: Content) -> list[tuple[Why, str | None]]:
    return [(one.why, one.place.member) for one in content.unread]


def texts(content: Content, field: str | None = None) -> list[tuple[str | None, str]]:
    return [
        (part.place.member, part.text)
        for part in content.parts
        if part.place.field == field and part.text.strip()
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_documents_of_an_archive_are_read_with_their_places(method):
    content = read("a.zip", packed(("a.txt", b"one"), ("b.pdf", simple("two")), method=method))
    assert texts(content) == [("a.txt", "one"), ("b.pdf", "two")]
    assert not content.unread


def test_names_and_folders_are_looked_at():
    content = read("a.zip", packed(("Zéphyrin Marin/2690549588157.txt", b"x"), ("vide/", b"")))
    named = [text for _, text in texts(content, "file name")]
    assert named == ["Zéphyrin Marin/2690549588157.txt", "vide/"]


def test_archives_in_archives_are_read_until_the_limit():
    data = packed(("deep.txt", b"text at the bottom"))
    for _ in range(profiles.PREFLIGHT_DEPTH - 1):
        data = packed(("inner.zip", data))
    assert [text for _, text in texts(read("a.zip", data))] == ["text at the bottom"]
    content = read("a.zip", packed(("inner.zip", data)))
    assert not texts(content)
    assert [why for why, _ in whys(content)] == [Why.TOO_LARGE]


def encrypted(data: bytes) -> bytes:
    """Mark every member of an archive as encrypted: what a reader goes by."""
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        while start >= 0:
            data = data[: start + at] + struct.pack("<H", 1) + data[start + at + 2 :]
            start = data.find(mark, start + 4)
    return data


def test_an_encrypted_archive_says_so_and_its_names_are_read_all_the_same():
    content = read("a.zip", encrypted(packed(("Marin.txt", b"text"))))
    assert whys(content) == [(Why.ENCRYPTED, None)]
    assert texts(content, "file name") == [("Marin.txt", "Marin.txt")]


def test_a_document_whose_bytes_are_not_what_the_archive_says_is_broken():
    data = bytearray(packed(("a.txt", b"one"), ("b.txt", b"two"), method=zipfile.ZIP_STORED))
    at = data.find(b"one")
    data[at : at + 3] = b"eno"
    content = read("a.zip", bytes(data))
    assert whys(content) == [(Why.BROKEN, "a.txt")]
    assert texts(content) == [("b.txt", "two")]


@pytest.mark.parametrize("left", [0.2, 0.6, 0.95])
def test_a_truncated_archive_is_broken(left):
    data = packed(("a.txt", bytes(range(256)) * 8), method=zipfile.ZIP_STORED)
    assert whys(read("a.zip", data[: int(len(data) * left)])) == [(Why.BROKEN, None)]


def test_more_documents_than_the_limit_are_refused_whole_or_read_in_part(monkeypatch):
    many = packed(*((f"{number}.txt", b"x") for number in range(profiles.ARCHIVE_DOCUMENTS + 1)))
    assert whys(read("a.zip", many)) == [(Why.TOO_LARGE, None)]
    monkeypatch.setattr(profiles, "PREFLIGHT_MEMBERS", 2)
    content = read("a.zip", packed(*((f"{number}.txt", b"x") for number in range(4))))
    assert len(texts(content)) == 2
    assert whys(content) == [(Why.TOO_LARGE, None)]


def test_an_archive_stored_in_an_archive_does_not_make_it_an_office_document():
    office = packed(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
    content = read("a.zip", packed(("a.docx", office), method=zipfile.ZIP_STORED))
    assert texts(content, "file name")[0] == ("a.docx", "a.docx")


def test_a_pdf_stored_first_in_an_archive_does_not_make_it_a_pdf():
    data = packed(("a.pdf", simple("inside")), method=zipfile.ZIP_STORED)
    assert texts(read("a.pdf", data)) == [("a.pdf", "inside")]


def test_an_empty_archive_is_empty():
    assert whys(read("a.zip", packed())) == [(Why.EMPTY, None)]


@pytest.mark.parametrize(
    ("name", "start", "why"),
    [
        ("a.age", b"age-encryption.org/v1\n-> X25519 x\n", Why.ENCRYPTED),
        ("a.txt", b"-----BEGIN AGE ENCRYPTED FILE-----\n", Why.ENCRYPTED),
        ("a.asc", b"-----BEGIN PGP MESSAGE-----\n", Why.ENCRYPTED),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), Why.UNKNOWN),
        ("a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(40), Why.UNKNOWN),
        ("a.rtf", b"{\\rtf1 text}", Why.UNKNOWN),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), Why.SCAN),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(40), Why.SCAN),
        ("a.txt", b"\xff\xd8\xff\xe0" + bytes(40), Why.SCAN),
        ("a.tif", b"II*\x00" + bytes(40), Why.SCAN),
        ("a.webp", b"RIFF\x10\x00\x00\x00WEBP" + bytes(40), Why.SCAN),
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + bytes(40), Why.SCAN),
        ("a.dcm", bytes(128) + b"DICM" + bytes(40), Why.SCAN),
        ("a.txt", b"text\x00\x01\x02 with controls", Why.UNKNOWN),
        ("a.txt", b"   \n ", Why.EMPTY),
    ],
)
def test_what_a_file_is_is_told_by_its_bytes_and_what_has_no_text_is_said(name, start, why):
    assert whys(read(name, start)) == [(why, None)]


def test_what_this_product_sealed_is_encrypted_in_every_format():
    sealed = b"age-encryption.org/v1\n-> X25519 " + b"x" * 40
    inside = io.BytesIO()
    try:
        page.write(inside, None, sealed=io.BytesIO(sealed), sealed_name="a.age")
    except ExtraMissing:
        missing("the page was not built")
    assert whys(read("a.html", inside.getvalue())) == [(Why.ENCRYPTED, None)]
    assert whys(read("a.age", sealed)) == [(Why.ENCRYPTED, None)]
    pdf = saved(new([shown("x")]), encryption=pikepdf.Encryption(owner="o", user="words", R=6))
    assert whys(read("a.pdf", pdf)) == [(Why.ENCRYPTED, None)]
