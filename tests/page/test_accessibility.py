"""No state of the page breaks a rule of accessibility that a program can check (axe-core).

Each state is also kept as a picture, in build/screens, for a person to look at.
"""

from __future__ import annotations

import io
from contextlib import ExitStack, suppress

import pytest

from secshare import page
from secshare.age import HybridIdentity, ScryptRecipient, encrypt
from secshare.cli.demo_documents import report_pdf
from secshare.files import open_source
from secshare.files.archive import ArchiveSource
from secshare.messages import Language
from secshare.passphrase import draw
from tests.tools import ROOT, missing

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = ROOT / "build" / "screens"
# Level A and AA of WCAG 2.2, which RGAA 4 follows, and what axe calls good practice.
RUN = """() => axe.run(document, {
  iframes: false,  // the browser's own reader of PDF
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
}).then(({ violations, passes }) => ({
  rules: passes.length,
  violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" ")}`),
}))"""
SCREEN = {
    "desk": {"width": 1280, "height": 900, "color_scheme": "light"},
    "dark": {"width": 1280, "height": 900, "color_scheme": "dark"},
    "phone": {"width": 360, "height": 740, "color_scheme": "light"},
    # 1280 pixels at 400 %: RGAA 10.11, WCAG 1.4.10
    "narrow": {"width": 320, "height": 256, "color_scheme": "light"},
}


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        missing("axe-core is not installed (npm ci in tests/browser)")
    return AXE.read_text()


@pytest.fixture(scope="module")
def drawn():
    return draw(10, Language.FR)


def sealed(folder, content, recipient, name="document-K7Q2-M9PX-8.pdf.age"):
    path = folder / name
    with path.open("wb") as sink:
        encrypt(content, sink, [recipient])
    return path


def several(folder):
    (folder / "compte-rendu.pdf").write_bytes(report_pdf())
    (folder / "note.txt").write_text("À prendre le matin.\n", encoding="utf-8")
    return folder / "compte-rendu.pdf", folder / "note.txt"


def practice_page(folder):
    path = folder / "open.html"
    identity = HybridIdentity.generate()
    shown = page.PracticeOnPage(
        name="Cabinet médical Exemple",
        public_name="Cabinet Exemple",
        phone="01 99 00 00 01",
        language=Language.FR,
        recipient=str(identity.recipient()),
    )
    with path.open("wb") as sink:
        page.write(sink, shown)
    return path


@pytest.mark.parametrize("screen", SCREEN)
def test_no_state_of_the_page_breaks_a_rule(
    visits,
    page_file,
    axe,
    drawn,
    tmp_path,
    screen,
):
    document = io.BytesIO(report_pdf())
    file = sealed(tmp_path, document, ScryptRecipient(drawn))
    to_card = tmp_path / "carte"
    to_card.mkdir()
    to_card = sealed(to_card, io.BytesIO(b"x"), HybridIdentity.generate().recipient())
    with ExitStack() as held:
        sources = [held.enter_context(open_source(path)) for path in several(tmp_path)]
        archive = sealed(
            tmp_path,
            ArchiveSource(sources),
            ScryptRecipient(drawn),
            "document-K7Q2-M9PX-8.zip.age",
        )
    answer = practice_page(tmp_path)
    words = drawn.reveal()

    found = {}

    def look(visit, state):
        visit.page.wait_for_timeout(150)  # a colour on its way is no colour
        result = visit.page.evaluate(RUN)
        assert result["rules"] > 10, "axe had nothing to look at"
        if result["violations"]:
            found[state] = result["violations"]
        wide = visit.page.evaluate("document.documentElement.scrollWidth")
        if wide > SCREEN[screen]["width"]:
            found[f"{state}, width"] = wide
        SCREENS.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            visit.page.screenshot(path=SCREENS / f"{screen}-{state}.png", full_page=True)

    with visits(answer, **SCREEN[screen]) as visit:
        visit.page.evaluate(axe)
        look(visit, "1-start")
        visit.page.set_input_files("#file", file)
        visit.page.click("#words")
        visit.page.keyboard.type(words[:30])
        look(visit, "2-typing")
        visit.page.fill("#words", words.replace(words.split("-")[3], "xxxxxx"))
        visit.page.press("#words", "Enter")
        visit.page.wait_for_selector("[role=alert]:visible")
        look(visit, "3-wrong-word")
        visit.page.fill("#words", words)
        visit.page.press("#words", "Enter")
        visit.page.wait_for_selector("#result:not([hidden])")
        look(visit, "4-opened")
        visit.page.set_input_files("#answer-files", tmp_path / "note.txt")
        visit.page.press("#answer-seal", "Enter")
        visit.page.wait_for_selector("#answer-done:not([hidden])")
        look(visit, "5-answer")
        visit.page.press("#again", "Enter")
        visit.page.set_input_files("#file", to_card)
        visit.page.wait_for_selector("#card-part:not([hidden])")
        visit.page.click("#card-type")
        look(visit, "6-card")
        visit.page.click("#language")
        look(visit, "7-english")
        visit.page.set_input_files("#file", archive)
        visit.page.wait_for_selector("#words-part:not([hidden])")
        visit.page.fill("#words", words)
        visit.page.press("#words", "Enter")
        visit.page.wait_for_selector("#result:not([hidden])")
        look(visit, "8-several")
        assert visit.requests == []
        assert visit.complaints == []
    assert found == {}
