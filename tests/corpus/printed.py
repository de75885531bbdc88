"""Documents printed by Chromium: fonts in subsets, glyphs instead of letters, tags."""

from __future__ import annotations

import shutil
from itertools import cycle
from typing import TYPE_CHECKING

from tests.corpus.general import fitting
from tests.corpus.maker import EVERYTHING, WRONG, Maker
from tests.corpus.sample import Label, Sample
from tests.corpus.writers import text

if TYPE_CHECKING:
    from collections.abc import Iterator


def samples(make: Maker) -> Iterator[Sample]:
    """Yield every template, right and misdirected, as Chromium prints it.

    Raises:
        RuntimeError: there is no Chromium here, or nothing to drive it with.
    """
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("the program chromium is not installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise RuntimeError("playwright is not installed") from error
    wrongs = cycle(WRONG)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        for template in EVERYTHING:
            for label in (Label.RIGHT, Label.MISDIRECTED):
                scene, case, why, rules = fitting(make, template, label, next(wrongs))
                page.set_content(text.html_text(EVERYTHING[template](scene), make.draw))
                yield make.sample(
                    "pdf",
                    page.pdf(format="A4"),
                    what=f"printed, {template}",
                    why=why,
                    label=label,
                    case=case,
                    rules=rules,
                )
        browser.close()
