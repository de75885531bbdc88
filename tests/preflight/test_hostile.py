"""Hostile documents cost a bounded time and memory, are never clean, and the next one is read."""

from __future__ import annotations

import io
import itertools
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from secshare import profiles
from secshare.files import processes
from secshare.preflight.checker import Checker
from secshare.preflight.content import Why
from tests.preflight.pdfs import laughing, new, saved, shown, simple
from tests.preflight.reading import facts_of, linux, peak, texts, whys

ENTITIES = "".join(
    f'<!ENTITY e{number} "{f"&e{number - 1};" * 10 if number else "ha"}">' for number in range(12)
)
BOMB = f'<?xml version="1.0"?><!DOCTYPE r [{ENTITIES}]>'


def packed(*members: tuple[str, bytes | str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return written.getvalue()


def docx(document: str) -> bytes:
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return packed(
        (
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{kinds}"/></Types>',
        ),
        ("word/document.xml", document),
    )


def odt(content: str, kind: str = "text") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
    return written.getvalue()


def xlsx(shared: str) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return packed(
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="F" sheetId="1" r:id="r1"/></sheets></workbook>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
            f'Type="{relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        ),
        (
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>'
            "</sheetData></worksheet>",
        ),
        ("xl/sharedStrings.xml", shared),
    )


def overlapping(copies: int = 500) -> bytes:
    """Return an archive all of whose members are the same bytes."""
    size = 1 << 20
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = raw.compress(bytes(size)) + raw.flush()
    crc = zlib.crc32(bytes(size))
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, len(content), size, 1, 0)
    body = local + b"a" + content
    entry = struct.pack(
        "<4s6H3L5H2L",
        *(b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, len(content), size, 5, 0, 0, 0, 0, 0, 0),
    )
    directory = b"".join(entry + f"{number:05}".encode() for number in range(copies))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, copies, copies, len(directory), len(body), 0)
    return body + directory + end


def nested(times: int, wrap: Callable[[bytes], bytes], inner: bytes) -> bytes:
    for _ in range(times):
        inner = wrap(inner)
    return inner


def branching() -> bytes:
    """Return ten archives, each of ten, each of ten, each of a megabyte."""
    data = packed(("z.txt", bytes(1 << 20)))
    for _ in range(3):
        data = packed(*((f"{number}.zip", data) for number in range(10)))
    return data


def mail(inner: bytes) -> bytes:
    head = b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n"
    return head + b"Content-Type: message/rfc822\n\n" + inner


def multipart(times: int) -> bytes:
    head = b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n"
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number)
        for number in range(times)
    )
    return head + parts + b"Content-Type: text/plain\n\nat the bottom\n"


def page_tree_loop() -> bytes:
    pdf = new([shown("page")])
    data = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(io.BytesIO(data)) as opened:
        tree, page = opened.Root.Pages.objgen[0], opened.pages[0].obj.objgen[0]
    return data.replace(b"/Kids [ %d 0 R" % page, b"/Kids [ %d 0 R" % tree)


def attachment_loop() -> bytes:
    """Return a PDF whose one attachment is attached a thousand times, in a tree that is a loop."""
    pdf = new([shown("page")])
    pdf.attachments["a.txt"] = b"attached"
    names = pdf.make_indirect(Dictionary())
    file = pdf.Root.Names.EmbeddedFiles.get("/Names") or pdf.Root.Names.EmbeddedFiles.Kids[0].Names
    names.Names = Array(list(itertools.chain.from_iterable([list(file)] * 1000)))
    names.Kids = Array([names])
    pdf.Root.Names.EmbeddedFiles = names
    return saved(pdf)


def matryoshka(times: int) -> bytes:
    def wrap(inner: bytes) -> bytes:
        pdf = new([shown("page")])
        pdf.attachments["inner.pdf"] = inner
        return saved(pdf)

    return nested(times, wrap, simple("at the bottom"))


