"""From the file and the words to the document, as a patient does it, in a real browser."""

from __future__ import annotations

import io
import struct
from contextlib import contextmanager

import pikepdf
import pytest

from secshare.age import HybridIdentity, ScryptRecipient, X25519Identity
from secshare.messages import Language
from secshare.roads import card
from tests.browser import Visit, serve
from tests.browser.chromium import QUIET
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
from tests.tools import need

CLEAR = f"document-{REFERENCE}.pdf"


@pytest.fixture
def at(visits):
    """Give a patient in front of a page, and check at the end that the browser was calm."""

    @contextmanager
    def arrive(address, language="fr-FR", **context):
        with visits(address, language, **context) as visit:
            patient = Patient(visit)
            yield patient
            assert patient.is_calm(), (visit.requests, visit.complaints)

    return arrive


def entries(page):
    """Every address that the buttons back and forward would lead to, and its title."""
    session = page.context.new_cdp_session(page)
    history = session.send("Page.getNavigationHistory")["entries"]
    assert history
    return [entry[key] for entry in history for key in ("url", "title")]


def picture():
    from PIL import Image

    sink = io.BytesIO()
    Image.new("RGB", (300, 200), (80, 140, 160)).save(sink, "PNG")
    return sink.getvalue()


def test_words_typed_open_the_document_that_was_sealed(at, page_file, tmp_path):
    with at(page_file) as patient:
        patient.choose(sealed_pdf(tmp_path))
        patient.write(" ".join(WORDS))
        patient.page.locator("#words").press("Enter")
        assert patient.wait_for_documents() == [CLEAR]
        assert patient.save() == (CLEAR, PDF)
        assert patient.page.locator("iframe").get_attribute("src").startswith("blob:")
        assert patient.has_focus() != "words"


def test_four_letters_of_each_word_are_enough(at, page_file, tmp_path):
    with at(page_file) as patient:
        patient.choose(sealed_pdf(tmp_path))
        patient.write(" ".join(word[:4] for word in WORDS))
        assert patient.marks() == [("understood", word) for word in WORDS]
        patient.open()
        assert patient.wait_for_documents() == [CLEAR]


def test_a_pasted_sms_opens_by_itself(at, page_file, tmp_path):
    with at(page_file) as patient:
        patient.choose(sealed_pdf(tmp_path))
        patient.wait_for_file()
        patient.paste(SMS)
        assert patient.wait_for_documents() == [CLEAR]


def test_an_sms_pasted_beside_the_field_before_the_file_opens_by_itself(at, page_file, tmp_path):
    with at(page_file) as patient:
        patient.copy(SMS)
        patient.page.keyboard.press("Control+V")
        assert patient.page.locator("#words").input_value() == SMS
        patient.choose(sealed_pdf(tmp_path))
        assert patient.wait_for_documents() == [CLEAR]


@pytest.mark.parametrize("road", ["file", "server"])
@pytest.mark.parametrize(
    "fragment", [PHRASE, PHRASE.replace("-", "%20"), "%20" + SMS.replace(" ", "%20")]
)
def test_words_in_the_address_leave_it_at_once_and_open_the_file(
    at, page_file, tmp_path, road, fragment
):
    with serve(page_file.parent) as (address, asked):
        page = f"{address}/{page_file.name}" if road == "server" else page_file
        with at(page, fragment=f"#{fragment}") as patient:
            assert patient.page.evaluate("[location.hash, location.href.includes('#')]") == [
                "",
                False,
            ]
            assert not any(word in entry for entry in entries(patient.page) for word in WORDS)
            patient.choose(sealed_pdf(tmp_path))
            assert patient.wait_for_documents() == [CLEAR]
            assert not any(word in entry for entry in entries(patient.page) for word in WORDS)
        assert not any(word in path for path in asked for word in WORDS)


def test_words_of_a_second_code_leave_the_address_too(at, page_file):
    with at(page_file) as patient:
        patient.page.evaluate(f"location.hash = '{PHRASE}'")
        patient.until("document.getElementById('words').value !== ''")
        assert patient.page.locator("#words").input_value() == PHRASE
        assert "#" not in patient.page.url


