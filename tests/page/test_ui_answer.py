"""A patient's own documents reach the practice sealed, and the page says that nothing was sent."""

from __future__ import annotations

import io
import zipfile

from secshare import age
from secshare.age import HybridIdentity
from tests.page.patient import PDF, PHRASE, REFERENCE, SMS, Patient, filled_page, sealed_pdf


def opened(practice, sealed):
    clear = io.BytesIO()
    age.decrypt(io.BytesIO(sealed), clear, [practice])
    return zipfile.ZipFile(clear)


def given(folder):
    (folder / "ordonnance été.pdf").write_bytes(PDF)
    (folder / "notes.txt").write_bytes(b"pris le matin\n")
    return [folder / "ordonnance été.pdf", folder / "notes.txt"]


def test_documents_sealed_in_the_page_are_opened_by_the_practice(visits, tmp_path):
    practice = HybridIdentity.generate()
    with visits(filled_page(tmp_path, recipient=practice.recipient())) as visit:
        patient = Patient(visit)
        page = visit.page
        assert "Cabinet médical du Soleil" in page.locator("#answer-heading").inner_text()
        page.set_input_files("#answer-files", given(tmp_path))
        assert page.locator("#answer-list li").count() == 2
        page.locator("#answer-seal").press("Enter")
        page.wait_for_selector("#answer-done:not([hidden])")
        assert "pas encore envoyé" in page.locator("#answer-done-heading").inner_text()
        name, sealed = patient.save()
        assert name == "reponse.zip.age"
        assert name in page.locator("#answer-attach").inner_text()
        with opened(practice, sealed) as archive:
            assert archive.comment == b"secshare answer"
            assert archive.namelist() == ["ordonnance été.pdf", "notes.txt"]
            assert archive.read("ordonnance été.pdf") == PDF
        assert patient.is_calm(), (visit.requests, visit.complaints)


def test_an_answer_names_the_document_that_was_opened(visits, tmp_path):
    practice = HybridIdentity.generate()
    path = filled_page(tmp_path, recipient=practice.recipient())
    with visits(path) as visit:
        patient = Patient(visit)
        patient.choose(sealed_pdf(tmp_path))
        patient.wait_for_file()
        patient.paste(SMS)
        patient.wait_for_documents()
        visit.page.set_input_files("#answer-files", given(tmp_path)[1])
        assert REFERENCE in visit.page.locator("#answer-about").inner_text()
        visit.page.locator("#answer-seal").press("Enter")
        visit.page.wait_for_selector("#answer-done:not([hidden])")
        assert visit.page.locator(".document").count() == 1  # still there
        name, sealed = patient.save(1)
        assert name == f"reponse-{REFERENCE}.zip.age"
        with opened(practice, sealed) as archive:
            assert archive.comment.decode() == f"secshare answer {REFERENCE}"
        assert patient.is_calm()


def test_documents_can_be_removed_and_changed_before_and_after(visits, tmp_path):
    practice = HybridIdentity.generate()
    with visits(filled_page(tmp_path, recipient=practice.recipient()), "en-GB") as visit:
        page = visit.page
        page.set_input_files("#answer-files", given(tmp_path))
        first = page.locator("#answer-list button").first
        assert first.get_attribute("aria-label") == "Remove ordonnance été.pdf"
        first.press("Enter")
        assert page.locator("#answer-list li").count() == 1
        page.locator("#answer-seal").press("Enter")
        page.wait_for_selector("#answer-done:not([hidden])")
        page.locator("#answer-more").press("Enter")
        assert page.locator("#answer-list li").count() == 0
        page.set_input_files("#answer-files", given(tmp_path)[0])
        page.locator("#answer-seal").press("Enter")
        page.wait_for_selector("#answer-done:not([hidden])")
        _, sealed = Patient(visit).save()
        with opened(practice, sealed) as archive:
            assert archive.namelist() == ["ordonnance été.pdf"]


def test_a_page_that_is_nobodys_offers_no_answer(visits, page_file):
    with visits(page_file) as visit:
        assert visit.page.locator("#answer").is_hidden()
        assert "numéro que vous connaissez" in visit.page.locator("footer").inner_text()


def large(folder, size=400_000_000):
    """A document that takes seconds to seal, and no room on the disk."""
    path = folder / "radio.bin"
    with path.open("wb") as file:
        file.truncate(size)
    return path


def sealing(visit, path):
    visit.page.set_input_files("#answer-files", path)
    visit.page.locator("#answer-seal").press("Enter")
    visit.page.wait_for_selector("#answer-busy:not([hidden])")


