"""The guides for patients say what the page says, and print on one sheet."""

from __future__ import annotations

import re
import tomllib

import pypdfium2
import pytest

from tests.tools import ROOT

GUIDES = ROOT / "docs" / "guides"
NAMES = ("telephone", "windows", "mac")
TEXTS = tomllib.loads((ROOT / "secshare" / "messages" / "page.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_button_that_a_guide_names_is_on_the_page(name):
    guide = (GUIDES / f"{name}.html").read_text("utf-8")
    named = re.findall(r"<b>([^<]+)</b>", guide)
    assert len(named) >= 2
    assert set(named) <= {text for entry in TEXTS.values() if isinstance(text := entry["fr"], str)}


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_of_a_guide_is_there_and_has_a_text(name):
    guide = (GUIDES / f"{name}.html").read_text("utf-8")
    pictures = re.findall(r'<img src="([^"]+)" alt="([^"]+)">', guide)
    assert len(pictures) >= 3
    for path, _ in pictures:
        assert (GUIDES / path).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_prints_on_one_sheet(name, browser):
    sheet = browser.new_page()
    sheet.goto((GUIDES / f"{name}.html").as_uri())
    printed = sheet.pdf(prefer_css_page_size=True, print_background=True)
    sheet.close()
    for made in (printed, (GUIDES / f"{name}.pdf").read_bytes()):
        with pypdfium2.PdfDocument(made) as document:
            assert len(document) == 1
            text = document[0].get_textpage().get_text_range()
    assert "Besoin d'aide" in text
