"""Writing the words: no press is lost while they are, and what is said of them is true."""

from __future__ import annotations

import re

import pytest

from secshare.age import HybridIdentity, ScryptRecipient
from secshare.messages import catalogue
from tests.opener import kit
from tests.page.patient import (
    NAME,
    PDF,
    PHRASE,
    REFERENCE,
    SMS,
    WORDS,
    Patient,
    filled_page,
    sealed_pdf,
)

PRESSED = 80  # milliseconds from the press to the release of a calm finger
LAST = ["teorie", "xylophobe", "theo", WORDS[-1]]  # a wrong letter, no word, four letters, whole
LISTEN = """(name) => {
  window.heard = 0;
  document.getElementById(name).addEventListener("click", () => window.heard++, true);
}"""


@pytest.fixture(scope="module")
def practice():
    return HybridIdentity.generate()


@pytest.fixture
def at_page(visits, tmp_path, practice):
    """Give a patient at the page of a practice, of any width."""
    open_visits = []

    def arrive(**context):
        visiting = visits(filled_page(tmp_path, recipient=practice.recipient()), **context)
        open_visits.append(visiting)
        return Patient(visiting.__enter__())

    yield arrive
    for visiting in open_visits:
        visiting.__exit__(None, None, None)


def middle(patient, selector):
    element = patient.page.locator(selector)
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"], 40) / 2


def press(patient, selector):
    """Press the mouse on something and release it, as slowly as a hand does; say if it moved."""
    mouse = patient.page.mouse
    mouse.move(*middle(patient, selector))
    before = patient.page.locator(selector).bounding_box()
    mouse.down()
    patient.page.wait_for_timeout(PRESSED)
    after = patient.page.locator(selector).bounding_box()
    mouse.up()
    return before == after


@pytest.mark.parametrize("last", LAST)
@pytest.mark.parametrize("width", [1280, 360])
def test_the_button_does_not_move_under_the_mouse(at_page, tmp_path, last, width):
    patient = at_page(width=width, height=900)
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_file()
    patient.write(" ".join((*WORDS[:-1], last)))
    patient.page.evaluate(LISTEN, "open")
    assert press(patient, "#open")
    assert patient.page.evaluate("window.heard") == 1
    patient.until("document.querySelector('#result:not([hidden]), .trouble') !== null")


@pytest.mark.parametrize("last", LAST)
def test_a_tap_on_the_button_is_heard(at_page, tmp_path, last):
    patient = at_page(width=360, height=740, has_touch=True)
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_file()
    patient.page.locator("#words").tap()
    patient.write(" ".join((*WORDS[:-1], last)))
    patient.page.evaluate(LISTEN, "open")
    patient.page.touchscreen.tap(*middle(patient, "#open"))
    assert patient.page.evaluate("window.heard") == 1
    patient.until("document.querySelector('#result:not([hidden]), .trouble') !== null")


@pytest.mark.parametrize("last", ["teorie", "xylophobe", "theo"])
def test_no_other_button_moves_under_the_mouse(at_page, last):
    patient = at_page(height=1200)
    patient.write(" ".join((*WORDS[:-1], last)))
    patient.page.evaluate(LISTEN, "answer-button")
    assert press(patient, "#answer-button")
    assert patient.page.evaluate("window.heard") == 1


def test_what_is_doubtful_is_said_as_soon_as_the_mouse_is_released(at_page):
    patient = at_page()
    patient.write(" ".join((*WORDS[:3], "xylophobe")))
    assert patient.page.locator("#words-notes li").count() == 0  # it is being written
    assert press(patient, "#heading")
    patient.until("document.querySelectorAll('#words-notes li').length === 1")


def test_an_offered_word_is_taken_by_the_mouse(at_page):
    patient = at_page()
    patient.write("acarien daxxier ")
    press(patient, "#words-notes .offer >> text=damier")
    assert patient.page.locator("#words").input_value() == "acarien damier "
    patient.write("theo")
    press(patient, "#completion .offer >> text=theorie")
    assert patient.page.locator("#words").input_value() == "acarien damier theorie "
    assert patient.has_focus() == "words"


