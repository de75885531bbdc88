"""Nobody is shut out: by a keyboard, a small screen, large letters, weak sight, or a slow hand."""

from __future__ import annotations

import re

import pytest

from secshare.age import HybridIdentity
from tests.page.patient import PHRASE, REFERENCE, SMS, WORDS, Patient, filled_page, sealed_pdf

# Every text and the colour behind it, as it is shown; a sign beside it does not count.
CONTRASTS = """() => {
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!(own || element.value) || !element.checkVisibility()) continue;
    if (element.closest("script")) continue;
    const pair = [numbers(getComputedStyle(element).color), behind(element)].map(luminance);
    const [dark, light] = pair.sort((a, b) => a - b);
    const size = parseFloat(getComputedStyle(element).fontSize);
    found.push([(light + 0.05) / (dark + 0.05), size, element.outerHTML.slice(0, 80)]);
  }
  return found;
}"""
SMALL = """() => [...document.querySelectorAll("button, a, label.button, textarea, summary")]
  .filter((element) => element.checkVisibility())
  .map((element) => [element.getBoundingClientRect(), element.outerHTML.slice(0, 80)])
  .filter(([box]) => box.height < 44 || box.width < 44)
  .map(([, html]) => html)"""
WIDTH = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


def each_state(patient, folder, practice):
    """Lead a patient through the states of the page; stop at each."""
    sealed = sealed_pdf(folder)
    page = patient.page
    yield "start"
    patient.write(" ".join((*WORDS[:2], "damyer", "xxxxxx", WORDS[4][:4])))
    yield "words"
    patient.choose(sealed)
    patient.wait_for_file()
    patient.open()
    patient.wait_for_trouble()
    yield "wrong"
    patient.choose(sealed_pdf(folder, practice.recipient(), name="document-carte.pdf.age"))
    page.wait_for_selector("#card-part:not([hidden])")
    page.locator("#card-type").press("Enter")
    yield "card"
    page.locator("#words").evaluate("(field) => { field.value = ''; }")
    patient.choose(sealed)
    page.wait_for_selector("#words-part:not([hidden])")
    page.locator("#words").fill(PHRASE)
    patient.wait_for_file()
    patient.open()
    patient.wait_for_documents()
    yield "opened"
    page.set_input_files("#answer-files", sealed)
    page.locator("#answer-seal").press("Enter")
    page.wait_for_selector("#answer-done:not([hidden])")
    yield "sealed"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_and_is_large_enough(visits, tmp_path, scheme):
    practice = HybridIdentity.generate()
    path = filled_page(tmp_path, recipient=practice.recipient())
    with visits(path, color_scheme=scheme) as visit:
        patient = Patient(visit)
        for state in each_state(patient, tmp_path, practice):
            texts = visit.page.evaluate(CONTRASTS)
            assert len(texts) > 15
            assert [text for text in texts if text[0] < 4.5] == [], state
            assert [text for text in texts if text[1] < 18] == [], state
            assert visit.page.evaluate(SMALL) == [], state
        assert patient.is_calm()


@pytest.mark.parametrize(("width", "letters"), [(320, None), (360, None), (640, "200%")])
def test_nothing_scrolls_sideways(visits, tmp_path, width, letters):
    practice = HybridIdentity.generate()
    path = filled_page(tmp_path, recipient=practice.recipient())
    with visits(path, width=width, height=600) as visit:
        if letters:  # as a reader's own setting of the browser
            larger = "(size) => { document.documentElement.style.fontSize = size; }"
            visit.page.evaluate(larger, letters)
        for state in each_state(Patient(visit), tmp_path, practice):
            wide, room = visit.page.evaluate(WIDTH)
            assert wide <= room == width, state


