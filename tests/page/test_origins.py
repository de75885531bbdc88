"""From a folder and from a site alike, a whole visit asks nothing of any network.

And a document of 200 MB opens in 256 MiB of the renderer's memory, above what the empty page takes.
"""

from __future__ import annotations

import io
import os
from contextlib import contextmanager

import pytest

from secshare import age
from secshare.age import HybridIdentity
from tests.bench.page import Memory
from tests.browser import serve
from tests.opener import kit
from tests.page.patient import PDF, PHRASE, REFERENCE, SMS, WORDS, Patient, filled_page, sealed_pdf

CLEAR = f"document-{REFERENCE}.pdf"
KILOBYTES = PDF + b"%" + os.urandom(100_000).hex().encode()  # 200 kB and a PDF still
MEGABYTES = 200
MOST = 256  # MiB


@pytest.fixture
def practice():
    return HybridIdentity.generate()


@pytest.fixture(params=["folder", "site"])
def arrive(request, visits, practice, tmp_path):
    """Open the page of a practice, with a fragment or none; check at the end what was asked for."""
    page = filled_page(tmp_path, recipient=practice.recipient())

    @contextmanager
    def come(fragment="", **context):
        with serve(tmp_path) as (address, asked):
            where = page if request.param == "folder" else f"{address}/{page.name}"
            with visits(where, fragment=fragment, **context) as visit:
                yield Patient(visit)
                assert visit.requests == []
                assert visit.complaints == []
        own = [f"/{page.name}"] if request.param == "site" else []
        assert asked == own

    return come


def again(patient):
    patient.page.locator("#again").press("Enter")
    patient.page.wait_for_selector("#steps:not([hidden])")


def test_everything_a_patient_does_asks_nothing_of_any_network(arrive, practice, tmp_path):
    several = tmp_path / "several"
    several.mkdir()
    card = HybridIdentity.generate()
    to_card = tmp_path / "card"
    to_card.mkdir()
    to_card = sealed_pdf(to_card, card.recipient())
    several = kit.seal_documents(
        several / f"document-{REFERENCE}.zip.age", {"compte-rendu.pdf": PDF, "note.txt": b"matin\n"}
    )
    file = kit.seal(tmp_path / f"{CLEAR}.age", KILOBYTES)
    damaged = tmp_path / "damaged.pdf.age"
    whole = file.read_bytes()
    damaged.write_bytes(whole[:100_000] + bytes([whole[100_000] ^ 1]) + whole[100_001:])
    with arrive(width=320, height=640) as patient:
        patient.choose(file)
        patient.page.fill("#words", "-".join([*WORDS[1:], WORDS[0]]))
        patient.page.press("#words", "Enter")
        patient.wait_for_trouble()
        letter = "b" if WORDS[0][-1] == "a" else "a"
        patient.page.fill("#words", "-".join([WORDS[0][:-1] + letter, *WORDS[1:]]))
        patient.page.press("#words", "Enter")
        assert patient.wait_for_documents() == [CLEAR]
        assert patient.save() == (CLEAR, KILOBYTES)
        again(patient)
        patient.page.fill("#words", PHRASE)
        patient.choose(damaged)
        patient.page.press("#words", "Enter")
        assert "abîmé" in patient.wait_for_trouble()
        patient.page.fill("#words", PHRASE)
        patient.choose(several)
        patient.page.press("#words", "Enter")
        assert patient.wait_for_documents() == ["compte-rendu.pdf", "note.txt"]
        again(patient)
        patient.choose(to_card)
        patient.page.wait_for_selector("#card-part:not([hidden])")
        patient.page.locator("#card-type").press("Enter")
        patient.paste(card.reveal(), "#card")
        assert patient.wait_for_documents() == [CLEAR]
        patient.page.set_input_files("#answer-files", several)
        patient.page.locator("#answer-seal").press("Enter")
        patient.page.wait_for_selector("#answer-done:not([hidden])")
        name, answer = patient.save(1)
        clear = io.BytesIO()
        age.decrypt(io.BytesIO(answer), clear, [practice])
        assert several.read_bytes() in clear.getvalue()
        assert name.endswith(".age")
        assert patient.page.evaluate("document.documentElement.scrollWidth") <= 320
    with arrive(f"#{PHRASE}") as patient:
        patient.choose(file)
        assert patient.wait_for_documents() == [CLEAR]


def test_a_large_document_takes_little_memory(arrive, tmp_path):
    file = tmp_path / f"{CLEAR}.age"
    piece = os.urandom(1_000_000)
    with file.open("wb") as sink:
        age.encrypt(io.BytesIO(PDF + piece * MEGABYTES), sink, [kit.words()])
    with arrive() as patient:
        memory = Memory(patient.page)
        patient.choose(file)
        patient.wait_for_file()
        patient.paste(SMS)
        patient.page.wait_for_selector("#result:not([hidden])", timeout=180_000)
        assert memory.above() <= MOST
        assert "200" in patient.page.locator(".document .name").inner_text()
    file.unlink()
