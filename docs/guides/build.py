"""Make the pictures of the guides from the real page, and the guides as PDF to print.

    python docs/guides/build.py

It takes Chromium (or CHROMIUM=PATH), Playwright, and the built page. The words and the practice in
the pictures are invented.
"""

from __future__ import annotations

import html
import io
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from secshare import page, roads
from secshare.age import HybridIdentity, ScryptRecipient, encrypt
from secshare.cli.demo_documents import report_pdf
from secshare.messages import Language
from secshare.model import Reference, Road

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
GUIDES = ("telephone", "windows", "mac")
WORDS = "saturer-museum-reflexe-flocon-ovation-escalier-bobine-inspirer-bilingue-neurone"
REFERENCE = Reference("K7Q2-M9PX-8")
NAME = f"document-{REFERENCE}.pdf.age"
ADDRESS = "https://cabinet.example.org/ouvrir.html"
SCREENS = {
    "phone": {"width": 360, "height": 640, "scale": 2},
    "desk": {"width": 760, "height": 560, "scale": 1.5},
}


def main() -> None:
    """Write the pictures, then the guides."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None or not page.available():
        sys.exit("It takes Chromium, and the page built: npm run build in secshare/page.")
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for screen in SCREENS:
            take_pictures(browser, screen)
        for guide in GUIDES:
            (HERE / f"{guide}.pdf").write_bytes(printed(browser, guide))
        browser.close()


def take_pictures(browser: Browser, screen: str) -> None:
    """Walk through the page as a patient does, and keep what is seen at each step."""
    size = SCREENS[screen]
    profile = browser.new_context(
        locale="fr-FR",
        viewport={"width": int(size["width"]), "height": int(size["height"])},
        device_scale_factor=size["scale"],
        has_touch=screen == "phone",
        is_mobile=screen == "phone",
    )
    seen = profile.new_page()
    seen.set_content(message())
    keep(seen, f"{screen}-mail", "body")
    seen.set_content(filled())
    keep(seen, f"{screen}-file", "#heading")
    seen.set_input_files(
        "#file", {"name": NAME, "mimeType": "application/octet-stream", "buffer": sealed()}
    )
    seen.click("#words")
    seen.keyboard.type(WORDS.rpartition("-")[0] + "-neur")
    keep(seen, f"{screen}-words", "#secret-step")
    seen.fill("#words", WORDS)
    seen.press("#words", "Enter")
    seen.wait_for_selector("#result:not([hidden])")
    seen.wait_for_timeout(2500)  # the browser's reader draws the document
    keep(seen, f"{screen}-opened", "#result")
    profile.close()


def keep(seen: Page, name: str, top: str) -> None:
    """Keep the screen, with one element at its top."""
    seen.evaluate("(top) => document.querySelector(top).scrollIntoView()", top)
    seen.wait_for_timeout(200)
    seen.screenshot(path=PICTURES / f"{name}.png")


def printed(browser: Browser, guide: str) -> bytes:
    """Return a guide as PDF, as a browser prints it."""
    sheet = browser.new_page()
    sheet.goto((HERE / f"{guide}.html").as_uri())
    made = sheet.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    sheet.close()
    return made


def message() -> str:
    """Return the practice's message, as a mail program shows one."""
    subject, body = roads.mail.texts(
        public_name="Cabinet Exemple",
        phone="+33199000001",
        reference=REFERENCE,
        road=Road.SMS,
        name=NAME,
        language=Language.FR,
        page=ADDRESS,
    )
    shown = html.escape(body).replace(ADDRESS, f'<a href="{ADDRESS}">{ADDRESS}</a>')
    return f"""<!doctype html><html lang="fr"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width"><style>
        body {{ margin: 16px; font: 16px/1.45 "DejaVu Sans", sans-serif; color: #14252b; }}
        h1 {{ font-size: 20px; }} div {{ white-space: pre-wrap; overflow-wrap: anywhere; }}
        p {{ border: 2px solid #0b5b63; border-radius: 8px; padding: 10px; font-weight: bold; }}
        </style><h1>{html.escape(subject)}</h1>
        <p>Fichier joint : {NAME}</p><div>{shown}</div></html>"""


def filled() -> str:
    """Return the page of an invented practice."""
    sink = io.BytesIO()
    practice = page.PracticeOnPage(
        name="Cabinet médical Exemple",
        public_name="Cabinet Exemple",
        phone="01 99 00 00 01",
        language=Language.FR,
        recipient=str(HybridIdentity.generate().recipient()),
    )
    page.write(sink, practice)
    return sink.getvalue().decode()


def sealed() -> bytes:
    """Return an invented report, sealed to the invented words."""
    sink = io.BytesIO()
    encrypt(io.BytesIO(report_pdf()), sink, [ScryptRecipient(WORDS)])
    return sink.getvalue()


if __name__ == "__main__":
    main()
