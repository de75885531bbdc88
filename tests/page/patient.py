"""A patient at the page: what was received, and what hands do with it."""

from __future__ import annotations

from secshare import page as webpage
from secshare.age import HybridIdentity
from secshare.cli.demo_documents import report_pdf
from secshare.messages import Language
from secshare.model import Reference
from secshare.roads import sms
from tests.opener import kit
from tests.opener.kit import OTHER_REFERENCE, PHRASE, REFERENCE, WORDS

__all__ = [
    "NAME",
    "OTHER_REFERENCE",
    "PDF",
    "PHRASE",
    "REFERENCE",
    "SMS",
    "WORDS",
    "Patient",
    "filled_page",
    "sealed_pdf",
]

NAME = f"document-{REFERENCE}.pdf.age"
PDF = report_pdf()
SMS = sms.message("Cabinet Soleil", Reference.parse(REFERENCE), PHRASE, Language.FR)


def sealed_pdf(folder, *recipients, name=NAME):
    """Seal a report as the practice does, to the usual words unless keys are given."""
    return kit.seal(folder / name, PDF, *recipients)


def filled_page(folder, *, recipient=None, sealed=None, language=Language.FR):
    """Write the page of a practice, with a sealed file inside if one is given."""
    path = folder / "page.html"
    shown = webpage.PracticeOnPage(
        name="Cabinet médical du Soleil",
        public_name="Cabinet du Soleil",
        phone="01 99 00 12 34",
        language=language,
        recipient=str(recipient or HybridIdentity.generate().recipient()),
    )
    with path.open("wb") as sink:
        if sealed is None:
            webpage.write(sink, shown)
        else:
            with sealed.open("rb") as inside:
                webpage.write(sink, shown, sealed=inside, sealed_name=sealed.name)
    return path


class Patient:
    """What somebody does at the page, and what they see."""

    def __init__(self, visit):
        self.visit = visit
        self.page = visit.page

    def choose(self, path):
        """Choose a file by the big button."""
        self.page.set_input_files("#file", path)

    def write(self, text):
        """Type into the field of the words, key after key."""
        self.page.locator("#words").press_sequentially(text)

    def copy(self, text):
        """Copy a text in another window, as from a message."""
        other = self.page.context.new_page()
        other.set_content("<textarea></textarea>")
        area = other.locator("textarea")
        area.fill(text)
        area.press("Control+A")
        area.press("Control+C")
        other.close()
        self.page.bring_to_front()

    def paste(self, text, where="#words"):
        """Paste a text that was copied somewhere else."""
        self.copy(text)
        self.page.locator(where).focus()
        self.page.keyboard.press("Control+V")

    def open(self):
        self.page.locator("#open").press("Enter")

    def wait_for_documents(self):
        """Wait until they are there; return their names."""
        self.page.wait_for_selector("#result:not([hidden])")
        return self.page.locator(".document .name strong").all_inner_texts()

    def wait_for_trouble(self):
        """Wait until an error is said; return its two sentences on two lines."""
        self.page.wait_for_selector(".trouble[role=alert]")
        return self.page.locator(".trouble").inner_text()

    def wait_for_file(self):
        """Wait until the page has looked at the file."""
        self.until(
            "/instant|moment|environ|about/.test(document.getElementById('estimate').textContent)"
        )

    def until(self, expression):
        """Wait for something of the page; its policy lets no library wait inside it."""
        for _ in range(1200):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(expression)

    def save(self, which=0):
        """Press one of the buttons that save; return the name and the bytes."""
        with self.page.expect_download() as waiting:
            self.page.locator("a[download]").nth(which).press("Enter")
        return waiting.value.suggested_filename, waiting.value.path().read_bytes()

    def marks(self):
        """Return the words as the page marks them."""
        return [
            (mark.get_attribute("class"), mark.locator(".word").inner_text())
            for mark in self.page.locator("#marks li").all()
        ]

    def has_focus(self):
        return self.page.evaluate("document.activeElement.id || document.activeElement.className")

    def is_calm(self):
        """Say that nothing went out, and that the browser complained of nothing."""
        return self.visit.requests == [] and self.visit.complaints == []
