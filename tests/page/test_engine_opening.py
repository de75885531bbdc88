"""What this package seals, the page's engine opens in a real browser: the same bytes, safe names,
and nothing shown that could run."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile

import pytest
from PIL import Image

from secshare import age, files, opening, profiles
from secshare.files.archive import ArchiveSource, read_archive
from tests.age.words import drawn
from tests.tools import ROOT

WORDS = drawn()
PHRASE = WORDS.reveal()
NAME = "document-K7Q2-M9PX-4.pdf.age"
CHUNK = 1 << 16


def sealed(data: bytes, recipient=None, *, armor: bool = False) -> bytes:
    sink = io.BytesIO()
    age.encrypt(io.BytesIO(data), sink, [recipient or age.ScryptRecipient(WORDS)], armor=armor)
    return sink.getvalue()


def picture(kind: str) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(sink, kind)
    return sink.getvalue()


def archive(members: dict[str, bytes], comment: bytes = b"secshare documents", **more) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", **more) as made:
        made.comment = comment
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name), data, compress_type=more.get("compression"))
    return sink.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_000])
def test_words_open_what_was_sealed_with_them(engine, size: int) -> None:
    data = random.Random(size).randbytes(size)
    for armor in (False, True):
        answer = engine.open(sealed(data, armor=armor), words=[PHRASE], name=NAME)
        assert answer.kind == "opened", answer.reason
        (document,) = answer.documents
        assert document.data == data
        assert document.name == "document-K7Q2-M9PX-4.pdf"


@pytest.mark.parametrize("kind", [age.HybridIdentity, age.X25519Identity])
def test_a_key_opens_however_it_was_typed(engine, kind) -> None:
    identity = kind.generate()
    key = identity.reveal()
    file = sealed(b"%PDF-1.7 a letter", identity.recipient())
    pasted = "\n ".join(key[at : at + 7] for at in range(0, len(key), 7)) + "\n"
    commented = f"# created: 2026-11-22\n# public key: {identity.recipient()}\n{key}\n"
    for typed in (key, key.lower(), pasted, f"\u00a0{key}\u2003", commented):
        answer = engine.open(file, identity=typed)
        assert answer.kind == "opened", (typed, answer.reason)
        assert answer.documents[0].data == b"%PDF-1.7 a letter"


def test_a_card_typed_with_one_mistake_opens_and_with_two_does_not(engine) -> None:
    rng = random.Random(9)
    identity = age.HybridIdentity.generate()
    key = identity.reveal()
    file = sealed(b"a letter", identity.recipient())
    start = key.index("PQ-1") + 4
    symbols = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"

    def another(at: int, text: str = key) -> str:
        return text[:at] + rng.choice(symbols.replace(text[at], "")) + text[at + 1 :]

    def swapped(at: int) -> str:
        return key[:at] + key[at + 1] + key[at] + key[at + 2 :]

    places = rng.sample(range(start, len(key) - 1), 12)
    lookalikes = key[:start] + key[start:].translate(str.maketrans("0L8", "O1B"))
    one = [another(at) for at in places] + [swapped(at) for at in places]
    one += [lookalikes, key.replace("-", ""), key.replace("-", " – "), f"Ma carte : {key}. Merci"]
    answers = engine.open_all([(file, {"name": NAME, "identity": typed}) for typed in one])
    assert {answer.kind for answer in answers} == {"opened"}
    far = [(places[0], places[5]), (places[1], places[7]), (places[2], places[9])]
    two = [another(second, another(first)) for first, second in far]
    two += [key[:-1], key[: start + 3], key[start:], another(start - 4)]
    answers = engine.open_all([(file, {"name": NAME, "identity": typed}) for typed in two])
    assert {answer.reason for answer in answers} == {"identity_wrong"}


def test_what_opens_the_file_is_asked_for_when_something_else_is_given(engine) -> None:
    mine, other = age.HybridIdentity.generate(), age.HybridIdentity.generate()
    with_words, with_key = sealed(b"x"), sealed(b"x", mine.recipient())
    asked = [
        (with_words, {"words": ["another phrase"]}, "words_wrong"),
        (with_words, {"words": []}, "words_wrong"),
        (with_words, {"words": ["", "another"]}, "words_wrong"),
        (with_words, {"identity": mine.reveal()}, "needs_words"),
        (with_key, {"words": [PHRASE]}, "needs_card"),
        (with_key, {"identity": other.reveal()}, "identity_wrong"),
        (with_key, {"identity": "age1 no key at all"}, "identity_wrong"),
        (with_key, {"identity": mine.reveal()[:-1]}, "identity_wrong"),
    ]
    answers = engine.open_all([(file, {"name": NAME, **secret}) for file, secret, _ in asked])
    assert [answer.reason for answer in answers] == [reason for *_, reason in asked]


def test_readings_are_tried_in_their_order_and_at_most_so_many(engine) -> None:
    file = sealed(b"found")
    answer = engine.open(file, words=["no", "neither", PHRASE, "never tried"])
    assert answer.told["reading"] == 2
    shares = [told["done"] / told["total"] for told in answer.told["progress"]]
    assert shares == sorted(shares)
    late = [f"reading {number}" for number in range(profiles.CANDIDATES)]
    assert engine.open(file, words=[*late, PHRASE]).reason == "words_wrong"


def test_what_a_file_says_of_itself_is_told_before_it_is_opened(engine) -> None:
    told = engine.inspect(sealed(b"x" * 1000), "document-K7Q2-M9PX-8 (1).age").told
    assert (told["kind"], told["sealed"], told["factor"]) == ("inspected", "words", 14)
    assert 0 < told["seconds"] < 60
    assert told["size"] > 1000
    keys = sealed(b"x", age.X25519Identity.generate().recipient())
    told = engine.inspect(keys, "letter.age").told
    assert (told["sealed"], told["factor"], told["reference"]) == ("keys", None, None)


def test_the_reference_of_a_name_is_the_one_the_command_reads(engine) -> None:
    from secshare.model import Reference
    from secshare.opener.words import reference_in

    drawn_one = str(Reference.draw(random.Random(3).randrange))
    names = [
        f"document-{drawn_one}.pdf.age",
        f"{drawn_one.lower()}.age",
        f"document-{drawn_one[:-1]}*.age",
        f"x{drawn_one}.age",
        "document.age",
    ]
    file = sealed(b"x")
    for name in names:
        assert engine.inspect(file, name).told["reference"] == reference_in(name), name


def test_several_documents_come_as_several_with_their_names(engine, tmp_path) -> None:
    given = {"lettre.pdf": b"%PDF-1.7\n" + bytes(100_000), "résumé été.txt": "été".encode()}
    for name, data in given.items():
        (tmp_path / name).write_bytes(data)
    sink = io.BytesIO()
    with (
        files.open_source(tmp_path / "lettre.pdf") as one,
        files.open_source(tmp_path / "résumé été.txt") as two,
    ):
        age.encrypt(ArchiveSource([one, two]), sink, [age.ScryptRecipient(WORDS)])
    answer = engine.open(sink.getvalue(), words=[PHRASE], name="renamed.dat")
    assert {one.name: one.data for one in answer.documents} == given
    assert [one.show for one in answer.documents] == ["pdf", "text"]


def test_another_zip_is_one_document(engine) -> None:
    for comment in (b"", b"secshare documents of somebody", b"secshare answer"):
        made = archive({"a.txt": b"a"}, comment)
        (document,) = engine.open(sealed(made), words=[PHRASE], name="x.zip.age").documents
        assert (document.name, document.data, document.show) == ("x.zip", made, None)


def test_hostile_names_become_what_the_command_makes_of_them(engine) -> None:
    rng = random.Random(20261122)
    pieces = [
        *'/\\..-~<>:"|?* \t\n\x01\x7f\u202e\u200b\u00a0\ufeff\u0301éß\u017fÅ한🙂',
        *["CON", "nul", "COM1", ".pdf", ".PDF", "report", "a" * 120, "é" * 90, "...", "lpt¹"],
    ]
    names = ["".join(rng.choices(pieces, k=rng.randint(1, 7))) for _ in range(400)]
    names = [name for name in names if not name.endswith(("/", "\\"))]
    sink = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(sink, "w") as written:
        written.comment = b"secshare documents"
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name  # as it is: the constructor would cut it at a zero
            written.writestr(info, b"")
    made = sink.getvalue()
    expected = [member.name for member in read_archive(io.BytesIO(made))]
    answer = engine.open(sealed(made), words=[PHRASE])
    assert answer.kind == "opened", answer.reason
    assert [one.name for one in answer.documents] == expected
    assert len({name.casefold() for name in expected}) == len(names)


def test_the_document_is_named_as_the_command_names_it(engine) -> None:
    names = [
        NAME,
        "document-K7Q2-M9PX-4.pdf.age (1)",
        "document-K7Q2-M9PX-4.pdf (1).age",
        "letter.pdf.asc",
        "..\\..\\x.pdf.age",
        "somebody renamed it.bin",
        "\u202efdp.exe.age",
        ".age",
    ]
    file = sealed(b"\0\1\2")
    answers = engine.open_all([(file, {"name": name, "words": [PHRASE]}) for name in names])
    assert [one.documents[0].name for one in answers] == [opening.clear_name(one) for one in names]


def test_a_name_without_an_extension_gets_that_of_its_content(engine) -> None:
    contents = [b"%PDF-1.4", picture("PNG"), picture("JPEG"), b"a text", b"\0\1"]
    answers = engine.open_all(
        [(sealed(data), {"name": "document.age", "words": [PHRASE]}) for data in contents]
    )
    names = [answer.documents[0].name for answer in answers]
    assert names == ["document.pdf", "document.png", "document.jpg", "document.txt", "document"]


def test_a_name_of_another_kind_is_followed_by_that_of_the_content(engine) -> None:
    gif, text = picture("GIF"), b"a text"
    cases = [
        ("page.html", gif, "page.html.gif"),
        ("PAGE.GIF", gif, "PAGE.GIF"),
        ("photo.JPEG", picture("JPEG"), "photo.JPEG"),
        ("photo.png", picture("JPEG"), "photo.png.jpg"),
        ("photo", picture("JPEG"), "photo.jpg"),
        ("photo.jpg", picture("JPEG"), "photo (2).jpg"),
        ("letter.exe", b"%PDF-1.7", "letter.exe.pdf"),
        ("x" * 251 + ".hta", gif, "x" * 251 + ".gif"),
        ("start.bat", text, "start.bat.txt"),
        ("view.svg", text, "view.svg.txt"),
        ("table.csv", text, "table.csv"),
        ("analyses.hpr", text, "analyses.hpr"),
        ("program.exe", b"MZ\0\0", "program.exe"),  # shown as nothing, and saved as what it is
        ("nothing", b"", "nothing"),
    ]
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as made:
        made.comment = b"secshare documents"
        for name, data, _ in cases:
            made.writestr(name, data)
    answer = engine.open(sealed(sink.getvalue()), words=[PHRASE])
    assert [one.name for one in answer.documents] == [name for *_, name in cases]


def test_only_what_cannot_run_is_shown_and_the_name_does_not_decide(engine) -> None:
    octets = "application/octet-stream"
    plain = "text/plain;charset=utf-8"
    cases = [
        (b"%PDF-1.7 ...", "application/pdf", "pdf"),
        (picture("PNG"), "image/png", "image"),
        (picture("JPEG"), "image/jpeg", "image"),
        (picture("GIF"), "image/gif", "image"),
        (picture("WEBP"), "image/webp", "image"),
        (b"Bonjour, une lettre.\r\n", plain, "text"),
        ("é".encode() * (1 << 19) + b"a" + "é".encode() * 9, plain, "text"),  # cut in an é
        (b"<!DOCTYPE html><script>alert(1)</script>", octets, None),
        (b"\xef\xbb\xbf \n<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", octets, None),
        (b"<?xml version='1.0'?><html/>", octets, None),
        (b" \r\n" * 5000 + b"<svg onload='x()'/>", octets, None),
        ("Bonjour".encode("utf-16"), octets, None),
        (b"caf\xe9", octets, None),
        (archive({"word/document.xml": b"<x/>"}, b""), octets, None),
        (b"MZ\x90\0", octets, None),
        (b"", octets, None),
    ]
    answers = engine.open_all(
        [(sealed(data), {"name": "letter.pdf.age", "words": [PHRASE]}) for data, *_ in cases]
    )
    got = [(one.documents[0].type, one.documents[0].show) for one in answers]
    assert got == [(kind, show) for _, kind, show in cases]


def pdf(objects: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + objects + b" >>\nendobj\n"


def test_a_pdf_that_holds_a_program_is_known(engine) -> None:
    rng = random.Random(5)
    far = rng.randbytes(20 << 20)
    step = b"% " + b"x" * ((1 << 20) - 40)
    programs = [
        b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        b"/Names << /JavaScript 5 0 R >>",
        b"/JS\n12 0 R",
        b"/JS<61>",
        b"/J#53 (a)",
        b"/#4aava#53cript",
        b"/AA<</O 7 0 R>>",
        b"/OpenAction\r\n4 0 R",
        b"/S/Launch/F(x)",
        step + b"/OpenAction                    4 0 R",
        far[: 2 << 20] + b" /S /JavaScript " + far,
        far + b" /S /JavaScript " + far[: 2 << 20],
    ]
    calm = [
        b"/OpenAction [3 0 R /Fit]",
        b"/OpenAction[3 0 R/Fit]",
        b"(JavaScript) /JSX 1 0 R /AAPL (x) /JavaScriptX /Launcher",
        b"/Font << /AA 12 >> /JS /x",
        far,
    ]
    answers = engine.open_all(
        [(sealed(pdf(one)), {"name": NAME, "words": [PHRASE]}) for one in programs + calm]
    )
    documents = [one.documents[0] for one in answers]
    assert [one.caution for one in documents] == ["program"] * len(programs) + [None] * len(calm)
    assert {one.show for one in documents} == {"pdf"}


def resized(kind: str, width: int, height: int) -> bytes:
    """A picture of 8 by 8 pixels whose header says another size."""
    data = bytearray(picture(kind))
    if kind == "PNG":
        data[16:24] = struct.pack(">II", width, height)
    elif kind == "GIF":
        data[6:10] = struct.pack("<HH", width, height)
    elif kind == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", height, width)
    elif data[12:16] == b"VP8L":
        data[21:25] = struct.pack("<L", (width - 1) | (height - 1) << 14)
    else:
        data[26:30] = struct.pack("<HH", width, height)
    return bytes(data)


def test_a_picture_too_large_to_be_held_is_only_saved(engine) -> None:
    kinds = ["PNG", "GIF", "JPEG", "WEBP"]
    canvas = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\xff\0" * 2
    gif = bytearray(picture("GIF"))  # a small screen, and a frame that is not
    at = gif.index(b",\0\0\0\0", 13)
    gif[at + 5 : at + 9] = struct.pack("<HH", 60_000, 60_000)
    sink = io.BytesIO()
    Image.new("RGB", (8, 8)).save(sink, "WEBP", lossless=True)
    long = resized("JPEG", 7000, 6000)
    exif = b"\xff\xe1" + struct.pack(">H", 65_535) + b"\xff\xc0" * 32_766 + b"\0"
    cases = [
        *((resized(kind, 7000, 7000), "image", None) for kind in kinds),
        *((resized(kind, 12_000, 12_000), None, "large") for kind in kinds),
        (sink.getvalue(), "image", None),
        (canvas, None, "large"),
        (bytes(gif), None, "large"),
        (long[:2] + exif * 9 + long[2:], "image", None),
        (picture("PNG")[:15], None, "large"),  # that does not say how large it is
        (b"\xff\xd8\xff\xda" + bytes(50), None, "large"),
    ]
    key = {"name": "photo.age", "words": [PHRASE]}
    answers = engine.open_all([(sealed(data), key) for data, *_ in cases])
    got = [(one.documents[0].show, one.documents[0].caution) for one in answers]
    assert got == [(show, caution) for _, show, caution in cases]
    names = [one.documents[0].name for one in answers[:4]]
    assert names == ["photo.png", "photo.gif", "photo.jpg", "photo.webp"]


def test_the_limits_are_those_of_the_command() -> None:
    text = (ROOT / "secshare/page/src/engine/limits.ts").read_text(encoding="utf-8")
    shared = text.split("// Limits of the page alone.")[0]
    found = {}
    for line in shared.splitlines():
        if line.startswith("export const "):
            name, value = line.partition(";")[0].removeprefix("export const ").split(" = ")
            found[name] = eval(value, {})
    assert len(found) >= 6
    assert found == {name: getattr(profiles, name) for name in found}
