"""What goes wrong is said in one plain sentence and what to do, and gives no document out."""

from __future__ import annotations

import io

import pytest

from secshare import age
from secshare.age import HybridIdentity
from tests.opener import kit
from tests.page.patient import (
    NAME,
    OTHER_REFERENCE,
    PDF,
    PHRASE,
    REFERENCE,
    SMS,
    WORDS,
    Patient,
    filled_page,
    sealed_pdf,
)


@pytest.fixture
def patient(visits, page_file):
    """A patient at the page; whatever goes wrong, the browser has nothing to complain of."""
    with visits(page_file, width=360, height=740) as visit:
        at = Patient(visit)
        yield at
        assert at.is_calm(), (visit.requests, visit.complaints)
        assert at.page.locator(".document").count() == 0
        assert at.page.locator("[role=alert]").count() <= 1


def test_words_of_another_file_do_not_open(patient, tmp_path):
    patient.choose(sealed_pdf(tmp_path))
    patient.write(" ".join(reversed(WORDS)))
    patient.open()
    assert patient.wait_for_trouble().splitlines()[0] == "Ces mots n'ouvrent pas ce fichier."
    assert patient.has_focus() == "words"
    assert patient.page.locator("#words").input_value() == " ".join(reversed(WORDS))


def test_a_missing_word_is_counted(patient, tmp_path):
    patient.choose(sealed_pdf(tmp_path))
    patient.write(" ".join(WORDS[:9]))
    patient.open()
    assert "il y en a 9" in patient.wait_for_trouble()


def test_a_word_that_cannot_be_read_is_named_with_those_near_it(patient, tmp_path):
    patient.choose(sealed_pdf(tmp_path))
    patient.write(" ".join((*WORDS[:3], "daxxier", *WORDS[4:])) + " ")
    assert ("unread", "daxxier") in patient.marks()
    assert "9 mots sur 10 compris" in patient.page.locator("#words-count").inner_text()
    note = patient.page.locator("#words-notes li").inner_text()
    assert "Mot 4" in note
    assert "daxxier" in note
    patient.open()
    assert "le mot 4 n'est pas compris" in patient.wait_for_trouble()
    patient.page.locator("#words-notes .offer", has_text="damier").press("Enter")
    assert "damier" in patient.page.locator("#words").input_value()
    assert not patient.page.locator(".trouble").is_visible()
    assert "Vos 10 mots sont compris" in patient.page.locator("#words-count").inner_text()


def test_one_wrong_letter_opens_and_says_which_word(visits, page_file, tmp_path):
    with visits(page_file) as visit:
        patient = Patient(visit)
        patient.choose(sealed_pdf(tmp_path))
        patient.write(" ".join((*WORDS[:3], "damyer", *WORDS[4:])) + " ")
        assert ("doubtful", "damier") in patient.marks()
        note = patient.page.locator("#words-notes").inner_text()
        assert "«\u00a0damyer\u00a0» est lu «\u00a0damier\u00a0»" in note
        patient.open()
        assert patient.wait_for_documents() == [f"document-{REFERENCE}.pdf"]
        said = patient.page.locator("#result-notes").inner_text()
        assert said == "Le mot 4 avait une faute. Il a été compris quand même."


def test_another_documents_sms_is_said_before_anything_is_tried(patient, tmp_path):
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_file()
    patient.paste(SMS.replace(REFERENCE, OTHER_REFERENCE))
    said = patient.wait_for_trouble()
    assert OTHER_REFERENCE in said
    assert REFERENCE in said
    assert patient.page.locator("#busy").is_hidden()


def test_a_file_that_comes_after_another_documents_sms_is_said_too(patient, tmp_path):
    patient.paste(SMS.replace(REFERENCE, OTHER_REFERENCE))
    patient.choose(sealed_pdf(tmp_path))
    assert OTHER_REFERENCE in patient.wait_for_trouble()


