"""The page of an incident is read by anybody, on screen and on paper, and asks no network.

It is also kept as a picture, in build/screens, for a person to look at.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

from secshare.messages import Language
from secshare.sharing import incidents
from tests.page.test_accessibility import AXE, RUN, SCREENS
from tests.sharing.incidents import a_desk, told, whole
from tests.tools import missing


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page in both languages, with all that the register can know and all that can be added."""
    folder = tmp_path_factory.mktemp("incident")
    reference, clock = whole(folder)
    with a_desk(folder, clock) as desk:
        for language in Language:
            document = told(desk, reference, language, clock, with_names=True)
            (folder / f"{language}.html").write_text(incidents.html(document), "utf-8")
    return folder


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        missing("axe-core is not installed (npm ci in tests/browser)")
    return AXE.read_text()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (320, 256)])
def test_the_page_breaks_no_rule_of_accessibility(visits, pages, axe, language, width, height):
    # The page's own policy lets no script run: axe is let in past it, by the browser.
    with visits(pages / f"{language}.html", width=width, height=height, bypass_csp=True) as visit:
        visit.page.evaluate(axe)
        result = visit.page.evaluate(RUN)
        assert result["rules"] > 10, "axe had nothing to look at"
        assert result["violations"] == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.page.evaluate("document.documentElement.lang") == language
        assert visit.requests == []
        SCREENS.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):
            visit.page.screenshot(path=SCREENS / f"incident-{language}-{width}.png", full_page=True)


def test_printed_each_question_has_room_for_an_answer(visits, pages):
    with visits(pages / "fr.html") as visit:
        visit.page.emulate_media(media="print")
        heights = visit.page.evaluate(
            "[...document.querySelectorAll('.ask .room')].map((room) => room.offsetHeight)"
        )
        assert len(heights) > 10
        assert min(heights) > 40
        assert visit.complaints == []


def test_no_script_would_run_in_the_page(visits, pages, tmp_path):
    page = (pages / "fr.html").read_text("utf-8")
    assert page.count("</main>") == 1
    altered = tmp_path / "altered.html"
    run = '<script>document.title = "run"</script><img src="//x.example/p.png">'
    altered.write_text(page.replace("</main>", f"{run}</main>"), "utf-8")
    with visits(altered) as visit:
        assert visit.page.title() != "run"
        assert len(visit.complaints) == 2, "the script and the picture"
