"""What a patient seals to the practice in the page is opened by this package: an age file to its
hybrid key alone, an archive that every reader takes, with the reference it answers."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from secshare import age
from secshare.files.archive import read_archive
from secshare.model import Reference
from tests.page.engine import Engine

REFERENCE = str(Reference.draw(random.Random(7).randrange))


@pytest.fixture(scope="module")
def practice() -> age.HybridIdentity:
    return age.HybridIdentity.generate()


def opened(practice, sealed: bytes) -> bytes:
    sink = io.BytesIO()
    age.decrypt(io.BytesIO(sealed), sink, [practice])
    return sink.getvalue()


def seal(engine: Engine, practice, documents, answers=None) -> tuple[str, bytes]:
    answer = engine.seal(documents, str(practice.recipient()), answers)
    assert answer.kind == "sealed", answer.reason
    return answer.told["name"], answer.data


@pytest.mark.parametrize(("answers", "name", "comment"), [
    (REFERENCE, f"reponse-{REFERENCE}.zip.age", f"secshare answer {REFERENCE}"),
    (REFERENCE.lower(), f"reponse-{REFERENCE}.zip.age", f"secshare answer {REFERENCE}"),
    (None, "reponse.zip.age", "secshare answer"),
    ("not a reference", "reponse.zip.age", "secshare answer"),
])  # fmt: skip
def test_the_answer_says_which_share_it_answers(engine, practice, answers, name, comment) -> None:
    got, sealed = seal(engine, practice, [("photo.jpg", b"\xff\xd8\xff")], answers)
    assert got == name
    clear = opened(practice, sealed)
    with zipfile.ZipFile(io.BytesIO(clear)) as made:
        assert made.comment.decode() == comment


def test_documents_arrive_whole_under_safe_names(engine, practice) -> None:
    rng = random.Random(8)
    documents = [
        ("carte vitale.jpg", rng.randbytes(300_000)),
        ("carte vitale.jpg", rng.randbytes(10)),
        ("../../étrange\u202e/CON.pdf", b"%PDF-1.7"),
        ("vide.txt", b""),
    ]
    _, sealed = seal(engine, practice, documents)
    clear = opened(practice, sealed)
    members = read_archive(io.BytesIO(clear))
    assert [member.name for member in members] == [
        "carte vitale.jpg",
        "carte vitale (2).jpg",
        "_CON.pdf",
        "vide.txt",
    ]
    for member, (_, data) in zip(members, documents, strict=True):
        with member.open() as content:
            assert b"".join(content) == data


def test_sizes_stand_before_the_content_as_java_wants_them(engine, practice) -> None:
    _, sealed = seal(engine, practice, [("a.bin", b"abc" * 1000), ("b.bin", b"")])
    clear = opened(practice, sealed)
    with zipfile.ZipFile(io.BytesIO(clear)) as made:
        assert made.testzip() is None
        for info in made.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.flag_bits == 0x0800  # names in UTF-8; no data descriptor
            assert info.date_time == (1980, 1, 1, 0, 0, 0)


def test_only_the_practices_key_opens_it(engine, practice) -> None:
    _, sealed = seal(engine, practice, [("a.txt", b"for the practice alone")])
    stanzas = age.inspect(io.BytesIO(sealed)).stanzas
    assert stanzas == ("mlkem768x25519",)
    assert b"for the practice alone" not in sealed
    other = age.HybridIdentity.generate().reveal()
    assert engine.open(sealed, identity=other).reason == "identity_wrong"
    back = engine.open(sealed, identity=practice.reveal(), name="reponse.zip.age")
    assert [one.name for one in back.documents] == ["reponse.zip"]  # not ours to list: one ZIP


def test_no_other_recipient_and_no_nothing_is_sealed_to(engine, practice) -> None:
    classic = str(age.X25519Identity.generate().recipient())
    hybrid = str(practice.recipient())
    documents = [("a.txt", b"a")]
    for recipient in (classic, "", "age1", hybrid[:-1], hybrid + "q"):
        assert engine.seal(documents, recipient).reason == "fault", recipient
    assert engine.seal([], hybrid).reason == "fault"
    many = [(f"{number}.txt", b"") for number in range(1001)]
    assert engine.seal(many, hybrid).reason == "too_large"