def test_the_keyboard_alone_opens_a_document(visits, page_file, tmp_path):
    sealed = sealed_pdf(tmp_path)
    with visits(page_file) as visit:
        patient = Patient(visit)
        keyboard = visit.page.keyboard
        choosers = []

        def opens(chooser):
            choosers.append(chooser)

        visit.page.on("filechooser", opens)

        def tab_to(name):
            for _ in range(40):  # the browser's reader of PDF has buttons of its own
                keyboard.press("Tab")
                # Polled: on a slow machine the style comes after the focus. Away are the reader's
                # own buttons, and on the way out of it the browser's.
                patient.until(
                    """(() => {
                      const at = document.activeElement;
                      if (/IFRAME|BODY/.test(at.tagName)) return true;
                      const shown = at.classList.contains("unseen") ? at.nextElementSibling : at;
                      return getComputedStyle(shown).outlineStyle === "solid";
                    })()"""
                )
                if patient.has_focus() == name:
                    return
            pytest.fail(f"no way to {name} by Tab")

        tab_to("file")
        keyboard.press("Enter")
        for _ in range(100):
            visit.page.wait_for_timeout(50)
            if choosers:
                break
        choosers[0].set_files(sealed)
        patient.wait_for_file()
        tab_to("words")
        keyboard.type(" ".join(WORDS))
        keyboard.press("Enter")
        assert patient.wait_for_documents() == [f"document-{REFERENCE}.pdf"]
        assert patient.has_focus() == "result-heading"
        keyboard.press("Tab")
        with visit.page.expect_download() as waiting:
            keyboard.press("Enter")
        assert waiting.value.suggested_filename == f"document-{REFERENCE}.pdf"
        tab_to("again")
        keyboard.press("Enter")
        assert patient.has_focus() == "heading"


def test_a_word_is_completed_by_the_right_arrow_or_by_tab(visits, page_file):
    with visits(page_file) as visit:
        field = visit.page.locator("#words")
        patient = Patient(visit)
        patient.write("acar")
        assert visit.page.locator("#completion-words").inner_text() == "acarien"
        field.press("ArrowRight")
        assert field.input_value() == "acarien "
        patient.write("bagu")
        field.press("ArrowLeft")
        field.press("ArrowRight")  # inside the text it moves, as everywhere
        assert field.input_value() == "acarien bagu"
        field.press("Tab")
        visit.page.keyboard.press("Enter")
        assert field.input_value() == "acarien baguette "
        assert patient.has_focus() == "words"
        patient.write("xxxx")
        assert visit.page.locator("#completion").is_hidden()


def test_a_screen_reader_hears_the_count_and_each_word(visits, page_file):
    with visits(page_file) as visit:
        patient = Patient(visit)
        patient.write(" ".join(WORDS[:8]) + " xxxxxx ")
        spoken = visit.page.locator("#words-spoken")
        patient.until("document.getElementById('words-spoken').textContent !== ''")
        assert spoken.inner_text() == "8 mots sur 10 compris"
        assert spoken.get_attribute("role") == "status"
        heard = [mark.inner_text() for mark in visit.page.locator("#marks li").all()]
        assert re.sub(r"\s+", " ", heard[0]).endswith("acarien , compris")
        assert heard[8].endswith("pas compris")


def test_every_control_has_a_name_and_the_page_has_landmarks(visits, tmp_path):
    practice = HybridIdentity.generate()
    path = filled_page(tmp_path, recipient=practice.recipient())
    with visits(path) as visit:
        page = visit.page
        for state in each_state(Patient(visit), tmp_path, practice):
            assert page.locator("h1").count() == 1
            assert page.get_by_role("main").count() == 1
            assert page.get_by_role("banner").count() == 1
            assert page.get_by_role("contentinfo").count() == 1
            for role in ("button", "textbox", "link"):
                named = page.get_by_role(role, name=re.compile(r"\S"))
                assert named.count() == page.get_by_role(role).count(), (state, role)
            assert page.evaluate("document.querySelectorAll('[id]').length") == page.evaluate(
                "new Set(Array.from(document.querySelectorAll('[id]'), (e) => e.id)).size"
            )


def test_nothing_moves_for_whom_movement_is_too_much(visits, page_file):
    with visits(page_file, reduced_motion="reduce") as visit:
        moving = """() => [...document.querySelectorAll("*")].filter((element) => {
          const style = getComputedStyle(element);
          return style.animationName !== "none" || style.transitionDuration !== "0s";
        }).length"""
        assert visit.page.evaluate(moving) == 0


def test_five_gestures_lead_from_the_file_to_the_document(visits, page_file, tmp_path):
    """Press the button, choose the file, touch the field, paste: the document is there."""
    sealed = sealed_pdf(tmp_path)
    with visits(page_file, width=360, height=740, has_touch=True) as visit:
        patient = Patient(visit)
        patient.copy(SMS)
        gestures = 0
        with visit.page.expect_file_chooser() as chooser:
            visit.page.locator("#file-button").tap()
            gestures += 1
        chooser.value.set_files(sealed)
        gestures += 1
        patient.wait_for_file()
        visit.page.locator("#words").tap()
        gestures += 1
        visit.page.keyboard.press("Control+V")
        gestures += 1
        assert patient.wait_for_documents() == [f"document-{REFERENCE}.pdf"]
        assert gestures <= 5
