"""From the e-mail and a photo of the SMS alone, a document is at most five gestures away."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import date

import pytest

from secshare import files, passphrase
from secshare.cli.demo_documents import report_pdf
from secshare.model import Road
from secshare.practice import Settings
from secshare.sharing import Desk, address, prepare
from tests.practices import add_patient, make_practice

ADDRESS = "https://cabinet.example.org/ouvrir.html"
MOST = 5


class Person:
    """Somebody who never saw the page: what they do is counted, one gesture at a time."""

    def __init__(self, visit):
        self._page = visit.page
        self.gestures = []

    def tap(self, name):
        """Press what is called so on the screen, and be given what opens."""
        self.gestures.append(f"tap {name}")
        self._page.get_by_text(name, exact=True).click()

    def choose(self, button, path):
        """Two gestures: press the button, and the file in what the system then shows."""
        with self._page.expect_file_chooser() as chooser:
            self.tap(button)
        self.gestures.append("choose the file")
        chooser.value.set_files(path)

    def into(self, label):
        """Press a field, to write in it."""
        self.gestures.append(f"tap {label}")
        self._page.get_by_label(label, exact=True).click()

    def write(self, text):
        """Type, letter after letter, as many as it takes."""
        self.gestures.append("type")
        self._page.keyboard.type(text)

    def paste(self, text):
        """Paste what the telephone read in a picture, or what was copied."""
        self.gestures.append("paste")
        self._page.evaluate(
            """(text) => {
              const data = new DataTransfer();
              data.setData("text/plain", text);
              const field = document.activeElement;
              const event = new ClipboardEvent(
                "paste", { clipboardData: data, bubbles: true, cancelable: true });
              if (field.dispatchEvent(event)) document.execCommand("insertText", false, text);
            }""",
            text,
        )

    def enter(self):
        """Press Enter, or "go" on a telephone."""
        self.gestures.append("Enter")
        self._page.keyboard.press("Enter")


@pytest.fixture
def received(tmp_path):
    """What a patient has: the message, its attachment saved, and the text of the SMS."""
    settings = Settings(
        name="Cabinet médical Exemple",
        public_name="Cabinet Exemple",
        phone="+33199000001",
        page=ADDRESS,
    )
    report = tmp_path / "compte-rendu.pdf"
    report.write_bytes(report_pdf())
    with Desk(make_practice(tmp_path / "practice", settings)) as desk:
        add_patient(desk)
        whom = address(desk, "Jeanne Exemple", road=Road.SMS, today=date(2026, 11, 22))
        with files.open_source(report) as source:
            prepared = prepare(desk, whom, [source])
        message = email.message_from_bytes(
            prepared.mail_draft.read_bytes(), policy=email.policy.default
        )
        sms = prepared.secret_files[0].read_text().partition("\n\n")[2]
    (attached,) = message.iter_attachments()
    saved = tmp_path / attached.get_filename()
    saved.write_bytes(attached.get_content())
    return message.get_body().get_content(), saved, sms


@pytest.fixture
def at_the_page(visits, page_file):
    """Follow the link of the message: the practice's site serves its page there."""

    def follow(body):
        (link,) = set(re.findall(r"https://\S+[^\s.,;)]", body))
        assert link == ADDRESS
        return visits("about:blank", width=360, height=740)

    return follow


def arrive(visit, page_file):
    visit.page.route(
        ADDRESS,
        lambda route: route.fulfill(body=page_file.read_bytes(), content_type="text/html"),
    )
    visit.page.goto(ADDRESS)
    visit.requests.clear()


def sees_the_document(visit):
    visit.page.wait_for_selector("#result:not([hidden])")
    assert visit.page.get_by_text("Votre document est ouvert").is_visible()
    frame = visit.page.wait_for_selector("#documents iframe, #documents a[download]")
    return frame is not None


def test_somebody_who_types_the_words_off_a_photo_needs_five_gestures_at_most(
    received,
    at_the_page,
    page_file,
):
    body, saved, sms = received
    with at_the_page(body) as visit:
        arrive(visit, page_file)
        person = Person(visit)
        person.choose("Choisir le fichier", saved)
        person.into("Vos mots")
        person.write(sms.strip().rpartition(" ")[2])
        person.enter()
        assert sees_the_document(visit)
        assert len(person.gestures) <= MOST, person.gestures
        assert visit.requests == []


def test_four_letters_of_each_word_are_enough(received, at_the_page, page_file):
    body, saved, sms = received
    words = sms.strip().rpartition(" ")[2].split("-")
    with at_the_page(body) as visit:
        arrive(visit, page_file)
        person = Person(visit)
        person.choose("Choisir le fichier", saved)
        person.into("Vos mots")
        person.write(" ".join(word[:4].upper() for word in words))
        person.enter()
        assert sees_the_document(visit)
        assert len(person.gestures) <= MOST, person.gestures


def test_somebody_who_pastes_the_whole_sms_has_nothing_more_to_press(
    received,
    at_the_page,
    page_file,
):
    body, saved, sms = received
    assert passphrase.understand(sms).reference is not None
    with at_the_page(body) as visit:
        arrive(visit, page_file)
        person = Person(visit)
        person.choose("Choisir le fichier", saved)
        person.into("Vos mots")
        person.paste(sms)
        assert sees_the_document(visit)
        assert len(person.gestures) <= MOST - 1, person.gestures