def altered(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: altered(data, -40), "abîmé"),
        (lambda data: data[:-1000], "abîmé"),
        (lambda data: data[:60], "complet"),
        (lambda data: b"", "vide"),
    ],
)
def test_a_damaged_file_gives_nothing_out(patient, tmp_path, change, said):
    sealed = sealed_pdf(tmp_path)
    sealed.write_bytes(change(sealed.read_bytes()))
    patient.paste(SMS)
    patient.choose(sealed)
    assert said in patient.wait_for_trouble()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("message.eml", b"From: a@example.org\nSubject: x\n\nbody\n", "e-mail lui-même"),
        ("message.txt", b"ADRESSE\npatient@example.org\n", "e-mail lui-même"),
        ("rapport.pdf", PDF, "PDF"),
        ("document.html", b"<!doctype html><p>page</p>", "page"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(500), "photo"),
        ("tableau.ods", b"PK\x03\x04" + bytes(500), "fichier"),
        ("inconnu.bin", bytes(range(256)), "fichier"),
    ],
)
def test_another_kind_of_file_is_called_what_it_is(patient, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    patient.choose(tmp_path / name)
    what, *_, do = patient.wait_for_trouble().splitlines()
    assert said in what
    assert do
    assert patient.page.locator("#file-empty").is_visible()
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_file()
    assert not patient.page.locator(".trouble").is_visible()


def test_a_file_that_asks_too_much_work_is_refused_before_any_word(patient, tmp_path):
    sealed = sealed_pdf(tmp_path)
    lines = sealed.read_bytes().split(b"\n")
    lines[1] = lines[1].rsplit(b" ", 1)[0] + b" 21"
    sealed.write_bytes(b"\n".join(lines))
    patient.choose(sealed)
    assert "trop de travail" in patient.wait_for_trouble()


def test_an_archive_that_is_not_in_order_gives_nothing_out(patient, tmp_path):
    documents = {"a.txt": b"one " * 9, "b.txt": b"two " * 9}
    sealed = kit.seal_documents(tmp_path / "good.zip.age", documents)
    clear = io.BytesIO()
    age.decrypt(io.BytesIO(sealed.read_bytes()), clear, [age.ScryptIdentity(PHRASE)])
    bad = clear.getvalue().replace(b"one one", b"One one", 1)  # the check sum is another one
    patient.paste(PHRASE)
    patient.choose(kit.seal(tmp_path / NAME, bad))
    assert "pas en ordre" in patient.wait_for_trouble()


def test_a_wrong_card_is_called_a_wrong_card(patient, tmp_path):
    patient.choose(sealed_pdf(tmp_path, HybridIdentity.generate().recipient()))
    patient.page.wait_for_selector("#card-part:not([hidden])")
    patient.page.locator("#card-type").press("Enter")
    wrong = HybridIdentity.generate()
    patient.paste(wrong.reveal() if hasattr(wrong, "reveal") else str(wrong), "#card")
    assert "Cette carte n'ouvre pas" in patient.wait_for_trouble()


def test_a_card_for_a_file_that_opens_with_words_is_said(patient, tmp_path):
    identity = HybridIdentity.generate()
    patient.paste(identity.reveal() if hasattr(identity, "reveal") else str(identity))
    patient.choose(sealed_pdf(tmp_path))
    assert "s'ouvre avec des mots, pas avec une carte" in patient.wait_for_trouble()
    assert patient.page.locator("#words").is_visible()


def test_words_for_a_file_that_opens_with_a_card_ask_for_the_card(patient, tmp_path):
    patient.paste(PHRASE)
    patient.choose(sealed_pdf(tmp_path, HybridIdentity.generate().recipient()))
    patient.page.wait_for_selector("#card-part:not([hidden])")
    assert "Montrez votre carte" in patient.page.locator("#secret-heading").inner_text()


def test_what_is_not_a_card_is_said(patient, tmp_path):
    patient.choose(sealed_pdf(tmp_path, HybridIdentity.generate().recipient()))
    patient.page.wait_for_selector("#card-part:not([hidden])")
    patient.page.locator("#card-type").press("Enter")
    patient.paste("AGE-SECRET-KEY-PQ-1QQQQQQQQQQQQQQQQQ", "#card")
    patient.until("document.getElementById('card-state').textContent.includes('pas le texte')")
    patient.open()
    assert "Il manque la carte" in patient.wait_for_trouble()


def test_what_is_missing_is_said_and_the_keyboard_goes_there(patient, tmp_path):
    patient.open()
    assert "Il manque le fichier" in patient.wait_for_trouble()
    assert patient.has_focus() == "file"
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_file()
    patient.open()
    assert "Il manque les mots" in patient.wait_for_trouble()
    assert patient.has_focus() == "words"


def test_a_file_that_was_changed_since_it_was_chosen_is_said(patient, tmp_path):
    sealed = sealed_pdf(tmp_path)
    patient.choose(sealed)
    patient.wait_for_file()
    sealed.write_bytes(b"something else, longer than before" * 500)
    patient.paste(SMS)
    assert "ne peut plus être lu" in patient.wait_for_trouble()


def test_errors_are_said_in_the_other_language_too(patient):
    patient.open()
    patient.wait_for_trouble()
    patient.page.locator("#language").press("Enter")
    assert patient.wait_for_trouble().startswith("The file is missing.")


def test_the_practices_telephone_is_there_to_be_called(visits, tmp_path):
    with visits(filled_page(tmp_path)) as visit:
        link = visit.page.locator("footer a")
        assert link.inner_text() == "01 99 00 12 34"
        assert link.get_attribute("href") == "tel:0199001234"
        assert "Cabinet médical du Soleil" in visit.page.locator("footer").inner_text()