def test_eleven_words_are_not_called_right(at_page):
    patient = at_page()
    count = patient.page.locator("#words-count")
    patient.write(" ".join(WORDS) + " ")
    assert "whole" in count.get_attribute("class")
    patient.write("abaisser ")
    assert count.inner_text() == (
        "Vous avez écrit 11 mots. D'habitude, il y en a 10 ou 12. "
        "Un mot manque, ou un mot est en trop."
    )
    assert "whole" not in count.get_attribute("class")
    patient.write("abandon ")
    assert count.inner_text() == "Vos 12 mots sont compris."
    assert "whole" in count.get_attribute("class")


@pytest.mark.parametrize("where", ["#words", "body"])
def test_an_sms_pasted_before_the_file_says_what_comes_next(at_page, tmp_path, where):
    patient = at_page(width=360, height=740)
    patient.copy(SMS)
    if where == "#words":
        patient.page.locator(where).focus()
    patient.page.keyboard.press("Control+V")
    said = "Vos mots sont là. Maintenant, choisissez le fichier."
    news = patient.page.locator("#news")
    assert news.inner_text() == said
    patient.until(
        """(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(
          document.getElementById("news").getBoundingClientRect())"""
    )
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_documents()
    assert news.inner_text() == ""


def test_words_that_are_taken_away_are_not_said_to_be_there(at_page):
    patient = at_page()
    patient.paste(SMS)
    assert "Vos mots sont là" in patient.page.locator("#news").inner_text()
    patient.page.locator("#words").fill("")
    assert patient.page.locator("#news").inner_text() == ""


@pytest.mark.parametrize("pasted", ["https://cabinet.example.org/ouvrir.html", REFERENCE])
def test_what_holds_no_word_is_no_word(at_page, tmp_path, pasted):
    patient = at_page()
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_file()
    patient.paste(pasted)
    patient.open()
    assert "Il manque les mots" in patient.wait_for_trouble()


def test_another_programs_number_is_still_tried(at_page, tmp_path):
    patient = at_page()
    patient.choose(sealed_pdf(tmp_path, ScryptRecipient("20221107")))
    patient.wait_for_file()
    patient.write("20221107")
    patient.open()
    patient.wait_for_documents()


def test_a_word_is_completed_in_the_language_of_the_others(at_page):
    patient = at_page()
    offers = patient.page.locator("#completion .offer")
    patient.write("theo")
    assert offers.all_inner_texts() == ["theorie", "theory"]
    patient.page.locator("#words").fill("")
    patient.write("acarien damier theo")
    assert offers.all_inner_texts() == ["theorie"]
    patient.page.locator("#words").fill("")
    patient.write("able absorb theo")
    assert offers.all_inner_texts() == ["theory"]


def test_a_file_in_the_page_is_named_until_it_is_open(visits, tmp_path):
    with visits(filled_page(tmp_path, sealed=sealed_pdf(tmp_path))) as visit:
        patient = Patient(visit)
        patient.wait_for_file()
        held = visit.page.locator("#held")
        said = f"Le fichier est déjà dans cette page. Document {REFERENCE}."
        assert held.inner_text() == said
        patient.paste(SMS)
        patient.wait_for_documents()
        assert not held.is_visible()
        hint = visit.page.locator("#again-hint").inner_text()
        assert "Le document protégé reste dans cette page." in hint
        visit.page.locator("#again").press("Enter")
        patient.wait_for_file()
        assert visit.page.locator("#news").inner_text() == "Tout est effacé de cette page."
        assert held.inner_text() == said


def test_a_file_without_a_reference_has_none_shown(visits, tmp_path):
    path = filled_page(tmp_path, sealed=sealed_pdf(tmp_path, name="compte-rendu.pdf.age"))
    with visits(path) as visit:
        Patient(visit).wait_for_file()
        said = visit.page.locator("#held").inner_text()
        assert said.strip() == "Le fichier est déjà dans cette page."


