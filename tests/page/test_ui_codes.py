"""A photo of the code does what typing does; what is in no code, or in two, is said."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from secshare import profiles
from secshare.age import HybridIdentity
from secshare.roads import qr
from tests.browser import Visit
from tests.browser.chromium import QUIET
from tests.page.patient import PHRASE, REFERENCE, Patient, sealed_pdf
from tests.tools import need

CLEAR = f"document-{REFERENCE}.pdf"


def code(text):
    return Image.open(io.BytesIO(qr.png(text))).convert("RGB")


def photo(folder, *codes):
    """Write a picture with codes side by side on a table."""
    table = Image.new("RGB", (100 + sum(one.width + 100 for one in codes), 1200), (150, 140, 120))
    across = 100
    for one in codes:
        table.paste(one, (across, 200))
        across += one.width + 100
    table.save(folder / "photo.jpg", quality=80)
    return folder / "photo.jpg"


@pytest.fixture
def patient(visits, page_file):
    with visits(page_file) as visit:
        at = Patient(visit)
        yield at
        assert at.is_calm(), (visit.requests, visit.complaints)


@pytest.mark.parametrize("said", [PHRASE, f"https://cabinet.example/open.html#{PHRASE}"])
def test_a_photo_of_the_words_opens_the_file(patient, tmp_path, said):
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_file()
    patient.page.set_input_files("#photo", photo(tmp_path, code(said)))
    assert patient.wait_for_documents() == [CLEAR]
    assert patient.page.locator("#words").input_value() == PHRASE


def test_a_photo_of_the_card_opens_the_file_that_comes_after_it(patient, tmp_path):
    identity = HybridIdentity.generate()
    text = identity.reveal() if hasattr(identity, "reveal") else str(identity)
    patient.page.set_input_files("#photo", photo(tmp_path, code(text)))
    patient.page.wait_for_selector("#card-part:not([hidden])")
    assert "carte est lue" in patient.page.locator("#card-state").inner_text()
    patient.choose(sealed_pdf(tmp_path, identity.recipient()))
    assert patient.wait_for_documents() == [CLEAR]


def test_two_codes_are_one_too_many(patient, tmp_path):
    both = photo(tmp_path, code(PHRASE), code("-".join(reversed(PHRASE.split("-")))))
    patient.page.set_input_files("#photo", both)
    assert "plusieurs codes" in patient.wait_for_trouble()
    assert patient.page.locator("#words").input_value() == ""


def test_a_photo_without_a_code_is_said(patient, tmp_path):
    patient.page.set_input_files("#photo", photo(tmp_path))
    assert "Aucun code" in patient.wait_for_trouble()


def test_another_kind_of_code_is_said_and_never_gone_to(patient, tmp_path):
    patient.page.set_input_files("#photo", photo(tmp_path, code("https://example.org/menu")))
    assert "ni mots ni carte" in patient.wait_for_trouble()
    assert patient.page.locator("#words").input_value() == ""


def test_what_is_no_picture_is_said(patient, tmp_path):
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    patient.page.set_input_files("#photo", tmp_path / "photo.heic")
    assert "ne peut pas être lue" in patient.wait_for_trouble()


def test_a_photo_larger_than_photos_are_is_not_looked_at(patient, tmp_path):
    sink = io.BytesIO()
    code(PHRASE).save(sink, "PNG")
    whole = sink.getvalue()
    (tmp_path / "heavy.png").write_bytes(whole + bytes(profiles.PHOTO_BYTES))
    (tmp_path / "wide.png").write_bytes(whole[:16] + struct.pack(">II", 9000, 9000) + whole[24:])
    for name in ("heavy.png", "wide.png"):
        patient.page.set_input_files("#photo", tmp_path / name)
        assert "trop grande" in patient.wait_for_trouble()
        assert patient.page.locator("#words").input_value() == ""
        patient.page.evaluate("document.querySelector('.trouble').remove()")
    (tmp_path / "photo.png").write_bytes(whole)
    patient.page.set_input_files("#photo", tmp_path / "photo.png")
    patient.until("document.getElementById('words').value !== ''")


def test_a_camera_that_nobody_allows_is_said_and_the_rest_still_works(patient, tmp_path):
    patient.page.locator("#camera").press("Enter")
    assert "ne peut pas être utilisé" in patient.wait_for_trouble()
    assert patient.page.locator("#viewfinder").is_hidden()
    patient.page.set_input_files("#photo", photo(tmp_path, code(PHRASE)))
    patient.until("document.getElementById('words').value !== ''")


def test_the_code_before_the_camera_opens_the_file(browser, page_file, tmp_path):
    frame = Image.new("RGB", (1280, 720), (150, 140, 120))
    frame.paste(code(PHRASE).resize((520, 560)), (380, 80))
    sink = io.BytesIO()
    frame.save(sink, "JPEG", quality=85)
    (tmp_path / "camera.mjpeg").write_bytes(sink.getvalue() * 3)
    with_camera = browser.browser_type.launch(
        executable_path=need("chromium"),
        args=[
            *QUIET,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'camera.mjpeg'}",
        ],
    )
    try:
        page = with_camera.new_page(locale="fr-FR")
        visit = Visit(page)
        page.on("console", lambda said: visit.complaints.append(said.text))
        page.goto(page_file.as_uri())
        patient = Patient(visit)
        patient.choose(sealed_pdf(tmp_path))
        patient.wait_for_file()
        page.locator("#camera").press("Enter")
        assert patient.wait_for_documents() == [CLEAR]
        assert page.locator("#video").evaluate("(video) => video.srcObject") is None
        assert patient.is_calm(), visit.complaints
    finally:
        with_camera.close()
