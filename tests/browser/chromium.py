"""Chromium without a screen, driven by Playwright; nothing is downloaded."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tests.tools import ROOT, missing, need

PAGE = ROOT / "secshare" / "page" / "open.html"
QUIET = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# What a page makes in memory, and the reader of PDF that is a part of the browser.
OWN = ("blob:", "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/", "chrome://resources/")


@dataclass
class Visit:
    """A person at the page.

    Attributes:
        page: Playwright's page.
        requests: every address asked for, but the page itself and what it made in memory.
        complaints: errors of the console, uncaught faults, breaches of the CSP.
    """

    page: object
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser():
    """One browser for all tests of a worker."""
    program = need("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="session")
def page_file():
    """The page as it was built from the sources of this folder."""
    if not PAGE.exists():
        missing("the page is not built (npm ci, then npm run build, in secshare/page)")
    return PAGE


@pytest.fixture
def visits(browser):
    """Give the function that opens an address in a new, empty profile."""

    @contextmanager
    def visit(address, language="fr-FR", *, width=1280, height=800, fragment="", **context):
        if not isinstance(address, str):
            address = address.resolve().as_uri()
        profile = browser.new_context(
            locale=language,
            viewport={"width": width, "height": height},
            accept_downloads=True,
            **context,
        )
        try:
            made = Visit(profile.new_page())
            _listen(made, address)
            made.page.goto(address + fragment)
            yield made
        finally:
            profile.close()

    return visit


def _listen(visit, address):
    def asked(request):
        if request.url.partition("#")[0] != address and not request.url.startswith(OWN):
            visit.requests.append(request.url)

    def said(message):
        if message.type in {"error", "warning"}:
            visit.complaints.append(message.text)

    visit.page.on("request", asked)
    visit.page.on("console", said)
    visit.page.on("pageerror", lambda fault: visit.complaints.append(str(fault)))
    visit.page.set_default_timeout(60_000)