def test_another_file_given_to_a_page_that_holds_one_is_shown(visits, tmp_path):
    drop = """([bytes, name]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], name));
      document.body.dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    sealed = sealed_pdf(tmp_path)
    with visits(filled_page(tmp_path, sealed=sealed)) as visit:
        patient = Patient(visit)
        patient.wait_for_file()
        visit.page.evaluate(drop, [list(sealed.read_bytes()), NAME])
        patient.until("!document.getElementById('file-step').hidden")
        assert visit.page.locator("#file-name").inner_text() == NAME
        assert not visit.page.locator("#held").is_visible()


def test_what_comes_after_the_document_is_said(at_page, tmp_path):
    patient = at_page()
    patient.choose(kit.seal(tmp_path / f"document-{REFERENCE}.txt.age", b"x"))
    patient.wait_for_file()
    patient.paste(PHRASE)
    patient.wait_for_documents()
    page = patient.page
    assert page.locator("#again").inner_text() == "Terminer, ou ouvrir un autre document"
    hint = page.locator("#again-hint").inner_text()
    assert "Le fichier joint à l'e-mail n'est pas effacé." in hint
    assert page.locator(".document .size").inner_text() == "1 octet"
    title, box = (page.locator(one).bounding_box() for one in ("h1", "#result"))
    assert box["y"] - (title["y"] + title["height"]) >= 19  # the box stands apart from the title


def test_the_answer_says_its_steps_with_the_practices_whole_name(at_page, tmp_path):
    patient = at_page()
    page = patient.page
    assert page.locator("#answer-heading").inner_text() == (
        "Protéger un document pour Cabinet médical du Soleil"
    )
    assert "Ensuite, vous l'envoyez par e-mail." in page.locator("#answer-lead").inner_text()
    assert "Appelez Cabinet médical du Soleil" in page.locator("footer").inner_text()
    for name in ("ordonnance.pdf", "photo.pdf"):
        (tmp_path / name).write_bytes(PDF)
    page.set_input_files("#answer-files", [tmp_path / "ordonnance.pdf", tmp_path / "photo.pdf"])
    page.locator("#answer-seal").press("Enter")
    page.wait_for_selector("#answer-done:not([hidden])")
    done = page.locator("#answer-done-heading")
    assert done.inner_text() == "Vos documents sont protégés. Ils ne sont pas encore envoyés."
    mail = page.locator("#answer-mail").inner_text()
    assert "Répondez à l'e-mail du cabinet." in mail
    assert "Demandez l'adresse au cabinet." in mail
    page.locator("#language").press("Enter")
    assert done.inner_text() == "Your documents are protected. They are not sent yet."
    page.locator("#answer-more").press("Enter")
    page.set_input_files("#answer-files", tmp_path / "photo.pdf")
    page.locator("#answer-seal").press("Enter")
    page.wait_for_selector("#answer-done:not([hidden])")
    assert done.inner_text() == "Your document is protected. It is not sent yet."


def test_words_in_another_order_are_to_be_checked_for_it(at_page, tmp_path):
    patient = at_page()
    patient.choose(sealed_pdf(tmp_path))
    patient.wait_for_file()
    patient.write(" ".join(reversed(WORDS)))
    patient.open()
    assert "Vérifiez chaque mot, et leur ordre." in patient.wait_for_trouble()


def test_a_pdf_asks_for_the_words_as_they_stand(at_page, tmp_path):
    patient = at_page()
    (tmp_path / "rapport.pdf").write_bytes(PDF)
    patient.choose(tmp_path / "rapport.pdf")
    said = patient.wait_for_trouble()
    assert "en entier, en minuscules, avec les tirets" in said


def test_a_card_can_be_written_too(at_page, tmp_path, practice):
    patient = at_page()
    patient.choose(sealed_pdf(tmp_path, practice.recipient()))
    patient.page.wait_for_selector("#card-part:not([hidden])")
    assert patient.page.locator("#card-type").inner_text() == "Écrire le texte de la carte"
    patient.open()
    assert "écrivez son texte" in patient.wait_for_trouble()


def test_one_word_says_that_a_document_is_protected():
    for key, entry in catalogue("page").items():
        for said in entry.values():
            lines = [said] if isinstance(said, str) else said.values()
            assert not any(re.search(r"scell|fermé|sealed|locked", line) for line in lines), key