def test_an_address_that_is_far_too_long_is_no_words_and_leaves_too(at, page_file):
    for fragment in ("#" + "abandon-" * 513, "#" + "%C3%A9" * 683):
        with at(page_file, fragment=fragment) as patient:
            assert patient.page.locator("#words").input_value() == ""
            assert "#" not in patient.page.url
            patient.page.evaluate("(text) => { location.hash = text; }", fragment)
            patient.until("location.hash === ''")
            assert patient.page.locator("#words").input_value() == ""


def test_the_words_are_taken_before_anything_else_of_the_script_runs(page_file):
    script = page_file.read_text("utf-8").rpartition("<script>")[2]
    assert 0 < script.index("replaceState") < 700


@pytest.mark.parametrize("draw", [HybridIdentity.generate, X25519Identity.generate])
@pytest.mark.parametrize("printed", [False, True])
def test_a_card_opens_without_words(at, page_file, tmp_path, draw, printed):
    identity = draw()
    text = identity.reveal() if hasattr(identity, "reveal") else str(identity)
    with at(page_file) as patient:
        patient.choose(sealed_pdf(tmp_path, identity.recipient()))
        patient.page.wait_for_selector("#card-part:not([hidden])")
        assert not patient.page.locator("#words").is_visible()
        patient.page.locator("#card-type").press("Enter")
        assert patient.has_focus() == "card"
        patient.paste("\n".join(card.groups(text)) if printed else text, "#card")
        assert patient.wait_for_documents() == [CLEAR]


def test_a_card_pasted_among_the_words_is_understood(at, page_file, tmp_path):
    identity = HybridIdentity.generate()
    text = identity.reveal() if hasattr(identity, "reveal") else str(identity)
    with at(page_file) as patient:
        patient.paste(text)
        assert patient.page.locator("#words").input_value() == ""
        assert "carte" in patient.page.locator("#card-state").inner_text()
        patient.choose(sealed_pdf(tmp_path, identity.recipient()))
        assert patient.wait_for_documents() == [CLEAR]


def test_several_documents_are_listed_shown_and_saved(at, page_file, tmp_path):
    given = {
        "compte rendu.pdf": PDF,
        "échographie.png": picture(),
        "lettre.txt": "Bonjour, à prendre le matin.\n".encode(),
        "tableau.xlsx": b"PK\x03\x04" + bytes(100),
    }
    sealed = kit.seal_documents(tmp_path / f"document-{REFERENCE}.zip.age", given)
    with at(page_file) as patient:
        patient.choose(sealed)
        patient.wait_for_file()
        patient.paste(PHRASE)
        assert patient.wait_for_documents() == list(given)
        for at_, (name, content) in enumerate(given.items()):
            saver = patient.page.locator("a[download]").nth(at_)
            assert name in saver.get_attribute("aria-label")
            saved, data = patient.save(at_)
            assert (saved, data) == (name, content)
        for toggle in patient.page.locator(".document button").all():
            assert toggle.get_attribute("aria-expanded") == "false"
            toggle.press("Enter")
            assert toggle.get_attribute("aria-expanded") == "true"
        patient.until("document.querySelector('pre').innerText !== ''")
        assert patient.page.locator("pre").inner_text() == "Bonjour, à prendre le matin.\n"
        patient.until("document.querySelector('img').naturalWidth === 300")
        assert patient.page.locator(".document").nth(3).locator("iframe, img, pre").count() == 0


def test_of_many_documents_none_is_read_before_it_is_shown(at, page_file, tmp_path):
    given = {f"{number}.pdf": PDF for number in range(12)} | {"vue.png": picture(), "a.txt": b"a"}
    sealed = kit.seal_documents(tmp_path / f"document-{REFERENCE}.zip.age", given)
    with at(page_file) as patient:
        patient.choose(sealed)
        patient.wait_for_file()
        patient.paste(PHRASE)
        patient.wait_for_documents()
        page = patient.page
        read = page.locator("#documents :is(iframe, img, pre)")
        assert read.count() == 0
        assert len(page.frames) == 1
        toggle = page.locator(".document button").first
        toggle.press("Enter")
        assert read.count() == 1
        toggle.press("Enter")
        assert read.count() == 0
        assert toggle.get_attribute("aria-expanded") == "false"


