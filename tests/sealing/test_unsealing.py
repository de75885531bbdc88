"""Protects what is sealed a second time: the same bytes, read through the seal, written nowhere."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pikepdf
import pytest

from secshare import files, passphrase, sealing
from secshare.errors import FileDamaged, InputUnreadable, PassphraseWrong
from secshare.messages import Language
from secshare.model import Road, SealedToWords, SealFormat
from secshare.page import filling
from secshare.sealing.pdf import seal_pdf
from tests.documents import report
from tests.page.pages import small_page

CONTENTS = {"compte-rendu.pdf": report(), "annexe.csv": os.urandom(200_001)}
OTHER = "-".join(["abaisser"] * 10)


@pytest.fixture
def secret() -> SealedToWords:
    return SealedToWords(passphrase.draw(12, Language.FR), Road.SMS)


@pytest.fixture
def documents(tmp_path: Path):
    for name, content in CONTENTS.items():
        (tmp_path / name).write_bytes(content)
    with (
        files.open_source(tmp_path / "compte-rendu.pdf") as first,
        files.open_source(tmp_path / "annexe.csv") as second,
    ):
        yield [first, second]


def read(source: files.Source) -> bytes:
    source.file.seek(0)
    return b"".join(iter(lambda: source.file.read(70_000), b""))


def test_one_document_is_read_through_its_seal_and_watched_like_a_file(
    tmp_path, documents, secret
) -> None:
    sealed = tmp_path / "document-K7Q2-M9PX-8.csv.age"
    with files.publish(sealed) as sink:
        sealing.seal(documents[1:], sink, secret)
    before = set(tmp_path.iterdir())
    with files.open_source(sealed) as source:
        (one,) = sealing.unseal(source, secret.passphrase.reveal(), SealFormat.AGE, documents=1)
        assert (one.name, one.size) == ("document-K7Q2-M9PX-8.csv", len(CONTENTS["annexe.csv"]))
        one.file.watch()
        assert read(one) == CONTENTS["annexe.csv"]
        with files.open_source(tmp_path / "annexe.csv") as same:
            same.file.watch()
            read(same)
            assert one.file.seen(one.size) == same.file.seen(same.size)
            assert one.file.seen(one.size) is not None
        again = io.BytesIO()
        one.file.seek(0)
        sealing.seal([one], again, secret)
    assert set(tmp_path.iterdir()) == before
    (tmp_path / "again.age").write_bytes(again.getvalue())
    with files.open_source(tmp_path / "again.age") as source:
        (one,) = sealing.unseal(source, secret.passphrase.reveal(), SealFormat.AGE, documents=1)
        assert read(one) == CONTENTS["annexe.csv"]


def test_several_documents_come_back_with_their_names_and_are_read_as_often_as_needed(
    tmp_path, documents, secret
) -> None:
    sealed = tmp_path / "document-K7Q2-M9PX-8.zip.age"
    with files.publish(sealed) as sink:
        sealing.seal(documents, sink, secret)
    with files.open_source(sealed) as source:
        found = sealing.unseal(source, secret.passphrase.reveal(), SealFormat.AGE, documents=2)
        assert {each.name: read(each) for each in found} == CONTENTS
        with pytest.raises(io.UnsupportedOperation):
            found[0].file.seek(10)
        again = io.BytesIO()
        sealing.seal(found, again, secret)  # an archive reads each twice
    assert len(again.getvalue()) == sealed.stat().st_size


def test_a_page_gives_back_what_is_sealed_inside(tmp_path, monkeypatch, documents, secret) -> None:
    asset = tmp_path / "asset.html"
    asset.write_text(small_page(), "utf-8")
    monkeypatch.setattr(filling, "_ASSET", asset)
    sealed = tmp_path / "document-K7Q2-M9PX-8.html"
    with files.publish(sealed) as sink:
        sealing.seal_html(documents[:1], sink, secret, None, "document-K7Q2-M9PX-8.pdf.age")
    with files.open_source(sealed) as source:
        (one,) = sealing.unseal(source, secret.passphrase.reveal(), SealFormat.HTML, documents=1)
        assert (one.name, read(one)) == ("document-K7Q2-M9PX-8.pdf", CONTENTS["compte-rendu.pdf"])
    with (
        files.open_source(asset) as empty,
        pytest.raises(FileDamaged, match="holds no sealed file"),
    ):
        sealing.unseal(empty, secret.passphrase.reveal(), SealFormat.HTML, documents=1)


def test_a_password_pdf_comes_back_as_a_pdf_without_one(tmp_path, documents, secret) -> None:
    sealed = tmp_path / "document-K7Q2-M9PX-8.pdf"
    with files.publish(sealed) as sink:
        seal_pdf(documents[0], sink, secret.passphrase.reveal())
    with files.open_source(sealed) as source:
        (one,) = sealing.unseal(source, secret.passphrase.reveal(), SealFormat.PDF, documents=1)
        with pikepdf.open(io.BytesIO(read(one))) as clear:
            assert not clear.is_encrypted
            assert len(clear.pages) == 1
        with pytest.raises(PassphraseWrong):
            sealing.unseal(source, OTHER, SealFormat.PDF, documents=1)


def test_other_words_damage_and_a_change_are_noticed(tmp_path, documents, secret) -> None:
    sealed = tmp_path / "document-K7Q2-M9PX-8.pdf.age"
    with files.publish(sealed) as sink:
        sealing.seal(documents[1:], sink, secret)
    words = secret.passphrase.reveal()
    with files.open_source(sealed) as source, pytest.raises(PassphraseWrong):
        sealing.unseal(source, OTHER, SealFormat.AGE, documents=1)
    with files.open_source(sealed) as source:
        (one,) = sealing.unseal(source, words, SealFormat.AGE, documents=1)
        with sealed.open("r+b") as file:
            file.seek(100_000)
            file.write(b"\0\0\0\0")
        with pytest.raises(FileDamaged):
            read(one)
        with pytest.raises(InputUnreadable, match="changed"):
            one.check_unchanged()
