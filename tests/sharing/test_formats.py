"""A share keeps its promises in each form: the roads apart, the label said, nothing half-done."""

from __future__ import annotations

import base64
import io
import re
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from secshare import files, passphrase, profiles
from secshare.age import ScryptIdentity, X25519Identity, decrypt
from secshare.cli.demo_documents import report_pdf
from secshare.errors import (
    ExtraMissing,
    InputUnreadable,
    RecipientDataInvalid,
    RecipientRefused,
    WorkRefused,
)
from secshare.model import Road, SealFormat
from secshare.page import filling
from secshare.sharing import address, check_form, prepare
from tests.secrets_search import Secret

TODAY = date(2026, 11, 22)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "compte-rendu.pdf"
    path.write_bytes(report_pdf())
    return path


def seal(desk, *documents, seal_format, to="Jeanne Exemple", **options):
    by_hand = seal_format is SealFormat.HTML
    addressed = address(desk, to, by_hand=by_hand, today=TODAY, road=options.pop("road", None))
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents]
        return prepare(desk, addressed, sources, seal_format=seal_format, **options)


def words_of(desk, prepared):
    identities = desk.practice.identities(lambda: pytest.fail("asked for words"))
    return desk.register.words(prepared.share.reference, identities)


def give_key(desk, identity):
    jeanne = desk.directory.find("Jeanne Exemple")
    desk.directory.set_keys(jeanne, [str(identity.recipient())], replace_all=True)


def nothing_left(desk):
    folders = (desk.practice.outbox, desk.practice.secrets)
    return not list(desk.register.shares()) and not any(any(path.iterdir()) for path in folders)


def inside(html: bytes) -> tuple[str, bytes]:
    """Return the name and the content of the sealed file in a page."""
    found = re.search(rb'id="sealed" data-name="([^"]*)">([^<]*)</script>', html)
    assert found is not None
    return found[1].decode(), base64.b64decode(found[2], validate=True)


def test_a_page_holds_the_file_sealed_and_no_mail_is_drafted(desk, report, page_file):
    prepared = seal(desk, report, seal_format=SealFormat.HTML)
    (made,) = prepared.files
    assert made.name == f"document-{prepared.share.reference}.html"
    assert prepared.mail_draft is None
    name, sealed = inside(made.read_bytes())
    assert name == f"document-{prepared.share.reference}.pdf.age"
    clear = io.BytesIO()
    decrypt(io.BytesIO(sealed), clear, [ScryptIdentity(words_of(desk, prepared))])
    assert clear.getvalue() == report.read_bytes()
    share = desk.register.share(prepared.share.reference)
    assert (share.format, share.size) == (SealFormat.HTML, made.stat().st_size)


def test_a_page_for_somebody_with_a_key_opens_with_the_key(desk, report, page_file):
    identity = X25519Identity.generate()
    give_key(desk, identity)
    prepared = seal(desk, report, seal_format=SealFormat.HTML)
    clear = io.BytesIO()
    decrypt(io.BytesIO(inside(prepared.files[0].read_bytes())[1]), clear, [identity])
    assert clear.getvalue() == report.read_bytes()
    assert prepared.secret_files == ()


def test_somebody_opposed_to_e_mail_may_be_handed_a_page(desk, report, page_file):
    desk.directory.edit(desk.directory.find("Jeanne Exemple"), email_consent=False)
    with pytest.raises(RecipientRefused):
        address(desk, "Jeanne Exemple", today=TODAY)
    assert seal(desk, report, seal_format=SealFormat.HTML).mail_draft is None


def test_a_page_too_large_is_refused_and_leaves_nothing(
    desk,
    report,
    page_file,
    monkeypatch,
):
    monkeypatch.setattr(profiles, "HTML_BYTES", report.stat().st_size - 1)
    with pytest.raises(WorkRefused):
        seal(desk, report, seal_format=SealFormat.HTML)
    assert nothing_left(desk)


def test_without_the_built_page_nothing_is_left(desk, report, tmp_path, monkeypatch):
    monkeypatch.setattr(filling, "_ASSET", tmp_path / "open.html")
    with pytest.raises(ExtraMissing):
        seal(desk, report, seal_format=SealFormat.HTML)
    assert nothing_left(desk)


def test_a_password_pdf_opens_with_its_words_alone_and_is_recorded_as_what_it_is(desk, report):
    prepared = seal(desk, report, seal_format=SealFormat.PDF, words=10)
    made = next(path for path in prepared.files if path.suffix == ".pdf")
    words = words_of(desk, prepared)
    assert passphrase.entropy(len(words.split("-")), desk.practice.settings.words_language) >= 121
    with pypdfium2.PdfDocument(made, password=words) as opened:
        assert len(opened) == 1
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(made)
    share = desk.register.share(prepared.share.reference)
    assert (share.format, share.work_factor, share.size) == (
        SealFormat.PDF,
        None,
        made.stat().st_size,
    )


def test_the_mail_of_a_password_pdf_has_the_label_and_not_the_words(desk, report):
    prepared = seal(desk, report, seal_format=SealFormat.PDF)
    message = (desk.practice.outbox / str(prepared.share.reference) / "message.txt").read_text()
    assert "hors de la liste de la CNIL" in message
    secret = Secret.of_words(words_of(desk, prepared).split("-"))
    assert not secret.traces(prepared.mail_draft.parent)


def test_the_sms_of_a_password_pdf_has_the_words_alone_on_a_line(desk, report):
    prepared = seal(desk, report, seal_format=SealFormat.PDF, road=Road.SMS)
    (sheet,) = prepared.secret_files
    words = words_of(desk, prepared)
    assert words in sheet.read_text().splitlines()
    assert passphrase.understand(sheet.read_text()).candidates.count(words) == 1


@pytest.mark.parametrize("case", ["several", "not a PDF", "keys", "encrypted"])
def test_what_cannot_be_a_password_pdf_is_refused_and_leaves_nothing(desk, report, tmp_path, case):
    documents, refusal = [report], InputUnreadable
    if case == "several":
        documents = [report, report]
    elif case == "not a PDF":
        documents = [tmp_path / "courrier.pdf"]
        documents[0].write_bytes(b"Madame, Monsieur,\n" * 40)
    elif case == "keys":
        give_key(desk, X25519Identity.generate())
        refusal = RecipientDataInvalid
    else:
        documents = [tmp_path / "protege.pdf"]
        with pikepdf.open(report) as opened:
            opened.save(documents[0], encryption=pikepdf.Encryption(user="a", owner="b"))
    with pytest.raises(refusal):
        seal(desk, *documents, seal_format=SealFormat.PDF)
    assert nothing_left(desk)


@pytest.mark.parametrize("case", ["several", "keys", "not a PDF", "no page"])
def test_what_a_form_cannot_do_is_said_before_anything_is_asked(
    desk, report, tmp_path, monkeypatch, case
):
    seal_format, refusal, count = SealFormat.PDF, InputUnreadable, 1
    if case == "several":
        count = 2
    elif case == "keys":
        give_key(desk, X25519Identity.generate())
        refusal = RecipientDataInvalid
    elif case == "not a PDF":
        report.write_bytes(b"Madame, Monsieur,\n" * 40)
    else:
        monkeypatch.setattr(filling, "_ASSET", tmp_path / "open.html")
        seal_format, refusal = SealFormat.HTML, ExtraMissing
    addressed = address(desk, "Jeanne Exemple", today=TODAY)
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(report)) for _ in range(count)]
        with pytest.raises(refusal):
            check_form(seal_format, addressed, sources)