def packed_page(times: int) -> bytes:
    """Return a page whose content is gigabytes of nothing, packed several times over."""
    data, filters = bytes(100_000_000), []
    for _ in range(times):
        data = zlib.compress(data, 9)
        filters.append(Name.FlateDecode)
    pdf = new([""])
    content = pdf.make_stream(b"")
    content.write(data, filter=Array(filters))
    pdf.pages[0].obj.Contents = content
    return saved(pdf, compress_streams=False)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "entities": ("a.xml", (BOMB + "<r>&e11;</r>").encode),
    "entities in an attribute": ("a.xml", (BOMB + "<r a='&e11;'/>").encode),
    "one large entity": (
        "a.xml",
        (f'<!DOCTYPE r [<!ENTITY e "{"ha" * 50_000}">]><r>{"&e;" * 50_000}</r>').encode,
    ),
    "entities in a DOCX": ("a.docx", lambda: docx(f"{BOMB}<d xmlns='{W}'>&e11;</d>")),
    "entities in an ODT": ("a.odt", lambda: odt(f"{BOMB}<office>&e11;</office>")),
    "entities in an ODS": ("a.ods", lambda: odt(f"{BOMB}<office>&e11;</office>", "spreadsheet")),
    "entities in an XLSX": ("a.xlsx", lambda: xlsx(f"{BOMB}<sst><si><t>&e11;</t></si></sst>")),
    "a flat bomb": ("a.zip", lambda: packed(("z.txt", bytes(300_000_000)))),
    "a bomb of bombs": ("a.zip", branching),
    "members on each other": ("a.zip", overlapping),
    "a bomb in a DOCX": ("a.docx", lambda: docx(" " * 300_000_000)),
    "archives in archives": (
        "a.zip",
        lambda: nested(100, lambda inner: packed(("a.zip", inner)), b"text"),
    ),
    "mails in mails": ("a.eml", lambda: nested(1000, mail, b"Subject: end\n\ntext")),
    "parts in parts": ("a.eml", lambda: multipart(5000)),
    "a million levels": ("a.xml", lambda: b"<a>" * 1_000_000 + b"</a>" * 1_000_000),
    "a tree of pages that is a loop": ("a.pdf", page_tree_loop),
    "PDFs in PDFs": ("a.pdf", lambda: matryoshka(20)),
    "10,000 pages": ("a.pdf", lambda: saved(new([shown("page")] * 10_000))),
    "a page packed thrice": ("a.pdf", lambda: packed_page(3)),
}


@pytest.fixture(scope="module")
def checker():
    with Checker() as checker:
        checker.start()
        yield checker


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_bounded_never_clean_and_harms_no_other(checker, tmp_path, name):
    file, made = HOSTILE[name]
    facts = facts_of(checker, tmp_path / file, made())
    assert facts.unread
    assert facts.sha256
    assert sum(len(text) for _, text in facts.texts) <= profiles.PREFLIGHT_TEXT
    if sys.platform.startswith("linux") and checker._reader.alive:
        assert peak(checker) < profiles.PREFLIGHT_MEMORY
    after = facts_of(checker, tmp_path / "next.pdf", simple("compte rendu"))
    assert not after.unread
    assert texts(after) == ["compte rendu"]


def test_a_hundred_thousand_levels_of_html_are_read_to_the_last(checker, tmp_path):
    facts = facts_of(checker, tmp_path / "a.html", b"<html>" + b"<div>" * 100_000 + b"at the end")
    assert "at the end" in "".join(texts(facts)) or facts.unread


def test_a_thousand_links_to_one_attachment_are_one(checker, tmp_path):
    facts = facts_of(checker, tmp_path / "a.pdf", attachment_loop())
    assert texts(facts) == ["page", "attached"]
    assert not facts.unread


@linux
def test_a_document_that_takes_all_memory_ends_its_process_only(checker, tmp_path, monkeypatch):
    """The drawing in drawings: pdfium ends when it gets no more, and this is what is seen.

    Memory is what ends it, tried twice, and not the clock of a machine that does much else.
    """
    monkeypatch.setattr(profiles, "PREFLIGHT_SECONDS", 120.0)
    facts_of(checker, tmp_path / "a.pdf", simple("first"))
    before = checker._reader._process.pid
    facts = facts_of(checker, tmp_path / "b.pdf", laughing(8, 10))
    assert whys(facts) == [Why.CRASHED]
    assert not facts_of(checker, tmp_path / "c.pdf", simple("next")).unread
    assert checker._reader._process.pid != before


@linux
def test_the_memory_of_a_process_is_bounded_and_leaves_no_image_of_it():
    import resource
    import subprocess

    code = (
        "from secshare.files import processes\n"
        "import resource\n"
        "assert processes.bound(1 << 30)\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "try:\n"
        "    bytearray(2 << 30)\n"
        "except MemoryError:\n"
        "    raise SystemExit(7)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 7
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


@linux
def test_a_process_ends_itself_when_nobody_does():
    import signal
    import subprocess

    code = "from secshare.files import processes\nprocesses.end_after(0.1)\nwhile True: pass\n"
    ended = subprocess.run([sys.executable, "-c", code], timeout=20, check=False)
    assert ended.returncode == -signal.SIGALRM
    assert processes.NO_WINDOW == 0
    assert os.name == "posix"