def test_a_pdf_that_holds_a_program_is_shown_when_somebody_asks(at, page_file, tmp_path):
    action = b"<< /S /JavaScript /JS (app.alert\\('your words'\\)) >>"
    hostile = PDF.replace(b"/Type /Catalog", b"/OpenAction " + action + b" /Type /Catalog")
    assert action in hostile
    with at(page_file) as patient:
        dialogs = []
        patient.page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
        patient.choose(kit.seal(tmp_path / NAME, hostile))
        patient.wait_for_file()
        patient.paste(PHRASE)
        patient.wait_for_documents()
        assert "programme" in patient.page.locator(".document .hint").inner_text()
        patient.page.wait_for_timeout(500)
        assert patient.page.locator("iframe").count() == 0
        assert dialogs == []
        patient.page.get_by_role("button", name="Afficher").press("Enter")
        assert patient.page.locator("iframe").count() == 1


# A press counts for five seconds in Chromium, and every look of Playwright's at the page is one.
FORGOTTEN = 6000


def linked_pdf(address):
    """A PDF whose whole page is a link."""
    names, made = pikepdf.Name, pikepdf.new()
    made.add_blank_page(page_size=(300, 300))
    action = pikepdf.Dictionary(S=names.URI, URI=pikepdf.String(address))
    link = pikepdf.Dictionary(Type=names.Annot, Subtype=names.Link, A=action)
    link.Rect = pikepdf.Array([0, 0, 300, 300])
    made.pages[0].obj.Annots = pikepdf.Array([link])
    sink = io.BytesIO()
    made.save(sink)
    return sink.getvalue()


def test_a_link_in_a_pdf_takes_nobody_away_unasked(at, page_file, tmp_path):
    with serve(tmp_path) as (address, asked), at(page_file) as patient:
        page = patient.page
        questions = []
        page.on("dialog", lambda one: (questions.append(one.type), one.dismiss()))
        patient.choose(kit.seal(tmp_path / NAME, linked_pdf(f"{address}/elsewhere")))
        patient.wait_for_file()
        patient.paste(PHRASE)
        patient.wait_for_documents()
        box = page.locator("iframe").bounding_box()
        page.wait_for_timeout(FORGOTTEN)
        for _ in range(60):  # the reader takes its time to be there
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 200)
            page.wait_for_timeout(500)
            if questions:
                break
        assert questions == ["beforeunload"]
        assert page.locator("iframe").is_visible()
        assert asked == []


@pytest.mark.parametrize("finished", [False, True])
def test_whoever_closes_the_page_is_asked_nothing(at, page_file, tmp_path, finished):
    with at(page_file) as patient:
        page = patient.page
        questions = []
        page.on("dialog", lambda one: (questions.append(one.type), one.dismiss()))
        patient.choose(sealed_pdf(tmp_path))
        patient.wait_for_file()
        patient.paste(SMS)
        patient.wait_for_documents()
        box = page.locator("iframe").bounding_box()
        page.mouse.click(box["x"] + 100, box["y"] + 100)
        if finished:
            page.locator("#again").press("Enter")
            page.wait_for_selector("#result", state="hidden")
        else:
            page.wait_for_timeout(FORGOTTEN)
        other = page.context.new_page()
        page.close(run_before_unload=True)
        for _ in range(600):
            if page.is_closed() or questions:
                break
            other.wait_for_timeout(100)
        assert questions == []
        assert page.is_closed()


def test_a_picture_that_would_fill_the_memory_is_only_saved(at, page_file, tmp_path):
    large = bytearray(picture())
    large[16:24] = struct.pack(">II", 60_000, 60_000)
    with at(page_file) as patient:
        patient.choose(kit.seal(tmp_path / f"document-{REFERENCE}.png.age", bytes(large)))
        patient.wait_for_file()
        patient.paste(PHRASE)
        patient.wait_for_documents()
        assert patient.page.locator(".document :is(img, button, a[target])").count() == 0
        assert "trop grande" in patient.page.locator(".document .hint").inner_text()
        assert patient.save()[1] == bytes(large)