def test_finishing_while_documents_are_sealed_stops_that_and_forgets_them(visits, tmp_path):
    practice = HybridIdentity.generate()
    with visits(filled_page(tmp_path, recipient=practice.recipient())) as visit:
        patient = Patient(visit)
        patient.choose(sealed_pdf(tmp_path))
        patient.wait_for_file()
        patient.paste(SMS)
        patient.wait_for_documents()
        sealing(visit, large(tmp_path))
        visit.page.locator("#again").press("Enter")
        for _ in range(2):
            assert visit.page.locator("#answer-busy").is_hidden()
            assert visit.page.locator("#answer-row").is_visible()
            assert visit.page.locator("#answer-list li").count() == 0
            assert visit.page.locator("#answer-state").inner_text() == ""
            visit.page.wait_for_timeout(300)
        visit.page.set_input_files("#answer-files", given(tmp_path)[1])
        visit.page.locator("#answer-seal").press("Enter")
        visit.page.wait_for_selector("#answer-done:not([hidden])")
        assert patient.is_calm()


def test_a_document_added_while_others_are_sealed_is_sealed_with_them(visits, tmp_path):
    practice = HybridIdentity.generate()
    drop = """() => {
      const data = new DataTransfer();
      data.items.add(new File(["x"], "oublie.txt"));
      document.getElementById("answer").dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    with visits(filled_page(tmp_path, recipient=practice.recipient())) as visit:
        page = visit.page
        sealing(visit, large(tmp_path))
        page.evaluate(drop)
        assert page.locator("#answer-busy").is_hidden()
        assert "Arrêté" in page.locator("#answer-state").inner_text()
        page.locator("#answer-list button").first.press("Enter")
        page.locator("#answer-seal").press("Enter")
        page.wait_for_selector("#answer-done:not([hidden])")
        assert page.locator("#answer-state").inner_text() == ""
        _, sealed = Patient(visit).save()
        with opened(practice, sealed) as archive:
            assert archive.namelist() == ["oublie.txt"]


def test_stopping_what_is_sealed_lets_the_file_that_was_chosen_open(visits, tmp_path):
    practice = HybridIdentity.generate()
    with visits(filled_page(tmp_path, recipient=practice.recipient())) as visit:
        patient = Patient(visit)
        sealing(visit, large(tmp_path))
        patient.choose(sealed_pdf(tmp_path))
        visit.page.locator("#answer-busy-stop").press("Enter")
        assert "Arrêté" in visit.page.locator("#answer-state").inner_text()
        assert patient.has_focus() == "answer-seal"
        patient.wait_for_file()
        patient.paste(SMS)
        assert patient.wait_for_documents() == [f"document-{REFERENCE}.pdf"]


def test_another_file_chosen_while_one_opens_leaves_what_is_sealed_alone(visits, tmp_path):
    practice = HybridIdentity.generate()
    slow = sealed_pdf(tmp_path, age.ScryptRecipient(PHRASE, work_factor=18))
    (tmp_path / "other").mkdir()
    other = sealed_pdf(tmp_path / "other")
    with visits(filled_page(tmp_path, recipient=practice.recipient())) as visit:
        patient = Patient(visit)
        patient.choose(slow)
        patient.wait_for_file()
        patient.paste(SMS)
        visit.page.wait_for_selector("#busy:not([hidden])")
        sealing(visit, large(tmp_path, 60_000_000))
        patient.choose(other)
        patient.wait_for_documents()
        assert visit.page.locator("#busy").is_hidden()
        visit.page.wait_for_selector("#answer-done:not([hidden])")
        with opened(practice, patient.save(1)[1]) as archive:
            assert archive.namelist() == ["radio.bin"]


def test_finishing_leaves_no_reference_behind(visits, tmp_path):
    practice = HybridIdentity.generate()
    with visits(filled_page(tmp_path, recipient=practice.recipient())) as visit:
        patient = Patient(visit)
        patient.choose(sealed_pdf(tmp_path))
        patient.wait_for_file()
        patient.paste(SMS)
        patient.wait_for_documents()
        visit.page.set_input_files("#answer-files", given(tmp_path))
        visit.page.locator("#answer-seal").press("Enter")
        visit.page.wait_for_selector("#answer-done:not([hidden])")
        assert REFERENCE in visit.page.locator("main").inner_html()
        visit.page.locator("#again").press("Enter")
        left = visit.page.locator("main").inner_html()
        assert REFERENCE not in left
        assert "ordonnance" not in left


def test_names_are_shown_without_what_turns_them_round(visits, tmp_path):
    practice = HybridIdentity.generate()
    named = tmp_path / f"rapport-{REFERENCE}-\u202egpj.\u200bage"
    named.write_bytes(sealed_pdf(tmp_path).read_bytes())
    with visits(filled_page(tmp_path, recipient=practice.recipient())) as visit:
        Patient(visit).choose(named)
        assert visit.page.locator("#file-name").inner_text() == f"rapport-{REFERENCE}-gpj.age"
        visit.page.set_input_files("#answer-files", named)
        line = visit.page.locator("#answer-list li")
        assert line.locator(".name").inner_text().startswith(f"rapport-{REFERENCE}-gpj.age ")
        label = line.locator("button").get_attribute("aria-label")
        assert label == f"Retirer rapport-{REFERENCE}-gpj.age"