def test_a_file_that_is_in_the_page_needs_no_step(at, tmp_path):
    path = filled_page(tmp_path, sealed=sealed_pdf(tmp_path))
    with at(path) as patient:
        patient.wait_for_file()
        assert not patient.page.locator("#file-step").is_visible()
        patient.paste(SMS)
        assert patient.wait_for_documents() == [CLEAR]
        patient.page.locator("#again").press("Enter")
        patient.wait_for_file()
        assert patient.page.locator("#words").input_value() == ""
        patient.paste(SMS)
        assert patient.wait_for_documents() == [CLEAR]


def test_a_dropped_file_is_taken_anywhere_on_the_page(at, page_file, tmp_path):
    sealed = sealed_pdf(tmp_path).read_bytes()
    drop = """([bytes, names]) => {
      const data = new DataTransfer();
      for (const name of names) data.items.add(new File([new Uint8Array(bytes)], name));
      for (const kind of ["dragover", "drop"])
        document.querySelector("footer").dispatchEvent(
          new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    with at(page_file) as patient:
        patient.page.evaluate(drop, [list(sealed), [NAME, "other.age"]])
        assert "plusieurs" in patient.wait_for_trouble()
        patient.page.evaluate(drop, [list(sealed), [NAME]])
        patient.wait_for_file()
        assert patient.page.locator("#file-name").inner_text() == NAME
        assert not patient.page.locator(".trouble").is_visible()


def test_opening_asked_for_while_the_file_is_looked_at_is_not_lost(at, page_file, tmp_path):
    # Another program's passphrase: words of ours would open by themselves.
    other = "cheval correct"
    sealed = sealed_pdf(tmp_path, ScryptRecipient(other)).read_bytes()
    drop_and_open = """([bytes, name]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], name));
      document.body.dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      document.getElementById("open").click();
    }"""
    with at(page_file) as patient:
        patient.write(other)
        patient.page.evaluate(drop_and_open, [list(sealed), NAME])
        assert patient.wait_for_documents() == [CLEAR]


def test_finishing_forgets_everything(at, page_file, tmp_path):
    with at(page_file) as patient:
        patient.choose(sealed_pdf(tmp_path))
        patient.wait_for_file()
        patient.paste(SMS)
        patient.wait_for_documents()
        address = patient.page.locator("a[download]").get_attribute("href")
        patient.page.locator("#again").press("Enter")
        assert patient.page.locator("#words").input_value() == ""
        assert patient.page.locator(".document").count() == 0
        html = patient.page.evaluate(
            """() => {
              const copy = document.documentElement.cloneNode(true);
              for (const script of copy.querySelectorAll("script")) script.remove();  // the lists
              const fields = document.querySelectorAll("input, textarea");
              return copy.outerHTML + Array.from(fields, (field) => field.value).join(" ");
            }"""
        )
        assert not any(word in html for word in WORDS)
        assert NAME not in html
        reached = "(address) => fetch(address).then(() => true, () => false)"
        assert patient.page.evaluate(reached, address) is False
        patient.visit.complaints.clear()  # of the fetch that this test tried
        patient.visit.requests.clear()


def test_the_document_shows_larger_in_a_window_of_its_own(at, page_file, tmp_path):
    with at(page_file) as patient:
        patient.choose(kit.seal(tmp_path / f"document-{REFERENCE}.png.age", picture()))
        patient.wait_for_file()
        patient.paste(PHRASE)
        patient.wait_for_documents()
        with patient.page.expect_popup() as waiting:
            patient.page.locator("a[target]").press("Enter")
        waiting.value.wait_for_selector("img")


def test_the_button_back_finds_nothing_of_what_was_open(browser, page_file, tmp_path):
    (tmp_path / "page.html").write_bytes(page_file.read_bytes())
    (tmp_path / "other.html").write_text("<!doctype html><title>another</title>")
    # Playwright's browser keeps no page for the button; everybody else's does.
    keeping = browser.browser_type.launch(
        executable_path=need("chromium"),
        args=list(QUIET),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    try:
        with serve(tmp_path) as (address, _):
            visit = Visit(keeping.new_context(locale="fr-FR").new_page())
            patient = Patient(visit)
            page = visit.page
            page.goto(f"{address}/page.html")
            page.evaluate("window.kept = true")
            # A text: the reader of PDF keeps a page from being kept.
            patient.choose(kit.seal(tmp_path / f"document-{REFERENCE}.txt.age", b"diagnostic"))
            patient.write(" ".join(WORDS))
            page.locator("#words").press("Enter")
            patient.wait_for_documents()
            page.goto(f"{address}/other.html")
            page.go_back(wait_until="commit")
            page.wait_for_selector("#steps:not([hidden])")
            assert page.evaluate("window.kept"), "the browser kept no page"
            assert page.locator("#words").input_value() == ""
            assert page.locator("#result").is_hidden()
            assert page.locator(".document").count() == 0
            assert "effacé" in page.locator("#news").inner_text()
    finally:
        keeping.close()


def test_a_text_shown_larger_keeps_its_accents(at, page_file, tmp_path):
    said = "Résultat : négatif, à 12 µg — été"
    with at(page_file) as patient:
        patient.choose(kit.seal(tmp_path / f"document-{REFERENCE}.txt.age", said.encode()))
        patient.wait_for_file()
        patient.paste(PHRASE)
        patient.wait_for_documents()
        with patient.page.expect_popup() as waiting:
            patient.page.locator("a[target]").press("Enter")
        waiting.value.wait_for_selector("pre")
        assert waiting.value.locator("body").inner_text().strip() == said


def test_opening_can_be_stopped(at, page_file, tmp_path):
    from secshare import age

    slow = tmp_path / NAME
    with slow.open("wb") as sink:
        age.encrypt(io.BytesIO(PDF), sink, [age.ScryptRecipient(PHRASE, work_factor=19)])
    with at(page_file) as patient:
        patient.choose(slow)
        patient.wait_for_file()
        assert "secondes" in patient.page.locator("#estimate").inner_text()
        patient.paste(SMS)
        patient.page.wait_for_selector("#busy:not([hidden])")
        bar = patient.page.get_by_role("progressbar")
        assert bar.is_visible()
        patient.until("document.getElementById('busy-bar').value > 0")
        patient.page.locator("#busy-stop").press("Enter")
        patient.page.wait_for_selector("#busy", state="hidden")
        assert patient.page.locator("#estimate").inner_text() == "Arrêté. Rien n'a été ouvert."
        assert patient.has_focus() == "open"
        assert patient.page.locator(".document").count() == 0
        patient.open()
        assert patient.wait_for_documents() == [CLEAR]


def test_both_languages_are_spoken_and_nothing_typed_is_lost(at, page_file, tmp_path):
    with at(page_file, "en-GB") as patient:
        page = patient.page
        assert page.evaluate("document.documentElement.lang") == "en"
        patient.choose(sealed_pdf(tmp_path))
        patient.wait_for_file()
        patient.write("acarien bagette")
        assert "Word 2" in page.locator("#words-notes").inner_text() or patient.marks()
        page.locator("#language").press("Enter")
        assert page.evaluate("[document.documentElement.lang, document.title]") == [
            "fr",
            "Ouvrir votre document",
        ]
        assert page.locator("#words").input_value() == "acarien bagette"
        assert page.locator("#file-name").inner_text() == NAME
        assert page.locator("#estimate").inner_text() == "Cela prend un instant."
        page.locator("#language").press("Enter")
        assert page.locator("h1").inner_text() == "Open your document"


@pytest.mark.parametrize(
    ("browser_language", "practice", "spoken"),
    [
        ("fr-CA", Language.EN, "fr"),
        ("en-US", Language.FR, "en"),
        ("de-DE", Language.FR, "fr"),
        ("de-DE", None, "en"),
    ],
)
def test_the_page_begins_in_the_readers_language(
    at, page_file, tmp_path, browser_language, practice, spoken
):
    path = page_file if practice is None else filled_page(tmp_path, language=practice)
    with at(path, browser_language) as patient:
        assert patient.page.evaluate("document.documentElement.lang") == spoken
